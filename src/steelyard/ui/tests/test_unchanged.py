"""An answer is kept while nothing changes, and is made anew after any commit: one's own or somebody else's."""

from threading import Thread

import pytest
from django.db import connection, transaction

from steelyard.accounts.models import User
from steelyard.ui.unchanged import unchanged


@pytest.fixture
def count(transactional_db):
    """How many people there are, and how often that was looked up."""

    def asked():
        return unchanged("people", lambda: (asked.made.append(1), User.objects.count())[1])

    asked.made = []
    return asked


def elsewhere(write):
    """Do something on a connection of its own, to its commit."""

    def run():
        write()
        connection.close()

    other = Thread(target=run)
    other.start()
    other.join()


def test_it_is_made_once(count):
    before = count()
    assert [count(), count()] == [before, before]
    assert len(count.made) == 1


def test_what_this_connection_wrote_is_seen(count):
    before = count()
    User.objects.create(username="new")
    assert count() == before + 1
    User.objects.filter(username="new").delete()
    assert count() == before


def test_what_somebody_else_wrote_is_seen(count):
    before = count()
    elsewhere(lambda: User.objects.create(username="new"))
    assert count() == before + 1
    elsewhere(lambda: User.objects.filter(username="new").delete())
    assert count() == before


def test_nothing_is_kept_of_a_transaction_that_is_taken_back(count):
    before = count()
    with transaction.atomic():
        User.objects.create(username="new")
        assert count() == before + 1
        transaction.set_rollback(True)
    assert count() == before


def test_a_new_connection_counts_from_its_own_start(count):
    before = count()
    connection.close()
    elsewhere(lambda: User.objects.create(username="new"))
    assert count() == before + 1


def test_questions_are_told_apart(count):
    assert unchanged(("a", 1), lambda: "first") == "first"
    assert unchanged(("a", 2), lambda: "second") == "second"
    assert unchanged(("a", 1), lambda: "third") == "first"
