"""What the company records of its own is read as any other attribute: on its day, at its cut, by frameworks that declare it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from steelyard.calc import causes
from steelyard.calc.errors import Refused
from steelyard.calc.receipts.bundle import read
from steelyard.calc.receipts.recompute import verify
from steelyard.calc.units import from_grain
from steelyard.frameworks.actions import apply
from steelyard.frameworks.house import read_here
from steelyard.frameworks.queries import parse
from steelyard.ledger import actions as ledger
from steelyard.ledger.queries import head
from steelyard.partners import actions as partners
from steelyard.scorecards import bundles
from steelyard.scorecards.scoring import gather, score
from steelyard.scorecards.tracing import trace
from tests.journeys.conftest import HEAD

from .test_bundles_over_time import PLAIN as EARLIER
from .test_bundles_over_time import published

TEXT = """framework: own
title: Own
subject: partner
attributes:
  partner: {certified: yes/no, contract_volume: number, channel: text, signed_on: date}
  product: {launch_group: text}
applies_to: certified
grain: year
currency: EUR
measures:
  sales: {fact: orders, sum: amount, where: partner.certified and product.launch_group == "A"}
kpis:
  share: {formula: sales / contract_volume, unit: number, better: higher, no_data: zero}
  signed: {formula: 'months_between(signed_on, as_of)', unit: count, better: higher, no_data: zero}
  direct: {formula: 'when(channel == "direct", 1, 0)', unit: count, better: higher, no_data: zero}
"""


def kpis(cut=None, partner="ALP"):
    items = score(gather(parse(TEXT), "digest", "2012", cut)).cards.items_frame().filter(pl.col("partner") == partner)
    return {row["kpi"]: row["value"] is None or from_grain(row["value"], row["unit"]) for row in items.iter_rows(named=True) if row["kpi"]}


@pytest.fixture
def anna(channel_cast):
    """Two orders of ALP, and five attributes declared from a file."""
    anna = channel_cast.anna
    rows = [
        {"document": "D", "line": str(number), "party": "ALP", "date": day, "product": product, "quantity": 10**6, "unit": "each",
         "amount": 1000 * 10**4, "currency": "EUR", "source_row": number}
        for number, day, product in ((1, date(2012, 3, 5), "REA-1"), (2, date(2012, 8, 5), "REA-1"), (3, date(2012, 8, 5), "ANA-1"))
    ]  # fmt: skip
    ledger.post("orders", pl.DataFrame(rows), source="erp", batch=1, acting_user=anna)
    declared = [
        ("certified", "partner", "yes/no"), ("contract_volume", "partner", "number"), ("channel", "partner", "text"),
        ("signed_on", "partner", "date"), ("launch_group", "product", "text"),
    ]  # fmt: skip
    partners.load("attributes", pl.DataFrame(declared, schema=["code", "about", "type"], orient="row"), acting_user=anna)
    return anna


def say(anna, *rows):
    columns = ["attribute", "partner", "product", "value", "valid_from"]
    schema = dict.fromkeys(columns[:4], pl.String) | {"valid_from": pl.Date}
    return partners.load("attribute_values", pl.DataFrame(rows, schema=schema, orient="row"), acting_user=anna)


def test_attributes_are_read_where_frameworks_read_attributes_each_on_its_day_and_at_its_cut(anna):
    say(
        anna,
        ("certified", "ALP", None, "Yes", date(2012, 7, 1)),
        ("contract_volume", "ALP", None, "400.0", None),
        ("channel", "ALP", None, "direct", None),
        ("signed_on", "ALP", None, "2012-10-31", None),
        ("launch_group", None, "REA-1", "A", None),
    )
    before = head()
    assert kpis() == {"share": Fraction(5, 2), "signed": 2, "direct": 1}
    assert kpis(partner="BOR") == {}
    say(anna, ("certified", "ALP", None, "no", None), ("certified", "BOR", None, "true", None))
    assert kpis() == {}
    assert kpis(partner="BOR") == {"share": True, "signed": True, "direct": True}  # nothing else is recorded of it: no data
    assert kpis(before)["direct"] == 1


def problems(text):
    return [(problem.code, problem.where.partition(" (")[2], problem.hint) for problem in read_here(text)[1]]


def test_a_framework_must_declare_what_the_company_records_as_the_company_does(anna):
    assert read_here(TEXT)[1] == []
    assert problems(TEXT.replace("channel: text", "chanel: text")) == [
        ("unknown-attribute", "line 5, column 57)", "did you mean `channel`?"),
        ("unknown-name", "line 15, column 27)", "the company records it: write `attributes: {partner: {channel: text}}` at the head"),
    ]
    assert problems(TEXT.replace("launch_group: text", "launch_group: date"))[0][::2] == (
        "attribute-type", "write it under `product` as `launch_group: text`",
    )  # fmt: skip
    untyped = [code for code, *_ in problems(TEXT.replace("certified: yes/no", "certified: text"))]
    assert untyped[:2] == ["attribute-type", "not-a-rule"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("certified", "ALP", None, "perhaps"), "`certified` is yes/no"),
        (("contract_volume", "ALP", None, "1.250,50"), "`contract_volume` is number"),
        (("signed_on", "ALP", None, "31/10/2012"), "`signed_on` is date"),
        (("certifed", "ALP", None, "yes"), "did you mean `certified`?"),
        (("certified", None, "REA-1", "yes"), "`certified` is an attribute of a partner"),
        (("launch_group", "ALP", None, "A"), "`launch_group` is an attribute of a product"),
        (("certified", "ALPS", None, "yes"), "there is no such partner"),
    ],
)
def test_a_value_fits_its_attribute(anna, row, told):
    with pytest.raises(Refused, match=told):
        say(anna, (*row, None))


def test_an_attribute_has_a_name_of_its_own_and_with_values_it_keeps_its_type(anna):
    for name in ("country", "2nd", "points", "round"):
        with pytest.raises(Refused):
            partners.add("attributes", code=name, about="partner", type="text", acting_user=anna)
    partners.change("attributes", code="channel", type="number", acting_user=anna)
    say(anna, ("channel", "ALP", None, "3", None))
    with pytest.raises(Refused, match="an attribute with values stays what it is"):
        partners.change("attributes", code="channel", type="text", acting_user=anna)
    partners.change("attributes", code="channel", meaning="How it sells.", acting_user=anna)


WHY = HEAD.replace("framework: {subject}", "framework: own_why").replace(
    "subject: {subject}",
    "subject: {subject}\nattributes:\n  partner: {{certified: yes/no, contract_volume: number}}\n  product: {{launch_group: text}}",
)
WHY = WHY.replace(
    "kpis:", "kpis:\n  agreed: {{formula: 'if_blank(contract_volume, 0)', unit: number, better: higher, no_data: skip}}"
).replace("    activity:", "    agreed: {{kpi: agreed, weight: 1, points: {{line: [[0, 0], [400, 100]]}}}}\n    activity:")  # fmt: skip
PLAIN = HEAD.replace("framework: {subject}", "framework: own_why").format(subject="partner")


def declare(anna):
    frame = pl.DataFrame(
        [("certified", "partner", "yes/no"), ("contract_volume", "partner", "number"), ("launch_group", "product", "text")],
        schema=["code", "about", "type"],
        orient="row",
    )
    partners.load("attributes", frame, acting_user=anna)


def test_a_value_that_became_known_is_a_change_of_masters_and_a_framework_that_asks_for_it_one_of_rules(channel):
    anna = channel.people.anna
    declare(anna)
    apply(text=WHY.format(subject="partner"), acting_user=channel.people.carla)
    before = channel.score("own_why")
    say(anna, ("contract_volume", "ALP", None, "100", None), ("contract_volume", "BOR", None, "400", None))
    after = channel.score("own_why")
    found = trace(before, after, "ALP").waterfall
    assert {cause for cause, amount in found.by_cause().items() if amount} == {causes.MASTERS}
    assert found.start + sum(step.amount for step in found.steps) == found.end
    apply(text=PLAIN, acting_user=channel.people.carla)
    plain = channel.score("own_why")
    rules = {causes.RULES, causes.WEIGHTS}
    for one, expected in ((after, rules), (before, rules | {causes.MASTERS})):  # the former framework is read with what it asks for
        told = trace(one, plain, "ALP").waterfall.by_cause()
        assert {cause for cause, amount in told.items() if amount} | rules == expected


def test_a_bundle_has_the_subjects_own_values_and_nobody_elses(channel):
    anna = channel.people.anna
    declare(anna)
    say(
        anna,
        ("contract_volume", "ALP", None, "123.5", date(2012, 1, 1)),
        ("contract_volume", "BOR", None, "777.25", None),
        ("launch_group", None, "REA-1", "A", None),
    )
    only = 'count_distinct: document, where: product.launch_group == "A"'
    text = WHY.format(subject="partner").replace("count_distinct: document", only, 1)
    apply(text=text, acting_user=channel.people.carla)
    run = channel.score("own_why")
    for result in run.results.all():
        found = verify(bundles.bundle(run, result.subject))
        assert (found.number, found.total) == (result.receipt, result.total)
    held = read(bundles.bundle(run, "ALP")).histories
    assert held.partners["contract_volume"].drop_nulls().unique().to_list() == [123_500_000]
    assert held.products.filter(pl.col("code") == "REA-1")["launch_group"].to_list() == ["A"]
    say(anna, ("contract_volume", "ALP", None, "124", date(2012, 1, 1)))
    assert verify(bundles.bundle(run, "ALP")).number == run.results.get(subject="ALP").receipt  # a correction changes no earlier cut
    assert channel.score("own_why").inputs["masters"] != run.inputs["masters"]


def test_what_was_recorded_then_is_read_at_earlier_evaluations_though_their_framework_did_not_ask(channel):
    anna = channel.people.anna
    declare(anna)
    say(anna, ("certified", "ALP", None, "yes", None), ("certified", "BOR", None, "no", None))
    say(anna, ("contract_volume", "ALP", None, "2.5", None))
    say(anna, ("contract_volume", "ALP", None, "9", date(2013, 1, 1)))
    apply(text=EARLIER, acting_user=channel.people.carla)
    published(channel.score("smooth", "2012-Q3"))
    own = "attributes: {partner: {certified: yes/no, contract_volume: number}}\nlevels: [{name: Bronze, require: []}, "
    held = "{name: Silver, require: [certified, contract_volume < 3], held: {for: 3 months}}, "
    before = "{name: Gold, require: [certified, previous(contract_volume) == 2.5, contract_volume == 9]}]\n"
    apply(text=EARLIER + own + held + before, acting_user=channel.people.carla)
    run = published(channel.score("smooth", "2012-Q4"))
    assert dict(run.results.values_list("subject", "level"))["ALP"] == "Silver"
    later = channel.score("smooth", "2013-Q1")
    levels = dict(later.results.values_list("subject", "level"))
    assert (levels["ALP"], levels["BOR"]) == ("Gold", "Bronze")
    assert [verify(bundles.bundle(one, "ALP")).subject for one in (run, later)] == ["ALP", "ALP"]
