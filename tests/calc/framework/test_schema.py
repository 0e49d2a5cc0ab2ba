"""The JSON Schema: it knows the keys that the readers know, takes every framework there is, and refuses nothing that `read` takes."""

from __future__ import annotations

import copy
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from steelyard.calc.framework import read as reading
from steelyard.calc.framework import schema as described
from steelyard.calc.framework import section
from steelyard.calc.framework.document import Keyed, Listed, Scalar, load_plain
from steelyard.calc.framework.read import read

from .examples import DISTRIBUTOR

ROOT = Path(__file__).parents[3]
FOLDERS = ("src/steelyard", "examples", "tests", "benchmarks", "docs")
FILES = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.yaml")
    if not path.name.endswith(".vectors.yaml") and re.search("^framework:", path.read_text(encoding="utf-8"), re.MULTILINE)
)
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


def test_it_says_of_every_mapping_what_its_reader_says(monkeypatch):
    """The keys of each mapping that a reader opens are those of one definition."""
    known: set[tuple[str, frozenset[str]]] = set()
    original = section.Section.__init__

    def noted(self, node, path, log, what, keys):
        keys = tuple(keys)
        known.add((what, frozenset(keys)))
        original(self, node, path, log, what, keys)

    monkeypatch.setattr(section.Section, "__init__", noted)
    for path in FILES:
        read(path.read_text(encoding="utf-8"))
    read(DISTRIBUTOR)
    shapes = [frozenset(set(shape["properties"]) - set(section.COMMON)) for shape in mappings(SCHEMA)]
    assert {what for what, keys in known if keys not in shapes} <= {"a row of the table"}, "its keys are the table's own"
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
