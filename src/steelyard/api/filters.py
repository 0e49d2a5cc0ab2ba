"""What a list is narrowed by: words, and columns with the value they must have. A column that is not to be read cannot be asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Annotated, Any

from django.db.models import Q, QuerySet
from ninja import Query, Schema
from pydantic import Field

from steelyard.calc.errors import Problem, did_you_mean
from steelyard.calc.facts.kind import Column
from steelyard.masters.typed import stored

from .problems import Refusal

LONGEST = 200


class Narrowing(Schema):
    """Words that any text holds, and `column:value` pairs that all hold."""

    q: str = Field("", max_length=LONGEST, description="words that the text holds", examples=["leeds"])
    where: list[str] = Field([], max_length=20, description="`column:value`, as often as wanted", examples=[["country:GB"]])


Filtering = Annotated[Narrowing, Query(...)]


def clean(text: str) -> str:
    """Text without signs that some databases refuse."""
    return "".join(sign for sign in text if sign.isprintable()).strip()


def wanted(filtering: Narrowing, columns: Iterable[Column], hidden: Collection[str] = ()) -> dict[str, Any]:
    """Column -> stored value of every pair; refused with all problems at once. Hidden columns are as unknown as any."""
    known = {column.name: column for column in columns if column.name not in hidden}
    found: dict[str, Any] = {}
    for pair in filtering.where:
        name, colon, text = pair.partition(":")
        text = clean(text)
        if not colon or name not in known:
            hint = did_you_mean(name, known) or "write column:value"
            raise Refusal(422, Problem("unknown_column", "there is no such column to find by", "where", pair[:100], hint))
        try:
            found[name] = stored(known[name], text) if text else None
        except (ValueError, TypeError, ArithmeticError):
            raise Refusal(422, Problem("bad-value", f"this is not a {known[name].type} value", f"where {name}", text[:100])) from None
    return found


def narrowed(records: QuerySet[Any], columns: Iterable[Column], filtering: Narrowing, hidden: Collection[str] = ()) -> QuerySet[Any]:
    """The records of a table that pass."""
    columns = list(columns)
    for name, value in wanted(filtering, columns, hidden).items():
        text = next(column for column in columns if column.name == name).type == "text"
        records = records.filter(**{name: value} if value is not None else {name: ""} if text else {f"{name}__isnull": True})
    texts = [column.name for column in columns if column.type == "text" and column.name not in hidden]
    return searched(records, filtering.q, texts)


def searched(records: QuerySet[Any], words: str, texts: Iterable[str]) -> QuerySet[Any]:
    """The records of which some text holds each word."""
    names = list(texts)
    for word in clean(words).split():
        some = Q(pk__in=[])
        for name in names:
            some |= Q(**{f"{name}__icontains": word})
        records = records.filter(some)
    return records
