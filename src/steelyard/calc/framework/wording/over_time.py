"""What is said of many points: the overall score, the standing, triggers, and one result over parts."""

from __future__ import annotations

from collections.abc import Iterator

from ..over_time import History, Standing, Trigger, Turns
from .card import said_of_level
from .clauses import Clause, Said
from .language import capital, words
from .phrases import Phrases
from .windows import span_words


def said_over_time(phrases: Phrases) -> Iterator[Said]:
    """History, standing, roll-up and triggers, as far as the framework has them."""
    framework, say = phrases.framework, phrases.language.say
    if framework.history is not None:
        yield Said("history", say("history"), tuple(_history(phrases, framework.history)))
    if framework.standing is not None:
        yield Said("standing", say("standing"), tuple(_standing(phrases, framework.standing)))
    yield from _rollup(phrases)
    for trigger in framework.triggers:
        title = trigger.title or capital(words(trigger.name))
        yield Said(f"triggers.{trigger.name}", title, (Clause("when", _trigger(phrases, trigger)),))


def _history(phrases: Phrases, history: History) -> Iterator[Clause]:
    language = phrases.language
    if history.smooth is not None:
        share, rest = (phrases.number(part, "percent") for part in (history.smooth, 1 - history.smooth))
        yield Clause("smooth", language.say("history.smooth", share=share, rest=rest))
    if history.weight is not None:
        yield Clause("periods", language.say("history.mean", count=language.count(history.periods, "period", after=True)))
        yield Clause("weight", language.say("history.weight", weight=phrases.formula(history.weight)))
    if history.round is not None:
        yield Clause("round", language.say("rounded", digits=phrases.digits(history.round)))


def _turns(phrases: Phrases, turns: Turns) -> str:
    language = phrases.language
    if turns.kind == "months":
        return language.say("turns.months", months=language.listed([language.months[month - 1] for month in turns.months]))
    return language.say(f"turns.{turns.kind}", name=turns.name)


def _standing(phrases: Phrases, standing: Standing) -> Iterator[Clause]:
    language = phrases.language
    yield Clause("start", language.say("standing.start", level=standing.start))
    for key, turns in (("evaluate", standing.evaluate), ("promote", standing.promote), ("demote", standing.demote)):
        yield Clause(key, language.say(f"standing.{key}", turns=_turns(phrases, turns)))
    if standing.hold is not None:
        span = span_words(phrases.language, standing.hold, phrases.framework.grain, after=False)
        yield Clause("hold", language.say("standing.hold", span=span))
    steps = language.say("standing.far") if standing.steps is None else language.say(
        "standing.steps", count=language.count(standing.steps, "level", after=True)
    )  # fmt: skip
    yield Clause("steps", steps)
    yield Clause("effect", language.say(f"standing.{standing.takes_effect}"))


def _rollup(phrases: Phrases) -> Iterator[Said]:
    rollup, language = phrases.framework.rollup, phrases.language
    if rollup is None:
        return
    clauses = (
        Clause("to", language.say("rollup.to", subject=language.noun(rollup.to))),
        Clause("level", language.say(f"rollup.{rollup.level}")),
    )
    yield Said("rollup", language.say("rollup"), clauses)
    for level in rollup.levels:
        yield said_of_level(phrases, level, "rollup.levels")


def _trigger(phrases: Phrases, trigger: Trigger) -> str:
    span = span_words(phrases.language, trigger.within, phrases.framework.grain)
    return phrases.language.say("trigger", rule=phrases.formula(trigger.when), do=trigger.do, span=span)
