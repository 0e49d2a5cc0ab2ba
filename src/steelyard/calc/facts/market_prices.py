"""Market prices: what others pay."""

from .kind import Column, Kind

MARKET_PRICES = Kind(
    name="market_prices",
    title="Market prices",
    meaning="What the market pays for one material from a day on, kept by hand.",
    key=("date", "party", "material"),
    date="date",
    columns=(
        Column("date", "date", "day from which the price is known", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("material", "text", "what is bought", required=True),
        Column("price", "price", "market price of one unit", required=True, currency="currency"),
        Column("currency", "text", "currency of the price", refers_to="currency"),
    ),
)  # fmt: skip
