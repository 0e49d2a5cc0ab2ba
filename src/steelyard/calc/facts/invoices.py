"""Invoices: what was charged, and whether it was right."""

from .kind import Column, Kind

INVOICES = Kind(
    name="invoices",
    title="Invoices",
    meaning="One invoice line of a partner or supplier, with the price it charges and the price allowed.",
    key=("document", "line"),
    date="date",
    columns=(
        Column("document", "text", "number of the invoice", required=True),
        Column("line", "text", "line within the invoice"),
        Column("date", "date", "day of the invoice", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("order_document", "text", "order it belongs to"),
        Column("end_customer", "text", "who was invoiced"),
        Column("product", "text", "product key", refers_to="product"),
        Column("material", "text", "what was bought, where the source has keys of its own"),
        Column("units", "number", "units invoiced, negative for credits"),
        Column("amount", "money", "net value of the line", currency="currency"),
        Column("unit_price", "price", "price of one unit", currency="currency"),
        Column("allowed_price", "price", "lowest price that the contract allows", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
        Column("corrected", "yes/no", "whether it had to be corrected"),
        Column("due_on", "date", "day it is due"),
    ),
)  # fmt: skip
