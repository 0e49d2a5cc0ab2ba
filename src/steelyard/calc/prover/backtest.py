"""What partners had in a run: the values that some checks are made on. Another partner's name is never in a witness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..formula.nodes import Value
from ..scorecards import Cards
from ..units import Blank
from .backgrounds import Background
from .card import Card
from .findings import Given

LOOKED_AT = 24  # partners against whom every value is varied


@dataclass(frozen=True, slots=True)
class Backtest:
    """KPIs, readings (as vectors name them) and attributes of the subjects of a run, in natural units and one order."""

    period: str
    subjects: Sequence[str]
    kpis: Mapping[str, Sequence[Value]]
    measures: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    attributes: Mapping[str, Sequence[Value]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Partners:
    """The subjects of a back-test on the card of a framework."""

    backtest: Backtest
    givens: list[Given]
    cards: Cards
    unknown: frozenset[str]  # inputs that the run did not have

    @classmethod
    def of(cls, card: Card, backtest: Backtest) -> Partners:
        """The same subjects, scored by this framework."""
        columns = {**backtest.kpis, **backtest.measures}
        names = {name for scene in card.scenes for name in scene} & backtest.attributes.keys()
        givens: list[Given] = []
        for place in range(len(backtest.subjects)):
            given: dict[str, Value] = {name: columns[name][place] if name in columns else Blank("not known") for name in card.inputs}
            givens.append({**given, **{name: backtest.attributes[name][place] for name in names}})
        return cls(backtest, givens, card.cards(givens), frozenset(card.inputs.keys() - columns.keys()))

    def backgrounds(self) -> list[Background]:
        """Some of them, evenly over their totals, as what a value is varied against."""
        scored = [(total, place) for place, total in enumerate(self.cards.totals) if total is not None]
        order = [place for _, place in sorted(scored)]
        step = max(1, len(order) // LOOKED_AT)
        return [Background(self.givens[place], f"as {self.backtest.subjects[place]} had it") for place in order[::step][:LOOKED_AT]]
