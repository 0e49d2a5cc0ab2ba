"""Importing, looking and taking back on the command line."""

import json

import pytest
import typer
from typer.testing import CliRunner

from steelyard.calc.errors import Refused
from steelyard.cli import intake
from steelyard.intake.reading import read
from steelyard.intake.tests.test_importing import MARCH

app = typer.Typer()
intake.register(app)


def run(*words, code=0):
    outcome = CliRunner().invoke(app, [str(word) for word in words])
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    assert outcome.exit_code == code, outcome.output
    return outcome.stdout


def told(*words):
    """What a command that ends well says on stderr."""
    outcome = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return " ".join(outcome.stderr.split())


@pytest.fixture
def march(tmp_path, channel_cast):
    path = tmp_path / "march.csv"
    path.write_text(MARCH)
    return path


def test_one_file_gives_one_object_with_counts_and_sums(march):
    told = json.loads(run("import", "orders", march, "--source", "erp", "--json"))
    counts = ["rows_in", "accepted", "restated", "quarantined", "duplicates", "blank", "filtered", "unmatched"]
    assert list(told)[:11] == ["batch", *counts, "amounts", "cut"]
    assert (told["rows_in"], told["accepted"], told["amounts"]["USD"]["accepted"]) == (3, 3, "10.00")
    assert "A1" in run("export", "orders")


def test_a_dry_run_shows_how_values_are_read_and_changes_nothing(march):
    shown = run("import", "orders", march, "--source", "erp", "--dry-run")
    assert "2026-03-02" in shown and "100.50" in shown
    assert json.loads(run("batches", "list", "--json")) == []


def test_several_files_give_a_list_and_a_refused_one_stops_no_other(march, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    told = json.loads(run("import", "orders", bad, march, "--source", "erp", "--json", code=3))
    assert (told[0]["accepted"], told[1]["file"], told[1]["refused"][0]["code"]) == (3, "bad.csv", "required_column_absent")


def test_quarantined_rows_are_listed_exported_and_exit_with_4(march, tmp_path):
    march.write_text(MARCH + "C1,1,2026-02-30,ALP,ANA-1,1,5,EUR\n")
    told = json.loads(run("import", "orders", march, "--source", "erp", "--json", code=4))
    (row,) = json.loads(run("quarantine", "list", "--batch", told["batch"], "--json"))
    assert (row["row"], row["problems"][0]["code"], row["problems"][0]["found"]) == (5, "bad_date", "2026-02-30")
    assert "bad_date" in run("quarantine", "list")
    out = tmp_path / "fix.csv"
    run("quarantine", "export", told["batch"], "--out", out)
    assert read(out.read_bytes(), "fix.csv").headers[-4:] == ("steelyard_batch", "steelyard_row", "steelyard_problem", "steelyard_hint")


def test_the_same_bytes_again_end_well_and_say_how_many_rows_still_wait(march):
    march.write_text(MARCH + "C1,1,2026-02-30,ALP,ANA-1,1,5,EUR\nC2,1,2026-02-30,ALP,ANA-1,1,5,EUR\n")
    number = json.loads(run("import", "orders", march, "--source", "erp", "--json", code=4))["batch"]
    for words in (["import", "orders", march, "--source", "erp"], ["batches", "replay", number]):
        said = told(*words)
        assert f"already loaded as batch {number}; nothing new." in said
        assert f"2 rows of it still wait: steelyard quarantine list --batch {number}" in said


def test_a_batch_is_shown_and_undone(march):
    number = json.loads(run("import", "orders", march, "--source", "erp", "--json"))["batch"]
    assert json.loads(run("batches", "show", number, "--json"))["status"] == "committed"
    assert "march.csv" in run("batches", "show", number) and "orders" in run("batches", "list")
    run("batches", "undo", number, "--as", "anna", "--reason", "wrong month")
    assert json.loads(run("batches", "show", number, "--json"))["status"] == "undone"
    with pytest.raises(Refused, match="there is no such batch"):
        run("batches", "show", 10**9)


def test_a_mapping_file_and_a_look_up_file_beside_the_data(march, tmp_path):
    (tmp_path / "names.csv").write_text("code,partner\nALP,BOR\nBOR,ALP\n")
    mapping = tmp_path / "m.yaml"
    columns = "document: document, line: line, date: date, amount: amount, currency: currency"
    lookup = "{file: names.csv, key: code, value: partner}"
    mapping.write_text(f"kind: orders\nsource: erp\ncolumns: {{{columns}, party: {{from: party, lookup: {lookup}}}}}\nextra: ignore\n")
    run("import", "orders", march, "--mapping", mapping)
    assert read(run("export", "orders").encode(), "o.csv").frame.height == 3
    mapping.write_text("kind: orders\ncolums: {}\n")
    with pytest.raises(Refused, match="did you mean `columns`"):
        run("import", "orders", march, "--mapping", mapping)


def test_a_nil_report_needs_its_days(channel_cast):
    words = ["import", "sell_through", "--nil", "--source", "portal", "--party", "BOR"]
    run(*words, code=2)
    told = json.loads(run(*words, "--from", "2026-01-01", "--until", "2026-01-31", "--json"))
    assert (told["rows_in"], told["accepted"]) == (1, 1)


def test_exports_go_to_files_of_three_kinds(march, tmp_path):
    run("import", "orders", march, "--source", "erp")
    for form in ("csv", "xlsx", "parquet"):
        out = tmp_path / f"orders.{form}"
        run("export", "orders", "--out", out)
        assert read(out.read_bytes(), out.name).rows == 3
    run("export", "orders", "--format", "xlsx", code=2)


@pytest.mark.parametrize("words", [["import"], ["export"], ["batches", "list"], ["batches", "undo"], ["quarantine", "export"]])
def test_every_command_has_help_with_an_example(words):
    assert "Example: steelyard" in " ".join(run(*words, "--help").split())


def test_an_undo_says_which_matches_stay(march):
    march.write_text(MARCH.replace(",ALP,", ",Alpine Diagnostics,"))
    number = json.loads(run("import", "orders", march, "--source", "erp", "--json"))["batch"]
    said = told("batches", "undo", number)
    assert "Names matched for erp stay remembered (1)" in said and "steelyard aliases retire --source erp" in said


def test_a_file_of_a_new_source_is_read_by_itself_where_all_is_certain_and_proposed_where_not(tmp_path, channel_cast):
    sure, unsaid, out = tmp_path / "sure.csv", tmp_path / "open.csv", tmp_path / "m.yaml"
    sure.write_text("Report of March\n\norder;date;customer;amount;currency\nZ1;31.03.2025;N01;10,50;EUR\n", encoding="utf-8")
    said = told("import", "orders", sure, "--source", "till")
    assert "it was read so, and this is remembered" in said and "header: 3" in said
    unsaid.write_text("customer;amount\nN01;10,50\n", encoding="utf-8")
    refused = json.loads(run("import", "orders", unsaid, "--source", "other", "--json", code=3))["refused"]
    assert {"Which currency are the amounts in?"} < {problem["message"] for problem in refused}
    assert "Written to" in told("import", "orders", unsaid, "--source", "other", "--propose", out)
    assert "# Which currency are the amounts in?" in out.read_text(encoding="utf-8") and "amount: amount" in out.read_text(encoding="utf-8")
