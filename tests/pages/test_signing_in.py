"""The way in and out: nothing tells who is known here, what was typed is kept, and every session ends."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from steelyard.accounts import actions, queries
from steelyard.audit.queries import entries
from steelyard.outbox import queries as outbox
from tests.company import PASSWORD

NEW = "a new sentence to remember"


def sign_in(browser: Client, username: str, password: str = PASSWORD, **more):
    return browser.post("/sign-in", {"username": username, "password": password, **more})


def test_who_signs_in_goes_on_to_where_they_wanted_to(anonymous):
    assert anonymous.get("/account").headers["Location"] == "/sign-in?next=%2Faccount"
    assert "Sign in" in anonymous.get("/sign-in?next=/account").content.decode()
    assert sign_in(anonymous, "anna", next="/account").headers["Location"] == "/account"
    assert "Anna Amstutz" in anonymous.get("/account").content.decode()


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example", "\thttps://evil.example"],
)
def test_the_way_back_never_leads_out_of_the_house(anonymous, wanted):
    assert sign_in(anonymous, "anna", next=wanted).headers["Location"] == "/"
    assert anonymous.get("/sign-in", {"next": wanted}).headers["Location"] == "/"


def test_a_wrong_password_an_unknown_name_and_a_deactivated_person_are_answered_alike(company):
    actions.deactivate_user(username="nora", acting_user=company.people.system)
    answers = []
    for username, password in (("anna", "wrong"), ("nobody at all", PASSWORD), ("nora", PASSWORD), ("system", PASSWORD)):
        page = sign_in(Client(), username, password)
        assert page.status_code == 422
        body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode())
        answers.append(body.replace(username, "…"))
    assert len(set(answers)) == 1
    assert "do not belong together" in answers[0]


def test_the_trail_names_who_came_in_but_never_what_was_typed_for_a_name(anonymous):
    sign_in(anonymous, "my secret password", "anna")
    sign_in(anonymous, "anna", "wrong")
    sign_in(anonymous, "anna")
    anonymous.post("/sign-out")
    told = [(entry.action, entry.subject, entry.actor, entry.origin) for entry in entries() if entry.action.startswith("sign")]
    assert told == [
        ("sign-in failed", "user:unknown", "anonymous", "127.0.0.1"),
        ("sign-in failed", "user:anna", "anonymous", "127.0.0.1"),
        ("signed in", "user:anna", "anna", "127.0.0.1"),
        ("signed out", "user:anna", "anna", "127.0.0.1"),
    ]


def test_guessing_is_stopped_for_this_name_and_place_and_for_nobody_else(anonymous, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        locked = sign_in(anonymous, "anna", "wrong")
    assert locked.status_code == 429
    assert "Try again after" in locked.content.decode()
    assert sign_in(anonymous, "anna").status_code == 429
    assert sign_in(anonymous, "ben").status_code == 302
    assert Client(REMOTE_ADDR="203.0.113.9").post("/sign-in", {"username": "anna", "password": PASSWORD}).status_code == 302


def test_an_address_that_the_sender_writes_himself_is_not_believed(settings):
    for number in range(settings.AXES_FAILURE_LIMIT):
        locked = Client(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}").post("/sign-in", {"username": "anna", "password": "wrong"})
    assert locked.status_code == 429


class TestSessions:
    def at(self, monkeypatch, **later):
        now = timezone.now() + timedelta(**later)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    def test_a_session_that_is_used_ends_after_twelve_hours(self, as_, monkeypatch):
        anna = as_("anna")
        assert anna.get("/account").status_code == 200
        for hours in range(2, 12, 2):
            with monkeypatch.context() as patch:
                self.at(patch, hours=hours)
                assert anna.get("/account").status_code == 200
        self.at(monkeypatch, hours=12, minutes=1)
        assert anna.get("/account").status_code == 302

    def test_a_session_that_is_not_used_ends_after_three_hours(self, as_, monkeypatch):
        anna = as_("anna")
        anna.get("/account")
        self.at(monkeypatch, hours=3, minutes=1)
        assert anna.get("/account").status_code == 302

    def test_a_new_password_ends_all_other_sessions(self, as_):
        here, elsewhere = as_("anna"), as_("anna")
        assert here.post("/account/password", {"old": PASSWORD, "new": NEW}).status_code == 302
        assert here.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 302
        assert queries.user("anna").check_password(NEW)

    def test_deactivation_ends_every_session_and_so_does_the_wish(self, as_, company):
        here, elsewhere, carla = as_("anna"), as_("anna"), as_("carla")
        assert here.post("/account/sessions").status_code == 302
        assert (here.get("/account").status_code, elsewhere.get("/account").status_code) == (200, 302)
        actions.deactivate_user(username="carla", acting_user=company.people.system)
        assert carla.get("/account").status_code == 302

    def test_other_roles_count_from_the_next_request_on(self, as_, company):
        carla = as_("carla")
        actions.change_user(username="carla", roles=[], acting_user=company.people.system)
        assert carla.get("/account").status_code == 403

    @pytest.mark.parametrize(
        ("old", "new", "said"), [("wrong", NEW, "not your password"), (PASSWORD, "short", "at least 15"), (PASSWORD, "a" * 15, "")]
    )
    def test_a_new_password_is_refused_beside_its_field(self, as_, old, new, said):
        page = as_("anna").post("/account/password", {"old": old, "new": new})
        if said:
            assert page.status_code == 422
            assert said in page.content.decode()


class TestReset:
    def links(self):
        return [re.search(r"/reset/\S+", message.text)[0] for message in outbox.messages() if "/reset/" in message.text]

    def test_a_lost_password_is_set_anew_with_a_link_that_works_once(self, anonymous, as_):
        elsewhere = as_("anna")
        assert anonymous.post("/reset", {"address": "ANNA@steelyard.example"}).headers["Location"] == "/reset/sent"
        (link,) = self.links()
        assert "sign in with it as anna" in anonymous.get(link).content.decode()
        assert anonymous.post(link, {"password": "short"}).status_code == 422
        assert anonymous.post(link, {"password": NEW}).headers["Location"] == "/sign-in"
        assert elsewhere.get("/account").status_code == 302
        assert "no longer works" in anonymous.get(link).content.decode()
        assert anonymous.post(link, {"password": "another sentence to remember"}).status_code == 422
        assert queries.user("anna").check_password(NEW)

    def test_a_link_ends_after_an_hour(self, anonymous, monkeypatch):
        anonymous.post("/reset", {"address": "anna"})
        (link,) = self.links()
        later = timezone.now() + timedelta(minutes=61)
        monkeypatch.setattr("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda self: later.replace(tzinfo=None))
        assert "no longer works" in anonymous.get(link).content.decode()

    def test_nobody_learns_who_is_known_here(self, anonymous, company):
        actions.deactivate_user(username="nora", acting_user=company.people.system)
        addresses = ["anna@steelyard.example", "nobody@steelyard.example", "nora", "system", "\x00", "a" * 200]
        answers = {
            (page.status_code, page.headers.get("Location"))
            for page in (anonymous.post("/reset", {"address": one}) for one in addresses[:4])
        }
        assert answers == {(302, "/reset/sent")}
        assert len(self.links()) == 1

    def test_one_person_gets_one_link_in_two_minutes(self, anonymous):
        for _ in range(3):
            anonymous.post("/reset", {"address": "anna"})
        assert len(self.links()) == 1

    @pytest.mark.parametrize("uid", ["MQ", "x", "OTk5", "4pyT", "LTE", "0"])
    def test_links_that_were_never_sent_open_nothing(self, anonymous, uid):
        assert "no longer works" in anonymous.get(f"/reset/{uid}/abc-def").content.decode()


class TestWhatWasTyped:
    """The session ends while somebody types; nothing of it is lost, and nobody else reads it."""

    TYPED = {"name": "Anna, at last", "language": "de", "note": "one\ntwo", "old_password": "hush"}

    def expired(self, browser):
        sign_in(browser, "anna")
        browser.cookies.pop("sessionid")
        return browser.post("/account", self.TYPED)

    def kept(self, page):
        return re.search(r'name="kept" value="([^"]+)"', page.content.decode())[1]

    def test_it_is_offered_again_after_signing_in(self, anonymous):
        page = self.expired(anonymous)
        assert page.status_code == 401
        assert "Nothing you typed is lost" in page.content.decode()
        wrong = sign_in(anonymous, "anna", "wrong", kept=self.kept(page))
        again = sign_in(anonymous, "anna", kept=self.kept(wrong)).content.decode()
        assert "What you typed is still here" in again
        assert 'action="/account"' in again
        sent = dict(re.findall(r'<input type="hidden" name="(name|language|note)" value="([^"]*)"', again))
        assert sent == {"name": "Anna, at last", "language": "de", "note": "one\ntwo"}
        assert "hush" not in again
        assert anonymous.post("/account", sent).status_code == 302
        assert queries.user("anna").name == "Anna, at last"

    def test_somebody_else_is_not_shown_it(self, anonymous):
        page = self.expired(anonymous)
        other = sign_in(anonymous, "ben", kept=self.kept(page))
        assert other.status_code == 302

    def test_what_was_altered_is_not_offered(self, anonymous):
        page = self.expired(anonymous)
        assert sign_in(anonymous, "anna", kept=self.kept(page)[:-3] + "abc").status_code == 302
        forged = signing.dumps({"address": "/evil", "fields": [], "browser": ""}, salt="other")
        assert sign_in(anonymous, "anna", kept=forged).status_code == 302

    def test_too_much_is_not_carried(self, anonymous):
        page = Client().post("/account", {"name": "x" * 70_000})
        assert page.status_code == 401
        assert 'name="kept"' not in page.content.decode()

    def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(self):
        headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/account?x=1"}
        page = Client().get("/account", **headers)
        assert page.headers["HX-Redirect"] == "/sign-in?next=%2Faccount%3Fx%3D1"
        sent = Client().post("/account", self.TYPED, **headers)
        assert (sent.status_code, sent.headers["HX-Retarget"]) == (200, "body")
        assert self.kept(sent)


class TestTokens:
    def make(self, browser, **more):
        told = {"name": "Nightly", "expires_on": f"{timezone.localdate() + timedelta(days=30)}", "scopes": ["scores.read"], **more}
        return browser.post("/account/tokens", told).content.decode()

    def test_a_token_is_shown_once_and_does_no_more_than_it_may(self, as_, company):
        anna = as_("anna")
        secret = re.search(r"steelyard_\w{8}_[\w-]+", self.make(anna))[0]
        assert secret not in anna.get("/account/tokens").content.decode()
        acting = queries.by_token(secret)
        assert acting.username == "anna"
        from steelyard.accounts.permissions import permissions_of

        assert permissions_of(acting) == {"scores.read"}
        actions.change_user(username="anna", roles=[], acting_user=company.people.system)
        assert permissions_of(queries.by_token(secret)) == frozenset()

    @pytest.mark.parametrize(
        "wrong", [{"scopes": ["people.write"]}, {"scopes": []}, {"name": ""}, {"expires_on": "2011-01-01"}, {"expires_on": "9999-12-30"}]
    )
    def test_a_token_never_gets_more_than_its_maker_has(self, as_, wrong):
        assert "steelyard_" not in self.make(as_("anna"), **wrong)
        assert not queries.tokens(queries.user("anna"))

    def test_a_revoked_or_old_token_and_one_of_a_deactivated_person_open_nothing(self, as_, company, monkeypatch):
        anna = as_("anna")
        first, second = (re.search(r"steelyard_\w{8}_[\w-]+", self.make(anna))[0] for _ in range(2))
        _, oldest = queries.tokens(queries.user("anna"))
        assert as_("ben").post(f"/account/tokens/{oldest.pk}").status_code == 404
        assert queries.by_token(first)
        assert anna.post(f"/account/tokens/{oldest.pk}").status_code == 302
        assert queries.by_token(first) is None
        assert queries.by_token(second[:-1] + "x") is None
        with monkeypatch.context() as patch:
            later = timezone.now() + timedelta(days=40)
            patch.setattr("django.utils.timezone.now", lambda: later)
            assert queries.by_token(second) is None
        actions.deactivate_user(username="anna", acting_user=company.people.system)
        assert queries.by_token(second) is None


def test_pages_speak_the_language_that_was_chosen(as_):
    anna = as_("anna")
    assert anna.post("/language", {"language": "de", "next": "/account"}).headers["Location"] == "/account"
    assert '<html lang="de"' in anna.get("/account").content.decode()
    assert queries.user("anna").language == "de"
    assert anna.post("/language", {"language": "xx", "next": "//evil.example"}).headers["Location"] == "/"
