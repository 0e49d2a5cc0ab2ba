"""Add up an export of orders by year, territory and currency: `steelyard export orders | python3 totals.py`."""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

GROUPS = {
    "year": lambda row: row["date"][:4],
    "reported territory": lambda row: row["reported_territory"],
    "currency of the invoice": lambda row: row["document_currency"],
}


def report(rows: Iterable[dict[str, str]]) -> Iterable[str]:
    """Lines of text: the whole, then each group."""
    sums: dict[str, dict[str, Decimal]] = {name: defaultdict(Decimal) for name in GROUPS}
    lines = 0
    for row in rows:
        lines += 1
        for name, key in GROUPS.items():
            sums[name][key(row)] += Decimal(row["amount"])
    yield f"{lines:,} order lines, {sum(sums['year'].values(), Decimal(0)):,} USD"
    for name, amounts in sums.items():
        yield f"by {name}:"
        yield from (f"  {key:<6}{amount:>20,}" for key, amount in sorted(amounts.items()))


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in report(csv.DictReader(sys.stdin)))
