"""The masters that have pages, and which of their rows a narrow scope sees: nothing that tells of another partner.

Territories, representatives, products, categories, units and rates are for all staff. Settings and calendars are
changed with the company's settings, by other people.
"""

from __future__ import annotations

from steelyard.ledger.scope import Scope
from steelyard.masters.catalogue import Catalogue
from steelyard.masters.seen import Limit

from .masters import EVERY

_ORDER = (
    "partners", "aliases", "affiliations", "territories", "representatives", "assignments", "authorities", "products", "categories",
    "units", "attributes", "attribute_values", "rates",
)  # fmt: skip
_NAMES_PARTNERS: dict[str, tuple[tuple[str, bool], ...]] = {  # column, and whether rows without a partner are for all
    "partners": (("code", False),),
    "aliases": (("partner", False),),
    "affiliations": (("person", False), ("organisation", False)),
    "assignments": (("partner", True),),
    "authorities": (("partner", True),),
    "attribute_values": (("partner", True),),
}
_OWNERS = {
    "partner": "partners", "territory": "territories", "representative": "representatives", "category": "categories", "product": "products",
    "attribute": "attributes",
}  # fmt: skip


def limits(master: str, scope: Scope) -> list[Limit]:
    """The rows of a master that a scope sees."""
    return [Limit(column, scope.partners, or_blank) for column, or_blank in _NAMES_PARTNERS.get(master, ())]


CATALOGUE = Catalogue({name: EVERY[name] for name in _ORDER}, limits, _OWNERS)
