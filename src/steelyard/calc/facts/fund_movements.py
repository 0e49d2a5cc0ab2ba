"""Fund movements: marketing money approved, claimed and spent."""

from .kind import Column, Kind

FUND_MOVEMENTS = Kind(
    name="fund_movements",
    title="Fund movements",
    meaning="One movement of market development or co-op funds: approved, claimed or spent, with the margin that is "
    "put down to it.",
    key=("document", "line"),
    date="date",
    columns=(
        Column("document", "text", "number of the movement", required=True),
        Column("line", "text", "line within the movement"),
        Column("date", "date", "day of the movement", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("fund", "text", "fund it belongs to"),
        Column("kind", "text", "approved, claimed or spent", required=True, choices=("approved", "claimed", "spent")),
        Column("amount", "money", "value moved", required=True, currency="currency"),
        Column("margin", "money", "margin put down to it", currency="currency"),
        Column("currency", "text", "currency of the amounts", refers_to="currency"),
    ),
)  # fmt: skip
