"""Commands about master data: for each master `list`, `show`, `add`, `change`, `retire`, all made by one factory.

The options of each command are the columns of the master's catalogue entry, so a column added there is an option here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any

import polars as pl
import typer

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.facts.kind import Column
from steelyard.calc.units import to_text
from steelyard.masters.actions import Actions, Loaded
from steelyard.masters.master import Master
from steelyard.masters.queries import Queries
from steelyard.partners.masters import EVERY

from .output import print_json, say, table
from .people import AsUser, acting

EXAMPLES = {
    "partners": "ALP --name 'Alpine Diagnostics' --type distributor --country CH",
    "territories": "ALPS --name Alps --parent EU",
    "representatives": "E1 --name 'Emil Ebner'",
    "assignments": "--representative E1 --territory ALPS --from 2012-07-01",
    "affiliations": "--person ROTH --organisation CAS --role 'head of laboratory'",
    "aliases": "--source sap --party 4711 --partner ALP",
    "authorities": "--kind orders --partner ALP --source sap --from 2012-01-01",
    "products": "ANA-1 --name 'Analyser One' --category SYS --strategic yes",
    "categories": "SYS --name Systems",
    "units": "--product REA-1 --unit box --factor 12",
    "attributes": "certified --about partner --type yes/no",
    "attribute_values": "--attribute certified --partner ALP --value yes --from 2012-01-01",
    "rates": "--source ecb --base EUR --quote USD --date 2012-07-02 --rate 1.2593",
    "calendars": "weeks --pattern 445 --start-month 1",
    "settings": "company --reporting-currency EUR",
}
NO_ADD = {"settings"}  # made by `steelyard init`, once

SHOWN_LIMIT = 200


def register(root: typer.Typer) -> None:
    """Add one group of commands for each master."""
    for master in EVERY.values():
        group = _group(master)
        if master.name == "partners":
            group.command("unmatched", epilog="Example: steelyard partners unmatched --json")(list_unmatched)
            group.command("match", epilog="Example: steelyard partners match")(match_by_name)
        root.add_typer(group, name=master.name)


def _group(master: Master) -> typer.Typer:
    group = typer.Typer(no_args_is_help=True, help=f"{master.kind.title}. {master.kind.meaning}")
    key = [column for column in master.columns if column.name in master.key]
    prefix = f"Example: steelyard {master.name}"
    group.command("list", epilog=f"{prefix} list --search al")(_list(master))
    group.command("show", epilog=f"{prefix} show {_key_example(master)} --history")(_with_options(_show(master), key, _SHOW))
    if master.name not in NO_ADD:
        beside = [_BESIDE] if master.exclusive else []
        group.command("add", epilog=f"{prefix} add {EXAMPLES[master.name]}")(_writing(master, "add", master.columns, beside))
        group.command("retire", epilog=f"{prefix} retire {_key_example(master)}")(_writing(master, "retire", key))
    if master.values:
        group.command("change", epilog=f"{prefix} change {EXAMPLES[master.name]}")(_writing(master, "change", master.columns))
    return group


def list_unmatched(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Party keys of facts that mean no partner yet; their lines count nowhere until they do."""
    from steelyard.attribution.unmatched import unmatched

    rows = unmatched()
    if as_json:
        print_json(rows.to_dicts())
        return
    table(["source", "party", "name", "lines", "first", "last"], rows.rows(), right=["lines"])


def match_by_name(as_user: AsUser = None) -> None:
    """Match what waits to partners of exactly that name; run by itself after each import of partners or aliases."""
    from steelyard.attribution.actions import match_waiting

    told = match_waiting(acting_user=acting(as_user))
    for source, named in told.items():
        for party, partner in named.items():
            say(f"{source}: {party} is {partner}")
    say(f"{sum(map(len, told.values()))} matched by name.")


def _key_example(master: Master) -> str:
    words = EXAMPLES[master.name].split(" --")
    if len(master.key) == 1:
        return words[0]
    return " ".join(f"--{word.removeprefix('--')}" for word in words if word.removeprefix("--").split()[0] in master.key)


# --- reading ----------------------------------------------------------------------------------------------------------


def _list(master: Master) -> Callable[..., None]:
    def command(
        search: Annotated[str, typer.Option(help="Only rows with this text somewhere, whatever its case.")] = "",
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        rows = Queries(EVERY).listing(master.name, search=search)
        if as_json:
            print_json(_spoken(master, rows))
            return
        _print(master, rows.head(SHOWN_LIMIT))
        if rows.height > SHOWN_LIMIT:
            say(f"… and {rows.height - SHOWN_LIMIT} more; use --search or --json")

    command.__doc__ = f"List {master.kind.title.lower()} as they are now."
    return command


def _show(master: Master) -> Callable[..., None]:
    def command(history: bool, as_json: bool, **given: Any) -> None:
        key = {name: value for name, value in given.items() if value is not None}
        queries = Queries(EVERY)
        rows = (
            queries.history_of(master.name, *(key.get(name, "") for name in master.key)) if history else queries.export(master.name, **key)
        )
        if rows.is_empty():
            queries.get(master.name, *key.values())  # refuses, naming the nearest
        if as_json:
            print_json(_spoken(master, rows))
        else:
            _print(master, rows)

    command.__doc__ = f"Show one of the {master.kind.title.lower()}: what is known from when to when, or every statement ever made."
    return command


def _print(master: Master, rows: pl.DataFrame) -> None:
    """A table without the columns that are blank in every row."""
    names = [name for name in rows.columns if name in master.key or rows[name].null_count() < rows.height]
    numbers = [column.name for column in master.columns if column.type not in ("text", "date", "yes/no")]
    spoken = ([row[name] for name in names] for row in _spoken(master, rows))
    table([name.replace("_", " ") for name in names], spoken, right=[name.replace("_", " ") for name in numbers])


def _spoken(master: Master, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as people and programs read them: numbers in natural units, as text."""
    units = {column.name: column.type for column in master.columns if column.dtype == pl.Int64()}
    return [
        {name: to_text(value, units[name]) if name in units and value is not None else value for name, value in row.items()}
        for row in rows.iter_rows(named=True)
    ]


# --- writing ----------------------------------------------------------------------------------------------------------


def _writing(master: Master, verb: str, columns: Sequence[Column], more: Sequence[inspect.Parameter] = ()) -> Callable[..., None]:
    def command(**given: Any) -> None:
        acting_user = acting(given.pop("as_user"))
        settings = {"reason": given.pop("reason"), "valid_from": _day("--from", given.pop("valid_from", None))}
        if "last_day" in given:
            settings["last_day"] = _day("--until", given.pop("last_day"))
        if given.pop("beside", False):
            settings["beside"] = True
        values = {name: value for name, value in given.items() if value is not None}
        loaded = getattr(Actions(EVERY), verb)(master.name, acting_user=acting_user, **settings, **values)
        _tell(master, verb, loaded)

    meaning = {
        "add": f"Add to the {master.kind.title.lower()}.",
        "change": "Change the values given; all others stay. An empty value makes blank.",
        "retire": "Say that it is over from a day on, or (without --from) that it never was.",
    }
    command.__doc__ = meaning[verb]
    dates = (_FROM, _UNTIL) if master.dated and verb != "retire" else (_FROM,) if master.dated else ()
    return _with_options(command, columns, [*dates, *more, _REASON, _AS])


def _tell(master: Master, verb: str, loaded: Loaded) -> None:
    if loaded.commit_seq is None:
        say(f"{master.kind.title}: this is known already; nothing was written.")
    else:
        said = {"add": "added", "change": "changed", "retire": "retired"}[verb]
        say(f"{master.kind.title}: {said} (cut {loaded.commit_seq}).")


def _day(option: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(Problem("bad-date", "this is not a date", option, text, "write it as 2012-07-01")) from None


# --- options ----------------------------------------------------------------------------------------------------------


def _option(name: str, kind: Any, default: Any, *flags: str, text: str) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, typer.Option(*flags, help=text)]
    )


_FROM = _option("valid_from", str | None, None, "--from", text="First day on which this is true; default: always.")
_UNTIL = _option("last_day", str | None, None, "--until", text="Last day on which this is true; default: for ever.")
_REASON = _option("reason", str, "", "--reason", text="Why; kept in the audit trail.")
_BESIDE = _option("beside", bool, False, "--beside", text="Whoever has the place keeps it too.")
_AS = inspect.Parameter("as_user", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=AsUser)
_SHOW = (
    _option("history", bool, False, "--history", text="Every statement ever made, with the commit that made it."),
    _option("as_json", bool, False, "--json", text="Print JSON."),
)


def _with_options(command: Callable[..., None], columns: Sequence[Column], more: Sequence[inspect.Parameter]) -> Callable[..., None]:
    """Give a command one option per column; the key of one column is an argument, as in `partners show ALP`."""
    keys = [column for column in columns if column.name == "code"]
    parameters = [inspect.Parameter(column.name, inspect.Parameter.KEYWORD_ONLY, annotation=_argument(column)) for column in keys]
    for column in columns:
        if column not in keys:
            flag, choices = f"--{column.name.replace('_', '-')}", f" ({', '.join(column.choices)})" if column.choices else ""
            what = f" ({column.type})" if column.type != "text" else choices
            parameters.append(_option(column.name, str | None, None, flag, text=f"{column.meaning[0].upper()}{column.meaning[1:]}{what}."))
    command.__signature__ = inspect.Signature([*parameters, *more])  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in [*parameters, *more]}
    return command


def _argument(column: Column) -> Any:
    return Annotated[str, typer.Argument(help=f"{column.meaning[0].upper()}{column.meaning[1:]}.")]
