"""What the head of a framework says: subject, currency, conversion, peers; settings, windows, tables, questions, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ...formula.nodes import DATE, TEXT, YES_NO, Type, Value
from ...units import Blank
from ..model import Framework, Question, Table
from .clauses import Clause, Said
from .language import capital, words
from .phrases import Phrases


def said_of_head(phrases: Phrases) -> Said:
    """Everything that holds for the whole framework."""
    return Said("framework", phrases.framework.title, tuple(_head(phrases)))


def _head(phrases: Phrases) -> Iterator[Clause]:
    framework, say, language = phrases.framework, phrases.language.say, phrases.language
    subject = say("subject.x").join(language.noun(part) for part in framework.subject)
    yield Clause("subject", say("subject", subject=subject, grain=language.nouns[framework.grain].one))
    if framework.extends:
        yield Clause("extends", say("extends", framework=framework.extends))
    if framework.effective:
        yield Clause("effective", say("effective", day=language.day(framework.effective)))
    if framework.applies_to:
        yield Clause("applies", say("applies", rule=phrases.formula(framework.applies_to)))
    if framework.currency:
        yield Clause("currency", say("currency", currency=framework.currency))
    convert = framework.convert
    how = say("convert.read_as", column=language.word(convert.read_as)) if convert.read_as else ""
    how += say("convert.rates", rates=convert.rates) if convert.rates else ""
    yield Clause("convert", say(f"convert.{convert.policy}", how=how))
    yield Clause("rounding", say(f"rounding.{framework.rounding}"))
    if framework.calendar:
        yield Clause("calendar", say("calendar", calendar=framework.calendar))
    if _reads_earlier(framework):
        yield Clause("earlier", say(f"earlier.{framework.earlier}"))
    yield _peers(phrases, subject)


def _reads_earlier(framework: Framework) -> bool:
    return framework.earlier != "as published" or bool(framework.history or framework.standing or framework.triggers)


def _peers(phrases: Phrases, subject: str) -> Clause:
    language, peers = phrases.language, phrases.framework.peers
    same = language.say("peers.same", attributes=language.listed([language.word(name) for name in peers.same])) if peers.same else ""
    others = "" if peers.with_self else language.say("peers.others", subject=subject)
    return Clause("peers", language.say("peers", same=same, others=others, least=phrases.number(peers.least)))


def said_of_attributes(phrases: Phrases) -> Iterator[Said]:
    """One sentence per attribute of the company's own that the framework reads."""
    language = phrases.language
    for master, types in phrases.framework.attributes.items():
        for name, kind in types.items():
            said = language.say(f"attribute.{master}", type=language.say(f"attribute.{kind.kind}"))
            yield Said(f"attributes.{master}.{name}", capital(words(name)), (Clause("type", said),))


def said_of_settings(phrases: Phrases) -> Iterator[Said]:
    """One sentence per setting and per window."""
    framework = phrases.framework
    for name, value in framework.settings.items():
        said = capital(phrases.value(value, _type_of(value, framework.units.get(name, "number"))))
        yield Said(f"settings.{name}", capital(words(name)), (Clause("value", said),))
    for name, window in framework.windows.items():
        yield Said(f"windows.{name}", capital(words(name)), (Clause("window", capital(phrases.window_of(window))),))


def _type_of(value: Value, unit: str) -> Type:
    if isinstance(value, bool):
        return YES_NO
    if isinstance(value, int | Fraction):
        return Type(unit)
    return DATE if isinstance(value, date) else TEXT


def said_of_tables(phrases: Phrases) -> Iterator[Said]:
    """One sentence per table, a clause per row."""
    for table in phrases.framework.tables.values():
        yield Said(f"tables.{table.name}", table.title or capital(words(table.name)), tuple(_table(phrases, table)))


def _table(phrases: Phrases, table: Table) -> Iterator[Clause]:
    language = phrases.language
    yield Clause("by", language.say("table.by", keys=language.listed([language.word(key) for key in table.by])))
    for row in table.rows:
        keys = ", ".join(row.keys)
        label = language.say("table.from", keys=keys, day=language.day(row.since)) if row.since else keys
        yield Clause("row", phrases.value(row.value, table.type), label)
    if table.otherwise is None:
        yield Clause("else", language.say("table.refused"))
    elif isinstance(table.otherwise, Blank):
        yield Clause("else", language.say("table.none"))
    else:
        yield Clause("else", phrases.value(table.otherwise, table.type), language.say("table.else"))


def said_of_questions(phrases: Phrases) -> Iterator[Said]:
    """What people are asked to judge."""
    for name, question in phrases.framework.questions.items():
        yield Said(f"questions.{name}", question.title or capital(words(name)), tuple(_question(phrases, question)))


def _question(phrases: Phrases, question: Question) -> Iterator[Clause]:
    say, number = phrases.language.say, phrases.number
    ask = phrases.language.quoted(question.ask)
    yield Clause("ask", say("question", asked=capital(question.asked), ask=ask) if question.asked else say("question.anybody", ask=ask))
    yield Clause("scale", say("question.scale", low=number(question.low), high=number(question.high), step=number(question.step)))
    if question.evidence:
        yield Clause("evidence", say("question.evidence"))
    for answer, meaning in question.answers:
        yield Clause("answer", phrases.language.quoted(meaning), number(answer))


def said_of_open(phrases: Phrases) -> Iterator[Said]:
    """What a region may change, and how far."""
    say, number = phrases.language.say, phrases.number
    for one in phrases.framework.open:
        low, high = (None if end is None else number(end, one.unit) for end in (one.low, one.high))
        if one.adding:
            text = say("open.adding")
        elif low is not None and high is not None:
            text = say("open.between", low=low, high=high)
        elif low is not None:
            text = say("open.least", low=low)
        else:
            text = say("open.anything") if high is None else say("open.most", high=high)
        yield Said(f"open.{one.path}", one.path, (Clause("open", capital(text)),))
