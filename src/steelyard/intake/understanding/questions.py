"""What is asked where a required column has no column of the file: the choices that could be right, and what each would read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Literal

import polars as pl

from steelyard.calc.facts import Column, Kind

from ..checking.codes import SHARED_SIGNS, currency_code
from ..mappings import Mapping
from .findings import Choice, Known, Question
from .patch import flow
from .periods import last_day
from .values import Profile

MOST = 8  # headers to choose from
KEY_COLUMNS = ("party", "date", "product")  # of which a document number is made where the file has none
_SIGN = r"[$€£¥]|\b[A-Z]{3}\b"


def for_column(kind: Kind, column: Column, found: Sequence[Profile], mapping: Mapping, known: Known, name: str) -> Question:
    """The question for a required column that nothing fills."""
    if column.refers_to == "currency":
        return currency(column, kind, found, mapping, known)
    if column.name == "document":
        return _document(column, found, mapping, name)
    used = {header for rule in mapping.columns.values() for header in rule.headers}
    right = [one for one in found if one.texts.len() and _could_be(column, one)]
    right.sort(key=lambda one: one.header in used)
    if column.type not in ("text", "yes/no"):  # what is a code or a name already is no number
        texts = {rule.header for name, rule in mapping.columns.items() if kind.by_name[name].type == "text"}
        right = [one for one in right if one.header not in texts]
    choices = [_from(column, one) for one in right[:MOST]]
    if column.type == "date":
        choices = [*_date_parts(column, found), *choices]
        why = "no column holds its days; if all its rows are of one day, write that day: it is asked for again with the next file"
        return replace(_asked(kind, column, choices, why, ("columns", column.name, "constant"), "date"), anew=True)
    if column.type == "money" and kind.date:
        fresh = [_from(column, one) for one in right if one.header not in used]
        choices = [*_wide(kind, column, found, mapping), *_product(column, mapping, right, used), *choices]
        suggested = fresh[0].patch if len(fresh) == 1 == len(choices) - len(right) + len(fresh) else ""
        return _asked(kind, column, choices, "no heading says which column it is", (), suggested=suggested)
    if column.name == "party" and mapping.columns.get("party_name") is not None:
        header = mapping.columns["party_name"].header
        choices.sort(key=lambda choice: choice.patch != flow({"columns": {"party": {"from": header}}}))
        return _asked(
            kind, column, choices, f"“{header}” holds names, which will do", ("columns", "party", "constant"), suggested=choices[0].patch
        )
    return _asked(kind, column, choices, "no heading says which column it is", ("columns", column.name, "constant"))


def _asked(
    kind: Kind, column: Column, choices: list[Choice], why: str, free: tuple[str, ...], typed: Literal["text", "date"] = "text",
    suggested: str = "",
) -> Question:  # fmt: skip
    text = f"Which column is {column.meaning}?" if choices else f"What is {column.meaning}?"
    key = f"column {column.name}"
    return Question(key, "required_column_absent", text, why, tuple(choices), suggested, free, typed, f"`{column.name}`")


def _could_be(column: Column, profile: Profile) -> bool:
    if column.type == "date":
        return profile.days >= 0.6
    if column.type in ("text", "yes/no"):
        return profile.days < 0.6
    return profile.numbers >= 0.6


def _from(column: Column, profile: Profile) -> Choice:
    return Choice(flow({"columns": {column.name: {"from": profile.header}}}), f"column “{profile.header}”", " · ".join(profile.examples(3)))


def _date_parts(column: Column, found: Sequence[Profile]) -> list[Choice]:
    """Day, month and year in three columns."""
    by_word = {one.header.strip().casefold(): one for one in found}
    parts = [by_word.get(word) for word in ("day", "month", "year")]
    if any(part is None for part in parts):
        return []
    headers = [part.header for part in parts if part is not None]
    rows = zip(*(part.texts.head(3) for part in parts if part is not None), strict=False)
    example = " · ".join(" ".join(row) for row in rows)
    patch = flow({"columns": {column.name: {"join": headers, "date_order": "DMY"}}})
    return [Choice(patch, "columns " + ", ".join(f"“{header}”" for header in headers), example)]


def _product(column: Column, mapping: Mapping, right: Sequence[Profile], used: set[str]) -> list[Choice]:
    """Quantity times a price: the one that is known, else any other column of numbers."""
    if "quantity" not in mapping.columns or (quantity := mapping.columns["quantity"].header) is None:
        return []
    price = mapping.columns["unit_price"].header if "unit_price" in mapping.columns else None
    prices = [price] if price is not None else [one.header for one in right if one.header not in used][:4]
    return [
        Choice(flow({"columns": {column.name: {"product": [header, quantity]}}}), f"“{header}” × “{quantity}”", "multiplied exactly")
        for header in prices
    ]


def _wide(kind: Kind, column: Column, found: Sequence[Profile], mapping: Mapping) -> list[Choice]:
    """A column for each period: one row for each of them."""
    periods = {one.header: last_day(one.header) or last_day(one.header.split(" / ")[0]) for one in found if one.numbers >= 0.6}
    days = {header: day for header, day in periods.items() if day}
    if len(days) < 2 or kind.date is None:
        return []
    patch = flow({
        "unpivot": {"columns": list(days), "name": kind.date, "value": column.name},
        "columns": {kind.date: {"from": kind.date, "values": days}, column.name: {"from": column.name}},
    })  # fmt: skip
    shown = ", ".join(f"“{header}”" for header in list(days)[:4]) + ("…" if len(days) > 4 else "")
    return [Choice(patch, f"columns {shown}: each is a row of its own, of the last day of its period", ", ".join(list(days.values())[:4]))]


def _document(column: Column, found: Sequence[Profile], mapping: Mapping, name: str) -> Question:
    """A document number where the file has none: made of columns that tell its rows apart, or one for the whole file."""
    by_header = {one.header: one for one in found}
    headers = [rule.header for key in KEY_COLUMNS if (rule := mapping.columns.get(key)) is not None and rule.header in by_header]
    dated = mapping.columns.get("date")
    choices = []
    if dated is not None and (dated.header in headers or dated.join or mapping.unpivot):
        for count in (2, 3):
            joined = headers[:count] if not mapping.unpivot else [*headers[: count - 1], mapping.unpivot.name]
            if len(joined) == count and (different := _different(joined, by_header)) is not None:
                text = "different in every row" if different else "some rows share it, and are told apart by what they say"
                label = " and ".join(f"“{header}”" for header in joined) + f" together: {text}"
                choices.append(Choice(flow({"columns": {"document": {"join": joined}}}), label, _joined_example(joined, by_header)))
                if different:
                    break
    stem = re.sub(r"[^\w.-]+", " ", PurePosixPath(name).stem).strip()[:60] or "file"
    patch = flow({"columns": {"document": {"constant": stem, "each_file": "yes"}}})
    choices.append(Choice(patch, f"the file is one document, “{stem}”; asked again with the next file"))
    used = {header for rule in mapping.columns.values() for header in rule.headers}
    own = [
        one
        for one in found
        if (one.distinct > 1 or one.rows == 1) and one.texts.len() >= 0.9 * one.rows and one.header not in used and not one.decimals
    ]
    own.sort(key=lambda one: -one.distinct)
    choices += [_from(column, one) for one in own if one.days < 0.6][:6]
    return Question(
        "column document", "required_column_absent", "How are its lines told apart, when the same ones come again?",
        "no column holds an order or invoice number", tuple(choices), choices[0].patch, ("columns", "document", "constant"), "text",
        "`document`", True,
    )  # fmt: skip


def _different(headers: Sequence[str], found: dict[str, Profile]) -> bool | None:
    """Whether these columns together are different in every row; nothing where that cannot be seen."""
    columns = [found[header].texts for header in headers if header in found]
    if len(columns) < len(headers) or len({column.len() for column in columns}) != 1:
        return False if columns else None
    return not pl.DataFrame({str(at): column for at, column in enumerate(columns)}).is_duplicated().any()


def _joined_example(headers: Sequence[str], found: dict[str, Profile]) -> str:
    return " ".join(str(found[header].texts.first() or "") for header in headers if header in found)


def currency(column: Column, kind: Kind, found: Sequence[Profile], mapping: Mapping, known: Known) -> Question:
    """Which currency amounts without any are in."""
    signs: list[str] = []
    for one in found:
        if one.numbers >= 0.6:
            signs += one.texts.head(500).str.extract_all(_SIGN).explode().drop_nulls().unique().to_list()
            signs += re.findall(r"[$€£¥]|\b[A-Z]{3}\b", one.header)
    codes = [
        code
        for sign in signs
        for code in (currency_code(sign) or next(iter(sorted(SHARED_SIGNS.get(sign, ()), key=_usual)), None),)
        if code
    ]
    told = list(dict.fromkeys([*codes, *known.currencies]))[:6]
    choices = [Choice(flow({"currency": code}), code, "as its amounts are marked" if code in codes else "") for code in told]
    suggested = flow({"currency": codes[0]}) if codes else ""
    return Question(
        "currency", "currency_missing", "Which currency are the amounts in?", "no column says it", tuple(choices), suggested, ("currency",),
        "currency", ", ".join(dict.fromkeys(signs))[:40],
    )  # fmt: skip


def _usual(code: str) -> tuple[bool, str]:
    return code not in ("USD", "EUR", "GBP", "JPY"), code


def likely(column: Column, header: str, why: str, found: Sequence[Profile], taken: set[str]) -> Question:
    """Whether a column is what it looks like."""
    mine = [_from(column, one) for one in found if one.header == header]
    others = [_from(column, one) for one in found if one.header not in taken and one.texts.len() and _could_be(column, one)]
    choices = [*mine, *others[: MOST - 2]]
    if not column.required:
        choices.append(Choice(flow({"columns": {column.name: None}}), "none: it is not in the file"))
    text = f"Is “{header}” {column.meaning}?"
    return Question(f"column {column.name}", "not_certain", text, why, tuple(choices), mine[0].patch, (), "text", f"`{header}`")


def said_anew(column: Column, before: str) -> Question:
    """What is a constant only for one file, with what was said for the last one."""
    text = f"What is {column.meaning} of this file?"
    return Question(
        f"column {column.name}", "said_for_each_file", text, f"it is said for each file; the last one had “{before}”", (), "",
        ("columns", column.name, "constant"), "date" if column.type == "date" else "text", before, True,
    )  # fmt: skip


def renamed(column: Column, old: str, found: Sequence[Profile], known: Known, free: Sequence[str]) -> Question:
    """A column that was there last time and is not now."""
    from rapidfuzz import fuzz

    fresh = [one for one in found if one.header in free and one.header not in known.headers and _could_be(column, one)]
    fresh.sort(key=lambda one: -fuzz.ratio(one.header.casefold(), old.casefold()))
    others = [one for one in found if one.header in free and one not in fresh and _could_be(column, one)]
    choices = [_from(column, one) for one in [*fresh, *others][:MOST]]
    if not column.required:
        choices.append(Choice(flow({"columns": {column.name: None}}), "it is no longer in the file"))
    text = f"Column “{old}” was in the last file and is not in this one."
    if fresh:
        text = f"Column “{old}” was in the last file and is not in this one; new is “{fresh[0].header}”. Is it the same?"
    return Question(
        f"column {column.name}", "column_renamed", text, f"it filled {column.name.replace('_', ' ')}", tuple(choices),
        choices[0].patch if fresh else "", (), "text", f"`{old}`",
    )  # fmt: skip
