"""What a command prints cannot command the terminal or a spreadsheet, nor is it read as markup."""

from __future__ import annotations

import csv

from steelyard.cli import output, scorecard_views
from steelyard.scorecards.tests.conftest import channel

__all__ = ["channel"]


def test_text_from_files_stands_as_it_is(capsys):
    output.table(("Code",), [("SAP:100:DE",), ("[bold]x[/bold]",), ("a\x1b]0;pwned\x07b",)])
    printed = capsys.readouterr().out
    assert "SAP:100:DE" in printed
    assert "[bold]x[/bold]" in printed
    assert "\x1b]0;" not in printed
    assert "\\x1b]0;pwned" in printed


def test_messages_show_control_characters(capsys):
    output.say("bad \x1b[2J cell")
    assert capsys.readouterr().err == "bad \\x1b[2J cell\n"


def test_scores_as_csv_are_the_figures_of_json_and_no_formula(channel, tmp_path):
    run = channel.score()
    target = tmp_path / "scores.csv"
    output.write_csv(scorecard_views.csv_rows(run), scorecard_views.CSV_HEAD, target)
    rows = {(row["subject"], row["kpi"]): row for row in csv.DictReader(target.read_text(encoding="utf-8").splitlines())}
    assert rows[("ALP", "net_sales")]["value"] == "140.00"
    json_rows = {(entry["subject"]["code"], item["kpi"]): item for entry in scorecard_views.items_of(run) for item in entry["items"]}
    assert {key: row["points"] for key, row in rows.items()} == {key: item["points"] or "" for key, item in json_rows.items()}
    assert scorecard_views.protected("@SUM(A1)") == "'@SUM(A1)"
