"""Answers: a piece of YAML laid over the text of a mapping, so that whatever a mapping can say can be answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from steelyard.calc.errors import Problem, Refused

from ..mappings import Mapping, read_mapping, to_yaml

_FILLED_BY = ("from", "constant", "join", "product")


def flow(document: Any) -> str:
    """A patch in one line."""
    text = yaml.safe_dump(document, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000).strip()
    return text.removesuffix("\n...").strip()


def patched(mapping: Mapping, patch: str) -> Mapping:
    """The mapping with what the patch says; refused with every problem of it."""
    try:
        said = yaml.safe_load(patch)
    except yaml.YAMLError as error:
        raise Refused(Problem("bad_patch", "this is no answer", "", patch[:100])) from error
    if not isinstance(said, dict):
        raise Refused(Problem("bad_patch", "this is no answer", "", patch[:100]))
    return _read(mapping, _laid_over(yaml.safe_load(to_yaml(mapping)), said))


def patched_with(mapping: Mapping, keys: Sequence[str], text: str, *, anew: bool = False) -> Mapping:
    """The mapping with a text that somebody typed, at the place that the keys name; ``anew``: for this file alone."""
    said: Any = {keys[-1]: text} | ({"each_file": "yes"} if anew else {})
    for key in reversed(keys[:-1]):
        said = {key: said}
    return _read(mapping, _laid_over(yaml.safe_load(to_yaml(mapping)), said))


def _read(mapping: Mapping, document: Any) -> Mapping:
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=10_000)
    read, problems = read_mapping(text)
    if read is None:
        raise Refused(problems)
    return read


def _laid_over(old: Any, new: Any, depth: int = 0) -> Any:
    """Keys one by one; a rule that fills a column anew takes the place of the old one, one that says more is added to it."""
    if not isinstance(new, dict):
        return new
    if not isinstance(old, dict):
        old = {"from": old} if depth == 2 and isinstance(old, str) and not set(_FILLED_BY) & set(new) else {}
    if depth == 2 and set(_FILLED_BY) & set(new):
        old = {key: value for key, value in old.items() if key not in _FILLED_BY and key != "each_file"}
    merged = dict(old)
    for key, value in new.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _laid_over(merged.get(key), value, depth + 1)
    return merged
