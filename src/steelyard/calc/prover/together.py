"""Levels that are always earned together with a higher one: nobody ever ends with the lower."""

from __future__ import annotations

from ..framework.model import Level
from .card import Card
from .findings import Findings, Given
from .linear import Bound, solve
from .reachable import within
from .requirements import MOST_WAYS, Case, Rule, case_of, place_of, ways_of


def check_together(card: Card, reached: dict[str, Given], findings: Findings) -> None:
    """Report each level that a higher one always comes with; `reached` are inputs that earn each level."""
    levels = card.framework.levels
    for place, lower in enumerate(levels[:-1]):
        if lower.name not in reached:
            continue
        upper = next((one for one in levels[place + 1 :] if _always(card, lower, one)), None)
        if upper is not None:
            _report(card, lower, upper, reached[lower.name], findings)


def _always(card: Card, lower: Level, upper: Level) -> bool:
    """Whether whoever meets the lower level meets some way into the upper one: exact, or no."""
    asked, ways = ways_of(card.framework, upper), ways_of(card.framework, lower)
    if len(ways) >= MOST_WAYS:  # there may be others
        return False
    for rules in ways:
        for scene in card.scenes:
            case = case_of(card, rules, scene)
            if case.false is not None or solve(case.bounds) is None:
                continue
            if not any(_implied(card, case, rules, way) for way in asked):
                return False
    return True


def _implied(card: Card, case: Case, given: tuple[Rule, ...], wanted: tuple[Rule, ...]) -> bool:
    """Whether every rule of a way into the upper level follows from the case."""
    held = {(rule.tree, rule.holds) for rule in given}
    for rule in wanted:
        if (rule.tree, rule.holds) in held:
            continue
        own = case_of(card, (rule,), case.scene)
        if own.false is not None or own.opaque:
            return False
        asked = [bound for bound in own.bounds if bound.why == rule.text]
        for bound in asked:
            against = Bound(bound.form.times(-1), not bound.strict)  # type: ignore[arg-type]
            if solve([*case.bounds, against]) is not None:
                return False
        if not asked and not _fixed_true(card, rule, case):
            return False
    return True


def _fixed_true(card: Card, rule: Rule, case: Case) -> bool:
    """Whether the rule is true for everybody of the scene, so that it left no bound."""
    found = case_of(card, (rule,), case.scene)
    return found.false is None and not found.bounds and not found.opaque


def _report(card: Card, lower: Level, upper: Level, reached: Given, findings: Findings) -> None:
    witness = _least(card, lower) or reached
    outcome = card.outcome(witness)
    if outcome.place < card.framework.levels.index(upper):
        return  # something else keeps it down
    message = f"every partner that earns {lower.name} earns {upper.name} too, so nobody ends with {lower.name}"
    text = upper.require[0].text if upper.require else ""
    place = place_of(card.framework, text, upper.place) if text else upper.place
    found = f"what is just enough for {lower.name} gives {card.says(outcome)}"
    hint = f"let {upper.name} ask for more, or leave {lower.name} out"
    findings.add("levels-together", message, place, found, hint, witness=card.witness(witness))


def _least(card: Card, level: Level) -> Given | None:
    """The least that earns the level."""
    for rules in ways_of(card.framework, level):
        for scene in card.scenes:
            fixed = within(card, case_of(card, rules, scene), best=False)
            given = None if fixed is None else {**card.everything("worst", scene), **fixed}
            if given is not None and card.meets([given], level)[0]:
                return given
    return None
