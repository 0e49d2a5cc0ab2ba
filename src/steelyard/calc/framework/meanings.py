"""What every key of the language means, in one sentence each: for the reference, for editors (the JSON Schema) and for nobody else
to write again. Texts are Markdown; a mapping is called what messages about it call it.
"""

# ruff: noqa: E501 (a meaning a line)

from __future__ import annotations

import re
from collections.abc import Mapping

from .meanings_of_vectors import MEANINGS_OF_VECTORS

_FRAMEWORK = {
    "framework": "code of the framework; the same code again is its next version",
    "subject": "who is scored: `partner`, `representative` or `territory`, or several joined as `partner x territory` (every pair), or `partner x country` (every country that a row of the partner names; a row that names none is of the partner's own). A territory is scored by the rows of the area itself, not of areas within it",
    "attributes": "what the company records of its own and this framework reads, with types: `{partner: {certified: yes/no}, product: {launch_group: text}}`",
    "applies_to": "a rule over the subject's attributes on the as-of date; who does not meet it is not scored",
    "grain": "what a period is: `week`, `month`, `quarter`, `half`, `year`, or `window` of a calendar given as a list of dates",
    "effective": "first as-of date that is scored with this version",
    "currency": "currency of all money; needed as soon as money is added up",
    "convert": "how money becomes that currency: a policy (`line date`, `month average`, `period end`) or a mapping",
    "calendar": "code of a fiscal calendar other than the company's default",
    "rounding": "the method wherever `round:` stands: `half_up` (default), `half_even`, `down`, `up`",
    "settings": "named numbers that formulas read, so that they can be tuned in one place",
    "tables": "look-ups by text keys",
    "curves": "points rules with a name, usable as `points: NAME` and as `NAME(x)`",
    "windows": "windows with a name",
    "questions": "questions whose answers come in as facts of kind `ratings`",
    "peers": "who is compared with whom",
    "lists": "one line per thing, grouped from facts or picked among them; measures may be taken over the lines",
    "measures": "what is added up over which rows",
    "kpis": "formulas over measures",
    "scorecard": "the tree that turns KPIs into points and points into a total",
    "levels": "a list, lowest first; the highest whose requirements all hold is earned",
    "history": "the overall score, from the totals of several periods",
    "standing": "how the level that is held follows the levels earned",
    "rollup": "one level for a partner from the cards of its parts",
    "triggers": "a list: something to do when a rule becomes true; it opens a task and never alters a score",
    "earlier": "how earlier results are read: `as published` (default), or `as known now`: computed again at the present cut",
    "open": "what the framework's regions may change, and how far; everything else is the same everywhere",
}

COMMON = {
    "title": "what people read instead of the name",
    "note": "why it is so; policy decisions belong here",
    "owner": "who answers for it",
}

_MEASURE = {
    "fact": "the kind of fact whose rows are read ([facts](facts.md))",
    "list": "the list whose lines are read, instead of a fact; through a window it is built as of that window's end",
    "sum": "adds up a column, or a formula over the columns of a row",
    "count": "`count: lines` counts rows",
    "count_distinct": "how many different values occur",
    "mean": "the mean of a column",
    "median": "the median of a column",
    "min": "the least value",
    "max": "the greatest value",
    "first": "the value of the first day; numbers of that day are added up",
    "last": "the value of the last day; numbers of that day are added up",
    "where": "a rule, or a list of rules (`{rule, reason, blank}`); the first that fails is the reason shown for the row",
    "date": "which date of the row counts (default: the kind's own)",
    "window": "the stretch of time, ending with the as-of date (default `period`)",
    "valid_on": "`period end`: rows that are valid on the last day, both ends included",
    "once_per": "columns for which the value counts once",
    "known_when": "`{report, missing}`: months without that report are unknown; more than `missing` of them make the measure blank",
    "per_subject": "`repeat`: the partner's value for each subject, where the fact lacks a part of the subject",
}

_LIST = {
    "one_per": "the key: a column, or a list of columns. Lines in which every part of the key is blank are left out; one part is enough",
    "columns": "what each line has: a mapping of names to columns, read from left to right",
    "keep": "a rule, or a list of rules (`{rule, reason, blank}`), that a line must meet to count",
    "fact": "a picked list: the kind of fact of which one row per key is taken",
    "list": "a picked list: the other list of which one line per key is taken",
    "where": "a picked list: rules for the rows that may be taken",
    "date": "a picked list: which date of the row counts (default: the kind's own)",
    "window": "a picked list: the stretch of time (default: the one that the list is asked through)",
    "prefer": "a picked list: what decides among rows of one key, in this order: a yes/no column (yes first), or `highest`, `lowest`, "
    "`latest` or `earliest` with a column; blanks come last, ties go to the lowest natural key",
    "per_subject": "a picked list: `repeat`, as for measures",
}

_LIST_COLUMN = {
    "formula": "a formula over the key and the columns to its left, attributes of the subject, `as_of`; stored in the grain of its unit. "
    "Over peers it compares with the lines of the same key of other subjects",
    **{name: meaning for name, meaning in _MEASURE.items() if name != "known_when"},
    "window": "the stretch of time; the default, `period`, is the window that the list is asked through, any other ends with the same day",
    "match": "what rows are joined by, where it is not the key of the list: a column, columns, or `{column of the line: column of the row}`",
    "from": "a date of the line: rows count from that day on, whatever window is asked, for as long as `for` says",
    "for": "how long rows count from that day on, `14 days` or `2 months`; the last day counts",
}

_KPI = {
    "formula": "what is calculated",
    "unit": "`money`, `percent`, `number`, `count`, `points`, `days` or `text`; decides how finely it is kept ([precision](precision.md))",
    "better": "`higher` (default), `lower`, or `{between: [30, 60]}`",
    "no_data": "what happens to a blank: `skip` (its weight goes to the others), `zero`, `full`, `fail`, a number of points, "
    "`{carry: N}`, or `{if: rule, then: …, reason: …}`; needed where the formula divides",
    "target": "shown beside the value",
    "range": "`[lowest, highest]` that can occur; lets the ends of bands be checked",
    "small_below": "marks few observations below this denominator; never changes a score",
    "round": "decimals of the value",
}

_NODE = {
    "kpi": "the KPI of a leaf",
    "points": "how its value becomes points: a points rule, `value`, or the name of a curve",
    "combine": "of a part with items: `mean` (by weight), `sum`, `best` or `worst`",
    "of": "the items, by name",
    "weight": "under `mean`: a number, setting or table look-up; any ratio",
    "cap": "at most so many points; what it takes away is shown as a contribution of its own",
    "floor": "at least so many points",
    "scale_to": "scales the points so that full marks are this many",
    "round": "decimals of the points",
    "require": "gates: `{rule, else, reason, blank}`",
    "missing": "`share` (default): what skipped items weigh goes to the others; `zero`: they count as no points",
    "needs_data": "with less than this share of the weight scored, the part has no value",
}

_GATE = {
    "rule": "what must hold; a blank does not hold",
    "else": "`fail` (default: the points stay, the part does not pass), `zero`, `skip`, `{cap: 60}` or `{at_most: C}`, a level",
    "reason": "shown where it fails",
    "blank": "`holds`: a blank counts as met",
}

_RULES = {
    "line": "`[[60%, 0], [100%, 100]]`: straight between the corners, flat outside",
    "bands": "`[{below: 0%, points: 0}, {from: 0%, points: 50}]`: `from` and `to` include their end, `above` and `below` do not; "
    "an upper end left out is the next lower end",
    "per": "`{points: 4, each: 1, whole: true}`: points for each unit, or for each full unit",
    "choice": "`{yes: 10, partly: 5, no: 0}`: for text answers",
    "cap": "beside the rule of a part of the scorecard: at most so many points, the same as the part's own `cap`",
}

_LEVEL = {
    "name": "the level's name",
    "require": "rules that must all hold; `{any: [[…], […]]}` lists ways in, each a list that must hold in full",
    "actions": "what earning it brings; shown, not done",
    "held": "`{for: 6 months}`: the requirements hold at every evaluation from so long ago to the as-of date, both included; "
    "`{once_in: last 6 months}`: on at least one day of the window",
}

_HISTORY = {
    "periods": "how many periods count, the current one included",
    "weight": "formula of a period's weight; `n` is 0 for the newest. A period without a total is left out of both sums",
    "smooth": "instead: the share of the current total; new = old x (1 - share) + current x share. The first scored period starts it",
    "round": "decimals of the overall score",
}

_STANDING = {
    "start": "the level held before the first evaluation",
    "evaluate": "when a level may change at all: `daily`, `monthly` (default), `quarterly`, months such as `[January, July]`, or a review cycle",
    "promote": "when it may rise (default: at every evaluation); a level earned above the standing is held at once",
    "demote": "when it may fall (default: at every evaluation)",
    "hold": "so long after a rise it does not fall",
    "steps": "most levels of one fall",
    "takes_effect": "`same day` (default) or `first day of next month`",
}

_ROLLUP = {
    "to": "the part of the subject that the result is for",
    "level": "`highest` or `lowest` level among the parts, or `none` (default)",
    "levels": "levels above those of the parts, with requirements on `parts(rule)`, the number of parts that meet a rule",
}

_TRIGGER = {
    "name": "its name, once in the framework",
    "when": "the rule; it fires when it becomes true, and again only after it was false",
    "do": "what is to be done",
    "within": "until when, counted from the as-of date",
}

_SMALL = {
    "`attributes`": {
        "partner": "names of partners' attributes and their types: `text`, `number`, `yes/no` or `date`",
        "product": "the same of products; rows read them as `product.NAME`",
    },
    "`convert`": {
        "policy": "`line date` (each line at the last rate on or before its day), `month average` or `period end`",
        "read_as": "column that names the currency in which amounts are to be read, where that is not the row's own",
        "rates": "source whose rates are used",
    },
    "a table": {
        "by": "names of the keys, of your choice: what is looked up is said where the table is read",
        "unit": "a currency, `percent`, `count`, `number` (a factor), …",
        "rows": "`{KEY: …, value: …, from: first valid day}`",
        "else": "what a missing key gives; `blank`, or leave it out and a missing key is refused",
    },
    "`peers`": {
        "same": "attributes that peers share",
        "least": "with fewer the result is blank",
        "with_self": "whether one is among one's peers",
    },
    "a question": {
        "ask": "the question",
        "scale": "`[lowest, highest]`",
        "step": "between two answers",
        "asked": "who answers",
        "evidence": "whether each answer names a document or another reference: `required` or `optional` (default)",
        "answers": "what answers mean, each by its number: `{1: Never, 5: Always}`; shown beside the scale",
    },
    "an opening": {
        "path": "the key path that a region may change, with all below it; an item of a list by its number or its name",
        "from": "the least number",
        "to": "the greatest number",
        "add": "`true`: names may be added below the path, what is there stays",
    },
    "a region": {
        "framework": "a code of its own",
        "extends": "the code of its base",
        "applies_to": "who is scored by the region's version, in place of the base's rule",
        "set": "key paths of the base and what stands there in this region: `scorecard.of.commercial.weight: 65`",
    },
    "a condition": {
        "rule": "what must hold",
        "reason": "shown for what is left out",
        "blank": "`fails` (default): a row for which the rule comes out blank is left out; `holds`: it counts",
    },
    "`known_when`": {
        "report": "the kind of fact whose report makes a month known",
        "missing": "so many months may be unknown before the measure is blank (default 0)",
    },
    "`better`": {"between": "`[30, 60]`: best between the two, worse on both sides"},
    "`no_data`": {
        "if": "a rule: where it holds the value is blank, whatever the formula gives",
        "then": "what happens to a blank: a policy, a number of points or `{carry: N}`",
        "reason": "shown where the rule holds",
        "carry": "alone: for at most so many periods the last value is kept",
    },
    "a band": {
        "from": "the lower end, included",
        "above": "the lower end, not included",
        "below": "the upper end, not included",
        "to": "the upper end, included",
        "points": "what it earns",
    },
    "`per`": {
        "points": "points for each unit: a number, setting or table look-up",
        "each": "how much one unit is (default 1)",
        "whole": "`true`: full units alone count",
    },
    "`else`": {"cap": "at most so many points", "at_most": "at most this level"},
    "`held`": {
        "for": "`6 months`: at every evaluation from so long ago to the as-of date, both included",
        "once_in": "`last 6 months`: on at least one day of the window",
    },
    "a requirement": {"any": "`[[…], […]]`: ways in, each a list of rules that must hold in full"},
    "a level of a roll-up": {
        "name": "the level's name",
        "require": "rules that must all hold, on `parts(rule)`",
        "actions": "what earning it brings; shown, not done",
    },
}

MEANINGS: Mapping[str, Mapping[str, str]] = {
    "a framework": _FRAMEWORK,
    "a measure": _MEASURE,
    "a list": _LIST,
    "a column of a list": _LIST_COLUMN,
    "a KPI": _KPI,
    "a part of the scorecard": _NODE,
    "a gate": _GATE,
    "a points rule": _RULES,
    "a level": _LEVEL,
    "`history`": _HISTORY,
    "`standing`": _STANDING,
    "`rollup`": _ROLLUP,
    "a trigger": _TRIGGER,
    **_SMALL,
    **MEANINGS_OF_VECTORS,
}


def plainly(text: str) -> str:
    """A meaning without its links and marks, as an editor shows it: a sentence."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", "")
    return f"{text[:1].upper()}{text[1:]}."
