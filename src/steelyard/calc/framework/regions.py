"""A region's file: a base with keys replaced, only where the base opens them (docs/reference/framework-language.md).

The base's text is handed in by the caller. What the region sets keeps its place in the region's file, so every problem of a
value points there; what it takes over stands at its `extends`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from ..errors import Problem, did_you_mean
from .document import Entry, Keyed, Log, Scalar, Tree, load, plain
from .model import Framework, Open, Place
from .opened import at, canonical, moved, owner_of, paths, put, range_of, told
from .section import COMMON, Section, constant, shown

_EXTENDS = re.compile(r"^\s*[\"']?extends[\"']?\s*:", re.MULTILINE)  # most texts are none, and reading one takes time


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a region sets: its key path, the opening that allows it, the base's value and the region's as plain values."""

    path: str
    opening: Open
    was: object  # None: the base has nothing there
    now: object
    place: Place


@dataclass(frozen=True, slots=True)
class Difference:
    """What a region's file says beside its base."""

    top: Section
    base: Framework
    tree: Keyed  # the base's
    settings: tuple[Setting, ...]
    nodes: tuple[Entry, ...]  # the values of the settings, in their order


def extends(tree: Tree | None) -> str | None:
    """The base's code, if this is a region's file; an empty text where the file does not say which."""
    if not isinstance(tree, Keyed) or not {"extends", "set"} & set(tree.entries):
        return None
    entry = tree.entries.get("extends")
    return entry.node.raw if entry and isinstance(entry.node, Scalar) else ""


def base_of(text: str) -> str:
    """The code of the base that a text extends; empty for a framework of its own, and for what cannot be read."""
    return (extends(load(text, Log()).tree) or "") if _EXTENDS.search(text) else ""


def set_by(framework: Framework) -> dict[str, Tree]:
    """The values under a region's `set`, by path; nothing for a framework of its own."""
    node = at(load(framework.source, Log()).tree or Scalar(0, 0, "", None), ["set"]) if framework.extends else None
    return {path: entry.node for path, entry in node.entries.items()} if isinstance(node, Keyed) else {}


def no_base(log: Log, tree: Keyed, code: str, known: Collection[str]) -> None:
    """Say that the base is not at hand."""
    entry = tree.entries.get("extends")
    if entry is None or not code:
        log.add("missing-key", "a region needs `extends`", Place("", tree.line, tree.column), "", "write the code of its base")
        return
    hint = did_you_mean(code, known) or f"apply `{code}` first, or lay {code}.yaml beside the region's file"
    log.add("no-base", f"the base `{code}` is not there", Place("extends", entry.node.line, entry.node.column), f"`{code}`", hint)


def bad_base(log: Log, tree: Keyed, code: str, base: Framework | None, problems: list[Problem]) -> bool:
    """Whether the base cannot be a base; says why."""
    node = tree.entries["extends"].node
    place = Place("extends", node.line, node.column)
    if base is None:
        first = next((problem for problem in problems if problem.severity == "error"), None)
        message = f"`{code}` is a region itself" if first and first.code == "no-base" else f"the base `{code}` cannot be read"
        log.add("base-broken", message, place, str(first or ""), "extend a whole framework that is right")
    elif base.code != code:
        log.add("no-base", f"the base at hand is another framework than `{code}`", place, f"`{base.code}`", f"extend `{base.code}`")
    return base is None or base.code != code


def read_difference(log: Log, tree: Keyed, base: Framework) -> Difference | None:
    """The region's own keys, each value of `set` checked against what the base opens; None with problems."""
    top = Section(tree, "", log, "a region", ("framework", "extends", "applies_to", "set"))
    top.require("framework", "applies_to")
    if top.text("framework") == base.code:
        log.add("duplicate-name", "a region has a code of its own", top.at("framework"), f"`{base.code}`", f"write {base.code}-north")
    whole = load(base.source, Log()).tree
    assert isinstance(whole, Keyed)  # it was read before
    node = top.node("set")
    if node is not None and not isinstance(node, Keyed):
        log.add("wrong-type", "`set` is a mapping of key paths to values", top.at("set"), shown(node), "write path: value")
    entries = node.entries if isinstance(node, Keyed) else {}
    settings = [(_setting(log, base, whole, path, entry), entry) for path, entry in entries.items()]
    _apart(log, whole, [setting for setting, _ in settings if setting])
    if log.failed:
        return None
    kept = [(setting, entry) for setting, entry in settings if setting]
    return Difference(top, base, whole, tuple(one for one, _ in kept), tuple(entry for _, entry in kept))


def merged(difference: Difference, only: Collection[str] | None = None) -> Keyed:
    """The base with the region's keys put in: the tree of a whole framework. ``only``: these paths of `set`, no others."""
    top = difference.top
    tree = moved(difference.tree, top.at("extends"))
    assert isinstance(tree, Keyed)
    own = {key: top.entries[key] for key in ("framework", "applies_to", *COMMON) if key in top.entries}
    kept = {key: entry for key, entry in tree.entries.items() if key not in ("open", "applies_to", "title")}
    merged: Tree = Keyed(tree.line, tree.column, {**own, **{key: entry for key, entry in kept.items() if key not in own}})
    for setting, entry in zip(difference.settings, difference.nodes, strict=True):
        if only is None or setting.path in only:
            merged = put(merged, setting.path.split("."), entry)
    assert isinstance(merged, Keyed)
    return merged


def _setting(log: Log, base: Framework, whole: Keyed, path: str, entry: Entry) -> Setting | None:
    place = Place(f"set.{path}", entry.line, entry.column)
    if entry.node.broken:
        return None
    if isinstance(entry.node, Scalar) and entry.node.value is None and not entry.node.quoted:
        log.add("missing-value", f"`{path}` is set to nothing", place, "", "write its value, or leave the line out")
        return None
    parts = path.split(".")
    former = at(whole, parts)
    opening = _opening(base.open, whole, path, former is not None)
    if opening is None:
        known = former is not None or any(one.adding and canonical(whole, path)[:-1] == canonical(whole, one.path) for one in base.open)
        if not known:
            near = did_you_mean(path, [*(one.path for one in base.open), *paths(whole)])
            log.add("unknown-path", f"`{path}` leads nowhere in `{base.code}`", place, told(base.open), near or "look at the base's file")
        else:
            log.add("not-open", f"the region changes `{path}`, which is not open", place, told(base.open), owner_of(base))
        return None
    if former is None and not isinstance(at(whole, parts[:-1]), Keyed):
        log.add("unknown-path", f"`{path}` leads nowhere in `{base.code}`", place, told(base.open), "set the part above it as a whole")
        return None
    if not _within(log, base, opening, entry, place):
        return None
    return Setting(path, opening, None if former is None else plain(former), plain(entry.node), place)


def _opening(openings: tuple[Open, ...], whole: Keyed, path: str, exists: bool) -> Open | None:
    """The opening that allows a path: the nearest above it. Limits hold for the number itself, `add` for new names only."""
    parts = canonical(whole, path)
    allowed = []
    for one in openings:
        opened = canonical(whole, one.path)
        below = parts[: len(opened)] == opened
        if one.adding:
            below = below and not exists and len(parts) == len(opened) + 1
        elif one.low is not None or one.high is not None:
            below = parts == opened
        if below:
            allowed.append(one)
    return max(allowed, key=lambda one: (one.low is not None or one.high is not None, len(one.path)), default=None)


def _within(log: Log, base: Framework, opening: Open, entry: Entry, place: Place) -> bool:
    """Whether a value keeps to its limits."""
    if opening.low is None and opening.high is None:
        return True
    value = constant(entry.node) if isinstance(entry.node, Scalar) else None
    number = value[0] if value and value[1].is_number else None
    is_low = number is not None and opening.low is not None and number < opening.low  # type: ignore[operator]
    is_high = number is not None and opening.high is not None and number > opening.high  # type: ignore[operator]
    if number is None or is_low or is_high:
        message = f"`{opening.path}` may be {range_of(opening)}"
        log.add("out-of-limits", message, place, shown(entry.node), f"stay within it, or {owner_of(base)}")
        return False
    return True


def _apart(log: Log, whole: Keyed, settings: list[Setting]) -> None:
    """Whether no setting lies within another: which of the two would count?"""
    seen: dict[tuple[str, ...], Setting] = {}
    for setting in settings:
        parts = canonical(whole, setting.path)
        for other, first in seen.items():
            if parts[: len(other)] == other or other[: len(parts)] == parts:
                message = f"`{setting.path}` and `{first.path}` set the same thing"
                log.add("set-twice", message, setting.place, f"the first at line {first.place.line}", "keep one of the two")
        seen[parts] = setting
