"""Formulas read into trees; what the grammar does not name cannot be written."""

from datetime import date
from fractions import Fraction

import pytest

from steelyard.calc.errors import Refused
from steelyard.calc.formula import parse, to_text
from steelyard.calc.formula.nodes import DAYS, MONTHS, PERCENT, Binary, Call, In, Literal, Name, Unary, Windowed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("1_000", 1000), ("1_000.50", Fraction(2001, 2)), ("60%", Fraction(3, 5)), ("100%", 1), ("0.1", Fraction(1, 10)),
        ("2026-01-31", date(2026, 1, 31)), ('"North"', "North"), ("true", True), ("false", False), ("14 days", 14), ("2 weeks", 14),
        ("1 month", 1), ("2 years", 24),
    ],
)  # fmt: skip
def test_literals_are_exact(text, value):
    tree = parse(text)
    assert isinstance(tree, Literal) and tree.value == value and type(tree.value) is type(value)


def test_literals_know_their_kind():
    assert [parse(text).type for text in ("60%", "14 days", "12 months")] == [PERCENT, DAYS, MONTHS]


@pytest.mark.parametrize(
    ("text", "bracketed"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b / c", "((a / b) / c)"),
        ("-a * b", "((-a) * b)"),
        ("a - -b", "(a - (-b))"),
        ("a or b and c", "(a or (b and c))"),
        ("not a and b", "((not a) and b)"),
        ("not a == b", "(not (a == b))"),
        ("a + 1 < b * 2 and c", "(((a + 1) < (b * 2)) and c)"),
        ("a and not b or c", "((a and (not b)) or c)"),
        ("a in [1, 2 + 3] and b", "((a in [1, (2 + 3)]) and b)"),
        ("x not in [1]", "(not (x in [1]))"),
        ("(a + b) * c", "((a + b) * c)"),
    ],
)
def test_operators_bind_as_people_read_them(text, bracketed):
    def write(node):
        if isinstance(node, Binary):
            return f"({write(node.left)} {node.operator} {write(node.right)})"
        if isinstance(node, Unary):
            return f"({node.operator}{' ' if node.operator == 'not' else ''}{write(node.operand)})"
        if isinstance(node, In):
            return f"({write(node.operand)} in [{', '.join(map(write, node.choices))}])"
        return to_text(node)

    assert write(parse(text)) == bracketed


def test_every_part_knows_its_column():
    tree = parse("net_sales[ttm] / max(target, product.quota)")
    assert isinstance(tree, Binary) and isinstance(tree.left, Windowed) and isinstance(tree.right, Call)
    assert [node.at for node in (tree, tree.left, tree.right, *tree.right.arguments)] == [1, 1, 18, 22, 30]
    assert tree.right.arguments[1] == Name(0, "product.quota")


@pytest.mark.parametrize(
    ("text", "code", "column", "advice"),
    [
        ("max(0", "open-bracket", 4, "put the formula in quotes"),
        ("((a)", "open-bracket", 1, "close the bracket"),
        ("a)", "open-bracket", 2, "remove it"),
        ("-5 ^ 2", "unknown-operator", 4, "power(x, 2)"),
        ("5 ** 2", "unknown-operator", 3, "power(x, 2)"),
        ("a && b", "unknown-operator", 3, "`and`"),
        ("a = b", "unknown-operator", 3, "`==`"),
        ("a ≥ b", "unknown-operator", 3, "`>=`"),
        ("5 %", "unknown-operator", 3, "60%"),
        ("'North'", "unknown-operator", 1, "double quotes"),
        ('"North', "open-quote", 1, "close it"),
        ("import os", "syntax", 8, "operator"),
        ("lambda: 1", "unknown-operator", 7, ""),
        ("a.b(1)", "syntax", 1, "can be called"),
        ('"x".upper()', "unknown-operator", 4, "reach inside"),
        ("().__class__", "unknown-operator", 3, "reach inside"),
        ("a[0]", "syntax", 3, "nothing can be indexed"),
        ("a[b.c]", "syntax", 3, "nothing can be indexed"),
        ("f(x)[ttm]", "syntax", 5, "nothing can be indexed"),
        ("a < b < c", "syntax", 7, "`a < b and b < c`"),
        ("a b", "syntax", 3, "operator"),
        ("a +", "syntax", 4, "complete"),
        ("", "syntax", 1, "write"),
        ("and a", "syntax", 1, ""),
        ("a + not b", "syntax", 5, "brackets"),
        ("min(a,)", "syntax", 7, "comma"),
        ("(a, b)", "syntax", 1, "function's name"),
        ("x in []", "syntax", 3, "North"),
        ("x in y", "syntax", 6, "North"),
        ("2026-02-30", "not-a-date", 1, "YYYY-MM-DD"),
        ("1.5 days", "syntax", 1, ""),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text, code, column, advice):
    with pytest.raises(Refused) as refused:
        parse(text)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where) == (code, f"column {column} of `{text}`")
    assert advice in problem.hint


@pytest.mark.parametrize(
    ("text", "code"),
    [("(" * 51 + "1" + ")" * 51, "too-deep"), ("-" * 51 + "1", "too-deep"), ("not " * 51 + "a", "too-deep"),
     ("+".join(["1"] * 202), "too-deep"), ("1" * 2001, "too-long")],
)  # fmt: skip
def test_formulas_have_a_limit(text, code):
    with pytest.raises(Refused) as refused:
        parse(text)
    assert refused.value.problems[0].code == code


@pytest.mark.parametrize("text", ["(" * 50 + "1" + ")" * 50, "+".join(["1"] * 201), "-" * 50 + "1"])
def test_formulas_within_the_limits_are_read(text):
    assert to_text(parse(text))
