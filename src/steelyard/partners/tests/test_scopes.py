"""What people see follows from their grants, on each day; and whatever is taken away takes away what was seen."""

from datetime import date, timedelta

import polars as pl
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.accounts import actions
from steelyard.calc.errors import Missing, Refused
from steelyard.ledger.scope import NOTHING
from steelyard.masters.actions import Actions
from steelyard.partners import scopes
from steelyard.partners.facts import visible_facts
from steelyard.partners.masters import EVERY
from steelyard.partners.scopes import check_grant, scope_by, scope_of, visible
from tests.thoroughness import examples

TODAY = timezone.localdate()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
MAY, AUGUST = date(2012, 5, 1), date(2012, 8, 1)
masters = Actions(EVERY)


def person(cast, username="pia", roles=("partner_manager",), grants=()):
    return actions.add_user(username=username, name="Pia", roles=roles, grants=grants, acting_user=cast.system)


def load(cast, name, columns, *rows):
    masters.load(name, pl.DataFrame(rows, schema=columns.split(), orient="row"), acting_user=cast.anna)


def test_roles_of_the_whole_company_see_everything(channel_cast):
    assert scope_of(channel_cast.ben).everything
    assert scope_of(channel_cast.dora).everything


def test_a_territory_holds_all_partners_below_it(channel_cast):
    pia = person(channel_cast, grants=[("territory", "EU")])
    assert scope_of(pia).partners == {"ALP", "BOR", "CAS", "ROTH"}
    paul = person(channel_cast, "paul", grants=[("territory", "NORTH")])
    assert scope_of(paul).partners == {"BOR"}


def test_a_representative_has_the_partners_that_scoring_credits(channel_cast):
    emil = person(channel_cast, "emil", ["representative"], [("representative", "E1")])
    assert scope_of(emil).partners == {"ALP", "CAS", "ROTH"}
    load(channel_cast, "assignments", "representative partner", ("F1", "ALP"))
    assert scope_of(emil).partners == {"CAS", "ROTH"}


def test_grants_add_up(channel_cast):
    pia = person(channel_cast, grants=[("partner", "ALP"), ("territory", "NORTH"), ("representative", "G1")])
    assert scope_of(pia).partners == {"ALP", "BOR"}


def test_a_partner_that_moves_is_seen_by_the_new_manager_from_that_day(channel_cast):
    north = person(channel_cast, grants=[("territory", "NORTH")])
    load(channel_cast, "partners", "code name territory valid_from", ("ALP", "Alpine Diagnostics", "NORTH", TOMORROW))
    assert scope_of(north).partners == {"BOR"}
    assert scope_of(north, TOMORROW).partners == {"ALP", "BOR"}


def test_parties_are_all_keys_that_ever_meant_the_partner(channel_cast):
    load(channel_cast, "aliases", "source party partner", ("erp", "4711", "ALP"), ("", "Alpine", "ALP"), ("erp", "99", "BOR"))
    assert scope_by([("partner", "ALP")], TODAY).parties == {("", "ALP"), ("erp", "4711"), ("", "Alpine")}


def test_who_has_no_grant_no_role_or_is_deactivated_sees_nothing(channel_cast):
    pia = person(channel_cast)
    assert scope_of(pia) == NOTHING
    nobody = person(channel_cast, "paul", roles=[], grants=[("territory", "EU")])
    assert scope_of(nobody) == NOTHING
    nobody.roles = ["a role that is gone"]
    assert scope_of(nobody) == NOTHING
    left = person(channel_cast, "lena", grants=[("territory", "EU")])
    left = actions.deactivate_user(username="lena", acting_user=channel_cast.system)
    assert scope_of(left) == NOTHING


@pytest.mark.parametrize("dates", [(None, TODAY), (TOMORROW, None), (YESTERDAY, TODAY), (TOMORROW, TOMORROW + timedelta(days=3))])
def test_a_grant_that_ended_or_has_not_begun_shows_nothing(channel_cast, dates):
    pia = person(channel_cast)
    actions.grant(username="pia", kind="territory", key="EU", valid_from=dates[0], valid_to=dates[1], acting_user=channel_cast.system)
    assert scope_of(pia) == NOTHING


def test_a_revoked_grant_shows_nothing_from_the_next_look_on(channel_cast):
    pia = person(channel_cast)
    made = actions.grant(username="pia", kind="territory", key="EU", acting_user=channel_cast.system)
    assert scope_of(pia).partners
    actions.revoke(username="pia", grant=made.pk, acting_user=channel_cast.system)
    assert scope_of(pia) == NOTHING


def test_grants_of_what_is_not_there_show_nothing(channel_cast):
    pia = person(channel_cast, grants=[("partner", "GONE"), ("territory", "GONE"), ("representative", "GONE"), ("territory", " ALPS")])
    assert scope_of(pia) == NOTHING


def test_a_foreign_partner_and_one_that_is_not_there_are_missing_alike(channel_cast):
    scope = scope_by([("partner", "ALP")], TODAY)
    assert visible(scope, "ALP") == "ALP"
    for code in ("BOR", "NONE", ""):
        with pytest.raises(Missing):
            visible(scope, code)


def test_a_grant_is_checked_with_the_nearest_code(channel_cast):
    check_grant("territory", "ALPS")
    with pytest.raises(Refused, match="ALPS"):
        check_grant("territory", "ALP5")
    assert ("ALPS", "Alps") in scopes.choices("territory")


GRANTS = [
    (kind, key)
    for kind, keys in (("partner", "ALP BOR CAS NONE"), ("territory", "EU ALPS NORTH"), ("representative", "E1 F1 G1"))
    for key in keys.split()
]


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=st.lists(st.sampled_from(GRANTS), max_size=5, unique=True), data=st.data())
def test_taking_away_a_grant_never_adds_a_partner(channel_cast, held, data):
    before = scope_by(held, TODAY)
    taken = data.draw(st.sampled_from(held)) if held else None
    after = scope_by([grant for grant in held if grant != taken], TODAY)
    assert after.partners <= before.partners
    assert after.parties <= before.parties
    assert not after.everything


def test_a_scope_costs_two_queries_once_the_masters_are_known(channel_cast, django_assert_num_queries):
    pia = person(channel_cast, grants=[("territory", "EU")])
    scope_of(pia)
    with django_assert_num_queries(2):
        scope_of(pia)


class TestFacts:
    """A key is no promise: it may mean another partner at another source, or on another day."""

    @pytest.fixture
    def rows(self, channel_cast):
        from steelyard.ledger.actions.posting import post

        load(channel_cast, "aliases", "source party partner", ("erp", "K1", "ALP"), ("", "K1", "BOR"), ("pos", "ALP", "BOR"))
        load(
            channel_cast,
            "aliases",
            "source party partner valid_from valid_to",
            ("", "K2", "ALP", None, date(2012, 6, 30)),
            ("", "K2", "BOR", date(2012, 7, 1), None),
        )
        orders = [
            ("erp", "K1", 1, MAY), ("pos", "K1", 2, MAY), ("pos", "ALP", 3, MAY), ("crm", "ALP", 4, MAY),
            ("crm", "K2", 5, MAY), ("crm", "K2", 6, AUGUST), ("crm", "nobody", 7, AUGUST),
        ]  # fmt: skip
        for source, party, line, day in orders:
            frame = pl.DataFrame({"document": ["D"], "line": [str(line)], "source_row": [line], "party": [party], "date": [day]})
            post("orders", frame, source=source, batch=line, acting_user=channel_cast.anna)

    def lines(self, *grants, **more):
        frame = visible_facts("orders", scope=scope_by(grants, TODAY), **more).collect()
        return sorted(int(line) for line in frame["line"])

    def test_rows_are_seen_by_whom_they_mean_on_their_day(self, rows):
        assert self.lines(("partner", "ALP")) == [1, 4, 5]
        assert self.lines(("partner", "BOR")) == [2, 3, 6]
        assert self.lines(("territory", "EU")) == [1, 2, 3, 4, 5, 6]
        assert self.lines(("partner", "CAS"), columns=["line"]) == []
        assert self.lines() == []
