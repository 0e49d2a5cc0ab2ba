"""What people call what intake knows: kinds, states of batches and rows, buckets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from steelyard.masters.titles import MASTERS, column_title, master_title

from .mappings import KINDS

__all__ = ["BUCKETS", "ROW_STATES", "STATES", "column_name", "kind_choices", "kind_title"]

STATES = (
    ("committed", _("brought in")), ("received", _("not finished")), ("refused", _("not readable")), ("undone", _("taken back")),
)  # fmt: skip
ROW_STATES = (("open", _("needs you")), ("resolved", _("settled")))
BUCKETS: dict[str, Any] = {
    "accepted": _("accepted"), "unmatched": _("accepted, without a partner"), "quarantined": _("refused"),
    "duplicates": _("known already"), "filtered": _("left out on purpose"), "blank": _("blank"),
}  # fmt: skip


def kind_title(name: str) -> Any:
    """The title of a kind of data."""
    if name in MASTERS:
        return master_title(name)
    return KINDS[name].title if name in KINDS else name


def kind_choices(names: Iterable[str]) -> list[tuple[str, Any]]:
    """Kinds to choose from: facts first, then masters."""
    known = [name for name in KINDS if name in set(names)]
    return [(name, kind_title(name)) for name in known]


def column_name(name: str) -> Any:
    """A column of ours as people write it."""
    return column_title(name)
