"""E6 to E8, E10 to E16, E20 to E22, E25, E31, E33: gates, tracks, levels, and what looks beyond one date."""

from __future__ import annotations

from .proving import holds, in_programme


def test_e06_every_metric_above_zero_besides_a_total():
    in_programme(
        "microsoft_modern_work",
        "the small-business track of the published example",
        "the same without an intermediate certificate has the points but fails",
    )


def test_e07_steps_that_earn_nothing_and_open_the_next():
    in_programme(
        "microsoft_security",
        "five people in the third step earn nothing while one person is missing in the second",
        "with both steps done they earn five times 6.67",
        "one person in each step of the small track earns 16",
    )


def test_e08_the_best_of_several_tracks_and_one_that_passes_first():
    in_programme("microsoft_modern_work", "a passing 71 beats a failing 80", "enterprise at exactly 70 passes", "69.99 does not pass")


WORKLOADS = """
lists:
  workloads:
    one_per: product
    columns:
      now:    {fact: subscriptions, sum: amount, window: month}
      before: {fact: subscriptions, sum: amount, window: "month, 1 month earlier"}
measures: {large: {list: workloads, count: lines, where: now > 5000 and before > 5000}}
kpis:
  eligible: {formula: large, unit: count, better: higher, no_data: zero}
  sold: {formula: large * 10, unit: number, better: higher, no_data: zero}
scorecard:
  combine: best
  of:
    apps:
      kpi: sold
      points: {line: [[0, 0], [100, 100]]}
      require: [{rule: eligible >= 2, else: skip, reason: fewer than two large workloads}]
"""


def test_e10_a_track_is_open_to_some_only():
    in_programme("corners", "a track for those with 80 percent small customers", "one customer less and the track does not apply")
    row = "{{document: {0}, product: {1}, date: {2}, amount: {3}}}"
    rows = [(1, "a", "2026-01-05", 5001), (2, "a", "2025-12-05", 5001), (3, "b", "2026-01-05", 5001), (4, "b", "2025-12-31", 5001)]
    given = "as_of: 2026-01-31, given: {{facts: {{subscriptions: [{0}]}}}}, expect: {{kpis: {{eligible: {1}}}, points: {2}}}"
    one_less = [*rows[:3], (4, "b", "2025-12-31", 5000)]
    holds(
        WORKLOADS,
        given.format(", ".join(row.format(*each) for each in rows), 2, 20),
        given.format(", ".join(row.format(*each) for each in one_less), 1, "null"),
    )


def test_e11_true_on_any_single_day_of_a_window():
    in_programme("microsoft_modern_work", "true on one day of six months is enough", "seven months later it no longer counts")


def test_e12_the_highest_level_of_which_all_requirements_hold():
    in_programme("odoo", "every requirement exactly met", "Gold but users 299", "Gold but people 5", "Gold but retention 79%")


WAYS = """
measures: {sales: {fact: orders, sum: amount}, people: {fact: certificates, count_distinct: person, valid_on: period end}}
kpis:
  sold: {formula: sales, unit: money, better: higher, no_data: zero}
  special: {formula: people, unit: count, better: higher, no_data: zero}
levels:
  - {name: Silver, require: []}
  - {name: Gold, require: [{any: [[special >= 1, sold >= 500000], [sold >= 850000]]}]}
"""


def test_e13_alternatives_inside_a_level():
    edges = {(1, "500000"): "Gold", (1, "499999.9999"): "Silver", (0, "850000"): "Gold", (0, "849999.9999"): "Silver"}
    holds(WAYS, *(f"given: {{kpis: {{special: {n}, sold: {sold}}}}}, expect: {{level: {level}}}" for (n, sold), level in edges.items()))


COUNTRIES = """
tables:
  needed:
    by: [country]
    unit: EUR
    rows: [{country: DE, value: 1000}, {country: DE, from: 2026-07-01, value: 1200}, {country: PL, value: 400}]
measures: {sales: {fact: orders, sum: amount}}
kpis: {sold: {formula: sales, unit: money, better: higher, no_data: zero}}
levels: [{name: Basic, require: []}, {name: Gold, require: [sold >= needed(country)]}]
"""


def test_e14_thresholds_by_country_and_date_and_a_factor_of_a_market():
    edges = [("PL", "2026-01-31", 400, "Gold"), ("PL", "2026-01-31", 399, "Basic"), ("DE", "2026-06-30", 1000, "Gold"),
             ("DE", "2026-07-31", 1199, "Basic"), ("DE", "2026-07-31", 1200, "Gold"), ("DE", "2026-06-30", 999, "Basic")]  # fmt: skip
    line = "as_of: {1}, given: {{attributes: {{country: {0}}}, kpis: {{sold: {2}}}}}, expect: {{level: {3}}}"
    holds(COUNTRIES, *(line.format(*edge) for edge in edges))
    in_programme("corners", "a growth market earns double up to the same cap", "the cap holds in a growth market")


ROLLED = """
measures: {sales: {fact: orders, sum: amount}}
kpis: {sold: {formula: sales, unit: money, better: higher, no_data: zero}}
levels: [{name: Base, require: []}, {name: Gold, require: [sold >= 10]}, {name: Platinum, require: [sold >= 20]}]
rollup:
  to: partner
  level: highest
  levels: [{name: Global, require: ['parts(territory in ["DE", "FR", "IT"] and level >= "Platinum") >= 2', 'parts(level >= "Gold") >= 4']}]
"""


def test_e15_levels_of_regions_rolled_up_to_the_partner():
    def parts(*sold):
        told = ", ".join(f"{{part: {name}, kpis: {{sold: {value}}}}}" for name, value in zip(("DE", "FR", "PL", "SE"), sold, strict=True))
        return f"given: {{subject: P, parts: [{told}]}}"

    holds(
        ROLLED,
        f"{parts(20, 20, 10, 10)}, expect: {{rollup: Global}}",
        f"{parts(20, 19, 20, 20)}, expect: {{rollup: Platinum}}",
        f"{parts(20, 20, 10, 9)}, expect: {{rollup: Platinum}}",
        f"{parts(9, 9, 10, 9)}, expect: {{rollup: Gold}}",
        subject="partner x territory",
    )


def test_only_rows_of_the_country_count_and_those_that_name_none_are_of_the_partners_own():
    row = "{document: D, line: %d, date: 2026-01-05, product: P, quantity: 1, amount: %d, currency: EUR%s}"
    rows = ", ".join(row % told for told in ((1, 6, ", end_customer_country: CH"), (2, 8, ""), (3, 1, ", end_customer_country: DE")))
    holds(
        "measures: {sold: {fact: sell_through, sum: amount}}\nkpis: {sales: {formula: sold, unit: money, better: higher, no_data: zero}}\n",
        f"as_of: 2026-01-31, given: {{attributes: {{country: CH}}, facts: {{sell_through: [{rows}]}}}}, expect: {{measures: {{sold: 14}}}}",
        f"as_of: 2026-01-31, given: {{facts: {{sell_through: [{rows}]}}}}, expect: {{measures: {{sold: 8}}}}",
        subject="partner x country",
    )


def test_e16_a_level_that_rises_any_month_and_falls_only_at_a_review():
    in_programme("odoo", "rises in any month, falls only at a quarter end")
    in_programme("sap_partneredge_2010", "a Silver partner at 340 on 1 March stays Silver until July")
    in_programme("corners", "falls one step at a time, at a quarter end, not before five months are over")


def test_e20_history_weighted_by_recency():
    in_programme(
        "erpnext",
        "three periods fade linearly",
        "the thirteenth period no longer counts",
        "an empty period is skipped, not scored 0 or 100",
    )


def test_e21_the_score_before_smooths_the_new_one():
    in_programme("sap_supplier_evaluation", "smoothing with 30 percent for the new score")


def test_e22_weights_as_ratios_on_two_levels():
    in_programme("sap_supplier_evaluation", "the published overall score", "the published price score", "all four criteria, ratios 3 1 1 1")


def test_e25_a_streak_opens_a_task():
    in_programme("four_metric", "three months at 93 to 94 ask for a plan", "two months at 93 are not three", "two months at 90 to 92",
                 "one month at 92 is not two", "a month outside the band starts the count again", "below 90 at once")  # fmt: skip


HELD = """
measures: {sales: {fact: orders, sum: amount}}
kpis: {sold: {formula: sales, unit: money, better: higher, no_data: zero}}
levels: [{name: Base, require: []}, {name: Premier, require: [sold >= 10], held: {for: 6 months}}]
"""


def test_e31_a_level_whose_requirements_held_for_six_months():
    ends = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"]

    def series(days, sold):
        return ", ".join(f"{{as_of: {day}, kpis: {{sold: {value}}}}}" for day, value in zip(days, sold, strict=True))

    holds(
        HELD,
        f"series: [{series(ends, [10] * 7)}], expect: {{level: Premier}}",
        f"series: [{series(ends, [10, 10, 10, 9, 10, 10, 10])}], expect: {{level: Base}}",
        f"series: [{series(ends[1:], [10] * 6)}], expect: {{level: Base}}",
    )


SOURCED = """
measures: {all_points: {fact: point_awards, sum: points}, sourced: {fact: point_awards, sum: points, where: category == "sourced"}}
kpis: {total_points: {formula: all_points, unit: number, no_data: zero}, sourced_points: {formula: sourced, unit: number, no_data: zero}}
levels: [{name: Base, require: []}, {name: Gold, require: [total_points >= 100, sourced_points >= 50]}]
"""


def test_e33_a_least_share_of_one_kind_inside_a_total():
    edges = {(100, 50): "Gold", (100, 49): "Base", (99, 60): "Base"}
    holds(
        SOURCED,
        *(f"given: {{kpis: {{total_points: {t}, sourced_points: {s}}}}}, expect: {{level: {level}}}" for (t, s), level in edges.items()),
    )
