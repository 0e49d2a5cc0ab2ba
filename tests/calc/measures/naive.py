"""Phase 1 once more, as naive as can be: loops over the rows that still stand, one subject, window and measure at a time.

Every measure is declared twice: as its author writes it, and as Python functions of one row. Numbers are exact fractions.
"""

# ruff: noqa: E501 - declarations read as tables, one row a line
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from statistics import median

from steelyard.calc.facts import FACTS
from steelyard.calc.framework.read import read
from steelyard.calc.units import DECIMALS, Blank

from . import world


@dataclass
class Said:
    """One measure: its text in the framework, and what it means. ``value`` None: rows are counted."""

    text: str
    aggregate: str
    value: Callable | None
    unit: str
    rules: tuple[tuple[Callable, str, bool], ...] = ()
    blank: str = ""
    fact: str = "orders"
    date: str | None = None
    once_per: tuple[str, ...] = ()
    valid_on: bool = False
    known_when: tuple[str, int] | None = None
    keys: Callable = field(default=lambda row: ())


def _column(name):
    return lambda row: row[name]


def _counted(row):
    """The quantity in the product's counting unit, in the grain of numbers."""
    return None if None in (row["quantity"], row["factor"]) else Fraction(round(row["quantity"] * row["factor"] * 10**6), 10**6)


def _times(row):
    return None if None in (row["quantity"], row["unit_price"]) else row["quantity"] * row["unit_price"]


def _margin(row):
    return None if row["cost"] is None else row["amount"] - row["cost"]


def _factor(row):
    """The table of FRAMEWORK, for the row's category on its date."""
    if row["category"] == "bikes":
        return row["amount"] * (Fraction(3, 2) if row["date"] >= date(2012, 3, 1) else Fraction(1, 3))
    return row["amount"] * 2 if row["category"] == "wear" else None


def _late(row):
    return None if row["shipped_on"] is None else row["shipped_on"] > row["promised_on"]


def _is_bike(row):
    return None if row["category"] is None else row["category"] == "bikes"


def _in_north(row):
    return None if row["partner.region"] is None else row["partner.region"] == "N"


AMOUNT = _column("amount")
BIKE = (_is_bike, "not a bike", False)
POSITIVE = (lambda row: row["amount"] > 0, "a credit", False)
ON_CREDIT = (_column("on_credit"), "not on credit", True)

MEASURES = {
    "net": Said("sum: amount", "sum", AMOUNT, "money"),
    "lines": Said("count: lines", "count", None, "count"),
    "bikes": Said(
        'sum: amount, where: [{rule: category == "bikes", reason: not a bike}, {rule: amount > 0, reason: a credit}, {rule: on_credit, reason: not on credit, blank: holds}]',
        "sum", AMOUNT, "money", (BIKE, POSITIVE, ON_CREDIT),
    ),
    "north": Said('count: lines, where: [{rule: partner.region == "N", reason: elsewhere}]', "count", None, "count", ((_in_north, "elsewhere", False),)),
    "punctual": Said("count: lines, where: [{rule: not shipped_on > promised_on, reason: late}, {rule: is_blank(cost) or cost > 100, reason: late}]",
        "count", None, "count", ((lambda row: None if _late(row) is None else not _late(row), "late", False), (lambda row: row["cost"] is None or row["cost"] > 100, "late", False))),
    "shipped": Said("sum: amount, date: shipped_on", "sum", AMOUNT, "money", date="shipped_on"),
    "quantity": Said("sum: quantity", "sum", _counted, "number", blank="quantity is blank"),
    "value": Said("sum: quantity * unit_price", "sum", _times, "money", blank="quantity * unit_price is blank"),
    "margin": Said("sum: amount - cost", "sum", _margin, "money", blank="amount - cost is blank"),
    "factored": Said("sum: amount * factor(category)", "sum", _factor, "money", blank="amount * factor(category) is blank"),
    "average": Said("mean: amount, where: [{rule: amount > 0, reason: a credit}]", "mean", AMOUNT, "money", (POSITIVE,)),
    "average_quantity": Said("mean: quantity", "mean", _counted, "number", blank="quantity is blank"),
    "middle": Said("median: amount", "median", AMOUNT, "money"),
    "least": Said('min: amount, where: [{rule: category == "bikes", reason: not a bike}]', "min", AMOUNT, "money", (BIKE,)),
    "most": Said("max: amount", "max", AMOUNT, "money"),
    "newest": Said("max: shipped_on", "max", _column("shipped_on"), "date", blank="shipped_on is blank"),
    "first_amount": Said("first: amount", "first", AMOUNT, "money"),
    "last_amount": Said("last: amount, window: all time, where: [{rule: amount > 0, reason: a credit}]", "last", AMOUNT, "money", (POSITIVE,)),
    "last_product": Said("last: product", "last", _column("product"), "text", blank="product is blank"),
    "documents": Said("count_distinct: document", "count_distinct", _column("document"), "count"),
    "products": Said("count_distinct: product, where: [{rule: amount > 0, reason: a credit}]", "count_distinct", _column("product"), "count", (POSITIVE,), blank="product is blank"),
    "partners_served": Said("count_distinct: partner", "count_distinct", _column("partner"), "count", blank="partner is blank"),
    "quantities": Said("count_distinct: quantity", "count_distinct", _counted, "count", blank="quantity is blank"),
    "most_quantity": Said("max: quantity", "max", _counted, "number", blank="quantity is blank"),
    "amounts": Said("count_distinct: amount", "count_distinct", AMOUNT, "count"),
    "once": Said("sum: amount, once_per: document", "sum", AMOUNT, "money", once_per=("document",)),
    "once_average": Said("mean: cost, once_per: [document, product]", "mean", _column("cost"), "money", blank="cost is blank", once_per=("document", "product")),
    "reported": Said("sum: amount, known_when: {report: orders, missing: 1}", "sum", AMOUNT, "money", known_when=("orders", 1)),
    "certified": Said("count_distinct: person, valid_on: period end, fact: certificates", "count_distinct", _column("person"), "count",
        blank="person is blank", fact="certificates", valid_on=True),
    "advanced": Said('count: lines, valid_on: period end, fact: certificates, where: [{rule: grade == "advanced", reason: basic}]', "count", None, "count",
        ((lambda row: row["grade"] == "advanced", "basic", False),), fact="certificates", valid_on=True),
    "half_minutes": Said("median: minutes, fact: activities", "median", _column("minutes"), "number", blank="minutes is blank", fact="activities"),
    "most_minutes": Said("max: minutes, fact: activities", "max", _column("minutes"), "count", blank="minutes is blank", fact="activities"),
    "minutes": Said("sum: minutes, fact: activities", "sum", _column("minutes"), "count", blank="minutes is blank", fact="activities"),
    "quota": Said("sum: amount, fact: targets", "sum", AMOUNT, "money", blank="amount is blank", fact="targets"),
}  # fmt: skip

# windows that a calendar of months or weeks can say; `own` ones are declared in the framework
OWN = {
    "fortnight": "last 14 days",
    "week_ago": "last 7 days, 10 days earlier",
    "half_year": "last 6 months, 2 months earlier",
    "quarter_ago": "1 quarter earlier",
    "two_periods": "last 2 periods, 1 period earlier",
}
BY_CELL = [None, "previous", "last_year", "month", "ttm", "prior_ttm", "ytd", "ever", "half_year", "quarter_ago", "two_periods"]
BY_DAY = ["fortnight", "week_ago"]
BY_DATES = [None, "previous", "ever", "two_periods"]
SINGLE = ("certificates", "activities")  # facts without a territory: of several subjects they know the partner only


BY_LINE = ("line date", "{policy: line date, read_as: document_currency, rates: ecb}")


@lru_cache
def framework(subject, grain, convert):
    """The framework with every measure above that this subject can have."""
    several = " x " in subject
    measures = "".join(
        f"  {name}: {{{said.text}{'' if 'fact:' in said.text else ', fact: orders'}{repeated(said) if several else ''}}}\n"
        for name, said in MEASURES.items() if convert in BY_LINE or can_be_converted_later(said)
    )  # fmt: skip
    text = f"""framework: naive
title: Naive
subject: {subject}
grain: {grain}
currency: EUR
convert: {convert}
windows: {{{", ".join(f'{name}: "{window}"' for name, window in OWN.items())}}}
tables:
  factor:
    by: [category]
    unit: number
    rows:
      - {{category: bikes, value: 0.333333333333333}}
      - {{category: bikes, from: 2012-03-01, value: 1.5}}
      - {{category: wear, value: 2}}
    else: blank
measures:
{measures}kpis:
  k: {{formula: lines, unit: count, better: higher, no_data: zero}}
"""
    found, problems = read(text)
    assert found is not None, "\n".join(map(str, problems))
    return found


def can_be_converted_later(said):
    """Sums of money; everything else that compares money is refused where frameworks are read."""
    return said.unit != "money" or (said.aggregate in ("sum", "mean") and not said.once_per)


def repeated(said):
    return ", per_subject: repeat" if said.fact in SINGLE else ""


class Naive:
    """Reads any measure at any point from live rows."""

    def __init__(self, framework, calendar, live, by_day):
        self.framework, self.calendar, self.by_day = framework, calendar, by_day
        self.rows = {}
        for kind, rows in live.items():
            self.rows[kind] = [self._natural(kind, row) for row in rows]

    @staticmethod
    def _natural(kind, row):
        scaled = {}
        for column in FACTS[kind].columns:
            stored = row.get(column.name)
            number = stored is not None and column.type in DECIMALS
            scaled[column.name] = Fraction(stored, 10 ** DECIMALS[column.type]) if number else stored
        scaled["source"] = row["source"]
        on = row[FACTS[kind].date]
        factor = world.factor_of(scaled.get("product"), scaled.get("unit"), on)
        who = world.who(scaled, on)
        told = "party" not in scaled or world.told(kind, row["source"], who["partner"], on)
        return scaled | who | {"on": on, "factor": factor, "told": told}

    def read(self, name, subject, start, end):
        """(value or Blank, rows counted, reason -> rows excluded)."""
        said = MEASURES[name]
        found = [row for row in self.rows[said.fact] if self._is_of(said, row, subject) and self._is_in(said, row, start, end)]
        counted, excluded = [], {}
        for row in found:
            reason = self._why_not(said, row) or self._no_late_rate(said, row, name, end)
            if reason:
                excluded[reason] = excluded.get(reason, 0) + 1
            else:
                counted.append(row)
        value, rows = self._value(name, said, counted, end)
        if said.known_when:
            value = self._if_known(said, value, subject, start, end)
        return value, rows, excluded

    def _is_of(self, said, row, subject):
        parts = ("partner",) if said.fact in SINGLE and len(self.framework.subject) > 1 else self.framework.subject
        return all(row[part] == subject[self.framework.subject.index(part)] for part in parts)

    @staticmethod
    def _is_in(said, row, start, end):
        if said.valid_on:
            last = end - timedelta(days=1)
            return row["valid_from"] <= last and (row["valid_to"] is None or last <= row["valid_to"])
        on = row[said.date or FACTS[said.fact].date]
        return on is not None and start <= on < end

    def _why_not(self, said, row):
        if not row["told"]:
            return "another source is authoritative"
        for rule, reason, blank_holds in said.rules:
            answer = rule(row)
            if not (blank_holds if answer is None else answer):
                return reason
        if said.value is None:
            return None
        if said.value is _counted and row["quantity"] is not None and row["factor"] is None:
            return "no factor for the unit of measure"
        if said.value(row) is None:
            return said.blank
        if said.unit == "money" and self.framework.convert.policy == "line date" and self._ratio(row, row["on"]) is None:
            return "no currency rate for the day"
        return None

    def _currency(self, row):
        read_as = self.framework.convert.read_as
        return row[read_as] if read_as in row else row["currency"]

    def _ratio(self, row, on):
        return world.ratio(self._currency(row), on, source=self.framework.convert.rates)

    def _stored(self, said, row):
        """The row's value in its grain, converted where each line is."""
        value = said.value(row)
        unit = "number" if said.unit == "count" and isinstance(value, Fraction) else said.unit
        if unit not in DECIMALS or not isinstance(value, int | Fraction):
            return value
        stored = round(value * 10 ** DECIMALS[unit])
        if unit == "money" and self.framework.convert.policy == "line date":
            stored = round(stored * self._ratio(row, row["on"]))
        return Fraction(stored, 10 ** DECIMALS[unit])

    def _value(self, name, said, rows, end):
        if said.value is None:
            return len(rows), len(rows)
        if said.unit == "money" and self.framework.convert.policy != "line date":
            return self._summed_by_currency(name, said, rows, end)
        pairs = [(row, self._stored(said, row)) for row in rows]
        if said.once_per:
            largest = {}
            for row, value in pairs:
                key = tuple(row[column] for column in said.once_per)
                largest[key] = max(value, largest.get(key, value))
            total = sum(largest.values())
            return self._or_blank(said, total, len(rows), len(largest))
        values = [value for _, value in pairs]
        return self._aggregated(said, pairs, values)

    @staticmethod
    def _or_blank(said, total, rows, divided_by):
        if said.aggregate == "sum":
            return total, rows
        return (Blank("no rows in the window"), 0) if not divided_by else (Fraction(total) / divided_by, divided_by)

    def _aggregated(self, said, pairs, values):
        if said.aggregate == "sum":
            return sum(values), len(values)
        if said.aggregate == "count_distinct":
            return len(set(values)), len(values)
        if not values:
            return Blank("no rows in the window"), 0
        if said.aggregate == "mean":
            return Fraction(sum(values)) / len(values), len(values)
        if said.aggregate in ("first", "last"):
            days = [row["on"] for row, _ in pairs]
            chosen = min(days) if said.aggregate == "first" else max(days)
            those = [value for row, value in pairs if row["on"] == chosen]
            return (max(those) if said.unit == "text" else sum(those)), len(those)
        plain = {"median": median, "min": min, "max": max}[said.aggregate]
        return plain(values), len(values)

    def _summed_by_currency(self, name, said, rows, end):
        """Sums per currency (and, at month averages, per cell), converted and rounded once each."""
        sums = {}
        for row in rows:
            on = row[said.date or FACTS[said.fact].date]
            key = (self._currency(row), self._place(name, on))
            sums[key] = sums.get(key, 0) + round(said.value(row) * 10**4)
        total = 0
        for (currency, place), stored in sums.items():
            total += round(stored * self._late_rate(currency, place, end))
        total = Fraction(total, 10**4)
        if said.aggregate == "mean":
            return (total / len(rows), len(rows)) if rows else (Blank("no rows in the window"), 0)
        return total, len(rows)

    def _place(self, name, on):
        """What is converted and rounded together: a fiscal month or a day at month averages, else all of the window."""
        if self.framework.convert.policy != "month average":
            return None
        cell = self.calendar.cells(on, on)[0]
        return (cell.start, cell.end, on if name in self.by_day else None)

    def _late_rate(self, currency, place, end):
        """The month's mean of the days that have a rate, or the rate of the window's last day."""
        source = self.framework.convert.rates
        if place is None:
            return world.ratio(currency, end - timedelta(days=1), source=source)
        days = [place[0] + timedelta(days=number) for number in range((place[1] - place[0]).days)]
        rates = [rate for rate in (world.ratio(currency, on, source=source) for on in days) if rate is not None]
        return sum(rates) / len(rates) if rates else None

    def _no_late_rate(self, said, row, name, end):
        if said.value is None or said.unit != "money" or self.framework.convert.policy == "line date":
            return None
        on = row[said.date or FACTS[said.fact].date]
        return "no currency rate for the day" if self._late_rate(self._currency(row), self._place(name, on), end) is None else None

    def _if_known(self, said, value, subject, start, end):
        report, allowed = said.known_when
        if start == date.min:
            return value
        partner = subject[self.framework.subject.index("partner")] if "partner" in self.framework.subject else "nobody"
        covered = set()
        for row in self.rows["coverage"]:
            came = row["received_on"] is not None or row["due_on"] is None
            if came and row["report"] == report and (row["party"] is None or row["partner"] == partner):
                covered |= {row["date"] + timedelta(days=number) for number in range((row["until"] - row["date"]).days + 1)}
        missing = []
        for month in self.calendar.cells(start, end - timedelta(days=1)):
            if not all(month.start + timedelta(days=number) in covered for number in range((month.end - month.start).days)):
                missing.append(month.label)
        return Blank(f"report_missing: {report} for {', '.join(missing)}") if len(missing) > allowed else value
