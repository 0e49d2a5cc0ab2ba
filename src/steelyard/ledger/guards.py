"""Database triggers that refuse to alter what was recorded: a second wall below the code.

Use in a migration: ``operations = [guards.append_only("partners_partnerhistory")]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import migrations

_ACTIONS = ("update", "delete", "truncate")


class AppendOnly(migrations.RunPython):
    """Refuse DELETE (and TRUNCATE), and UPDATE of the named columns; of every column if none is named."""

    def __init__(self, table: str, fixed: tuple[str, ...] = ()) -> None:
        self.table, self.fixed = table, fixed
        super().__init__(
            lambda apps, editor: protect(editor.connection, table, fixed),
            lambda apps, editor: release(editor.connection, table),
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table, self.fixed], {}


def append_only(table: str, *fixed: str) -> AppendOnly:
    """A migration operation that protects a table."""
    return AppendOnly(table, fixed)


def protect(connection: Any, table: str, fixed: tuple[str, ...] = ()) -> None:
    """Create the triggers of one table."""
    columns = f" OF {', '.join(fixed)}" if fixed else ""
    message = f"{table} is append-only"
    if connection.vendor == "sqlite":
        statements = [
            f"CREATE TRIGGER {table}_no_{action} BEFORE {target} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for action, target in (("update", f"UPDATE{columns}"), ("delete", "DELETE"))
        ]
    else:
        refuse = f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql"
        statements = [f"{refuse} AS $$ BEGIN RAISE EXCEPTION '{message}'; END $$"]
        statements += [
            f"CREATE TRIGGER {table}_no_{action} BEFORE {target} ON {table} FOR EACH {each} EXECUTE FUNCTION {table}_refuse()"
            for action, target, each in (
                ("update", f"UPDATE{columns}", "ROW"),
                ("delete", "DELETE", "ROW"),
                ("truncate", "TRUNCATE", "STATEMENT"),
            )
        ]
    _execute(connection, statements)


def release(connection: Any, table: str) -> None:
    """Drop the triggers of one table."""
    if connection.vendor == "sqlite":
        statements = [f"DROP TRIGGER IF EXISTS {table}_no_{action}" for action in ("update", "delete")]
    else:
        statements = [f"DROP TRIGGER IF EXISTS {table}_no_{action} ON {table}" for action in _ACTIONS]
        statements.append(f"DROP FUNCTION IF EXISTS {table}_refuse()")
    _execute(connection, statements)


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Without any guard, for a restore into an empty installation: inside a transaction, so that a crash restores them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_no\\_%' ESCAPE '\\'")
            found = cursor.fetchall()
            off, on = [f"DROP TRIGGER {name}" for name, _ in found], [sql for _, sql in found]
        else:
            cursor.execute(
                "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal AND t.tgname LIKE '%\\_no\\_%'"
            )
            tables = [name for (name,) in cursor.fetchall()]
            off = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in tables]
            on = [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in tables]
    _execute(connection, off)
    yield
    _execute(connection, on)


def _execute(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
