"""Coverage: which period of which partner a report covers, nil reports included."""

from .kind import Column, Kind

COVERAGE = Kind(
    name="coverage",
    title="Coverage",
    meaning="A report of one kind of fact by one partner for one period: due, received, and whether it reported nothing. "
    "No rows with coverage is 0; no rows without coverage is no data.",
    key=("report", "party", "date"),
    date="date",
    columns=(
        Column("report", "text", "the kind of fact reported", required=True, synonyms=("kind", "feed")),
        Column("party", "text", "key of the reporting partner; blank: the source reports for every partner", refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("date", "date", "first day covered", required=True, synonyms=("from", "period start")),
        Column("until", "date", "last day covered", required=True, synonyms=("to", "period end")),
        Column("due_on", "date", "day the report was due", synonyms=("due",)),
        Column("received_on", "date", "day it was received; blank if it never was", synonyms=("received",)),
        Column("nil", "yes/no", "whether it reported that there was nothing", synonyms=("nil report",)),
        Column("lines", "count", "lines in the report"),
    ),
)  # fmt: skip
