"""Budgets of customers: what they mean to spend."""

from .kind import Column, Kind

BUDGETS = Kind(
    name="budgets",
    title="Budgets of customers",
    meaning="What a customer means to spend in the months ahead: recorded by us, and estimated from outside.",
    key=("date", "party", "account", "category"),
    date="date",
    columns=(
        Column("date", "date", "day of the record", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("account", "text", "end customer or site", required=True),
        Column("category", "text", "product category"),
        Column("amount", "money", "budget recorded", currency="currency"),
        Column("estimate", "money", "budget estimated from outside", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
    ),
)  # fmt: skip
