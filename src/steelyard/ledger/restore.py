"""Restore: check a backup completely before touching the target, then load it and verify the result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from steelyard.calc.errors import Problem, Refused

from . import guards
from . import models as ledger_models
from .backup import FORMAT, MANIFEST, copy_file, tables_of
from .segments import file_digest, root
from .verify import Report, verify


def restore(folder: Path) -> Report:
    """Load a backup into a new, empty installation (migrated, nothing imported); ends with `verify`."""
    manifest = checked(folder)
    problems = [*_schema_problems(manifest), *_target_problems()]
    if problems:
        raise Refused(problems)
    for name in manifest["files"]:
        copy_file(folder / "files" / name, root() / name)
    wanted = tables_of()
    with transaction.atomic(), guards.lifted(connection):  # `init` left its first user and audit entries
        for model in wanted:
            model._base_manager.all().delete()
        for model in wanted:
            _load_table(model, folder / "tables" / f"{model._meta.db_table}.jsonl")
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), wanted):
                cursor.execute(statement)
    return verify()


def checked(folder: Path) -> dict[str, Any]:
    """The manifest, after every table and file of the backup was compared with it."""
    path = folder / MANIFEST
    if not path.is_file():
        raise Refused(Problem("not_a_backup", "there is no manifest; the backup was not finished or is none", found=str(folder)))
    text, _, seal = path.read_text(encoding="utf-8").rstrip("\n").rpartition("\n")
    if hashlib.sha256(text.encode()).hexdigest() != seal:
        raise Refused(Problem("manifest_altered", "the manifest is truncated or altered", found=str(path)))
    manifest: dict[str, Any] = json.loads(text)
    if manifest["format"] != FORMAT:
        raise Refused(Problem("newer_format", f"this version reads backups of format {FORMAT}", found=str(manifest["format"])))
    expected = {f"tables/{name}.jsonl": said["sha256"] for name, said in manifest["tables"].items()}
    expected |= {f"files/{name}": said["sha256"] for name, said in manifest["files"].items()}
    problems = []
    for name, sha256 in expected.items():
        if not (folder / name).is_file():
            problems.append(Problem("file_missing", "the backup lacks a file that its manifest lists", name))
        elif file_digest(folder / name) != sha256:
            problems.append(Problem("file_altered", "the file's bytes do not give the SHA-256 in the manifest", name))
    if problems:
        raise Refused(problems)
    return manifest


def _schema_problems(manifest: dict[str, Any]) -> list[Problem]:
    """A backup of a newer version is refused; one of an older version has no unknown migrations either."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations}
    unknown = sorted(set(manifest["migrations"]) - known)
    tables = set(manifest["tables"]) - {model._meta.db_table for model in tables_of()}
    hint = "install the version that made the backup, or a newer one"
    found = [Problem("newer_schema", "the backup was made by a newer version", found=name, hint=hint) for name in unknown]
    return found + [Problem("unknown_table", "no such table here", found=name, hint=hint) for name in sorted(tables)]


def _target_problems() -> list[Problem]:
    """Only an installation without commits, or with nothing but the one that `steelyard init` makes, may be overwritten."""
    if ledger_models.Commit.objects.exclude(seq=1, note="set-up").exists():
        hint = "run `steelyard init` in a new home and restore there"
        return [Problem("target_not_empty", "this installation already holds data", found=str(root()), hint=hint)]
    return []


def _load_table(model: type[models.Model], path: Path) -> None:
    """Insert the rows of one table as they were, without defaults or automatic dates."""
    if not path.is_file():
        return  # a table that the older version did not have yet
    with path.open(encoding="utf-8") as stream:
        names: list[str] = json.loads(next(stream))
        fields = {field.attname: field for field in model._meta.concrete_fields}
        columns = ", ".join(connection.ops.quote_name(fields[name].column or name) for name in names)
        marks = ", ".join(["%s"] * len(names))
        statement = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns}) VALUES ({marks})"
        with connection.cursor() as cursor:
            for lines in _batches(stream):
                rows = [[_stored(fields[n], v) for n, v in zip(names, json.loads(line), strict=True)] for line in lines]
                cursor.executemany(statement, rows)


def _stored(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(field, models.BinaryField):
        value = bytes.fromhex(value)
    return field.get_db_prep_save(field.to_python(value), connection)


def _batches(stream: Iterator[str], size: int = 2000) -> Iterator[list[str]]:
    while lines := list(islice(stream, size)):
        yield lines
