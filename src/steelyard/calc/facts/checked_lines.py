"""Checked lines: how good reports are."""

from .kind import Column, Kind

CHECKED_LINES = Kind(
    name="checked_lines",
    title="Checked lines",
    meaning="Lines of a partner's report as they were checked: how many fields were expected and right, how many "
    "problems were found.",
    key=("report", "party", "date", "line"),
    date="date",
    columns=(
        Column("report", "text", "the kind of fact reported", required=True),
        Column("line", "text", "line of the report"),
        Column("date", "date", "day of the report", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("fields_expected", "count", "fields that should be filled"),
        Column("fields_valid", "count", "fields that are filled and right"),
        Column("problems", "count", "problems found"),
    ),
)  # fmt: skip
