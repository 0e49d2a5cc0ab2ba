"""Every write of the ledger."""

from __future__ import annotations

from .committing import Committing, commit_histories, committing
from .posting import Posted, Replaces, classify, post

__all__ = ["Committing", "Posted", "Replaces", "classify", "commit_histories", "committing", "post"]
