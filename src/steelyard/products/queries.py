"""Every read of products, categories and units."""

from __future__ import annotations

from steelyard.masters.queries import Queries

from .masters import MASTERS

_reads = Queries(MASTERS)
listing, get, exists, history_of, known, export = _reads.listing, _reads.get, _reads.exists, _reads.history_of, _reads.known, _reads.export
last_said = _reads.last_said
