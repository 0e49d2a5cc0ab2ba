"""Every write of intake."""

from __future__ import annotations

from .correcting import correct_row, correctable
from .coverage import report_nil
from .delivering import hand_in, landed, order_delivery, order_look, say, set_aside
from .importing import commit, preview
from .ordering import cancel_order, order_check, order_import, order_replay
from .pacing import Stopped
from .receiving import receive, receive_stream, shown
from .remembering import remember_mapping, rewrite_mapping
from .replaying import read_known, replay
from .twice import declare_authority, keep_both, look_again
from .undoing import undo

__all__ = [
    "Stopped", "cancel_order", "commit", "correct_row", "correctable", "declare_authority", "hand_in", "keep_both", "landed",
    "look_again", "order_check", "order_delivery", "order_import", "order_look", "order_replay", "preview", "read_known", "receive",
    "receive_stream", "remember_mapping", "replay", "report_nil", "rewrite_mapping", "say", "set_aside", "shown", "undo",
]  # fmt: skip
