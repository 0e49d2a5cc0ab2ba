"""Field days: the time that calls are made in."""

from .kind import Column, Kind

FIELD_CALENDAR = Kind(
    name="field_calendar",
    title="Field days",
    meaning="Days that a representative worked in the field for a partner.",
    key=("date", "party", "representative"),
    date="date",
    columns=(
        Column("date", "date", "the day, or the first of the days", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("representative", "text", "key of the representative", refers_to="representative"),
        Column("days", "number", "days worked in the field", required=True),
    ),
)  # fmt: skip
