"""What the portal says in sentences to the partner it is about."""

from __future__ import annotations

from django.utils.translation import gettext as _

from steelyard.calc.next_level import NextLevel
from steelyard.scorecards import limits, words
from steelyard.scorecards.cards import Card


def headline(card: Card, missing: NextLevel | None) -> str:
    """The answer in one sentence: `You are Strong, and 3.1 points short of Leading.`"""
    if card.total is None or not card.framework.levels or not card.level:
        return words.headline(card, missing)
    level = card.level_title or card.level
    if level == card.level:
        level = _("at level %(level)s") % {"level": level}
    if missing is None:
        if card.level == limits.names(card.framework)[0]:
            return _("You are %(level)s, the highest level.") % {"level": level}
        return _("You are %(level)s.") % {"level": level}
    above = missing.title or missing.level
    if missing.missing:
        return _("You are %(level)s, and %(points)s points short of %(next)s.") % {
            "level": level, "points": words.limit(missing.missing, "points"), "next": above,
        }  # fmt: skip
    if missing.held_back:
        return _("You are %(level)s; one requirement keeps you from %(next)s.") % {"level": level, "next": above}
    return _("You are %(level)s, and not yet %(next)s.") % {"level": level, "next": above}


def lacking(missing: NextLevel | None) -> str:
    """How many points are missing, with every digit it takes."""
    return words.limit(missing.missing, "points") if missing is not None and missing.missing else ""
