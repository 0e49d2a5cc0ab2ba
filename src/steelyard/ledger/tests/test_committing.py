"""One commit: one number, one transaction, one link, whatever is in it."""

import pytest

from steelyard.ledger import actions, models, queries

from .test_posting import orders, post, standing

pytestmark = pytest.mark.django_db


def test_a_block_that_adds_nothing_uses_no_number_and_one_that_fails_leaves_nothing():
    with actions.committing(acting_user="anna"):
        pass
    prepared = actions.prepare("orders", orders(("A", "1", "p", 1, 100)), source="erp", batch=1)
    with pytest.raises(RuntimeError), actions.committing(acting_user="anna", batch=1) as commit:
        prepared.into(commit)
        raise RuntimeError
    assert (queries.head(), standing(), models.Commit.objects.count()) == (0, [], 0)


def test_lines_prepared_before_another_commit_are_looked_up_again_only_where_it_matters():
    post(("A", "1", "p", 1, 100))
    same = actions.prepare("orders", orders(("B", "1", "p", 1, 1), ("C", "1", "p", 1, 2)), source="erp", batch=2)
    post(("B", "1", "p", 1, 1), batch=3)
    with actions.committing(acting_user="anna", batch=2) as commit:
        posted = same.into(commit)
    assert (posted.new, posted.duplicates) == (1, 1)
    other = actions.prepare("orders", orders(("D", "1", "p", 1, 1)), source="erp", batch=4)
    post(("E", "1", "p", 1, 1), batch=5)
    with actions.committing(acting_user="anna", batch=4) as commit:
        assert other.into(commit).classified is other.classified


def test_one_commit_cannot_say_two_things_about_one_key():
    first, second = (actions.prepare("orders", orders(("A", "1", "p", 1, amount)), source="erp", batch=1) for amount in (1, 2))
    with pytest.raises(ValueError, match="one commit"), actions.committing(acting_user="anna", batch=1) as commit:
        first.into(commit)
        second.into(commit)
    assert standing() == []


def test_an_orphan_of_a_killed_write_is_never_read_and_is_swept(home, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        post(("A", "1", "p", 1, 100))
    killed = actions.prepare("orders", orders(("B", "1", "p", 1, 1)), source="erp", batch=2)
    (home / "ledger" / "orders" / "0000000099.parquet.writing").write_bytes(b"half a file")
    del killed  # its lock dies with it, as with a process
    assert standing() == [("A", "1", 100, 1)]
    assert actions.sweep() == 2
    assert standing() == [("A", "1", 100, 1)]


def test_a_running_writers_file_survives_a_sweep(home):
    prepared = actions.prepare("orders", orders(("B", "1", "p", 1, 1)), source="erp", batch=2)
    assert actions.sweep() == 0
    with actions.committing(acting_user="anna", batch=2) as commit:
        prepared.into(commit)
    assert standing() == [("B", "1", 1, 1)]
