"""How far back a framework looks from an as-of date, and whether it asks about single days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..formula.functions import OVER_TIME, PEER_FUNCTIONS
from ..formula.nodes import Call, Formula, Name, Node, names_in
from ..framework.formulas import walk
from ..framework.model import Framework, Level, Window
from ..framework.windows import READY_WINDOWS
from ..periods import FiscalCalendar
from ..points import formulas_of

EVER = date.min
CARD_NAMES = {"points", "overall", "passes", "lowest_item", "level"}


def since(framework: Framework, as_of: date, calendar: FiscalCalendar) -> date | None:
    """The first as-of date whose results are read; `EVER`: all there are; None: the framework does not look back."""
    return min(_needs(framework, as_of, calendar), default=None)


def looks_back(framework: Framework) -> bool:
    """Whether the framework reads anything earlier at all."""
    if framework.standing is not None or framework.triggers or framework.history is not None:
        return True
    if any(kpi.no_data.policy == "carry" for kpi in framework.kpis.values()):
        return True
    return any(level.held is not None for level in framework.levels) or next(_calls(framework), None) is not None


def asks_about_days(framework: Framework) -> bool:
    """Whether `any_day` or `held: {once_in}` stands anywhere, so that facts are kept apart by day."""
    once = any(level.held is not None and level.held.once_in is not None for level in framework.levels)
    return once or any(call.function == "any_day" for call in _calls(framework))


def days_asked(framework: Framework, as_of: date, calendar: FiscalCalendar) -> tuple[date, date] | None:
    """The days (the second is the first that is no longer asked about) that `any_day` and `held: {once_in}` read; None: nobody asks."""
    windows = [level.held.once_in for level in framework.levels if level.held is not None and level.held.once_in is not None]
    windows += [_window(framework, call) for call in _calls(framework) if call.function == "any_day"]
    spans = [calendar.window(window, as_of, framework.grain) for window in windows]
    return None if not spans else (min(first for first, _ in spans), max(after for _, after in spans))


def attributes_read(framework: Framework) -> set[str]:
    """The attributes of subjects that are read at earlier evaluations, as they were then."""
    named = {name for tree in trees_read(framework) for name in names_in(tree)}
    known = {*framework.measures, *framework.kpis, *framework.settings, *framework.windows, *READY_WINDOWS}
    return named - known - CARD_NAMES


def compares_earlier(framework: Framework) -> bool:
    """Whether a formula compares with peers as they were at an earlier evaluation."""
    return any(isinstance(part, Call) and part.function in PEER_FUNCTIONS for tree in trees_read(framework) for part in walk(tree))


def trees_read(framework: Framework) -> list[Node]:
    """Everything that is computed at earlier evaluations."""
    trees: list[Node] = list(_calls(framework))
    trees += [formula.tree for level in framework.levels if level.held is not None for formula in level_formulas(level)]
    return trees + [trigger.when.tree for trigger in framework.triggers]


def level_formulas(level: Level) -> Iterator[Formula]:
    """Every formula of a level."""
    yield from level.require
    for group in level.any:
        for way in group:
            yield from way


def _needs(framework: Framework, as_of: date, calendar: FiscalCalendar) -> Iterator[date]:
    def back(count: int) -> date:
        return calendar.earlier(as_of, count, "periods", framework.grain)

    if framework.standing is not None or framework.triggers:
        yield EVER
    if framework.history is not None:
        yield EVER if framework.history.smooth is not None else back(framework.history.periods - 1)
    for kpi in framework.kpis.values():
        if kpi.no_data.policy == "carry":
            yield back(int(kpi.no_data.amount))
    for call in _calls(framework):
        if call.function == "previous":
            yield back(1)
        else:
            yield EVER if len(call.arguments) == 1 else calendar.window(_window(framework, call), as_of, framework.grain)[0]
    for level in framework.levels:
        if level.held is not None and level.held.lasting is not None:
            nested = any(_is_call(part) for formula in level_formulas(level) for part in walk(formula.tree))
            start = calendar.earlier(as_of, level.held.lasting.count, level.held.lasting.unit, framework.grain)
            yield EVER if nested else calendar.earlier(start, 1, "periods", framework.grain)
        elif level.held is not None and level.held.once_in is not None:
            yield calendar.window(level.held.once_in, as_of, framework.grain)[0]


def _calls(framework: Framework) -> Iterator[Call]:
    for formula in formulas_of(framework):
        for part in walk(formula.tree):
            if isinstance(part, Call) and part.function in OVER_TIME:
                yield part


def _is_call(part: Node) -> bool:
    return isinstance(part, Call) and part.function in OVER_TIME


def _window(framework: Framework, call: Call) -> Window:
    named = call.arguments[1]
    assert isinstance(named, Name)
    return framework.windows.get(named.name) or READY_WINDOWS[named.name]
