"""Inventory: what a partner had in stock on a day."""

from .kind import Column, Kind

INVENTORY = Kind(
    name="inventory",
    title="Inventory",
    meaning="Stock of one product (and lot) at one partner at the end of a day, as the partner reported it.",
    key=("date", "party", "product", "lot"),
    date="date",
    columns=(
        Column("date", "date", "day at whose end the stock was counted", required=True, synonyms=("stock date", "as of", "snapshot date")),
        Column("party", "text", "key of the reporting partner", required=True, refers_to="party", synonyms=("partner", "distributor")),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("product", "text", "product key", required=True, refers_to="product", synonyms=("sku", "article", "item")),
        Column("lot", "text", "lot or serial number"),
        Column("quantity", "number", "units in stock", required=True, synonyms=("stock", "on hand", "units", "qty")),
        Column("unit", "text", "unit of measure", refers_to="unit", synonyms=("uom",)),
        Column("cost", "money", "value of the stock at cost", currency="currency", synonyms=("stock value",)),
        Column("currency", "text", "currency of the value", refers_to="currency"),
        Column("expires_on", "date", "last day of shelf life", synonyms=("expiry", "expiry date", "best before")),
        Column("received_on", "date", "day on which the lot came in", synonyms=("received",)),
        Column("demand", "number", "units asked for on the day"),
        Column("adjusted", "number", "units written on or off since the last count", synonyms=("adjustment",)),
    ),
)  # fmt: skip
