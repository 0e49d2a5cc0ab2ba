"""What people call masters and their columns. The catalogue has names for files; pages show these, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

MASTERS: dict[str, Any] = {
    "partners": _("Partners"), "affiliations": _("Affiliations"), "aliases": _("Aliases"), "territories": _("Territories"),
    "representatives": _("Representatives"), "assignments": _("Assignments"), "categories": _("Categories"), "products": _("Products"),
    "authorities": _("Authoritative sources"),
    "attributes": _("Attributes"), "attribute_values": _("Attribute values"),
    "units": _("Units"), "rates": _("Currency rates"), "calendars": _("Calendars"), "settings": _("Settings"),
}  # fmt: skip
MEANINGS: dict[str, Any] = {
    "partners": _("Distributors, dealers, agents, referring doctors and hospitals."),
    "affiliations": _("Persons among the partners, and the organisations they work for."),
    "aliases": _("What each source calls a partner: a key or a name."),
    "territories": _("Areas, as a tree."),
    "representatives": _("People of the company who look after partners."),
    "assignments": _("Which representative looks after which territory or partner, and when."),
    "categories": _("Product categories, as a tree."),
    "authorities": _("Which source counts for a kind of fact, where several tell of the same sales."),
    "products": _("What is sold."),
    "units": _("How much of a product one unit of measure holds."),
    "attributes": _("What the company records of partners or products in columns of its own."),
    "attribute_values": _("What an attribute of the company's own is for a partner or a product, and when."),
    "rates": _("What one unit of a currency was worth in another, on a day, as a source says."),
    "calendars": _("How the fiscal year is cut into periods."),
    "settings": _("The company's own settings."),
}
COLUMNS: dict[str, Any] = {
    "code": _("Code"), "name": _("Name"), "type": _("Type"), "parent": _("Belongs to"), "country": _("Country"), "region": _("Region"),
    "territory": _("Territory"), "status": _("Status"), "city": _("City"), "person": _("Person"), "organisation": _("Organisation"),
    "role": _("Role"), "source": _("Source"), "party": _("Key or name at the source"), "partner": _("Partner"),
    "kind": _("Kind of fact"),
    "method": _("How decided"), "probability": _("Probability"), "margin": _("Margin"), "manager": _("Manager"),
    "representative": _("Representative"), "category": _("Category"),
    "gtin": _("Trade item number"), "unit": _("Unit"), "strategic": _("Strategic"), "must_stock": _("Must be stocked"),
    "product": _("Product"), "factor": _("Factor"), "base": _("Of"), "quote": _("In"), "date": _("Day"), "rate": _("Rate"),
    "attribute": _("Attribute"), "about": _("About"), "meaning": _("Meaning"), "value": _("Value"),
    "valid_from": _("True from"), "valid_to": _("Until"), "start_month": _("First month"), "pattern": _("Pattern"),
    "week_starts": _("Week starts"), "year_ends": _("Year ends"), "dates": _("First days"),
    "reporting_currency": _("Reporting currency"), "default_calendar": _("Calendar"), "currencies": _("Other currencies"),
}  # fmt: skip


def master_title(name: str) -> Any:
    """The title of a master."""
    return MASTERS.get(name, name.replace("_", " ").capitalize())


def column_title(name: str) -> Any:
    """The title of a column."""
    return COLUMNS.get(name, name.replace("_", " ").capitalize())
