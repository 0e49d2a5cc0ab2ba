"""Every write of products, categories and units."""

from __future__ import annotations

from steelyard.masters.actions import Actions

from .masters import MASTERS

_verbs = Actions(MASTERS)
add, change, retire, load, check, preview = _verbs.add, _verbs.change, _verbs.retire, _verbs.load, _verbs.check, _verbs.preview
