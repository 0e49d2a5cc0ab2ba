"""Commands about the model that matches names: its certificate, what to audit, audits, learning, measuring."""

from __future__ import annotations

from typing import Annotated

import typer

from .output import print_json, say, table
from .people import AsUser, acting


def register(group: typer.Typer) -> None:
    """Add the commands to those about names."""
    group.command("state", epilog="Example: steelyard matching state")(state)
    group.command("to-audit", epilog="Example: steelyard matching to-audit --most 50")(to_audit)
    group.command("audit", epilog="Example: steelyard matching audit 4711 --source erp --right")(audit)
    group.command("learn", epilog="Example: steelyard matching learn")(learn)
    group.command("measure", epilog="Example: steelyard matching measure --json")(measure)


def state(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Whether the model may match names by itself, and what that rests on."""
    from steelyard.attribution.models_in_use import certificate

    found = certificate()
    if as_json:
        print_json(vars(found))
        return
    say(f"Automatic acceptance is {'on' if found.on else 'off'}: {found.why}.")
    titles = ["model", "accepts from", "names decided", "checked right", "wrong", "precision at least", "checks needed", "matches standing"]
    cells = [found.labels, found.right, found.wrong, f"{found.bound:.4f}", found.needed, found.automatic]
    table(titles, [[found.version, f"{found.accept_from:g}", *cells]])


def to_audit(
    most: Annotated[int, typer.Option(help="How many.", min=1, max=1000)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Matches of the model that nobody has checked: a fair sample, the same for everybody."""
    from steelyard.attribution import audits
    from steelyard.calc.units import to_text

    found = [vars(one) | {"probability": to_text(one.probability, "percent"), "margin": to_text(one.margin, "percent")}
             for one in audits.to_audit(most)]  # fmt: skip
    if as_json:
        print_json(found)
        return
    table(["source", "party", "name", "partner", "called", "probability", "margin"], (list(one.values()) for one in found))


def audit(
    party: Annotated[str, typer.Argument(help="The key or name at the source.")],
    source: Annotated[str, typer.Option(help="System of record that uses the name.")],
    right: Annotated[bool, typer.Option("--right/--wrong", help="Whether the match is right.")],
    partner: Annotated[str | None, typer.Option(help="If wrong: whom it means; blank: none of ours; left out: it waits again.")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit trail.")] = "",
    as_user: AsUser = None,
) -> None:
    """Say whether a match of the model is right. A wrong one is taken back or decided anew."""
    from steelyard.attribution.actions import audit_match

    done = audit_match(source=source, party=party, right=right, partner=partner, reason=reason, acting_user=acting(as_user))
    say(f"{party} of {source}: {'right' if right else 'wrong'}." if done else f"{party} of {source} was checked already.")


def learn(as_user: AsUser = None) -> None:
    """Make a model from what people decided; the worker does it by itself once enough was decided."""
    from steelyard.attribution.actions import learn as make

    kept = make(acting_user=acting(as_user))
    seen = f"of the decisions held back from it, it would have matched {kept.unseen_right} rightly and {kept.unseen_wrong} wrongly"
    say(f"{kept} {'is in use' if kept.in_use else 'is kept aside'}: {seen}.")


def measure(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """The model in use on made-up names of which it is known whom they mean."""
    from steelyard.attribution.labelled import halves, lessons
    from steelyard.attribution.models_in_use import in_use

    half = halves.half(halves.HELD_OUT, names=halves.HELD_OUT_NAMES)
    found = lessons.measured(lessons.outcomes(half, in_use().model))
    titles = {"exact names": ("letters", "name"), "model": ("model",), "both": lessons.METHODS}
    rows = {title: found.of(*methods) for title, methods in titles.items()}
    if as_json:
        print_json({"accepted": rows, "recall": found.recall} | vars(found))
        return
    figures = ["right", "wrong", "precision", "at least", "share"]
    shown = {"precision": ".4f", "at least": ".4f", "share": ".1%"}
    cells = ([title, *(format(of[name], shown.get(name, "")) for name in figures)] for title, of in rows.items())
    table(["accepted by", *figures], cells, right=figures)
    people = sum(found.to_people.values())
    say(f"Recall {found.recall:.1%}. Left to people: {people / found.firms:.1%} of {found.firms:,} names of firms.")
    say(f"Of {found.with_partner_to_people:,} of these that mean a partner {found.first_three:,} have it among the three shown.")
    say(f"Names of persons: {found.persons_accepted} of {found.persons:,} accepted.")
