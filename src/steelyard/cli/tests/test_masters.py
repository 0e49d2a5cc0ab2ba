"""Masters and people on the command line."""

import json

import pytest
import typer
from typer.testing import CliRunner

from steelyard.audit.queries import entries
from steelyard.calc.errors import Refused
from steelyard.cli import accounts, masters

app = typer.Typer()
masters.register(app)
accounts.register(app)


def run(*words):
    outcome = CliRunner().invoke(app, list(words))
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout


def test_anna_adds_changes_shows_and_retires_a_partner(channel_cast):
    run("partners", "add", "NEW", "--name", "Newcomer", "--country", "FR", "--status", "active", "--as", "anna")
    run("partners", "change", "NEW", "--city", "Lyon", "--from", "2012-07-01", "--as", "anna", "--reason", "moved house")
    shown = json.loads(run("partners", "show", "NEW", "--json"))
    assert [(row["city"], row["valid_from"], row["valid_to"]) for row in shown] == [
        (None, None, "2012-06-30"),
        ("Lyon", "2012-07-01", None),
    ]
    assert (entries().last().actor, entries().last().reason) == ("anna", "moved house")
    run("partners", "retire", "NEW", "--from", "2013-01-01")
    assert json.loads(run("partners", "list", "--search", "newcomer", "--json"))[0]["status"] == "ended"
    assert "Newcomer" in run("partners", "show", "NEW", "--history")


def test_a_key_of_several_columns_is_given_by_options(channel_cast):
    run("assignments", "add", "--representative", "F1", "--territory", "ALPS", "--from", "2012-07-01", "--until", "2012-09-30")
    shown = json.loads(run("assignments", "show", "--territory", "ALPS", "--json"))
    assert [(row["representative"], row["valid_to"]) for row in shown] == [("E1", "2012-06-30"), ("E1", None), ("F1", "2012-09-30")]


def test_numbers_are_shown_in_natural_units(channel_cast):
    run("units", "add", "--product", "REA-1", "--unit", "box", "--factor", "12.5")
    assert json.loads(run("units", "list", "--json"))[0]["factor"] == "12.5"


def test_a_bad_date_is_refused(channel_cast):
    with pytest.raises(Refused, match="this is not a date"):
        run("partners", "retire", "ALP", "--from", "1.7.2012")


def test_an_unknown_code_names_the_nearest(channel_cast):
    with pytest.raises(Refused, match="did you mean `ALP`"):
        run("partners", "show", "ALPP")


@pytest.mark.parametrize("name", sorted(masters.EVERY))
def test_every_master_has_its_commands_with_an_example(channel_cast, name):
    assert "--search" in run(name, "list", "--help")
    assert f"steelyard {name} show" in " ".join(run(name, "show", "--help").split())
    run(name, "list")


def test_people_are_added_listed_changed_and_deactivated(cast):
    run("user", "add", "eve", "--name", "Eve Egli", "--role", "auditor")
    run("user", "change", "eve", "--role", "operator")
    run("user", "deactivate", "eve")
    eve = next(row for row in json.loads(run("user", "list", "--json")) if row["username"] == "eve")
    assert (eve["roles"], eve["active"]) == (["operator"], False)
    assert "Anna Amstutz" in run("user", "list")
