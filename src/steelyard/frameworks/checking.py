"""Checking a framework's text: its problems, and what the prover finds; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from steelyard.calc.errors import Problem
from steelyard.calc.framework.model import Framework
from steelyard.calc.lists.cost import Cost, judged
from steelyard.calc.prover import Backtest, Finding, prove, prove_vectors
from steelyard.calc.vectors import read_vectors

from .costs import estimates
from .house import read_here
from .vectors import failures

# what a reader of findings looks for first, with the codes that belong to it; what is left comes last
TOPICS: tuple[tuple[Any, frozenset[str]], ...] = (
    (_("What nobody can do"), frozenset({
        "level-impossible", "level-not-found", "way-closed", "levels-together", "levels-equal", "gate-never-holds", "gate-always-holds",
        "threshold-between-totals", "points-out-of-reach", "best-total",
    })),
    (_("What goes the wrong way"), frozenset({"points-against-better", "better-scores-less", "no-data-beats-bad"})),
    (_("What moves at one step"), frozenset({"cliff"})),
    (_("What vectors would not notice"), frozenset({"unvectored"})),
    (_("What partners show"), frozenset()),
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """What became of a text. ``framework`` is None if it is refused; ``failed`` are vectors that do not hold, or mistakes in them."""

    framework: Framework | None
    problems: list[Problem]
    failed: list[Problem]
    findings: list[Finding]
    costs: list[Cost] = field(default_factory=list)  # about how many lines lists would keep, where there is a ledger

    @property
    def fits(self) -> bool:
        """Whether it can be applied."""
        return self.framework is not None and not self.failed


def check(
    text: str,
    vectors: str = "",
    *,
    file: Path | None = None,
    ask: bool = True,
    strength: bool = False,
    partners: Callable[[str], Backtest] | None = None,
) -> Checked:
    """Read the text, run its vectors, prove it; with ``strength`` also which changes the vectors would not notice.

    ``file``: where the text lies, so that the base of a region is looked for beside it. ``ask``: whether there is a house to ask.
    ``partners``: gives what partners had, by the framework's code.
    """
    framework, problems = read_here(text, file if file is not None and file.is_file() else None, ask=ask)
    if framework is None:
        return Checked(None, problems, [], [])
    failed = failures(text, vectors, framework.base) if vectors.strip() else []
    findings = prove(framework, partners(framework.code) if partners is not None else None)
    if strength:
        findings += prove_vectors(framework, read_vectors(vectors, framework)[0])
    costs = estimates(framework) if ask and framework.lists else []
    return Checked(framework, judged(framework, problems, costs), failed, findings, costs)


def grouped(findings: Sequence[Finding]) -> list[tuple[Any, list[Finding]]]:
    """Findings by what they are about, each group in the order found."""
    named = frozenset(code for _title, codes in TOPICS for code in codes)
    groups = [(title, [one for one in findings if one.code in codes or (not codes and one.code not in named)]) for title, codes in TOPICS]
    return [(title, found) for title, found in groups if found]
