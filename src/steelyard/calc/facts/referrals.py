"""Referrals: business that a partner sent without reselling."""

from .kind import Column, Kind

REFERRALS = Kind(
    name="referrals",
    title="Referrals",
    meaning="One referral received from a partner (a doctor, hospital, agent), whether or not an order followed.",
    key=("document", "line"),
    date="date",
    flow=True,
    columns=(
        Column("document", "text", "number of the referral", required=True, synonyms=("referral id", "referral", "id")),
        Column("line", "text", "line within the referral"),
        Column("date", "date", "day received", required=True, synonyms=("received on", "referral date")),
        Column("party", "text", "key of the referring partner", required=True, refers_to="party", synonyms=("partner", "referrer", "referred by")),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("end_customer", "text", "who was referred (an account, never a patient)"),
        Column("product", "text", "product concerned", refers_to="product"),
        Column("outcome", "text", "open, won or lost", choices=("open", "won", "lost"), synonyms=("status", "result")),
        Column("order_document", "text", "order that followed", synonyms=("order", "order number")),
        Column("amount", "money", "value of what followed", currency="currency", synonyms=("value",)),
        Column("currency", "text", "currency of the value", refers_to="currency"),
    ),
)  # fmt: skip
