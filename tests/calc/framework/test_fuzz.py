"""No text of the language raises anything: frameworks cut, swapped and mixed, formulas built from the grammar, values of every kind."""

# ruff: noqa: E501 (lists of words)

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.calc.errors import Problem
from steelyard.calc.framework import schema
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.read import read
from steelyard.calc.framework.wording.languages import LANGUAGES
from steelyard.calc.framework.wording.sentences import difference, sentences
from steelyard.calc.prover import prove
from steelyard.calc.vectors import read_vectors, run
from tests.thoroughness import examples

from .examples import DISTRIBUTOR

ROOT = Path(__file__).parents[3]
FOLDERS = (ROOT / "docs" / "worked", ROOT / "src" / "steelyard" / "frameworks")
TEXTS = [DISTRIBUTOR] + [
    path.read_text(encoding="utf-8")
    for folder in FOLDERS
    for path in sorted(folder.rglob("*.yaml"))
    if not path.name.endswith(".vectors.yaml") and len(path.read_text(encoding="utf-8")) < 9_000
]
KEYS = sorted(set(re.findall(r'"(\w+)": \{', schema.as_text())))
WORDS = [
    *KEYS, "highest", "lowest", "mean", "best", "skip", "share", "ttm", "last 3 months", "last 0 days", "1 year earlier", "monthly", "[January]",
    "14 days", "60%", "-1", "1e9", "0.333333333333333333", "2026-02-30", "2026-02-28", "blank", "true", "no", '"', "'", "{", "}", "[", "]", ":", ",",
    "&a", "*a", "<<", "!!python/object", "\t", "|", ">", "#", "null", "~", "", "points", "overall", "passes", "lowest_item", "level", "total", "as_of",
]  # fmt: skip
VALUES = [
    *WORDS, "7", "-.inf", "0x1F", "1e9999999", "[]", "{}", "[1]", "[[]]", "{a: b}", "on", "0001-01-01", "9999-12-31", "last 99999 years",
    "9" * 5_000, "9" * 5_000 + "%", "9" * 5_000 + " days", "0." + "3" * 60, '"\\u0000"', "\u202e", "²", "İ", "[" * 60 + "]" * 60, "{a: " * 60 + "}" * 60,
    "(" * 300 + "1" + ")" * 300, '"1 / 0"', '"power(9, 99)"', '"peer_mean(1)"', '"previous(points)"', '"in_a_row(true) >= 3"', "{between: [2, 1]}",
    "{from: 1, to: 2}", "[2, 1]", "{if: 1, then: skip}", "{carry: 3}", "{rule: 1}", "{name: x}", "{kpi: x, points: value}", "{path: levels.².require}",
]  # fmt: skip
WITH_VECTORS = [
    (framework, path.with_suffix(".vectors.yaml").read_text(encoding="utf-8"))
    for path in sorted((ROOT / "docs" / "worked").glob("*.yaml"))
    if path.with_suffix(".vectors.yaml").is_file() and (framework := read(path.read_text(encoding="utf-8"))[0])  # a region needs its base
]
names = st.sampled_from(
    ["net_sales", "target", "people", "growth", "region", "points", "level", "least_base", "nothing", "sales_for", "late_points"]
)
numbers = st.sampled_from(["0", "1", "60%", "0.5", "14 days", "12 months", "2026-01-31", '"Gold"', "true", "blank", "1_000"])
atoms = st.one_of(names, numbers, names.map(lambda name: f"{name}[ttm]"), names.map(lambda name: f"{name}[last_year]"))
OPERATORS = ["+", "-", "*", "/", "==", "!=", "<", ">=", "and", "or", "in", "**", "^"]
CALLS = [
    "min", "max", "abs", "when", "round", "power", "clamp", "if_blank", "is_blank", "peer_mean", "percentile", "previous", "in_a_row", "count_true",
    "any_day", "parts", "passes", "points", "sales_for", "late_points", "__import__", "open", "months_between", "floor",
]  # fmt: skip
formulas = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(" ".join),
        st.tuples(st.sampled_from(CALLS), st.lists(inner, max_size=3)).map(lambda call: f"{call[0]}({', '.join(call[1])})"),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"-{text}"),
        inner.map(lambda text: f"not {text}"),
        st.tuples(inner, inner).map(lambda two: f"{two[0]} in [{two[1]}]"),
        st.tuples(inner, inner).map(lambda two: f"{two[0]}[{two[1]}]"),
        st.tuples(inner, names).map(lambda two: f"{two[0]}.{two[1]}"),
    ),
    max_leaves=12,
)
QUIET = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def looked_at(text: str) -> Framework | None:
    """Read it; whatever can be read can be told, and whatever cannot says where and what to do."""
    framework, problems = read(text)
    if framework is not None:
        for language in LANGUAGES:
            assert sentences(framework, language)
        assert difference(framework, framework) == []
    else:
        assert any(problem.severity == "error" for problem in problems)
    told_well(problems)
    return framework


def told_well(problems: list[Problem]) -> None:
    """Each says what is wrong, where to look and what to do."""
    for problem in problems:
        assert problem.code and problem.message and problem.where
        assert problem.severity == "warning" or problem.code == "too-many-problems" or "line " in problem.where, str(problem)
        assert problem.severity == "warning" or problem.hint, str(problem)


@QUIET
@given(st.data())
def test_a_framework_with_pieces_changed_raises_nothing(data):
    text = data.draw(st.sampled_from(TEXTS))
    pieces = re.split(r"(\W)", text)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(pieces) - 1))
        pieces[place] = data.draw(st.one_of(st.sampled_from(WORDS), st.just(pieces[place] * 2), st.text(max_size=3)))
    looked_at("".join(pieces))


@functools.cache
def places_of(text: str) -> list[tuple[int, int]]:
    """Where each key and each value of a YAML text begins and ends."""
    waiting, found = [yaml.compose(text, Loader=yaml.BaseLoader)], []
    while waiting:
        node = waiting.pop()
        found.append((node.start_mark.index, node.end_mark.index))
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
    return sorted(found)


def with_another(data, text: str) -> str:
    """The text with another value in the place of a key, a value, a list or a whole section."""
    begin, end = data.draw(st.sampled_from(places_of(text)))
    tail = "\n" if text[begin:end].endswith("\n") else ""
    return text[:begin] + data.draw(st.sampled_from(VALUES)) + tail + text[end:]


@settings(QUIET, max_examples=examples(150))
@given(st.data())
def test_any_value_at_any_place_raises_nothing(data):
    framework = looked_at(with_another(data, data.draw(st.sampled_from(TEXTS))))
    if framework is not None and len(framework.source) < 4_000:
        prove(framework)


@settings(QUIET, max_examples=examples(100))
@given(st.data())
def test_vectors_with_any_value_at_any_place_raise_nothing(data):
    framework, text = data.draw(st.sampled_from(WITH_VECTORS))
    vectors, problems = read_vectors(with_another(data, text), framework)
    told_well(problems)
    if not problems:
        run(framework, vectors)


@QUIET
@given(st.data())
def test_lines_of_one_framework_in_another_raise_nothing(data):
    lines = data.draw(st.sampled_from(TEXTS)).split("\n")
    others = data.draw(st.sampled_from(TEXTS)).split("\n")
    begin = data.draw(st.integers(0, len(lines) - 1))
    taken = data.draw(st.integers(0, len(others) - 1))
    count = data.draw(st.integers(0, 12))
    looked_at("\n".join(lines[:begin] + others[taken : taken + count] + lines[begin + data.draw(st.integers(0, 3)) :]))


@settings(QUIET, max_examples=examples(120))
@given(
    formulas,
    st.sampled_from(["formula: certified,", "lowest_item > 0", "points >= 85", "sum: amount,", 'status == "active"', "weight: 60"]),
)
def test_a_formula_of_the_grammar_raises_nothing_wherever_it_stands(text, place):
    written = "'" + text.replace("'", "") + "'"
    ending = "," if place.endswith(",") else ""
    key = f"{place.partition(': ')[0]}: " if ": " in place and place != 'status == "active"' else ""
    if DISTRIBUTOR.count(place) == 1:
        looked_at(DISTRIBUTOR.replace(place, f"{key}{written}{ending}"))
    else:
        looked_at(DISTRIBUTOR.replace(place, f"{key}{written}{ending}", 1))


@pytest.mark.parametrize(
    ("formula", "code", "words"),
    [
        ("certified / 0", "always-zero-denominator", "always 0"),
        ("net_sales + growth", "mixed-units", "money plus"),
        ("people + 1", "circular", "needs"),
        ("(" * 200 + "certified" + ")" * 200, "too-deep", "deeper"),
        (" + ".join(["certified"] * 2_000), "too-long", "characters"),
        ("__import__(certified)", "unknown-function", "not a function"),
        ("import os", "syntax", "cannot stand"),
        ("certified.real", "unknown-name", "not"),
        ("certified.hex()", "syntax", "cannot be called"),
        ("certified[0]", "syntax", "is not the name of a window"),
        ("certified[0:1]", "unknown-operator", "nothing can be indexed"),
        ("lambda: 1", "unknown-operator", "functions only"),
        ("certified; growth", "unknown-operator", ""),
        ("certified ** 999999", "unknown-operator", "power(x, 2)"),
        ("power(certified, 999999)", "not-a-number", "whole number"),
        ('"a" * 999999', "not-a-number", ""),
    ],
)  # fmt: skip
def test_what_a_formula_may_not_do_is_refused_with_its_place(formula, code, words):
    text = DISTRIBUTOR.replace("people: {formula: certified,", f"people: {{formula: '{formula}',")
    framework, problems = read(text)
    assert framework is None
    told = [problem for problem in problems if problem.code == code]
    assert told, [str(problem) for problem in problems]
    assert words in str(told[0])
    assert "(line 40, column" in told[0].where


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("people: {formula: certified,", "people: {formula: certified, formula: certified,", "duplicate-key"),
        ("settings: {least_base: 10000}", "settings: &all {least_base: 10000}\nwindows: *all", "alias"),
        ("  coop: {", "\tcoop: {", "tab"),
        ("scorecard:\n", "scorecard: 7\nwhatever:\n", "wrong-type"),
        ("levels:\n", "levels: {Gold: 1}\nlater:\n", "wrong-type"),
        ("measures:\n", "lists: [1, 2]\nmeasures:\n", "wrong-type"),
        ("measures:\n", "triggers: {a: b}\nmeasures:\n", "wrong-type"),
        ("measures:\n", "standing: monthly\nmeasures:\n", "wrong-type"),
        ("measures:\n", "history: [1]\nmeasures:\n", "wrong-type"),
        ("measures:\n", "rollup: highest\nmeasures:\n", "wrong-type"),
        ("measures:\n", "open: all\nmeasures:\n", "wrong-type"),
        ("kpi: attainment, points:", "kpi: '', points:", "unknown-name"),
        ("kpi: attainment, points:", "kpi: ~, points:", "missing-key"),
        ("measures:\n", "lists: {a: {fact: orders, one_per: []}}\nmeasures:\n", "missing-key"),
        ("measures:\n", "lists: {a: {fact: orders, one_per: document, prefer: ['']}}\nmeasures:\n", "unknown-column"),
        ("measures:\n", "lists: {a: {one_per: document, columns: {b: {fact: '', last: amount}}}}\nmeasures:\n", "missing-key"),
        ("measures:\n", "rollup: {to: '', level: highest}\nmeasures:\n", "missing-key"),
        ("points: {line: [[60%, 0], [100%, 100], [120%, 120]]}", "points: {bands: []}", "missing-key"),
    ],
)
def test_wrong_shapes_are_told_with_line_and_column(old, new, code):
    framework, problems = read(DISTRIBUTOR.replace(old, new, 1))
    assert framework is None
    assert code in {problem.code for problem in problems}, [str(problem) for problem in problems]
    assert all(re.search(r"line \d+, column \d+", problem.where) for problem in problems)
