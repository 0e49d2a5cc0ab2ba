"""A framework in plain sentences, and the difference between two (docs/reference/framework-language.md).

Sentences are built from the tree that is calculated; every number in them is written from the stored value.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ..formula.nodes import DATE, NUMBER, TEXT, YES_NO, Type, Value
from ..units import Blank
from .clauses import Clause, Said, Sentence
from .measures import NOT_MET
from .model import Framework, Kpi, Measure, NoData, Table
from .numbers import spoken
from .phrases import Phrases, capital, number_of, words
from .scored import digits, points, said_of_level, said_of_nodes, said_of_rule
from .windows import window_text

__all__ = ["Sentence", "difference", "sentences"]


def sentences(framework: Framework) -> list[Sentence]:
    """What every definition of the framework says, in the order of the file's parts."""
    return [said.sentence for said in _all(framework)]


def difference(old: Framework, new: Framework) -> list[Sentence]:
    """What the new version changes, in plain sentences; nothing where both say the same."""
    before = {said.path: said for said in _all(old)}
    after = {said.path: said for said in _all(new)}
    found: list[Sentence] = []
    for path, said in after.items():
        if path not in before:
            found.append(Sentence(path, f"New: {said.sentence.text}"))
        else:
            found += [Sentence(path, f"{said.title}: {text}") for text in _changes(before[path], said)]
    found += [Sentence(path, f"Removed: {said.sentence.text}") for path, said in before.items() if path not in after]
    if [level.name for level in old.levels] != [level.name for level in new.levels]:
        order = ", ".join(level.name for level in new.levels) or "none"
        found.append(Sentence("levels", f"The levels, lowest first, are now: {order}."))
    return found


def _changes(before: Said, after: Said) -> Iterator[str]:
    """The clauses that differ; clauses with labels are compared label by label."""
    if before.title != after.title:
        yield f"now has this title (before: {before.title})."
    was = {(clause.key, clause.label): clause for clause in before.clauses}
    now = {(clause.key, clause.label): clause for clause in after.clauses}
    for key, clause in now.items():
        old = was.get(key)
        if old is None:
            yield f"new: {clause}"
        elif old.text != clause.text and clause.label:
            yield f"{clause.label} {clause.verb} {clause.text} (before: {old.text})."
        elif old.text != clause.text:
            yield f"now “{clause.text}” (before: “{old.text}”)."
    for key, old in was.items():
        if key not in now:
            yield f"no longer: {old}"


def _all(framework: Framework) -> Iterator[Said]:
    phrases = Phrases.of(framework)
    yield _head(phrases)
    for name, value in framework.settings.items():
        text = number_of(value, _type_of(value), framework.currency)
        yield Said(f"settings.{name}", capital(words(name)), (Clause("value", capital(text)),))
    for name, window in framework.windows.items():
        yield Said(f"windows.{name}", capital(words(name)), (Clause("window", capital(window_text(window, framework.grain))),))
    for table in framework.tables.values():
        yield Said(f"tables.{table.name}", table.title or capital(words(table.name)), tuple(_table(phrases, table)))
    for name, rule in framework.curves.items():
        yield Said(f"curves.{name}", capital(words(name)), tuple(said_of_rule(phrases, rule)))
    for measure in framework.measures.values():
        yield Said(f"measures.{measure.name}", _title(measure), tuple(_measure(phrases, measure)))
    for kpi in framework.kpis.values():
        yield Said(f"kpis.{kpi.name}", _title(kpi), tuple(_kpi(phrases, kpi)))
    if framework.scorecard is not None:
        yield from said_of_nodes(phrases, framework.scorecard)
    for level in framework.levels:
        yield said_of_level(phrases, level)


def _title(definition: Measure | Kpi) -> str:
    return definition.title or capital(words(definition.name))


def _type_of(value: Value) -> Type:
    if isinstance(value, bool):
        return YES_NO
    if isinstance(value, int | Fraction):
        return NUMBER
    return DATE if isinstance(value, date) else TEXT


def _head(phrases: Phrases) -> Said:
    framework = phrases.framework
    subject = " and ".join(framework.subject)
    period = "window of the calendar" if framework.grain == "window" else framework.grain
    clauses = [Clause("subject", f"Each {subject} is scored for every {period}")]
    if framework.effective:
        clauses.append(Clause("effective", f"In force from {framework.effective.isoformat()}"))
    if framework.applies_to:
        clauses.append(Clause("applies", f"Only where {phrases.say(framework.applies_to.tree)}"))
    if framework.currency:
        clauses.append(Clause("currency", f"Money is in {framework.currency}"))
    convert = framework.convert
    as_read = f", read in the currency of {words(convert.read_as)}" if convert.read_as else ""
    rates = f", at the rates of {convert.rates}" if convert.rates else ""
    clauses.append(Clause("convert", f"Money is converted by {convert.policy}{as_read}{rates}"))
    clauses.append(Clause("rounding", f"Numbers are rounded {framework.rounding.replace('_', ' ')}"))
    if framework.calendar:
        clauses.append(Clause("calendar", f"Periods follow the calendar {framework.calendar}"))
    same = f" with the same {' and '.join(framework.peers.same)}" if framework.peers.same else ""
    themselves = "" if framework.peers.with_self else f", without the {subject} itself"
    clauses.append(Clause("peers", f"Peers are those scored{same}{themselves}, at least {spoken(framework.peers.least)}"))
    return Said("framework", framework.title, tuple(clauses))


def _table(phrases: Phrases, table: Table) -> Iterator[Clause]:
    currency = phrases.framework.currency
    yield Clause("by", f"Looked up by {' and '.join(words(key) for key in table.by)}")
    for row in table.rows:
        since = f" from {row.since.isoformat()}" if row.since else ""
        yield Clause("row", number_of(row.value, table.type, currency), f"{', '.join(row.keys)}{since}")
    if table.otherwise is None or isinstance(table.otherwise, Blank):
        yield Clause("else", "Other keys have no value")
    else:
        yield Clause("else", number_of(table.otherwise, table.type, currency), "other keys")


def _measure(phrases: Phrases, measure: Measure) -> Iterator[Clause]:
    fact = words(measure.fact)
    value = phrases.say(measure.value.tree) if measure.value else "lines"
    window = window_text(measure.window, phrases.framework.grain)
    over = f"{fact} of {window}"
    if measure.valid_on:
        over = f"{fact} valid on the last day of {window}"
    elif measure.date:
        over = f"{fact} by {words(measure.date)} in {window}"
    text = {
        "sum": f"{value} added up over {over}",
        "count": f"how many lines there are among {over}",
        "count_distinct": f"how many different values of {value} appear in {over}",
        "first": f"{value} as first reported in {over}",
        "last": f"{value} as last reported in {over}",
        "min": f"the lowest {value} in {over}",
        "max": f"the highest {value} in {over}",
        "mean": f"the mean of {value} over {over}",
        "median": f"the median of {value} over {over}",
    }[measure.aggregate]
    yield Clause("value", capital(text))
    for number, rule in enumerate(measure.where, 1):
        unknown = ", or where that is unknown" if rule.blank_holds else ""
        others = "" if rule.reason.startswith(NOT_MET) else f" (others are left out: {rule.reason})"
        yield Clause(f"where {number}", f"Only where {phrases.say(rule.formula.tree)}{unknown}{others}")
    if measure.once_per:
        yield Clause("once", f"Counted once per {' and '.join(words(name) for name in measure.once_per)}")
    if measure.known_when:
        report = words(measure.known_when.report)
        some = f"; more than {spoken(measure.known_when.missing)} such months leave no value" if measure.known_when.missing else ""
        none = "" if measure.known_when.missing else "; one such month leaves no value"
        yield Clause("known", f"Months without a report of {report} are unknown{some}{none}")
    if measure.repeat_per_subject:
        yield Clause("repeat", "The partner's value is used for each of its parts")


def _kpi(phrases: Phrases, kpi: Kpi) -> Iterator[Clause]:
    currency = phrases.framework.currency
    unit = {"money": currency or "money", "number": "a number", "count": "a whole number", "text": "a text"}.get(kpi.unit, kpi.unit)
    yield Clause("formula", capital(phrases.say(kpi.formula.tree)))
    yield Clause("unit", f"Given in {unit}" if kpi.unit in ("money", "percent", "points", "days") else f"Given as {unit}")
    if kpi.round is not None:
        yield Clause("round", f"Rounded to {digits(kpi.round)}")
    if isinstance(kpi.better, tuple):
        ends = [spoken(end, kpi.unit, currency) for end in kpi.better]
        yield Clause("better", f"Best between {ends[0]} and {ends[1]}")
    elif kpi.unit != "text":
        yield Clause("better", f"{capital(kpi.better)} is better")
    if kpi.target is not None:
        yield Clause("target", f"The target is {phrases.say(kpi.target.tree)}")
    if kpi.range is not None:
        ends = [spoken(end, kpi.unit, currency) for end in kpi.range]
        yield Clause("range", f"Values lie between {ends[0]} and {ends[1]}")
    if kpi.small_below is not None:
        yield Clause("small", f"Marked as few observations when there are fewer than {spoken(kpi.small_below)}")
    yield Clause("no data", _no_data(phrases, kpi.no_data))


def _no_data(phrases: Phrases, no_data: NoData) -> str:
    rule = ""
    if no_data.rule is not None:
        reason = f" ({no_data.reason})" if no_data.reason else ""
        rule = f", or if {phrases.say(no_data.rule.tree)}{reason}"
    outcome = {
        "skip": "it is not scored and its weight goes to the other items",
        "zero": "it earns no points",
        "full": "it earns full points",
        "fail": "it earns no points and does not pass",
        "points": f"it earns {points(no_data.amount)}",
        "carry": f"its last value is kept for at most {spoken(no_data.amount)} periods",
    }[no_data.policy]
    return f"Without data{rule}, {outcome}"
