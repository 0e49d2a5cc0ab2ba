"""Forecasts: what a partner expects to sell."""

from .kind import Column, Kind

FORECASTS = Kind(
    name="forecasts",
    title="Forecasts",
    meaning="Units that a partner expects to sell of one product; the forecast is for the month that holds its date.",
    key=("date", "party", "product"),
    date="date",
    monthly=True,
    columns=(
        Column("date", "date", "a day of the month forecast", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("product", "text", "product key", required=True, refers_to="product"),
        Column("quantity", "number", "units expected", required=True, synonyms=("units", "qty")),
    ),
)  # fmt: skip
