"""YAML: what is refused, what a scalar means, and where everything stands."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.framework.document import digest, load_plain
from tests.thoroughness import examples

TRAPS = [
    ("a: 1\nb: 2\na: 3", "duplicate-key", "(line 3, column 1)"),
    ("a: 1\n'a': 3", "duplicate-key", "(line 2, column 1)"),
    ("a: &x [1]", "anchor", "(line 1, column 4)"),
    ("a: *x", "alias", "(line 1, column 4)"),
    ("a:\n  <<: {b: 1}", "merge-key", "(line 2, column 3)"),
    ("a: 1\nb:\t2", "tab", "(line 2, column 3)"),
    ("a:\n\tb: 1", "tab", "(line 2, column 1)"),
    ("a: !!python/object/apply:os.system [ls]", "tag", "(line 1, column 4)"),
    ("a: 1\n---\nb: 2", "many-documents", "(line 2, column 1)"),
    ("a: [1, 2\nb: 3", "yaml", "line"),
    ("a: b: c", "yaml", "(line 1, column 5)"),
    ("a: @b", "yaml", "(line 1, column 4)"),
    ("{[a]: b}", "bad-key", "(line 1, column 2)"),
    ("a: 2026-02-30", "bad-date", "(line 1, column 4)"),
    ("a: .inf", "bad-number", "(line 1, column 4)"),
    ("a: 1e400000", "bad-number", "(line 1, column 4)"),
    ("a: " + "9" * 5000, "bad-number", "(line 1, column 4)"),
    ("a: x\x00y", "odd-character", "(line 1, column 5)"),
    ("a: \ud800", "odd-character", "(line 1, column 4)"),
    ("", "empty-file", "file"),
    ("# nothing but a comment\n", "empty-file", "file"),
    ("[" * 60 + "]" * 60, "too-deep", "(line 1, column 51)"),
]


@pytest.mark.parametrize(("text", "code", "where"), TRAPS, ids=[f"{code}-{n}" for n, (_, code, _) in enumerate(TRAPS)])
def test_what_makes_yaml_surprising_is_refused_with_its_place(text, code, where):
    _, problems = load_plain(text)
    assert code in {problem.code for problem in problems}
    assert where in next(problem.where for problem in problems if problem.code == code)


def test_a_billion_laughs_costs_nothing_and_is_refused():
    bomb = "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True))
    document, problems = load_plain(bomb)
    assert {problem.code for problem in problems} == {"anchor", "alias"}
    assert len(str(document.value)) < 1000


def test_a_flood_of_problems_is_cut_off():
    _, problems = load_plain("\n".join(f"k{n}: *x" for n in range(5000)))
    assert len(problems) == 201
    assert problems[-1].code == "too-many-problems"


def test_more_than_a_megabyte_is_not_read():
    _, problems = load_plain("a: " + "x" * 1_000_001)
    assert [problem.code for problem in problems] == ["too-large"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"), ("on", "on"), ("yes", "yes"), ("off", "off"), ("y", "y"), ("true", True), ("False", False),
        ("'true'", "true"), ('"12"', "12"), ("12", 12), ("1_000", 1000), ("-5", -5), ("0o17", 15), ("0x1F", 31), ("010", 10),
        ("1.10", Fraction(11, 10)), (".5", Fraction(1, 2)), ("1e3", 1000), ("60%", "60%"), ("2026-01-31", date(2026, 1, 31)),
        ("'2026-01-31'", "2026-01-31"), ("12:30:00", "12:30:00"), ("null", None), ("~", None), ("", None), ("''", ""),
        ("1_", "1_"), ("=", "="), ("14 days", "14 days"), ("1.2.3", "1.2.3"),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema_and_quoted_ones_are_text(written, value):
    document, problems = load_plain(f"a: {written}")
    assert problems == []
    found = document.value["a"]
    assert found == value and type(found) in (type(value), int, Fraction)
    assert not isinstance(found, float)


def test_keys_are_texts_as_written():
    document, _ = load_plain("values: {100: USD, no: NOK, 2026-01-31: x}")
    assert document.value == {"values": {"100": "USD", "no": "NOK", "2026-01-31": "x"}}


def test_every_value_has_its_place():
    document, _ = load_plain("kind: orders\ncolumns:\n  - name: x\n    from: y\n")
    columns = document.tree.entries["columns"]
    source = columns.node.items[0].entries["from"]
    assert [(columns.line, columns.column), (source.line, source.column)] == [(2, 1), (4, 5)]


def test_all_problems_come_at_once():
    _, problems = load_plain("a: 1\na: 2\nb: &x 1\nc: 2026-13-01\nd: *x")
    assert [problem.code for problem in problems] == ["duplicate-key", "anchor", "bad-date", "alias"]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing():
    document, problems = load_plain("\ufeffa: 1\r\nb: 2\r\n")
    assert problems == [] and document.value == {"a": 1, "b": 2}
    assert digest("\ufeffa: 1\r\nb: 2\r\n") == digest("a: 1\nb: 2\n") != digest("a: 1\nb: 3\n")


YAML_BITS = st.lists(
    st.sampled_from([*"abc01 \n\t-:,[]{}&*!|>'\"%@`#?~.", "  ", ": ", "- ", "\n  ", "---\n", "<<: ", "no", "1.5", "\u2028", "\ud800"])
    | st.characters(),
    max_size=60,
).map("".join)


@given(YAML_BITS)
@settings(max_examples=examples(150), deadline=None)
def test_no_text_raises_anything(text):
    document, problems = load_plain(text)
    assert document.tree is not None or problems
