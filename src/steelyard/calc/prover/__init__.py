"""The prover: what a framework does that its author may not have meant, each with a witness (docs/how-to/check-a-framework.md).

It begins at KPI values: whatever lists and measures make of rows, the card is a function of its KPIs, of measures that gates
and levels read themselves, and of attributes. Nothing is guessed: what a check suspects is shown by computing the real card
for the witness, and what it claims to be impossible follows from exact intervals. Nothing refuses a framework.
"""

from .backtest import Backtest
from .findings import Finding
from .proving import prove
from .strength import prove_vectors

__all__ = ["Backtest", "Finding", "prove", "prove_vectors"]
