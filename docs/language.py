"""The reference of the framework language, of mappings and of settings: keys from the code, meanings from `meanings.py`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

import meanings
import prose
from generate import PACKAGE, page, table
from worked import file, worked


def told(keys: Iterable[str], known: Mapping[str, str], what: str) -> str:
    """A table of keys with their meanings; stops where the two lists differ."""
    keys = list(keys)
    if set(keys) != set(known):
        raise SystemExit(f"docs/meanings.py and the code differ about {what}: {sorted(set(keys) ^ set(known))}")
    return table(("key", "meaning"), [(f"`{key}`", known[key]) for key in keys])


def framework_language() -> str:
    from steelyard.calc.formula.functions import FUNCTIONS
    from steelyard.calc.framework import (
        history,
        kpis,
        levels,
        list_columns,
        lists,
        measures,
        read,
        rollup,
        rules,
        standing,
        tree,
        triggers,
        windows,
    )
    from steelyard.calc.framework.section import COMMON, LANGUAGE
    from steelyard.calc.framework.wording.windows import window_text

    if set(FUNCTIONS) != set(meanings.FUNCTIONS):
        raise SystemExit(f"docs/meanings.py and the code differ about functions: {sorted(set(FUNCTIONS) ^ set(meanings.FUNCTIONS))}")
    functions = [(f"`{one.example}`", meanings.FUNCTIONS[name], meanings.GROUPS[one.group]) for name, one in FUNCTIONS.items()]
    ready = [(f"`{name}`", window_text(window)) for name, window in windows.READY_WINDOWS.items()]
    small = small_keys()
    return page(
        "The framework language",
        f"Version {LANGUAGE}. {prose.INTRODUCTION}",
        "## A first framework, whole",
        worked("first", ""),
        prose.HOW,
        "## The file",
        told(read.KEYS, meanings.FRAMEWORK, "the framework"),
        f"Every definition may also have {', '.join(f'`{key}` ({meanings.COMMON[key]})' for key in COMMON)}.",
        prose.VALUES,
        *(f"**{name}**\n\n{told(keys, meanings.SMALL[name], name)}" for name, keys in small.items()),
        "## Measures",
        prose.MEASURES,
        told(measures.KEYS, meanings.MEASURE, "measures"),
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
        told(lists.KEYS, meanings.LIST, "lists"),
        "A column is a formula, or a measure:",
        told(list_columns.KEYS, meanings.LIST_COLUMN, "columns of lists"),
        worked("lists", "lists"),
        "## KPIs",
        told(kpis.KEYS, meanings.KPI, "KPIs"),
        prose.KPIS,
        worked("peers", "kpis", "questions"),
        "## Formulas",
        prose.FORMULAS,
        table(("function", "gives", "where"), functions),
        worked("tables", "tables", "curves", "levels"),
        "### A rate by date",
        prose.RATES,
        worked("rates", "tables", "lists", "levels"),
        "## The scorecard",
        prose.SCORECARD,
        told(tree.KEYS, meanings.NODE, "parts of a scorecard"),
        "**Points rules**",
        told(rules.KINDS, meanings.RULES, "points rules")
        + "\n\nBesides, `points: value`: the value is the points; or the name of a curve.",
        worked("points", "scorecard"),
        "## Gates and tracks",
        prose.GATES,
        told(tree.GATE_KEYS, meanings.GATE, "gates"),
        worked("gates", "scorecard"),
        "## Levels",
        prose.LEVELS,
        told(levels.KEYS, meanings.LEVEL, "levels"),
        "## Beyond one point in time",
        prose.TIME,
        "`history`:",
        told(history.KEYS, meanings.HISTORY, "the history"),
        "`standing`:",
        told(standing.KEYS, meanings.STANDING, "the standing"),
        "`triggers`, each a mapping:",
        told(triggers.KEYS, meanings.TRIGGER, "triggers"),
        worked("standing", "history", "levels", "standing", "triggers"),
        "## Roll-ups",
        prose.ROLLUP,
        told(rollup.KEYS, meanings.ROLLUP, "the roll-up"),
        worked("rollup", "rollup"),
        "## Regions",
        prose.REGIONS,
        file("region.yaml"),
        "## Vectors",
        prose.VECTORS,
        "## What is refused",
        prose.REFUSED,
    )


def framework_schema() -> str:
    from steelyard.calc.framework.schema import as_text

    return as_text()


def small_keys() -> dict[str, tuple[str, ...]]:
    """The keys of the smaller mappings, where the reader names them: convert, a table, peers, a question."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((PACKAGE / "calc" / "framework").glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", getattr(call.func, "attr", "")) not in ("Section", "sub"):
                continue
            texts = [part.value.strip("`") for part in call.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            lists = [part for part in call.args if isinstance(part, ast.Tuple) and all(isinstance(one, ast.Constant) for one in part.elts)]
            name = next((text for text in texts if text in meanings.SMALL), None)
            if name and lists:
                found[name] = tuple(one.value for one in lists[0].elts)
    if set(found) != set(meanings.SMALL):
        raise SystemExit(f"docs/meanings.py and the code differ: {sorted(set(found) ^ set(meanings.SMALL))}")
    return {name: found[name] for name in meanings.SMALL}


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
