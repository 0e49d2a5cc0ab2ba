"""Measures: what is added up over which rows of a kind of fact or lines of a list (docs/reference/framework-language.md)."""

from __future__ import annotations

from typing import get_args

from ..errors import did_you_mean
from ..facts import Kind
from ..formula.nodes import COUNT, NUMBER, Formula, Type
from ..formula.text import to_text
from .context import Context
from .document import Keyed, Scalar, Tree
from .formulas import cuts_months
from .model import Aggregate, Conversion, KnownWhen, ListColumn, Measure, Place, Rule, Window
from .row_formulas import row_formula
from .section import Section, shown
from .sources import Source, check_columns, read_source
from .windows import GRAMMAR, READY_WINDOWS, parse_window

AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
KEYS = ("fact", "list", *AGGREGATES, "where", "date", "window", "valid_on", "once_per", "known_when", "per_subject")
NOT_MET = "does not meet"  # begins the reason of a condition whose author gave none
LINES_LACK = {  # keys that only rows of a fact have, with what to do instead
    "valid_on": "write it in a column of the list",
    "per_subject": "write it in the list, or in its columns",
}


def read_measures(context: Context, top: Section) -> None:
    """All measures of the framework, into the context."""
    for name, node, place in top.definitions("measures", "measures"):
        if not context.declare(name, "measure", place):
            continue
        measure = _measure(context, name, node, place)
        if measure is None:
            context.broken(name)
        else:
            context.measures[name] = measure
            context.types[name] = measure.type
    _need_currency(context)


def _need_currency(context: Context) -> None:
    """Money can only be added up in a currency, which the framework names."""
    read: list[Measure | ListColumn] = [*context.measures.values()]
    read += [column for found in context.lists.values() for column in found.columns.values()]
    money = next((one for one in read if one.type.currency), None)
    if money is not None and not context.currency and not any(problem.code == "unknown-word" for problem in context.log.problems):
        message = "a framework that adds up money needs `currency`"
        context.log.add("missing-key", message, money.place, f"`{money.name}` is money", "write for example `currency: EUR`")


def check_conversion(context: Context, convert: Conversion) -> None:
    """Sums can be converted after they are added up; whatever compares or picks single lines needs them in one currency first."""
    if convert.policy == "line date":
        return
    for found in context.lists.values():
        money = next((name for name, kind in context.list_types[found.name].items() if kind.currency), None)
        if money is not None:
            message = f"a list compares lines, which `{convert.policy}` leaves in their own currencies"
            context.log.add("convert", message, found.place, f"`{money}` is money", "write `convert: line date`")
    for measure in context.measures.values():
        if not measure.type.currency or measure.list:
            continue
        if measure.aggregate not in ("sum", "mean") or measure.once_per:
            way = f"`{measure.aggregate}`{' once per key' if measure.once_per else ''}"
            message = f"{way} compares lines, which `{convert.policy}` leaves in their own currencies"
            context.log.add("convert", message, measure.place, f"`{measure.name}` is money", "write `convert: line date`")
        elif convert.policy == "month average" and context.grain == "window":
            message = "a calendar of dates has no months to take the average rate of"
            context.log.add("convert", message, measure.place, f"`{measure.name}` is money", "write `convert: line date` or `period end`")


def _measure(context: Context, name: str, node: Tree, place: Place) -> Measure | None:
    before = len(context.log.problems)
    section = Section(node, place.path, context.log, "a measure", KEYS)
    source = read_source(context, section)
    measure = read_measure(context, name, section, source, place)
    failed = any(problem.severity == "error" for problem in context.log.problems[before:])
    return None if failed else measure


def read_measure(context: Context, name: str, section: Section, source: Source | None, place: Place) -> Measure | None:
    """The measure that a section describes, over the rows of a source; None where it cannot be told."""
    aggregate = _aggregate(context, section)
    window = read_window(context, section)
    if source is None or aggregate is None:
        return None
    kind = source.kind
    cuts_months(context, source.name, window, section.at("window"), f"`{section.text('window', 'period')}`")
    value = _value(context, section, source, aggregate)
    if kind is None:
        _check_lines(context, section, source, aggregate)
    return Measure(
        name=name,
        fact=kind.name if kind else "",
        list="" if kind else source.name,
        aggregate=aggregate,
        value=value,
        type=_type(context, section, aggregate, value),
        window=window,
        where=read_where(context, section, source),
        date=read_date(context, section, source),
        valid_on=kind is not None and _valid_on(context, section, kind),
        once_per=_once_per(context, section, source, aggregate),
        known_when=_known_when(context, section),
        repeat_per_subject=kind is not None and read_repeat(context, section, kind),
        title=section.text("title"),
        note=section.text("note"),
        place=place,
    )


def _check_lines(context: Context, section: Section, source: Source, aggregate: Aggregate) -> None:
    """What lines have not that rows have: a validity, and unless they are rows a date of their own."""
    for key, hint in LINES_LACK.items():
        if section.has(key):
            context.log.add("unknown-key", f"lines of a list have no `{key}`", section.at(key), f"`{key}`", hint)
    found = source.fact_list
    dated = found is not None and found.picked and not found.list
    if aggregate in ("first", "last") and not dated and not section.has("date"):
        dates = ", ".join(source.of_type("date")) or "none"
        message = f"`{aggregate}` needs the date by which lines are ordered"
        context.log.add("missing-key", message, section.here, "", f"write `date:` with a column of the list: {dates}")


def _aggregate(context: Context, section: Section) -> Aggregate | None:
    found = [aggregate for aggregate in AGGREGATES if section.has(aggregate)]
    if len(found) == 1:
        return found[0]
    if not section.broken:
        hint = f"write one of {', '.join(AGGREGATES)}; rows are counted by `count: lines`"
        context.log.add("aggregate", "a measure adds up in exactly one way", section.here, ", ".join(found) or "none", hint)
    return None


def read_window(context: Context, section: Section) -> Window:
    scalar = section.scalar("window")
    if scalar is None:
        return Window("period")
    window = parse_window(scalar.raw, context.windows, context.grain)
    if window is None:
        hint = did_you_mean(scalar.raw, {*context.windows, *READY_WINDOWS})
        hint = hint if hint.startswith("did") else GRAMMAR
        context.log.add("window", "this is not a window", section.at("window"), shown(scalar), hint)
        return Window("period")
    context.used.add(scalar.raw)
    if window.unit is None:
        message = "the window of a measure needs a length"
        context.log.add("window", message, section.at("window"), shown(scalar), "write for example `last 12 months, 1 year earlier`")
    return window


def _value(context: Context, section: Section, source: Source, aggregate: Aggregate) -> Formula | None:
    node = section.node(aggregate)
    if aggregate == "count":
        if not (isinstance(node, Scalar) and node.raw == "lines"):
            hint = "write `count: lines`; different values are counted by `count_distinct`"
            context.log.add("aggregate", "`count` counts lines", section.at("count"), shown(node) if node else "", hint)
        return None
    return None if node is None else row_formula(context, node, section.at(aggregate).path, source)


def _type(context: Context, section: Section, aggregate: Aggregate, value: Formula | None) -> Type:
    """What the measure gives: money adds up to money, counts to a count, a mean of counts is a number."""
    if aggregate in ("count", "count_distinct"):
        return COUNT
    if value is None:
        return NUMBER
    kind = value.type
    if aggregate in ("sum", "mean", "median") and not kind.is_number:
        message = f"`{aggregate}` needs numbers, and this is {kind.kind}"
        hint = "use `count_distinct`, `first` or `last`, or a `where` with `count: lines`"
        context.log.add("not-a-number", message, section.at(aggregate), f"`{value.text}`", hint)
    if aggregate in ("first", "last") and kind.kind == "yes/no":
        message = f"`{aggregate}` needs numbers, dates or texts, and this is yes/no"
        context.log.add("not-a-number", message, section.at(aggregate), f"`{value.text}`", 'write for example `when(rule, "yes", "no")`')
    if aggregate in ("min", "max") and not (kind.is_number or kind.kind == "date"):
        message = f"`{aggregate}` needs numbers or dates, and this is {kind.kind}"
        context.log.add("not-a-number", message, section.at(aggregate), f"`{value.text}`", "use `first` or `last`")
    if kind.is_number and (kind.currency, kind.time) not in ((0, 0), (1, 0), (0, 1)):
        message = "the value of a row has a unit that nothing can store"
        context.log.add("mixed-units", message, section.at(aggregate), f"`{value.text}`", "divide, or check the columns")
    return NUMBER if aggregate in ("mean", "median") and kind == COUNT else kind


def read_where(context: Context, section: Section, source: Source, key: str = "where") -> tuple[Rule, ...]:
    """Conditions, each with the reason shown for what it leaves out."""
    rules = []
    for item, place in section.items(key):
        reason, blank_holds, node = "", False, item
        path = place.path
        if isinstance(item, Keyed):
            part = Section(item, place.path, context.log, "a condition", ("rule", "reason", "blank"))
            part.require("rule")
            reason, blank_holds = part.text("reason"), part.choice("blank", ("holds", "fails"), "fails") == "holds"
            inner = part.node("rule")
            if inner is None:
                continue
            node, path = inner, part.at("rule").path
        formula = row_formula(context, node, path, source, "rule")
        if formula is not None:
            rules.append(Rule(formula, reason or f"{NOT_MET} {to_text(formula.tree)}", blank_holds))
    return tuple(rules)


def read_date(context: Context, section: Section, source: Source) -> str | None:
    """The date column by which rows lie in windows, or lines are ordered; None: the default."""
    name = section.text("date")
    if not name:
        return None
    able = source.of_type("date") if source.kind is None else [column.name for column in source.kind.columns if column.type == "date"]
    if name not in able:
        message = f"{source.noun} `{source.name}` has no date column `{name}`"
        context.log.add("unknown-column", message, section.at("date"), f"`{name}`", f"columns that are dates: {', '.join(able)}")
    return name


def _valid_on(context: Context, section: Section, kind: Kind) -> bool:
    if not section.has("valid_on"):
        return False
    section.choice("valid_on", ("period end",), "period end")
    if kind.valid_from is None:
        able = ", ".join(name for name, fact in context.facts.items() if fact.valid_from)
        message = f"`{kind.name}` have no validity, so `valid_on` means nothing"
        context.log.add("unknown-column", message, section.at("valid_on"), f"`{kind.name}`", f"facts with a validity: {able}")
    if section.has("date"):
        context.log.add("unknown-key", "`valid_on` replaces `date`", section.at("date"), "both", "remove `date`")
    return True


def _once_per(context: Context, section: Section, source: Source, aggregate: Aggregate) -> tuple[str, ...]:
    if section.has("once_per") and aggregate not in ("sum", "mean"):
        hint = "different keys are counted by `count_distinct`" if aggregate.startswith("count") else "use it with `sum` or `mean`"
        context.log.add("aggregate", f"`once_per` means nothing to `{aggregate}`", section.at("once_per"), aggregate, hint)
    return check_columns(context, section, "once_per", source, section.texts("once_per"))


def _known_when(context: Context, section: Section) -> KnownWhen | None:
    part = section.sub("known_when", "`known_when`", ("report", "missing"))
    if part is None:
        return None
    report = part.name("report")
    if report and report not in context.facts:
        hint = did_you_mean(report, context.facts)
        context.log.add("unknown-name", f"`{report}` is not a kind of fact that is reported", part.at("report"), f"`{report}`", hint)
    missing = part.whole("missing", 0, 1000)
    return KnownWhen(report, missing or 0)


def read_repeat(context: Context, section: Section, kind: Kind) -> bool:
    """Whether the partner's value is repeated for each subject; needed where the fact lacks a part of the subject."""
    repeat = section.choice("per_subject", ("repeat",), "") == "repeat" if section.has("per_subject") else False
    refers = {column.refers_to for column in kind.columns}
    lacking = []
    if len(context.subject) > 1:
        lacking = [part for part in context.subject if part != "partner" and not refers & _CARRIERS[part]]
    if lacking and not repeat:
        message = f"{kind.name} have no {' and no '.join(lacking)}, but the subject is {' x '.join(context.subject)}"
        hint = "say `per_subject: repeat` or take another fact"
        context.log.add("missing-subject-column", message, section.at("fact"), f"`{kind.name}`", hint)
    if repeat and not lacking:
        message = "`per_subject: repeat` does nothing here"
        hint = f"{kind.name} have every part of the subject; remove it"
        context.log.add("unknown-key", message, section.at("per_subject"), "`repeat`", hint)
    return repeat


# columns that say which representative, territory or country a row belongs to
_CARRIERS: dict[str, set[str | None]] = {
    "representative": {"representative", "territory"},
    "territory": {"territory"},
    "country": {"country"},
}
