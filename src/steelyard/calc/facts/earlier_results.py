"""Earlier results: what another framework gave."""

from .kind import Column, Kind

EARLIER_RESULTS = Kind(
    name="earlier_results",
    title="Earlier results",
    meaning="A published result of another framework: total and level of a partner.",
    key=("framework", "date", "party"),
    date="date",
    columns=(
        Column("framework", "text", "code of the framework", required=True),
        Column("date", "date", "as-of date of the result", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("points", "number", "the total"),
        Column("level", "text", "the level"),
    ),
)  # fmt: skip
