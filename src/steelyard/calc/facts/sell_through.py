"""Sell-through: what a partner sold on to its end customers (point-of-sale reports)."""

from .kind import Column, Kind

SELL_THROUGH = Kind(
    name="sell_through",
    title="Sell-through",
    meaning="One line of a partner's point-of-sale report: goods sold on to an end customer.",
    key=("document", "line"),
    date="date",
    flow=True,
    columns=(
        Column("document", "text", "the partner's own document number", required=True, synonyms=("invoice", "pos document", "receipt")),
        Column("line", "text", "line number within the document", synonyms=("line number", "position")),
        Column("date", "date", "day of the sale", required=True, synonyms=("sale date", "sold on", "invoice date")),
        Column("party", "text", "key of the reporting partner", required=True, refers_to="party", synonyms=("partner", "distributor", "dealer")),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("end_customer", "text", "who bought", synonyms=("customer", "ship to", "account")),
        Column("end_customer_country", "text", "country of the end customer", refers_to="country"),
        Column("reported_territory", "text", "territory as the source says it", refers_to="territory", synonyms=("territory", "region")),
        Column("product", "text", "product key", required=True, refers_to="product", synonyms=("sku", "article", "item")),
        Column("quantity", "number", "units sold on, negative for returns", required=True, synonyms=("qty", "units")),
        Column("unit", "text", "unit of measure", refers_to="unit", synonyms=("uom",)),
        Column("unit_price", "price", "price of one unit", currency="currency"),
        Column("amount", "money", "net value of the line", currency="currency", synonyms=("net", "value", "revenue")),
        Column("currency", "text", "currency of the amounts", refers_to="currency", synonyms=("curr",)),
        Column("cost", "money", "cost of the goods on the line", currency="currency"),
        Column("lot", "text", "lot or serial number", synonyms=("batch", "serial")),
        Column("kind", "text", "sale or return; blank is a sale", choices=("sale", "return")),
    ),
)  # fmt: skip
