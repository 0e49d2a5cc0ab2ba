"""Mappings, documents, e-mails and who sees what on the command line."""

import json
from smtplib import SMTPRecipientsRefused

import pytest
import typer
from django.core.mail import EmailMessage
from typer.testing import CliRunner

from steelyard.accounts import actions as people
from steelyard.audit.queries import entries
from steelyard.calc.errors import Conflict, Missing, Refused
from steelyard.cli import accounts, documents, mappings, messages
from steelyard.intake import actions as intake
from steelyard.outbox import actions as outbox

app = typer.Typer()
for module in (accounts, documents, mappings, messages):
    module.register(app)


def run(*words):
    outcome = CliRunner().invoke(app, list(words))
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout


def told(*words):
    return json.loads(run(*words, "--json"))


@pytest.fixture
def versions(cast):
    """The texts of two versions of one mapping."""
    texts = [f"kind: orders\nsource: erp\ndecimal: '{sign}'\n" for sign in ".,"]
    return [intake.rewrite_mapping(kind="orders", source="erp", text=text, acting_user=cast.anna).text for text in texts]


def test_who_sees_everything_is_said_to(channel_cast):
    run("user", "add", "eve", "--name", "Eve Egli", "--role", "auditor")
    run("user", "add", "finn", "--name", "Finn Frei", "--role", "partner_manager", "--sees", "territory:ALPS")
    run("user", "add", "gil", "--name", "Gil Graf", "--role", "partner_manager")
    people.deactivate_user(username="gil", acting_user=people.set_up())
    sees = {row["username"]: row["sees"] for row in told("user", "list")}
    assert (sees["eve"], sees["finn"], sees["gil"]) == (["everything"], ["territory:ALPS"], [])
    run("user", "deactivate", "eve")
    assert next(row for row in told("user", "list") if row["username"] == "eve")["sees"] == []
    assert "everything" in run("user", "list")


def test_mappings_are_listed_and_shown_version_by_version(versions):
    assert [(row["kind"], row["source"], row["version"], row["by"]) for row in told("mappings", "list")] == [("orders", "erp", 2, "anna")]
    assert [row["version"] for row in told("mappings", "list", "--kind", "orders", "--source", "erp")] == [2, 1]
    first, second = versions
    assert run("mappings", "show", "orders", "erp") == second != first
    assert run("mappings", "show", "orders", "erp", "--version", "1") == first
    assert told("mappings", "show", "orders", "erp")["text"] == second
    assert CliRunner().invoke(app, ["mappings", "list", "--kind", "orders"]).exit_code == 2
    with pytest.raises(Refused, match="versions 1 to 2"):
        run("mappings", "show", "orders", "erp", "--version", "3")
    with pytest.raises(Refused, match="no such mapping"):
        run("mappings", "show", "orders", "nobody")


def test_an_e_mail_that_was_given_up_is_tried_again_and_its_text_is_not_shown(cast, monkeypatch):
    def no_server(*_args, **_kwargs):
        raise SMTPRecipientsRefused({})

    monkeypatch.setattr(EmailMessage, "send", no_server)
    made = outbox.send(to="x@example.com", subject="Welcome", text="https://steelyard.example/secret")
    outbox.deliver_due()
    (row,) = told("messages", "list", "--state", "failed")
    assert (row["number"], row["to"], row["attempts"]) == (made.pk, "x@example.com", 1) and row["error"] and "secret" not in str(row)
    run("messages", "retry", str(made.pk), "--as", "anna")
    assert told("messages", "list", "--state", "failed") == [] and "waiting" in run("messages", "list")
    assert entries(action="message tried again").get().actor == "anna"
    with pytest.raises(Conflict, match="given up"):
        run("messages", "retry", str(made.pk))


def test_a_document_is_added_listed_and_written(channel_cast, tmp_path, settings):
    settings.STEELYARD_HOME = tmp_path / "home"
    file, out = tmp_path / "prices.txt", tmp_path / "out.txt"
    file.write_text("REA-1;12.50\n")
    run("documents", "add", "ALP", str(file), "--as", "anna")
    (row,) = told("documents", "list", "--partner", "ALP")
    assert (row["partner"], row["title"], row["type"], row["by"]) == ("ALP", "prices", "text/csv", "anna")
    run("documents", "export", str(row["number"]), "--out", str(out))
    assert out.read_bytes() == file.read_bytes()
    assert run("documents", "export", str(row["number"])) == file.read_text()
    with pytest.raises(Missing):
        run("documents", "add", "NOBODY", str(file))
    with pytest.raises(Refused, match="cannot be read"):
        run("documents", "add", "ALP", str(tmp_path / "nothing.pdf"))


def test_documents_of_others_are_not_there(channel_cast, tmp_path, settings):
    settings.STEELYARD_HOME = tmp_path / "home"
    file = tmp_path / "prices.txt"
    file.write_text("REA-1;12.50\n")
    run("documents", "add", "ALP", str(file))
    (row,) = told("documents", "list")
    run("user", "add", "nora", "--name", "Nora Noll", "--role", "partner_manager")
    assert told("documents", "list", "--as", "nora") == []
    for words in (("export", str(row["number"])), ("add", "ALP", str(file))):
        with pytest.raises(Missing):
            run("documents", *words, "--as", "nora")
