"""Stock turns, where the partner reports them itself."""

from .kind import Column, Kind

STOCK_TURNS = Kind(
    name="stock_turns",
    title="Stock turns",
    meaning="Turns of a partner's stock on a day, as the partner reports them.",
    key=("date", "party"),
    date="date",
    columns=(
        Column("date", "date", "day of the report", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("turns", "number", "turns per year", required=True),
    ),
)  # fmt: skip
