"""Every form of every page: pressed twice, sent after the session ended, sent after somebody else was quicker."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from tests import company as told

from .conftest import undone
from .forms import Form, forms_of
from .reading import open_page
from .routes import every_route, objects
from .test_permissions import NOTED_ANYWAY, writes

WRITERS = ("anna", "ben", "carla", "ada", "alma", "alan")
OWN_COPY = re.compile(r"audit_|jobs_|outbox_|approvals_wrongpassword")  # notes of what was done; not the effect itself


def all_forms(company, as_) -> list[tuple[str, Form]]:
    """Who opens it, and the form: one of each kind that pages show to these people."""
    if hasattr(company, "forms"):
        return company.forms
    own, found, known = objects(company)["A"], [], set()
    for username in WRITERS:
        client = as_(username, raise_request_exception=False)
        for route in every_route():
            if route.public or "GET" not in (route.needs or {}) or not set(route.parameters) <= set(own):
                continue
            for form in forms_of(open_page(client, route.filled(own))):
                kind = (route.pattern, re.sub(r"\d+|[A-Z]{3}", "#", urlsplit(form.action).path), tuple(field.name for field in form.fields))
                if kind not in known:
                    known.add(kind)
                    found.append((username, form))
    company.forms = found  # the pages are as they were in each test
    return found


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if not NOTED_ANYWAY.match(table)]
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def effects(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {table: after[table] - before[table] for table in after if after[table] != before[table] and not OWN_COPY.match(table)}


def test_a_form_pressed_twice_has_one_effect_and_an_entry_in_the_trail(company, as_):
    wrong = []
    for username, form in all_forms(company, as_):
        if form.has_file:
            continue
        client, values = as_(username, raise_request_exception=False), form.filled()
        with undone():
            before = rows()
            with writes() as written:
                first = client.post(form.action, values)
            between = rows()
            second = client.post(form.action, values)
            after = rows()
        place = f"{form.action} on {form.page} by {username}"
        business = {table for table in written if not NOTED_ANYWAY.match(table)}
        if 500 in (first.status_code, second.status_code):
            wrong.append(f"{place}: {first.status_code}, then {second.status_code}")
        if business and first.status_code < 400 and "audit_entry" not in written:
            wrong.append(f"{place}: writes to {', '.join(sorted(business))} without an entry in the trail")
        if effects(before, between) and effects(between, after):
            wrong.append(f"{place}: pressed twice, done twice: {effects(between, after)}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_what_was_typed_is_there_after_signing_in_again(company, as_):
    """The session ends while the form is open: the text waits in the sign-in page and is offered again."""
    wrong = []
    for username, form in all_forms(company, as_):
        if form.has_file or not form.texts:
            continue
        client = as_(username, raise_request_exception=False)
        SessionStore(session_key=client.session.session_key).delete()
        typed = f"Typed before the session ended, {username}"
        with undone():
            before = rows()
            answer = client.post(form.action, form.filled(**{form.texts[0]: typed}))
            kept = re.search(r'name="kept" value="([^"]+)"', answer.content.decode())
            place = f"{form.action} on {form.page}"
            if answer.status_code != 401 or kept is None:
                wrong.append(f"{place}: {answer.status_code}, and nothing is kept")
                continue
            if effects(before, rows()):
                wrong.append(f"{place}: something was written without a session")
            sent = {"username": username, "password": told.PASSWORD, "kept": html.unescape(kept[1])}
            back = client.post("/sign-in", sent, follow=True)
            if typed not in html.unescape(back.content.decode()):
                wrong.append(f"{place}: after signing in again, what was typed is not there ({back.status_code})")
    assert not wrong, "\n" + "\n".join(wrong)


def test_whoever_is_second_is_told_and_keeps_the_text(company, as_):
    """Two people have the same form open; the first one's change counts, the second is told who, and nothing typed is lost."""
    wrong, tried = [], 0
    for username, form in all_forms(company, as_):
        if not form.texts or not any(field.name in ("version", "seen", "shown", "if_match") for field in form.fields):
            continue
        tried += 1
        first, second = as_(username, raise_request_exception=False), as_(username, raise_request_exception=False)
        with undone():
            done = first.post(form.action, form.filled(**{form.texts[-1]: "The first one wrote this"}))
            if done.status_code >= 400:
                continue
            late = second.post(form.action, form.filled(**{form.texts[-1]: "The second one wrote that"}))
        if late.status_code not in (409, 412) or "The second one wrote that" not in html.unescape(late.content.decode()):
            wrong.append(f"{form.action} on {form.page}: the second is answered {late.status_code}, and the text is lost")
    assert not wrong, "\n" + "\n".join(wrong)
    if not tried:
        pytest.fail("no form says which version it was made of")


def test_a_form_that_is_refused_keeps_what_was_typed_and_says_what_is_wrong(company, as_):
    wrong = []
    for username, form in all_forms(company, as_):
        needed = [field.name for field in form.fields if field.required and field.kind not in ("hidden", "file", "radio", "checkbox")]
        others = [name for name in form.texts if name not in needed[:1]]
        if form.has_file or not needed or not others:
            continue
        client, typed = as_(username, raise_request_exception=False), "Words that were typed"
        with undone():
            answer = client.post(form.action, form.filled(**{others[0]: typed, needed[0]: ""}))
        text = html.unescape(answer.content.decode())
        if answer.status_code not in (200, 400, 409, 422) or typed not in text:
            wrong.append(f"{form.action} on {form.page}: {needed[0]} left out, {answer.status_code}, and `{others[0]}` is lost")
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_form_carries_a_token_against_forgery(company, as_):
    assert not [
        f"{form.action} on {form.page}" for _, form in all_forms(company, as_) if "csrfmiddlewaretoken" not in {f.name for f in form.fields}
    ]
