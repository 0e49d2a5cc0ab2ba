"""The house rules that a machine can check (ARCHITECTURE.md section 6); layers are import-linter's, in pyproject.toml."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "steelyard"
APPS = sorted(path.parent.name for path in PACKAGE.glob("*/apps.py"))
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
CALC = [path for path in SOURCES if path.is_relative_to(PACKAGE / "calc")]
EVERYTHING = SOURCES + sorted(path for folder in ("tests", "benchmarks", "examples") for path in (ROOT / folder).rglob("*.py"))

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 80  # about 40 is the aim; beyond 80 nobody reads it in one go
VAGUE = {"utils", "util", "helpers", "helper", "base", "manager", "managers", "common", "misc"}
LIKELY = "how likely a name means a partner is no number of the product"
FLOATS_ARE_FINE = {"src/steelyard/calc/errors.py": "how alike two words must be is no number of the product"} | {
    f"src/steelyard/calc/matching/{name}.py": LIKELY
    for name in ("candidates", "certainty", "features", "grams", "model", "training", "verdicts", "words")
}
NEAR = "how far a figure may lie off is a mark beside it"
FLOATS_ARE_FINE |= {f"src/steelyard/calc/{name}.py": NEAR for name in ("intervals", "firmness")}
ROWS = "after a kill it is the rows that are compared, not what queries make of them"
KEPT = "what is kept is never rewritten: the rows say whether it was"
STORED = "the contract of intake is about what is stored"
READ_ROWS_THEMSELVES = (
    {"tests/faults/scenarios.py": ROWS, "tests/faults/job_scenarios.py": ROWS}
    | {f"tests/cases/{name}.py": STORED for name in ("arrival", "contract", "test_generated")}
    | {"tests/journeys/test_matching_model.py": KEPT, "tests/pages/test_comparisons.py": KEPT}
)
CLOCKS = {"now", "today", "utcnow", "fromtimestamp"}
MACHINE = re.compile(r"(^|[^A-Za-z0-9_.~-])/(work|root|home|Users)/[A-Za-z.]")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


# -- the rules, as functions of a source's tree, so that each can be seen to fail on the wrong variant below


def imports(module: ast.Module, package: str) -> Iterator[str]:
    """Absolute names of what is imported at run time; imports for type checkers only are left out."""
    parts = package.split(".")
    typing_only = {
        id(inner)
        for node in ast.walk(module)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(module):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = parts[: len(parts) - node.level + 1] if node.level else []
            source = ".".join([*start, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def foreign_models(module: ast.Module, package: str, own_app: str) -> list[str]:
    """Imports of another app's models."""
    found = []
    for name in imports(module, package):
        parts = name.split(".")
        if parts[0] == "steelyard" and len(parts) > 2 and parts[2] == "models" and parts[1] != own_app:
            found.append(name)
    return found


def impure(module: ast.Module) -> list[str]:
    """Clock readings, files, dynamic code and binary floats in a calculation."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("open", "input", "print", "float") or called.split(".")[-1] in CLOCKS:
                found.append(f"line {node.lineno}: {called}()")
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"line {node.lineno}: {node.value}")
    return found


def dynamic_code(module: ast.Module) -> list[str]:
    """Text that is run as code."""
    return [
        f"line {node.lineno}: {node.func.id}()"
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec", "compile", "__import__")
    ]


def hidden_writes(module: ast.Module, package: str) -> list[str]:
    """Signals, and a `save` or `delete` of a class that has a base: every write is an action, not a side effect of a model."""
    found = [name for name in imports(module, package) if ".signals." in name or name.startswith("django.dispatch")]
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and node.bases:
            found += [f"{node.name}.{inner.name}" for inner in node.body if getattr(inner, "name", "") in ("save", "delete")]
    return found


def long_functions(module: ast.Module, most: int) -> list[str]:
    """Functions longer than so many lines, docstring not counted."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            lines = (node.end_lineno or node.lineno) - first.lineno + 1
            if lines > most:
                found.append(f"{node.name}: {lines} lines")
    return found


def package_of(path: Path) -> str:
    """The package in which a file's relative imports start."""
    relative = path.relative_to(PACKAGE.parent).with_suffix("")
    return ".".join(relative.parts[:-1])


# -- the rules, kept


def kept(rule: Callable[[Path], object], paths: Iterable[Path]) -> None:
    """Fail with one line for each file that breaks the rule: what was found there."""
    broken = [f"{named(path)}: {found}" for path in paths if (found := rule(path))]
    if broken:
        pytest.fail("\n".join(broken), pytrace=False)


def test_a_file_holds_one_idea():
    """About 300 lines is the aim."""
    kept(lambda path: max(0, len(path.read_text(encoding="utf-8").splitlines()) - MOST_LINES), EVERYTHING)


def test_a_function_is_read_in_one_go():
    kept(lambda path: long_functions(tree(path), MOST_LINES_OF_A_FUNCTION), SOURCES)


def test_only_an_app_imports_its_own_models():
    """A name needed for types only is imported under TYPE_CHECKING; a foreign key names the other model in text."""
    kept(lambda path: foreign_models(tree(path), package_of(path), path.relative_to(PACKAGE).parts[0]), SOURCES)


def test_stories_across_apps_go_through_actions_and_queries():
    stories = (path for path in (ROOT / "tests").rglob("*.py") if named(path) not in READ_ROWS_THEMSELVES)
    kept(lambda path: foreign_models(tree(path), "tests", own_app=""), stories)


def test_calculation_is_pure():
    kept(lambda path: impure(tree(path)), (path for path in CALC if named(path) not in FLOATS_ARE_FINE))


def test_no_text_is_run_as_code():
    kept(lambda path: dynamic_code(tree(path)), SOURCES)


def test_every_write_is_an_action():
    inside = [path for path in SOURCES if path.relative_to(PACKAGE).parts[0] in APPS]
    kept(lambda path: hidden_writes(tree(path), package_of(path)), inside)


def test_no_file_has_a_vague_name():
    vague = [path for path in EVERYTHING if path.stem in VAGUE or path.parent.name in VAGUE]
    assert [named(path) for path in vague] == ["src/steelyard/config/sqlite/base.py"]  # Django looks for a database under this name


def test_no_file_knows_this_machine():
    """Examples, benchmarks and documentation work wherever they are copied."""
    kinds = {".py", ".md", ".sh", ".yaml", ".yml", ".toml", ".cfg", ".json", ".txt", ".lock", ""}
    folders = [ROOT / name for name in ("src", "tests", "benchmarks", "examples", "docs", ".ci", "deploy")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix in kinds]
    files += [path for path in ROOT.iterdir() if path.is_file() and path.suffix in kinds and path.name != ".git"]
    found = [
        f"{named(path)}:{number}: {line.strip()[:100]}"
        for path in files
        if "__pycache__" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if MACHINE.search(line) and "MACHINE = " not in line
    ]
    assert not found


def test_lock_files_carry_hashes_and_no_addresses():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"://|--(extra-)?index-url|--find-links", text), name


# -- each rule, seen to fail on the wrong variant

WRONG = {
    "another app's models": lambda: foreign_models(ast.parse("from steelyard.ledger.models import Commit"), "steelyard.intake", "intake"),
    "another app's models, relatively": lambda: foreign_models(ast.parse("from ..ledger import models"), "steelyard.intake", "intake"),
    "a clock in a calculation": lambda: impure(ast.parse("import datetime\nx = datetime.date.today()")),
    "a float in a calculation": lambda: impure(ast.parse("rate = 0.1")),
    "a file in a calculation": lambda: impure(ast.parse("open('x')")),
    "eval": lambda: dynamic_code(ast.parse("eval('1')")),
    "a signal": lambda: hidden_writes(ast.parse("from django.db.models.signals import post_save"), "steelyard.intake"),
    "logic in save": lambda: hidden_writes(ast.parse("class Batch(Model):\n    def save(self): ..."), "steelyard.intake"),
    "a long function": lambda: long_functions(ast.parse("def f():\n" + "    x = 1\n" * 81), MOST_LINES_OF_A_FUNCTION),
    "a machine's path": lambda: MACHINE.findall("see /" + "root/x"),
}


@pytest.mark.parametrize("variant", WRONG)
def test_the_wrong_variant_is_found(variant):
    assert WRONG[variant]()


def test_the_right_variant_is_not_found():
    own = ast.parse("from .models import Commit\nfrom steelyard.partners.queries import histories\nfrom typing import TYPE_CHECKING\n")
    assert not foreign_models(own, "steelyard.ledger", "ledger")
    for_types = ast.parse("if TYPE_CHECKING:\n    from steelyard.accounts.models import User")
    assert not foreign_models(for_types, "steelyard.intake", "intake")
