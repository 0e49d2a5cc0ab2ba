"""A region's workbook through the pages: understood, compared, explained to the line, shared with one partner and taken back."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from python_calamine import CalamineWorkbook

from steelyard.audit.queries import entries
from steelyard.calc.errors import Refused
from steelyard.comparisons import actions, queries
from steelyard.comparisons.models import Comparison, Part, Share
from steelyard.jobs.actions import work_off
from steelyard.partners.scopes import scope_of
from tests import company as told
from tests import region
from tests.company import CANARY


@pytest.fixture
def run(company):
    return company.runs[told.NEWEST]


def compared(company, run, data, mapping=region.MAPPING, who="anna", name="west.xlsx") -> Comparison:
    person = getattr(company.people, who)
    return actions.compare(data=data, name=name, mapping=mapping, run=run, acting_user=person, scope=scope_of(person))


@pytest.fixture
def planted(company, run) -> Comparison:
    return compared(company, run, region.workbook(*region.with_errors()))


def upload(client, data, run, name="west.xlsx", **more):
    sent = io.BytesIO(data)
    sent.name = name
    return client.post("/comparisons/new", {"step": "look", "file": sent, "run": run.run_id, "mapping": "", **more}, follow=True)


def press(client, page, step, **more):
    """Send the form of columns as the page shows it."""
    form = page.context["form"]
    values = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    return client.post("/comparisons/new", {**values, **page.context["file"], "step": step, **more}, follow=True)


def test_a_faithful_workbook_is_equal(company, run):
    made = compared(company, run, region.workbook(*region.faithful()))
    assert (made.summary["subjects"], made.summary["equal"], made.summary["reasons"]) == (9, 9, [])


def test_ten_errors_are_named_and_nothing_else(company, planted):
    assert dict(Counter(one["cause"] for one in planted.summary["reasons"])) == dict.fromkeys(region.ERRORS, 1)
    assert {one["sure"] for one in planted.summary["reasons"]} == {"certain"}
    assert planted.summary["unexplained"] == 0
    figures = [figure for part in planted.parts.all() for figure in part.told["figures"]]
    assert all(figure["difference"] == sum(step["amount"] for step in figure["steps"]) for figure in figures)
    assert {step["sure"] for figure in figures for step in figure["steps"]} == {"certain"}
    hidden = next(one for one in planted.summary["reasons"] if one["cause"] == "hidden")
    assert (hidden["key"], hidden["subjects"]) == ("PROFORMA-1", ["GEI"])


def test_the_same_workbook_again_is_the_same_comparison(company, run, planted):
    assert compared(company, run, region.workbook(*region.with_errors())).pk == planted.pk
    actions.retire(comparison=planted.pk, acting_user=company.people.anna, scope=scope_of(company.people.anna), reason="wrong quarter")
    assert compared(company, run, region.workbook(*region.with_errors())).pk != planted.pk


def test_totals_alone_name_one_order_that_fits_and_call_it_likely(company, run):
    lines, targets = region.faithful()
    own = [line for line in lines if line.partner == "INN"]
    doubled = sum(line.value for line in own if line.document == "INN-11")
    sums = {"INN": float(sum(line.value for line in own) + doubled), "HAL": 1234.56}
    how = "totals: {sheet: Summary, header: 3, columns: {subject: Partner, net_sales: Net sales EUR}}"
    made = compared(company, run, region.workbook(lines, targets, summary=sums, sheets=False), how)
    told = {part.subject: part.told["figures"][0]["steps"] for part in made.parts.filter(equal=False)}
    assert [(step["cause"], step["key"], step["sure"]) for step in told["INN"]] == [("twice", "INN-11", "likely")]
    assert [(step["cause"], step["sure"]) for step in told["HAL"]] == [("unexplained", "open")]
    assert made.summary["unexplained"] == abs(told["HAL"][0]["amount"]) > 0


def test_lines_alone_are_a_workbook_too(company, run):
    how = region.MAPPING.replace(
        "totals: {sheet: Summary, header: 3, columns: {subject: Partner, net_sales: Net sales EUR, attainment: Attainment}}", ""
    )
    made = compared(company, run, region.workbook(*region.with_errors()), how)
    assert Counter(one["cause"] for one in made.summary["reasons"]) == Counter(region.ERRORS)
    assert {figure["item"] for part in made.parts.all() for figure in part.told["figures"]} == {"net_sales"}


def test_a_workbook_of_strangers_is_refused_with_what_to_do(company, run):
    how = region.MAPPING.replace("subject: Partner, net_sales", "subject: Net sales EUR, net_sales")
    with pytest.raises(Refused) as refused:
        compared(company, run, region.workbook(*region.faithful()), how)
    assert refused.value.problems[0].code == "nothing-to-compare"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("totals: {sheet: Nowhere, columns: {subject: Partner}}", "no_such_sheet"),
        ("totals: {sheet: Summary, header: 3, columns: {subject: Partner, profit: X}}", "unknown_column"),
        ("lines: {sheet: Lines, measure: nothing, columns: {subject: Partner}}", "unknown-measure"),
        ("surprise: 1", "unknown_key"),
        ("- a list", "not_a_mapping"),
        ("period: {from: 2025-13-01, until: 2025-01-01}\ntotals: {columns: {subject: Partner}}", "bad_date"),
    ],
)
def test_a_mapping_is_refused_with_its_place(company, run, text, code):
    with pytest.raises(Refused) as refused:
        compared(company, run, region.workbook(*region.faithful()), text)
    assert code in {problem.code for problem in refused.value.problems}


def test_from_the_upload_to_the_lines_without_writing_a_mapping(as_, company, run):
    client = as_("anna")
    page = upload(client, region.workbook(*region.with_errors()), run)
    assert page.status_code == 200
    assert [part["title"] for part in page.context["found"]] == ["Published figures", "Lines they counted", "Targets"]
    assert page.context["form"]["totals__net_sales"].value() == "Net sales EUR"
    assert page.context["form"]["lines__value"].value() == "EUR"
    done = press(client, page, "compare")
    assert done.redirect_chain, [str(one) for one in done.context["problems"]]
    assert "differ by" in done.content.decode()
    made = Comparison.objects.get(name="west.xlsx")
    assert Counter(one["cause"] for one in made.summary["reasons"]) == Counter(region.ERRORS)
    part = client.get(f"/comparisons/{made.pk}/parts/ALP").content.decode()
    assert "ALP-11 / 1" in part and "Counted twice" in part
    listed = client.get("/comparisons").content.decode()
    assert "west.xlsx" in listed and "of 9 equal" in listed


def test_looking_again_takes_another_sheet(as_, run):
    client = as_("anna")
    page = upload(client, region.workbook(*region.faithful()), run)
    again = press(client, page, "again", totals_sheet="=Targets", totals_header="1")
    assert again.status_code == 200
    text = press(client, page, "text", mapping="nonsense: [")
    assert text.status_code == 422 and "nonsense" in text.content.decode()


def test_a_file_that_is_no_workbook_is_refused_beside_the_field(as_, run):
    page = upload(as_("anna"), b"%PDF-1.4 no table", run, name="west.pdf")
    assert page.status_code == 422
    assert page.context["form"].errors["file"]


def test_a_large_workbook_is_compared_by_the_worker(as_, company, run, monkeypatch):
    monkeypatch.setattr("steelyard.intake.limits.SHEET_AT_ONCE", 10)
    client = as_("anna")
    page = upload(client, region.workbook(*region.faithful()), run)
    press(client, page, "compare")
    assert not Comparison.objects.filter(name="west.xlsx").exists()
    work_off()
    made = Comparison.objects.get(name="west.xlsx")
    job = entries(action="comparison ordered").first().after["job"]
    assert client.get(f"/comparisons/ordered?job={job}").url == f"/comparisons/{made.pk}"
    client.post(f"/comparisons/{made.pk}/retire", {"reason": "wrong quarter"})
    press(client, page, "compare")
    work_off()
    assert Comparison.objects.filter(name="west.xlsx").count() == 2


def test_the_file_has_a_sheet_for_each_cause_and_no_formulas(as_, planted):
    answer = as_("anna").get(f"/comparisons/{planted.pk}/file")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names[:3] == ["Summary", "Figures", "Steps"]
    assert {"Counted twice", "Hidden row", "Another rate", "Return left out"} <= set(book.sheet_names)
    head, *rows = book.get_sheet_by_name("Counted twice").to_python()
    assert [row[head.index("Row in the workbook")] for row in rows] and sum(row[head.index("From theirs to ours")] for row in rows) < 0
    assert entries(action="exported").filter(subject__contains="comparison").exists()


# -- whose it is


def test_a_manager_compares_and_sees_own_partners_only(as_, company, run):
    lines, targets = region.with_errors()
    made = compared(company, run, region.workbook(lines, targets), who="carla")
    own = scope_of(company.people.carla).partners
    assert {part.subject for part in made.parts.all()} <= own
    assert {text for text, _why, _rows in made.summary["unknown"]} >= {"FJO", "Fjord Diagnostics"}
    assert {why for _text, why, _rows in made.summary["unknown"]} == {"not known here"}
    page = as_("carla").get(f"/comparisons/{made.pk}").content.decode()
    assert "Alpine Diagnostics" in page and not CANARY.search(page)
    assert as_("rosa").get(f"/comparisons/{made.pk}").status_code == 404


def test_who_sees_some_partners_reads_nothing_of_the_others(as_, company, planted):
    page = as_("carla").get(f"/comparisons/{planted.pk}").content.decode()
    for code in ("FJO", "GEI", "HAL", "JUT"):
        assert region.NAMES[code] not in page
        assert as_("carla").get(f"/comparisons/{planted.pk}/parts/{code}").status_code == 404
    part = as_("carla").get(f"/comparisons/{planted.pk}/parts/ENG").content.decode()
    assert "Another partner" in part and region.NAMES["JUT"] not in part
    data = as_("carla").get(f"/comparisons/{planted.pk}/file").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    cells = [cell for sheet in book.sheet_names for row in book.get_sheet_by_name(sheet).to_python() for cell in row]
    assert not {"JUT", region.NAMES["JUT"], "FJO"} & set(map(str, cells))


def test_shared_with_its_partner_and_nobody_else_until_taken_back(as_, company, planted):
    anna, alan = as_("anna"), as_("alan")
    assert "west.xlsx" not in alan.get("/portal/comparisons").content.decode()
    anna.post(f"/comparisons/{planted.pk}/parts/ALP/share", {"note": "as we said on the phone"})
    share = Share.objects.get(part__comparison=planted)
    page = alan.get(f"/portal/comparisons/{share.pk}")
    assert page.status_code == 200 and "as we said on the phone" in page.content.decode()
    assert "ALP-11 / 1" in page.content.decode()
    assert alan.get(f"/portal/comparisons/{share.pk}/file").status_code == 200
    assert "as we said" in alan.get("/portal/").content.decode()
    assert as_("boris").get(f"/portal/comparisons/{share.pk}").status_code == 404
    anna.post(f"/comparisons/shares/{share.pk}/revoke")
    assert alan.get(f"/portal/comparisons/{share.pk}").status_code == 404
    assert [entry.action for entry in entries().filter(subject=f"comparison:{planted.pk}").order_by("pk")] == [
        "comparison made", "comparison shared", "comparison share revoked",
    ]  # fmt: skip


def test_retired_ends_what_was_shared(as_, company, planted):
    anna = as_("anna")
    anna.post(f"/comparisons/{planted.pk}/parts/ALP/share")
    anna.post(f"/comparisons/{planted.pk}/retire", {"reason": "another workbook came"})
    assert as_("alan").get(f"/portal/comparisons/{Share.objects.get(part__comparison=planted).pk}").status_code == 404
    assert "west.xlsx" not in anna.get("/comparisons").content.decode()


def test_what_was_retired_is_not_shared(company, planted):
    anna = {"acting_user": company.people.anna, "scope": scope_of(company.people.anna)}
    actions.retire(comparison=planted.pk, **anna)
    with pytest.raises(Refused) as refused:
        actions.share(comparison=planted.pk, subject="ALP", **anna)
    assert refused.value.problems[0].code == "comparison-retired"
    assert not Share.objects.filter(part__comparison=planted).exists()


def test_what_is_not_public_is_not_shared(company):
    made = compared(company, company.runs["2025-Q4"], region.workbook(*region.faithful()))
    with pytest.raises(Refused) as refused:
        actions.share(comparison=made.pk, subject="ALP", acting_user=company.people.anna, scope=scope_of(company.people.anna))
    assert refused.value.problems[0].code == "not-published"


def test_what_is_out_of_sight_cannot_be_retired(as_, company, planted):
    other = Comparison.objects.get(name="zwirbel-region.csv")
    answer = as_("carla").post(f"/comparisons/{other.pk}/retire", {"reason": "a guess"})
    assert answer.status_code == 404
    assert queries.retirement(other) is None


def test_only_its_maker_or_who_sees_all_retires_it(company, planted):
    with pytest.raises(Refused) as refused:
        actions.retire(comparison=planted.pk, acting_user=company.people.carla, scope=scope_of(company.people.carla))
    assert refused.value.problems[0].code == "not-yours"
    assert queries.comparison(planted.pk, scope_of(company.people.anna)).pk == planted.pk


def test_a_code_with_a_slash_has_an_address(as_, planted):
    same = planted.parts.get(subject="ALP")
    Part.objects.create(comparison=planted, subject="AL/1", partner="AL/1", name="Alpine One", equal=False, told=same.told)
    anna, address = as_("anna"), f"/comparisons/{planted.pk}/parts/AL/1"
    assert f'href="{address}"' in anna.get(f"/comparisons/{planted.pk}").content.decode()
    assert "Alpine One" in anna.get(address).content.decode()
    assert anna.get(f"/api{address}").json()["subject"] == "AL/1"
    assert anna.post(f"{address}/share").url == f"{address}#share"
    share = Share.objects.get(part__comparison=planted)
    assert (share.partner, anna.post(f"/api{address}/share", "{}", "application/json").json()["share"]) == ("AL/1", share.pk)
