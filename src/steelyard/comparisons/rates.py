"""The rates of both sides: what a line of theirs comes to by their rate, and which rate ours is on its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from steelyard.calc.comparison.lines import Ours
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.money import convert
from steelyard.scorecards.opening import Opened

from .workbook.cells import exact, plain_text
from .workbook.reading import Workbook


class Rates:
    """Ours on every day that a line of either side has, theirs as the workbook says them."""

    def __init__(self, opened: Opened, workbook: Workbook, ours: Sequence[Ours]) -> None:
        self.currency = opened.inputs.framework.currency
        self.sheet = workbook.rates
        self._days = sorted({(currency, day) for currency, day in workbook.rates if isinstance(day, date)}, key=str)
        lines = workbook.lines
        said = lines.rows.select("currency", "date").unique().rows() if lines is not None else []
        pairs = {(currency, day) for currency, day in said if currency and day} | {
            (row.currency, row.day) for row in ours if row.currency and row.day
        }
        self._ours = self._daily(opened, {(currency, day) for currency, day in pairs if currency != self.currency and day is not None})

    def _daily(self, opened: Opened, pairs: set[tuple[str, date]]) -> dict[tuple[str, date], tuple[int, int]]:
        if not pairs:
            return {}
        days = [day for _, day in pairs]
        currencies = tuple(sorted({currency for currency, _ in pairs}))
        source = opened.inputs.framework.convert.rates
        table = opened.resolver.ratios(source, self.currency, currencies, min(days), max(days)).drop_nulls()
        rows = table.iter_rows(named=True)
        return {
            (row["currency"], row["date"]): (row["numerator"], row["denominator"])
            for row in rows
            if (row["currency"], row["date"]) in pairs
        }

    def texts(self) -> dict[str, str]:
        """Our rates as decimal text, by `CURRENCY DAY`."""
        with localcontext() as context:
            context.prec = 40
            return {
                f"{currency} {day}": plain_text((Decimal(above) / below).quantize(Decimal(1).scaleb(-9), ROUND_HALF_EVEN))
                for (currency, day), (above, below) in self._ours.items()
            }

    def theirs(self, text: str | None, mark: str | None, currency: str | None, day: date | None) -> Decimal | None:
        """The rate that a line says, else the workbook's for its currency on its day, or the last before it."""
        if text is not None and text.strip():
            rate = exact(text, mark)
            if rate is None:
                raise Refused(Problem("not-a-rate", "a currency rate is a number above 0", "lines.rate", f"`{text}`", "correct the cell"))
            return rate
        if currency is None or not self.sheet:
            return None
        if (currency, day) in self.sheet:
            return self.sheet[currency, day]
        before = [since for known, since in self._days if known == currency and day is not None and since <= day]
        return self.sheet.get((currency, before[-1] if before else None))

    def converted(self, amount: int, coarse: int, rate: Decimal | None, currency: str, day: date | None) -> tuple[int, int]:
        """What an amount comes to, and how far roundings can have moved it: by their rate, else by ours of that day."""
        if rate is not None:
            with localcontext() as context:
                context.prec = 40
                value = int((amount * rate).quantize(Decimal(1), ROUND_HALF_EVEN))
                digits = -int(rate.as_tuple().exponent)  # a rate of four decimals is right to half of the last
                return value, max(int(coarse * rate), int(abs(amount) * Decimal(1).scaleb(-digits) / 2) if digits >= _EXACT else 0)
        ours = self._ours.get((currency, day)) if day is not None else None
        if ours is None:
            hint = "map `rate` or `value`, or give a sheet of rates"
            raise Refused(
                Problem("no-rate", "a line in another currency has no rate", "lines", f"{currency} {day or 'without a date'}", hint)
            )
        return convert(amount, *ours), coarse


_EXACT = 4  # decimals from which a rate's last digit is taken to be rounded, and not chosen
