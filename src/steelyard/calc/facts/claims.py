"""Claims: what went wrong with an order, and money claimed back."""

from .kind import Column, Kind

CLAIMS = Kind(
    name="claims",
    title="Claims",
    meaning="One claim about an order or for money: damage, wrong document, chargeback, ship and debit, ...",
    key=("claim", "line"),
    date="date",
    columns=(
        Column("claim", "text", "number of the claim", required=True),
        Column("line", "text", "line within the claim"),
        Column("date", "date", "day of the claim", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("document", "text", "order or invoice it is about"),
        Column("kind", "text", "damage, wrong document, chargeback, ..."),
        Column("product", "text", "product concerned", refers_to="product"),
        Column("submitted_amount", "money", "value claimed", currency="currency"),
        Column("approved_amount", "money", "value approved", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
    ),
)  # fmt: skip
