"""Random ledgers: lines that come, change, change back and go, as rows with reversals, in any order and any parts."""

# ruff: noqa: E501 - declarations read as tables, one row a line
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import polars as pl

from steelyard.calc.facts import FACTS, SYSTEM_COLUMNS

from .world import RATED

FIRST = date(2011, 7, 1)
DAYS = 560


@dataclass
class Ledger:
    """``rows``: everything ever added, reversals included; ``live``: what still stands, in no order."""

    kind: str
    rows: list[dict]
    live: list[dict]

    def frame(self, rows=None):
        return pl.DataFrame(self.rows if rows is None else rows, schema=FACTS[self.kind].schema | SYSTEM_COLUMNS, orient="row")

    def parts(self, random: Random, count: int) -> list[pl.LazyFrame]:
        """All rows, each in one of so many parts, in random order."""
        shuffled = random.sample(self.rows, len(self.rows))
        places = [random.randrange(count) for _ in shuffled]
        split = [[row for row, place in zip(shuffled, places, strict=True) if place == part] for part in range(count)]
        return [self.frame(rows).lazy() for rows in split]


def ledger(kind: str, random: Random, lines: int, draw) -> Ledger:
    """So many lines; each is drawn, and now and then restated, restated back, or taken out again."""
    rows, live = [], []
    for line in range(lines):
        first = draw(random, line)
        turns = [first]
        while random.random() < 0.4:
            turns.append(first if len(turns) > 1 and random.random() < 0.5 else draw(random, line) | {k: first[k] for k in ("source",)})
        gone = random.random() < 0.15
        for number, content in enumerate(turns):
            row_id = len(rows)
            rows.append(row(kind, content, row_id))
            if gone or number < len(turns) - 1:
                rows.append(row(kind, content, row_id + 1, row_id, row_id))
        if not gone:
            live.append(turns[-1])
    return Ledger(kind, rows, live)


def row(kind, content, row_id, reverses=None, source_row=None):
    """One stored row: every column of the kind and of the ledger."""
    system = {
        "row_id": row_id,
        "sign": 1 if reverses is None else -1,
        "reverses_row_id": reverses,
        "batch": 1,
        "source_row": row_id if source_row is None else source_row,
    }
    return dict.fromkeys(FACTS[kind].schema | SYSTEM_COLUMNS) | content | system


def some_day(random):
    return FIRST + timedelta(days=random.randrange(DAYS))


def maybe(random, value, chance=0.2):
    return None if random.random() < chance else value


def orders(currencies):
    """Draws order lines with amounts in these currencies (None among them: a blank one)."""

    def draw(random, line):
        on = some_day(random)
        return {
            "source": random.choice(["erp", "crm"]),
            "document": f"SO{random.randrange(8)}", "line": str(line), "date": on,
            "party": random.choice(["A", "B", "C", "D", "bee", "stranger", "ghost", "unknown"]),
            "representative": maybe(random, random.choice(["r1", "r2", "r3", "nobody"]), 0.6),
            "product": maybe(random, random.choice(["p1", "p2", "p3", "p9"])),
            "quantity": maybe(random, random.choice([500_000, 1_000_000, 1_200_000, 1_300_000, -2_000_000])),
            "unit": random.choice([None, "each", "each", "box", "third", "crate", "pair", "pallet"]),
            "unit_price": random.choice([1_50000000, 12345678, 0]),
            "amount": random.choice([random.randrange(-(10**9), 10**9), 1_0000, 2_5000, -7777]),
            "cost": maybe(random, random.randrange(0, 10**7)),
            "currency": random.choice(currencies), "document_currency": random.choice(["EUR", "USD"]),
            "on_credit": random.choice([True, False, None]),
            "promised_on": on + timedelta(days=random.randrange(20)),
            "shipped_on": maybe(random, on + timedelta(days=random.randrange(30))),
        }  # fmt: skip

    return draw


def certificates(random, line):
    start = some_day(random)
    return {
        "source": "erp", "party": random.choice(["A", "B", "C", "bee", "unknown"]), "person": maybe(random, f"m{random.randrange(4)}"),
        "grade": random.choice(["basic", "advanced"]), "valid_from": start, "valid_to": maybe(random, start + timedelta(days=random.randrange(200))),
    }  # fmt: skip


def activities(random, line):
    return {
        "source": random.choice(["erp", "crm"]), "document": f"a{line}", "line": "1", "date": some_day(random), "kind": random.choice(["call", "visit"]),
        "party": random.choice(["A", "B", "bee", "unknown"]), "representative": maybe(random, random.choice(["r1", "r2", "r3"])),
        "minutes": maybe(random, random.randrange(5, 60)),
    }  # fmt: skip


def targets(random, line):
    return {
        "source": "erp", "date": some_day(random), "metric": "quota", "party": maybe(random, random.choice(["A", "B", "bee"]), 0.4),
        "representative": maybe(random, random.choice(["r1", "r2", "r3"]), 0.4), "territory": maybe(random, random.choice(["T1", "T2"]), 0.5),
        "amount": maybe(random, random.randrange(10**8), 0.1), "currency": random.choice(RATED[:3]),
    }  # fmt: skip


def coverage(random, line):
    start = date(2011, 7, 1)
    for _ in range(random.randrange(18)):
        start = (start + timedelta(days=32)).replace(day=1)
    end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return {
        "source": "erp", "report": random.choice(["orders", "inventory"]), "party": maybe(random, random.choice(["A", "B", "bee", "unknown"]), 0.1),
        "date": start, "until": end + timedelta(days=random.choice([0, 0, 40])), "due_on": maybe(random, end), "received_on": maybe(random, end),
    }  # fmt: skip
