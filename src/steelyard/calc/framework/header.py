"""The head of a framework: code, subject, grain, currency, settings, windows, peers, questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal, cast

from ..attributes import MASTERS, TYPES
from ..errors import did_you_mean
from ..formula.nodes import UNKNOWN, Formula, Type
from ..formula.text import decimal_text
from ..units import Exact, Rounding
from .context import Context
from .document import Keyed, Scalar
from .formulas import read_formula
from .model import Conversion, Peers, Place, Question
from .scopes import attribute_scope, built_in, subject_attributes
from .section import Section, constant, exact, shown
from .windows import GRAMMAR, READY_WINDOWS, parse_window

Policy = Literal["line date", "month average", "period end"]
GRAINS = ("week", "month", "quarter", "half", "year", "window")
SUBJECTS = ("partner", "representative", "territory", "country")
POLICIES = ("line date", "month average", "period end")
ROUNDINGS = ("half_up", "half_even", "down", "up")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass
class Header:
    """What the head of the file says, besides what goes into the context."""

    code: str = ""
    title: str = ""
    note: str = ""
    owner: str = ""
    effective: date | None = None
    convert: Conversion = field(default_factory=Conversion)
    rounding: Rounding = "half_up"
    calendar: str | None = None
    applies_to: Formula | None = None
    questions: dict[str, Question] = field(default_factory=dict)


def read_header(context: Context, top: Section) -> Header:
    """Everything that stands before tables and measures; fills the context's subject, grain, settings and windows."""
    header = Header(title=top.text("title"), note=top.text("note"), owner=top.text("owner"))
    header.code = top.name("framework")
    if header.code and not _CODE.fullmatch(header.code):
        hint = "use letters, digits, `-`, `_` and `.`, at most 100"
        context.log.add("bad-name", "this cannot be the code of a framework", top.at("framework"), f"`{header.code}`", hint)
    header.title = header.title or header.code
    header.effective = top.day("effective")
    header.calendar = top.text("calendar") or None
    header.rounding = cast(Rounding, top.choice("rounding", ROUNDINGS, "half_up"))
    context.grain = _grain(top)
    context.currency = _currency(context, top)
    context.subject = _subject(context, top)
    context.own = _attributes(context, top)
    context.attributes = subject_attributes(context.subject, context.own)
    header.convert = _convert(context, top)
    _settings(context, top)
    _windows(context, top)
    context.peers, context.peers_written = _peers(context, top), top.has("peers")
    header.questions = _questions(context, top)
    return header


def read_applies_to(context: Context, top: Section) -> Formula | None:
    """Which subjects are scored: a rule over their attributes (tables may be read)."""
    node = top.node("applies_to")
    return None if node is None else read_formula(context, node, "applies_to", attribute_scope(context), "rule")


def _grain(top: Section) -> str:
    top.require("grain")
    return top.choice("grain", GRAINS, "quarter")


def _currency(context: Context, top: Section) -> str:
    currency = top.text("currency")
    if currency and not _CURRENCY.fullmatch(currency):
        message = "a currency is three capital letters"
        context.log.add("unknown-word", message, top.at("currency"), f"`{currency}`", "write for example EUR")
        return ""
    return currency


def _subject(context: Context, top: Section) -> tuple[str, ...]:
    top.require("subject")
    text = top.text("subject", "partner")
    parts = tuple(text.split(" x "))
    if set(parts) <= set(SUBJECTS) and len(set(parts)) == len(parts) and ("country" not in parts or parts == ("partner", "country")):
        return parts
    message = "this is not a subject that can be scored"
    hint = f"choose {', '.join(SUBJECTS[:-1])}, `partner x territory`, `partner x country`"
    if "portfolio" in parts:
        message = "portfolios cannot be scored: nothing that is recorded says which products one holds"
        hint = "score the partner, with one measure for each `product.category`"
    elif "country" in parts:
        message, hint = "a country is scored for each partner who sells there, and no other way", "write `partner x country`"
    context.log.add("unknown-word", message, top.at("subject"), f"`{text}`", hint)
    return tuple(dict.fromkeys(part for part in parts if part in SUBJECTS[:-1])) or ("partner",)


def _attributes(context: Context, top: Section) -> dict[str, dict[str, Type]]:
    """What the company records of its own, with types: names of partners or of products that formulas may use."""
    section = top.sub("attributes", "`attributes`", MASTERS)
    if section is None:
        return {}
    found: dict[str, dict[str, Type]] = {}
    for master in MASTERS:
        for name, node, place in section.definitions(master, "types"):
            kind = node.raw if isinstance(node, Scalar) else ""
            if name in built_in():
                hint = "leave it out, or choose another name"
                context.log.add("duplicate-name", f"`{name}` is known already", place, "something of every subject or row", hint)
            elif kind not in TYPES:
                hint = did_you_mean(kind, TYPES)
                context.log.add("unknown-word", f"this is not a type of attribute `{name}`", place, shown(node), hint)
                found.setdefault(master, {})[name] = UNKNOWN
            else:
                found.setdefault(master, {})[name] = TYPES[kind]
                _check_recorded(context, master, name, kind, place)
    return found


def _check_recorded(context: Context, master: str, name: str, kind: str, place: Place) -> None:
    """Whether the company has declared the attribute, of this type; where nobody knows, the file is taken at its word."""
    recorded = context.recorded
    if recorded is None or recorded.get(name) == (master, kind):
        return
    if name in recorded:
        about, said = recorded[name]
        message = f"the company's attribute `{name}` is {said}, of a {about}"
        context.log.add("attribute-type", message, place, f"{kind}, of a {master}", f"write it under `{about}` as `{name}: {said}`")
        return
    hint = did_you_mean(name, recorded) or f"declare it first: steelyard attributes add {name} --about {master} --type {kind}"
    context.log.add("unknown-attribute", f"the company has no attribute `{name}`", place, f"`{name}`", hint)


def _convert(context: Context, top: Section) -> Conversion:
    node = top.node("convert")
    if node is None:
        return Conversion()
    if isinstance(node, Scalar):
        return Conversion(cast(Policy, top.choice("convert", POLICIES, "line date")))
    section = Section(node, "convert", context.log, "`convert`", ("policy", "read_as", "rates"))
    policy = cast(Policy, section.choice("policy", POLICIES, "line date"))
    read_as = section.text("read_as") or None
    texts = {column.name for kind in context.facts.values() for column in kind.columns if column.refers_to == "currency"}
    if read_as and read_as not in texts:
        hint = f"columns that hold a currency: {', '.join(sorted(texts))}"
        context.log.add("unknown-column", f"no fact has a currency column `{read_as}`", section.at("read_as"), f"`{read_as}`", hint)
    return Conversion(policy, read_as, section.text("rates") or None)


def _settings(context: Context, top: Section) -> None:
    for name, node, place in top.definitions("settings", "numbers"):
        if not context.declare(name, "setting", place) or node.broken:
            context.broken(name)
            continue
        value = constant(node) if isinstance(node, Scalar) else None
        if value is None:
            hint = "write a number, a percentage, a duration in days, a date, a text or true/false"
            context.log.add("wrong-type", f"setting `{name}` needs one value", place, shown(node), hint)
            context.broken(name)
            continue
        context.settings[name], context.types[name] = value


def _windows(context: Context, top: Section) -> None:
    for name, node, place in top.definitions("windows", "windows"):
        if node.broken:
            continue
        if name in READY_WINDOWS:
            context.log.add("duplicate-name", f"the window `{name}` exists already", place, f"`{name}`", "choose another name")
        window = parse_window(node.raw, grain=context.grain) if isinstance(node, Scalar) else None
        if window is None:
            context.log.add("window", f"`{name}` is not a window", place, shown(node), GRAMMAR)
            continue
        context.windows[name] = window


def _peers(context: Context, top: Section) -> Peers:
    section = top.sub("peers", "`peers`", ("same", "least", "with_self"))
    if section is None:
        return Peers()
    same = section.texts("same")
    for name in same:
        if name not in context.attributes:
            hint = f"attributes of the subject: {', '.join(sorted(context.attributes))}"
            context.log.add("unknown-name", f"`{name}` is not an attribute of the subject", section.at("same"), f"`{name}`", hint)
    least = section.whole("least", 1, 1_000_000)
    return Peers(same, 5 if least is None else least, section.yes_no("with_self", True))


def _questions(context: Context, top: Section) -> dict[str, Question]:
    found: dict[str, Question] = {}
    for name, node, place in top.definitions("questions", "questions"):
        section = Section(node, place.path, context.log, "a question", ("ask", "scale", "step", "answers", "asked", "evidence"))
        section.require("ask", "scale")
        scale, step = section.numbers("scale", 2) or (1, 5), section.number("step")
        if scale[0] >= scale[1]:
            context.log.add("wrong-type", "the scale ends before it begins", section.at("scale"), hint="write [lowest, highest]")
        elif step is not None and (step <= 0 or Fraction(scale[1] - scale[0], 1) / step % 1):
            message = "steps of this size do not lead from one end of the scale to the other"
            context.log.add("wrong-type", message, section.at("step"), f"{step}", "write for example `step: 0.5` for a scale of [1, 5]")
        found[name] = Question(
            name,
            ask=section.text("ask"),
            low=scale[0],
            high=scale[1],
            step=1 if step is None else step,
            asked=section.text("asked"),
            evidence=section.choice("evidence", ("required", "optional"), "optional") == "required",
            answers=_answers(section, scale[0], scale[1], 1 if step is None else step),
            title=section.text("title"),
            place=place,
        )
    return found


def _answers(question: Section, low: Exact, high: Exact, step: Exact) -> tuple[tuple[Exact, str], ...]:
    """What the answers mean, lowest first; only answers of the scale can be explained."""
    node, found = question.node("answers"), dict[Exact, str]()
    if node is not None and not isinstance(node, Keyed):
        question.log.add("wrong-type", "`answers` is a mapping of answers to their meaning", question.at("answers"), shown(node))
        return ()
    for key, entry in (node.entries if node else {}).items():
        place = Place(f"{question.at('answers').path}.{key}", entry.line, entry.column)
        answer = Fraction(key) if _NUMBER.fullmatch(key) else None
        if answer is None or step <= 0 or not low <= answer <= high or (answer - low) / step % 1:
            hint = f"answers are {decimal_text(low)} to {decimal_text(high)} in steps of {decimal_text(step)}"
            question.log.add("wrong-type", "this is not an answer of the scale", place, f"`{key}`", hint)
        elif not isinstance(entry.node, Scalar) or entry.node.value is None:
            question.log.add("wrong-type", "the meaning of an answer is a text", place, shown(entry.node), "write for example `1: never`")
        else:
            found[exact(answer)] = entry.node.raw
    return tuple(sorted(found.items()))
