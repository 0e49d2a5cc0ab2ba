"""A region's workbook of the sample company: its lines of the third quarter of 2025, faithful or with ten errors in it."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

import xlsxwriter

from tests import company as told

PERIOD = told.NEWEST
RATES = {"EUR": Decimal(1), "CHF": 1 / Decimal("0.95"), "USD": 1 / Decimal("1.2")}
ERRORS = ("twice", "period", "return", "rate", "hidden", "amount", "missing", "partner", "sign", "target")
NAMES = {row[0]: row[1] for row in told.PARTNERS[1:]}

MAPPING = """
totals: {sheet: Summary, header: 3, columns: {subject: Partner, net_sales: Net sales EUR, attainment: Attainment}}
lines:
  sheet: Lines
  columns: {subject: Partner, document: Order, line: Pos, date: Date, amount: Amount, currency: Curr, rate: Rate, value: EUR}
targets: {sheet: Targets, columns: {subject: Partner, amount: Target}}
"""


@dataclass(frozen=True)
class Line:
    """A line as the region has it."""

    document: str
    position: str
    day: date
    partner: str
    amount: Decimal
    currency: str
    rate: Decimal
    hidden: bool = False

    @property
    def value(self) -> Decimal:
        return (self.amount * self.rate).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)


Lines = list[Line]
Targets = dict[str, Decimal]


def lines_of(number: int) -> Lines:
    """The lines of a quarter, but those of partner B."""
    found = []
    for place, code in enumerate(told.SELLERS):
        growth = 100 + number * (place % 5 - 1) * 4
        for text in told._orders(code, place, number, told.first_days()[number], growth):
            document, position, day, party, _product, _quantity, _price, amount, currency, *_ = text.split(",")
            found.append(Line(document, position, date.fromisoformat(day), party, Decimal(amount), currency, RATES[currency]))
    return found


def faithful() -> tuple[Lines, Targets]:
    """The region's lines and targets as they should be."""
    goals = {code: 4000 if code == "GEI" else 1500 + 100 * (place % 6) for place, code in enumerate(told.SELLERS)}
    return lines_of(1), {code: Decimal(goal) for code, goal in goals.items()}


def with_errors() -> tuple[Lines, Targets]:
    """One error at each of the partners; that of the eighth is at two."""
    lines, targets = faithful()
    earlier = lines_of(0)

    def order(code: str, number: int) -> Lines:
        return [line for line in lines if line.document == f"{code}-1{number}"]

    changed = {id(line): line for line in lines}
    lines += order("ALP", 1)  # twice: two lines of one order
    lines += [line for line in earlier if line.document == "CER-02"]  # of the quarter before
    (sent_back,) = order("DOL", 4)
    changed[id(sent_back)] = None  # the return is left out
    for line in order("FJO", 1):
        changed[id(line)] = replace(line, rate=Decimal("1.1"))
    lines.append(Line("PROFORMA-1", "1", date(2025, 8, 1), "GEI", Decimal(90), "EUR", Decimal(1), hidden=True))
    (mistyped,) = order("HAL", 2)
    changed[id(mistyped)] = replace(mistyped, amount=mistyped.amount + 100)
    (lost,) = order("INN", 3)
    changed[id(lost)] = None
    (moved,) = order("JUT", 3)
    changed[id(moved)] = replace(moved, partner="ENG")
    (turned,) = order("JUT", 4)
    changed[id(turned)] = replace(turned, amount=-turned.amount)
    targets["CER"] -= 200
    kept = [changed.get(id(line), line) for line in lines]
    return [line for line in kept if line is not None], targets


def workbook(lines: Lines, targets: Targets, *, summary: dict[str, float] | None = None, sheets: bool = True) -> bytes:
    """The workbook's bytes; ``summary`` replaces published sums, ``sheets`` False leaves lines and targets out."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": datetime(2025, 10, 7, tzinfo=UTC)})  # the same figures are the same bytes
    page = book.add_worksheet("Summary")
    page.write(0, 0, "Our partners in the third quarter")
    page.write_row(2, 0, ["Partner", "Net sales EUR", "Attainment"])
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line.partner] += line.value
    for place, code in enumerate(targets, start=3):
        page.write_row(place, 0, [NAMES[code], (summary or {}).get(code, float(sums[code])), float(sums[code] / targets[code])])
    page.write_row(len(targets) + 3, 0, ["Total", float(sum(sums.values()))])
    if sheets:
        page = book.add_worksheet("Lines")
        page.write_row(0, 0, ["Order", "Pos", "Date", "Partner", "Amount", "Curr", "Rate", "EUR"])
        for place, line in enumerate(lines, start=1):
            said = [line.document, int(line.position), line.day, line.partner, float(line.amount), line.currency]
            for column, cell in enumerate([*said, float(line.rate), float(line.value)]):
                page.write(place, column, cell)
            if line.hidden:
                page.set_row(place, None, None, {"hidden": True})
        page = book.add_worksheet("Targets")
        page.write_row(0, 0, ["Partner", "Target"])
        for place, (code, target) in enumerate(targets.items(), start=1):
            page.write_row(place, 0, [code, float(target)])
    book.close()
    return stream.getvalue()
