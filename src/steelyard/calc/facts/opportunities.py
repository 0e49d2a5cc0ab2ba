"""Opportunities: business that may come, and what became of it."""

from .kind import Column, Kind

OPPORTUNITIES = Kind(
    name="opportunities",
    title="Opportunities",
    meaning="One opportunity of a partner, as it stands.",
    key=("document", "line"),
    date="date",
    columns=(
        Column("document", "text", "number of the opportunity", required=True),
        Column("line", "text", "line within the opportunity"),
        Column("date", "date", "day it was opened", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("account", "text", "end customer or site"),
        Column("product", "text", "product concerned", refers_to="product"),
        Column("stage", "text", "open, won or lost", choices=("open", "won", "lost")),
        Column("closed_on", "date", "day it was won or lost"),
        Column("expected_on", "date", "day it is expected to close"),
        Column("competitor", "text", "who else was in it"),
        Column("probability", "percent", "how likely it is won"),
        Column("amount", "money", "its value", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
    ),
)  # fmt: skip
