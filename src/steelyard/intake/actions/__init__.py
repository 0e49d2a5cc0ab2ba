"""Every write of intake."""

from __future__ import annotations

from .coverage import report_nil
from .importing import commit, preview
from .matching import match_waiting
from .receiving import receive
from .remembering import remember_mapping
from .replaying import replay
from .undoing import undo

__all__ = ["commit", "match_waiting", "preview", "receive", "remember_mapping", "replay", "report_nil", "undo"]
