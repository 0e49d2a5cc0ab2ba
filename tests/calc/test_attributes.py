"""Attributes of the company's own: dated columns of partners and products, wherever a framework reads an attribute."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from steelyard.calc.attributes import canonical, joined
from steelyard.calc.formula.nodes import NUMBER, TEXT, YES_NO
from steelyard.calc.framework.read import read
from steelyard.calc.prover import prove
from steelyard.calc.resolve import Resolver
from steelyard.calc.subjects import subjects
from steelyard.calc.units import Blank
from steelyard.calc.vectors import read_vectors, run_text

from .measures import world

HEAD = """framework: own
subject: partner
grain: month
effective: 2026-01-01
currency: EUR
attributes:
  partner: {certified: yes/no, channel: text, contract_volume: number, joined_on: date}
  product: {launch_group: text, bonus: number, kept: yes/no}
"""
BODY = """
peers: {same: [channel], least: 2}
tables:
  share: {by: [channel], rows: [{channel: direct, value: 50%}], else: 10%}
lists:
  baskets:
    one_per: product.launch_group
    columns:
      sold: {fact: orders, sum: quantity}
      large: {formula: 'when(certified, sold * contract_volume, sold)'}
      late: {formula: 'months_between(joined_on, as_of)'}
    keep: [{rule: channel == "direct", reason: not direct}]
  picked:
    fact: orders
    one_per: product
    prefer: [product.kept, highest amount]
measures:
  sales: {fact: orders, sum: amount, where: [partner.certified, not product.kept]}
  bonus: {fact: orders, sum: quantity * product.bonus * partner.contract_volume}
  large: {list: baskets, sum: large}
  late: {list: baskets, sum: late}
  picked: {list: picked, count: lines}
  kept: {list: picked, count: lines, where: product.kept}
kpis:
  sold: {formula: sales * share(channel), unit: money, better: higher, no_data: skip}
  bonus_due: {formula: bonus, unit: number, better: higher, no_data: skip}
  baskets_large: {formula: large + late, unit: number, better: higher, no_data: skip}
  kept_share: {formula: kept / picked, unit: percent, better: higher, no_data: skip}
  others: {formula: peer_mean(contract_volume), unit: number, better: higher, no_data: skip}
scorecard: {combine: sum, of: {sold: {kpi: sold, points: value, cap: 100, require: [certified]}}}
levels: [{name: Low, require: []}, {name: High, require: [certified, contract_volume >= 2.5, 'joined_on < 2026-01-01']}]
"""
ROWS = """{orders: [
 {document: D1, line: 1, date: 2026-01-05, product: A, quantity: 2, amount: 100, currency: EUR},
 {document: D2, line: 1, date: 2026-01-06, product: B, quantity: 3, amount: 50, currency: EUR},
 {document: D3, line: 1, date: 2026-01-06, product: A, quantity: 1, amount: 7, currency: EUR, partner: Q}]}"""
MASTERS = """{partners: [{code: Q, channel: direct, contract_volume: 1.5}],
 products: [{code: A, launch_group: first, bonus: 0.5, kept: false}, {code: B, kept: true}]}"""
GIVEN = "certified: true, channel: direct, contract_volume: 2.5, joined_on: 2025-11-30"


def outcomes(*vectors):
    framework, problems = read(HEAD + BODY)
    assert framework is not None, "\n".join(map(str, problems))
    lines = [f"  - {{name: {number}, as_of: 2026-01-31, {vector}}}" for number, vector in enumerate(vectors)]
    return [outcome.differences for outcome in run_text(framework, "\n".join(["vectors:", *lines, ""]))]


def test_rows_lists_tables_peers_gates_and_levels_read_them():
    given = f"given: {{subject: P, attributes: {{{GIVEN}}}, masters: {MASTERS}, facts: {ROWS}}}"
    uncertified = given.replace("certified: true", "certified: false")
    first = "sold: 50, bonus_due: 2.5, baskets_large: 7, kept_share: 50%, others: 2"
    assert (
        outcomes(
            f"{given}, expect: {{kpis: {{{first}}}, passes: true, level: High}}",
            f"{uncertified}, expect: {{kpis: {{sold: 0, baskets_large: 4}}, passes: false, level: Low}}",
            f"{given.replace('contract_volume: 2.5', 'contract_volume: 2.4')}, expect: {{level: Low, kpis: {{bonus_due: 2.4}}}}",
            f"{given.replace('joined_on: 2025-11-30', 'joined_on: null')}, expect: {{level: Low}}",
        )
        == [()] * 4
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("attributes: {certifed: true}", "`certifed` is not a key of `attributes` · found `certifed` · did you mean `certified`?"),
        ("attributes: {regoin: North}", "did you mean `region`?"),
        ("attributes: {certified: maybe}", "`certified` is yes/no · found `maybe` · write true or false"),
        ("attributes: {contract_volume: much}", "`contract_volume` is number · found `much` · write a number"),
        ("attributes: {joined_on: 3}", "`joined_on` is date · found `3` · write year-month-day: 2026-01-31"),
        ("masters: {partners: [{code: Q, chanel: direct}]}", "master `partners` has no column `chanel` · did you mean `channel`?"),
        ("masters: {products: [{code: A, kept: 7}]}", "`kept` is yes/no"),
    ],
)
def test_a_misspelt_attribute_of_a_vector_is_told_with_its_line(given, told):
    framework, _ = read(HEAD + BODY)
    _, problems = read_vectors(f"vectors:\n  - name: a\n    given: {{{given}}}\n    expect: {{level: Low}}\n", framework)
    (problem,) = problems
    assert told in str(problem)
    assert "line 3, column" in problem.where


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (("certified: yes/no", "certifed: yes/no"), "did you mean `partner.certifed`?"),
        (("certified: yes/no", "certified: yesno"), "this is not a type of attribute `certified`"),
        (("certified: yes/no", "region: text, certified: yes/no"), "`region` is known already"),
        (("certified: yes/no", "certified: number"), "number"),
        (("  partner:", "  parter:"), "did you mean `partner`?"),
        (("launch_group: text", "launch_grp: text"), "fact `orders` has no column `product.launch_group`"),
        (("bonus: number", "bonus: text"), "text"),
    ],
)
def test_what_a_framework_declares_is_checked_with_place_and_type(head, told):
    framework, problems = read((HEAD + BODY).replace(*head))
    assert framework is None
    assert any(told in str(problem) and "line" in problem.where for problem in problems), "\n".join(map(str, problems))


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        ("yes/no", "Yes", "yes"), ("yes/no", "0", "no"), ("yes/no", "maybe", None), ("number", "+1.50", "1.5"), ("number", ".5", "0.5"),
        ("number", "1e3", None), ("number", "0.0000001", None), ("number", "9" * 30, None), ("number", "-0", "0"),
        ("date", "2026-02-28", "2026-02-28"), ("date", "2026-02-30", None), ("date", "20260228", None), ("text", " a ", " a "),
    ],
)  # fmt: skip
def test_a_value_is_kept_in_one_way(kind, text, kept):
    assert canonical(text, kind) == kept


def test_a_value_holds_from_its_first_day_on_and_nowhere_else():
    base = world.histories()
    code, other = base.partners["code"].unique().sort().to_list()[:2]
    values = pl.DataFrame(
        [
            ("certified", code, None, "yes", date(2026, 3, 1), date(2026, 5, 1)),
            ("volume", code, None, "2.5", None, date(2026, 4, 1)),
            ("certified", other, None, "no", None, None),
            ("group", None, "X", "one", None, None),
        ],
        schema=dict.fromkeys(("attribute", "partner", "product", "value"), pl.String) | {"valid_from": pl.Date, "valid_to": pl.Date},
        orient="row",
    )
    own = {"partner": {"certified": YES_NO, "volume": NUMBER}, "product": {"group": TEXT}}
    found = joined(base, own, values)
    framework, _ = read("framework: f\nsubject: partner\ngrain: month\nattributes: {partner: {certified: yes/no, volume: number}}\n"
                        "kpis: {k: {formula: volume, unit: number, better: higher, no_data: skip}}\n")  # fmt: skip

    def told(day):
        points = subjects(framework, found, day)
        plain = subjects(framework, base, day)
        assert points.subjects == plain.subjects  # nobody comes or goes with what is recorded of them
        place = points.subjects.index((code,))
        return points.attributes["certified"][place], points.attributes["volume"][place]

    nothing = Blank("certified is not recorded")
    assert told(date(2026, 2, 28)) == (nothing, 2.5)
    assert told(date(2026, 3, 1)) == (True, 2.5)
    assert told(date(2026, 4, 30)) == (True, Blank("volume is not recorded"))
    assert told(date(2026, 5, 1))[0] == nothing
    assert joined(found, own, values).digest() == found.digest() != base.digest()
    assert {date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)} <= found.turns()
    assert Resolver(found).partners().height >= Resolver(base).partners().height


def test_the_prover_tries_what_attributes_can_be_at_both_sides_of_a_threshold():
    framework, _ = read(HEAD + BODY)
    assert [finding.code for finding in prove(framework)] == []  # High is earned by some values of the three attributes
    closed = (HEAD + BODY).replace("contract_volume >= 2.5,", "contract_volume >= 2.5, 'when(certified, 0, contract_volume) >= 2.5',")
    framework, _ = read(closed)
    assert "levels.High" in {finding.where.partition(" ")[0] for finding in prove(framework)}
    contradiction = (HEAD + BODY).replace("contract_volume >= 2.5,", "contract_volume >= 2.5, 'contract_volume < 2.5',")
    assert "contradiction" in {problem.code for problem in read(contradiction)[1]}
