"""Commands about names that mean no partner yet: decide one or several, take back, list what was decided."""

from __future__ import annotations

from typing import Annotated

import typer

from . import matching_model
from .output import print_json, say, table
from .people import AsUser, acting

Source = Annotated[str, typer.Option(help="System of record that uses the name.")]
Party = Annotated[str, typer.Argument(help="The key or name at the source.")]
Partner = Annotated[str, typer.Option(help="Code of the partner it means; blank: none of ours.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit trail.")]


def register(root: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="Names that mean no partner yet, and decisions about them.", no_args_is_help=True)
    group.command("decide", epilog="Example: steelyard matching decide 4711 --source erp --partner GB-0001")(decide)
    group.command("several", epilog="Example: steelyard matching several 'skaraby' --partner SE-0001 --yes")(several)
    group.command("undo", epilog="Example: steelyard matching undo 4711 --source erp")(undo)
    group.command("decisions", epilog="Example: steelyard matching decisions --json")(listed)
    matching_model.register(group)
    root.add_typer(group, name="matching")


def decide(party: Party, source: Source, partner: Partner, reason: Reason = "", as_user: AsUser = None) -> None:
    """Say which partner a name means, for all facts that came and will come."""
    from steelyard.attribution import names
    from steelyard.attribution.actions import decide_name

    name = names.find(source, party)
    sure = names.certainty(name, partner) if name and partner else (None, None)
    changed = decide_name(source=source, party=party, partner=partner, acting_user=acting(as_user), reason=reason, certainty=sure)
    meant = partner or "none of ours"
    say(f"{party} of {source} is {meant}." if changed else f"{party} of {source} is {meant} already; nothing was written.")


def several(
    words: Annotated[str, typer.Argument(help="Words that the names or keys hold.")],
    partner: Partner,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, it is only counted.")] = False,
    reason: Reason = "",
    as_user: AsUser = None,
) -> None:
    """Say which partner all waiting names with these words mean. Counted first; done with --yes."""
    from steelyard.attribution import names, waiting
    from steelyard.attribution.actions import decide_names

    found = waiting.ordered("value", words)
    table(["source", "party", "name", "rows"], ([one.source, one.party, one.title, one.rows] for one in names.some(found)), right=["rows"])
    rows = int(found["rows"].sum())
    if not yes:
        say(f"{found.height} names with {rows} rows would mean {partner or 'none of ours'}. Add --yes to decide so.")
        return
    done = decide_names(keys=found.select(waiting.KEY).iter_rows(), partner=partner, acting_user=acting(as_user), reason=reason)
    say(f"{done} names with {rows} rows mean {partner or 'none of ours'}.")


def undo(party: Party, source: Source, reason: Reason = "", as_user: AsUser = None) -> None:
    """Take a decision back: the name waits again."""
    from steelyard.attribution.actions import take_back_name

    done = take_back_name(source=source, party=party, acting_user=acting(as_user), reason=reason)
    say(f"{party} of {source} waits again." if done else f"{party} of {source} waits already.")


def listed(
    most: Annotated[int, typer.Option(help="How many, the newest first.", min=1, max=10_000)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What was decided about names: how, how sure, by whom, whether it stands."""
    from steelyard.attribution import decisions
    from steelyard.calc.units import to_text

    found = decisions.told(decisions.records().order_by("-pk")[:most])
    rows = [
        {
            "source": one.source, "party": one.party, "partner": one.partner, "method": one.method,
            "probability": None if one.probability is None else to_text(one.probability, "percent"),
            "margin": None if one.margin is None else to_text(one.margin, "percent"),
            "by": one.by, "at": one.at, "stands": one.stands,
        }
        for one in found
    ]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    cells = ([f"{row['at']:%Y-%m-%d %H:%M}" if name == "at" and row["at"] else row[name] for name in row] for row in rows)
    table(["source", "party", "partner", "method", "probability", "margin", "by", "at", "stands"], cells)
