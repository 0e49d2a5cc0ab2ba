"""Text of a formula -> tokens with their columns. Knows characters only, nothing of grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import Problem, Refused

LONGEST = 2000  # characters; a longer formula should be several KPIs

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))
    |(?P<number>[0-9][0-9_]*(?:\.[0-9][0-9_]*)?%?)
    |(?P<text>"[^"]*")
    |(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
    |(?P<operator>==|!=|<=|>=|[-+*/<>()\[\],])""",
    re.VERBOSE,
)

# what people write in other languages, and what to write here; longest first
_FOREIGN = {
    "**": "write `power(x, 2)`; there is no power sign, so that -5 squared cannot be misread",
    "^": "write `power(x, 2)`; there is no power sign, so that -5 squared cannot be misread",
    "&&": "write `and`",
    "&": "write `and`",
    "||": "write `or`",
    "|": "write `or`",
    "!": "write `not`",
    "<>": "write `!=`",
    "=": "write `==` to compare",
    "//": "write `floor(a / b)`",
    "×": "write `*`",
    "·": "write `*`",
    "÷": "write `/`",
    "−": "write `-`",
    "–": "write `-`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "'": 'put text in double quotes: "North"',
    "“": 'put text in straight double quotes: "North"',
    "„": 'put text in straight double quotes: "North"',
    "%": "write the percent sign directly after its number: 60%",
    ".": "a decimal number starts with a digit: 0.5; a formula cannot reach inside a value",
    "{": "a formula has names, numbers, operators and functions only",
    ";": "separate arguments with a comma",
    ":": "a formula has names, numbers, operators and functions only; nothing can be indexed",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a formula; ``kind``: date, number, text, name, operator or end."""

    kind: str
    text: str
    at: int  # 1-based column


def place(at: int, text: str) -> str:
    """Where a problem stands: ``column 5 of `net_sales / target` ``."""
    return f"column {at} of `{text}`"


def refuse(code: str, message: str, at: int, text: str, found: str = "", hint: str = "") -> Refused:
    """One problem of a formula, ready to raise."""
    return Refused(Problem(code, message, place(at, text), found, hint))


def tokens(text: str) -> list[Token]:
    """The tokens of a formula, ending with one of kind ``end``. Raises Refused at the first foreign character."""
    if len(text) > LONGEST:
        message = f"the formula is longer than {LONGEST} characters"
        raise Refused(Problem("too-long", message, "", f"{len(text)} characters", "split it into several KPIs"))
    found: list[Token] = []
    position = 0
    while position < len(text):
        foreign = next((sign for sign in ("**", "<>", "//") if text.startswith(sign, position)), None)
        match = None if foreign else _TOKEN.match(text, position)
        if match is None:
            raise _foreign(text, position)
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match.group(), position + 1))
        position = match.end()
    found.append(Token("end", "", len(text) + 1))
    return found


def _foreign(text: str, position: int) -> Refused:
    """The refusal of a character that starts no token."""
    rest = text[position:]
    if rest.startswith('"'):
        return refuse("open-quote", "the formula ends inside a text", position + 1, text, f"`{rest}`", 'close it with "')
    sign = next((sign for sign in _FOREIGN if rest.startswith(sign)), rest[0])
    code = "unknown-operator" if sign in _FOREIGN else "syntax"
    return refuse(code, f"`{sign}` is not an operator of formulas", position + 1, text, "", _FOREIGN.get(sign, ""))
