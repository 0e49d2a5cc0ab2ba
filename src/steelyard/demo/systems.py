"""The systems of the sample company and the files they send: five order systems, the partners' portal, and the offices."""

from __future__ import annotations

from collections.abc import Mapping

from .layouts import Layout

_US_REGIONS = {"East": "US-E", "Central": "US-C", "West": "US-W", "Canada East": "CA-E", "Canada West": "CA-W"}

ORDERS: dict[str, Layout] = {
    layout.source: layout
    for layout in (
        Layout(
            "orders", "erp-us",
            {
                "document": "Order No", "line": "Line", "date": "Order Date", "party": "Customer No", "party_name": "Customer Name",
                "representative": "Sales Rep", "reported_territory": "Region", "product": "Item", "end_customer": "Ship To",
                "quantity": "Qty", "unit": "UoM", "unit_price": "Unit Price", "amount": "Ext Price", "currency": "Curr",
                "cost": "COGS", "kind": "Type", "source_kind": "Lead Source", "referred_by": "Referred By",
                "promised_on": "Due Date", "shipped_on": "Ship Date", "on_credit": "On Terms",
            },
            date_order="MDY",
            values={"kind": {"Invoice": "sale", "Credit Memo": "return"}, "reported_territory": _US_REGIONS},
            note="North American order system: month first, regions by its own names.",
        ),
        Layout(
            "orders", "erp-de",
            {
                "document": "Belegnummer", "line": "Position", "date": "Belegdatum", "party": "Kundennummer", "party_name": "Kunde",
                "representative": "Vertreter", "reported_territory": "Gebiet", "product": "Artikel", "end_customer": "Warenempfänger",
                "quantity": "Menge", "unit": "ME", "unit_price": "Einzelpreis", "amount": "Nettobetrag", "currency": "Währung",
                "cost": "Einstand", "kind": "Belegart", "referred_by": "Empfohlen von", "promised_on": "Wunschtermin",
                "shipped_on": "Versanddatum",
            },
            separator=";", decimal=",", thousands=".", date_order="DMY", encoding="cp1252", line_end="\r\n",
            values={"kind": {"RE": "sale", "GU": "return"}, "unit": {"ST": "each"}}, total_word="Summe",
            note="German order system: semicolons, decimal comma, customer numbers with leading zeros, a line of totals.",
        ),
        Layout(
            "orders", "erp-west",
            {
                "document": "Invoice", "line": "Position", "date": "Invoice date", "party": "Account", "party_name": "Account name",
                "representative": "Rep", "reported_territory": "Territory", "product": "Article", "end_customer": "Ship to",
                "quantity": "Quantity", "unit": "Unit", "unit_price": "Price", "amount": "Net", "currency": "Currency", "cost": "Cost",
                "kind": "Kind", "source_kind": "Brought by", "referred_by": "Referrer", "promised_on": "Promised", "shipped_on": "Shipped",
                "on_credit": "Credit",
            },
            separator=";", decimal=",", date_order="DMY", date_mark="/", encoding="utf-8-sig",
            note="Western European order system: semicolons, decimal comma, day first.",
        ),
        Layout(
            "orders", "erp-north",
            {
                "document": "doc", "line": "line", "date": "date", "party": "partner", "party_name": "partner_name",
                "representative": "rep", "reported_territory": "area", "product": "sku", "end_customer": "end_user",
                "quantity": "units", "unit": "uom", "unit_price": "unit_price", "amount": "net_amount", "currency": "ccy", "cost": "cogs",
                "kind": "doc_kind", "source_kind": "origin", "referred_by": "referred_by",
                "promised_on": "promised", "shipped_on": "shipped", "ordered_quantity": "units_ordered", "on_credit": "credit_terms",
            },
            separator="\t",
            note="Northern and Eastern European order system: tabs, ISO dates.",
        ),
        Layout(
            "orders", "erp-apac",
            {
                "document": "Slip", "line": "Row", "date": "Slip Date", "party": "Dealer", "representative": "PIC",
                "reported_territory": "Area", "product": "Model", "end_customer": "Delivered To", "quantity": "Pcs",
                "unit_price": "Unit Price", "amount": "Amount", "currency": "Cur", "cost": "Cost", "kind": "Class",
                "promised_on": "Promise", "shipped_on": "Ship",
            },
            thousands=",", date_mark="/", values={"kind": {"S": "sale", "R": "return"}},
            note="Asia-Pacific order system: knows dealers by name only; thousands have commas.",
        ),
    )
}  # fmt: skip

QUARTERS_PER_FILE = {"erp-us": 1, "erp-de": 1, "erp-west": 2, "erp-north": 2, "erp-apac": 4}  # how often each system sends


def _same(kind: str, source: str, *names: str, **more: object) -> Layout:
    """A file whose headers are our own column names."""
    renamed: Mapping[str, str] = more.pop("renamed", {})  # type: ignore[assignment]
    return Layout(kind, source, {name: renamed.get(name, name) for name in names}, **more)  # type: ignore[arg-type]


FACTS: dict[str, Layout] = {
    layout.kind: layout
    for layout in (
        _same(
            "sell_through", "portal", "document", "line", "date", "party", "end_customer", "end_customer_country", "reported_territory",
            "product", "quantity", "unit", "unit_price", "amount", "currency", "cost", "kind",
            renamed={"document": "report", "date": "sold on", "party": "partner", "end_customer": "customer", "amount": "net value"},
        ),
        _same(
            "inventory", "portal", "date", "party", "product", "lot", "quantity", "unit", "cost", "currency", "expires_on",
            renamed={"date": "stock date", "party": "partner", "quantity": "on hand", "expires_on": "best before", "cost": "stock value"},
        ),
        _same(
            "coverage", "portal", "report", "party", "date", "until", "due_on", "received_on", "nil", "lines",
            renamed={"party": "partner", "date": "first day", "until": "last day", "due_on": "due", "received_on": "received"},
        ),
        _same(
            "targets", "planning", "date", "metric", "party", "amount", "currency", "valid_to", "label", separator=";", decimal=",",
            date_order="DMY",
            renamed={
                "date": "ab", "metric": "Ziel", "party": "Partner", "amount": "Betrag", "currency": "Währung", "valid_to": "bis",
                "label": "Quartal",
            },
            values={"metric": {"Einkauf": "sell in", "Verkauf": "sell through"}}, note="Planning writes from Germany.",
        ),
        _same(
            "activities", "crm", "document", "date", "kind", "party", "representative", "minutes", "planned", "cost", "currency",
            renamed={"document": "activity id", "party": "account", "date": "activity date", "representative": "owner"},
        ),
        _same(
            "ratings", "crm", "question", "date", "party", "value", "rated_by",
            renamed={"party": "account", "value": "answer", "rated_by": "by"},
        ),
        _same(
            "referrals", "crm", "document", "date", "party", "end_customer", "product", "outcome", "order_document", "amount", "currency",
            renamed={"document": "referral", "party": "referrer", "outcome": "result", "order_document": "order"},
        ),
        _same(
            "certificates", "quality", "party", "person", "grade", "version", "valid_from", "valid_to", "required", separator="|",
            date_order="DMY", date_mark="-",
            renamed={"party": "partner", "grade": "certificate", "valid_from": "issued", "valid_to": "expires"},
        ),
        _same(
            "complaints", "quality", "document", "party", "received_on", "forwarded_on", "closed_on", "severity", "product", separator="|",
            date_order="DMY", date_mark="-",
            renamed={
                "document": "case", "party": "partner", "received_on": "received", "forwarded_on": "forwarded", "closed_on": "closed",
            },
        ),
    )
}  # fmt: skip

MASTERS: dict[str, Layout] = {
    layout.kind: layout
    for layout in (
        _same("categories", "master", "code", "name", "parent"),
        _same("products", "master", "code", "name", "category", "unit", "strategic", "must_stock", "status", "valid_from", "valid_to"),
        _same("units", "master", "product", "unit", "factor"),
        _same("territories", "master", "code", "name", "parent", "valid_from", "valid_to"),
        _same(
            "partners", "master", "code", "name", "type", "parent", "country", "region", "territory", "status", "city", "valid_from",
            "valid_to",
        ),
        _same("affiliations", "master", "person", "organisation", "role"),
        _same("representatives", "master", "code", "name", "manager"),
        _same("assignments", "master", "representative", "territory", "partner", "valid_from", "valid_to"),
        _same("aliases", "master", "source", "party", "partner", "method"),
        _same("attributes", "master", "code", "about", "type", "meaning"),
        _same("attribute_values", "master", "attribute", "partner", "product", "value", "valid_from", "valid_to"),
        _same("rates", "treasury", "source", "base", "quote", "date", "rate"),
    )
}  # fmt: skip
