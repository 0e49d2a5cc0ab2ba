"""Complaints: what went wrong, and how fast it was passed on."""

from .kind import Column, Kind

COMPLAINTS = Kind(
    name="complaints",
    title="Complaints",
    meaning="One complaint received by a partner, with the days on which it was received, forwarded and closed.",
    key=("document", "line"),
    date="received_on",
    flow=True,
    columns=(
        Column("document", "text", "number of the complaint", required=True, synonyms=("complaint", "complaint id", "case", "id")),
        Column("line", "text", "line within the complaint"),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner", "distributor")),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("received_on", "date", "day the partner received it", required=True, synonyms=("received", "date")),
        Column("forwarded_on", "date", "day it was forwarded to the manufacturer", synonyms=("forwarded",)),
        Column("closed_on", "date", "day it was closed", synonyms=("closed",)),
        Column("severity", "text", "low, medium, high or critical", choices=("low", "medium", "high", "critical")),
        Column("product", "text", "product concerned", refers_to="product"),
        Column("lot", "text", "lot or serial number"),
    ),
)  # fmt: skip
