"""The halves as the model learns from them, and as any model is measured on them: the whole cascade, name by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steelyard.calc.matching.candidates import Index, Partner
from steelyard.calc.matching.certainty import lower_bound
from steelyard.calc.matching.letters import same_letters
from steelyard.calc.matching.model import Model
from steelyard.calc.matching.names import spoken
from steelyard.calc.matching.training import Example, Lesson
from steelyard.calc.matching.verdicts import Verdict, verdicts

from .halves import Half, Labelled


def index_of(half: Half) -> Index:
    """The partners of a half, nothing said of who is a person."""
    return Index(tuple(Partner(firm.code, firm.name, firm.city, firm.country) for firm in half.partners))


def lesson(half: Half, *, count_as: int | None = None) -> Lesson:
    """What the normal form alone does not tell, as examples; ``count_as``: how many decisions all of them are worth."""
    index = index_of(half)
    left = [one for one in half.names if index.same(spoken(one.text)) < 0]
    weight = min(1.0, count_as / len(left)) if count_as else 1.0
    return Lesson([Example(one.text, one.code, weight) for one in left], index)


@dataclass(frozen=True)
class Outcome:
    """What became of one name: matched by ``letters``, ``name`` or ``model`` to ``code``, or left to people (method blank)."""

    name: Labelled
    method: str
    code: str
    verdict: Verdict | None

    @property
    def right(self) -> bool:
        return self.code == self.name.code


def outcomes(half: Half, model: Model) -> list[Outcome]:
    """The cascade without codes and decisions: the same letters, the same normal form, the model."""
    index = index_of(half)
    bearers: dict[str, list[int]] = {}
    for row, partner in enumerate(index.partners):
        bearers.setdefault(same_letters(partner.name), []).append(row)
    found: list[Outcome] = []
    rest: list[Labelled] = []
    for name in half.names:
        said = spoken(name.text)
        same = bearers.get(same_letters(name.text), [])
        if len(same) == 1 and not said.personal and not index.names[same[0]].personal:
            found.append(Outcome(name, "letters", index.partners[same[0]].code, None))
        elif (row := index.same(said)) >= 0:
            found.append(Outcome(name, "name", index.partners[row].code, None))
        else:
            rest.append(name)
    for name, verdict in zip(rest, verdicts([one.text for one in rest], index, model), strict=True):
        accepted = verdict.first.code if verdict.accepts and verdict.first else ""
        found.append(Outcome(name, "model" if accepted else "", accepted, verdict))
    return found


@dataclass(frozen=True)
class Measured:
    """Figures of the cascade on names of which we know whom they mean; persons apart."""

    firms: int
    with_partner: int
    by_method: Mapping[str, tuple[int, int]]  # accepted: right, wrong
    to_people: Mapping[str, int]  # why -> names
    with_partner_to_people: int
    first_three: int  # of these: the right partner is among the three shown
    persons: int
    persons_accepted: int

    def of(self, *methods: str) -> dict[str, Any]:
        """Accepted by these methods together: right, wrong, precision, its lower bound, share of all firms."""
        right = sum(self.by_method.get(method, (0, 0))[0] for method in methods)
        wrong = sum(self.by_method.get(method, (0, 0))[1] for method in methods)
        share = (right + wrong) / self.firms if self.firms else 0.0
        precision = right / (right + wrong) if right + wrong else 0.0
        return {"right": right, "wrong": wrong, "precision": precision, "at least": lower_bound(right, wrong), "share": share}

    @property
    def recall(self) -> float:
        """Of the names that mean a partner, the share that was matched to it without a person."""
        return sum(right for right, _wrong in self.by_method.values()) / self.with_partner


METHODS = ("letters", "name", "model")


def measured(found: Sequence[Outcome]) -> Measured:
    """The figures of these outcomes."""
    firms = [one for one in found if not one.name.personal]
    persons = [one for one in found if one.name.personal]
    right = Counter(one.method for one in firms if one.method and one.right)
    wrong = Counter(one.method for one in firms if one.method and not one.right)
    people = [one for one in firms if not one.method]
    meant = [one for one in people if one.name.code]
    near = sum(one.verdict is not None and one.name.code in [near.code for near in one.verdict.nearest] for one in meant)
    return Measured(
        len(firms), sum(bool(one.name.code) for one in firms), {method: (right[method], wrong[method]) for method in METHODS},
        dict(Counter(one.verdict.why for one in people if one.verdict).most_common()), len(meant), near, len(persons),
        sum(bool(one.method) for one in persons),
    )  # fmt: skip
