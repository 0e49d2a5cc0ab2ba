"""Whether the text of a framework names partners: in tables by partner, and in formulas that ask who somebody is."""

from __future__ import annotations

from collections.abc import Iterator

from ..formula.nodes import Formula, Literal, names_in
from ..framework.formulas import walk
from ..framework.model import Framework
from ..points import formulas_of, row_formulas_of

WHO = frozenset({"partner", "partner.name", "partner.parent", "name", "parent", "party", "party_name"})


def partners_named(framework: Framework) -> set[str]:
    """Every text that stands where a partner could be meant: keys of tables by partner, and what such names are compared with."""
    found = set()
    for table in framework.tables.values():
        places = [place for place, name in enumerate(table.by) if name in WHO]
        found |= {row.keys[place] for row in table.rows for place in places}
    for formula in _formulas(framework):
        if names_in(formula.tree) & WHO:
            found |= {part.value for part in walk(formula.tree) if isinstance(part, Literal) and isinstance(part.value, str)}
    return found


def _formulas(framework: Framework) -> Iterator[Formula]:
    yield from formulas_of(framework)
    if framework.applies_to is not None:
        yield framework.applies_to
    yield from row_formulas_of(framework)
