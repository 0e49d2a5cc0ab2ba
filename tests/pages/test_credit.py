"""How revenue moves under another credit rule: sums agree, every difference opens to its lines, nobody sees others' orders."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steelyard.attribution import actions
from steelyard.attribution.credit import days, moves, pieces, rules
from steelyard.attribution.credit.moves import Days
from steelyard.calc.errors import Conflict
from steelyard.intake import actions as intake
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners.actions import load
from steelyard.partners.scopes import scope_of

QUARTER = Days("2025-Q4", date(2025, 10, 1), date(2026, 1, 1))
OURS = "credit: ours\ntitle: Ours\nmethod: linear\npersons: organisations\n"


@pytest.fixture
def referred(company, django_db_blocker):
    """Dr. Roth works at the clinic and at Inntal Systems, which orders; so she influences its orders."""
    people = pl.DataFrame({"person": ["ROTH", "ROTH"], "organisation": ["CAS", "INN"], "role": ["surgeon", "advisor"]})
    load("affiliations", people, acting_user=company.people.anna)
    return company


def moved(rule, scope=EVERYTHING):
    """What each partner sold in euros: now, under the rule, the difference."""
    now, _ = rules.in_force()
    found = moves.moves(now, rules.rule_named(rule), QUARTER, scope=scope).filter(pl.col("currency") == "EUR")
    return {row["partner"]: row for row in found.iter_rows(named=True)}


def test_half_of_an_influenced_order_goes_to_the_doctor_and_the_sums_agree(referred):
    found = moved("linear")
    inntal, roth = found["INN"], found["ROTH"]
    assert inntal["now"] > 0 and inntal["difference"] == -roth["difference"] and 2 * roth["other"] == inntal["now"]
    assert sum(row["now"] for row in found.values()) == sum(row["other"] for row in found.values())
    assert {code for code, row in found.items() if row["difference"]} == {"INN", "ROTH"}


def test_organisations_get_what_their_doctor_earns_and_the_doctor_nothing(referred, as_):
    as_("anna").post("/credit/rules", {"step": "add", "text": OURS})
    found = moved("ours")
    assert "ROTH" not in found and 4 * found["CAS"]["difference"] == found["INN"]["now"]


def test_the_page_says_who_moves_and_every_difference_is_the_sum_of_its_lines(referred, as_):
    anna = as_("anna")
    page = anna.get("/credit", {"rule": "linear", "period": "2025-Q4"})
    text = page.content.decode()
    assert "2 of 12 partners move under “Linear”." in re.sub(r"\s+", " ", text) and "the framework language has no credit rule" in text
    for code in ("INN", "ROTH"):
        lines = anna.get("/credit/lines", {"partner": code, "rule": "linear", "period": "2025-Q4", "currency": "EUR", "format": "csv"})
        rows = list(csv.DictReader(io.StringIO(lines.content.decode("utf-8-sig"))))
        assert sum(float(row["Difference"]) for row in rows) == moved("linear")[code]["difference"] / 10_000
        assert all(row["Why"] for row in rows)
    why = anna.get("/credit/lines", {"partner": "ROTH", "rule": "linear", "period": "2025-Q4"}).content.decode()
    assert "belonged to the ordering organisation on" in why
    line = re.search(r'href="(/credit/lines/\d+)"', why)[1]
    told = anna.get(line).content.decode()
    assert "Dr. Roth" in told and "Inntal Systems" in told and "0.5" in told


def test_a_period_is_looked_at_in_pieces_that_add_up(referred, monkeypatch):
    every = next(one for one in days.choices() if one.label == "all")
    now = rules.in_force()[0]
    others = [rules.rule_named(code) for code in ("linear", "position", "roles")]
    asked = [(EVERYTHING, other) for other in others]

    def told():
        moves._kept.clear()
        sums = [moves.moves(now, other, every, scope=scope).rows() for scope, other in asked]
        return sums, [moves.lines(code, now, others[0], every, scope=EVERYTHING).rows() for code in ("ROTH", "INN", "")]

    whole = told()
    wanted = ["row_id", "source", "document", "date", "kind"]
    lines = list(pieces.pieces(wanted, every.start, every.end, follow=True))
    assert len(lines) == 1 and lines[0].height > 100
    monkeypatch.setattr(pieces, "AT_ONCE", 20)
    apart = list(pieces.pieces(wanted, every.start, every.end, follow=True))
    assert max(frame.height for frame in apart) < 60 and pl.concat(apart).sort("row_id").equals(lines[0].sort("row_id"))
    assert sum(frame["document"].n_unique() for frame in apart) == lines[0]["document"].n_unique()
    assert told() == whole
    moves._kept.clear()


def test_a_return_finds_the_sale_of_an_earlier_period_among_the_pieces(referred, monkeypatch):
    sale = ledger.facts("orders", scope=EVERYTHING, columns=["source", "document", "party", "date", "kind"]).filter(
        (pl.col("date") < QUARTER.start) & (pl.col("kind") == "sale")
    ).collect().row(0, named=True)  # fmt: skip
    text = "document,line,date,party,amount,currency,kind\n" + f"{sale['document']},R1,2025-10-05,{sale['party']},-5,EUR,return\n"
    done = intake.commit(text.encode(), name="r.csv", kind="orders", source=sale["source"], acting_user=referred.people.anna)
    assert done.accepted == 1

    def found():
        frame = pl.concat(pieces.pieces(["row_id", "source", "document", "date", "kind"], QUARTER.start, QUARTER.end, follow=True))
        return frame.filter(pl.col("date") < QUARTER.start).sort("row_id")

    whole = found()
    assert set(whole["document"]) >= {sale["document"]}
    monkeypatch.setattr(pieces, "AT_ONCE", 20)
    assert found().equals(whole)


def test_of_two_who_choose_at_once_the_second_sees_the_first(company, as_):
    anna = as_("anna")
    seen = re.search(r'name="instead_of" value="([^"]+)"', anna.get("/credit/rules").content.decode())[1]
    actions.choose_credit_rule(code="first", acting_user=company.people.anna, reason="the other was quicker", instead_of=seen)
    late = anna.post("/credit/rules", {"step": "choose", "code": "last", "reason": "mine", "instead_of": seen})
    assert late.status_code == 409 and "meanwhile" in late.content.decode() and rules.in_force()[0].code == "first"
    with pytest.raises(Conflict), CaptureQueriesContext(connection) as asked:
        actions.choose_credit_rule(code="last", acting_user=company.people.anna, reason="mine", instead_of=seen)
    tables = [query["sql"] for query in asked.captured_queries]
    locked = next(at for at, sql in enumerate(tables) if "ledger_head" in sql)
    assert locked < next(at for at, sql in enumerate(tables) if "attribution_creditchoice" in sql)
    again = anna.get("/credit/rules").content.decode()
    assert 'name="instead_of" value="first"' in again


def test_a_rule_is_kept_in_versions_chosen_with_a_reason_and_changes_no_score(company, as_):
    anna = as_("anna")
    card = anna.get("/api/scorecards/channel/2025-Q3/ALP")
    assert card.status_code == 200
    assert anna.post("/credit/rules", {"step": "add", "text": "credit: ours\nmethod: best\n"}).status_code == 422
    assert anna.post("/credit/rules", {"step": "check", "text": OURS}).context["checked"].startswith("Every touch has an equal share.")
    anna.post("/credit/rules", {"step": "add", "text": OURS, "reason": "as agreed"})
    anna.post("/credit/rules", {"step": "add", "text": OURS.replace("linear", "first")})
    assert [one.version for one in rules.versions("ours")] == [2, 1]
    assert anna.post("/credit/rules", {"step": "choose", "code": "ours", "reason": ""}).status_code == 422
    anna.post("/credit/rules", {"step": "choose", "code": "ours", "reason": "from May on"})
    page = anna.get("/credit/rules").content.decode()
    assert rules.in_force()[0].label == "ours v2" and "from May on" in page
    assert anna.get("/api/scorecards/channel/2025-Q3/ALP").json() == card.json()
    assert as_("carla").post("/credit/rules", {"step": "choose", "code": "first", "reason": "mine"}).status_code == 403


def test_a_manager_sees_the_shares_of_their_partners_and_no_order_of_others(referred, as_):
    scope = scope_of(referred.people.carla)
    assert "ROTH" in scope.partners and "FJO" not in scope.partners
    assert set(moved("linear", scope)) <= scope.partners
    load("affiliations", pl.DataFrame({"person": ["ROTH"], "organisation": ["BOR"], "role": ["advisor"]}), acting_user=referred.people.anna)
    rows = moves.lines("ROTH", rules.in_force()[0], rules.rule_named("linear"), QUARTER, scope=scope)
    hidden = rows.filter(~pl.col("seen"))
    assert (
        hidden.height
        and hidden.select("document", "line", "product", "amount", "ordered_by", "ordered_name").null_count().row(0) == (hidden.height,) * 6
    )
    carla = as_("carla")
    page = carla.get("/credit/lines", {"partner": "ROTH", "rule": "linear", "period": "2025-Q4"}).content.decode()
    assert "an order you do not see" in page and "Borealis" not in page
    assert carla.get(f"/credit/lines/{hidden['row_id'][0]}").status_code == 404
    assert (
        carla.get("/credit/lines", {"partner": "FJO"}).status_code == 404
        and carla.get("/credit/lines", {"partner": "X"}).status_code == 404
    )


def test_rest_and_pages_tell_the_same(referred, as_):
    anna = as_("anna")
    listed = anna.get("/api/credit/moves/linear", {"period": "2025-Q4"}).json()["items"]
    found = moved("linear")
    assert {one["partner"]: one["difference"] for one in listed if one["currency"] == "EUR" and float(one["difference"])} == {
        code: f"{found[code]['difference'] / 10_000:.2f}" for code in ("INN", "ROTH")
    }
    lines = anna.get("/api/credit/moves/linear/lines", {"partner": "ROTH", "period": "2025-Q4"}).json()["items"]
    assert lines and all(one["share_other"] == "0.5" and one["share_now"] == "0" for one in lines)
    shares = anna.get(f"/api/credit/lines/{lines[0]['row']}").json()
    assert {one["partner"] for one in shares if one["rule"] == "linear"} == {"INN", "ROTH"}
    sent = {"content_type": "application/json"}
    assert anna.post("/api/credit/rules", {"text": OURS}, **sent).json() == {"rule": "ours", "version": 1, "fresh": True}
    assert anna.post("/api/credit/in-force", {"rule": "ours", "reason": "tried"}, **sent).json() == {"changed": True}
    assert [one["rule"] for one in anna.get("/api/credit/rules").json() if one["in_force"]] == ["ours"]


def test_days_are_quarters_and_years_with_orders(company):
    assert [one.label for one in days.choices()] == ["2025-Q4", "2025-Q3", "2025-Q2", "2025", "all"]
