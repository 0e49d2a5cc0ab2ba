"""Mappings (pure): how a file of one source is read; YAML in and out, checked with all problems at once."""

from __future__ import annotations

from .model import ColumnRule, Control, Covers, Factor, Filter, Lookup, Mapping, Unpivot
from .read import KINDS, kind_named, read_mapping, read_part
from .write import digest, to_yaml

__all__ = [
    "KINDS", "ColumnRule", "Control", "Covers", "Factor", "Filter", "Lookup", "Mapping", "Unpivot", "digest", "kind_named", "read_mapping",
    "read_part", "to_yaml",
]  # fmt: skip
