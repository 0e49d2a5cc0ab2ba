"""Certificates: what people and partners are certified for, and how long."""

from .kind import Column, Kind

CERTIFICATES = Kind(
    name="certificates",
    title="Certificates",
    meaning="One certificate of a partner or of one of its people, with its validity; compliance documents are certificates too.",
    key=("party", "person", "grade", "valid_from"),
    date="valid_from",
    valid_from="valid_from",
    valid_to="valid_to",
    columns=(
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner", "distributor")),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("person", "text", "code of the certified person; blank for the partner itself", synonyms=("employee", "person id")),
        Column("grade", "text", "what is certified: service, sales, ISO 13485, ...", required=True, synonyms=("certificate", "course", "document", "type")),
        Column("version", "text", "version or edition"),
        Column("valid_from", "date", "first valid day", required=True, synonyms=("issued", "issued on", "from")),
        Column("valid_to", "date", "last valid day; blank is open", synonyms=("expires", "expires on", "until")),
        Column("required", "yes/no", "whether the agreement requires it"),
    ),
)  # fmt: skip
