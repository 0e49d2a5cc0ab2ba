"""What measures and lists say: which rows, over which stretch of time, how they become one value or one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..measures import NOT_MET
from ..model import FactList, ListColumn, Measure, Rule
from .clauses import Clause, Said
from .language import capital, words
from .phrases import Phrases
from .windows import span_words

_CONSTRUCT = {"min": "lowest", "max": "highest"}


def said_of_measures(phrases: Phrases) -> Iterator[Said]:
    """One sentence per measure."""
    for measure in phrases.framework.measures.values():
        yield Said(f"measures.{measure.name}", measure.title or capital(phrases.title(measure.name)), tuple(_measure(phrases, measure)))


def _measure(phrases: Phrases, measure: Measure) -> Iterator[Clause]:
    rows = _rows(phrases, measure)
    language = phrases.language
    yield Clause("value", capital(_value(rows, measure, _over(phrases, measure))))
    for number, rule in enumerate(measure.where, 1):
        yield Clause(f"where {number}", _rule(rows, "where", rule))
    if measure.once_per:
        yield Clause("once", language.say("once", keys=_names(rows, measure.once_per)))
    if measure.known_when:
        report, missing = language.word(measure.known_when.report), measure.known_when.missing
        some = language.say("known.some", report=report, count=phrases.number(missing))
        yield Clause("known", some if missing else language.say("known.none", report=report))
    if measure.repeat_per_subject:
        yield Clause("repeat", language.say("repeat"))


def _rows(phrases: Phrases, measure: Measure) -> Phrases:
    """Phrases for what stands in a row of the measure's fact, or a line of its list."""
    source = phrases.framework.lists.get(measure.list)
    return phrases.rows(measure.fact, source.columns if source else None)


def _value(rows: Phrases, measure: Measure, over: str) -> str:
    value = rows.formula(measure.value) if measure.value else rows.language.say("lines")
    return rows.language.say(_CONSTRUCT.get(measure.aggregate, measure.aggregate), value=value, over=over)


def _over(phrases: Phrases, measure: Measure, window: str = "") -> str:
    """The rows that count: `orders of the quarter`."""
    language, window = phrases.language, window or phrases.window_of(measure.window)
    fact = _source(phrases, measure.fact, measure.list)
    if measure.valid_on:
        return language.say("over.valid", fact=fact, window=window)
    if measure.date:
        return language.say("over.date", fact=fact, date=language.word(measure.date), window=window)
    return language.say("over", fact=fact, window=window)


def _source(phrases: Phrases, fact: str, of_list: str) -> str:
    """A fact by its name, or a list by its title."""
    if not of_list:
        return phrases.language.word(fact)
    return phrases.language.say("the list", name=phrases.language.quoted(words(of_list)))


def _rule(rows: Phrases, construct: str, rule: Rule) -> str:
    """A condition, and what becomes of what does not meet it."""
    say = rows.language.say
    others = "" if rule.reason.startswith(NOT_MET) or not rule.reason else say("where.others", reason=rule.reason)
    unknown = say("where.unknown") if rule.blank_holds else ""
    return say(construct, rule=rows.formula(rule.formula), unknown=unknown, others=others)


def _names(rows: Phrases, names: Sequence[str]) -> str:
    return rows.language.listed([rows.title(name) for name in names])


def said_of_lists(phrases: Phrases) -> Iterator[Said]:
    """One sentence per list, a clause per column."""
    for one in phrases.framework.lists.values():
        yield Said(f"lists.{one.name}", capital(one.title or words(one.name)), tuple(_list(phrases, one)))


def _list(phrases: Phrases, one: FactList) -> Iterator[Clause]:
    language = phrases.language
    source = phrases.framework.lists.get(one.list)
    lines = phrases.rows(one.fact, {**(source.columns if source else {}), **one.columns})
    keys = _names(lines, one.one_per)
    if not one.picked:
        yield Clause("per", language.say("list.grouped", keys=keys))
    else:
        fact, window = _source(phrases, one.fact, one.list), phrases.window_of(one.window)
        dated = language.say("list.picked.date", fact=fact, window=window, keys=keys, date=lines.title(one.date or ""))
        yield Clause("per", dated if one.date else language.say("list.picked", fact=fact, window=window, keys=keys))
    for number, rule in enumerate(one.where, 1):
        yield Clause(f"where {number}", _rule(lines, "where", rule))
    if one.prefer:
        order = [language.say(f"prefer.{how}", column=lines.title(column)) for column, how in one.prefer]
        yield Clause("prefer", language.say("prefer", order=", ".join(order)))
    if one.repeat_per_subject:
        yield Clause("repeat", language.say("repeat"))
    if one.least_peers != 1:
        yield Clause("peers", language.say("list.peers", count=phrases.number(one.least_peers)))
    for column in one.columns.values():
        yield Clause("column", _column(phrases, lines, column, one.one_per), column.title or capital(lines.title(column.name)))
    for number, rule in enumerate(one.keep, 1):
        yield Clause(f"keep {number}", _rule(lines, "keep", rule))


def _column(phrases: Phrases, lines: Phrases, column: ListColumn, key: tuple[str, ...]) -> str:
    """A column: a measure per line, or a formula over the columns before it."""
    if column.measure is None:
        return lines.formula(column.formula) if column.formula else ""
    measure, say = column.measure, phrases.language.say
    rows = _rows(phrases, measure)
    over = _over(phrases, measure)
    if column.lasting is not None:
        span = span_words(phrases.language, column.lasting, phrases.framework.grain)
        over = say("over.since", fact=_source(phrases, measure.fact, measure.list), span=span, date=lines.title(column.since))
    text = _value(rows, measure, over)
    text += "".join(_rule(rows, "column.where", rule) for rule in measure.where)
    if column.theirs and column.theirs != column.match:
        text += say("column.matched", keys=_names(lines, column.match), theirs=_names(rows, column.theirs))
    elif column.match and column.match != key:
        text += say("column.match", keys=_names(lines, column.match))
    if measure.once_per:
        text += say("column.once", keys=_names(rows, measure.once_per))
    if measure.repeat_per_subject:
        text += say("column.repeat")
    if measure.known_when:
        report = phrases.language.word(measure.known_when.report)
        text += say("column.known", report=report, count=phrases.number(measure.known_when.missing))
    return text
