"""Lists once more, as naive as can be: loops over the rows that still stand. Whatever the order of rows, their reversals and the
pieces in which they are reduced, both come to the same figures.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from statistics import median

import polars as pl
import pytest

from steelyard.calc.facts import FACTS, SYSTEM_COLUMNS
from steelyard.calc.framework.read import read
from steelyard.calc.lists.coding import coded
from steelyard.calc.lists.listing import list_lines, row_kind
from steelyard.calc.measures.evaluate import Cube, evaluate
from steelyard.calc.measures.partial import merge, reduce
from steelyard.calc.measures.plan import plan
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Points, readings_of
from steelyard.calc.resolve import Resolver
from steelyard.calc.units import DECIMALS
from tests.calc.measures import world

TEXT = """
framework: lists
subject: partner
grain: month
currency: EUR
rounding: half_up
peers: {same: [], least: 1}
windows: {quarter3: last 3 months, fortnight: last 14 days}
lists:
  tenants:
    one_per: tenant
    columns:
      seats:  {fact: seats, last: paid_units, window: all time}
      active: {fact: usage, last: active_units, window: quarter3}
      mean:   {fact: usage, mean: active_units, window: quarter3}
      share:  {formula: active / seats}
      others: {formula: peer_mean(seats)}
    keep: [{rule: seats > 0, reason: no seats}]
  chosen:
    fact: quotes
    window: quarter3
    where: [{rule: not expired, reason: expired}]
    one_per: [customer, product]
    prefer: [signed, highest amount]
  dearest: {list: chosen, one_per: customer, prefer: [highest amount]}
  visits:
    fact: activities
    where: kind == "visit"
    one_per: [account, date]
    columns: {after: {fact: quotes, count: lines, match: {account: customer}, from: date, for: 14 days}}
measures:
  tenants: {list: tenants, count: lines}
  shares: {list: tenants, median: share, where: [{rule: active > 5, reason: hardly used}]}
  means: {list: tenants, sum: mean}
  above: {list: tenants, count: lines, where: seats > others}
  quoted: {list: chosen, sum: amount}
  quotes: {list: chosen, count: lines}
  dearest: {list: dearest, sum: amount}
  struck: {list: visits, count: lines, where: after > 0}
kpis:
  a: {formula: 'tenants - tenants[previous] + shares + means + above + struck[quarter3] + struck[fortnight]', unit: number, no_data: skip}
  b: {formula: 'quoted + quoted[previous] + dearest', unit: money, no_data: skip}
  c: {formula: quotes, unit: count, no_data: skip}
"""
FRAMEWORK, PROBLEMS = read(TEXT)
DAYS = [date(2012, 3, 31), date(2012, 4, 30)]
PARTNERS = ["A", "B", "C"]
BEFORE = ("expired", 'does not meet kind == "visit"')  # leaves rows out before they are lines


def some_row(random, kind):
    day = date(2012, 1, 1) + timedelta(days=random.randrange(125))
    row = {"source": "erp", "party": random.choice(PARTNERS), "date": day}
    if kind == "seats":
        return row | {"tenant": random.choice("tuv"), "paid_units": random.randrange(0, 30)}
    if kind == "usage":
        return row | {"tenant": random.choice(["t", "u", "w", None]), "workload": "mail", "active_units": random.randrange(0, 30)}
    if kind == "activities":
        return row | {"document": "v", "account": random.choice("xyz"), "kind": random.choice(["visit", "call"])}
    return row | {
        "document": f"q{random.randrange(40)}", "customer": random.choice("xy"), "product": random.choice("pq"), "currency": "EUR",
        "amount": random.choice([10_0000, 20_0000, random.randrange(10**6)]), "signed": random.choice([True, False, None]),
        "expired": random.choice([True, False, False]),
    }  # fmt: skip


def ledger(random, kind):
    """Rows with signs, in a random order in which no reversal comes before its row; and those that stand."""
    signed, live = [], []
    for _ in range(random.randrange(60)):
        if live and random.random() < 0.3:
            gone = live.pop(random.randrange(len(live)))
            signed.append(gone | {"sign": -1})
            if random.random() < 0.3:  # A -> B -> A
                live.append(gone)
                signed.append(gone | {"sign": 1})
        else:
            row = some_row(random, kind)
            live.append(row)
            signed.append(row | {"sign": 1})
    return signed, live


def frame(kind, rows):
    blank = dict.fromkeys(FACTS[kind].schema | SYSTEM_COLUMNS)
    numbered = [blank | {"row_id": number} | row for number, row in enumerate(rows, 1)]
    return pl.DataFrame(numbered, schema=FACTS[kind].schema | SYSTEM_COLUMNS, orient="row")


def cube_of(random, ledgers, pieces):
    calendar = FiscalCalendar("standard")
    todo = plan(FRAMEWORK, calendar, readings_of(FRAMEWORK))
    resolver = Resolver(world.histories(aliases=[], authorities=[], assignments=[]))
    partials = {}
    for scan in todo.scans:
        rows = list(ledgers[scan.fact][0])
        random.shuffle(rows)
        cut = sorted(random.randrange(len(rows) + 1) for _ in range(pieces))
        parts = [rows[start:end] for start, end in zip([0, *cut], [*cut, len(rows)], strict=True)]
        found = [reduce(todo, scan, resolver, frame(scan.fact, part).lazy(), len(part)) for part in parts if part]
        if found:
            partials[scan.name] = merge(found)
    return Cube(todo, resolver, partials)


POINTS = Points([(partner,) for partner in PARTNERS for _ in DAYS], DAYS * len(PARTNERS))


def figures(random, ledgers, pieces):
    return evaluate(cube_of(random, ledgers, pieces), POINTS, readings_of(FRAMEWORK)), POINTS


# the second evaluator ------------------------------------------------------------------------------------------------


def month_start(day, back=0):
    month = day.year * 12 + day.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)


def rounded(value, decimals):
    return Fraction(round(value * 10**decimals), 10**decimals)


class Naive:
    def __init__(self, ledgers):
        self.rows = {kind: live for kind, (_, live) in ledgers.items()}

    def of(self, kind, partner, first, last):
        return [row for row in self.rows[kind] if row["party"] == partner and first <= row["date"] <= last]

    def tenants(self, partner, end):
        lines = {}
        for row in self.of("seats", partner, date.min, end):
            lines.setdefault(row["tenant"], {})
        usage = [row for row in self.of("usage", partner, month_start(end, 2), end) if row["tenant"]]
        for row in usage:
            lines.setdefault(row["tenant"], {})
        for tenant, line in lines.items():
            for name, rows, value in (
                ("seats", self.of("seats", partner, date.min, end), "paid_units"), ("active", usage, "active_units"),
            ):  # fmt: skip
                own = [row for row in rows if row["tenant"] == tenant]
                last = max((row["date"] for row in own), default=None)
                line[name] = sum(row[value] for row in own if row["date"] == last) if own else None
            used = [row["active_units"] for row in usage if row["tenant"] == tenant]
            line["mean"] = rounded(Fraction(sum(used), len(used)), 6) if used else None
            known = line["seats"] and line["active"] is not None
            line["share"] = rounded(Fraction(line["active"], line["seats"]), 6) if known else None
        return lines

    def kept(self, partner, end):
        return {tenant: line for tenant, line in self.tenants(partner, end).items() if line["seats"] and line["seats"] > 0}

    def chosen(self, partner, end):
        groups = defaultdict(list)
        for row in self.of("quotes", partner, month_start(end, 2), end):
            if row["expired"] is False:
                groups[(row["customer"], row["product"])].append(row)

        def order(row):
            signed = {True: 0, False: 1, None: 2}[row["signed"]]
            return (signed, -row["amount"], row["document"])

        return {key: min(rows, key=order) for key, rows in groups.items()}

    def struck(self, partner, first, end):
        visits = {(row["account"], row["date"]) for row in self.of("activities", partner, first, end) if row["kind"] == "visit"}
        quotes = self.of("quotes", partner, date.min, date.max)
        return sum(
            any(row["customer"] == account and day <= row["date"] <= day + timedelta(days=14) for row in quotes) for account, day in visits
        )

    def read(self, name, window, partner, day):
        end = month_start(day) - timedelta(days=1) if window == "previous" else day
        kept = self.kept(partner, end)
        if name == "tenants":
            return len(kept)
        if name == "shares":
            values = [line["share"] for line in kept.values() if line["active"] is not None and line["active"] > 5]
            return rounded(median(values), 9) if values else None
        if name == "means":
            return sum(line["mean"] for line in kept.values() if line["mean"] is not None)
        if name == "above":
            return sum(1 for tenant, line in kept.items() if line["seats"] > self.mean_of_peers(tenant, end))
        if name == "struck":
            first = {"quarter3": month_start(day, 2), "fortnight": day - timedelta(days=13)}[window]
            return self.struck(partner, first, day)
        chosen = self.chosen(partner, end)
        if name == "quotes":
            return len(chosen)
        if name == "quoted":
            return Fraction(sum(row["amount"] for row in chosen.values()), 10**4)
        dearest = defaultdict(int)
        for (customer, _), row in chosen.items():
            dearest[customer] = max(dearest[customer], row["amount"])
        return Fraction(sum(dearest.values()), 10**4)

    def mean_of_peers(self, tenant, end):
        seats = [line["seats"] for partner in PARTNERS if (line := self.tenants(partner, end).get(tenant)) and line["seats"] is not None]
        return rounded(Fraction(sum(seats), len(seats)), 6)


def ledgers_of(random):
    return {kind: ledger(random, kind) for kind in ("seats", "usage", "quotes", "activities")}


@pytest.mark.parametrize("seed", range(25))
def test_lists_are_what_loops_over_standing_rows_make_of_them(seed):
    random = Random(seed)
    ledgers = ledgers_of(random)
    found, points = figures(random, ledgers, random.randrange(4))
    naive = Naive(ledgers)
    for reading, column in found.items():
        for position, ((partner,), day) in enumerate(zip(points.subjects, points.as_of, strict=True)):
            expected = naive.read(reading.measure, reading.window, partner, day)
            value = column.values[position]
            assert value == expected if expected is not None else hasattr(value, "reason"), (str(reading), partner, day)


def test_the_order_and_the_pieces_of_the_rows_change_nothing():
    random = Random(99)
    ledgers = ledgers_of(random)
    first, _ = figures(Random(1), ledgers, 0)
    for seed in range(2, 6):
        again, _ = figures(Random(seed), ledgers, 3)
        for reading, column in first.items():
            assert (again[reading].values, again[reading].counted, again[reading].excluded) == (
                column.values, column.counted, column.excluded,
            )  # fmt: skip


def test_keys_as_numbers_and_keys_as_they_are_give_the_same(monkeypatch):
    ledgers = ledgers_of(Random(7))
    numbered, _ = figures(Random(1), ledgers, 2)
    assert coded  # what is taken away below
    monkeypatch.setattr("steelyard.calc.lists.building.coded", lambda *_: None)
    plain, _ = figures(Random(1), ledgers, 2)
    assert {str(one): column.values for one, column in plain.items()} == {str(one): column.values for one, column in numbered.items()}


def test_keys_of_days_before_1970_are_told_apart():
    text = """
framework: old
subject: partner
grain: month
currency: EUR
lists: {visits: {one_per: [account, date], columns: {times: {fact: activities, count: lines, window: all time}}}}
measures: {visits: {list: visits, count: lines}}
kpis: {a: {formula: visits, unit: count, no_data: zero}}
"""
    framework, _ = read(text)
    same = {"source": "erp", "party": "A", "sign": 1, "kind": "visit"}
    days = [date(1969, 12, 30), date(1969, 12, 31), date(1970, 1, 1), date(1970, 1, 2)]
    for some in (days, days[:1], days[:2]):
        rows = [same | {"document": f"{account} {day}", "account": account, "date": day} for account in "xyz" for day in some]
        todo = plan(framework, FiscalCalendar("standard"), readings_of(framework))
        resolver = Resolver(world.histories(aliases=[], authorities=[], assignments=[]))
        partial = reduce(todo, todo.scans[0], resolver, frame("activities", rows).lazy(), len(rows))
        found = evaluate(Cube(todo, resolver, {todo.scans[0].name: partial}), Points([("A",)], [date(1970, 1, 31)]), readings_of(framework))
        (column,) = found.values()
        assert column.values == [3 * len(some)], some


def test_what_is_left_out_is_counted_with_its_reason():
    same = {"source": "erp", "party": "A", "date": DAYS[1], "customer": "x", "product": "p", "currency": "EUR", "signed": False, "sign": 1}
    told = (("q1", 1, False), ("q2", 2, False), ("q3", 3, True))
    rows = [same | {"document": name, "amount": amount, "expired": expired} for name, amount, expired in told]
    ledgers = {"seats": ([], []), "usage": ([], []), "activities": ([], []), "quotes": (rows, rows)}
    found, points = figures(Random(1), ledgers, 0)
    column = next(column for reading, column in found.items() if str(reading) == "quotes")
    at = [position for position, codes in enumerate(points.subjects) if codes == ("A",)][1]
    assert column.values[at] == 1 and column.counted[at] == 1
    assert {reason: counts[at] for reason, counts in column.excluded.items()} == {
        "expired": 1, "another row of the same customer, product is preferred": 1,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_the_lines_listed_behind_a_figure_add_up_to_it(seed):
    cube = cube_of(Random(1), ledgers_of(Random(seed)), 1)
    found = evaluate(cube, POINTS, readings_of(FRAMEWORK))
    for reading, column in found.items():
        measure = FRAMEWORK.measures[reading.measure]
        for position in range(0, len(POINTS), 3):
            lines = list_lines(cube, POINTS, reading, position)
            assert lines["counted"].sum() == column.counted[position]
            told = Counter(lines.filter(~pl.col("counted"))["reason"])
            expected = {reason: counts[position] for reason, counts in column.excluded.items() if reason not in BEFORE and counts[position]}
            assert told == expected and set(row_kind(FRAMEWORK, measure).by_name) <= set(lines.columns)
            if measure.aggregate in ("sum", "count"):
                grain = 10 ** DECIMALS["count" if measure.aggregate == "count" else measure.type.kind]
                assert lines["contribution"].sum() == column.values[position] * grain


def test_the_framework_of_these_tests_has_no_mistake():
    assert not [problem for problem in PROBLEMS if problem.severity == "error"], PROBLEMS
