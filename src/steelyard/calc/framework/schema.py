"""The JSON Schema of the framework language, for editors: which keys stand where, and what may stand under each.

Keys and what an editor says of them come from `meanings`, which a test holds against the readers; a key without a shape stops the
making of the schema. A schema sees shapes only: names, formulas and bands are checked by `read`, which refuses all that the schema
refuses and much more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..attributes import MASTERS, TYPES
from ..facts import FACTS
from . import header, history, kpis, measures, rollup, rules, spans, standing, tables, tree
from .meanings import COMMON, MEANINGS, plainly

Shape = dict[str, Any]

ADDRESS = "https://json-schema.org/draft/2020-12/schema"
TEXT: Shape = {"type": "string"}
SCALAR: Shape = {"type": ["string", "number", "boolean"]}
FORMULA = SCALAR  # `60`, `true` and `points >= 60` are formulas
NUMBER: Shape = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[-+]?[0-9][0-9_]*(\.[0-9]+)?( ?%| days?)?$"}]}
DAY: Shape = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
YES_NO: Shape = {"type": "boolean"}
SPAN: Shape = {"type": "string", "pattern": r"^[0-9]+ (day|month|quarter|year|period)s?$"}
TEXTS: Shape = {"anyOf": [SCALAR, {"type": "array", "items": SCALAR}]}
NAME: Shape = {"pattern": r"^[^\d\W]\w*$"}


def whole(least: int, most: int) -> Shape:
    """A whole number within limits."""
    return {"type": "integer", "minimum": least, "maximum": most}


def one_of(words: Iterable[str]) -> Shape:
    """One of several words."""
    return {"enum": list(words)}


def pair(item: Shape) -> Shape:
    """Two values: `[lowest, highest]`."""
    return {"type": "array", "items": item, "minItems": 2, "maxItems": 2}


def ref(name: str) -> Shape:
    """A definition of the schema."""
    return {"$ref": f"#/$defs/{name}"}


def named(name: str) -> Shape:
    """Definitions by their names."""
    return {"type": "object", "additionalProperties": ref(name), "propertyNames": NAME}


def listed(name: str) -> Shape:
    """A list; one alone may stand without brackets."""
    return {"anyOf": [ref(name), {"type": "array", "items": ref(name)}]}


def keyed(what: str, shapes: Mapping[str, Shape], required: Iterable[str] = (), keys: Iterable[str] = ()) -> Shape:
    """A mapping with known keys (``keys``: some of them alone) and no others; every definition may also have a title, a note, an owner."""
    told = {**COMMON, **MEANINGS[what]}
    properties = {key: {**shapes[key], "description": plainly(told[key])} for key in keys or MEANINGS[what]}
    properties |= {key: {**SCALAR, "description": plainly(told[key])} for key in COMMON if key not in properties}
    return {
        "title": plainly(what).rstrip("."),
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def schema() -> Shape:
    """The whole schema."""
    region = {"anyOf": [{"required": ["extends"]}, {"required": ["set"]}]}
    rest: Shape = {"if": {"required": ["vectors"]}, "then": ref("vectors"), "else": ref("framework")}
    which: Shape = {"if": region, "then": ref("region"), "else": rest}
    title = "A framework of Steelyard, a region's difference, or the vectors beside it"
    return {"$schema": ADDRESS, "title": title, **which, "$defs": _definitions()}


def as_text() -> str:
    """The schema as a file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


_TOP: dict[str, Shape] = {
    "framework": SCALAR,
    "subject": {"type": "string", "pattern": f"^({'|'.join(header.SUBJECTS)})( x ({'|'.join(header.SUBJECTS)}))*$"},
    "attributes": ref("attributes"),
    "applies_to": FORMULA,
    "grain": one_of(header.GRAINS),
    "effective": DAY,
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "convert": {"anyOf": [one_of(header.POLICIES), ref("convert")]},
    "calendar": SCALAR,
    "rounding": one_of(header.ROUNDINGS),
    "settings": {"type": "object", "additionalProperties": SCALAR, "propertyNames": NAME},
    "tables": named("table"),
    "curves": named("rule"),
    "windows": {"type": "object", "additionalProperties": TEXT, "propertyNames": NAME},
    "questions": {"type": "object", "additionalProperties": ref("question")},
    "peers": ref("peers"),
    "measures": named("measure"),
    "kpis": named("kpi"),
    "scorecard": ref("node"),
    "levels": {"type": "array", "items": ref("level")},
    "history": ref("history"),
    "standing": ref("standing"),
    "rollup": ref("rollup"),
    "triggers": {"type": "array", "items": ref("trigger")},
    "earlier": one_of(("as published", "as known now")),
    "open": listed("opening"),
    "lists": named("list"),
}
_REGION: dict[str, Shape] = {
    "framework": SCALAR, "extends": SCALAR, "applies_to": FORMULA, "set": {"type": "object"},
}  # fmt: skip
BLANK = one_of(("holds", "fails"))
_CONDITION = keyed("a condition", {"rule": FORMULA, "reason": SCALAR, "blank": BLANK}, ("rule",))
_MEASURE: dict[str, Shape] = {
    "fact": one_of(FACTS),
    "list": SCALAR,
    **dict.fromkeys(measures.AGGREGATES, FORMULA),
    "count": one_of(("lines",)),
    "where": listed("condition"),
    "date": SCALAR,
    "window": TEXT,
    "valid_on": one_of(("period end",)),
    "once_per": TEXTS,
    "known_when": keyed("`known_when`", {"report": SCALAR, "missing": whole(0, 1000)}, ("report",)),
    "per_subject": one_of(("repeat",)),
}
_NODE: dict[str, Shape] = {
    "kpi": SCALAR, "points": {"anyOf": [SCALAR, ref("leaf_rule")]}, "combine": one_of(tree.COMBINE), "of": named("node"), "weight": FORMULA,
    "cap": NUMBER, "floor": NUMBER, "scale_to": NUMBER, "round": whole(-6, 6), "require": listed("gate"),
    "missing": one_of(("share", "zero")), "needs_data": NUMBER,
}  # fmt: skip
_RULES: dict[str, Shape] = {
    "line": {"type": "array", "items": pair(NUMBER), "minItems": 1},
    "bands": {"type": "array", "items": ref("band"), "minItems": 1},
    "per": keyed("`per`", {"points": FORMULA, "each": NUMBER, "whole": YES_NO}, ("points",)),
    "choice": {"type": "object", "additionalProperties": NUMBER},
    "cap": NUMBER,
}
_CARRY = keyed("`no_data`", {"carry": whole(1, 1000)}, ("carry",), ("carry",))
_NO_DATA: Shape = {"anyOf": [one_of(kpis.POLICIES), NUMBER, _CARRY]}
_WAYS: Shape = {"type": "array", "items": {"anyOf": [FORMULA, {"type": "array", "items": FORMULA}]}}
_BETTER = keyed("`better`", {"between": pair(NUMBER)}, ("between",))
_IF = keyed("`no_data`", {"if": FORMULA, "then": _NO_DATA, "reason": SCALAR}, ("if", "then"), ("if", "then", "reason"))
_TURNS: Shape = {"anyOf": [TEXT, {"type": "array", "items": one_of(spans.MONTHS)}]}
_HELD = keyed("`held`", {"for": SPAN, "once_in": TEXT})


def _rule(*more: str) -> Shape:
    """A points rule: exactly one of its kinds."""
    shape = keyed("a points rule", _RULES, (), (*rules.KINDS, *more))
    return shape | {"oneOf": [{"required": [kind]} for kind in rules.KINDS]}


def _definitions() -> dict[str, Shape]:
    """Every mapping of the language by its name."""
    top = keyed("a framework", _TOP, ("framework", "subject", "grain"))
    region = keyed("a region", _REGION, ("framework", "extends", "applies_to"))
    return {"framework": top, "region": region, **_head(), **_facts(), **_scored(), **_over_time(), **_vectors()}


def _head() -> dict[str, Shape]:
    questions = {"ask": TEXT, "scale": pair(NUMBER), "step": NUMBER, "asked": SCALAR, "evidence": one_of(("required", "optional"))}
    questions["answers"] = {"type": "object", "additionalProperties": SCALAR}
    row = {"type": "object", "additionalProperties": SCALAR, "required": ["value"]}
    unit = {"anyOf": [one_of(tables.UNITS), _TOP["currency"]]}
    opening = {"path": SCALAR, "from": NUMBER, "to": NUMBER, "add": YES_NO}
    own: Shape = {"type": "object", "additionalProperties": one_of(TYPES), "propertyNames": NAME}
    return {
        "attributes": keyed("`attributes`", dict.fromkeys(MASTERS, own)),
        "opening": keyed("an opening", opening, ("path",)),
        "convert": keyed("`convert`", {"policy": one_of(header.POLICIES), "read_as": SCALAR, "rates": SCALAR}),
        "table": keyed(
            "a table",
            {
                "by": TEXTS,
                "unit": unit,
                "rows": {"type": "array", "items": row},
                "else": SCALAR,
            },
            ("by", "rows"),
        ),
        "question": keyed("a question", questions, ("ask", "scale")),
        "peers": keyed("`peers`", {"same": TEXTS, "least": whole(1, 1_000_000), "with_self": YES_NO}),
    }


def _facts() -> dict[str, Shape]:
    one_way = [{"required": [aggregate]} for aggregate in measures.AGGREGATES]
    column: dict[str, Shape] = {
        **_MEASURE, "formula": FORMULA, "from": SCALAR, "for": SPAN,
        "match": {"anyOf": [TEXTS, {"type": "object", "additionalProperties": SCALAR}]},
    }  # fmt: skip
    kept = {**_MEASURE, "one_per": TEXTS, "prefer": TEXTS, "columns": named("column"), "keep": listed("condition")}
    return {
        "measure": keyed("a measure", _MEASURE) | {"oneOf": one_way},
        "condition": {"anyOf": [FORMULA, _CONDITION]},
        "list": keyed("a list", kept, ("one_per",)),
        "column": keyed("a column of a list", column) | {"oneOf": [*one_way, {"required": ["formula"]}]},
    }


def _scored() -> dict[str, Shape]:
    kpi: dict[str, Shape] = {
        "formula": FORMULA, "unit": one_of(tables.UNITS), "better": {"anyOf": [one_of(("higher", "lower")), _BETTER]},
        "no_data": {"anyOf": [*_NO_DATA["anyOf"], _IF]},
        "target": FORMULA, "range": pair(NUMBER), "small_below": whole(0, 10**9), "round": whole(-6, 9),
    }  # fmt: skip
    otherwise = {"anyOf": [one_of(tree.FAILURES), keyed("`else`", {"cap": NUMBER, "at_most": SCALAR})]}
    gate = keyed("a gate", {"rule": FORMULA, "else": otherwise, "reason": SCALAR, "blank": BLANK}, ("rule",))
    return {
        "kpi": keyed("a KPI", kpi, ("formula", "unit")),
        "rule": {"anyOf": [SCALAR, _rule()]},
        "leaf_rule": _rule("cap"),
        "band": keyed("a band", dict.fromkeys(MEANINGS["a band"], NUMBER), ("points",)),
        "node": keyed("a part of the scorecard", _NODE),
        "gate": {"anyOf": [FORMULA, gate]},
        "level": keyed("a level", {"name": SCALAR, "require": listed("requirement"), "actions": TEXTS, "held": _HELD}, ("name",)),
        "requirement": {"anyOf": [FORMULA, keyed("a requirement", {"any": _WAYS}, ("any",))]},
    }


def _over_time() -> dict[str, Shape]:
    standings = {
        "start": SCALAR, "evaluate": _TURNS, "promote": _TURNS, "demote": _TURNS, "hold": SPAN, "steps": whole(1, 100),
        "takes_effect": one_of(standing.TAKES_EFFECT),
    }  # fmt: skip
    over = {"to": one_of(header.SUBJECTS), "level": one_of(rollup.HOW), "levels": {"type": "array", "items": ref("rollup_level")}}
    above = {"name": SCALAR, "require": listed("requirement"), "actions": TEXTS}
    return {
        "rollup_level": keyed("a level of a roll-up", above, ("name",)),
        "history": keyed("`history`", {"periods": whole(1, history.MOST), "weight": FORMULA, "smooth": NUMBER, "round": whole(-6, 6)}),
        "standing": keyed("`standing`", standings, ("start",)),
        "rollup": keyed("`rollup`", over, ("to",)),
        "trigger": keyed("a trigger", {"name": SCALAR, "when": FORMULA, "do": SCALAR, "within": SPAN}, ("name", "when", "do", "within")),
    }


def _vectors() -> dict[str, Shape]:
    """What lies beside a framework: vectors."""
    any_mapping: Shape = {"type": "object"}
    at_a_date = {**dict.fromkeys(("measures", "kpis", "points", "attributes"), any_mapping), "level": SCALAR}
    given = {**at_a_date, **dict.fromkeys(("facts", "masters", "settings", "tables"), any_mapping), "subject": SCALAR}
    single: Shape = {"type": ["string", "number", "boolean", "null"]}
    expected = dict.fromkeys(MEANINGS["`expect`"], single) | dict.fromkeys(("measures", "kpis", "items", "excluded"), any_mapping)
    shapes: dict[str, Shape] = {
        "name": SCALAR, "as_of": DAY, "given": ref("given"), "was": SCALAR, "series": {"type": "array", "items": ref("date")},
        "expect": ref("expect"), "change": any_mapping, "problem": ref("problem"),
    }  # fmt: skip
    # a comma without quotes cuts the name of a vector written in one line: what follows is a key without a value
    vector = keyed("a vector", shapes) | {"additionalProperties": {"type": "null"}}
    return {
        "vectors": keyed("a vectors file", {"framework": SCALAR, "vectors": {"type": "array", "items": ref("vector")}}, ("vectors",)),
        "vector": vector,
        "given": keyed("`given`", {**given, "parts": {"type": "array", "items": ref("part")}}),
        "date": keyed("a date of a series", {**at_a_date, "as_of": DAY}, ("as_of",)),
        "part": keyed("a part", {**at_a_date, "part": SCALAR}),
        "expect": keyed("`expect`", {**expected, **dict.fromkeys(("standings", "triggers"), TEXTS)}),
        "problem": keyed("a problem", dict.fromkeys(MEANINGS["a problem"], SCALAR)),
    }
