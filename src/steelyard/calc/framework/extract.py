"""Taking one definition out of a framework's text, with everything it rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

NAMES = re.compile(r"[^\W\d]\w*")
LEFT = ("settings", "tables", "curves", "windows", "lists")  # what a list may name
MAY_NAME = {"lists": LEFT, "measures": LEFT, "kpis": (*LEFT[:-1], "measures", "kpis")}
SAID = ("title", "note", "owner", "reason")  # for people: a word in them names nothing
CUT = ("settings", "tables", "curves", "windows", "lists", "measures", "kpis")


@dataclass(frozen=True, slots=True)
class Extract:
    """A definition with what it rests on: the names per section, the kinds of fact read, and the text to copy."""

    names: Mapping[str, tuple[str, ...]]
    facts: tuple[str, ...]
    text: str


def extract(text: str, kpi: str) -> Extract:
    """The KPI of a framework's text with the settings, windows, lists and measures that it needs, in the order of the text."""
    sections = _sections(text)
    there = {name: {key.value: node for key, node in section.value} for name, section in sections.items()}
    needed: dict[str, set[str]] = {name: set() for name in CUT}
    waiting = [("kpis", kpi)]
    while waiting:
        section, name = waiting.pop()
        if name in needed[section]:
            continue
        needed[section].add(name)
        words = {word for scalar in _scalars(there[section][name]) for word in NAMES.findall(scalar)}
        waiting += [(other, word) for other in MAY_NAME.get(section, ()) for word in words & there.get(other, {}).keys()]
    kept = {section: tuple(name for name in there.get(section, {}) if name in needed[section]) for section in CUT if needed[section]}
    facts = {fact for section in ("lists", "measures") for name in kept.get(section, ()) for fact in _facts(there[section][name])}
    return Extract(kept, tuple(sorted(facts)), _text(sections, kept))


@lru_cache(maxsize=4)
def _sections(text: str) -> dict[str, Any]:
    root: Any = yaml.compose(text, Loader=yaml.BaseLoader)
    return {key.value: value for key, value in root.value if key.value in CUT}


def _scalars(node: Any) -> list[str]:
    if isinstance(node, yaml.MappingNode):
        return [scalar for key, value in node.value if key.value not in SAID for scalar in _scalars(value)]
    if isinstance(node, yaml.SequenceNode):
        return [scalar for item in node.value for scalar in _scalars(item)]
    return [node.value]


def _facts(node: Any) -> list[str]:
    if not isinstance(node, yaml.MappingNode):
        return []
    own = [value.value for key, value in node.value if key.value == "fact" and isinstance(value, yaml.ScalarNode)]
    return own + [fact for _, value in node.value for fact in _facts(value)]


def _text(sections: Mapping[str, Any], kept: Mapping[str, tuple[str, ...]]) -> str:
    pairs = []
    for section, names in kept.items():
        part = [(key, value) for key, value in sections[section].value if key.value in names]
        pairs.append((yaml.ScalarNode("tag:yaml.org,2002:str", section), yaml.MappingNode("tag:yaml.org,2002:map", part, flow_style=False)))
    whole = yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)
    return yaml.serialize(whole, Dumper=yaml.BaseDumper, width=140, allow_unicode=True)
