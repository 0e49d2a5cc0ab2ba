"""Quotes: what a partner offered, and whether it was signed."""

from .kind import Column, Kind

QUOTES = Kind(
    name="quotes",
    title="Quotes",
    meaning="One quote or estimate that a partner sent to a customer.",
    key=("document", "line"),
    date="date",
    flow=True,
    columns=(
        Column("document", "text", "number of the quote", required=True),
        Column("line", "text", "line within the quote"),
        Column("date", "date", "day the quote was made", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("sent_on", "date", "day it was sent"),
        Column("customer", "text", "who received it", synonyms=("end customer", "account")),
        Column("product", "text", "what was quoted", refers_to="product"),
        Column("project", "text", "project it belongs to"),
        Column("amount", "money", "value quoted", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
        Column("signed", "yes/no", "whether the customer signed it"),
        Column("expired", "yes/no", "whether its validity ran out"),
    ),
)  # fmt: skip
