"""Restatements: values reported anew."""

from .kind import Column, Kind

RESTATEMENTS = Kind(
    name="restatements",
    title="Restatements",
    meaning="A value that a partner reported anew after it was counted: old and new.",
    key=("document", "line", "date"),
    date="date",
    columns=(
        Column("document", "text", "number of the restated document", required=True),
        Column("line", "text", "line within the restated document"),
        Column("date", "date", "day on which it was reported anew", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("report", "text", "the kind of fact restated"),
        Column("old_amount", "money", "value before", currency="currency"),
        Column("new_amount", "money", "value after", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
    ),
)  # fmt: skip
