"""Made-up firms, institutions and persons, with the daughters and namesakes that real lists have."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from . import words

PERSONS = 0.06  # of all partners
_TITLES = ("Dr. ", "Dr. med. ", "Prof. Dr. ", "", "")


@dataclass(frozen=True)
class Firm:
    """A firm as its own papers call it. ``stem``: what its daughters and namesakes share with it."""

    code: str
    name: str
    city: str
    country: str
    stem: str
    kind: str  # firm, institution, daughter, person

    @property
    def personal(self) -> bool:
        return self.kind == "person"


def firms(seed: int, count: int, prefix: str) -> list[Firm]:
    """So many firms; no two have the same name in the same town."""
    chance = Random(seed)
    made: list[Firm] = []
    taken: set[tuple[str, str]] = set()
    while len(made) < count:
        firm = _one(chance, made, f"{prefix}{len(made) + 1:05d}")
        if (firm.name, firm.city) not in taken and (firm.kind != "person" or all(firm.name != name for name, _city in taken)):
            taken.add((firm.name, firm.city))
            made.append(firm)
    return made


def sibling(firm: Firm, chance: Random) -> Firm:
    """Somebody else with the same stem: another trade, line, town or institution."""
    country = next(country for country in words.COUNTRIES if country.code == firm.country)
    if firm.kind == "institution":
        name, city = _institution(chance, country, firm.stem)
        return Firm("", name, city, firm.country, firm.stem, "institution")
    made = _daughter(chance, firm, "") if chance.random() < 0.5 else None
    return made or _firm(chance, country, firm.stem, "")


def _one(chance: Random, made: list[Firm], code: str) -> Firm:
    country = chance.choice(words.COUNTRIES)
    kind = chance.random()
    if kind < PERSONS:
        name = f"{chance.choice(_TITLES)}{chance.choice(country.given)} {_surname(chance, country)}"
        return Firm(code, name, chance.choice(country.towns), country.code, "", "person")
    if kind < 0.26:
        name, city = _institution(chance, country, chance.choice(words.PATRONS[country.language]))
        return Firm(code, name, city, country.code, name, "institution")
    if kind < 0.36 and made:
        mother = chance.choice(made)
        if mother.kind == "firm":
            return _daughter(chance, mother, code)
    if kind < 0.62:
        stem = _surname(chance, country)
        if chance.random() < 0.25:
            stem += f" & {chance.choice((_surname(chance, country), 'Partner', 'Co'))}"
    else:
        stem = invented(chance)
    return _firm(chance, country, stem, code)


def _surname(chance: Random, country: words.Country) -> str:
    """One of the commonest in one of five, else one of very many."""
    if chance.random() < 0.2:
        return chance.choice(country.surnames)
    first, last = words.SURNAME_PARTS[country.language]
    return chance.choice(first) + chance.choice(last)


def invented(chance: Random) -> str:
    """A word that means nothing."""
    if chance.random() < 0.1:
        return "".join(chance.choice("ABCDEFGHIKLMNPRSTVWZ") for _ in range(chance.choice((2, 3, 3, 4))))
    made = "".join(chance.choice(words.SYLLABLES) for _ in range(chance.choice((1, 2, 2, 3)))) + chance.choice(words.ENDINGS)
    return made.capitalize()


def _firm(chance: Random, country: words.Country, stem: str, code: str) -> Firm:
    trades = words.TRADES[country.language if chance.random() < 0.8 else "en"]
    parts = [stem]
    city = chance.choice(country.towns)
    shape = chance.random()
    if shape < 0.85:
        parts.append(chance.choice(trades))
    if shape < 0.15 or shape > 0.92:
        parts.append(chance.choice(words.TAILS))
    if 0.15 < shape < 0.25:
        parts.append(city)
    if 0.25 < shape < 0.28:
        parts.append(str(chance.choice((2, 3, 24, 2000, 360))))
    form = chance.choice(country.forms)
    parts = [form, *parts] if country.form_first and chance.random() < 0.3 else [*parts, form]
    return Firm(code, " ".join(parts), city, country.code, stem, "firm")


def _daughter(chance: Random, mother: Firm, code: str) -> Firm:
    country = chance.choice(words.COUNTRIES)
    told = chance.choice(words.LINES) if chance.random() < 0.6 else chance.choice(words.TAILS)
    trade = f" {chance.choice(words.TRADES[country.language])}" if chance.random() < 0.5 else ""
    name = f"{mother.stem}{trade} {told} {chance.choice(country.forms)}"
    return Firm(code, name, chance.choice(country.towns), country.code, mother.stem, "daughter")


def _institution(chance: Random, country: words.Country, patron: str) -> tuple[str, str]:
    what, city = chance.choice(words.INSTITUTIONS[country.language]), chance.choice(country.towns)
    if country.language in ("de", "sv", "da", "nl") and not patron.startswith("Am ") and chance.random() < 0.6:
        name = f"{patron}-{what}" if country.language == "de" else f"{patron} {what}"
    else:
        name = f"{what} {patron}"
    return (f"{name} {city}" if chance.random() < 0.45 else name), city
