"""Inspections: defects per opportunity."""

from .kind import Column, Kind

INSPECTIONS = Kind(
    name="inspections",
    title="Inspections",
    meaning="Defects found among the opportunities for one, per inspected lot.",
    key=("document", "line"),
    date="date",
    columns=(
        Column("document", "text", "number of the inspection", required=True),
        Column("line", "text", "line within the inspection"),
        Column("date", "date", "day of the inspection", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("product", "text", "product inspected", refers_to="product"),
        Column("defects", "count", "defects found", required=True),
        Column("opportunities", "count", "opportunities for a defect", required=True),
    ),
)  # fmt: skip
