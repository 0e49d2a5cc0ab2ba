"""Field actions: recalls and how far they got."""

from .kind import Column, Kind

FIELD_ACTIONS = Kind(
    name="field_actions",
    title="Field actions",
    meaning="One recall or field safety action at a partner: units in scope, and units accounted for.",
    key=("document", "line"),
    date="deadline",
    columns=(
        Column("document", "text", "number of the action", required=True),
        Column("line", "text", "line within the action"),
        Column("deadline", "date", "day by which it must be finished", required=True),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("product", "text", "product concerned", refers_to="product"),
        Column("lot", "text", "lot or serial number"),
        Column("units_in_scope", "number", "units to be found", required=True),
        Column("units_accounted", "number", "units found by the deadline"),
    ),
)  # fmt: skip
