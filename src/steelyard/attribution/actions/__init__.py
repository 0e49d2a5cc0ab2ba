"""Every write of attribution."""

from __future__ import annotations

from .crediting import add_credit_rule, choose_credit_rule
from .deciding import decide_name, take_back_name
from .matching import match_parties, match_waiting
from .settling import settle

__all__ = ["add_credit_rule", "choose_credit_rule", "decide_name", "match_parties", "match_waiting", "settle", "take_back_name"]
