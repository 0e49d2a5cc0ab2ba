"""Files of frameworks are read where nothing is installed; what needs a home says so. No test here may touch a database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError
from typer.testing import CliRunner

from steelyard.calc.errors import Refused
from steelyard.cli.assemble import app
from steelyard.frameworks import house

ROOT = Path(__file__).parents[4]
WORKED = ROOT / "docs" / "worked"


@pytest.fixture
def said(tmp_path, monkeypatch):
    """What a command prints, or the problems it raises, in a folder where nothing is installed."""

    def away():
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(house.connection.introspection, "table_names", away)
    monkeypatch.chdir(tmp_path)

    def run(*words):
        ended = CliRunner().invoke(app, ["framework", *words])
        if isinstance(ended.exception, Refused):
            return str(ended.exception)
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        return ended.output

    return run


def test_a_region_is_checked_and_tested_with_the_base_beside_it(tmp_path, said):
    for name in ("points.yaml", "region.yaml"):
        (tmp_path / name).write_bytes((WORKED / name).read_bytes())
    (tmp_path / "region.vectors.yaml").write_text("vectors: [{name: a, given: {points: {total: 50}}, expect: {points: 51}}]\n")
    assert "vector `a` does not hold" in said("check", "region.yaml", "--vectors")
    assert "expected 51, found 50" in said("test", "region.yaml")
    assert "counts" in said("sentences", "region.yaml")


def test_a_region_without_its_base_says_what_to_do(tmp_path, said):
    (tmp_path / "region.yaml").write_bytes((WORKED / "region.yaml").read_bytes())
    (tmp_path / "region.vectors.yaml").write_text("vectors: [{name: a, given: {points: {total: 50}}, expect: {points: 51}}]\n")
    for command in (("check", "region.yaml", "--vectors"), ("test", "region.yaml"), ("sentences", "region.yaml")):
        text = said(*command)
        assert "(line 3, column 10): the base `points` is not there" in text and "lay points.yaml beside" in text


def test_a_mistake_and_a_file_that_is_no_text_are_told_with_their_lines(tmp_path, said):
    (tmp_path / "wrong.yaml").write_text("framework: x\nsubject: nobody\n")
    assert "subject (line 2, column" in said("check", "wrong.yaml")
    (tmp_path / "own.yaml").write_text("framework: x\nsubject: partner\ngrain: quarter\nattributes: {partner: {tier: text}}\n")
    assert "No errors" in said("check", "own.yaml")  # nobody knows what the company declared
    (tmp_path / "latin.yaml").write_bytes(b"framework: x\ntitle: M\xfcller\n")
    assert "latin.yaml (line 2): this is not UTF-8" in said("check", "latin.yaml")


def test_what_needs_a_home_says_how_to_make_one(tmp_path):
    environment = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
    environment |= {"STEELYARD_HOME": str(tmp_path / "nothing"), "PYTHONPATH": str(ROOT / "src")}
    (tmp_path / "nothing").mkdir()
    command = [sys.executable, "-m", "steelyard", "framework", "list"]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert ended.returncode == 3 and "Traceback" not in ended.stderr
    assert "no database yet" in ended.stderr and "run `steelyard init`" in ended.stderr
