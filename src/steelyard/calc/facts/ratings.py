"""Ratings: what a person judged, on a question's scale."""

from .kind import Column, Kind

RATINGS = Kind(
    name="ratings",
    title="Ratings",
    meaning="One answer to one question about one partner: a manual KPI is measured from these like any other.",
    key=("question", "date", "party", "rated_by"),
    date="date",
    columns=(
        Column("question", "text", "code of the question", required=True, synonyms=("kpi", "criterion", "item")),
        Column("date", "date", "day of the answer", required=True, synonyms=("rated on",)),
        Column("party", "text", "key of the rated partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("value", "number", "the answer on the question's scale", required=True, synonyms=("rating", "score", "answer", "points")),
        Column("rated_by", "text", "who answered, by user name or code", required=True, synonyms=("rater", "reviewer", "by")),
        Column("evidence", "text", "reference to the evidence: a document number, never free text"),
    ),
)  # fmt: skip
