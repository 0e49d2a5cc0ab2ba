"""People who act."""

import pytest

from steelyard.accounts import actions, queries
from steelyard.audit.queries import entries
from steelyard.calc.errors import Refused


def test_the_system_user_is_added_once(db):
    assert actions.set_up() == actions.set_up() == queries.system_user()
    assert entries().count() == 1


def test_anna_is_added_changed_and_deactivated_and_the_trail_tells_it(cast):
    actions.change_user(username="carla", name="Carla Neri", acting_user=cast.system)
    actions.deactivate_user(username="carla", acting_user=cast.system, reason="left")
    trail = entries(subject="user:carla").values_list("action", "actor", "reason")
    assert list(trail) == [("user added", "system", ""), ("user changed", "system", ""), ("user deactivated", "system", "left")]


def test_passwords_never_reach_the_trail(cast):
    actions.change_user(username="ben", password="correct horse battery", acting_user=cast.system)
    assert queries.user("ben").check_password("correct horse battery")
    entry = entries().last()
    assert entry.action == "user and password changed"
    assert "horse" not in str(entry.before) + str(entry.after)


def test_who_has_no_password_cannot_sign_in(cast):
    assert not cast.anna.has_usable_password()


def test_an_unknown_user_is_refused_with_the_nearest_name(cast):
    with pytest.raises(Refused, match="did you mean `anna`"):
        queries.user("ana")


def test_a_deactivated_user_no_longer_acts(cast):
    actions.deactivate_user(username="ben", acting_user=cast.system)
    with pytest.raises(Refused, match="deactivated"):
        queries.user("ben")


def test_the_system_user_stays(cast):
    with pytest.raises(Refused, match="installation itself"):
        actions.deactivate_user(username="system", acting_user=cast.system)


@pytest.mark.parametrize(
    ("username", "name", "roles"), [("anna", "Another", ["operator"]), ("", "No one", []), ("eve", " ", []), ("eve", "Eve", ["operater"])]
)
def test_bad_people_are_refused(cast, username, name, roles):
    with pytest.raises(Refused):
        actions.add_user(username=username, name=name, roles=roles, acting_user=cast.system)
