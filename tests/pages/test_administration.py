"""Administration: an administrator adds a person with a territory; what they see follows at once; the trail tells who did it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from steelyard.accounts import actions, queries
from steelyard.accounts.permissions import PERMISSIONS, ROLES
from steelyard.audit.queries import entries
from steelyard.calc.errors import Missing, Refused
from steelyard.outbox import queries as outbox
from steelyard.partners.scopes import scope_of

TODAY = timezone.localdate()
PAGES = ("", "/people", "/add-person", "/people/carla", "/roles", "/settings", "/calendars", "/currencies", "/trail", "/health")


def text(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


@pytest.mark.parametrize("page", PAGES)
def test_an_administrator_opens_every_page(as_, page):
    assert as_("ada").get(f"/administration{page}").status_code == 200


class TestPeople:
    NEW = {"username": "tara", "name": "Tara Thal", "email": "tara@steelyard.example", "roles": ["partner_manager"], "invite": "on"}

    def test_a_person_with_a_territory_is_added_and_invited(self, as_):
        ada = as_("ada")
        came = ada.post("/administration/add-person", {**self.NEW, "kind": "territory", "key": "ALPS"})
        assert came.headers["Location"] == "/administration/people/tara"
        page = text(ada.get("/administration/people/tara"))
        assert "Territory ALPS Alps, with all below it" in page
        assert scope_of(queries.user("tara")).partners == scope_of(queries.user("carla")).partners
        assert outbox.messages()[0].to == "tara@steelyard.example"

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"username": "anna"}, "taken"),
            ({"email": "no address"}, "not an e-mail address"),
            ({"roles": ["partner_user"]}, "needs the partner"),
            ({"roles": ["partner_user", "operator"], "kind": "partner", "key": "ALP"}, "do not mix"),
            ({"roles": ["partner_user"], "kind": "territory", "key": "ALPS"}, "never a territory"),
            ({"kind": "territory", "key": "ALPZ"}, "ALPS"),
            ({"kind": "", "key": "ALPS"}, "one of these"),
            ({"roles": ["system"]}, "Select a valid choice"),
        ],
    )
    def test_what_does_not_fit_is_said_and_what_was_typed_stays(self, as_, wrong, said):
        page = as_("ada").post("/administration/add-person", {**self.NEW, **wrong})
        assert page.status_code == 422
        assert said in text(page)
        assert "Tara Thal" in page.content.decode()
        assert "tara" not in {user.username for user in queries.users()}

    def test_grants_begin_end_and_are_revoked(self, as_):
        ada = as_("ada")
        there = "/administration/people/nora/grants"
        tomorrow = TODAY + timedelta(days=1)
        assert ada.post(there, {"kind": "partner", "key": "ALP", "last_day": TODAY}).status_code == 302
        assert ada.post(there, {"kind": "partner", "key": "BOR", "valid_from": tomorrow}).status_code == 302
        nora = queries.user("nora")
        assert scope_of(nora).partners == {"ALP"}
        assert scope_of(nora, tomorrow).partners == {"BOR"}
        first = queries.grants(nora)[0]
        assert ada.post(f"{there}/{first.pk}").status_code == 302
        assert not scope_of(nora).partners
        assert ada.post(f"/administration/people/carla/grants/{first.pk}").status_code == 404
        refused = ada.post(there, {"kind": "representative", "key": "E9"})
        assert (refused.status_code, "E1" in text(refused)) == (422, True)

    def test_of_two_who_change_a_person_the_second_is_told(self, as_, company):
        ada = as_("ada")
        seen = queries.version_of(queries.user("carla"))
        actions.change_user(username="carla", name="Carla Neri", acting_user=company.people.system)
        typed = {"name": "Carla Nera", "email": "", "roles": ["partner_manager"], "seen": seen}
        page = ada.post("/administration/people/carla", typed)
        assert page.status_code == 409
        assert "somebody else changed this person" in text(page)
        assert "system" in text(page)
        assert 'value="Carla Nera"' in page.content.decode()
        again = re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]
        assert ada.post("/administration/people/carla", {**typed, "seen": again}).status_code == 302
        assert queries.user("carla").name == "Carla Nera"

    def test_the_last_administrator_stays(self, as_, company):
        ada = as_("ada")
        page = ada.post("/administration/people/ada", {"name": "Ada", "roles": ["operator"]})
        assert (page.status_code, "nobody else could manage people" in text(page)) == (422, True)
        with pytest.raises(Refused, match="nobody else"):
            actions.deactivate_user(username="ada", acting_user=company.people.system)
        page = ada.post("/administration/people/ada/active", {"active": "no"})
        assert "nobody deactivates themselves" in text(page)

    def test_somebody_who_left_is_deactivated_and_comes_back(self, as_):
        ada, carla = as_("ada"), as_("carla")
        assert carla.get("/account").status_code == 200
        ada.post("/administration/people/carla/active", {"active": "no", "reason": "left"})
        assert carla.get("/account").status_code == 302
        assert "deactivated" in text(ada.get("/administration/people/carla"))
        assert "Carla Conti" not in text(ada.get("/administration/people"))
        assert "Carla Conti" in text(ada.get("/administration/people?active=no"))
        ada.post("/administration/people/carla/active", {"active": "yes"})
        assert queries.user("carla").is_active

    @pytest.mark.parametrize("username", ["nobody", "system", "%00", "x" * 300])
    def test_who_is_not_there_is_missing(self, as_, username):
        assert as_("ada").get(f"/administration/people/{username}").status_code == 404

    def test_people_are_exported_and_the_trail_says_so(self, as_):
        ada = as_("ada")
        file = ada.get("/administration/people?format=csv")
        body = b"".join(file.streaming_content) if file.streaming else file.content
        assert "Carla Conti" in body.decode("utf-8-sig")
        last = entries(action="exported").last()
        assert (last.actor, last.subject, last.after["format"], last.origin) == ("ada", "list:people", "csv", "127.0.0.1")


class TestPartnerAdministrators:
    """Alma manages the people of ALP, and learns nothing of anybody else."""

    def test_they_add_people_of_their_own_partner_only(self, company):
        alma = company.people.alma
        made = actions.add_user(
            username="alp.tim", name="Tim", roles=["partner_user"], grants=[("partner", "ALP")], email="tim@alp.example", acting_user=alma
        )
        assert scope_of(made).partners == {"ALP"}
        actions.change_user(username="alp.tim", roles=["partner_administrator"], acting_user=alma)
        actions.deactivate_user(username="alp.tim", acting_user=alma)

    @pytest.mark.parametrize(
        "more",
        [
            {"grants": [("partner", "BOR")]},
            {"grants": [("partner", "ALP"), ("partner", "BOR")]},
            {"grants": [("territory", "ALPS")]},
            {"grants": []},
            {"roles": ["operator"]},
            {"roles": ["partner_user", "auditor"]},
            {"roles": []},
            {"username": "boris"},
            {"username": "bor.tim"},
        ],
    )
    def test_they_add_nobody_else(self, company, more):
        told = {"username": "alp.tim", "name": "Tim", "roles": ["partner_user"], "grants": [("partner", "ALP")], **more}
        with pytest.raises(Refused):
            actions.add_user(**told, acting_user=company.people.alma)

    def test_people_of_others_are_missing_as_if_they_were_not_there(self, company):
        alma, said = company.people.alma, set()
        for username in ("boris", "anna", "ada", "nobody"):
            for action in (
                lambda: actions.change_user(username=username, name="X", acting_user=alma),  # noqa: B023
                lambda: actions.deactivate_user(username=username, acting_user=alma),  # noqa: B023
                lambda: actions.grant(username=username, kind="partner", key="ALP", acting_user=alma),  # noqa: B023
                lambda: actions.send_reset_link(username=username, link=lambda uid, token: "", acting_user=alma),  # noqa: B023
            ):
                with pytest.raises(Missing) as refused:
                    action()
                said.add(str(refused.value))
        assert len(said) == 1

    def test_they_set_no_password_and_grant_nothing_more(self, company):
        alma = company.people.alma
        with pytest.raises(Refused, match="somebody else"):
            actions.change_user(username="alan", password="a sentence of somebody else", acting_user=alma)
        with pytest.raises(Refused, match="own partner"):
            actions.grant(username="alan", kind="partner", key="BOR", acting_user=alma)

    @pytest.mark.parametrize("username", ["alan", "carla", "dora", "anna"])
    def test_nobody_else_manages_people(self, company, username):
        with pytest.raises(Refused, match="may not manage people"):
            actions.change_user(username="alan", name="X", acting_user=getattr(company.people, username))


class TestTrail:
    def test_the_auditor_finds_who_changed_what_from_where(self, as_):
        as_("ada").post("/administration/people/nora", {"name": "Nora Neu", "roles": ["partner_manager"]})
        page = text(as_("dora").get("/administration/trail?subject=user:nora&action=user%20changed"))
        assert "ada" in page
        assert "Nora Nil → Nora Neu" in page.replace("  ", " ")
        assert "127.0.0.1" in page

    @pytest.mark.parametrize(
        "query", ["made_at=x", "made_at_from=2026-99-99", "action=nothing", "sort=drop", "page=-1", "columns=;", "format=exe"]
    )
    def test_hostile_parameters_are_answered_with_a_page(self, as_, query):
        assert as_("dora").get(f"/administration/trail?{query}").status_code == 200


def test_an_auditor_reads_everything_and_writes_nothing():
    writes = {name for name in PERMISSIONS if not name.endswith(".read") and name not in ("account", "staff")}
    assert not ROLES["auditor"].permissions & writes
    reads = {name for name in PERMISSIONS if name.endswith(".read") and name != "portal.read"}
    assert reads <= ROLES["auditor"].permissions


def test_no_role_of_a_partner_opens_a_page_of_the_company():
    for role in ROLES.values():
        if role.side == "partner":
            assert all(name == "account" or name.startswith("portal.") for name in role.permissions)
            assert not role.sees_everything


def test_settings_are_changed_and_refused_beside_their_field(as_):
    ada = as_("ada")
    now = {"name": "Waage", "reporting_currency": "EUR", "default_calendar": "standard", "currencies": "CHF, USD"}
    assert ada.post("/administration/settings", now).status_code == 302
    assert "Waage reports in EUR" in text(ada.get("/administration/settings"))
    page = ada.post("/administration/settings", {**now, "reporting_currency": "EUX"})
    assert page.status_code == 422
    assert 'value="EUX"' in page.content.decode()
    assert as_("dora").post("/administration/settings", now).status_code == 403


def test_the_trail_speaks_in_words_and_opens_what_an_entry_is_about(company, as_):
    page = as_("dora").get("/administration/trail?q=user:").content.decode()
    assert "user ada" in page and "user:ada<" not in page
    assert 'href="/administration/people/ada"' in page
