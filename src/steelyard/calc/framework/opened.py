"""`open`: what a framework lets its regions change, and how far (docs/reference/framework-language.md)."""

from __future__ import annotations

from dataclasses import replace

from ..errors import did_you_mean
from .context import Context
from .document import Entry, Keyed, Listed, Scalar, Tree
from .model import Framework, Open, Place
from .numbers import spoken
from .section import Section, constant, shown

# what makes two files the same framework for the same people; a region has a code, a title and an `applies_to` of its own
CLOSED = ("framework", "subject", "grain", "applies_to", "open", "extends", "set")


def read_open(context: Context, top: Section) -> tuple[Open, ...]:
    """The key paths that regions may change. Each must lead somewhere; limits need a single number there."""
    found: list[Open] = []
    whole = Keyed(0, 0, top.entries)
    for node, place in top.items("open"):
        section = Section(node, place.path, context.log, "an opening", ("path", "from", "to", "add"))
        path = section.name("path")
        low, high = section.number("from"), section.number("to")
        adding = section.yes_no("add", False)
        if not path or section.broken:
            continue
        if _leads(context, whole, path, adding, section) and _limits(context, whole, path, section):
            unit = "percent" if "%" in section.text("from") + section.text("to") else "number"
            found.append(Open(path, low, high, adding, unit, section.at("path")))
    return tuple(found)


def _leads(context: Context, whole: Keyed, path: str, adding: bool, section: Section) -> bool:
    parts = path.split(".")
    if parts[0] in CLOSED or not all(parts):
        hint = f"open a part of what is measured, scored or ranked; {', '.join(CLOSED)} are the same everywhere"
        context.log.add("bad-path", "this cannot be opened", section.at("path"), f"`{path}`", hint)
        return False
    parent = whole if len(parts) == 1 and not adding else at(whole, parts if adding else parts[:-1])
    if isinstance(parent, Keyed) or (not adding and at(whole, parts) is not None):
        return True
    hint = did_you_mean(path, paths(whole)) or "write the keys from the top, joined by points: scorecard.of.commercial.weight"
    what = "names can be added to a mapping only" if adding and parent is not None else "this leads nowhere in the framework"
    context.log.add("unknown-path", what, section.at("path"), f"`{path}`", hint)
    return False


def _limits(context: Context, whole: Keyed, path: str, section: Section) -> bool:
    low, high = section.number("from"), section.number("to")
    if low is None and high is None:
        return True
    node = at(whole, path.split("."))
    value = constant(node) if isinstance(node, Scalar) else None
    if low is not None and high is not None and low > high:
        context.log.add("wrong-type", "the limits end before they begin", section.at("from"), hint="write the lower one as `from`")
        return False
    if section.yes_no("add", False) or (node is not None and (value is None or not value[1].is_number)):
        found = shown(node) if node is not None else "names to be added"
        hint = "open the number itself, or leave out `from` and `to`"
        context.log.add("wrong-type", "limits are for a single number", section.at("path"), f"{found} at `{path}`", hint)
        return False
    return True


def at(tree: Tree, parts: list[str]) -> Tree | None:
    """The node under a key path; an item of a list by its number, from 1, or by its name. None: there is none."""
    node: Tree | None = tree
    for part in parts:
        node = _child(node, part)
        if node is None:
            return None
    return node


def _child(node: Tree | None, part: str) -> Tree | None:
    if isinstance(node, Keyed):
        entry = node.entries.get(part)
        return entry.node if entry else None
    if isinstance(node, Listed):
        place = _position(node, part)
        return None if place is None else node.items[place]
    return None


def _position(node: Listed, part: str) -> int | None:
    if part.isascii() and part.isdigit() and len(part) < 6:
        return int(part) - 1 if 0 < int(part) <= len(node.items) else None
    named = [number for number, item in enumerate(node.items) if (name := _child(item, "name")) and _text(name) == part]
    return named[0] if named else None


def _text(node: Tree) -> str:
    return node.raw if isinstance(node, Scalar) else ""


def canonical(tree: Tree, path: str) -> tuple[str, ...]:
    """A path with items of lists by their number, so that `levels.Gold` and `levels.2` are the same."""
    found: list[str] = []
    node: Tree | None = tree
    for part in path.split("."):
        place = _position(node, part) if isinstance(node, Listed) else None
        found.append(part if place is None else str(place + 1))
        node = _child(node, part)
    return tuple(found)


def put(tree: Tree, parts: list[str], value: Entry) -> Tree:
    """The tree with the node under a path replaced; a last key that is not there is added. The path's parent must exist."""
    first, *rest = parts
    if isinstance(tree, Listed):
        place = _position(tree, first)
        assert place is not None
        items = list(tree.items)
        items[place] = put(items[place], rest, value) if rest else value.node
        return replace(tree, items=tuple(items))
    assert isinstance(tree, Keyed)
    if not rest:
        return replace(tree, entries={**tree.entries, first: value})
    entry = tree.entries[first]
    return replace(tree, entries={**tree.entries, first: replace(entry, node=put(entry.node, rest, value))})


def paths(tree: Tree, ahead: str = "") -> list[str]:
    """Every key path of a tree."""
    found: list[str] = []
    children: list[tuple[str, Tree]] = []
    if isinstance(tree, Keyed):
        children = [(key, entry.node) for key, entry in tree.entries.items()]
    elif isinstance(tree, Listed):
        children = [(str(number), item) for number, item in enumerate(tree.items, 1)]
    for key, node in children:
        found += [f"{ahead}{key}", *paths(node, f"{ahead}{key}.")]
    return found


def range_of(opening: Open) -> str:
    """How far an opening goes: `from 50 to 70`, `at least 50`, `any value`, `new names`."""
    low = None if opening.low is None else spoken(opening.low, opening.unit)
    high = None if opening.high is None else spoken(opening.high, opening.unit)
    if opening.adding:
        return "new names"
    if low is not None and high is not None:
        return f"from {low} to {high}"
    if low is not None:
        return f"at least {low}"
    return "any value" if high is None else f"at most {high}"


def told(openings: tuple[Open, ...]) -> str:
    """All openings in one line, as a problem lists them."""
    if not openings:
        return "nothing is open"
    return "open: " + ", ".join(one.path if range_of(one) == "any value" else f"{one.path} {range_of(one)}" for one in openings)


def owner_of(base: Framework) -> str:
    """Whom to ask for more."""
    return f"ask the owner ({base.owner})" if base.owner else f"ask the owner of {base.code}"


def moved(tree: Tree, place: Place) -> Tree:
    """The tree with every node at one place: what a region takes from its base stands at the region's `extends`."""
    if isinstance(tree, Keyed):
        entries = {key: Entry(place.line, place.column, moved(entry.node, place)) for key, entry in tree.entries.items()}
        return replace(tree, line=place.line, column=place.column, entries=entries)
    if isinstance(tree, Listed):
        return replace(tree, line=place.line, column=place.column, items=tuple(moved(item, place) for item in tree.items))
    return replace(tree, line=place.line, column=place.column)
