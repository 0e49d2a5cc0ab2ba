"""The sample company on a terminal: make it, load it, score it, and show what there is to see."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from steelyard.accounts.queries import user as user_named
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.units import to_text
from steelyard.company import actions as company
from steelyard.config.installation import initialise
from steelyard.demo import atlas, papers, reviews
from steelyard.demo.generate import write
from steelyard.demo.load import Loaded, load
from steelyard.demo.people import PASSWORD, PEOPLE, add_people
from steelyard.frameworks import actions as frameworks
from steelyard.scorecards import actions as scorecards
from steelyard.scorecards import queries

from .output import data, progress, say, table
from .scorecard_views import explanation_view, ranking_view, short, waterfall_view

if TYPE_CHECKING:
    from steelyard.scorecards.models import Run

FRAMEWORKS = ("life-science", "dealer-basic", "referral-partners")
BEFORE, LATEST = "2025-Q3", "2025-Q4"
GRADES = ("A", "B", "C", "D")
WHERE = "`steelyard demo` serves it; another STEELYARD_HOME makes another."
STORY = "GB-0001"  # the falling giant


def run(*, folder: Path | None = None, scale: str = "full", seed: int = 7) -> None:
    """Everything, from nothing to a ranking, an explanation and a change that adds up."""
    started = time.monotonic()
    initialise()
    add_people()
    company.change_settings(
        name=atlas.COMPANY, reporting_currency=atlas.CURRENCY, reason="sample company", acting_user=user_named("system")
    )
    anna, ben = user_named("anna"), user_named("ben")
    place = folder or Path(settings.STEELYARD_HOME) / "sample-company"
    with _step("writing the files of 36 months"):
        write(place, seed=seed, scale=_scale(scale))
    with progress("loading through the ordinary intake") as advance:
        loaded = load(place, acting_user=anna, progress=lambda path, done, total: advance(1))
    _show_intake(loaded)
    examples = files("steelyard.frameworks").joinpath("examples")
    for name in FRAMEWORKS:
        text, vectors = (examples.joinpath(f"{name}{end}.yaml").read_text(encoding="utf-8") for end in ("", ".vectors"))
        frameworks.apply(text=text, vectors=vectors, acting_user=anna)
        if name == "dealer-basic":
            frameworks.apply(text=papers.next_version(text), vectors=vectors, acting_user=anna)
    with _step("scoring two quarters"):
        before = scorecards.run(framework=FRAMEWORKS[0], period=BEFORE, acting_user=anna)
        after = scorecards.run(framework=FRAMEWORKS[0], period=LATEST, acting_user=anna)
    for scored in (before, after):
        scorecards.publish(framework=FRAMEWORKS[0], period=scored.period, reason="sample company", acting_user=ben)
    with _step("opening the reviews of the quarter"):
        papers.add_papers(STORY, {"anna": anna, "ben": ben})
        reviews.add_reviews(FRAMEWORKS[0], LATEST)
    _show(before, after)
    say(f"\nDone in {time.monotonic() - started:.0f} seconds, everything in {settings.STEELYARD_HOME}. Look further:")
    program = "steelyard" if shutil.which("steelyard") else os.path.relpath(sys.argv[0])  # `make demo` puts it on nobody's path
    for line in (
        f"explain life-science --period {LATEST} --subject IT-0001 --kpi sell_in_attainment --rows",
        f"why life-science --subject PL-0001 --from {BEFORE} --to {LATEST}",
        "quarantine list",
        "framework sentences life-science",
        "verify",
    ):
        say(f"  {program} {line}")


def is_made() -> bool:
    """Whether the sample company is there, whole: its last step is done."""
    from steelyard.scorecards.queries import published

    initialise()
    return published(FRAMEWORKS[0], LATEST) is not None and reviews.are_there()


def refuse_a_taken_port(host: str, port: int) -> None:
    """Before half a minute is spent."""
    from steelyard.config.serving import refuse_a_taken_port as refuse

    refuse(host, port)


def serve(*, host: str, port: int, afresh: bool) -> None:
    """Serve the sample company and say who can sign in. After making it, in a process that starts anew and holds less memory."""
    from .serving import run as serve_pages

    if afresh:
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "steelyard", "demo", "--host", host, "--port", str(port)])
    log = Path(settings.STEELYARD_HOME) / "log"
    log.mkdir(exist_ok=True)
    serve_pages(host=host, port=port, output=log / "steelyard.log", told=tuple(sign_ins(log / "steelyard.log")))


def sign_ins(log: Path) -> Iterator[str]:
    """One person for each role, and the password of all."""
    yield ""
    yield f"Sign in as one of these; the password of all is {PASSWORD}"
    for person in PEOPLE:
        yield f"  {person.username:<6} {person.title:<42} {person.sees}"
    yield f"\nEverything is in {settings.STEELYARD_HOME}; what the server does is logged in log/{log.name}"


def _scale(text: str) -> Decimal:
    try:
        return {"small": Decimal("0.1"), "full": Decimal(1)}.get(text) or Decimal(text)
    except InvalidOperation:
        raise Refused(
            Problem("bad-scale", "the scale is not a number", "--scale", text, "write small, full, or a number such as 2")
        ) from None


class _step:
    """Says what takes time, and how long it took."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.started = time.monotonic()
        say(f"{self.what} …")

    def __exit__(self, *failure: object) -> None:
        if failure[0] is None:
            say(f"{self.what}: {time.monotonic() - self.started:.1f} s")


def _show_intake(loaded: Loaded) -> None:
    kinds: dict[str, list[int]] = {}
    for outcome in loaded.outcomes.values():
        row = kinds.setdefault(outcome.kind, [0] * 7)
        figures = (1, outcome.rows_in, outcome.accepted, outcome.restated, outcome.quarantined, outcome.duplicates, outcome.unmatched)
        kinds[outcome.kind] = [a + b for a, b in zip(row, figures, strict=True)]
    head = ("Kind", "Files", "Rows", "Accepted", "Restated", "Quarantined", "Duplicates", "Unmatched")
    table(
        head,
        [(kind, *(f"{figure:,}" for figure in figures)) for kind, figures in kinds.items()],
        title=f"Taken in, in {loaded.seconds:.0f} seconds",
        right=head[1:],
    )


def _show(before: Run, after: Run) -> None:
    levels = {result.subject: result.level for result in queries.results(after)}
    counts = {grade: sum(level == grade for level in levels.values()) for grade in GRADES}
    largest = max(counts.values()) or 1
    data().print()
    rows = [(grade, count, "█" * round(40 * count / largest)) for grade, count in counts.items()]
    rows.append(("–", sum(level is None for level in levels.values()), "not graded, each with its reason"))
    table(("Grade", "Partners", ""), rows, title=f"Grades of {after.period}", right=("Partners",))
    data().print()
    ranking_view(after)
    data().print()
    told = queries.explain(after, STORY)
    explanation_view(told, told.tree)
    data().print()
    waterfall_view(STORY, before, after, queries.why(before, after, STORY).waterfall)
    total = sum(result.total or 0 for result in queries.results(after))
    graded = max(1, sum(level is not None for level in levels.values()))
    say(f"{after.subjects} partners scored, {to_text(total, 'points')} points in all, mean {short(total // graded)}")
