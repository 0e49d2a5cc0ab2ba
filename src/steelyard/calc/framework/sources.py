"""Where the rows of a measure come from: a kind of fact, or the lines of a list; and what a formula of one row may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import did_you_mean
from ..facts import Kind
from ..formula.nodes import DATE, Type
from .context import Context
from .model import FactList
from .scopes import row_columns
from .section import Section


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of a fact or lines of a list. ``columns``: what they have, which is what a problem lists; ``beside``: what else
    their formulas may name (of lines: attributes of the subject and the as-of date)."""

    name: str
    noun: str  # fact | list
    columns: Mapping[str, Type]
    kind: Kind | None = None
    fact_list: FactList | None = None
    beside: Mapping[str, Type] | None = None
    functions: frozenset[str] = frozenset({"plain"})

    @property
    def names(self) -> dict[str, Type]:
        """Every name with its type; a column comes before an attribute of the same name."""
        return {**(self.beside or {}), **self.columns}

    def of_type(self, kind: str) -> list[str]:
        """The columns of one type."""
        return [name for name, type_ in self.columns.items() if type_.kind == kind]


def of_fact(context: Context, kind: Kind) -> Source:
    """The rows of a kind of fact."""
    return Source(kind.name, "fact", row_columns(kind, context.own), kind)


def of_lines(context: Context, name: str, columns: Mapping[str, Type], found: FactList | None = None, *, peers: bool = False) -> Source:
    """The lines of a list; in the formulas of its own columns they may be compared with the lines of peers."""
    functions = frozenset({"plain", "peers"}) if peers else frozenset({"plain"})
    return Source(name, "list", columns, None, found, context.attributes | {"as_of": DATE}, functions)


def read_source(context: Context, section: Section) -> Source | None:
    """The `fact` or `list` that a definition names; None with a problem, or without one if the list is broken itself."""
    if section.has("fact") and section.has("list"):
        context.log.add("unknown-key", "rows come from a `fact` or from a `list`", section.at("list"), "both", "remove one of the two")
        return None
    if section.has("list"):
        return _list(context, section)
    if not section.written("list"):
        section.require("fact")
    name = section.text("fact")
    if name and name not in context.facts:
        hint = did_you_mean(name, context.facts)
        if name in context.list_types:
            hint = f"`{name}` is a list: write `list: {name}`"
        context.log.add("unknown-name", f"`{name}` is not a kind of fact", section.at("fact"), f"`{name}`", hint)
    return of_fact(context, context.facts[name]) if name in context.facts else None


def _list(context: Context, section: Section) -> Source | None:
    name = section.text("list")
    found = context.lists.get(name)
    if found is not None:
        context.used_lists.add(name)
        return of_lines(context, name, context.list_types[name], found)
    if name not in context.list_types:
        hint = did_you_mean(name, context.lists)
        if name in context.facts:
            hint = f"`{name}` is a kind of fact: write `fact: {name}`"
        context.log.add("unknown-name", f"`{name}` is not a list", section.at("list"), f"`{name}`", hint or "lists stand under `lists`")
    return None


def check_columns(context: Context, section: Section, key: str, source: Source, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, each a column of the source or reported."""
    for name in names:
        if name not in source.columns:
            unknown_column(context, section, key, source, name)
    return names


def unknown_column(context: Context, section: Section, key: str, source: Source, name: str) -> None:
    """Report a name that is no column of a source."""
    hint = did_you_mean(name, source.columns)
    hint = hint if hint.startswith("did") else f"columns: {', '.join(source.kind.by_name if source.kind else source.columns)}"
    context.log.add("unknown-column", f"{source.noun} `{source.name}` has no column `{name}`", section.at(key), f"`{name}`", hint)
