"""A backup restores to the same ledger, and a damaged one is refused before anything is touched."""

from __future__ import annotations

import shutil

import pytest
from django.db import connection

from steelyard.calc.errors import Refused
from steelyard.ledger import guards, models
from steelyard.ledger.backup import backup, tables_of
from steelyard.ledger.restore import restore
from steelyard.ledger.verify import verify

from .test_posting import standing
from .test_verify import filled

pytestmark = pytest.mark.django_db
__all__ = ["filled"]


def empty(settings, folder) -> None:
    """A new installation: what a new home and a new database would be."""
    with guards.lifted(connection):
        for model in tables_of():
            model._default_manager.all().delete()
    folder.mkdir()
    settings.STEELYARD_HOME = folder


def test_a_restored_ledger_is_equal_at_every_cut(filled, tmp_path, settings):
    (filled / "raw").mkdir()
    (filled / "raw" / "upload.csv").write_text("a,b\n")
    before, report = [standing(cut) for cut in range(7)], verify()
    rows = {model: list(model._default_manager.order_by("pk").values()) for model in tables_of()}
    backup(tmp_path / "copy")
    empty(settings, tmp_path / "new")
    restored = restore(tmp_path / "copy")
    assert (restored.problems, restored.hash, restored.figures) == ([], report.hash, report.figures)
    assert [standing(cut) for cut in range(7)] == before
    assert {model: list(model._default_manager.order_by("pk").values()) for model in tables_of()} == rows
    assert (tmp_path / "new" / "raw" / "upload.csv").read_text() == "a,b\n"
    models.TailRow.objects.create(kind="orders", source="x", payload={}, actor="x", received_at="2026-01-01T00:00Z")


def test_a_backup_needs_an_empty_folder_and_a_restore_an_empty_installation(filled, tmp_path):
    backup(tmp_path / "copy")
    with pytest.raises(Refused, match="new or empty folder"):
        backup(tmp_path / "copy")
    with pytest.raises(Refused, match="already holds data"):
        restore(tmp_path / "copy")


def _truncate_manifest(folder):
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes()[:-200])


def _flip_table(folder):
    path = folder / "tables" / "ledger_commit.jsonl"
    path.write_bytes(path.read_bytes().replace(b"anna", b"emma", 1))


def _flip_segment(folder):
    path = next((folder / "files" / "ledger").rglob("*.parquet"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _truncate_segment(folder):
    path = next((folder / "files" / "ledger").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize(
    "damage",
    [
        _truncate_manifest, _flip_table, _flip_segment, _truncate_segment,
        lambda folder: (folder / "manifest.json").unlink(), lambda folder: shutil.rmtree(folder / "tables"),
    ],
)  # fmt: skip
def test_a_damaged_backup_is_refused_before_the_target_is_touched(filled, tmp_path, settings, damage):
    backup(tmp_path / "copy")
    damage(tmp_path / "copy")
    empty(settings, tmp_path / "new")
    with pytest.raises(Refused):
        restore(tmp_path / "copy")
    assert not models.Segment.objects.exists()
    assert list((tmp_path / "new").iterdir()) == []


def test_a_backup_of_a_newer_version_is_refused(filled, tmp_path, settings, monkeypatch):
    monkeypatch.setattr("steelyard.ledger.backup.MigrationRecorder.applied_migrations", lambda self: {("ledger", "9999_later"): None})
    backup(tmp_path / "copy")
    empty(settings, tmp_path / "new")
    with pytest.raises(Refused, match="newer version"):
        restore(tmp_path / "copy")
