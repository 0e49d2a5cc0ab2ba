"""A name as it is compared: one normal form, its words, and what must never be matched by machine."""

from __future__ import annotations

from dataclasses import dataclass

from . import legal, letters, persons

NORMALISER = "1"  # changes when the same name would come out differently


@dataclass(frozen=True, slots=True)
class Spoken:
    """A name in its normal form.

    ``full``: everything but letters nobody hears; ``core``: without legal forms; both with AE, OE, UE and AA as one letter,
    so that MUELLER and MÜLLER are one. ``form``: the legal form taken off. ``personal``: a person's; ``unclear``: may be one;
    ``foreign``: has letters that look like others.
    """

    full: str
    core: str
    form: str
    personal: bool
    unclear: bool
    foreign: bool

    @property
    def by_machine(self) -> bool:
        """Whether anything short of the same letters may match this name without a person."""
        return bool(self.core) and not self.personal and not self.unclear and not self.foreign


def spoken(text: str) -> Spoken:
    """A name as it is compared."""
    words = _together(words_of(text))
    core, form = legal.without(words)
    told = [words_of(text) for text in reversed(text.split(",", 1))] if "," in text else []
    turned = [word for part in told for word in part]  # `Surname, Given`
    personal = persons.personal(core, legal=bool(form)) or (bool(turned) and persons.personal(turned, legal=bool(form)))
    unclear = persons.unclear(core, legal=bool(form))
    return Spoken(_folded(" ".join(words)), _folded(" ".join(core)), form, personal, unclear, letters.foreign(text))


def words_of(text: str) -> list[str]:
    """The words of a text in capitals."""
    return letters.capitals(text).split()


def _together(words: list[str]) -> list[str]:
    """Single letters that follow each other are one word: S P A, A S."""
    if all(len(word) > 1 for word in words):
        return words
    found: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            found.append(run)
            run = ""
        if word:
            found.append(word)
    return found


def _folded(text: str) -> str:
    if "E" not in text and "AA" not in text:
        return text
    return text.replace("AE", "A").replace("OE", "O").replace("UE", "U").replace("AA", "A")
