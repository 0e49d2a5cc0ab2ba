"""Every write of attribution."""

from __future__ import annotations

from .crediting import add_credit_rule, choose_credit_rule
from .deciding import decide_name, decide_names, take_back_name, take_back_names
from .matching import match_parties, match_waiting
from .settling import settle

__all__ = [
    "add_credit_rule",
    "choose_credit_rule",
    "decide_name",
    "decide_names",
    "match_parties",
    "match_waiting",
    "settle",
    "take_back_name",
    "take_back_names",
]
