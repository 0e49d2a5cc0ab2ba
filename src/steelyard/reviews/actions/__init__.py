"""Every write of reviews."""

from __future__ import annotations

from .asking import ask
from .cycles import close_cycle, open_cycle, open_due_cycles, prepare_cycle, set_rule
from .reviewing import SPEAKS_TO_PARTNERS, acknowledge, approve, comment, hand_back, publish, save, score_again, submit

__all__ = [
    "SPEAKS_TO_PARTNERS",
    "acknowledge", "approve", "ask", "close_cycle", "comment", "hand_back", "open_cycle", "open_due_cycles", "prepare_cycle", "publish",
    "save", "score_again", "set_rule", "submit",
]  # fmt: skip
