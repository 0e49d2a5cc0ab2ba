"""Backup and restore of a whole installation: the database first, then the files that it lists.

A backup is a folder: one text file of JSON lines per table, the files of the home, and a manifest with the SHA-256 of
each. The database is read in one snapshot while others write; files are immutable, so copying them afterwards is
enough. Tables are text, so that a backup made on SQLite can be restored on PostgreSQL and the other way round.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from steelyard.calc.errors import Problem, Refused

from . import models as ledger_models
from .segments import WriterLock, file_digest, root, sync_folder

FORMAT = 1
MANIFEST = "manifest.json"
_NOT_COPIED = ("cache", "ledger")  # the cache is made again; of the ledger only listed segments are copied


def backup(folder: Path) -> dict[str, Any]:
    """Write a backup into a new folder, while others read and write; returns its manifest."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused(Problem("folder_not_empty", "a backup needs a new or empty folder", found=str(folder)))
    (folder / "tables").mkdir(parents=True)
    lock = WriterLock()  # keeps a sweep from removing files between the snapshot and their copies
    try:
        with _snapshot():
            tables = {model._meta.db_table: _write_table(model, folder) for model in tables_of()}
            head = ledger_models.Head.objects.filter(pk=1).values("seq", "hash").first() or {"seq": 0, "hash": ""}
            segments = list(ledger_models.Segment.objects.filter(removed_at__isnull=True).values_list("path", flat=True))
            applied = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
        files = {name: copy_file(root() / name, folder / "files" / name) for name in [*segments, *_other_files(folder)]}
    finally:
        lock.release()
    manifest = {
        "format": FORMAT, "made_at": timezone.now().isoformat(), "head": head, "migrations": applied,
        "tables": tables, "files": files,
    }  # fmt: skip
    text = json.dumps(manifest, indent=1, sort_keys=True)
    seal = hashlib.sha256(text.encode()).hexdigest()
    (folder / MANIFEST).write_text(f"{text}\n{seal}\n", encoding="utf-8")  # last, so that an unfinished backup has none
    sync_folder(folder)
    return manifest


def tables_of() -> list[type[models.Model]]:
    """The models of every table of the installation, in stable order."""
    there = set(connection.introspection.table_names())
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in there]
    return sorted((model for model in found if not model._meta.proxy), key=lambda model: model._meta.db_table)


@contextmanager
def _snapshot() -> Iterator[None]:
    """One consistent view of the database without holding up writers: a deferred transaction, or repeatable read."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _write_table(model: type[models.Model], folder: Path) -> dict[str, Any]:
    """One table as JSON lines, a row a line, in key order."""
    fields = [field.attname for field in model._meta.concrete_fields]
    path = folder / "tables" / f"{model._meta.db_table}.jsonl"
    rows = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(fields) + "\n")
        for values in model._default_manager.order_by("pk").values_list(*fields).iterator(chunk_size=5000):
            stream.write(json.dumps(values, cls=ExactEncoder, ensure_ascii=False) + "\n")
            rows += 1
    return {"rows": rows, "sha256": file_digest(path)}


class ExactEncoder(DjangoJSONEncoder):
    """Times to the microsecond; bytes as hexadecimal text."""

    def default(self, o: Any) -> Any:
        if hasattr(o, "isoformat"):
            return o.isoformat()
        return o.hex() if isinstance(o, bytes | memoryview) else super().default(o)


def _other_files(backup_folder: Path) -> list[str]:
    """Files of the home beside the ledger's: raw uploads, results, ... but no database, cache, temporary file or backup."""
    database = str(connection.settings_dict["NAME"])
    found = []
    for path in sorted(root().rglob("*")):
        inside = path.relative_to(root())
        if not path.is_file() or inside.parts[0] in _NOT_COPIED or inside.name.endswith((".writing", ".part")):
            continue
        if str(path).startswith(database) or backup_folder.resolve() in path.resolve().parents:
            continue
        found.append(inside.as_posix())
    return found


def copy_file(source: Path, target: Path) -> dict[str, Any]:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return {"size": target.stat().st_size, "sha256": file_digest(target)}
