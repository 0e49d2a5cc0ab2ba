"""The JSON Schema: it knows the keys that the readers know, takes every framework there is, and refuses nothing that `read` takes."""

from __future__ import annotations

import ast
import copy
import pkgutil
import re
from datetime import date
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import jsonschema_rs
import pytest
import yaml

from steelyard.calc import framework, vectors
from steelyard.calc.framework import meanings, section
from steelyard.calc.framework import read as reading
from steelyard.calc.framework import schema as described
from steelyard.calc.framework.document import Keyed, Listed, Scalar, load_plain
from steelyard.calc.framework.meanings import COMMON, MEANINGS, plainly
from steelyard.calc.framework.read import read

from .examples import DISTRIBUTOR

ROOT = Path(__file__).parents[3]
FOLDERS = ("src/steelyard", "examples", "tests", "benchmarks", "docs")
FILES = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.yaml")
    if re.search("^framework:", path.read_text(encoding="utf-8"), re.MULTILINE)
)
PAGE = (ROOT / "docs/reference/framework-language.md").read_text(encoding="utf-8").replace("|", "")
SCHEMA = described.schema()
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


def as_editors_see(text: str) -> object:
    """What a YAML 1.2 reader makes of a file: dates and percentages are texts."""
    document, _ = load_plain(text)
    return plain(document.tree)


def plain(node: object) -> object:
    if isinstance(node, Keyed):
        return {key: plain(entry.node) for key, entry in node.entries.items()}
    if isinstance(node, Listed):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    if isinstance(node.value, date):
        return node.raw
    return float(node.value) if isinstance(node.value, Fraction) else node.value


def whats_wrong(text: str) -> list[str]:
    return [f"{'.'.join(map(str, error.instance_path))}: {error.message}" for error in VALIDATOR.iter_errors(as_editors_see(text))]


def test_it_is_a_schema():
    jsonschema_rs.meta.validate(SCHEMA)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_framework_of_the_repository_fits(path):
    assert whats_wrong(path.read_text(encoding="utf-8")) == []


KEYS_OF_TABLES = "a row of the table"  # its keys are the table's own


def opened() -> dict[str, set[str]]:
    """Every mapping that a reader of the language opens, by what messages call it: the keys it accepts, read from its code."""
    found: dict[str, set[str]] = {}
    for module in (*modules(framework), *modules(vectors)):
        for call in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
            if module in (section, meanings) or name not in ("Section", "sub"):
                continue
            what, keys = call.args[3:5] if name == "Section" else call.args[1:3]
            if isinstance(what, ast.Name):  # the scorecard and its parts
                what = ast.Constant("a part of the scorecard")
            known = {"by": (), "table": SimpleNamespace(by=()), "known": (), "more": ("cap",)}  # what only a run knows
            accepted = eval(compile(ast.Expression(keys), module.__name__, "eval"), {**vars(module), **known})
            found.setdefault(ast.literal_eval(what), set()).update(accepted)
    return found


def modules(package):
    return [import_module(f"{package.__name__}.{one.name}") for one in pkgutil.iter_modules(package.__path__) if not one.ispkg]


OPENED = opened()


@pytest.mark.parametrize("what", sorted({*OPENED, *MEANINGS}))
def test_each_key_that_a_reader_accepts_is_on_the_page_and_in_the_schema(what):
    if what in (KEYS_OF_TABLES, "`facts`", "`masters`"):
        return  # names of the table's own keys, of kinds of fact and of masters
    assert set(MEANINGS[what]) == OPENED[what], "calc/framework/meanings.py has other keys than the reader"
    told = [shape["properties"] for shape in mappings(SCHEMA) if shape["title"].casefold() == plainly(what)[:-1].casefold()]
    assert {key for properties in told for key in properties} >= OPENED[what]
    assert all(shape["description"] for properties in told for shape in properties.values())
    assert {key for key in MEANINGS[what] if f"| `{key}` | {MEANINGS[what][key]}".replace("|", "") not in PAGE} == set()


def test_each_definition_may_have_what_every_definition_may():
    assert tuple(COMMON) == section.COMMON
    assert set(SCHEMA["$defs"]["framework"]["properties"]) == set(reading.KEYS) | set(section.COMMON)


def mappings(shape: object) -> list[dict[str, object]]:
    """Every mapping with known keys, wherever it stands in the schema."""
    if isinstance(shape, list):
        return [found for one in shape for found in mappings(one)]
    if not isinstance(shape, dict):
        return []
    own = [shape] if isinstance(shape.get("properties"), dict) else []
    return own + [found for one in shape.values() for found in mappings(one)]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("grain: quarter", "grain: fortnight", "grain"),
        ("net_sales: {fact: orders, sum: amount", "net_sales: {fact: orders, summ: amount", "measures.net_sales"),
        ("fact: certificates", "fact: diplomas", "measures.certified.fact"),
        ("unit: percent, better: higher, no_data: skip", "unit: percents, better: higher, no_data: skip", "kpis.attainment.unit"),
        ("{carry: 2}", "{carry: two}", "kpis.coop.no_data"),
        ("combine: mean\n      weight: 60", "combine: average\n      weight: 60", "scorecard.of.commercial.combine"),
        ("else: {cap: 60}", "else: {capped: 60}", "scorecard.of.commercial.require"),
        ("- {name: Silver, require: []}", "- {require: []}", "levels.0"),
        ("effective: 2026-01-01", "effective: January", "effective"),
    ],
)  # fmt: skip
def test_an_editor_marks_what_is_written_wrongly(old, new, where):
    assert DISTRIBUTOR.count(old) == 1
    text = DISTRIBUTOR.replace(old, new)
    assert any(problem.startswith(where) for problem in whats_wrong(text)), whats_wrong(text)


def test_what_the_schema_refuses_the_reader_refuses():
    """The schema is never stricter than the language: every place of the example with other things in it."""
    document = as_editors_see(DISTRIBUTOR)
    refused = 0
    for path in places(document)[::2]:
        for other in (-1, "many", [], {"odd": 1}):
            changed = copy.deepcopy(document)
            owner = changed
            for step in path[:-1]:
                owner = owner[step]
            owner[path[-1]] = other
            if not VALIDATOR.is_valid(changed):
                refused += 1
                text = yaml.safe_dump(changed, sort_keys=False, allow_unicode=True)
                framework, problems = read(text)
                assert framework is None, f"the schema alone refuses {path}: {other!r}"
                assert problems
    assert refused > 150


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The path of every value below the head."""
    if isinstance(value, dict):
        return [path] * bool(path) + [found for key, one in value.items() for found in places(one, (*path, key))]
    if isinstance(value, list):
        return [path, *(found for position, one in enumerate(value) for found in places(one, (*path, position)))]
    return [path]
