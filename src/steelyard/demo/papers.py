"""What people of the sample company keep: documents for a partner, saved lists, a second version of a standard."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from steelyard.records import actions as records

if TYPE_CHECKING:
    from steelyard.accounts.models import User

MINUTES = """Kestrel Scientific and Corvane Diagnostics in Reading on 14 January 2026

The largest customer left in spring. Kestrel has three hospitals in tender and names a person for each.
Reports: by the tenth of the month. Stock: from 95 to 60 days before the next large order.
Next meeting: 15 April 2026.
"""
PRICES = """product,description,price_gbp,valid_from
CV-1019,Clinical chemistry reagent kit,245.10,2026-01-01
CV-1020,Immunoassay reagent kit,417.75,2026-01-01
CV-1036,Coagulation control set,25.48,2026-01-01
"""
DOCUMENTS = (("Minutes of the annual meeting", MINUTES), ("Price list 2026", PRICES))
VIEWS = (
    ("ben", "/ranking", "At risk", "risk=yes"), ("ben", "/ranking", "Moved down", "movement=down&sort=change"),
    ("anna", "/intake", "Orders", "kind=orders"), ("anna", "/ranking", "Grade D", "level=D"),
)  # fmt: skip


def add_papers(partner: str, people: dict[str, User]) -> None:
    """Documents and views; again it changes nothing."""
    for title, text in DOCUMENTS:
        records.keep_document(partner=partner, title=title, stream=BytesIO(text.encode()), acting_user=people["ben"])
    for name, page, title, query in VIEWS:
        records.save_view(page=page, name=title, query=query, acting_user=people[name])


def next_version(text: str) -> str:
    """The standard of dealers a year later: growth needs a larger base."""
    return text.replace("effective: 2023-01-01", "effective: 2026-01-01").replace("least_base: 5000", "least_base: 8000")
