"""The audit trail keeps what it was told, and nobody can change it."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from steelyard.audit import actions, queries

pytestmark = pytest.mark.django_db


def test_an_entry_keeps_actor_and_values_as_plain_values():
    actions.record(action="move", subject="partner P1", before={"since": date(2026, 1, 2)}, after={"n": 1}, acting_user="anna")
    entry = queries.entries(subject="partner P1").get()
    assert (entry.actor, entry.before, entry.after) == ("anna", {"since": "2026-01-02"}, {"n": 1})


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_alter_the_trail(statement):
    actions.record(action="move", subject="partner P1", acting_user="anna")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert queries.entries(action="move").count() == 1
