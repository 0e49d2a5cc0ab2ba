"""Master data that can be imported: the same declarations as facts, with family "master".

``valid_from``/``valid_to`` name the columns that say when a row is true; a master without them is true from its first
day on. What is written here is what a file may carry; the tables and histories live in `company`, `products`, `partners`.
"""

from __future__ import annotations

from ..facts import FACTS
from ..facts.kind import Column, Kind

TOLD_OF_PARTNERS = tuple(sorted(kind.name for kind in FACTS.values() if kind.flow and "party" in kind.by_name))

_FROM = Column("valid_from", "date", "first day on which this is true; blank is always", synonyms=("from", "start date", "start"))
_TO = Column("valid_to", "date", "last day on which this is true; blank is for ever", synonyms=("to", "end date", "until", "end"))


def _master(name: str, title: str, meaning: str, key: tuple[str, ...], *columns: Column, dated: bool = True) -> Kind:
    validity = (_FROM, _TO) if dated else ()
    return Kind(
        name=name, title=title, meaning=meaning, key=key, columns=(*columns, *validity), family="master",
        valid_from="valid_from" if dated else None, valid_to="valid_to" if dated else None,
    )  # fmt: skip


MASTERS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _master(
            "partners", "Partners", "Distributors, dealers, agents, referring doctors and hospitals.", ("code",),
            Column("code", "text", "unique code", required=True, synonyms=("partner", "partner code", "id", "number", "customer number")),
            Column("name", "text", "full name", required=True, synonyms=("partner name", "company", "company name", "reseller name")),
            Column("type", "text", "distributor, dealer, agent, hospital, doctor, ...", synonyms=("partner type", "business type")),
            Column("parent", "text", "code of the partner it belongs to", refers_to="party"),
            Column("country", "text", "ISO 3166 code of the country", refers_to="country"),
            Column("region", "text", "the company's own region"),
            Column("territory", "text", "code of the territory it sits in", refers_to="territory"),
            Column("status", "text", "prospect, active, suspended or ended", choices=("prospect", "active", "suspended", "ended")),
            Column("city", "text", "city"),
        ),
        _master(
            "affiliations", "Affiliations", "Persons among the partners and the organisations they work for.", ("person", "organisation"),
            Column("person", "text", "code of the person", required=True, refers_to="party"),
            Column("organisation", "text", "code of the organisation", required=True, refers_to="party"),
            Column("role", "text", "what the person is there"),
        ),
        _master(
            "aliases", "Aliases", "What a source calls a partner: a key or a name.", ("source", "party"),
            Column("source", "text", "system of record; blank is every source"),
            Column("party", "text", "key or name as the source says it", required=True, synonyms=("alias", "source key")),
            Column("partner", "text", "code of the partner; blank: not one of ours", refers_to="party"),
            Column("method", "text", "how it was decided: code, name, model, person"),
            Column("probability", "percent", "how likely the model held this partner to be, when it was decided"),
            Column("margin", "percent", "how far the next partner was behind it"),
        ),
        _master(
            "territories", "Territories", "Areas as a tree.", ("code",),
            Column("code", "text", "unique code", required=True, synonyms=("territory", "territory key", "id")),
            Column("name", "text", "name", required=True, synonyms=("territory name", "region name")),
            Column("parent", "text", "code of the area it lies in", refers_to="territory", synonyms=("group",)),
        ),
        _master(
            "representatives", "Representatives", "People of the company who look after partners.", ("code",),
            Column("code", "text", "unique code", required=True, synonyms=("employee", "employee key", "representative", "id")),
            Column("name", "text", "name", required=True, personal=True, synonyms=("full name",)),
            Column("manager", "text", "code of the manager", refers_to="representative"),
        ),
        _master(
            "assignments", "Assignments", "Which representative looks after which territory or partner, and when.", ("representative", "territory", "partner"),
            Column("representative", "text", "code of the representative", required=True, refers_to="representative"),
            Column("territory", "text", "code of the territory", refers_to="territory"),
            Column("partner", "text", "code of the partner", refers_to="party"),
        ),
        _master(
            "categories", "Categories", "Product categories as a tree.", ("code",),
            Column("code", "text", "unique code", required=True),
            Column("name", "text", "name", required=True),
            Column("parent", "text", "code of the category it belongs to"),
        ),
        _master(
            "products", "Products", "What is sold.", ("code",),
            Column("code", "text", "unique code", required=True, synonyms=("product", "sku", "product key", "article")),
            Column("name", "text", "name", required=True, synonyms=("product name", "description")),
            Column("category", "text", "code of the category", synonyms=("product category",)),
            Column("gtin", "text", "trade item number"),
            Column("unit", "text", "unit in which quantities are counted", refers_to="unit"),
            Column("strategic", "yes/no", "whether it counts as strategic"),
            Column("must_stock", "yes/no", "whether partners must keep it in stock"),
            Column("status", "text", "current or retired", choices=("current", "retired")),
        ),
        _master(
            "units", "Units", "How many of a product's counting unit one pack holds.", ("product", "unit"),
            Column("product", "text", "code of the product; blank is every product", refers_to="product"),
            Column("unit", "text", "unit of measure: each, box, case, ...", required=True),
            Column("factor", "number", "counting units in one", required=True),
        ),
        _master(
            "authorities", "Authoritative sources", "Which source counts for a kind of fact, where several tell of the same sales.", ("kind", "partner"),
            Column("kind", "text", "kind of fact", required=True, choices=TOLD_OF_PARTNERS),
            Column("partner", "text", "code of the partner; blank is every partner of whom nothing else is said", refers_to="party"),
            Column("source", "text", "the system of record that counts; blank: every source counts"),
        ),
        _master(
            "attributes", "Attributes", "What the company records of partners or products in columns of its own.", ("code",),
            Column("code", "text", "the name that frameworks use: letters, digits and _", required=True, synonyms=("attribute", "attribute code")),
            Column("about", "text", "whose attribute it is: partner or product", required=True, choices=("partner", "product"), synonyms=("master",)),
            Column("type", "text", "what its values are: text, number, yes/no or date", required=True, choices=("text", "number", "yes/no", "date")),
            Column("meaning", "text", "what it says, in one sentence"),
            dated=False,
        ),
        _master(
            "attribute_values", "Attribute values", "What an attribute of the company's own is for a partner or a product, and when.", ("attribute", "partner", "product"),
            Column("attribute", "text", "code of the attribute", required=True),
            Column("partner", "text", "code of the partner, of a partner's attribute", refers_to="party"),
            Column("product", "text", "code of the product, of a product's attribute", refers_to="product"),
            Column("value", "text", "the value: any text, 2.5, yes, 2026-01-31", required=True),
        ),
        _master(
            "rates", "Currency rates", "Daily rates: one unit of `base` is `rate` units of `quote`.", ("source", "base", "quote", "date"),
            Column("source", "text", "who published the rate", required=True),
            Column("base", "text", "currency of which one unit is priced", required=True, refers_to="currency"),
            Column("quote", "text", "currency the price is in", required=True, refers_to="currency"),
            Column("date", "date", "day of the rate", required=True),
            Column("rate", "text", "the rate as a decimal number, at most 15 decimals", required=True),
            dated=False,
        ),
    )
}  # fmt: skip

__all__ = ["MASTERS"]
