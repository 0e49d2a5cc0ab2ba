"""Usage: how many of the paid seats are in use, by workload."""

from .kind import Column, Kind

USAGE = Kind(
    name="usage",
    title="Usage",
    meaning="Paid and active seats of one workload at one tenant at the end of a day, with the kind of association "
    "that the partner has.",
    key=("date", "party", "tenant", "workload", "association"),
    date="date",
    columns=(
        Column("date", "date", "day of the report", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("tenant", "text", "the customer's tenant", required=True),
        Column("workload", "text", "workload in use", required=True),
        Column("association", "text", "how the partner is associated with it, such as CPOR, DPOR or CSP"),
        Column("paid_units", "count", "seats paid for"),
        Column("active_units", "count", "seats in use", required=True),
    ),
)  # fmt: skip
