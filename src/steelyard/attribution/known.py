"""The partners as names are compared with them, kept in the process until a partner or an affiliation changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from steelyard.calc.matching.candidates import Index, Partner
from steelyard.calc.matching.letters import same_letters
from steelyard.calc.matching.names import spoken
from steelyard.calc.matching.persons import TYPES
from steelyard.ledger import queries as ledger
from steelyard.partners import queries as partners


@dataclass(frozen=True)
class Known:
    """All partners at a state of the masters; what one name means exactly is looked up once."""

    state: tuple[int, str]  # how many statements there are, and the hash of the commit of the last
    index: Index
    by_letters: dict[str, int]  # the row of the only partner with this name, -1 where several have it
    _found: dict[str, str] = field(default_factory=dict)

    def by_name(self, text: str) -> str:
        """The partner that this name means exactly ("": none): the same letters, or the same normal form. Never a person's."""
        if text not in self._found:
            self._found[text] = self._by_name(text)
        return self._found[text]

    def _by_name(self, text: str) -> str:
        said = spoken(text)
        row = self.by_letters.get(same_letters(text), -2)
        if row == -2:
            row = self.index.same(said)
        elif row >= 0 and (said.personal or self.index.names[row].personal):
            row = -1
        return self.index.partners[row].code if row >= 0 else ""


_kept: list[Known] = []
_lock = Lock()


def known() -> Known:
    """Read again only after a partner or an affiliation has changed; what is not committed yet is not kept."""
    statements, seq = partners.names_changed()
    state = (statements, ledger.chain_hash(seq))
    with _lock:
        if _kept and _kept[0].state == state and state[1]:
            return _kept[0]
        now = _read(state)
        if state[1]:
            _kept[:] = [now]
        return now


def _read(state: tuple[int, str]) -> Known:
    index = Index(tuple(
        Partner(one.code, one.name, one.city, one.country, one.personal or one.type.casefold() in TYPES) for one in partners.all_called()
    ))  # fmt: skip
    by_letters: dict[str, int] = {}
    for row, partner in enumerate(index.partners):
        name = same_letters(partner.name)
        by_letters[name] = -1 if name in by_letters else row
    return Known(state, index, by_letters)


def match_names(names: Iterable[str]) -> dict[str, str]:
    """Name -> code, for the names that mean exactly one partner."""
    now = known()
    return {name: code for name in set(names) if (code := now.by_name(name))}
