"""Customers of partners: what is known of them on a day."""

from .kind import Column, Kind

CUSTOMERS = Kind(
    name="customers",
    title="Customers of partners",
    meaning="What is known of one customer of a partner on a day, such as its segment.",
    key=("date", "party", "customer"),
    date="date",
    columns=(
        Column("date", "date", "day on which it is known", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("customer", "text", "the partner's customer", required=True),
        Column("segment", "text", "segment: small, medium, large, ...", synonyms=("size", "class")),
        Column("country", "text", "country of the customer", refers_to="country"),
    ),
)  # fmt: skip
