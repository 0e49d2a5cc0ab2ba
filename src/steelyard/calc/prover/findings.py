"""What the prover found: a problem that refuses nothing, with a witness that can be pasted into a vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import Problem
from ..formula.nodes import Value
from ..formula.text import decimal_text
from ..framework.model import Place
from ..units import Blank

Given = Mapping[str, Value]  # input -> value


@dataclass(frozen=True, slots=True)
class Finding(Problem):
    """A finding. ``witness``: the given parts of vectors, as YAML; pasted with the card's own answer they pass."""

    witness: str = ""


@dataclass
class Findings:
    """The findings of one framework, in the order of the checks."""

    found: list[Finding] = field(default_factory=list)

    def add(self, code: str, message: str, place: Place | str, found: str = "", hint: str = "", *, witness: str = "") -> None:
        """Note one finding."""
        self.found.append(Finding(code, message, str(place), found, hint, "finding", witness))


def written(value: Value, unit: str = "number") -> str:
    """A value as a vector writes it: `79%`, `2.5`, `null`, a text in quotes."""
    if isinstance(value, Blank):
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Fraction)):
        return f"{decimal_text(Fraction(value) * 100)}%" if unit == "percent" else decimal_text(value)
    return f'"{value}"'
