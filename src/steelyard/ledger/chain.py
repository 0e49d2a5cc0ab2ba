"""The chain: each commit's hash is made of its content and of the hash of the commit before it."""

from __future__ import annotations

import hashlib
import json

from . import models


def link_hash(commit: models.Commit) -> str:
    """SHA-256 over the canonical text of a commit and the hash of the one before it."""
    content = {
        "seq": commit.seq, "previous": commit.previous_hash, "cause": commit.cause, "actor": commit.actor,
        "note": commit.note, "batch": commit.batch, "made_at": commit.made_at.isoformat(),
        "facts": commit.facts, "histories": commit.histories, "retired": commit.retired,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
