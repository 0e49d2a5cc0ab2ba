"""ERPNext's known faults that need a whole installation, each beside the figure that the faulty rule gives."""

# ruff: noqa: E501 - declarations read as tables, one row a line
from __future__ import annotations

from datetime import date

import polars as pl

from steelyard.frameworks.actions import apply
from steelyard.ledger import actions as ledger
from steelyard.ledger.queries import EVERYTHING, facts, head
from steelyard.partners import actions as partners
from steelyard.partners.queries import listing
from steelyard.scorecards import queries
from tests.journeys.conftest import content, figures


def stored_orders(cut=None):
    """Every order row in the ledger, as a report would find it."""
    return facts("orders", cut=cut, scope=EVERYTHING).collect()


# cancelled documents counted


def published_sum(rows, party):
    """As published: the amounts of all documents of the supplier, whatever became of them."""
    return rows.filter((pl.col("party") == party) & (pl.col("sign") > 0) & (pl.col("date") >= date(2012, 10, 1)))["amount"].sum() // 10_000


def test_a_cancelled_document_counts_no_more(channel):
    channel.sell(("D1", "1", "ALP", "2012-12-01", "ANA-1", "500", "EUR"))
    assert figures(channel.score())["ALP"] == "640"
    ledger.reverse_batch(channel.batch, acting_user=channel.people.anna)
    assert figures(channel.score())["ALP"] == "140"
    assert figures(channel.score(), "order_count")["ALP"] == "1"
    assert published_sum(stored_orders(), "ALP") == 640


def test_a_line_cancelled_and_sent_again_counts_once(channel):
    line = ("D1", "1", "ALP", "2012-12-01", "ANA-1", "500", "EUR")
    for _ in range(2):
        channel.sell(line)
        ledger.reverse_batch(channel.batch, acting_user=channel.people.anna)
    channel.sell(line)
    assert figures(channel.score())["ALP"] == "640"
    assert published_sum(stored_orders(), "ALP") == 1640


# history that changes when today's data changes


def published_history(rows):
    """As published: a past period is computed from what the masters say today. Sales per partner's present territory."""
    today = dict(listing("partners").select("code", "territory").iter_rows())
    found: dict[str, int] = {}
    for party, sign, amount, day in rows.select("party", "sign", "amount", "date").iter_rows():
        if party in today and date(2012, 7, 1) <= day < date(2012, 10, 1):
            found[today[party]] = found.get(today[party], 0) + sign * amount // 10_000
    return found


def test_a_past_quarter_stays_when_a_partner_moves_today(channel):
    run = channel.score("territory", "2012-Q3")
    former, cut = content(run), head()
    assert figures(run) == published_history(stored_orders()) | {"ALPS": "20"} == {"ALPS": "20"}
    partners.change("partners", code="ALP", territory="NORTH", valid_from=date(2012, 10, 1), acting_user=channel.people.carla)
    assert content(channel.score_again(run)) == former
    assert figures(channel.score("territory", "2012-Q3")) == {"ALPS": "20"}  # at the new cut too: it moved in October
    assert published_history(stored_orders()) == {"NORTH": 20}
    assert head() > cut


def test_what_was_published_stays_when_an_amount_is_corrected(channel):
    channel.score()
    published = channel.publish("ben").run
    former = content(published)
    channel.sell(("A1", "1", "ALP", "2012-10-05", "ANA-1", "90", "EUR"))
    channel.score()
    in_force = queries.published("partner", "2012-Q4").run
    assert (in_force.pk, content(in_force), figures(in_force)["ALP"]) == (published.pk, former, "140")
    assert figures(channel.score())["ALP"] == "130"


# no way to see which rows counted


def test_every_figure_shows_its_rows_and_the_rule_that_left_others_out(channel):
    told = queries.explain(channel.score(), "ALP")
    for evidence in (item for node in told.tree.walk() for item in node.evidence):
        rows = queries.rows_behind(told, evidence.selector)
        assert rows["counted"].sum() == evidence.counted
        assert rows.filter(~pl.col("counted"))["reason"].null_count() == 0
        assert rows["source_row"].null_count() == rows["batch"].null_count() == 0  # the file, and its row in the spreadsheet
        assert sorted(set(rows.filter(~pl.col("counted"))["reason"])) == sorted(evidence.excluded)


# one bad formula that stops everybody's run


def published_run(amounts):
    """As published: one loop over all suppliers; the first error ends it."""
    return {party: systems / sales for party, (systems, sales) in amounts.items()}


def test_one_partners_division_by_zero_leaves_everybody_else_scored(channel):
    channel.sell(("R1", "1", "ROTH", "2012-10-01", "ANA-1", "7", "EUR"), ("R2", "1", "ROTH", "2012-10-01", "ANA-1", "-7", "EUR"))
    run = channel.score()
    assert figures(run, "share") == {"ALP": "0.714285714", "CAS": "1"}  # BOR sells no systems: 0, and ROTH nothing in all
    results = {result.subject: result.total for result in queries.results(run)}
    assert set(results) == {"ALP", "BOR", "CAS", "ROTH"}
    share = queries.items(run, "ROTH").filter(pl.col("kpi") == "share").row(0, named=True)
    assert (share["value"], share["no_data"], share["no_data_reason"]) == (None, "skip", "denominator is 0")
    stopped = False
    try:
        published_run({"ALP": (100, 140), "ROTH": (0, 0)})
    except ZeroDivisionError:
        stopped = True
    assert stopped


# on-time part deliveries counted late

DELIVERIES = """framework: deliveries
title: Deliveries
subject: partner
grain: quarter
measures:
  on_time: {fact: orders, count: lines, date: promised_on, where: [{rule: not shipped_on > promised_on, reason: late}]}
  due: {fact: orders, count: lines, date: promised_on, where: [{rule: not is_blank(promised_on), reason: nothing promised}]}
  delivered: {fact: orders, sum: quantity, date: promised_on}
  ordered: {fact: orders, sum: ordered_quantity, date: promised_on}
kpis:
  punctual: {formula: on_time / due, unit: percent, better: higher, no_data: skip}
  complete: {formula: delivered / ordered, unit: percent, better: higher, no_data: skip}
"""


def published_on_time(rows):
    """As published: on time only if the whole quantity came."""
    return sum(row["shipped_on"] <= row["promised_on"] and row["quantity"] == row["ordered_quantity"] for row in rows) / len(rows)


def test_a_part_delivery_before_its_date_is_on_time_and_what_is_missing_is_seen_once(channel):
    promised = date(2012, 11, 30)
    rows = [
        {"document": f"T{day}", "line": "1", "party": "BOR", "date": date(2012, 11, 1), "amount": 0, "currency": "EUR", "promised_on": promised,
         "shipped_on": date(2012, *at), "quantity": quantity * 10**6, "ordered_quantity": 10 * 10**6, "source_row": day}
        for day, (at, quantity) in enumerate([((11, 29), 5), ((11, 30), 10), ((12, 1), 10)])
    ]  # fmt: skip
    ledger.post("orders", pl.DataFrame(rows), source="erp", batch=9, acting_user=channel.people.anna)
    apply(text=DELIVERIES, acting_user=channel.people.carla)
    run = channel.score("deliveries")
    found = {row["kpi"]: row["value"] for row in queries.items(run, "BOR").iter_rows(named=True)}
    assert found == {"punctual": 666_666_667, "complete": 833_333_333}
    assert round(published_on_time(rows) * 10**9) == 333_333_333
