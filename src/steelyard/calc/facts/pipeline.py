"""Pipeline: what the next period may bring."""

from .kind import Column, Kind

PIPELINE = Kind(
    name="pipeline",
    title="Pipeline",
    meaning="A partner's open pipeline for the next period, weighted, and what is missing to its target.",
    key=("date", "party"),
    date="date",
    columns=(
        Column("date", "date", "day of the report", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("weighted_amount", "money", "open opportunities times their probability", required=True, currency="currency"),
        Column("target_gap", "money", "target of the next period less what is ordered already", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
    ),
)  # fmt: skip
