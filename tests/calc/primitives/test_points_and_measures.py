"""E1 to E5, E9, E17 to E19, E23, E24, E26 to E30, E32: how rows become measures, and values points."""

from __future__ import annotations

from .proving import holds, in_programme


def test_e01_points_per_unit_with_a_cap_and_partial_credit():
    in_programme("microsoft_modern_work", "ent_adds from adds_ent 2.5", "ent_adds from adds_ent 5", "ent_adds from adds_ent 10")


BANDS = """
measures: {done: {fact: activities, count: lines}}
kpis: {calls: {formula: done, unit: number, better: higher, no_data: zero}}
scorecard: {combine: sum, of: {work: {kpi: calls, points: {bands: [BANDS]}}}}
""".replace("BANDS", "{below: 0, points: 1}, {from: 0, to: 5, points: 2}, {above: 5, below: 9, points: 3}, {from: 9, points: 4}")


def test_e02_brackets_with_open_and_closed_ends_and_refused_gaps_and_overlaps():
    edges = {"-0.000001": 1, "0": 2, "5": 2, "5.000001": 3, "8.999999": 3, "9": 4}
    holds(BANDS, *(f"given: {{kpis: {{calls: {value}}}}}, expect: {{points: {points}}}" for value, points in edges.items()))
    in_programme("four_metric", "without the rounding 97.5 falls between two bands", "two bands that both hold 95")


DEALS = """
measures:
  booked: {fact: deals, sum: amount, once_per: project}
  renewed: {fact: deals, sum: amount, once_per: project, where: opted_in}
kpis: {renewal: {formula: renewed / booked, unit: percent, better: higher, no_data: skip}}
scorecard: {combine: sum, of: {renewals: {kpi: renewal, points: {bands: [{below: 80%, points: 0}, {from: 80%, points: 10}]}}}}
"""


def test_e03_a_ratio_by_value_in_which_a_project_counts_once():
    row = "{{document: {0}, project: {1}, date: 2026-01-05, amount: {2}, opted_in: {3}}}"
    for small, share, points in ((20, "80%", 10), (21, "79.2079208%", 0)):
        rows = ", ".join(row.format(*each) for each in ((1, "p", 80, "true"), (2, "p", 80, "true"), (3, "q", small, "false")))
        holds(DEALS, f"as_of: 2026-01-31, given: {{facts: {{deals: [{rows}]}}}}, expect: {{kpis: {{renewal: {share}}}, points: {points}}}")


NET = """
measures: {seats: {fact: seats, last: paid_units, window: all time}}
kpis: {added: {formula: 'seats - seats[last_year]', unit: count, better: higher, no_data: zero}}
"""


def test_e04_a_net_count_between_two_dates_in_which_losses_subtract():
    in_programme(
        "microsoft_modern_work", "net adds are the difference of two dates, losses subtract, and a tenant under 11 seats is left out"
    )
    row = "{{tenant: a, date: {0}, paid_units: {1}}}"
    reports = ", ".join(row.format(*each) for each in (("2025-01-31", 40), ("2025-07-31", 90), ("2026-01-31", 30)))
    given = "as_of: {0}, given: {{facts: {{seats: [{1}]}}}}, expect: {{kpis: {{added: {2}}}}}"
    holds(NET, given.format("2026-07-30", reports, -10), given.format("2026-07-31", reports, -60))


GROWTH = """
measures: {sales: {fact: orders, sum: amount}}
kpis:
  growth: {formula: 'sales[period] / sales[last_year] - 1', unit: percent, better: higher, no_data: skip}
  rolling: {formula: 'sales[ttm] / sales[prior_ttm] - 1', unit: percent, better: higher, no_data: skip}
"""


def test_e05_growth_against_the_same_period_last_year_and_rolling():
    row = "{{document: {0}, date: {0}, amount: {1}}}"
    sold = {"2025-01-01": 100, "2025-01-31": 100, "2025-02-01": 50, "2026-01-31": 250, "2024-12-31": 300, "2024-02-01": 100}
    rows = ", ".join(row.format(day, amount) for day, amount in sold.items())
    holds(
        GROWTH,
        f"as_of: 2026-01-31, given: {{facts: {{orders: [{rows}]}}}}, expect: {{kpis: {{growth: 25%, rolling: -50%}}}}",
        "given: {measures: {sales: {period: 1, last_year: 0, ttm: 1, prior_ttm: 0}}}, expect: {kpis: {growth: null, rolling: null}}",
    )


def test_e09_the_best_of_several_kinds_of_association():
    in_programme("microsoft_modern_work", "the small-business track of the published example")
    in_programme("microsoft_security", "users or revenue, whichever earns more")


def test_e17_points_expire_twelve_months_after_they_were_earned():
    in_programme("sap_partneredge_2010", "points expire after twelve months")


VINTAGE = """
tables: {rate: {by: [product], unit: percent, rows: [{product: crm, value: 20%}, {product: crm, from: 2024-01-01, value: 15%}]}}
measures: {commission: {fact: deals, sum: 'amount * rate(product, contract_started_on)', window: ttm}}
kpis: {earned: {formula: commission, unit: money, better: higher, no_data: zero}}
"""


def test_e18_a_rate_by_the_vintage_of_the_first_sale():
    deal = "{{document: 1, date: 2026-01-10, product: crm, contract_started_on: {0}, amount: 100}}"
    row = "as_of: 2026-01-31, given: {{facts: {{deals: [" + deal + "]}}}}"
    holds(VINTAGE, row.format("2023-12-31") + ", expect: {kpis: {earned: 20}}", row.format("2024-01-01") + ", expect: {kpis: {earned: 15}}")


def test_e19_caps_of_categories_and_of_the_total():
    in_programme("sap_partneredge_2010", "revenue is capped at 500", "every category at its cap makes 800")
    text = """
measures: {award: {fact: point_awards, sum: points}}
kpis: {a: {formula: award, unit: number, no_data: zero}, b: {formula: award + 0, unit: number, no_data: zero}}
scorecard: {combine: sum, cap: 1000, of: {x: {kpi: a, points: value, cap: 800, floor: 0}, y: {kpi: b, points: value, cap: 300, floor: 0}}}
"""
    holds(
        text,
        "given: {kpis: {a: 801, b: 199}}, expect: {items: {x: 800}, points: 999}",
        "given: {kpis: {a: 801, b: 201}}, expect: {points: 1000}",
    )


def test_e23_no_data_is_not_scored_and_its_weight_goes_to_the_others():
    in_programme("erpnext", "nothing received is not scored, its weight goes to delivery", "weights 60 and 40")
    in_programme("sap_supplier_evaluation", "the published price score")


def test_e24_a_benchmark_from_peers_and_none_for_a_sole_supplier():
    in_programme("sap_supplier_evaluation", "market price is the mean over suppliers, and a sole supplier is not scored")


def test_e26_an_order_is_perfect_if_every_condition_holds_for_it():
    in_programme("kpi_library", "a perfect order has nothing wrong anywhere", "an invoice corrected later spoils its order")


PICKED = """
lists:
  chosen: {fact: deals, one_per: project, prefer: [opted_in, highest amount]}
measures: {incentive: {list: chosen, sum: amount}}
kpis: {paid: {formula: incentive, unit: money, better: higher, no_data: zero}}
"""


def test_e27_one_use_case_per_offer_the_one_opted_in_else_the_dearest():
    rows = "{{document: 1, project: p, date: 2026-01-05, amount: 10, opted_in: {0}}}, "
    rows += "{{document: 2, project: p, date: 2026-01-06, amount: 30, opted_in: false}}"
    given = "as_of: 2026-01-31, given: {{facts: {{deals: [" + rows + "]}}}}, expect: {{kpis: {{paid: {1}}}}}"
    holds(PICKED, given.format("true", 10), given.format("false", 30))


MEDIAN = """
lists: {tenants: {one_per: tenant, columns: {active: {fact: usage, last: active_units, window: all time}}}}
measures: {middle: {list: tenants, median: active}}
kpis: {typical: {formula: middle, unit: number, better: higher, no_data: skip}}
"""


def test_e28_the_median_across_accounts():
    row = "{{tenant: {0}, workload: w, association: CSP, date: 2026-01-10, active_units: {1}}}"
    three = ", ".join(row.format(*each) for each in (("a", 1), ("b", 50), ("c", 7)))
    given = "as_of: 2026-01-31, given: {{facts: {{usage: [{0}]}}}}, expect: {{kpis: {{typical: {1}}}}}"
    holds(MEDIAN, given.format(three, 7), given.format(f"{three}, {row.format('d', 8)}", 7.5), given.format("", "null"))


RATED = """
questions: {cooperation: {ask: "How well do they cooperate?", scale: [1, 5], step: 0.5}}
measures: {answers: {fact: ratings, mean: value, where: question == "cooperation"}}
kpis: {rated: {formula: answers, unit: number, better: higher, range: [1, 5], no_data: skip}}
scorecard: {combine: mean, of: {talk: {kpi: rated, points: {bands: [{below: 4.5, points: 0}, {from: 4.5, points: 100}]}}}}
"""


def test_e29_ratings_with_half_steps_beside_automatic_figures():
    rows = "{{question: cooperation, date: 2026-01-05, value: {0}}}, {{question: other, date: 2026-01-05, value: 1}}"
    given = "as_of: 2026-01-31, given: {{facts: {{ratings: [" + rows + "]}}}}"
    holds(RATED, given.format("4.5") + ", expect: {points: 100}", given.format("4") + ", expect: {points: 0}")


def test_e30_only_units_that_meet_a_condition_are_counted():
    in_programme("microsoft_modern_work", "a deployment needs 40 percent of the seats active")
    in_programme("microsoft_security", "a customer of 4 seats is none, of 5 small, of 300 small, of 301 large")


def test_e32_boundaries_and_roundings_are_stated():
    in_programme("microsoft_security", "ent_deployed at 6 earns 20", "ent_deployed one below it earns 16.666667")
    in_programme("four_metric", "97.5 percent is 98 after rounding", "97.4 percent is 97")
