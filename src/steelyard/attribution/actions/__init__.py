"""Every write of attribution."""

from __future__ import annotations

from .crediting import add_credit_rule, choose_credit_rule
from .deciding import decide_name, take_back_name
from .matching import match_parties, match_waiting

__all__ = ["add_credit_rule", "choose_credit_rule", "decide_name", "match_parties", "match_waiting", "take_back_name"]
