"""Surveys: what partners and customers answered."""

from .kind import Column, Kind

SURVEYS = Kind(
    name="surveys",
    title="Surveys",
    meaning="One answer of a partner or its customer to a survey.",
    key=("document", "line"),
    date="date",
    columns=(
        Column("document", "text", "number of the answer", required=True),
        Column("line", "text", "question within the answer"),
        Column("date", "date", "day of the answer", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("question", "text", "code of the question"),
        Column("score", "count", "the answer, for example 0 to 10", required=True),
    ),
)  # fmt: skip
