"""The example folders, as far as they can be tried without data: mappings are read, vectors pass, scripts name what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from steelyard.frameworks.vectors import run_file
from steelyard.intake.mappings import KINDS, digest, read_mapping, to_yaml

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MAPPINGS = sorted(EXAMPLES.glob("*/*mappings/*.yaml"))
FRAMEWORKS = [path for path in sorted(EXAMPLES.glob("*/*.yaml")) if ".vectors" not in path.name]


def test_there_are_three_warehouses():
    assert {path.parent.parent.name for path in MAPPINGS} == {"adventureworks", "northwind", "open-payments"}
    assert len(FRAMEWORKS) == 5


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}/{path.stem}")
def test_a_mapping_is_read_whole_and_fills_what_its_kind_requires(path):
    mapping, problems = read_mapping(path.read_text(encoding="utf-8"))
    assert problems == []
    required = {column.name for column in KINDS[mapping.kind].columns if column.required}
    assert required <= set(mapping.columns)
    assert digest(read_mapping(to_yaml(mapping))[0]) == digest(mapping)


@pytest.mark.parametrize("path", FRAMEWORKS, ids=lambda path: path.stem)
def test_a_framework_passes_its_vectors(path):
    outcomes = run_file(path, None)
    assert outcomes
    assert [(outcome.name, outcome.differences) for outcome in outcomes if not outcome.passed] == []


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/load*.sh")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_script_uses_every_mapping_that_lies_there_for_it(path):
    text = path.read_text(encoding="utf-8")
    folder = "mappings" if "$here/mappings/$2.yaml" in text else ""
    named = {f"{folder}/{name}".strip("/") for name in re.findall(r"^load \w+ ([\w/-]+) ", text, re.MULTILINE)}
    there = {f"{one.parent.name}/{one.stem}" for one in MAPPINGS if one.parent.parent == path.parent}
    assert named <= there, named - there
    own = "raw-mappings" if "raw" in path.name else "mappings"
    assert {name for name in there if name.startswith(f"{own}/")} <= named
