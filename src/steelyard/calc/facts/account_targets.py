"""Target accounts: whom a partner is to serve."""

from .kind import Column, Kind

ACCOUNT_TARGETS = Kind(
    name="account_targets",
    title="Target accounts",
    meaning="One account that a partner or representative is to look after, with the calls planned per period.",
    key=("party", "account", "valid_from"),
    date="valid_from",
    valid_from="valid_from",
    valid_to="valid_to",
    columns=(
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("representative", "text", "key of the representative", refers_to="representative"),
        Column("account", "text", "end customer or site", required=True),
        Column("class", "text", "class of the account: A, B, C, ..."),
        Column("planned_calls", "count", "calls planned per period"),
        Column("valid_from", "date", "first day for which it holds", required=True),
        Column("valid_to", "date", "last day for which it holds; blank is open"),
    ),
)  # fmt: skip
