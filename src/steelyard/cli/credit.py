"""Commands about credit: the rules, which one is in force, how revenue would move under another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .output import Exit, print_json, say, show_problems, table
from .people import AsUser, acting

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(root: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="Credit of order lines: rules, the one in force, how revenue moves under another.", no_args_is_help=True)
    group.command("rules", epilog="Example: steelyard credit rules")(rules)
    group.command("show", epilog="Example: steelyard credit show linear")(show)
    group.command("add", epilog="Example: steelyard credit add ours.yaml --reason 'as agreed in May'")(add)
    group.command("use", epilog="Example: steelyard credit use ours --reason 'as agreed in May'")(use)
    group.command("moves", epilog="Example: steelyard credit moves linear --period 2025-Q4")(moves)
    group.command("line", epilog="Example: steelyard credit line 4294967296")(line)
    root.add_typer(group, name="credit")


def rules(as_json: AsJson = False) -> None:
    """Every credit rule, and which one is in force."""
    from steelyard.attribution.credit import rules as known

    now, choice = known.in_force()
    rows = [
        {"rule": one.code, "version": one.version, "title": one.rule.title, "in_force": one.label == now.label, "by": one.made_by}
        for one in known.every()
    ]
    if as_json:
        print_json(rows)
        return
    table(
        ["rule", "version", "title", "in force"],
        ([r["rule"], r["version"] or "", r["title"], "yes" if r["in_force"] else ""] for r in rows),
    )
    if choice is not None:
        say(f"In force since {choice.made_at:%Y-%m-%d %H:%M} by {choice.made_by}: {choice.reason}")


def show(rule: Annotated[str, typer.Argument(help="Name of the rule.")]) -> None:
    """A rule as YAML, to begin another with."""
    from steelyard.attribution.credit import rules as known

    typer.echo(known.rule_named(rule).text, nl=False)


def add(
    file: Annotated[Path, typer.Argument(help="The rule as YAML.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the version.")] = "",
    as_user: AsUser = None,
) -> None:
    """Check a rule and keep it as its next version. It is not in force until `credit use`."""
    from steelyard.attribution.actions import add_credit_rule
    from steelyard.calc.errors import Refused

    try:
        kept, fresh = add_credit_rule(text=file.read_text(encoding="utf-8"), acting_user=acting(as_user), reason=reason)
    except Refused as refused:
        show_problems(refused.problems)
        raise typer.Exit(Exit.PROBLEMS) from None
    say(f"{kept} is kept." if fresh else f"{kept} has this text already; nothing was written.")


def use(
    rule: Annotated[str, typer.Argument(help="Name of the rule.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    version: Annotated[int | None, typer.Option(help="Which version (default: the newest).")] = None,
    as_user: AsUser = None,
) -> None:
    """Put a rule in force. Published scores keep counting by the ordering partner."""
    from steelyard.attribution.actions import choose_credit_rule

    changed = choose_credit_rule(code=rule, version=version, acting_user=acting(as_user), reason=reason)
    say(f"{rule} is in force." if changed else f"{rule} is in force already.")


def moves(
    rule: Annotated[str, typer.Argument(help="The rule held against the one in force.")],
    period: Annotated[str, typer.Option(help="2025-Q4, 2025 or all (default: the newest quarter with orders).")] = "",
    as_json: AsJson = False,
) -> None:
    """How each partner's revenue would move; both rules share out the same sum."""
    from steelyard.attribution.credit import days, rules, wording
    from steelyard.attribution.credit import moves as reads
    from steelyard.calc.money import format
    from steelyard.ledger.scope import EVERYTHING

    now, _choice = rules.in_force()
    chosen = days.chosen(period)
    found = reads.moves(now, rules.rule_named(rule), chosen, scope=EVERYTHING)
    if as_json:
        money = ("now", "other", "difference")
        rows = [{**row, **{name: format(row[name]) for name in money}} for row in found.iter_rows(named=True)]
        print_json({"period": chosen.label, "in_force": now.label, "other": rule, "partners": rows})
        return
    moved = found.filter(found["difference"] != 0)
    table(
        ["partner", "name", "currency", "now", "other", "difference"],
        (
            [row["partner"] or "nobody yet", row["name"], row["currency"], *(format(row[name]) for name in ("now", "other", "difference"))]
            for row in moved.iter_rows(named=True)
        ),
        right=["now", "other", "difference"],
    )
    sums = ", ".join(f"{currency} {format(total)}" for currency, total in wording.sums(found.to_dicts(), "now"))
    say(f"{chosen.label}: {moved.height} of {found.height} rows move. Both rules share out {sums or 'nothing'}.")


def line(
    row: Annotated[int, typer.Argument(help="Number of the order line.")],
    as_json: AsJson = False,
) -> None:
    """One order line under every rule: who would be credited with which share, and why."""
    from steelyard.attribution.credit import moves as reads
    from steelyard.attribution.credit import rules, wording
    from steelyard.calc.credit.rule import ROLES
    from steelyard.calc.money import format
    from steelyard.calc.scorecards.shares import exact_text
    from steelyard.ledger.scope import EVERYTHING

    known = rules.every()
    _line, shares = reads.one_line(row, known, scope=EVERYTHING)
    told = [
        {
            "rule": rule.label, "partner": one["partner"] or "", "role": ROLES[one["role"]],
            "share": exact_text(one["numerator"], one["denominator"]), "part": format(one["part"]), "currency": one["currency"],
            "why": wording.why(reads.reasons([one]), {one["person"]: one["person"]} if one["person"] else {}),
        }
        for rule, parts in zip(known, shares, strict=True)
        for one in parts.iter_rows(named=True)
    ]  # fmt: skip
    if as_json:
        print_json(told)
        return
    table(list(told[0]), (list(one.values()) for one in told), right=["share", "part"])
