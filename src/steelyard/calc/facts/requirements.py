"""Requirements: people and documents that an agreement asks for."""

from .kind import Column, Kind

REQUIREMENTS = Kind(
    name="requirements",
    title="Requirements",
    meaning="How many certified people and documents the agreement asks of a partner.",
    key=("party", "valid_from"),
    date="valid_from",
    valid_from="valid_from",
    valid_to="valid_to",
    columns=(
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("people", "count", "certified people needed"),
        Column("documents", "count", "documents needed"),
        Column("valid_from", "date", "first day for which it holds", required=True),
        Column("valid_to", "date", "last day for which it holds; blank is open"),
    ),
)  # fmt: skip
