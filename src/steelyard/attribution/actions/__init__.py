"""Every write of attribution."""

from __future__ import annotations

from .auditing import audit_match
from .crediting import add_credit_rule, choose_credit_rule
from .deciding import decide_name, decide_names, take_back_name, take_back_names
from .learning import learn, order_learning
from .matching import match_parties, match_waiting, remember_found
from .settling import settle

__all__ = [
    "add_credit_rule",
    "audit_match",
    "choose_credit_rule",
    "decide_name",
    "decide_names",
    "learn",
    "match_parties",
    "match_waiting",
    "order_learning",
    "remember_found",
    "settle",
    "take_back_name",
    "take_back_names",
]
