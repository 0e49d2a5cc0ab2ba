"""What is wrong, where, what was found, what to do: the one shape of every message in the product."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, as a value. ``code`` is stable and documented; only an error refuses. A finding is what the prover shows."""

    code: str
    message: str
    where: str = ""
    found: str = ""
    hint: str = ""
    severity: Literal["error", "warning", "finding"] = "error"

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        found = f" · found {self.found}" if self.found else ""
        hint = f" · {self.hint}" if self.hint else ""
        return f"{place}{self.message}{found}{hint}"

    def as_dict(self) -> dict[str, str]:
        """The problem as plain text values, for ``--json`` and the API."""
        return asdict(self)


class Refused(Exception):
    """Raised when something cannot be done; carries every problem found, never only the first."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: list[Problem] = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Missing(Refused):
    """Raised when there is no such thing for this reader: never told apart from a thing of somebody else."""

    def __init__(self) -> None:
        super().__init__(
            Problem("missing", "there is nothing here under this address", hint="it may have moved, or it is not yours to see")
        )


class Conflict(Refused):
    """Raised when somebody else was quicker: what was read before is no longer so."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest known name, or all known names if they are few, or nothing."""
    names = sorted(set(known))
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 15 else ""
