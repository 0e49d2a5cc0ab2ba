"""Names wait, are decided one by one or several at once, by two people at once, and are taken back."""

from __future__ import annotations

import pytest

from steelyard.attribution import actions, comparing, decisions, names, queue, waiting
from steelyard.audit.queries import entries
from steelyard.calc.errors import Conflict, Refused
from steelyard.intake.tests.test_importing import load  # noqa: F401  # the fixture
from steelyard.ledger import queries as ledger
from steelyard.partners import queries as partners

HEADER = "document,line,date,party,party_name,amount,currency\n"
LINES = """A1,1,2026-03-02,4711,Alpin Diagnostics,100,EUR
A2,1,2026-03-05,4711,Alpin Diagnostics,50.5,EUR
B1,1,2026-03-09,4712,Alpin Diagnostics,7,USD
C1,1,2026-03-09,Nobody Ltd,,900,EUR
D1,1,2026-03-09,ALP,Alpine Diagnostics,1,EUR
"""


@pytest.fixture
def queued(load, channel_cast):  # noqa: F811
    load(HEADER + LINES)
    return channel_cast


def keys():
    return [(one.party, one.rows, dict(one.amounts)) for one in names.some(waiting.ordered())]


def test_what_waits_is_what_no_partner_is_meant_by_with_most_value_first(queued):
    assert keys() == [("Nobody Ltd", 1, {"EUR": 9_000_000}), ("4711", 2, {"EUR": 1_505_000}), ("4712", 1, {"USD": 70_000})]
    assert names.some(waiting.ordered("rows"))[0].party == "4711"
    assert [one.party for one in names.some(waiting.ordered("value", "ALPIN diag"))] == ["4711", "4712"]
    shown = queue.look("erp", "4711")
    assert (shown.place, shown.count, shown.rows, shown.before.party, shown.after.party) == (2, 3, 4, "Nobody Ltd", "4712")


def test_a_decision_is_one_row_of_history_and_takes_its_key_out(queued):
    cut, lines = ledger.head(), waiting.every().height
    assert actions.decide_name(source="erp", party="4711", partner="ALP", acting_user=queued.anna, certainty=(970_000_000, 400_000_000))
    assert ledger.head() == cut + 1 and waiting.every().height == lines
    assert [key for key, _rows, _money in keys()] == ["Nobody Ltd", "4712"]
    made = decisions.lately()[0]
    assert (made.party, made.partner, made.method, made.by, made.stands, made.rows) == ("4711", "ALP", "person", "anna", True, 2)
    assert (made.probability, made.margin) == (970_000_000, 400_000_000)
    assert entries(action="name decided").get().after["rows"] == 2
    assert not actions.decide_name(source="erp", party="4711", partner="ALP", acting_user=queued.anna) and ledger.head() == cut + 1


def test_the_second_of_two_people_is_told_and_can_decide_all_the_same(queued):
    actions.decide_name(source="erp", party="4711", partner="ALP", acting_user=queued.anna)
    with pytest.raises(Conflict, match="meanwhile"):
        actions.decide_name(source="erp", party="4711", partner="BOR", acting_user=queued.ben)
    with pytest.raises(Conflict):
        actions.decide_name(source="erp", party="4711", partner="BOR", acting_user=queued.ben, instead_of="CAS")
    assert actions.decide_name(source="erp", party="4711", partner="BOR", acting_user=queued.ben, instead_of="ALP")
    assert partners.listing("aliases").select("party", "partner").rows() == [("4711", "BOR")]
    assert [(one.partner, one.by, one.stands) for one in decisions.lately()] == [("BOR", "ben", True), ("ALP", "anna", False)]


def test_several_are_decided_in_one_commit_but_not_what_somebody_decided_meanwhile(queued):
    actions.decide_name(source="erp", party="4711", partner="ALP", acting_user=queued.ben)
    cut = ledger.head()
    done = actions.decide_names(
        keys=[("erp", "4711"), ("erp", "4712"), ("erp", "Nobody Ltd")], partner="", acting_user=queued.anna, reason="demo"
    )
    assert (done, ledger.head()) == (2, cut + 1) and keys() == []
    assert sorted(partners.listing("aliases").select("party", "partner").rows()) == [("4711", "ALP"), ("4712", None), ("Nobody Ltd", None)]
    assert actions.take_back_names(keys=[("erp", "4712"), ("erp", "4713")], acting_user=queued.anna) == 1
    assert [key for key, _rows, _money in keys()] == ["4712"]
    assert decisions.last_of("erp", "4712").taken_back and not decisions.last_of("erp", "4712").stands


def test_a_partner_that_is_not_there_is_refused(queued):
    with pytest.raises(Refused, match="no such partner"):
        actions.decide_names(keys=[("erp", "4712")], partner="NOBODY", acting_user=queued.anna)
    with pytest.raises(Refused, match="no such name"):
        actions.decide_name(source="erp", party="9", partner="ALP", acting_user=queued.anna)


def test_sure_are_the_names_that_exactly_one_partner_bears(load, queued):  # noqa: F811
    assert waiting.sure().is_empty()
    load("code,name\nNEW,alpin  DIAGNOSTICS\n", kind="partners", name="p.csv", source="office")  # matches by itself
    assert [key for key, _rows, _money in keys()] == ["Nobody Ltd"]
    load(
        HEADER + "E1,1,2026-03-09,77,Borealis Lab,1,EUR\nE2,1,2026-03-09,77,Clinic am See,1,EUR\nE3,1,2026-03-09,78,Borealis Lab,1,EUR\n",
        "f.csv",
    )
    actions.take_back_names(keys=[("erp", "78")], acting_user=queued.anna)  # it was matched when it came
    assert waiting.sure().select("party", "partner").rows() == [("78", "BOR")]  # 77 has two names


def test_the_same_name_under_other_keys_is_offered_with_it(queued):
    assert [one.party for one in names.called_alike(names.find("erp", "4711"))] == ["4712"]


def test_letters_that_differ_are_told(queued):
    assert comparing.letters("Alpin Diagnostics", "Alpine Diagnostics") == [("Alpin", False), ("e", True), (" Diagnostics", False)]
    assert comparing.letters("Alpine Diagnosstics", "Alpine Diagnostics")[1] == ("·", True)
    assert comparing.letters("Nobody", "Fjord Diagnostics") == [("Fjord Diagnostics", False)]


def test_what_agrees_and_what_does_not_is_marked(load, queued):  # noqa: F811
    text = "document,line,date,party,party_name,amount,currency,reported_territory\nF1,1,2026-03-09,81,Alpine Diagnostix,5,EUR,NORTH\n"
    load(text, "north.csv")
    name = names.find("erp", "81")
    near = names.candidates(name)
    lines = {line.title: line for line in comparing.lines(name, near)}
    place = [one.code for one in near].index("ALP")
    assert (lines["Territory"].said, lines["Territory"].marks[place].agrees) == ("North", False)
    assert (lines["Currency"].said, lines["Currency"].marks[place].agrees) == ("EUR", True)
    assert lines["Lines before"].marks[place].text == "1 line"
