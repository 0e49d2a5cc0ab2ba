"""Receivables: what is open and overdue."""

from .kind import Column, Kind

RECEIVABLES = Kind(
    name="receivables",
    title="Receivables",
    meaning="What a partner owes at the end of a day.",
    key=("date", "party"),
    date="date",
    columns=(
        Column("date", "date", "day of the balance", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("open_amount", "money", "all open items", required=True, currency="currency"),
        Column("overdue_30_amount", "money", "items more than 30 days overdue", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
    ),
)  # fmt: skip
