"""An answer is kept while nothing changes, and is made anew after any commit: one's own or somebody else's."""

import os
import threading

import pytest
from django.db.utils import ConnectionHandler

from steelyard.config import environment
from steelyard.ui import unchanged as module
from steelyard.ui.unchanged import unchanged

pytestmark = pytest.mark.database  # its own connections, which commit: a test database is one transaction


class Room:
    """Two connections to one database, the first of which is the one that is asked."""

    def __init__(self, url, folder):
        settings = environment.database(url, folder)
        self.own, self.other = (ConnectionHandler({"default": dict(settings)})["default"] for _ in range(2))
        self.made = 0

    def people(self):
        return unchanged("people", self.count)

    def count(self):
        self.made += 1
        with self.own.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM person_kept")
            return cursor.fetchone()[0]

    def say(self, text, connection=None):
        with (connection or self.own).cursor() as cursor:
            cursor.execute(text)


@pytest.fixture
def room(tmp_path, monkeypatch, django_db_blocker):
    made = Room(os.environ.get("STEELYARD_DATABASE_URL", ""), tmp_path)
    monkeypatch.setattr(module, "connection", made.own)
    with django_db_blocker.unblock():
        made.say("CREATE TABLE person_kept (name varchar(20))")
        yield made
        made.say("DROP TABLE person_kept")
        made.own.close()
        made.other.close()


NEW, GONE = "INSERT INTO person_kept VALUES ('new')", "DELETE FROM person_kept"


def test_it_is_made_once(room):
    assert [room.people() for _ in range(3)] == [0, 0, 0]
    assert room.made == 1


def test_what_this_connection_wrote_is_seen(room):
    assert room.people() == 0
    room.say(NEW)
    assert room.people() == 1
    room.say(GONE)
    assert room.people() == 0


def test_what_somebody_else_wrote_is_seen(room):
    assert room.people() == 0
    room.say(NEW, room.other)
    assert room.people() == 1
    room.say(GONE, room.other)
    assert room.people() == 0


def test_what_somebody_else_has_not_committed_is_not(room):
    assert room.people() == 0
    room.other.set_autocommit(False)
    room.say(NEW, room.other)
    assert room.people() == 0
    room.other.commit()
    room.other.set_autocommit(True)
    assert room.people() == 1


def test_nothing_is_kept_of_a_transaction_that_is_taken_back(room):
    assert room.people() == 0
    room.own.set_autocommit(False)
    room.own.in_atomic_block = True
    room.say(NEW)
    assert room.people() == 1
    room.own.in_atomic_block = False
    room.own.rollback()
    room.own.set_autocommit(True)
    assert room.people() == 0


def test_a_new_connection_counts_from_its_own_start(room):
    assert room.people() == 0
    room.own.close()
    room.say(NEW, room.other)
    assert room.people() == 1


def test_who_asks_while_it_is_made_waits_for_it(room):
    room.own.inc_thread_sharing()
    begun, ready = threading.Event(), threading.Event()

    def slowly():
        begun.set()
        assert ready.wait(5)
        return room.count()

    first = threading.Thread(target=unchanged, args=("people", slowly))
    first.start()
    assert begun.wait(5)
    second = threading.Thread(target=room.people)
    second.start()
    second.join(0.2)
    assert second.is_alive()
    ready.set()
    first.join(5)
    second.join(5)
    assert (room.people(), room.made) == (0, 1)


def test_what_failed_is_asked_again(room):
    with pytest.raises(ZeroDivisionError):
        unchanged("people", lambda: 1 // 0)
    assert room.people() == 0


def test_questions_are_told_apart(room):
    assert unchanged(("a", 1), lambda: "first") == "first"
    assert unchanged(("a", 2), lambda: "second") == "second"
    assert unchanged(("a", 1), lambda: "third") == "first"
