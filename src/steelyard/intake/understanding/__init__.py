"""Understanding (pure): the bytes of a file -> a proposed mapping, with what was found, why and how surely, and what must be asked."""

from __future__ import annotations

from .findings import Choice, Finding, Known, Question, Understanding
from .patch import patched, patched_with
from .understand import understand

__all__ = ["Choice", "Finding", "Known", "Question", "Understanding", "patched", "patched_with", "understand"]
