"""A language that frameworks are told in: a template per construct, its nouns, and how it writes numbers, days and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ...formula.text import decimal_text
from ...units import Exact


@dataclass(frozen=True, slots=True)
class Noun:
    """One noun: `day`, `days`, and the plural after a preposition (`innerhalb von 30 Tagen`)."""

    one: str
    many: str
    many_after: str


@dataclass(frozen=True)
class Language:
    """``templates``: what each construct says, by its key; ``words``: names of the catalogue and of masters."""

    code: str
    templates: Mapping[str, str]
    nouns: Mapping[str, Noun]
    months: tuple[str, ...]
    words: Mapping[str, str]
    thousands: str
    point: str
    quotes: tuple[str, str]
    lowers: bool  # whether a title loses its capital letter in the middle of a sentence

    def say(self, construct: str, **parts: str) -> str:
        """The sentence of a construct, its parts filled in."""
        return self.templates[construct].format_map(parts)

    def word(self, name: str) -> str:
        """A name as words: the language's own word for a name of the catalogue, else `net_sales` -> `net sales`."""
        return self.words.get(name) or words(name)

    def noun(self, name: str) -> str:
        """One of a kind of thing, such as what is scored."""
        return self.nouns[name].one if name in self.nouns else self.word(name)

    def number(self, value: Exact, unit: str = "number", currency: str = "") -> str:
        """``0.975`` in percent -> ``97.5 %``; ``200000`` in money -> ``200,000 EUR``;
        ``1.5`` as a factor -> ``1.5 times``. Exact: it can be read back."""
        if unit == "percent":
            return f"{self._grouped(Fraction(value) * 100)} %"
        if unit == "money" and currency:
            return f"{self._grouped(value)} {currency}"
        if unit == "factor":
            return self.say("factor", number=self._grouped(value))
        if unit in ("days", "months"):
            return self.count(value, unit.removesuffix("s"))
        return self._grouped(value)

    def _grouped(self, value: Exact) -> str:
        text = decimal_text(value)
        sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
        whole, dot, decimals = text.partition(".")
        if not whole.isdigit():  # a fraction without decimal text
            return sign + text
        return f"{sign}{int(whole):,}".replace(",", self.thousands) + (self.point if dot else "") + decimals

    def count(self, value: Exact, noun: str, *, after: bool = False) -> str:
        """``3`` months; ``after`` a preposition some languages bend the plural."""
        forms = self.nouns[noun]
        return f"{self._grouped(value)} {forms.one if value == 1 else forms.many_after if after else forms.many}"

    def points(self, value: Exact) -> str:
        """``1`` -> ``1 point``."""
        return self.count(value, "point")

    def day(self, value: date) -> str:
        """A day, its month in letters, so that it is not taken for another number."""
        return self.say("day", day=str(value.day), month=self.months[value.month - 1], year=str(value.year))

    def quoted(self, text: str) -> str:
        """A text as it is written in data."""
        return f"{self.quotes[0]}{text}{self.quotes[1]}"

    def listed(self, parts: Sequence[str], word: str = "and") -> str:
        """`a, b and c`."""
        return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {self.templates[word]} {parts[-1]}"


def words(name: str) -> str:
    """What an author named, as words; it is said in every language as the author wrote it."""
    return name.replace("_", " ")


def capital(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]


def arguments(parts: Sequence[str]) -> str:
    """Parts side by side; with semicolons where one of them has a comma of its own."""
    return ("; " if any("," in part for part in parts) else ", ").join(parts)
