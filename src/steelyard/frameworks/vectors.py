"""Running the test vectors that lie beside a framework file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.framework.document import load_plain
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.read import read
from steelyard.calc.vector_facts import readings_of_rows
from steelyard.calc.vectors import VectorOutcome, run


def run_file(file: Path, vectors: Path | None = None) -> list[VectorOutcome]:
    """The outcome of every vector beside a framework file (``f.yaml`` -> ``f.vectors.yaml``)."""
    beside = vectors or file.with_suffix(".vectors.yaml")
    for wanted in (file, beside):
        if not wanted.is_file():
            raise Refused(
                Problem(
                    "no-file", "there is no such file", found=str(wanted), hint="a framework's vectors lie beside it as NAME.vectors.yaml"
                )
            )
    return run_texts(file.read_text(encoding="utf-8"), beside.read_text(encoding="utf-8"))


def run_texts(text: str, vectors: str) -> list[VectorOutcome]:
    """The outcome of every vector of a vectors text."""
    framework, problems = read(text)
    if framework is None:
        raise Refused(problems)
    document, problems = load_plain(vectors)
    if any(problem.severity == "error" for problem in problems):
        raise Refused(problems)

    def changed(_: Framework, changes: Mapping[str, Any]) -> tuple[Framework | None, list[Problem]]:
        return read(with_changes(text, changes))

    return run(framework, document.value, facts=readings_of_rows, changed=changed)


def with_changes(text: str, changes: Mapping[str, Any]) -> str:
    """The framework text with keys replaced (``kpis.otd.round: 2``) or taken out (null)."""
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    for path, value in changes.items():
        *parents, last = str(path).split(".")
        node = root
        for part in parents:
            node = _child(node, part, str(path))
        assert isinstance(node, yaml.MappingNode)
        node.value = [(key, kept) for key, kept in node.value if key.value != last]
        if value is not None:
            added = yaml.compose(yaml.safe_dump(value), Loader=yaml.BaseLoader)
            node.value.append((yaml.ScalarNode("tag:yaml.org,2002:str", last), added))
    return yaml.serialize(root, Dumper=yaml.BaseDumper)  # any other would put numbers and dates in quotes, which makes them texts


def _child(node: Any, name: str, path: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == name:
                return value
    raise Refused(Problem("unknown-key", f"`change` names a key that is not there: `{path}`", found=name))
