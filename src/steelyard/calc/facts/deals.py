"""Deals: registered and closed business, with its contract."""

from .kind import Column, Kind

DEALS = Kind(
    name="deals",
    title="Deals",
    meaning="One deal that a partner registered or closed, with the contract it belongs to.",
    key=("document", "line"),
    date="date",
    flow=True,
    columns=(
        Column("document", "text", "number of the deal", required=True),
        Column("line", "text", "line within the deal"),
        Column("date", "date", "day the deal counts", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("customer", "text", "who bought", synonyms=("end customer", "account")),
        Column("product", "text", "what was sold", refers_to="product"),
        Column("project", "text", "project it belongs to"),
        Column("use_case", "text", "use case it was registered for"),
        Column("kind", "text", "new, renewal, expansion, ..."),
        Column("contract_started_on", "date", "first day of the contract"),
        Column("contract_ends_on", "date", "last day of the contract"),
        Column("opted_in", "yes/no", "whether the customer opted in"),
        Column("units", "number", "units sold"),
        Column("amount", "money", "value of the deal", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
    ),
)  # fmt: skip
