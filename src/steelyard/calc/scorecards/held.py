"""Requirements of a level that must hold for a time: at every evaluation of a span, or on one day of a window."""

from __future__ import annotations

from ..environment import Surroundings
from ..framework.model import Level, Span
from ..over_time.past import Past, seen
from ..periods.days import ONE_DAY


def failing(level: Level, around: Surroundings, count: int) -> list[list[str]]:
    """At every point, the requirements that do not hold; a blank does not hold."""
    found: list[list[str]] = [[] for _ in range(count)]
    for formula in level.require:
        for position, holds in enumerate(around.values(formula)):
            if holds is not True:
                found[position].append(formula.text)
    for group in level.any:
        ways = [[around.values(formula) for formula in way] for way in group]
        text = " or ".join(" and ".join(formula.text for formula in way) for way in group)
        for position in range(count):
            if not any(all(column[position] is True for column in way) for way in ways):
                found[position].append(text)
    return found


def failing_over_time(level: Level, around: Surroundings, past: Past) -> list[list[str]]:
    """The same, with what the level says about time."""
    now = failing(level, around, len(around.points))
    if level.held is None:
        return now
    if level.held.lasting is not None:
        return _lasting(level, level.held.lasting, now, around, past)
    return _once(level, now, around, past)


def _lasting(level: Level, span: Span, now: list[list[str]], around: Surroundings, past: Past) -> list[list[str]]:
    """At every evaluation from the span before the as-of date to it, both included; who is not known so long has not held so long."""
    text = f"for {span.count} {span.unit if span.count != 1 else span.unit.removesuffix('s')}"
    starts = {day: past.calendar.earlier(day, span.count, span.unit, past.framework.grain) for day in set(around.points.as_of)}
    earliest = min(starts.values(), default=None)
    held: dict[int, list[bool]] = {}
    for index, moment in enumerate(past.moments):
        if earliest is not None and moment.as_of >= earliest:
            held[index] = [not reasons for reasons in failing(level, past.around(index), len(moment.points))]
    found = []
    for position, (subject, as_of) in enumerate(zip(around.points.subjects, around.points.as_of, strict=True)):
        start = starts[as_of]
        places = {index: past.places(index).get(subject) for index, moment in enumerate(past.moments) if moment.as_of >= start}
        is_old = any(moment.as_of <= start and subject in past.places(index) for index, moment in enumerate(past.moments))
        holds = is_old and all(place is not None and held[index][place] for index, place in places.items())
        found.append(now[position] or ([] if holds else [text]))
    return found


def _once(level: Level, now: list[list[str]], around: Surroundings, past: Past) -> list[list[str]]:
    """On one day of the window at least: now, at an earlier evaluation, or on a day between them."""
    assert level.held is not None and level.held.once_in is not None
    window, points = level.held.once_in, around.points
    spans = {day: past.window(window, day) for day in set(points.as_of)}
    met = [not reasons and spans[day][0] <= day < spans[day][1] for reasons, day in zip(now, points.as_of, strict=True)]
    for index, moment in enumerate(past.moments):
        if any(start <= moment.as_of < end for start, end in spans.values()):
            places, then = past.places(index), failing(level, past.around(index), len(moment.points))
            for position, (subject, day) in enumerate(zip(points.subjects, points.as_of, strict=True)):
                start, end = spans[day]
                met[position] |= start <= moment.as_of < end and subject in places and not then[places[subject]]
    if past.days is not None:
        on_days = failing(level, seen(past.framework, past.days, None), len(past.days.points))
        met = past.on_days([not reasons for reasons in on_days], points, spans, met)
    return [
        [] if is_met else [f"once from {spans[day][0]} to {spans[day][1] - ONE_DAY}: {reason}" for reason in reasons or [level.name]]
        for is_met, reasons, day in zip(met, now, points.as_of, strict=True)
    ]
