"""The database itself refuses to alter commits and segments."""

import pytest
from django.db import DatabaseError, connection, transaction

from .test_posting import post

pytestmark = pytest.mark.django_db

STATEMENTS = [
    "UPDATE ledger_commit SET actor = 'x'",
    "DELETE FROM ledger_commit",
    "UPDATE ledger_segment SET sha256 = 'x'",
    "DELETE FROM ledger_segment",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_recorded_rows_cannot_be_altered_by_sql(statement):
    post(("A", "1", "p", 1, 100))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["ledger_commit", "ledger_segment", "audit_entry"])
def test_postgresql_also_refuses_to_truncate(table):
    if connection.vendor == "sqlite":  # SQLite has no TRUNCATE; the same words are a syntax error there
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table}")
        return
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")
