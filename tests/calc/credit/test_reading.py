"""Credit rules as YAML: read back as written, and refused with the line that is wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from steelyard.calc.credit.reading import read_rule, write_rule
from steelyard.calc.credit.rule import STANDARD

from .test_shares import rules


@pytest.mark.parametrize("rule", STANDARD, ids=lambda rule: rule.name)
def test_the_rules_that_come_with_it_are_read_back(rule):
    found, problems = read_rule(write_rule(rule))
    assert (found, problems) == (rule, [])


@given(rule=rules)
def test_what_is_written_shares_as_before(rule):
    found, problems = read_rule(write_rule(rule))
    assert not problems
    assert write_rule(found) == write_rule(rule)


@pytest.mark.parametrize(
    ("text", "message", "found"),
    [
        ("credit: x\nmethod: best\n", "one of a few words", "`best`"),
        ("credit: x\nmethod: roles\nshares: {ordered: 60%, referred: 30%}\n", "are 100% together", "90%"),
        ("credit: x\nmethod: roles\n", "says the share of each role", "nothing"),
        ("credit: x\nmethod: roles\nshares: {seller: 100%}\n", "no such role", "`100%`"),
        ("credit: x\nmethod: position\nfirst: 60%\nlast: 60%\n", "more than 100%", "120%"),
        ("credit: x\nmethod: first\nlook_back: soon\n", "number of days", "`soon`"),
        ("credit: x\nmethod: first\ncounts: [referred, sold]\n", "no such role", "`sold`"),
        ("credit: x\nmethod: first\nlookback: 9 days\n", "no such key", "`9 days`"),
        ("credit: ''\nmethod: first\n", "has a name", "``"),
        ("- a list\n", "`key: value` lines", ""),
        ("credit: x\nmethod: position\nfirst: 1/3\n", "a number from 0% to 100%", "`1/3`"),
        ("credit: x\nmethod: position\nfirst: 33.33333%\n", "at most four decimals", "`33.33333%`"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, message, found):
    rule, problems = read_rule(text)
    assert rule is None
    assert any(message in problem.message and (not found or found in problem.found) and "line" in problem.where for problem in problems)


def test_a_percentage_is_exact():
    rule, _ = read_rule("credit: thirds\nmethod: position\nfirst: 33.3333%\nlast: 0.25\n")
    assert (rule.first, rule.last) == (Fraction(333_333, 1_000_000), Fraction(1, 4))
