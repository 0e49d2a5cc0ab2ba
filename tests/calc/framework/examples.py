"""A small complete framework; tests change one line of it and look at what happens."""

DISTRIBUTOR = """\
framework: distributor-standard
title: Distributor standard
subject: partner
applies_to: status == "active"
grain: quarter
effective: 2026-01-01
currency: EUR
convert: line date
rounding: half_up
settings: {least_base: 10000}
tables:
  sales_for:
    by: [region, level]
    unit: EUR
    rows:
      - {region: North, level: Gold, value: 200000}
      - {region: South, level: Gold, from: 2027-01-01, value: 150000}
    else: blank
curves:
  late_points: {bands: [{to: 0%, points: 100}, {above: 0%, to: 5%, points: 90}, {above: 5%, points: 40}]}
windows: {two_years: last 24 months}
measures:
  net_sales: {fact: orders, sum: amount, where: [{rule: kind != "free goods", reason: free goods, blank: holds}]}
  target: {fact: targets, sum: amount, where: metric == "sell in"}
  customers: {fact: orders, count_distinct: end_customer, window: ttm}
  certified: {fact: certificates, count_distinct: person, valid_on: period end}
  cooperation: {fact: ratings, mean: value, where: question == "cooperation", window: two_years}
  late: {fact: orders, count: lines, where: shipped_on > promised_on}
  all_lines: {fact: orders, count: lines}
kpis:
  attainment: {formula: net_sales / target, unit: percent, better: higher, no_data: skip, round: 4}
  growth:
    formula: net_sales[ttm] / net_sales[prior_ttm] - 1
    unit: percent
    better: higher
    range: [-100%, 500%]
    target: 8%
    no_data: {if: 'net_sales[prior_ttm] < least_base', then: skip, reason: base too small}
    small_below: 20
  people: {formula: certified, unit: count, no_data: zero}
  width: {formula: customers, unit: count, no_data: zero}
  coop: {formula: cooperation, unit: points, better: {between: [3, 5]}, no_data: {carry: 2}}
  lateness: {formula: late / all_lines, unit: percent, better: lower, no_data: full}
scorecard:
  combine: mean
  of:
    commercial:
      combine: mean
      weight: 60
      of:
        sales: {weight: 70, kpi: attainment, points: {line: [[60%, 0], [100%, 100], [120%, 120]]}, cap: 100}
        rising: {weight: 30, kpi: growth, points: {bands: [{below: 0%, points: 0}, {from: 0%, points: 50}, {from: 5%, points: 100}]}}
      require: [{rule: lowest_item > 0, else: {cap: 60}, reason: an item without points}]
    capability:
      combine: sum
      weight: 40
      of:
        trained: {kpi: people, points: {per: {points: 4, each: 1, whole: true}}, cap: 20}
        breadth: {kpi: width, points: {per: {points: 2}}, cap: 40}
        working: {kpi: coop, points: {line: [[1, 0], [5, 40]]}}
        prompt: {kpi: lateness, points: late_points, scale_to: 20}
      cap: 100
      scale_to: 100
levels:
  - {name: Silver, require: []}
  - name: Gold
    require:
      - points >= 60
      - any:
          - [people >= 3, 'net_sales >= sales_for(region, "Gold") / 2']
          - ['net_sales >= sales_for(region, "Gold")']
    actions: [show_badge]
  - {name: Platinum, require: [points >= 85]}
"""


def changed(*pairs: tuple[str, str]) -> str:
    """The example with exactly one occurrence of each first text replaced by the second."""
    text = DISTRIBUTOR
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        text = text.replace(old, new)
    return text
