"""Deliveries: promised and shipped, line by line."""

from .kind import Column, Kind

DELIVERIES = Kind(
    name="deliveries",
    title="Deliveries",
    meaning="One order line with what was promised and what was shipped.",
    key=("document", "line"),
    date="date",
    columns=(
        Column("document", "text", "number of the order", required=True),
        Column("line", "text", "line within the order"),
        Column("date", "date", "day on which the line counts: ordered or due", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("product", "text", "product key", refers_to="product"),
        Column("promised_on", "date", "day promised"),
        Column("shipped_on", "date", "day shipped; blank if not yet"),
        Column("ordered_units", "number", "units ordered", required=True),
        Column("shipped_units", "number", "units shipped"),
    ),
)  # fmt: skip
