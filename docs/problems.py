"""The reference of problem codes: found in the code, with the sentence each one says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from generate import PACKAGE, page, table

CODE = re.compile(r"[a-z]+([-_][a-z0-9]+)*")
FIRST = {"Problem", "add", "problem", "refuse", "_refuse", "report", "BadScalar"}  # calls that begin with a code
SECOND = {"Finding", "find"}  # calls whose second argument is the code
PARTS = (
    (
        "Frameworks",
        "A framework file is refused with all its problems at once, each with line and column.",
        ("calc/framework", "calc/formula", "calc/vectors", "frameworks"),
    ),
    (
        "The prover",
        "What `framework check` finds in a framework that can be applied: nothing is refused, each comes with values that show it.",
        ("calc/prover",),
    ),
    (
        "Intake",
        "A row with a problem waits in quarantine; a file that cannot be read as a whole is refused, and a mapping too.",
        ("intake",),
    ),
    ("Matching", "Which partner a name means.", ("attribution", "calc/matching")),
    ("Masters", "", ("masters", "company", "products", "partners")),
    ("Ledger", "", ("ledger",)),
    ("Jobs, e-mail and serving", "", ("jobs", "outbox", "operations", "config")),
    ("People", "", ("accounts", "audit")),
    ("Comparing", "A workbook that cannot be held beside a result.", ("comparisons",)),
    ("Reviews, questions, documents", "", ("approvals", "records", "reviews")),
    ("Pages and REST", "REST gives them as `application/problem+json`.", ("ui", "dashboards", "portal", "api")),
    ("Scoring and everything else", "", ("calc", "scorecards", "cli", "demo")),
)


def problem_codes() -> str:
    """Every code once per part, with the sentences it says; `…` stands for names and figures."""
    parts, seen = [], set()
    for title, lead, folders in PARTS:
        found: dict[str, list[str]] = {}
        for path in sorted({source for folder in folders for source in sources(folder)} - seen):
            seen.add(path)
            for code, message in codes(ast.parse(path.read_text(encoding="utf-8"))):
                sentences = found.setdefault(code, [])
                if message and message not in sentences:
                    sentences.append(message)
        rows = [(f"`{code}`", " · ".join(sentences) or "see the message") for code, sentences in sorted(found.items())]
        parts += [f"## {title}", lead, table(("code", "what it says"), rows)]
    lead = "Every problem has a code that stays, a sentence, its place, what was found there and what to do. `--json` gives them as fields."
    return page("Problem codes", lead, *parts)


def sources(folder: str) -> Iterator[Path]:
    """The modules of a folder, or a single module."""
    place = PACKAGE / folder
    found = [place] if place.is_file() else sorted(place.rglob("*.py"))
    yield from (path for path in found if not {"tests", "migrations"} & set(path.parts[len(PACKAGE.parts) :]))


def codes(module: ast.Module) -> Iterator[tuple[str, str]]:
    """(code, sentence) of every problem that a module makes."""
    for function in [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]:
        written = [node for node in ast.walk(function) if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]
        for call in [node for node in ast.walk(function) if isinstance(node, ast.Call)]:
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            start = 0 if name in FIRST else 1 if name in SECOND else None
            if start is None or len(call.args) < start + 2:
                continue
            code = call.args[start]
            if isinstance(code, ast.Constant) and isinstance(code.value, str) and CODE.fullmatch(code.value):
                above = sorted((one for one in written if one.lineno < call.lineno), key=lambda one: one.lineno)
                yield code.value, sentence(call.args[start + 1], {one.targets[0].id: one.value for one in above})  # type: ignore[attr-defined]


def sentence(node: ast.expr, texts: dict[str, ast.expr]) -> str:
    """A message as a reader knows it."""
    if isinstance(node, ast.Name):
        node = texts.get(node.id, node)
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""
