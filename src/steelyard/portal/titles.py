"""What kinds of facts and their columns are called in the reader's language. The catalogue of facts itself speaks English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from steelyard.partners.row_columns import title_of
from steelyard.ui.listing import Listing

if TYPE_CHECKING:
    from .own_rows import OwnRow

KINDS = {
    "orders": _("Orders"), "sell_through": _("Sell-through"), "inventory": _("Stock"), "coverage": _("Reports"),
    "referrals": _("Referrals"), "complaints": _("Complaints"), "certificates": _("Certificates"), "ratings": _("Ratings"),
    "targets": _("Targets"), "activities": _("Activities"),
}  # fmt: skip

COLUMNS = {
    "document": _("Document"), "line": _("Line"), "date": _("Date"), "product": _("Product"), "end_customer": _("End customer"),
    "quantity": _("Quantity"), "unit": _("Unit"), "unit_price": _("Unit price"), "amount": _("Amount"), "currency": _("Currency"),
    "cost": _("Cost"), "kind": _("Kind"), "representative": _("Representative"), "reported_territory": _("Reported territory"),
    "promised_on": _("Promised on"), "shipped_on": _("Shipped on"), "ordered_quantity": _("Ordered quantity"),
    "on_credit": _("On credit"), "end_customer_country": _("Country of the end customer"), "lot": _("Lot"),
    "expires_on": _("Expires on"), "adjusted": _("Adjusted"), "report": _("Report"), "until": _("Until"), "due_on": _("Due on"),
    "received_on": _("Received on"), "nil": _("Nothing to report"), "lines": _("Lines"), "outcome": _("Outcome"),
    "order_document": _("Order that followed"), "forwarded_on": _("Forwarded on"), "closed_on": _("Closed on"),
    "severity": _("Severity"), "person": _("Person"), "grade": _("What is certified"), "version": _("Version"),
    "valid_from": _("Valid from"), "valid_to": _("Valid to"), "required": _("Required"), "question": _("Rated question"),
    "value": _("Value"), "metric": _("Metric"), "territory": _("Territory"), "category": _("Category"), "account": _("Account"),
    "minutes": _("Minutes"), "source": _("Source"), "row_id": _("Row number"),
}  # fmt: skip


def kind(name: str) -> str:
    """A kind of fact."""
    return str(KINDS.get(name, title_of(name)))


def column(name: str) -> str:
    """A column of one."""
    return str(COLUMNS.get(name, title_of(name)))


def titled(listing: Listing) -> Listing:
    """A list of rows with its columns and filters called by these names."""
    named = {title_of(name): str(title) for name, title in COLUMNS.items()}
    listing.columns = tuple(replace(one, title=column(one.name) if one.name in COLUMNS else one.title) for one in listing.columns)
    listing.filters = tuple(replace(one, title=named.get(str(one.title), one.title)) for one in listing.filters)
    return listing


def said(found: OwnRow) -> Sequence[tuple[str, Any, Any, str]]:
    """(title, column, value, currency) of everything a row says."""
    return [(column(one.name), one, value, found.values.get(one.currency or "") or "") for one, value in found.told]
