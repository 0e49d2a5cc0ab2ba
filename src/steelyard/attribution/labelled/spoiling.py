"""What people and systems do to a name before it arrives: the rules of the labelled set, each with its name.

None of this is known to the normaliser. The rules are listed in the documentation with their shares.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from . import words
from .firms import Firm

Rule = Callable[[str, Firm, Random], str]
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SPELT = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "æ": "ae", "å": "aa", "œ": "oe",
    "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Æ": "Ae", "Å": "Aa", "Œ": "Oe",
}  # fmt: skip
_MARKED, _PLAIN = "äöüßøæåéèêëàâáçñíìîïóòôúùûłńśźżćąęÄÖÜØÆÅÉÈÓÁŁŚŻŹÑÇÍÚ", "aousoaaeeeeaaacniiiiooouuulnszzcaeAOUOAAEEOALSZZNCIU"
BARE = dict(zip(_MARKED, _PLAIN, strict=True))


def legal_form(name: str, firm: Firm, chance: Random) -> str:
    """The legal form left out, written otherwise, or added twice."""
    for form in sorted({form for country in words.COUNTRIES for form in country.forms}, key=len, reverse=True):
        if name.endswith(f" {form}"):
            bare, draw = name[: -len(form) - 1], chance.random()
            if draw < 0.5 or form not in words.LONG_FORMS:
                return bare
            return f"{bare} {chance.choice(words.LONG_FORMS[form])}"
    return name


def slip(name: str, firm: Firm, chance: Random) -> str:
    """One letter dropped, doubled, swapped with its neighbour or hit beside on the keyboard."""
    places = [place for place, letter in enumerate(name) if letter.isalpha() and place]
    if len(places) < 4:
        return name
    place = chance.choice(places[:-1])
    how = chance.randrange(4)
    if how == 0:
        return name[:place] + name[place + 1 :]
    if how == 1:
        return name[:place] + name[place] + name[place:]
    if how == 2:
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    row = next((row for row in KEYBOARD if name[place].lower() in row), KEYBOARD[1])
    spot = row.find(name[place].lower())
    return name[:place] + row[min(max(spot + chance.choice((-1, 1)), 0), len(row) - 1)] + name[place + 1 :]


def two_slips(name: str, firm: Firm, chance: Random) -> str:
    """Two slips of the pen."""
    return slip(slip(name, firm, chance), firm, chance)


def abbreviated(name: str, firm: Firm, chance: Random) -> str:
    """One long word cut short, as lists of customers do."""
    parts = name.split()
    long = [place for place, part in enumerate(parts) if part.lower() in words.SHORT or (place and len(part) > 7 and part.isalpha())]
    if not long:
        return name
    place = chance.choice(long)
    word = parts[place]
    known = words.SHORT.get(word.lower())
    if known:
        parts[place] = chance.choice(known)
    elif chance.random() < 0.7:
        parts[place] = word[: chance.randrange(3, 6)] + "."
    else:
        parts[place] = word[0] + "".join(letter for letter in word[1:] if letter.lower() not in "aeiouäöü")[:4]
    return " ".join(parts)


def turned(name: str, firm: Firm, chance: Random) -> str:
    """The words in another order."""
    parts = name.split()
    if len(parts) < 3:
        return name
    return " ".join([*parts[1:], parts[0]] if chance.random() < 0.5 else [parts[1], parts[0], *parts[2:]])


def translated(name: str, firm: Firm, chance: Random) -> str:
    """A trade or an institution in another language."""
    for table in (words.INSTITUTIONS, words.TRADES):
        for own in table.values():
            for place, word in enumerate(own):
                if word in name and len(word) > 4:
                    other = chance.choice([table[language][place] for language in table if table[language][place] != word] or [word])
                    return name.replace(word, other, 1)
    return name


def department(name: str, firm: Firm, chance: Random) -> str:
    """Who ordered there."""
    return name + chance.choice((" - ", ", ", " ", " / ")) + chance.choice(words.DEPARTMENTS)


def town(name: str, firm: Firm, chance: Random) -> str:
    """The town written behind the name."""
    return name if firm.city in name else name + chance.choice((", ", " ", " - ")) + firm.city


def spelt_out(name: str, firm: Firm, chance: Random) -> str:
    """Umlauts and the like as two letters."""
    return "".join(SPELT.get(letter, letter) for letter in name)


def bare(name: str, firm: Firm, chance: Random) -> str:
    """Accents lost."""
    return "".join(BARE.get(letter, letter) for letter in name)


def cut(name: str, firm: Firm, chance: Random) -> str:
    """As long as the field of an old system."""
    return name[: chance.choice((20, 30, 35))]


def merged(name: str, firm: Firm, chance: Random) -> str:
    """Two words written as one."""
    gaps = [place for place, letter in enumerate(name) if letter == " "]
    if not gaps:
        return name
    place = chance.choice(gaps)
    return name[:place] + name[place + 1 :]


def split(name: str, firm: Firm, chance: Random) -> str:
    """One long word written as two."""
    parts = name.split()
    long = [place for place, part in enumerate(parts) if len(part) > 7]
    if not long:
        return name
    place = chance.choice(long)
    middle = chance.randrange(3, len(parts[place]) - 2)
    parts[place] = parts[place][:middle] + chance.choice((" ", "-")) + parts[place][middle:]
    return " ".join(parts)


def capital(name: str, firm: Firm, chance: Random) -> str:
    """Everything in capitals, or nothing."""
    return name.upper() if chance.random() < 0.8 else name.lower()


def punctuation(name: str, firm: Firm, chance: Random) -> str:
    """Dots, commas, hyphens and spaces as they come."""
    how = chance.randrange(4)
    if how == 0:
        return name.replace(".", "").replace("-", " ")
    if how == 1:
        return name.replace(" ", "  ", 1)
    if how == 2:
        head, _, tail = name.rpartition(" ")
        return f"{head}, {tail}" if head else name
    return name.replace("&", chance.choice(("und", "and", "+", "u.", "et")))


def dropped(name: str, firm: Firm, chance: Random) -> str:
    """One word behind the first left out."""
    parts = name.split()
    if len(parts) < 4:
        return name
    del parts[chance.randrange(1, len(parts) - 1)]
    return " ".join(parts)


def initials(name: str, firm: Firm, chance: Random) -> str:
    """An institution by its first letters."""
    parts = [part for part in name.replace("-", " ").split() if part[0].isalpha()]
    return "".join(part[0].upper() for part in parts) + f" {firm.city}" if firm.kind == "institution" and len(parts) > 2 else name


def surname_first(name: str, firm: Firm, chance: Random) -> str:
    """A person as lists have them."""
    parts = name.replace("Dr. med. ", "").replace("Prof. ", "").replace("Dr. ", "").split()
    return f"{' '.join(parts[1:])}, {parts[0] if chance.random() < 0.7 else parts[0][0] + '.'}" if firm.personal else name


SHARES: tuple[tuple[Rule, int], ...] = (  # how often each is chosen, of their sum
    (legal_form, 22), (slip, 14), (two_slips, 3), (abbreviated, 11), (turned, 5), (translated, 4), (department, 6), (town, 9),
    (spelt_out, 8), (bare, 8), (cut, 9), (merged, 4), (split, 3), (capital, 10), (punctuation, 10), (dropped, 3),
    (initials, 1), (surname_first, 3),
)  # fmt: skip
_LAST = (cut,)  # what systems do comes after what people do


def spoilt(firm: Firm, chance: Random) -> tuple[str, tuple[str, ...]]:
    """The name as it arrives, and the rules that changed it: none in one of ten, else up to three."""
    many = chance.choices((0, 1, 2, 3), (10, 35, 35, 20))[0]
    chosen: list[Rule] = []
    while len(chosen) < many:
        rule = chance.choices([rule for rule, _share in SHARES], [share for _rule, share in SHARES])[0]
        if rule not in chosen:
            chosen.append(rule)
    chosen.sort(key=lambda rule: rule in _LAST)
    name, told = firm.name, []
    for rule in chosen:
        changed = rule(name, firm, chance)
        if changed != name:
            told.append(rule.__name__)
        name = changed
    return name.strip(), tuple(told)
