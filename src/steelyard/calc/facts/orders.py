"""Order lines: what a partner bought or brought, line by line."""

from .kind import Column, Kind

ORDERS = Kind(
    name="orders",
    title="Orders",
    meaning="One line of an order or invoice that a partner placed or brought (sell-in). Returns and credits are rows "
    "with a negative amount.",
    key=("document", "line"),
    date="date",
    flow=True,
    columns=(
        Column("document", "text", "order or invoice number", required=True, synonyms=("order", "order number", "order no", "invoice", "sales order")),
        Column("line", "text", "line number within the document", synonyms=("line number", "line no", "position", "item")),
        Column("date", "date", "business date of the order", required=True, synonyms=("order date", "invoice date", "sold on")),
        Column("party", "text", "key of the partner, as the source says it", required=True, refers_to="party", synonyms=("partner", "customer", "reseller", "dealer", "account", "distributor")),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("customer name", "reseller name", "partner name")),
        Column("representative", "text", "key of the sales representative, as the source says it", refers_to="representative", synonyms=("sales person", "employee", "rep", "sales rep")),
        Column("reported_territory", "text", "territory as the source says it", refers_to="territory", synonyms=("territory", "region", "sales territory")),
        Column("product", "text", "product key", refers_to="product", synonyms=("sku", "item number", "product key", "article", "material")),
        Column("end_customer", "text", "who receives the goods, as the source names them", synonyms=("ship to", "end user", "account name")),
        Column("end_customer_country", "text", "country in which the goods are received", refers_to="country", synonyms=("ship to country",)),
        Column("quantity", "number", "units, negative for returns", synonyms=("qty", "units", "order quantity", "pieces")),
        Column("unit", "text", "unit of measure of the quantity", refers_to="unit", synonyms=("uom", "unit of measure")),
        Column("unit_price", "price", "price of one unit", currency="currency", synonyms=("price",)),
        Column("amount", "money", "net value of the line", required=True, currency="currency", synonyms=("net amount", "sales amount", "net", "value", "revenue", "ext price", "total")),
        Column("currency", "text", "currency of the amounts", required=True, refers_to="currency", synonyms=("curr", "currency code")),
        Column("document_currency", "text", "currency the document was issued in, where the source converted the amounts", refers_to="currency"),
        Column("cost", "money", "cost of the goods on the line", currency="currency", synonyms=("total product cost", "cogs")),
        Column("kind", "text", "sale, return, credit or free goods; blank is a sale", choices=("sale", "return", "credit", "free goods")),
        Column("source_kind", "text", "what brought the order: partner, referral, campaign, representative, direct", choices=("partner", "referral", "campaign", "representative", "direct")),
        Column("referred_by", "text", "key of the person or partner who referred the order", refers_to="party"),
        Column("promised_on", "date", "date promised to the customer", synonyms=("due date", "required date", "promised date")),
        Column("shipped_on", "date", "date shipped", synonyms=("ship date", "shipped date")),
        Column("ordered_quantity", "number", "units ordered, where delivery is reported apart"),
        Column("on_credit", "yes/no", "whether the order was sold on credit terms"),
    ),
)  # fmt: skip
