"""Formulas over rows whose values are larger than 128 bits hold stop with a problem; they never wrap to another number."""

from __future__ import annotations

import pytest

from steelyard.calc import vectors
from steelyard.calc.framework.read import read

TEXT = """
framework: room
subject: partner
grain: month
currency: EUR
measures: {m: {fact: orders, sum: 'FORMULA'}}
kpis: {a: {formula: m, unit: money, better: higher, no_data: zero}}
scorecard: {kpi: a, points: value}
"""
GIVEN = "facts: {orders: [{document: a, date: 2026-01-05, amount: AMOUNT, currency: EUR, quantity: 1.5}]}"


def differences(formula, amount, expected):
    framework, problems = read(TEXT.replace("FORMULA", formula))
    assert framework is not None, problems
    given = GIVEN.replace("AMOUNT", str(amount))
    (outcome,) = vectors.run_text(
        framework, f"vectors: [{{name: v, as_of: 2026-01-31, given: {{{given}}}, expect: {{measures: {{m: {expected}}}}}}}]"
    )
    return outcome.differences


@pytest.mark.parametrize(
    ("formula", "amount", "value"),
    [
        ("amount * 0.333333333333333 * 0.333333333333333", 1000, "111.1111"),
        ("amount * power(quantity, 12)", 1, "129.7463"),
        ("amount * power(quantity, -2)", 9, "4"),
    ],
)
def test_what_has_room_is_exact(formula, amount, value):
    assert differences(formula, amount, value) == ()


@pytest.mark.parametrize(
    ("formula", "amount"),
    [("amount * 0.333333333333333 * 0.333333333333333", 1_000_000), ("amount * power(quantity * 1000, 12)", 1)],
)
def test_what_has_no_room_is_refused(formula, amount):
    (said,) = differences(formula, amount, 0)
    assert "larger than can be held" in said
