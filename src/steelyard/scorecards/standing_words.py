"""What a scorecard says about time, in sentences: the standing beside the level earned, the overall score, the whole of its parts."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from steelyard.calc.framework.model import Framework
from steelyard.calc.over_time.standing import next_change
from steelyard.company.queries import calendar as calendar_at
from steelyard.company.queries import settings as settings_at
from steelyard.ui import formats

from . import limits
from .cards import Card
from .earlier import review_days
from .models import RolledUp, Run
from .placing import as_of


def held(card: Card) -> str:
    """`Holds Silver since 1 Aug 2010. Earned Gold; may rise on 31 Jan 2011.` Nothing where no standing is kept."""
    holding = card.holding
    if holding is None:
        return ""
    day = as_of(card.run)
    level = _named(card.framework, holding.level)
    if holding.since is None:
        told = _("Holds %(level)s.") % {"level": level}
    elif holding.since > day:
        told = _("Holds %(level)s from %(day)s.") % {"level": level, "day": formats.day(holding.since)}
    else:
        told = _("Holds %(level)s since %(day)s.") % {"level": level, "day": formats.day(holding.since)}
    if holding.level == card.level or card.total is None:
        return told
    return f"{told} {_change(card)}"


def _change(card: Card) -> str:
    """What is earned, and when the standing may follow."""
    assert card.holding is not None
    run, framework, order = card.run, card.framework, [level.name for level in card.framework.levels]
    calendar = calendar_at(framework.calendar or settings_at(run.cut)["default_calendar"], run.cut)
    turn = next_change(framework, card.holding, card.level, as_of(run), calendar, _cycles(framework))
    earned = _named(framework, card.level)
    rises = card.level in order and (card.holding.level not in order or order.index(card.level) > order.index(card.holding.level or ""))
    if turn is None:
        return _("Earned %(level)s.") % {"level": earned}
    told = {"level": earned, "day": formats.day(turn)}
    return (_("Earned %(level)s; may rise on %(day)s.") if rises else _("Earned %(level)s; may fall on %(day)s.")) % told


def _cycles(framework: Framework) -> dict[str, tuple[date, ...]]:
    rules = framework.standing
    turns = () if rules is None else (rules.evaluate, rules.promote, rules.demote)
    return review_days() if any(one.kind == "cycle" for one in turns) else {}


def _named(framework: Framework, level: str | None) -> str:
    return _("no level") if level is None else limits.titles(framework).get(level, level)


def overall(card: Card) -> str:
    """`Overall score 61.2 over 12 periods.` Nothing where the framework has no history."""
    history = card.framework.history
    if history is None or card.overall is None:
        return ""
    score = formats.amount(card.overall, "points")
    if history.smooth is not None:
        return _("Overall score, smoothed over time: %(score)s.") % {"score": score}
    return _("Overall score over up to %(periods)s periods: %(score)s.") % {"score": score, "periods": history.periods}


def whole(card: Card) -> str:
    """`Altona GmbH as a whole: Global.` Nothing where the framework rolls nothing up."""
    found = whole_of(card)
    if found is None:
        return ""
    told = {"whole": found.subject, "level": found.level or _("no level"), "receipt": found.short}
    return (_("%(whole)s as a whole: %(level)s (receipt %(receipt)s).") if found.receipt else _("%(whole)s as a whole: %(level)s.")) % told


def whole_of(card: Card) -> RolledUp | None:
    """What the parts of the card's subject make together; None where the framework rolls nothing up."""
    rules = card.framework.rollup
    if rules is None:
        return None
    codes = dict(zip(card.framework.subject, card.subject.split(" x "), strict=False))
    return rolled_up(card.run, codes.get(rules.to, ""))


def rolled_up(run: Run, subject: str) -> RolledUp | None:
    """What the parts of a subject make together in a run."""
    return RolledUp.objects.filter(run=run, subject=subject).first()
