"""Milestones of joint plans."""

from .kind import Column, Kind

MILESTONES = Kind(
    name="milestones",
    title="Milestones",
    meaning="One milestone of a joint plan: due and done.",
    key=("document", "line"),
    date="due_on",
    columns=(
        Column("document", "text", "number of the plan", required=True),
        Column("line", "text", "line within the plan"),
        Column("party", "text", "key of the partner", required=True, refers_to="party", synonyms=("partner",)),
        Column("party_name", "text", "name of the partner, as the source says it", synonyms=("partner name",)),
        Column("milestone", "text", "code of the milestone"),
        Column("due_on", "date", "day it is due", required=True),
        Column("done_on", "date", "day it was done; blank if not yet"),
    ),
)  # fmt: skip
