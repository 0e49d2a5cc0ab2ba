"""The partner's own people, managed by its own administrator and nobody else's."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from steelyard.accounts import actions as accounts
from steelyard.jobs.actions import work_off

from .test_portal import h1, text, words

PERSON = {"name": "Anton Aal", "email": "anton@alpine.example", "username": "anton", "role": "partner_user", "language": "de"}


def test_the_partners_administrator_adds_a_colleague_who_gets_a_link(company, as_):
    alma = as_("alma")
    assert "2 people" in h1(alma.get("/portal/people"))
    done = alma.post("/portal/people/add", PERSON | {"partner": "ALP"}, follow=True)
    assert "Anton Aal is added" in words(done)
    work_off()
    sent = [message for message in mail.outbox if message.to == ["anton@alpine.example"]]
    assert not sent or "Passwort" in sent[0].subject
    anton = accounts_user("alp.anton")
    assert (anton.roles, anton.grants.get().key) == (["partner_user"], "ALP")


def accounts_user(username):
    from steelyard.accounts.queries import person

    return person(username)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"role": "administrator"}, "valid choice"),
        ({"role": "partner_manager"}, "valid choice"),
        ({"email": "nowhere"}, "This is not an e-mail address"),
        ({"name": ""}, "required"),
    ],
)
def test_a_colleague_who_cannot_be_added_is_not_and_the_form_says_why(as_, changed, says):
    answer = as_("alma").post("/portal/people/add", PERSON | {"partner": "ALP"} | changed)
    assert answer.status_code == 422
    assert says in words(answer)
    assert 'value="anton"' in text(answer)


def test_a_taken_name_is_told_of_own_people_only(as_):
    alma = as_("alma")
    alma.post("/portal/people/add", PERSON | {"partner": "ALP"})
    again = alma.post("/portal/people/add", PERSON | {"partner": "ALP"})
    assert "This username is taken" in words(again)
    foreign = alma.post("/portal/people/add", PERSON | {"partner": "ALP", "username": "boris", "email": "b@alpine.example"})
    assert foreign.status_code == 302, "boris of another partner does not stand in the way of alp.boris"
    assert alma.post("/portal/people/add", PERSON | {"partner": "BOR"}).status_code == 404


def test_a_colleague_is_changed_deactivated_and_let_in_again(company, as_):
    alma, alan = as_("alma"), as_("alan")
    page = text(alma.get("/portal/people/alan"))
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    sent = {"name": "Alan A. Amsel", "email": "alan@alpine.example", "role": "partner_administrator", "language": "", "seen": seen}
    assert alma.post("/portal/people/alan", sent).status_code == 302
    assert accounts_user("alan").roles == ["partner_administrator"]
    late = alma.post("/portal/people/alan", sent | {"name": "Somebody Else"})
    assert late.status_code == 409
    assert "Somebody Else" in text(late)
    assert alma.post("/portal/people/alan/active", {"active": "no"}).status_code == 302
    assert alan.get("/portal/").status_code in (302, 401), "signed out everywhere"
    assert alma.post("/portal/people/alan/active", {"active": "yes"}).status_code == 302
    assert accounts_user("alan").is_active


def test_nobody_takes_away_their_own_access(as_):
    alma = as_("alma")
    own = alma.post("/portal/people/alma/active", {"active": "no"})
    assert own.status_code == 422
    assert "cannot deactivate yourself" in words(own)
    seen = re.search(r'name="seen" value="(\w+)"', text(alma.get("/portal/people/alma")))[1]
    kept = {"name": "Alma Alder", "email": "alma@steelyard.example", "role": "partner_user", "seen": seen}
    alma.post("/portal/people/alma", kept)
    assert accounts_user("alma").roles == ["partner_administrator"]


def test_who_also_sees_another_partner_is_listed_and_not_managed(company, as_):
    accounts.grant(username="alan", kind="partner", key="ENG", acting_user=company.people.ada)
    alma = as_("alma")
    assert "Alan Amsel" in words(alma.get("/portal/people"))
    assert alma.get("/portal/people/alan").status_code == 404
    assert alma.post("/portal/people/alan/active", {"active": "no"}).status_code == 404
