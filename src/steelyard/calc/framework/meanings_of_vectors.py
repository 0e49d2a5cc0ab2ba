"""What every key of a vectors file means (`meanings.py` has those of frameworks)."""

from __future__ import annotations

from collections.abc import Mapping

_AT_A_DATE = {
    "measures": "values of measures, by name; through a window as `sales[ttm]: 3` or `sales: {period: 1, ttm: 3}`",
    "kpis": "values of KPIs, by name; a KPI that is read and not given is blank",
    "points": "points of parts of the scorecard, by name; `total` is the whole card",
    "attributes": "attributes of the subject, such as `country: DE`",
    "level": "the level earned",
}

MEANINGS_OF_VECTORS: Mapping[str, Mapping[str, str]] = {
    "a vectors file": {"framework": "code of the framework", "vectors": "a list: given this, expect exactly that"},
    "a vector": {
        "name": "what it shows, once in the file",
        "as_of": "the date it is computed for (default: `effective` of the framework)",
        "given": "what is given, in place of what would be computed there; over all dates of a series",
        "was": "the level held before the first date (default: `start` of the standing)",
        "series": "a list of several dates, the earliest first",
        "expect": "what must come out, exactly; `null` is blank",
        "change": "key paths of the framework and what stands there instead: the vector is computed with that, or shows its `problem`",
        "problem": "the problem that the changed framework must give",
    },
    "`given`": {
        "facts": "rows by kind of fact; they need neither `party` nor `currency`. `sign: -1` takes an equal row back",
        "masters": "what keys of rows mean: rows of `products`, `partners`, `categories` or `rates`",
        **_AT_A_DATE,
        "settings": "other values of settings",
        "tables": "by table, other rows or one value whatever the key",
        "subject": "whose card it is, where rows name several partners; the others are peers",
        "parts": "parts of a roll-up, each with what is given of it",
    },
    "a date of a series": {"as_of": "the date", **_AT_A_DATE},
    "a part": {"part": "its name", **_AT_A_DATE},
    "`expect`": {
        "measures": "values of measures",
        "kpis": "values of KPIs",
        "items": "points of parts of the scorecard, by name",
        "points": "points of the whole card",
        "overall": "the overall score",
        "passes": "whether the card passes",
        "chosen": "the part that `best` or `worst` took",
        "level": "the level earned",
        "standing": "the level held on the last date",
        "rollup": "the level over all parts",
        "standings": "the level held on each date of the series",
        "triggers": "names of the triggers that fire on the last date; `[]`: none",
        "excluded": "by measure, how many rows each reason leaves out: `{sales: {free goods: 2}}`",
    },
    "a problem": {"code": "its code", "where": "a part of its place, such as a name", "witness": "a part of what was found"},
}
