"""Every write of the ledger."""

from __future__ import annotations

from ..classify import Classified, Repeats, Replaces, classify
from .committing import Committing, commit_histories, committing
from .compaction import compact, sweep
from .posting import Posted, Prepared, post, prepare
from .rewriting import rewrite
from .tail import Received, Settled, forget_sealed, receive, seal, settle
from .undoing import Undone, preview_reversal, reverse_batch

__all__ = [
    "Classified", "Committing", "Posted", "Prepared", "Received", "Repeats", "Replaces", "Settled", "Undone", "classify",
    "commit_histories", "committing", "compact", "forget_sealed", "post", "prepare", "preview_reversal", "receive", "reverse_batch",
    "rewrite", "seal", "settle", "sweep",
]  # fmt: skip
