"""Goods receipts: what a supplier delivered, and how."""

from .kind import Column, Kind

RECEIPTS = Kind(
    name="receipts",
    title="Goods receipts",
    meaning="One line of goods received from a supplier: when, how much, and how much of it was accepted.",
    key=("document", "line"),
    date="date",
    flow=True,
    columns=(
        Column("document", "text", "number of the purchase order or goods receipt", required=True),
        Column("line", "text", "line within the purchase order or goods receipt"),
        Column("date", "date", "day the goods came in", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("material", "text", "what was received", synonyms=("item", "article")),
        Column("promised_on", "date", "day promised"),
        Column("statistics_delivery_date", "date", "day by which punctuality is judged"),
        Column("ordered_units", "number", "units ordered"),
        Column("received_units", "number", "units received"),
        Column("accepted_units", "number", "units accepted"),
        Column("lead_days", "days", "days from the order to the goods"),
    ),
)  # fmt: skip
