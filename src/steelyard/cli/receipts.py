"""Commands about receipts: receipt, verify-receipt. The second runs anywhere: it reads the file it is given and nothing else."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from steelyard.calc.errors import Problem, Refused

from .output import Exit, data, print_json, say, table
from .overrides import beside

Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]
VERIFY = "verify-receipt"


def register(root: typer.Typer) -> None:
    """Add the commands to the command line."""
    root.command(epilog="Example: steelyard receipt life-science --period 2025-Q4 --subject D-0001 --out D-0001.zip")(receipt)
    register_alone(root)


def register_alone(root: typer.Typer) -> None:
    """Add the one command that needs no installation: no settings, no database, no home."""
    root.command(VERIFY, epilog="Example: steelyard verify-receipt receipt-life-science-2025-Q4-D-0001.zip --receipt 44d1-4966-7d1c")(
        verify_receipt
    )


def alone() -> typer.Typer:
    """A command line of that command alone."""
    app = typer.Typer(name="steelyard", add_completion=False, pretty_exceptions_enable=False)
    app.callback()(lambda: None)  # so that the command is named, as it is among others
    register_alone(app)
    return app


def receipt(
    framework: str,
    period: Annotated[str, typer.Option("--period", help="2012-Q4, 2012-11, 2012, or the first day of a window.")],
    subject: Annotated[str, typer.Option(help="Code of the partner or representative.")],
    out: Annotated[Path | None, typer.Option(help="Write the bundle here: everything from which the score is computed again.")] = None,
    as_json: Json = False,
) -> None:
    """Show the receipt of a score, or write the bundle with which anybody computes it again offline."""
    from steelyard.ledger.queries import EVERYTHING
    from steelyard.scorecards import bundles, cards, issuing
    from steelyard.scorecards.overrides import queries
    from steelyard.scorecards.standing_words import whole_of

    card = cards.card(framework, period, subject, scope=EVERYTHING)
    told: dict[str, Any] = {"receipt": card.number, "subject": subject, "framework": framework, "period": period, "cut": card.run.cut}
    told |= {"published": card.publication is not None, "inputs": dict(card.run.inputs)}
    told["override"] = None if card.override is None else queries.told(card.override)
    whole = whole_of(card)
    told |= {"whole": {"subject": whole.subject, "level": whole.level, "receipt": whole.receipt}} if whole is not None else {}
    if out is not None:
        content = bundles.bundle(card.run, subject)
        out.write_bytes(content)
        told |= {"bundle": str(out), "bytes": len(content)}
    if as_json:
        print_json(told)
        return
    data().print(card.number or "–")
    for name, digest in card.run.inputs.items():
        say(f"{name}: {digest}")
    say(f"{len(issuing.text_of(card.run, subject)):,} bytes of figures at cut {card.run.cut}; {card.receipt} for short")
    if card.override is not None:
        say(f"{beside(card.override)}. The receipt proves what was calculated.")
    if whole is not None:
        say(f"{whole.subject} as a whole: {whole.level or 'no level'}, receipt {whole.receipt or '–'}")
    if out is not None:
        say(f"{out}: {told['bytes']:,} bytes. Verify it anywhere: steelyard {VERIFY} {out}")


def verify_receipt(
    bundle: Annotated[Path, typer.Argument(help="The file as it was downloaded.")],
    number: Annotated[str, typer.Option("--receipt", help="The number on the scorecard, whole or its first digits.")] = "",
    as_json: Json = False,
) -> None:
    """Compute a score again from its bundle and compare every figure with its receipt, offline. Exit code 3 if anything differs."""
    from steelyard.calc.receipts.recompute import verify

    try:
        found = verify(_content(bundle))
    except Refused as refused:
        if not as_json:
            raise
        print_json({"ok": False, "problems": [problem.as_dict() for problem in refused.problems]})
        raise typer.Exit(Exit.PROBLEMS) from None
    _must_be(found.number, number)
    if as_json:
        print_json({"ok": True, **asdict(found)})
        return
    _tell(found)


def _content(bundle: Path) -> bytes:
    try:
        return bundle.read_bytes()
    except OSError as error:
        raise Refused(Problem("no-file", "the file cannot be read", str(bundle), error.strerror or str(error), "check the path")) from None


def _must_be(found: str, wanted: str) -> None:
    if wanted and not found.startswith(wanted.replace("-", "").lower()):
        hint = "the bundle is of another score, or of another calculation of it"
        raise Refused(Problem("another-receipt", "the bundle has another number", found=found, hint=hint))


def _tell(found: Any) -> None:
    from steelyard.calc.units import to_text

    data().print(found.number)
    say(f"{found.subject}, {found.title or found.framework} {found.period}, at cut {found.cut}")
    rows: list[tuple[str, object]] = [(f"rows of {kind}", f"{count:,}") for kind, count in found.rows.items()]
    rows += [("readings", f"{found.readings:,}"), ("items", f"{found.items:,}")]
    rows += [("values of peers", f"{found.peers:,}")] if found.peers else []
    rows.append(("total", "none" if found.total is None else to_text(found.total, "points")))
    rows += [("level", found.level)] if found.level else []
    table(["computed again", "equal"], rows, right=["equal"])
    say("Every figure came out as the receipt says. Compare its number with the one on the scorecard.")
