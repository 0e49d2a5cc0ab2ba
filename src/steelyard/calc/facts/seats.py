"""Paid seats: what a tenant pays for, as last reported."""

from .kind import Column, Kind

SEATS = Kind(
    name="seats",
    title="Paid seats",
    meaning="Paid seats of one tenant at the end of a day, as reported.",
    key=("date", "party", "tenant", "product"),
    date="date",
    columns=(
        Column("date", "date", "day of the report", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("tenant", "text", "the customer's tenant", required=True),
        Column("product", "text", "product paid for", refers_to="product"),
        Column("paid_units", "count", "seats paid for", required=True),
    ),
)  # fmt: skip
