"""What we know now, and what we knew then."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from steelyard.audit.queries import entries
from steelyard.calc.errors import Refused
from steelyard.ledger.queries import head
from steelyard.partners import actions, queries
from steelyard.partners.masters import EVERY
from steelyard.partners.models import Assignment, Partner, PartnerHistory
from tests.cast import JULY, OCTOBER

DAY = timedelta(days=1)


def holders(cut=None, territory="ALPS"):
    known = queries.known("assignments", cut, territory=territory)
    return sorted(known.select("representative", "valid_from", "valid_to").rows(), key=str)


def test_a_back_dated_assignment_is_known_at_the_new_cut_and_unknown_at_the_old_one(channel_cast):
    before = head()
    actions.assign(representative="F1", territory="ALPS", valid_from=JULY, acting_user=channel_cast.anna)
    assert holders(before) == [("E1", None, None)]
    assert holders() == [("E1", None, JULY), ("F1", JULY, None)]
    assert queries.histories(before).assignments.equals(queries.histories(before).assignments)


def test_an_assignment_for_three_months_gives_the_territory_back_afterwards(channel_cast):
    actions.assign(representative="F1", territory="ALPS", valid_from=JULY, last_day=OCTOBER - DAY, acting_user=channel_cast.anna)
    assert holders() == [("E1", None, JULY), ("E1", OCTOBER, None), ("F1", JULY, OCTOBER)]


def test_an_assignment_beside_another_leaves_it_alone(channel_cast):
    actions.assign(representative="F1", territory="ALPS", valid_from=JULY, beside=True, acting_user=channel_cast.anna)
    assert holders() == [("E1", None, None), ("F1", JULY, None)]


def test_an_assignment_to_a_partner_does_not_touch_its_territory(channel_cast):
    actions.assign(representative="F1", partner="ALP", valid_from=JULY, acting_user=channel_cast.anna)
    assert holders() == [("E1", None, None)]


def test_who_never_had_it_after_all_is_gone_from_the_current_list_and_stays_in_the_history(channel_cast):
    before = head()
    actions.retire("assignments", representative="E1", territory="ALPS", partner="", acting_user=channel_cast.anna, reason="typing error")
    assert not Assignment.objects.filter(representative="E1").exists()
    assert (holders(), holders(before)) == ([], [("E1", None, None)])


def test_a_change_from_a_day_on_keeps_the_values_of_before(channel_cast):
    actions.change("partners", code="ALP", territory="NORTH", valid_from=JULY, acting_user=channel_cast.anna)
    known = queries.known("partners", code="ALP").select("name", "country", "territory", "valid_from", "valid_to").rows()
    assert known == [("Alpine Diagnostics", "CH", "ALPS", None, JULY), ("Alpine Diagnostics", "CH", "NORTH", JULY, None)]


def test_a_later_renaming_for_all_time_keeps_both_territories(channel_cast):
    actions.change("partners", code="ALP", territory="NORTH", valid_from=JULY, acting_user=channel_cast.anna)
    actions.change("partners", code="ALP", name="Alpine Labs", acting_user=channel_cast.anna)
    known = queries.known("partners", code="ALP").select("name", "territory", "valid_from", "valid_to").rows()
    assert known == [("Alpine Labs", "ALPS", None, JULY), ("Alpine Labs", "NORTH", JULY, None)]


def test_a_change_is_undone_by_a_further_change(channel_cast):
    before = queries.export("partners")
    actions.change("partners", code="ALP", territory="NORTH", valid_from=JULY, acting_user=channel_cast.anna)
    actions.change("partners", code="ALP", territory="ALPS", acting_user=channel_cast.anna, reason="was wrong")
    assert queries.export("partners").equals(before)
    assert queries.history_of("partners", "ALP").height == 3


def test_the_current_projection_shows_the_latest_values(channel_cast):
    actions.change("partners", code="ALP", territory="NORTH", valid_from=JULY, acting_user=channel_cast.anna)
    partner = queries.get("partners", "ALP")
    assert isinstance(partner, Partner)
    assert (partner.territory, partner.valid_from, partner.valid_to) == ("NORTH", JULY, None)


def test_retiring_a_partner_ends_its_status_from_that_day(channel_cast):
    actions.retire("partners", code="BOR", valid_from=OCTOBER, acting_user=channel_cast.anna)
    known = queries.known("partners", code="BOR").select("status", "valid_from", "valid_to").rows()
    assert known == [("active", None, OCTOBER), ("ended", OCTOBER, None)]


def test_a_change_that_changes_nothing_writes_nothing(channel_cast):
    before, entries_before = head(), entries().count()
    outcome = actions.change("partners", code="ALP", territory="ALPS", acting_user=channel_cast.anna)
    assert (outcome.unchanged, outcome.commit_seq, head(), entries().count()) == (1, None, before, entries_before)


def test_each_write_is_one_commit_and_one_audit_entry_with_before_and_after(channel_cast):
    before, entries_before = head(), entries().count()
    actions.change("partners", code="ALP", city="Chur", acting_user=channel_cast.anna, reason="moved house")
    assert (head(), entries().count()) == (before + 1, entries_before + 1)
    entry = entries().last()
    assert (entry.actor, entry.action, entry.subject, entry.reason) == ("anna", "partners changed", "partners:ALP", "moved house")
    assert "city" not in entry.before["known"][0]
    assert entry.after["known"][0]["city"] == "Chur"


def test_aliases_and_assignments_tell_their_cause():
    causes = {name: master.cause for name, master in EVERY.items()}
    assert (causes["aliases"], causes["assignments"], causes["partners"]) == ("rematched", "reassigned", "masters")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"code": "ALP", "name": "Again"}, "exists"),
        ({"code": "NEW"}, "required"),
        ({"code": "NEW", "name": "New", "country": "Switzerland"}, "unknown-reference"),
        ({"code": "NEW", "name": "New", "parent": "ALQ"}, "unknown-reference"),
        ({"code": "NEW", "name": "New", "status": "activ"}, "choice"),
        ({"code": "NEW", "name": "New", "colour": "red"}, "unknown-column"),
        ({"code": "NEW", "name": "New", "valid_from": OCTOBER, "last_day": JULY}, "interval"),
    ],
)
def test_a_bad_partner_is_refused_with_a_reason(channel_cast, values, code):
    before = head()
    with pytest.raises(Refused) as refused:
        actions.add("partners", acting_user=channel_cast.anna, **values)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert head() == before


def test_a_country_written_out_gets_its_code_as_a_hint(channel_cast):
    with pytest.raises(Refused, match="write `CH`"):
        actions.change("partners", code="ALP", country="Switzerland", acting_user=channel_cast.anna)


def test_a_territory_cannot_come_to_lie_below_itself(channel_cast):
    with pytest.raises(Refused) as refused:
        actions.change("territories", code="EU", parent="ALPS", acting_user=channel_cast.anna)
    assert "EU → ALPS → EU" in str(refused.value)


def test_a_territory_may_lie_below_what_lay_below_it_before(channel_cast):
    actions.change("territories", code="ALPS", parent="", valid_from=JULY, acting_user=channel_cast.anna)
    actions.change("territories", code="EU", parent="ALPS", valid_from=JULY, acting_user=channel_cast.anna)
    assert queries.known("territories", code="EU")["parent"].to_list() == [None, "ALPS"]


def test_a_back_dated_loop_in_a_closed_span_is_found(channel_cast):
    actions.change("territories", code="ALPS", parent="", valid_from=JULY, acting_user=channel_cast.anna)
    with pytest.raises(Refused, match="below itself"):
        actions.change("territories", code="EU", parent="ALPS", valid_from=date(2012, 1, 1), acting_user=channel_cast.anna)


def test_changing_what_is_not_there_names_the_nearest(channel_cast):
    with pytest.raises(Refused, match="did you mean `ALP`"):
        actions.change("partners", code="ALPP", city="Zug", acting_user=channel_cast.anna)


def test_the_database_itself_refuses_to_alter_or_remove_a_history_row(channel_cast):
    for tamper in (
        PartnerHistory.objects.filter(code="ALP").delete,
        lambda: PartnerHistory.objects.filter(code="ALP").update(name="Other"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            tamper()
