"""Addresses as nobody means them: each gets a clear page, never a fault, whatever stands behind the question mark."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection

from steelyard.accounts import actions as accounts

from .conftest import undone
from .routes import Route, every_route, objects

NOT_READY = ("/health/ready", 503)  # no worker runs beside these tests
READERS = {"portal/": "alma", "": "anna"}  # who opens which pages: the first that fits
NAMES = (
    "q", "sort", "columns", "page", "per", "format", "framework", "period", "partner", "subject", "kpi", "kind", "version", "from", "until",
    "territory", "country", "type", "level", "state", "status", "date", "batch", "source", "next", "view", "cut", "row", "name", "code",
)  # fmt: skip
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
HOSTILE = {
    "a word that means nothing": "nonsense",
    "nothing": "",
    "below zero": "-1",
    "beyond all numbers": "1" + "0" * 30,
    "not a number": "NaN",
    "a zero byte": "a\0b",
    "markup": MARKUP,
    "a statement": "1; DROP TABLE accounts_user; --' OR '1'='1",
    "a path": "../../../../etc/passwd",
    "very long": "x" * 5000,
    "letters from afar": "٣\u202e\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "a template": "{{ request.user.password }}${7*7}",
    "a date that is none": "2025-02-30",
}


def pages() -> list[Route]:
    return [route for route in every_route() if "GET" in (route.needs or {})]


def by(as_, route: Route):
    username = next(username for start, username in READERS.items() if route.pattern.startswith(start))
    return as_(username, raise_request_exception=False)


def faults(client, address: str, queries: dict[str, str]) -> list[str]:
    """What is answered with a fault, or with what was asked as markup."""
    found = []
    for what, query in queries.items():
        with undone():
            answer = client.get(address + ("&" if "?" in address else "?") + query)
            body = answer.getvalue()
        if answer.status_code >= 500 and (address, answer.status_code) != NOT_READY:
            found.append(f"{address} with {what}: {answer.status_code}")
        if MARKUP[:25].encode() in body and "html" in answer.headers.get("Content-Type", ""):
            found.append(f"{address} with {what}: what was asked comes back as markup")
    return found


def status(client, address: str) -> int:
    answer = client.get(address)
    answer.getvalue()  # a file that was read is closed
    return answer.status_code


@pytest.fixture
def readable(company, as_):
    """(client, address) of every page that there is."""
    own = objects(company)["A"]
    clients = {username: as_(username, raise_request_exception=False) for username in READERS.values()}
    return [
        (clients[next(username for start, username in READERS.items() if route.pattern.startswith(start))], route.filled(own))
        for route in pages()
        if set(route.parameters) <= set(own)
    ]


def test_whatever_is_asked_is_answered(readable):
    """Every name with another hostile value in each of a few requests, so that all meet all."""
    values = list(HOSTILE.values())
    queries = {
        f"hostile values, {turn}": "&".join(f"{name}={quote(values[(place + turn * 5) % len(values)])}" for place, name in enumerate(NAMES))
        for turn in range(3)
    }
    queries["very long values"] = "&".join(f"{name}={'x' * 2000}" for name in ("q", "sort", "framework"))
    found = [fault for client, address in readable for fault in faults(client, address, queries)]
    assert not found, "\n" + "\n".join(found)


def test_one_wrong_word_among_right_ones_is_answered(readable):
    """A few at a time: with all wrong at once, the first that is refused hides the others."""
    queries = {
        "a list": "sort=-nonsense&columns=nonsense,,&page=-1&per=-1",
        "a page far away": f"page={'1' + '0' * 30}&format=exe",
        "a file": "format=csv&sort=a%00b&page=7",
        "another choice": "framework=nonsense&period=2025-Q9",
        "everything twice": "&".join(f"{name}=a&{name}=b&{name}[]=c" for name in NAMES),
        "broken escapes": "q=%&sort=%zz&page=%E0%A4%A&period=%FF%FE",
    }
    if connection.vendor != "sqlite":  # what a database may refuse that SQLite takes; the rest is decided before it is asked
        queries = {what: query for what, query in queries.items() if what in ("a page far away", "a file")}
    found = [fault for client, address in readable for fault in faults(client, address, queries)]
    assert not found, "\n" + "\n".join(found)


def test_hostile_words_in_the_address_itself_are_answered(company, as_):
    own, found = objects(company)["A"], []
    for route in pages():
        client = by(as_, route)
        for name in route.parameters:
            for value in ("0", "1" + "0" * 30, "a%00b", quote(MARKUP, safe=""), "x" * 2000):
                if set(route.parameters) <= set(own):
                    found += faults(client, route.filled(own | {name: value}), {value[:30]: ""})
    assert not found, "\n" + "\n".join(found)


@pytest.mark.once
def test_methods_that_a_page_does_not_have_are_refused(company, as_):
    own, wrong = objects(company)["A"], []
    for route in every_route():
        if route.needs is None or not set(route.parameters) <= set(own):
            continue
        client = by(as_, route)
        for method in {"PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "GET", "POST"} - set(route.needs):
            with undone():
                answer = client.generic(method, route.filled(own))
            if answer.status_code != 405 or not set(route.needs) <= set(answer.headers.get("Allow", "").replace(" ", "").split(",")):
                wrong.append(f"{method} {route.shown}: {answer.status_code}, Allow: {answer.headers.get('Allow')}")
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("address", ["/nowhere", "/partners/ALP/nothing", "/portal/nothing", "/admin/", "/.env", "/orders/%00", "/x" * 900])
def test_addresses_that_do_not_exist_are_missing(company, as_, anonymous, address):
    for client in (as_("anna", raise_request_exception=False), as_("alan", raise_request_exception=False), anonymous):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert b"<html" in answer.content.lower()


def test_what_a_scope_loses_is_missing_at_the_next_request(company, as_):
    """The page is open, the grant is taken away, and the next click finds nothing."""
    own, wrong = objects(company)["A"], []
    client = as_("carla", raise_request_exception=False)
    seen = [
        route for route in pages() if route.of_partners and set(route.parameters) <= set(own) and status(client, route.filled(own)) == 200
    ]
    for grant in company.people.carla.grants.all():
        accounts.revoke(username="carla", grant=grant.pk, acting_user=company.people.ada, reason="moved to another territory")
    for route in seen:
        if (answered := status(client, route.filled(own))) != 404:
            wrong.append(f"{route.shown}: {answered}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_role_that_is_taken_away_and_a_person_who_leaves_count_at_once(company, as_):
    client = as_("emil", raise_request_exception=False)
    assert client.get("/overview").status_code == 200
    accounts.change_user(username="emil", roles=[], acting_user=company.people.ada)
    assert client.get("/overview").status_code == 403
    accounts.deactivate_user(username="emil", acting_user=company.people.ada)
    assert client.get("/overview").headers["Location"].startswith("/sign-in")
