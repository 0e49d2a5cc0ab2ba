"""Known faults of ERPNext's supplier scorecard, each as a test that is seen to fail on the published rule.

The faulty rule is written out here, as published, and the test asserts both: what it gives, and that we do not.
Its other faults are tested where they belong: the week of eight days and -5 squared with the calendar and the
formulas; cancelled documents, moving history and the missing rows with the ledger.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from steelyard.calc.units import Blank

P = 10**6

SUPPLIER = """
measures:
  accepted: {fact: orders, sum: quantity}
  received: {fact: orders, sum: ordered_quantity}
  on_time: {fact: orders, count: lines}
  due: {fact: orders, count: lines}
kpis:
  acceptance: {formula: accepted / received, unit: percent, better: higher, range: [0%, 100%], no_data: skip}
  punctuality: {formula: on_time / due, unit: percent, better: higher, range: [0%, 100%], no_data: skip}
scorecard:
  combine: mean
  of:
    quality: {kpi: acceptance, weight: 60, points: {line: [[0%, 0], [100%, 100]]}}
    delivery: {kpi: punctuality, weight: 40, points: {line: [[0%, 0], [100%, 100]]}}
levels:
  - {name: Very Poor, require: [points >= 0]}
  - {name: Poor, require: [points >= 30]}
  - {name: Average, require: [points >= 50]}
  - {name: Excellent, require: [points >= 80]}
"""

STANDINGS = [("Very Poor", 0, 30), ("Poor", 30, 50), ("Average", 50, 80), ("Excellent", 80, 100)]


def supplier(score, accepted, received, on_time, due):
    columns = {"accepted": accepted, "received": received, "on_time": on_time, "due": due}
    return score(SUPPLIER, {name: values if isinstance(values, list) else [values] for name, values in columns.items()})


# 1. a perfect 100 that matches no band


def published_standing(total):
    """As published: lowest <= score < highest, so nothing holds 100."""
    return next((name for name, low, high in STANDINGS if low <= total < high), None)


@pytest.mark.parametrize(
    ("accepted", "on_time", "standing"),
    [(100, 100, "Excellent"), (80, 80, "Excellent"), (79, 80, "Average"), (50, 50, "Average"), (29, 29, "Very Poor"), (30, 30, "Poor")],
)
def test_a_perfect_100_has_a_standing_and_so_has_every_edge(score, accepted, on_time, standing):
    scored = supplier(score, accepted, 100, on_time, 100)
    assert scored.cards.levels.levels == [standing]


def test_the_published_standings_leave_a_perfect_100_without_one(score):
    scored = supplier(score, 100, 100, 100, 100)
    total = scored.cards.totals[0] // P
    assert total == 100
    assert published_standing(total) is None
    assert scored.cards.levels.levels[0] != published_standing(total)


# 2. empty months scored as 0 or 100


def published_acceptance(accepted, received):
    """As published: `accepted / received * 100 if received > 0 else 100`; other criteria fall back to 0."""
    return accepted * 100 / received if received > 0 else 100


def published_punctuality(on_time, due):
    """As published: an empty result is 0.0."""
    return on_time * 100 / due if due else 0


def test_an_empty_month_is_not_scored_and_its_weight_goes_to_what_was(score):
    scored = supplier(score, 0, 0, 9, 10)
    assert scored.kpis["acceptance"].values == [Blank("denominator is 0")]
    assert scored.cards.totals == [90 * P]
    published = (published_acceptance(0, 0) * 60 + published_punctuality(9, 10) * 40) / 100
    assert published == 96  # a delivery nobody made counts as perfect
    assert scored.cards.totals[0] != published * P


def test_a_month_in_which_nothing_happened_has_no_total_rather_than_60_or_0(score):
    scored = supplier(score, 0, 0, 0, 0)
    assert scored.cards.totals == [None]
    assert scored.cards.levels.levels == [None]
    assert (published_acceptance(0, 0) * 60 + published_punctuality(0, 0) * 40) / 100 == 60


def test_a_month_without_a_report_is_not_a_month_without_sales(score):
    silent, nil = supplier(score, [None, 0], [None, 5], [None, 0], [None, 5]).cards.totals
    assert (silent, nil) == (None, 0)
    assert published_acceptance(0, 0) == 100  # the published rule cannot tell the two apart


# 3. one bad formula that stops everybody's run


def published_run(suppliers):
    """As published: one loop over all suppliers, formulas evaluated as text; the first error ends it."""
    return [eval("a / r * 100", {"a": accepted, "r": received}) for accepted, received in suppliers]


def test_one_partners_division_by_zero_leaves_all_others_scored(score):
    accepted, received = [8, 5, 9], [10, 0, 10]
    scored = supplier(score, accepted, received, [None] * 3, [None] * 3)
    assert scored.cards.totals == [80 * P, None, 90 * P]
    with pytest.raises(ZeroDivisionError):
        published_run(zip(accepted, received, strict=True))


# 4. weights 9 x 10.1 + 9.1 refused


def published_check(weights):
    """As published: floats added up and compared with 100."""
    total = 0.0
    for weight in weights:
        total += float(weight)
    return total == 100


def test_nine_times_10_1_and_9_1_are_a_hundred(score):
    weights = [Decimal("10.1")] * 9 + [Decimal("9.1")]
    measures = "".join(f"  m{place}: {{fact: orders, count: lines}}\n" for place in range(10))
    kpis = "".join(
        f"  k{place}: {{formula: m{place} * 1, unit: number, better: higher, range: [0, 100], no_data: skip}}\n" for place in range(10)
    )
    items = "".join(
        f"    n{place}: {{kpi: k{place}, weight: {weight}, points: {{line: [[0, 0], [100, 100]]}}}}\n"
        for place, weight in enumerate(weights)
    )
    scored = score(
        f"\nmeasures:\n{measures}kpis:\n{kpis}scorecard:\n  combine: mean\n  of:\n{items}",
        {f"m{place}": [100 if place < 9 else 0] for place in range(10)},
    )
    shares = [Fraction(*scored.cards.node(f"n{place}").weights[0]) for place in range(10)]
    assert shares == [Fraction(101, 1000)] * 9 + [Fraction(91, 1000)]
    assert sum(shares) == 1
    assert scored.cards.totals == [Fraction(909, 10) * P]
    assert not published_check(weights)


# 5. on-time part deliveries counted late


def published_on_time(delivered_on, promised_on, delivered, ordered):
    """As published: on time only if the whole quantity came."""
    return delivered_on <= promised_on and delivered == ordered


def on_time(delivered_on, promised_on):
    """Ours looks at the date of what was delivered; whether all of it came is another KPI."""
    return delivered_on <= promised_on


def test_a_part_delivery_before_its_date_is_on_time(score):
    promised = date(2026, 3, 10)
    lines = [(promised - timedelta(days=1), 5, 10), (promised, 10, 10), (promised + timedelta(days=1), 10, 10)]
    ours = sum(on_time(day, promised) for day, _, _ in lines)
    published = sum(published_on_time(day, promised, delivered, ordered) for day, delivered, ordered in lines)
    assert (ours, published) == (2, 1)
    scored = supplier(score, [25, 25], [30, 30], [ours, published], [3, 3])
    assert scored.points_of("delivery") == [66_666_667, 33_333_333]
    assert scored.points_of("quality")[0] == 83_333_333  # the missing quantity is seen here, once
