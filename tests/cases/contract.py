"""The contract of intake, line by line, held against whatever became of a file. Written once, used for every cell."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from datetime import date
from decimal import Decimal

import polars as pl

from steelyard.intake import actions, limits, queries, references, store
from steelyard.intake.mappings import kind_named
from steelyard.intake.models import BUCKETS, Batch, QuarantinedRow, Upload
from steelyard.intake.outcome import MONEY_BUCKETS
from steelyard.intake.reading import read
from steelyard.intake.reading.table import Cell
from steelyard.ledger import queries as ledger
from steelyard.ledger.models import Commit
from steelyard.ledger.scope import EVERYTHING

from .arrival import Arrival

MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
WHOLE_ROW = {"column_count", "bad_byte"}  # reasons that are about a row and no single column
LIMITS = {
    "too_large": "LARGEST_FILE", "too_many_columns": "MOST_COLUMNS", "too_many_rows": "MOST_ROWS", "too_sparse": "MOST_CELLS",
    "cell_too_long": "LONGEST_CELL",
}  # fmt: skip


def hold(arrival: Arrival) -> None:
    """Every line of the contract."""
    raw_bytes_are_safe_before_parsing(arrival)
    rows_and_money_are_in_one_place(arrival)
    one_commit_or_none(arrival)
    refused_rows_say_everything(arrival)
    refused_rows_come_back_alone(arrival)
    one_reading_explains_each_column(arrival)
    preview_and_commit_agree(arrival)
    limits_are_named(arrival)
    errors_name_place_value_and_remedy(arrival)
    no_message_says_failed_or_done_wrongly(arrival)


def raw_bytes_are_safe_before_parsing(arrival: Arrival) -> None:
    """1. The bytes are stored under their SHA-256 (that it was before parsing, the arrival watched)."""
    sha256 = hashlib.sha256(arrival.data).hexdigest()
    assert Upload.objects.filter(sha256=sha256, size=len(arrival.data)).count() == 1
    assert store.load(sha256) == arrival.data
    assert set(arrival.read) <= {sha256}
    if arrival.batch is not None:
        assert arrival.batch.upload.sha256 == sha256


def rows_and_money_are_in_one_place(arrival: Arrival) -> None:
    """2. Rows and, per currency, money: what came in is what lies in the buckets, and what was accepted is in the ledger."""
    for told in (arrival.previewed, arrival.done):
        for currency, sums in (told or {}).get("amounts", {}).items():
            assert Decimal(sums["in"]) == sum(Decimal(sums[bucket]) for bucket in MONEY_BUCKETS), (currency, sums)
    if arrival.done is None:
        return
    batch = arrival.batch
    assert batch.rows_in == sum(getattr(batch, bucket) for bucket in BUCKETS)
    assert batch.quarantined == batch.quarantine.count()
    lines = landed(arrival)
    if lines is None:
        return
    assert int((lines["sign"] > 0).sum()) == batch.accepted
    kind = kind_named(batch.kind)
    if kind.money_column:
        code = kind.by_name[kind.money_column].currency
        mine = lines.filter(pl.col("sign") > 0).group_by(pl.col(code).fill_null("")).agg(pl.col(kind.money_column).sum())
        there = {currency: Decimal(value) / 10_000 for currency, value in mine.rows() if value}
        assert there == {currency: Decimal(sums["accepted"]) for currency, sums in batch.amounts.items() if Decimal(sums["accepted"])}


def one_commit_or_none(arrival: Arrival) -> None:
    """3. A file is one commit, or none where nothing landed; a refused one leaves the ledger as it was."""
    commits = Commit.objects.filter(seq__gt=arrival.head)
    if arrival.done is None:
        assert not commits.exists() and ledger.head() == arrival.head
        assert arrival.batch is None or arrival.batch.status != Batch.COMMITTED or arrival.batch.cut <= arrival.head
    else:
        assert arrival.batch.status == Batch.COMMITTED
        assert commits.count() == (1 if arrival.done["accepted"] or arrival.done["reversed"] else commits.count()) <= 1


def refused_rows_say_everything(arrival: Arrival) -> None:
    """4. File hash, sheet, the spreadsheet's row number, column and text as they stood, reason, sentence, what to do."""
    if arrival.done is None:
        return
    batch = arrival.batch
    for row in batch.quarantine.all():
        assert len(batch.upload.sha256) == 64 and (batch.sheet or not arrival.given.name.endswith((".xlsx", ".xlsm")))
        assert row.source_row >= 1 and row.cells
        for problem in (queries.row_as_dict(row))["problems"]:
            assert re.fullmatch(r"[a-z_-]+", problem["code"]) and problem["message"] and problem["hint"], problem
            if problem["code"] in WHOLE_ROW:
                continue
            if problem["code"] == "conflict":
                assert problem["found"]
                continue
            assert problem["column"] in batch.headers or problem["column"] in kind_named(batch.kind).by_name, problem
            if problem["column"] in batch.headers:
                cell = row.cells[batch.headers.index(problem["column"])]
                assert problem["found"] in cell, (problem, cell)
                assert problem["found"] or not cell.strip(" \u00a0"), (problem, cell)


def refused_rows_come_back_alone(arrival: Arrival) -> None:
    """4. They can be downloaded, and what is downloaded can be sent again: those rows and no other."""
    if arrival.done is None or not arrival.batch.quarantined:
        return
    waiting = QuarantinedRow.objects.filter(batch=arrival.batch, state=QuarantinedRow.OPEN)
    text = "".join(queries.quarantine_csv(arrival.batch.pk))
    _, *rows = csv.reader(io.StringIO(text, newline=""))
    width = len(arrival.batch.headers)
    assert [row[width : width + 2] for row in rows] == [[str(one.batch_id), str(one.source_row)] for one in waiting]
    assert all(one.code in row[width + 2] and row[width + 3] for one, row in zip(waiting, rows, strict=True))
    given = {"kind": arrival.batch.kind, "source": arrival.source, "acting_user": arrival.people.anna}
    again = actions.preview(text.encode(), name="refused.csv", **given)
    assert again.rows_in == len(rows)


def one_reading_explains_each_column(arrival: Arrival) -> None:
    """5. No guess per cell: one decimal mark explains every amount that was accepted, and one order of day and month every day."""
    lines = landed(arrival)
    if lines is None or arrival.done is None or not {"amount", "date"} <= set(lines.columns) or not lines.height:
        return
    table = read(arrival.data, arrival.given.name, references.for_own_file(_mapping_of(arrival), arrival.data).dialect)
    rows = {number: place for place, number in enumerate(table.source_rows)}
    for column, ways in (("amount", (_with_point, _with_comma)), ("date", (_day_first, _month_first))):
        if column not in table.headers or _is_transformed(arrival, column):
            continue
        name = f"c{table.headers.index(column)}"
        texts, types = table.frame[name], table.types.get(name)
        stored = [
            (texts[rows[line["source_row"]]], line[column]) for line in lines.filter(pl.col("sign") > 0).iter_rows(named=True)
            if types is None or types[rows[line["source_row"]]] == Cell.TEXT
        ]  # fmt: skip
        assert any(all(way(text) == value for text, value in stored) for way in ways), stored
    for shown in (arrival.done.get("preview") or {}).values():
        assert len(shown) <= limits.EXAMPLES


def preview_and_commit_agree(arrival: Arrival) -> None:
    """6. The dry run and the import are one function on the same bytes."""
    if arrival.previewed is None or arrival.done is None:
        assert arrival.previewed is None or arrival.batch is None or arrival.batch.cut <= arrival.head, "a dry run promised something"
        return
    same = [name for name in arrival.previewed if name in arrival.done and name not in ("batch", "notes", "examples")]
    assert {"rows_in", "accepted", "quarantined", "amounts"} <= set(same)
    assert {name: arrival.previewed[name] for name in same} == {name: arrival.done[name] for name in same}
    assert arrival.previewed["notes"] == arrival.done["notes"]
    assert not arrival.done["examples"] or arrival.previewed["examples"] == arrival.done["examples"]


def limits_are_named(arrival: Arrival) -> None:
    """7. Whoever meets a limit is told its value."""
    for problem in arrival.messages:
        if problem.code in LIMITS:
            limit = arrival.given.limited.get(LIMITS[problem.code], getattr(limits, LIMITS[problem.code]))
            assert f"{limit:,}" in str(problem), str(problem)
        if problem.code == "archive_bomb":
            assert re.search(r"at most [\d,]+", str(problem)), str(problem)


def errors_name_place_value_and_remedy(arrival: Arrival) -> None:
    """8. Every error says where, what was found and what to do; rows by number and column."""
    for problem in arrival.problems:
        assert problem.code and problem.message and problem.hint, str(problem)
    if arrival.done is None:
        return
    waiting = arrival.batch.quarantined
    shown = arrival.previewed["examples"]
    assert bool(shown) == bool(waiting) and len(shown) <= 50
    for one in shown:
        assert re.search(r", row \d+", one["where"]) and one["hint"], one
        assert ", column `" in one["where"] or one["code"] in WHOLE_ROW, one


def no_message_says_failed_or_done_wrongly(arrival: Arrival) -> None:
    """9. Nothing says that it failed if anything landed; nothing says that it is done while it is not."""
    said = "\n".join([*map(str, arrival.messages), *arrival.answers]).lower()
    if arrival.done is not None:
        assert "failed" not in said and "nothing was" not in said
    else:
        assert arrival.batch is None or arrival.batch.status != Batch.REFUSED or not landed(arrival).height
    for code in ("traceback", "exception", "polars", "calamine"):
        assert code not in said, said


def landed(arrival: Arrival) -> pl.DataFrame | None:
    """What the batch wrote into the ledger; None for masters."""
    if arrival.batch is None or kind_named(arrival.batch.kind).family != "fact":
        return None
    if arrival.landed is None:
        lines = ledger.facts(arrival.batch.kind, scope=EVERYTHING).filter(pl.col("batch") == arrival.batch.pk)
        arrival.landed = lines.sort("source_row", maintain_order=True).collect()
    return arrival.landed


def _mapping_of(arrival: Arrival):
    return queries.mapping_for(arrival.batch.kind, arrival.source)


def _is_transformed(arrival: Arrival, column: str) -> bool:
    """Whether the mapping does more to the column than read it."""
    rule = _mapping_of(arrival).columns.get(column)
    return rule is not None and (rule.times is not None or rule.header != column or rule.values is not None or rule.date_format is not None)


def _amount(text: str, mark: str) -> int | None:
    """An amount with this decimal mark, by other means than the product's."""
    kept = re.sub(r"[^\d.,()\-\u2212]", "", text)
    other = "," if mark == "." else "."
    digits = kept.replace(other, "").strip("()-\u2212").replace(mark, ".")
    try:
        value = Decimal(digits) * 10_000
    except ArithmeticError:
        return None
    return -int(value) if re.search(r"[(\-\u2212]", kept) else int(value)


def _with_point(text: str) -> int | None:
    return _amount(text, ".")


def _with_comma(text: str) -> int | None:
    return _amount(text, ",")


def _day(text: str, order: str) -> date | None:
    parts = [int(part) for part in re.findall(r"\d+", text)[:3]]
    if named := re.search("[A-Za-z]{3}", text):
        return date(parts[1], MONTHS.index(named[0].lower()) // 3 + 1, parts[0])
    year_first = re.match(r"\s*\d{4}", text) is not None
    year, month, day = parts if year_first else (parts[2], *_ordered(parts, order))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _ordered(parts: list[int], order: str) -> tuple[int, int]:
    return (parts[1], parts[0]) if order == "DMY" else (parts[0], parts[1])


def _day_first(text: str) -> date | None:
    return _day(text, "DMY")


def _month_first(text: str) -> date | None:
    return _day(text, "MDY")
