"""Every write of records."""

from __future__ import annotations

from .asking import About, answer, ask, assign, close, reopen, reply, set_terms
from .keeping import comment, delete_view, keep_document, rename_view, save_view, withdraw_document

__all__ = [
    "About", "answer", "ask", "assign", "close", "comment", "delete_view", "keep_document", "rename_view", "reopen", "reply",
    "save_view", "set_terms", "withdraw_document",
]  # fmt: skip
