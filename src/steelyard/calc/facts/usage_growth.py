"""Growth of usage: users gained where a partner was associated."""

from .kind import Column, Kind

USAGE_GROWTH = Kind(
    name="usage_growth",
    title="Growth of usage",
    meaning="Users that a workload gained at one tenant in a month, with the day from which the partner was associated.",
    key=("date", "party", "tenant", "workload", "association"),
    date="date",
    monthly=True,
    columns=(
        Column("date", "date", "day of the report", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("tenant", "text", "the customer's tenant"),
        Column("workload", "text", "workload in use"),
        Column("association", "text", "how the partner is associated with it", required=True),
        Column("associated_on", "date", "day from which the partner was associated"),
        Column("seats", "count", "paid seats of the tenant"),
        Column("users", "count", "users gained", required=True),
    ),
)  # fmt: skip
