"""Spend of customers: the total of which ours is a share."""

from .kind import Column, Kind

SPEND_ESTIMATES = Kind(
    name="spend_estimates",
    title="Spend of customers",
    meaning="What a customer spends in all on a category, ours and others', with the time for which the estimate holds.",
    key=("party", "account", "category", "valid_from"),
    date="valid_from",
    valid_from="valid_from",
    valid_to="valid_to",
    columns=(
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("account", "text", "end customer or site", required=True),
        Column("category", "text", "product category"),
        Column("amount", "money", "spend of the period", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
        Column("valid_from", "date", "first day for which it holds", required=True),
        Column("valid_to", "date", "last day for which it holds; blank is open"),
    ),
)  # fmt: skip
