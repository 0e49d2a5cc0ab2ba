"""What a comparison leaves out is said: names that mean nobody, rows that cannot be read, figures published since; nothing is cut."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pytest
import typer
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from steelyard.calc.errors import Refused
from steelyard.cli import comparisons as commands
from steelyard.comparisons import actions, queries, words
from steelyard.comparisons.subjects import NOT_KNOWN
from steelyard.ledger.scope import Scope
from steelyard.partners.scopes import scope_of
from steelyard.scorecards import actions as scorecards
from tests import company as told
from tests import region

HOW = "totals: {columns: {subject: Partner, net_sales: Net sales}}"
STRANGER = "Westhandel GmbH"


def sheet(*more: str) -> bytes:
    """A file in which the one partner is right, and more lines."""
    right = sum(line.value for line in region.lines_of(1) if line.partner == "ALP")
    return "\n".join(["Partner,Net sales", f"ALP,{right}", *more, ""]).encode()


def compared(company, data: bytes, who: str = "anna"):
    person = getattr(company.people, who)
    run = company.runs[told.NEWEST]
    return actions.compare(data=data, name="west.csv", mapping=HOW, run=run, acting_user=person, scope=scope_of(person))


def read(made, person):
    return queries.seen(made.pk, scope_of(person), person.username).summary


def command(company, folder, data: bytes):
    """`steelyard compare` in its own words."""
    app = typer.Typer()
    commands.register(app)
    (folder / "west.csv").write_bytes(data)
    (folder / "west.yaml").write_text(HOW, encoding="utf-8")
    asked = [str(folder / "west.csv"), "--mapping", str(folder / "west.yaml"), "--framework", company.framework, "--period", told.NEWEST]
    return CliRunner().invoke(app, [*asked, "--as", "anna"])


def cells(answer) -> list[str]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]


# -- all of it, or less


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ((), 0, "1 partner, and it is equal."),
        ((f"{STRANGER},12.00",), 1, "1 partner was compared and is equal. Not compared: 1 name."),
        (("BOR,twelve",), 1, "1 partner was compared and is equal. Not compared: 1 unreadable row."),
    ],
)
def test_equal_is_only_what_was_compared_to_the_last_row(company, as_, tmp_path, more, code, said):
    outcome = command(company, tmp_path, sheet(*more))
    assert (outcome.exit_code, said in outcome.output) == (code, True), outcome.output
    made = compared(company, sheet(*more))
    assert words.headline(read(made, company.people.anna), "Net sales", "money") == said
    page = as_("anna").get("/comparisons").content.decode()
    assert ("1 of 1 equal, not all compared" in page) is bool(code)


def test_rows_left_out_are_counted_on_the_page_in_the_file_and_on_the_command_line(company, as_, tmp_path):
    data = sheet(",", "Total,99.00", ",")
    said = "Left out of the workbook: 1 row (a total, or by the mapping), 2 blank rows."
    made = compared(company, data)
    assert said in as_("anna").get(f"/comparisons/{made.pk}").content.decode()
    assert said in cells(as_("anna").get(f"/comparisons/{made.pk}/file"))
    outcome = command(company, tmp_path, data)
    assert outcome.exit_code == 0 and said in outcome.output
    counts = as_("anna").get(f"/api/comparisons/{made.pk}").json()
    assert (counts["dropped_rows"], counts["blank_rows"], counts["unread_rows"]) == (1, 2, 0)


# -- whose file it is


def test_its_maker_reads_the_names_of_the_own_file_and_nobody_else_in_scope(company, as_):
    made = compared(company, sheet(f"{STRANGER},12.00", "BOR,7.00", "FJO,seven"), who="carla")
    page = as_("carla").get(f"/comparisons/{made.pk}").content.decode()
    assert STRANGER in page and "Not compared: 2 names, 1 unreadable row." in page
    assert {why for _name, why, _rows in read(made, company.people.carla)["unknown"]} == {NOT_KNOWN}
    other = queries.seen(made.pk, scope_of(company.people.carla), "somebody").summary
    assert (other["unknown"], other["problems"], other["read"], words.not_compared(other)) == ([], [], [], "")


def test_what_its_maker_no_longer_sees_is_not_told_by_an_earlier_file(company):
    made = compared(company, sheet(f"{STRANGER},12.00"), who="carla")
    fewer = Scope(partners=frozenset({"ALP"}))
    assert queries.seen(made.pk, fewer, "carla").summary["unknown"] == []
    whole = compared(company, sheet(f"{STRANGER},12.00"))
    assert queries.seen(whole.pk, scope_of(company.people.carla), "anna").summary["unknown"] == []


# -- published since


@pytest.fixture
def corrected(company) -> SimpleNamespace:
    """A share, then an order that came late, and the quarter published anew."""
    anna = company.people.anna
    made = compared(company, sheet())
    share = actions.share(comparison=made.pk, subject="ALP", acting_user=anna, scope=scope_of(anna))
    line = f"LATE-1,1,{told.first_days()[1]},ALP,REA-1,1,50,50,EUR,sale,"
    told.commit(anna, "orders", "late.csv", [told.ORDER_HEADER, line])
    run = scorecards.run(framework=company.framework, period=told.NEWEST, acting_user=anna)
    scorecards.publish(framework=company.framework, period=told.NEWEST, acting_user=company.people.ben)
    return SimpleNamespace(made=made, share=share, before=made.run.cut, now=run.cut)


def test_a_share_says_that_its_result_was_published_anew(as_, corrected):
    partner, staff = as_("alan"), as_("anna")
    page = partner.get(f"/portal/comparisons/{corrected.share.pk}").content.decode()
    assert "was published anew" in page
    assert f"as of cut {corrected.now} of the data" in page and f"as of cut {corrected.before}." in page
    assert "published anew since" in partner.get("/portal/comparisons").content.decode()
    about = cells(partner.get(f"/portal/comparisons/{corrected.share.pk}/file"))
    assert any(f"cut {corrected.now}" in cell and "not what this file compares with" in cell for cell in about)
    part = staff.get(f"/comparisons/{corrected.made.pk}/parts/ALP").content.decode()
    assert f"The result was published anew since: cut {corrected.now}" in part
    assert f"published anew since, cut {corrected.now}" in staff.get(f"/comparisons/{corrected.made.pk}").content.decode()
    own = partner.get("/api/portal/comparisons").json()["items"][0]
    assert (own["share"], own["cut"], own["published_since"]) == (corrected.share.pk, corrected.before, corrected.now)


def test_a_share_of_what_is_public_says_nothing_of_the_kind(company, as_):
    anna = company.people.anna
    made = compared(company, sheet())
    share = actions.share(comparison=made.pk, subject="ALP", acting_user=anna, scope=scope_of(anna))
    assert "published anew" not in as_("alan").get(f"/portal/comparisons/{share.pk}").content.decode()
    assert as_("anna").get(f"/api/comparisons/shares/{share.pk}").json()["published_since"] is None


# -- what is asked and written


def post(client, address, body):
    return client.post(address, json.dumps(body), "application/json")


def ask(client, company, **more):
    file = io.BytesIO(sheet())
    file.name = "west.csv"
    return client.post("/api/comparisons", {"framework": company.framework, "period": told.NEWEST, "mapping": HOW, "file": file, **more})


def test_a_run_of_another_period_than_asked_for_is_refused(company, as_):
    answer = ask(as_("anna"), company, run=company.runs[told.PERIODS[0]].run_id)
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["code"], problem["where"], problem["found"]) == ("another-period", "run", f"{company.framework} {told.PERIODS[0]}")
    assert problem["hint"]
    assert ask(as_("anna"), company, run=company.runs[told.NEWEST].run_id).status_code == 201


def test_a_note_or_reason_that_is_too_long_is_refused_and_not_cut(company, as_):
    anna, long = company.people.anna, "x" * (actions.LONGEST + 1)
    made = compared(company, sheet())
    page = as_("anna").post(f"/comparisons/{made.pk}/parts/ALP/share", {"note": long})
    assert page.status_code == 422 and "at most 500 characters" in page.content.decode() and long in page.content.decode()
    answer = post(as_("anna"), f"/api/comparisons/{made.pk}/parts/ALP/share", {"note": long})
    assert answer.status_code == 422 and "500 characters" in answer.content.decode()
    as_("anna").post(f"/comparisons/{made.pk}/retire", {"reason": long})
    assert queries.retirement(made) is None
    assert not queries.shares(scope_of(anna), of=made).exists()
    with pytest.raises(Refused, match="at most 500 characters"):
        actions.retire(comparison=made.pk, reason=long, acting_user=anna, scope=scope_of(anna))
