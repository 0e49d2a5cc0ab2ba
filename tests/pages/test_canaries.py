"""Nothing of partner B ever reaches partner A: every page, file, message and log line is searched for B's words and numbers."""

from __future__ import annotations

import html
import logging
import re
from dataclasses import replace
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests import company as told

from .reading import Page, crawl, open_page
from .routes import Route, every_route, objects

READERS = ("alma", "alan", "carla", "emil")  # partner A's people, and the company's people who see A and not B
THOROUGH = ("alma", "carla")  # the others see what they do, or less of it
OTHERS = ("boris", "rosa")  # who see B


def found_in(page: Page) -> str:
    """What of partner B is on a page, with its surroundings; blank if nothing."""
    hit = told.CANARY.search(page.text)
    return f"{page.address} ({page.status}): …{page.text[max(0, hit.start() - 60) : hit.end() + 60]!r}…" if hit else ""


def opens(route: Route, values: dict[str, object]) -> bool:
    """Whether there is a page to open, with these parameters."""
    return "GET" in (route.needs or {}) and set(route.parameters) <= set(values)


def alike(address: str) -> object:
    """Pages of one route differ only in their object, or in how a list is filtered and sorted: a few of each are enough."""
    parts = urlsplit(address)
    return route_of(parts.path), dict(parse_qsl(parts.query)).get("format", "")


def much_alike(address: str) -> object:
    """As above, and a list is the same rows in each of its files."""
    route, form = alike(address)
    return route, bool(form)


@cache
def route_of(path: str) -> str:
    try:
        return resolve(path).route
    except Resolver404:
        return path


def everything(company, as_, username: str) -> dict[str, Page]:
    """All that this person can open: by links, by address with own parameters, and every list as a file.

    Those who read for all of their kind open two of each page, and each list as every file that lists offer.
    """
    client = as_(username, raise_request_exception=False)
    own = objects(company)["B" if username in ("boris", "bodil", "rosa") else "A"]
    given = [route.filled(own) for route in every_route() if opens(route, own)]
    much = username in THOROUGH
    return crawl(client, ["/", "/portal/", *given], one_of=alike if much else much_alike, most=2 if much else 1)


def looked(company, as_, username: str, caplog) -> None:
    caplog.clear()
    with caplog.at_level(logging.DEBUG, logger="steelyard"):
        pages = everything(company, as_, username)
    found = [hit for hit in map(found_in, pages.values()) if hit]
    found += [f"{page.address}: {page.status}" for page in pages.values() if page.status == 500]
    lines = "\n".join(record.getMessage() for record in caplog.records)
    assert not found, f"{username}:\n" + "\n".join(found)
    assert not told.CANARY.search(lines)


def test_nobody_meets_anything_of_another_partner(company, as_, caplog):
    """Nor after those have looked who may see it: whatever is kept in memory was kept for others. They meet it, so it is there."""
    for other in OTHERS:
        pages = everything(company, as_, other)
        met = {word.group(0).casefold() for page in pages.values() for word in told.CANARY.finditer(page.text)}
        assert {"borealis", "bor"} <= met, other
    for username in READERS:
        looked(company, as_, username, caplog)


@pytest.mark.parametrize("username", READERS)
def test_the_address_of_somebody_else_says_nothing(company, as_, username):
    client, other = as_(username, raise_request_exception=False), objects(company)["B"]
    pages = [open_page(client, route.filled(other)) for route in every_route() if route.of_partners and opens(route, other)]
    asked_for = (replace(page, text=html.unescape(page.text).replace(page.address, "…")) for page in pages)  # a refusal leads back there
    found = [hit for hit in map(found_in, asked_for) if hit]
    assert not found, "\n" + "\n".join(found)


def test_no_message_to_partner_a_names_partner_b(company):
    from steelyard.outbox import queries

    addresses = {getattr(company.people, username).email for username in READERS}
    to_a = [message for message in queries.messages() if message.to in addresses]
    assert not [message.subject for message in to_a if told.CANARY.search(f"{message.subject}\n{message.text}\n{message.html}")]


WORDS = (("Borealis", "Xyrealis"), ("BOR", "QQQ"), ("QX-88410", "QX-00000"), ("7351.77", "1357.77"), ("Zwirbelstad", "Qwirbelstad"))
ASKED = ("q", "partner", "subject", "name", "city", "party", "document", "end_customer", "representative", "territory", "country", "amount")


@pytest.mark.parametrize("username", ["alan", "carla"])
def test_asking_for_what_is_hidden_is_like_asking_for_what_is_not_there(company, as_, username):
    """Filters, search and counts answer B's words as they answer words that mean nothing."""
    client, own = as_(username, raise_request_exception=False), objects(company)["A"]
    addresses = [route.filled(own) for route in every_route() if not route.public and opens(route, own)]
    different = []
    for address in (address for address in addresses if open_page(client, address).status == 200):
        query = ("&" if "?" in address else "?") + "&".join(f"{name}={{0}}" for name in ASKED)
        for hidden, nonsense in WORDS:
            asked = [plain(open_page(client, address + query.format(word)), word) for word in (hidden, nonsense)]
            if asked[0] != asked[1]:
                different.append(f"{address}: {hidden}")
    assert not different, "\n".join(different)


def plain(page: Page, word: str) -> tuple[int, str]:
    """A page without the word that was asked for, and without what is drawn anew for each answer."""
    drawn = r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|name="form_key" value="[^"]+"'
    written = r"<dcterms:(created|modified)[^>]*>[^<]*"  # when a workbook was written, to the second
    text = re.sub(f"{drawn}|{written}", "", page.text)
    return page.status, re.sub(rf"\b{re.escape(word)}\b", "…", unquote(text), flags=re.IGNORECASE)
