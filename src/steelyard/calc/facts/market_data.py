"""Market data: the total of which our sales are a share."""

from .kind import Column, Kind

MARKET_DATA = Kind(
    name="market_data",
    title="Market data",
    meaning="Value of the whole market of a partner's territory in the period that holds the date.",
    key=("date", "party", "territory", "category"),
    date="date",
    columns=(
        Column("date", "date", "first day for which it holds", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("territory", "text", "code of the territory", refers_to="territory"),
        Column("category", "text", "product category"),
        Column("amount", "money", "value of the market", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
    ),
)  # fmt: skip
