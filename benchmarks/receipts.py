"""The receipts of every partner of a period, written again from what is stored and compared with those that were issued."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import data, scoring
from .measure import Line, seconds


def run(quick: bool) -> Iterator[Line]:
    """5,000 partners, thirty KPIs; two of them compare everybody with everybody."""
    from steelyard.frameworks import actions as frameworks
    from steelyard.scorecards import actions, issuing

    user = data.masters(scoring.PARTNERS)
    scoring.lines_of(1_000_000, user)  # receipts are read from what was stored: more lines make none of it slower
    text = (Path(__file__).parent / "thirty.yaml").read_text(encoding="utf-8")
    place = "\n  place_by_{name}: {{formula: percentile({name}), unit: percent, better: higher, no_data: skip}}"
    places = "".join(place.format(name=name) for name in ("net", "units"))
    text = text.replace("\nkpis:", f"\nkpis:{places}", 1).replace("framework: thirty", "framework: compared")
    frameworks.apply(text=text, acting_user=user)
    saved = actions.run(framework="compared", period="2023-12", acting_user=user)

    def verify() -> None:
        problems = issuing.check(saved)
        if problems:
            raise RuntimeError(str(problems[0]))

    taken = seconds(verify, repeat=1 if quick else 2)
    yield Line(f"receipts of {saved.subjects:,} partners verified", taken, 10, 5, "s", f"{taken / saved.subjects * 1e6:,.0f} µs each")
