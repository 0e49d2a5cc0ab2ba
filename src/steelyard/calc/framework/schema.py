"""The JSON Schema of the framework language, for editors: which keys stand where, and what may stand under each.

Keys come from the readers; a key without a shape stops the making of the schema. A schema sees shapes only: names,
formulas and bands are checked by `read`, which refuses all that the schema refuses and much more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..attributes import MASTERS, TYPES
from ..facts import FACTS
from . import (
    bands,
    header,
    history,
    kpis,
    levels,
    list_columns,
    lists,
    measures,
    read,
    rollup,
    rules,
    spans,
    standing,
    tables,
    tree,
    triggers,
)
from .section import COMMON

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


def keyed(keys: Iterable[str], shapes: Mapping[str, Shape], required: Iterable[str] = (), *, common: bool = True) -> Shape:
    """A mapping with known keys and no others; every definition may also have a title, a note and an owner."""
    properties = {key: shapes[key] for key in keys}
    if common:
        properties |= {key: SCALAR for key in COMMON if key not in properties}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def schema() -> Shape:
    """The whole schema."""
    region = {"anyOf": [{"required": ["extends"]}, {"required": ["set"]}]}
    which: Shape = {"if": region, "then": ref("region"), "else": ref("framework")}
    return {"$schema": ADDRESS, "title": "A framework of Steelyard", **which, "$defs": _definitions()}


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
_CONDITION = keyed(("rule", "reason", "blank"), {"rule": FORMULA, "reason": SCALAR, "blank": BLANK}, ("rule",), common=True)
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
    "known_when": keyed(("report", "missing"), {"report": SCALAR, "missing": whole(0, 1000)}, ("report",)),
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
    "per": keyed(("points", "each", "whole"), {"points": FORMULA, "each": NUMBER, "whole": YES_NO}, ("points",)),
    "choice": {"type": "object", "additionalProperties": NUMBER},
}
_NO_DATA: Shape = {"anyOf": [one_of(kpis.POLICIES), NUMBER, keyed(("carry",), {"carry": whole(1, 1000)}, ("carry",))]}
_WAYS: Shape = {"type": "array", "items": {"anyOf": [FORMULA, {"type": "array", "items": FORMULA}]}}
_BETTER = keyed(("between",), {"between": pair(NUMBER)}, ("between",))
_IF = keyed(("if", "then", "reason"), {"if": FORMULA, "then": _NO_DATA, "reason": SCALAR}, ("if", "then"))
_TURNS: Shape = {"anyOf": [TEXT, {"type": "array", "items": one_of(spans.MONTHS)}]}
_HELD = keyed(("for", "once_in"), {"for": SPAN, "once_in": TEXT})


def _rule(more: Mapping[str, Shape]) -> Shape:
    """A points rule: exactly one of its kinds."""
    shape = keyed((*rules.KINDS, *more), {**_RULES, **more})
    return shape | {"oneOf": [{"required": [kind]} for kind in rules.KINDS]}


def _definitions() -> dict[str, Shape]:
    """Every mapping of the language by its name."""
    top = keyed(read.KEYS, _TOP, ("framework", "subject", "grain"))
    region = keyed(_REGION, _REGION, ("framework", "extends", "applies_to"))
    return {"framework": top, "region": region, **_head(), **_facts(), **_scored(), **_over_time()}


def _head() -> dict[str, Shape]:
    questions = {"ask": TEXT, "scale": pair(NUMBER), "step": NUMBER, "asked": SCALAR, "evidence": one_of(("required", "optional"))}
    row = {"type": "object", "additionalProperties": SCALAR, "required": ["value"]}
    unit = {"anyOf": [one_of(tables.UNITS), _TOP["currency"]]}
    opening = {"path": SCALAR, "from": NUMBER, "to": NUMBER, "add": YES_NO}
    return {
        "attributes": keyed(
            MASTERS, {master: {"type": "object", "additionalProperties": one_of(TYPES), "propertyNames": NAME} for master in MASTERS}
        ),
        "opening": keyed(opening, opening, ("path",)),
        "convert": keyed(("policy", "read_as", "rates"), {"policy": one_of(header.POLICIES), "read_as": SCALAR, "rates": SCALAR}),
        "table": keyed(
            ("by", "unit", "rows", "else"),
            {
                "by": TEXTS,
                "unit": unit,
                "rows": {"type": "array", "items": row},
                "else": SCALAR,
            },
            ("by", "rows"),
        ),
        "question": keyed(("ask", "scale", "step", "asked", "evidence"), questions, ("ask", "scale")),
        "peers": keyed(("same", "least", "with_self"), {"same": TEXTS, "least": whole(1, 1_000_000), "with_self": YES_NO}),
    }


def _facts() -> dict[str, Shape]:
    one_way = [{"required": [aggregate]} for aggregate in measures.AGGREGATES]
    column: dict[str, Shape] = {
        **_MEASURE, "formula": FORMULA, "from": SCALAR, "for": SPAN,
        "match": {"anyOf": [TEXTS, {"type": "object", "additionalProperties": SCALAR}]},
    }  # fmt: skip
    kept = {**_MEASURE, "one_per": TEXTS, "prefer": TEXTS, "columns": named("column"), "keep": listed("condition")}
    return {
        "measure": keyed(measures.KEYS, _MEASURE) | {"oneOf": one_way},
        "condition": {"anyOf": [FORMULA, _CONDITION]},
        "list": keyed(lists.KEYS, kept, ("one_per",)),
        "column": keyed(list_columns.KEYS, column) | {"oneOf": [*one_way, {"required": ["formula"]}]},
    }


def _scored() -> dict[str, Shape]:
    kpi: dict[str, Shape] = {
        "formula": FORMULA, "unit": one_of(tables.UNITS), "better": {"anyOf": [one_of(("higher", "lower")), _BETTER]},
        "no_data": {"anyOf": [*_NO_DATA["anyOf"], _IF]},
        "target": FORMULA, "range": pair(NUMBER), "small_below": whole(0, 10**9), "round": whole(-6, 9),
    }  # fmt: skip
    otherwise = {"anyOf": [one_of(tree.FAILURES), keyed(("cap", "at_most"), {"cap": NUMBER, "at_most": SCALAR})]}
    gate = keyed(tree.GATE_KEYS, {"rule": FORMULA, "else": otherwise, "reason": SCALAR, "blank": BLANK}, ("rule",))
    return {
        "kpi": keyed(kpis.KEYS, kpi, ("formula", "unit")),
        "rule": {"anyOf": [SCALAR, _rule({})]},
        "leaf_rule": _rule({"cap": NUMBER}),
        "band": keyed(bands.KEYS, dict.fromkeys(bands.KEYS, NUMBER), ("points",)),
        "node": keyed(tree.KEYS, _NODE),
        "gate": {"anyOf": [FORMULA, gate]},
        "level": keyed(levels.KEYS, {"name": SCALAR, "require": listed("requirement"), "actions": TEXTS, "held": _HELD}, ("name",)),
        "requirement": {"anyOf": [FORMULA, keyed(("any",), {"any": _WAYS}, ("any",))]},
    }


def _over_time() -> dict[str, Shape]:
    standings = {
        "start": SCALAR, "evaluate": _TURNS, "promote": _TURNS, "demote": _TURNS, "hold": SPAN, "steps": whole(1, 100),
        "takes_effect": one_of(standing.TAKES_EFFECT),
    }  # fmt: skip
    over = {"to": one_of(header.SUBJECTS), "level": one_of(rollup.HOW), "levels": {"type": "array", "items": ref("rollup_level")}}
    above = {"name": SCALAR, "require": listed("requirement"), "actions": TEXTS}
    return {
        "rollup_level": keyed(above, above, ("name",)),
        "history": keyed(history.KEYS, {"periods": whole(1, history.MOST), "weight": FORMULA, "smooth": NUMBER, "round": whole(-6, 6)}),
        "standing": keyed(standing.KEYS, standings, ("start",)),
        "rollup": keyed(rollup.KEYS, over, ("to",)),
        "trigger": keyed(triggers.KEYS, {"name": SCALAR, "when": FORMULA, "do": SCALAR, "within": SPAN}, ("name", "when", "do", "within")),
    }
