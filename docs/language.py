"""The reference of the framework language, of mappings and of settings: keys and meanings from the code or `meanings.py`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

import meanings
import prose
from generate import PACKAGE, page, table
from worked import file, worked

from steelyard.calc.framework.meanings import COMMON, MEANINGS


def keys_of(*mappings: str, named: bool = True) -> str:
    """Tables of the keys of mappings, each under its name unless it stands under a heading of its own."""
    tables = [(what, table(("key", "meaning"), [(f"`{key}`", meaning) for key, meaning in MEANINGS[what].items()])) for what in mappings]
    return "\n\n".join(f"**{what[:1].upper()}{what[1:]}**\n\n{text}" if named else text for what, text in tables)


def told(keys: Iterable[str], known: Mapping[str, str], what: str) -> str:
    """A table of keys with their meanings; stops where the two lists differ."""
    keys = list(keys)
    if set(keys) != set(known):
        raise SystemExit(f"docs/meanings.py and the code differ about {what}: {sorted(set(keys) ^ set(known))}")
    return table(("key", "meaning"), [(f"`{key}`", known[key]) for key in keys])


def framework_language() -> str:
    from steelyard.calc.formula.functions import FUNCTIONS
    from steelyard.calc.framework import windows
    from steelyard.calc.framework.section import LANGUAGE
    from steelyard.calc.framework.wording.windows import window_text

    if set(FUNCTIONS) != set(meanings.FUNCTIONS):
        raise SystemExit(f"docs/meanings.py and the code differ about functions: {sorted(set(FUNCTIONS) ^ set(meanings.FUNCTIONS))}")
    functions = [(f"`{one.example}`", meanings.FUNCTIONS[name], meanings.GROUPS[one.group]) for name, one in FUNCTIONS.items()]
    ready = [(f"`{name}`", window_text(window)) for name, window in windows.READY_WINDOWS.items()]
    return page(
        "The framework language",
        f"Version {LANGUAGE}. {prose.INTRODUCTION}",
        "## A first framework, whole",
        worked("first", ""),
        prose.HOW,
        "## The file",
        keys_of("a framework", named=False),
        f"Every definition may also have {', '.join(f'`{key}` ({meaning})' for key, meaning in COMMON.items())}.",
        prose.VALUES,
        keys_of("`convert`", "a table", "`peers`", "an opening", "a region", "a question"),
        "## Measures",
        prose.MEASURES,
        keys_of("a measure", named=False),
        keys_of("a condition", "`known_when`"),
        "Rows may read the columns of the fact and what its keys resolve to on the row's date: `partner`, `territory`, `representative`, "
        "`partner.type`, `partner.country`, `partner.region`, `partner.status`, `category`, `product.name`, `product.category`, "
        "`product.strategic`, `product.must_stock`, `product.status`, `partner.name`, `partner.parent`, `partner.city`; and `month`, the first "
        "day of the fiscal month of the row's date. Of [every fact's](facts.md) own marks (`row_id`, `sign`, …) none can be read. The subject's "
        "attributes have no prefix (`country`) in KPIs, levels, `applies_to` and columns of lists. Countries are ISO 3166 codes: `IN`, not India.",
        worked("rows", "measures"),
        "## Windows",
        prose.WINDOWS,
        table(("ready name", "meaning"), ready),
        worked("windows", "kpis", "scorecard"),
        "## Lists",
        prose.LISTS,
        keys_of("a list", named=False),
        "A column is a formula, or a measure:",
        keys_of("a column of a list", named=False),
        worked("lists", "lists"),
        "## KPIs",
        keys_of("a KPI", named=False),
        keys_of("`no_data`", "`better`"),
        prose.KPIS,
        worked("peers", "kpis", "questions"),
        "## Formulas",
        prose.FORMULAS,
        table(("function", "gives", "where"), functions),
        worked("tables", "tables", "curves", "levels"),
        "### A rate by date",
        prose.RATES,
        worked("rates", "tables", "lists", "levels"),
        "## Attributes of the company's own",
        prose.ATTRIBUTES,
        keys_of("`attributes`", named=False),
        worked("attributes", "attributes", "kpis"),
        "## The scorecard",
        prose.SCORECARD,
        keys_of("a part of the scorecard", named=False),
        keys_of("a points rule"),
        "Besides, `points: value`: the value is the points; or the name of a curve.",
        keys_of("a band", "`per`"),
        worked("points", "scorecard"),
        "## Gates and tracks",
        prose.GATES,
        keys_of("a gate", named=False),
        keys_of("`else`"),
        worked("gates", "scorecard"),
        "## Levels",
        prose.LEVELS,
        keys_of("a level", named=False),
        keys_of("a requirement", "`held`"),
        "## Beyond one point in time",
        prose.TIME,
        keys_of("`history`", "`standing`", "a trigger"),
        worked("standing", "history", "levels", "standing", "triggers"),
        "## Roll-ups",
        prose.ROLLUP,
        keys_of("`rollup`", "a level of a roll-up"),
        worked("rollup", "rollup"),
        "## Regions",
        prose.REGIONS,
        file("region.yaml"),
        "## Vectors",
        prose.VECTORS,
        keys_of("a vectors file", "a vector", "`given`", "a date of a series", "a part", "`expect`", "a problem"),
        "## A programme, whole",
        prose.PROGRAMME,
        worked("programme", "kpis", "levels"),
        "The region, and its vectors; the base lies beside it, in a file named by its code:",
        file("programme-india.yaml"),
        file("programme-india.vectors.yaml"),
        "## What is refused",
        prose.REFUSED,
    )


def framework_schema() -> str:
    from steelyard.calc.framework.schema import as_text

    return as_text()


def mappings() -> str:
    from steelyard.intake.mappings.read import _COLUMN_KEYS

    tree = ast.parse((PACKAGE / "intake" / "mappings" / "read.py").read_text(encoding="utf-8"))
    method = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "mapping")
    keys = [key.value for key in next(node for node in ast.walk(method) if isinstance(node, ast.Dict)).keys]
    limits = re.findall(
        r"^([A-Z_]+) = (.+?)(?:  # (.+))?$", (PACKAGE / "intake" / "limits.py").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    return page(
        "Mappings",
        "A mapping says how the files of one source are read. It is remembered per kind and source, so the second file of the same shape "
        "needs none. Nothing is guessed per cell: marks and orders are decided per column, and a cell that contradicts is quarantined.",
        told(keys, meanings.MAPPING, "mappings"),
        "## A column",
        told(_COLUMN_KEYS, meanings.MAPPING_COLUMN, "columns of a mapping"),
        "## Limits",
        "Checked before the work, and named in the message.",
        table(("limit", "value", ""), [(name.lower().replace("_", " "), value, note) for name, value, note in limits]),
    )


def settings() -> str:
    used = {
        name
        for path in PACKAGE.rglob("*.py")
        for name in re.findall(r"[\"']((?:STEELYARD)_[A-Z_]+)[\"']", path.read_text(encoding="utf-8"))
    }
    if used != set(meanings.SETTINGS):
        raise SystemExit(f"docs/meanings.py and the code differ about settings: {sorted(used ^ set(meanings.SETTINGS))}")
    rows = [(f"`{name}`", default, meaning) for name, (default, meaning) in meanings.SETTINGS.items()]
    return page(
        "Settings",
        "What differs between installations comes from the environment. What belongs to the company (its name, reporting currency, default "
        "calendar) is master data with a history: `steelyard settings show company`.",
        table(("variable", "default", "meaning"), rows),
    )
