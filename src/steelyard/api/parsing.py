"""JSON as it is sent, read strictly: nothing that two readers could understand in two ways gets any further."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja.parser import Parser
from pydantic import BeforeValidator, WithJsonSchema

from steelyard.calc.errors import Problem

from .problems import Refusal

TOO_DEEP = 50  # levels of lists and objects
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # one half of a sign; only both together mean one


def _in_words(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


Value = Annotated[
    str | bool | int | None,
    BeforeValidator(_in_words),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "boolean"}, {"type": "number"}, {"type": "null"}]}),
]
"""A value of a column: numbers with decimals are exact, whether JSON gives them as numbers or in quotes."""


class Strict(Parser):
    """The body as it was read when the request came in."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Read once for every part of an operation that looks at it."""
        return request.read_as_json if hasattr(request, "read_as_json") else parsed(request.body)


def parsed(body: bytes) -> Any:
    """The value of a body; decimals exact. Refused with 400: what is no JSON, or means one thing here and another there."""
    if b"\\u0000" in body or b"\0" in body:
        raise _refusal("bad_text", "text holds a sign that cannot be kept", "U+0000", "leave it out")
    if _depth(body) > TOO_DEEP:
        raise _refusal("too_deep", f"at most {TOO_DEEP} levels of lists and objects are read", "", "send it flat")
    try:
        value = json.loads(body.decode(), parse_float=_decimal, parse_int=_whole, parse_constant=_constant, object_pairs_hook=_object)
    except ValueError as error:  # also what is not UTF-8
        raise _refusal("unreadable", "what was sent is not JSON", str(error)[:200], "send what the description says") from error
    if _HALF.search(body) and any("\ud800" <= sign <= "\udfff" for sign in json.dumps(value, ensure_ascii=False, default=str)):
        raise _refusal("bad_text", "text holds a sign that cannot be kept", "half of a surrogate pair", "leave it out")
    return value


def _depth(body: bytes) -> int:
    """How many brackets outside texts stand open at once, at most."""
    deepest = depth = 0
    for sign in _BRACKET.findall(_TEXT.sub(b"", body)):
        depth += 1 if sign in b"[{" else -1
        deepest = max(deepest, depth)
        if deepest > TOO_DEEP:
            break
    return deepest


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError:  # an exponent of twenty digits
        value = Decimal("Infinity")
    if not math.isfinite(float(value)):
        raise _refusal("out_of_range", "the number is too large", text[:60], "send it as it is meant")
    return value


def _whole(text: str) -> int:
    if len(text) > 40:
        raise _refusal("out_of_range", "the number is too large", text[:60], "send it as it is meant")
    return int(text)


def _constant(text: str) -> Any:
    raise _refusal("not_finite", "JSON knows no such number", text, "send null if it is not known")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _refusal("duplicate_name", "an object has one name twice", twice[:100], "send each name once")
    return found


def _refusal(code: str, message: str, found: str, hint: str) -> Refusal:
    return Refusal(400, Problem(code, message, "body", found, hint))
