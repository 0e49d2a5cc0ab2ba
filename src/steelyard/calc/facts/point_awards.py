"""Point awards: points given for what a partner did."""

from .kind import Column, Kind

POINT_AWARDS = Kind(
    name="point_awards",
    title="Point awards",
    meaning="Points given to a partner on the day they were earned; points taken back are negative.",
    key=("document", "line"),
    date="date",
    columns=(
        Column("document", "text", "number of the award", required=True),
        Column("line", "text", "line within the award"),
        Column("date", "date", "day on which the points were earned", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("category", "text", "what they were given for: competency, marketing, ...", required=True),
        Column("points", "number", "points, negative where taken back", required=True),
    ),
)  # fmt: skip
