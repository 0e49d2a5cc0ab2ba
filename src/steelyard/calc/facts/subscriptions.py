"""Subscriptions: how a customer's users and value changed, change by change."""

from .kind import Column, Kind

SUBSCRIPTIONS = Kind(
    name="subscriptions",
    title="Subscriptions",
    meaning="One change of a customer's subscription that a partner sold: new, renewal, upsell, downsell or churn. "
    "What grows is positive, what shrinks is negative.",
    key=("document", "line"),
    date="date",
    flow=True,
    columns=(
        Column("document", "text", "number of the change", required=True),
        Column("line", "text", "line within the change"),
        Column("date", "date", "day of the change", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("customer", "text", "the subscribing customer", synonyms=("end customer", "account")),
        Column("product", "text", "product subscribed to", refers_to="product"),
        Column("kind", "text", "new, renewal, upsell, downsell or churn", choices=("new", "renewal", "upsell", "downsell", "churn")),
        Column("users", "count", "users added, negative where they became fewer", synonyms=("seats",)),
        Column("amount", "money", "yearly value added, negative where it fell", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
    ),
)  # fmt: skip
