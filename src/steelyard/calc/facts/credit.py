"""Credit: exceptions to who an order counts for."""

from .kind import Column, Kind

CREDIT = Kind(
    name="credit",
    title="Credit",
    meaning="An exception: this order line belongs to another partner, or is shared. Shares of one line add up to 1.",
    key=("document", "line", "party"),
    date="date",
    columns=(
        Column("document", "text", "order or invoice number", required=True),
        Column("line", "text", "line number within the document; blank is every line"),
        Column("date", "date", "business date of the order", required=True),
        Column("party", "text", "key of the partner who gets the credit", required=True, refers_to="party", synonyms=("partner",)),
        Column("share", "percent", "part of the line credited", required=True),
        Column("reason", "text", "code of the reason", required=True),
    ),
)  # fmt: skip
