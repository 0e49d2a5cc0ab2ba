"""Targets: what a partner or a representative is expected to reach."""

from .kind import Column, Kind

TARGETS = Kind(
    name="targets",
    title="Targets",
    meaning="A target or quota of a partner, representative or territory for one metric. It belongs to the period that "
    "holds its date; its label is never read.",
    key=("metric", "date", "party", "representative", "territory", "category"),
    date="date",
    columns=(
        Column("date", "date", "first day for which the target holds", required=True, synonyms=("quota date", "from", "start", "period start")),
        Column("metric", "text", "what is to be reached: sell in, sell through, quota, calls, ...", required=True, synonyms=("kpi", "measure", "target type")),
        Column("party", "text", "key of the partner", refers_to="party", synonyms=("partner", "reseller", "distributor")),
        Column("representative", "text", "key of the representative", refers_to="representative", synonyms=("employee", "sales person", "rep")),
        Column("territory", "text", "code of the territory", refers_to="territory"),
        Column("category", "text", "product category the target is for; blank is all"),
        Column("amount", "money", "target in money", currency="currency", synonyms=("target", "quota", "sales quota", "sales amount quota")),
        Column("currency", "text", "currency of the target", refers_to="currency"),
        Column("value", "number", "target that is not money", synonyms=("target value",)),
        Column("valid_to", "date", "last day for which the target holds, if it says so", synonyms=("until", "end", "period end")),
        Column("label", "text", "what the source calls the period; shown, never read"),
    ),
)  # fmt: skip
