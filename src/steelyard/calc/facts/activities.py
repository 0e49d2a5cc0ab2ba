"""Activities: calls, visits, trainings and other contacts with a partner."""

from .kind import Column, Kind

ACTIVITIES = Kind(
    name="activities",
    title="Activities",
    meaning="One contact of a representative with a partner: a call, visit, training, sample, meal or event.",
    key=("document", "line"),
    date="date",
    flow=True,
    columns=(
        Column("document", "text", "number of the record in the source", required=True, synonyms=("record id", "activity id", "id")),
        Column("line", "text", "line within the record"),
        Column("date", "date", "day of the contact", required=True, synonyms=("activity date", "call date", "date of payment")),
        Column("kind", "text", "call, visit, training, sample, meal, event, ...", required=True, synonyms=("type", "activity type", "nature")),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner", "physician", "account")),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("representative", "text", "key of the representative", refers_to="representative", synonyms=("employee", "sales person", "rep")),
        Column("account", "text", "end customer or site concerned"),
        Column("product", "text", "product spoken of", synonyms=("drug", "detail")),
        Column("minutes", "count", "length in minutes", synonyms=("duration",)),
        Column("planned", "yes/no", "whether it was in the cycle plan"),
        Column("cost", "money", "what it cost", currency="currency", synonyms=("amount", "spend")),
        Column("currency", "text", "currency of the cost", refers_to="currency"),
    ),
)  # fmt: skip
