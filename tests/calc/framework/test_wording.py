"""Every construct is said in every language: no number, no choice and no condition of the model is lost in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from string import Formatter
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from steelyard.calc.attributes import TYPES
from steelyard.calc.facts import FACTS
from steelyard.calc.formula import nodes
from steelyard.calc.formula.functions import FUNCTIONS
from steelyard.calc.framework.model import (
    Band,
    FactList,
    Gate,
    History,
    Kpi,
    ListColumn,
    Measure,
    NoData,
    Open,
    PointsRule,
    Standing,
    Turns,
    Window,
)
from steelyard.calc.framework.wording import sentences as wording
from steelyard.calc.framework.wording.languages import LANGUAGES, language_of
from steelyard.calc.framework.wording.sentences import difference, sentences
from steelyard.calc.units import Blank

from .whole import CARD, WHOLE, formula

SPOKEN = sorted(LANGUAGES)
# what no sentence says, because it changes no result: names of authors, places, what is derived from the rest
SILENT = {"place", "source", "base", "changed", "note", "owner", "out_of", "type", "text", "at", "code", "name", "reason"}
# what nobody reads beside another choice of the same definition
IDLE = {
    (NoData, "amount"): lambda one: one.policy not in ("points", "carry"),
    (Gate, "cap"): lambda one: one.otherwise != "cap",
    (Gate, "level"): lambda one: one.otherwise != "at_most",
    (Window, "count"): lambda one: one.unit in (None, "all time", "year to date"),
    (Window, "shift_unit"): lambda one: not one.shift,
    (PointsRule, "each"): lambda one: one.kind != "per",
    (PointsRule, "whole"): lambda one: one.kind != "per",
    (PointsRule, "kind"): lambda one: True,  # a rule of another kind has other parts
    (Kpi, "better"): lambda one: one.unit == "text",
    (Open, "low"): lambda one: one.adding,  # adding has no limits
    (Open, "high"): lambda one: one.adding,
    (Turns, "name"): lambda one: one.kind != "cycle",
    (Turns, "kind"): lambda one: True,  # a calendar of another kind has other parts
    (Turns, "months"): lambda one: one.kind != "months",
    (History, "periods"): lambda one: one.weight is None,
    (Band, "low_closed"): lambda one: one.low is None,
    (Band, "high_closed"): lambda one: one.high is None,
    (Measure, "fact"): lambda one: bool(one.list),
    (FactList, "fact"): lambda one: bool(one.list),
    (FactList, "window"): lambda one: not one.picked,
    (ListColumn, "since"): lambda one: one.lasting is None,
}


def said(framework: Any, language: str) -> list[str]:
    return [sentence.text for sentence in sentences(framework, language)]


def test_german_says_everything_that_english_says():
    english, german = LANGUAGES["en"].templates, LANGUAGES["de"].templates
    assert set(english) == set(german)
    assert set(LANGUAGES["en"].nouns) == set(LANGUAGES["de"].nouns)

    def parts(template: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(template) if name}

    assert {key for key in english if parts(english[key]) != parts(german[key])} == set()


@pytest.mark.parametrize("language", SPOKEN)
def test_the_whole_language_uses_every_template(monkeypatch, language):
    used: set[str] = set()

    class Noted(dict[str, str]):
        def __getitem__(self, key: str) -> str:
            used.add(key)
            return super().__getitem__(key)

    spoken = LANGUAGES[language]
    monkeypatch.setitem(LANGUAGES, language, replace(spoken, templates=Noted(spoken.templates)))
    other = replace(
        WHOLE,
        scorecard=replace(CARD, combine="sum", needs_data=None),
        convert=replace(WHOLE.convert, policy="line date", read_as=None),
        rounding="down",
        earlier="as published",
        history=History(smooth=Fraction(3, 10)),
        standing=Standing("Silver", Turns("daily"), Turns("quarterly"), Turns("cycle", name="spring")),
        rollup=replace(WHOLE.rollup, level="lowest"),
        questions={},
        attributes={"partner": TYPES, "product": {"launch_group": nodes.TEXT}},
        windows={},
        measures={**WHOLE.measures, "extra": replace(WHOLE.measures["counted"], window=Window(None, shift=1, shift_unit="years"))},
    )
    rest = replace(
        other, convert=replace(other.convert, policy="period end"), rounding="up", rollup=replace(WHOLE.rollup, level="none"), levels=()
    )
    for framework in (
        WHOLE,
        other,
        rest,
        replace(rest, rounding="half_up", grain="month"),
        replace(rest, grain="week"),
        replace(rest, grain="window"),
    ):
        said(framework, language)
    said(replace(rest, lists={"dated": replace(WHOLE.lists["chosen"], date=None)}), language)
    changed = replace(WHOLE, title="New", settings={**WHOLE.settings, "least_base": 1}, levels=WHOLE.levels[:1], tables={}, currency="")
    moved = replace(
        WHOLE,
        scorecard=replace(
            CARD, items=(*CARD.items[:1], replace(CARD.items[1], items=(_rebanded(CARD.items[1].items[0]), *CARD.items[1].items[1:])))
        ),
        tables={**WHOLE.tables, "factor": replace(WHOLE.tables["factor"], otherwise=2)},
    )
    difference(WHOLE, changed, language), difference(changed, WHOLE, language), difference(WHOLE, moved, language)
    difference(WHOLE, replace(WHOLE, levels=()), language)
    calls = [f for name, f in FUNCTIONS.items()]
    assert {f"f.{one.example.partition('(')[0]}" for one in calls} <= set(spoken.templates)
    assert set(spoken.templates) - used == set()


def _rebanded(node: Any) -> Any:
    bands = node.points.bands
    return replace(node, points=replace(node.points, bands=(replace(bands[0], points=1), *bands[1:])))


# numbers -----------------------------------------------------------------------------------------------------------

NUMBER = {"en": r"-?\d[\d,]*(?:\.\d+)?", "de": r"-?\d[\d.]*(?:,\d+)?"}


def numbers_in(text: str, language: str) -> set[Fraction]:
    """Every number of a sentence, read back as people of the language read it; days are taken out before."""
    spoken = language_of(language)
    day = r"\d{1,2}\.? (?:" + "|".join(spoken.months) + r") \d{4}"
    found: set[Fraction] = set()
    for match in re.finditer(rf"({NUMBER[language]})(?: / (\d+))?( ?%)?", re.sub(day, "", text)):
        plain = match[1].rstrip(".,").replace(spoken.thousands, "").replace(spoken.point, ".")
        found.add(Fraction(plain) / int(match[2] or 1) / (100 if match[3] else 1))
    return found


def days_in(text: str, language: str) -> set[date]:
    spoken = language_of(language)
    found = re.findall(rf"(\d{{1,2}})\.? ({'|'.join(spoken.months)}) (\d{{4}})", text)
    return {date(int(year), spoken.months.index(month) + 1, int(day)) for day, month, year in found}


@pytest.mark.parametrize("value", [0, 7, -5, 1234567, Fraction(39, 40), Fraction(-1, 8), Fraction(1, 3), Fraction(10, 3), 10**12])
@pytest.mark.parametrize("unit", ["number", "percent", "money", "days"])
@pytest.mark.parametrize("language", SPOKEN)
def test_a_number_is_read_back_exactly(value, unit, language):
    assert numbers_in(language_of(language).number(value, unit, "EUR"), language) == {Fraction(value)}


@pytest.mark.parametrize("language", SPOKEN)
def test_every_number_and_day_of_the_model_stands_in_its_sentence(language):
    texts = " ".join(said(WHOLE, language))
    numbers, days = numbers_in(texts, language), days_in(texts, language)
    stored = [value for _, value in leaves(WHOLE)]
    assert {value for value in stored if isinstance(value, date)} <= days
    # 1 is said as "the last" of a window, "unit" of a rule or "compared with"; months of a calendar by their names
    missing = {Fraction(value) for value in stored if isinstance(value, int | Fraction) and not isinstance(value, bool)} - numbers
    assert missing <= {Fraction(1)}


# changes -----------------------------------------------------------------------------------------------------------


def leaves(thing: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value of the model that a sentence must say, with its path."""
    if is_dataclass(thing) and not isinstance(thing, Blank | nodes.Type):
        for one in fields(thing):
            if one.name not in SILENT and not IDLE.get((type(thing), one.name), lambda _: False)(thing):
                yield from leaves(getattr(thing, one.name), (*path, one.name))
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from leaves(value, (*path, key))
    elif isinstance(thing, tuple):
        for position, value in enumerate(thing):
            yield from leaves(value, (*path, position))
    else:
        yield path, thing


def put(thing: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The model with one value replaced."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(thing, Mapping):
        return {**thing, first: put(thing[first], rest, value)}
    if isinstance(thing, tuple):
        return (*thing[:first], put(thing[first], rest, value), *thing[first + 1 :])
    return replace(thing, **{first: put(getattr(thing, first), rest, value)})


def held(thing: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        thing = thing[step] if isinstance(thing, Mapping | tuple) else getattr(thing, step)
    return thing


def options(path: tuple[Any, ...]) -> tuple[Any, ...]:
    """The words that may stand where a path leads, if these are few."""
    owner = held(WHOLE, path[:-1])
    if not is_dataclass(owner):
        return ()
    hint = get_type_hints(type(owner), localns={"Node": type(owner)})[path[-1]]
    hints = get_args(hint) if get_origin(hint) is Union or str(get_origin(hint)) == "<class 'types.UnionType'>" else (hint,)
    return tuple(option for one in hints if get_origin(one) is Literal for option in get_args(one))


def others(path: tuple[Any, ...], value: Any) -> list[Any]:
    """What might stand there instead."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | Fraction):
        return [value + 1, value + 3] if path[-2:-1] != ("months",) else [value + 1]
    if isinstance(value, date):
        return [value + timedelta(days=1)]
    if isinstance(value, str):
        return [option for option in options(path) if option != value] or ([f"{value}x"] if free(path) else [])
    return []


def free(path: tuple[Any, ...]) -> bool:
    """Whether any text may stand there: not a word of a fixed list that is kept as text."""
    return path[-3:-2] != ("prefer",) and path[-1] not in (
        "unit",
        "shift_unit",
        "better",
        "grain",
        "operator",
        "kpi",
        "function",
        "rounding",
        "subject",
    )


def unread(path: tuple[Any, ...]) -> bool:
    """Whether it is a part of a column's measure that the column replaces (its title; days from a date on replace its window),
    or what a KPI that nothing scores earns without data."""
    if path[0] == "kpis" and path[2] == "no_data" and path[1] == "idle":
        return path[3] in ("policy", "amount")
    column = held(WHOLE, path[:4]) if path[0] == "lists" and path[2] == "columns" else None
    if column is None or path[4] != "measure":
        return False
    return path[5] == "title" or (column.lasting is not None and path[5] in ("window", "valid_on", "date"))


PATHS = [(path, value, other) for path, value in leaves(WHOLE) for other in others(path, value)]


@pytest.mark.parametrize("language", SPOKEN)
def test_whatever_is_changed_in_the_model_changes_a_sentence(language):
    before = said(WHOLE, language)
    unsaid = [
        (".".join(map(str, path)), value, other)
        for path, value, other in PATHS
        if not unread(path) and said(put(WHOLE, path, other), language) == before
    ]
    assert not unsaid, "\n".join(map(str, unsaid))
    assert len(PATHS) > 400
    assert {path[0] for path, _, _ in PATHS} >= {
        "lists",
        "measures",
        "kpis",
        "scorecard",
        "levels",
        "history",
        "standing",
        "rollup",
        "triggers",
        "open",
    }


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("operators", [("==", "!=", ">=", ">", "<=", "<"), ("+", "-", "*", "/"), ("and", "or")])
def test_each_operator_has_its_own_words(operators, language):
    spoken = wording.Phrases.of(WHOLE, language)
    assert len({spoken.say(formula(f"sales {operator} growth").tree) for operator in operators}) == len(operators)


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize(
    "alike",
    [
        ("(sales + growth) * people", "sales + growth * people"),
        ("sales - (growth - people)", "sales - growth - people"),
        ("sales / (growth * people)", "sales / growth * people"),
        ("sales / growth - 1", "sales / (growth - 1)"),
        ("not (sales > 1 and growth > 1)", "not sales > 1 and growth > 1"),
        ("(sales > 1 or growth > 1) and people > 1", "sales > 1 or growth > 1 and people > 1"),
        ("-(sales + growth)", "-sales + growth"),
        ("min(1.5, 2)", "min(1, 5.2)", "min(15, 2)"),
        ("round(sales + growth, 1)", "sales + round(growth, 1)"),
        ("when(sales > 1, growth, people) + 1", "when(sales > 1, growth, people + 1)"),
        ("peer_mean(sales)", "peer_median(sales)", "percentile(sales)", "peer_count(sales)"),
    ],
)
def test_formulas_that_differ_are_said_differently(alike, language):
    spoken = wording.Phrases.of(WHOLE, language)
    assert len({spoken.say(formula(text).tree) for text in alike}) == len(alike)


def test_two_definitions_with_one_title_are_told_apart():
    measures = {name: replace(measure, title="Sales") for name, measure in WHOLE.measures.items() if name in ("net_sales", "reported")}
    spoken = wording.Phrases.of(replace(WHOLE, measures={**WHOLE.measures, **measures}))
    assert spoken.say(formula("net_sales / reported").tree) == "sales [net_sales] divided by sales [reported]"


def test_a_language_without_templates_is_told_in_english():
    assert said(WHOLE, "fr") == said(WHOLE, "en")
    assert said(WHOLE, "de-AT") == said(WHOLE, "de") != said(WHOLE, "en")


def test_every_name_of_the_catalogue_has_a_german_word_of_its_own():
    words = LANGUAGES["de"].words
    for kind in FACTS.values():
        names = [column.name for column in kind.columns]
        assert [name for name in (kind.name, *names) if name not in words] == []
        assert len({words[name] for name in names}) == len(names), kind.name
