"""Database triggers that refuse to alter what was recorded: a second wall below the code.

Use in a migration: ``operations = [guards.append_only("partners_partnerhistory")]``.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

_ACTIONS = ("update", "delete", "truncate")


class AppendOnly(migrations.RunPython):
    """Refuse DELETE (and TRUNCATE), and UPDATE of the named columns; of every column if none is named."""

    def __init__(self, table: str, fixed: tuple[str, ...] = ()) -> None:
        self.table, self.fixed = table, fixed
        super().__init__(
            lambda apps, editor: protect(editor, table, fixed), lambda apps, editor: release(editor, table), elidable=False
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table, self.fixed], {}


def append_only(table: str, *fixed: str) -> AppendOnly:
    """A migration operation that protects a table."""
    return AppendOnly(table, fixed)


def protect(editor: Any, table: str, fixed: tuple[str, ...] = ()) -> None:
    """Create the triggers of one table."""
    columns = f" OF {', '.join(fixed)}" if fixed else ""
    message = f"{table} is append-only"
    if editor.connection.vendor == "sqlite":
        for action, target in (("update", f"UPDATE{columns}"), ("delete", "DELETE")):
            editor.execute(
                f"CREATE TRIGGER {table}_no_{action} BEFORE {target} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    editor.execute(
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    for action, target, each in (
        ("update", f"UPDATE{columns}", "ROW"), ("delete", "DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT"),
    ):  # fmt: skip
        editor.execute(
            f"CREATE TRIGGER {table}_no_{action} BEFORE {target} ON {table} FOR EACH {each} EXECUTE FUNCTION {table}_refuse()"
        )


def release(editor: Any, table: str) -> None:
    """Drop the triggers of one table."""
    if editor.connection.vendor == "sqlite":
        for action in _ACTIONS[:2]:
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{action}")
        return
    for action in _ACTIONS:
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{action} ON {table}")
    editor.execute(f"DROP FUNCTION IF EXISTS {table}_refuse()")
