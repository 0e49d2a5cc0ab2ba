"""Every write of the ledger."""

from __future__ import annotations

from ..classify import Classified, Repeats, Replaces, classify
from .committing import Committing, commit_histories, committing
from .compaction import compact, sweep
from .posting import Posted, Prepared, post, prepare
from .rewriting import rewrite
from .settling import Settled, settle
from .tail import Received, Said, forget_sealed, receive, receive_all, seal
from .undoing import Undone, preview_reversal, reverse_batch

__all__ = [
    "Classified", "Committing", "Posted", "Prepared", "Received", "Repeats", "Replaces", "Said", "Settled", "Undone", "classify",
    "commit_histories", "committing", "compact", "forget_sealed", "post", "prepare", "preview_reversal", "receive", "receive_all",
    "reverse_batch", "rewrite", "seal", "settle", "sweep",
]  # fmt: skip
