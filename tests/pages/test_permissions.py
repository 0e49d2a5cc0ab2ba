"""Who gets what, everywhere: every route x method x person x {of A, of B, of nobody}, from the URL configuration.

What is expected follows from what views say of themselves (`needs`, `public`) and from whose the object is; what came
is kept in `permissions.txt`, so that a change of who may do what is seen by whoever reviews it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from .actors import ACTORS, A, Actor, B, browser
from .conftest import undone
from .routes import BY_QUERY, Form, Route, every_route, objects

TABLE = Path(__file__).parent / "permissions.txt"
TO_RECORD = "STEELYARD_RECORD=1 python -m pytest tests/pages"
METHODS = ("GET", "POST")
OBJECTS = ("A", "B", "none")
NOTED_ANYWAY = re.compile(
    r"django_session|axes_|accounts_apitoken|audit_|approvals_wrongpassword|health_|metrics_|intake_upload"
)  # who came, who was refused, and the bytes that came, which are kept before anybody reads them
# let through: done, or told what is wrong with what was sent
GIVEN = frozenset({200, 201, 202, 204, 301, 302, 303, 400, 409, 412, 415, 422, 428})
_WRITE = re.compile(r'\s*(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


@dataclass(frozen=True)
class Answer:
    """What came back, and what was written on the way."""

    status: int
    where: str
    body: bytes
    written: tuple[str, ...]
    fault: str = ""

    @property
    def shown(self) -> str:
        return "in" if self.status == 302 and self.where.startswith("/sign-in") else str(self.status)


@contextmanager
def writes() -> Iterator[list[str]]:
    """The tables that are written to."""
    tables: list[str] = []

    def note(execute, sql, params, many, context):
        found = _WRITE.match(sql)
        if found:
            tables.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables


def ask(client, method: str, address: str, body: Any = None) -> Answer:
    """One request whose effects are undone; who is signed in stays so."""
    sent = {} if body is None else {**encoded(body), "headers": {"If-Match": "*"}}
    kept = dict(client.cookies.items())
    try:
        with undone(), writes() as written:
            answer = client.generic(method, address, **sent)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            answer.close()
    except Exception as fault:  # noqa: BLE001 - whatever it is, a reader would have seen a fault of ours
        return Answer(500, "", b"", (), repr(fault))
    finally:
        client.cookies.clear()
        client.cookies.update(kept)
    return Answer(
        answer.status_code,
        answer.headers.get("Location", ""),
        _TOKEN.sub(b"", body),
        tuple(written),
        repr(answer.exc_info[1]) if answer.exc_info else "",
    )


def encoded(body: Any) -> dict[str, Any]:
    """A body as REST is sent it: a form where there is a file, else JSON."""
    if isinstance(body, Form):
        for file in body.values():
            if hasattr(file, "seek"):
                file.seek(0)
        return {"data": encode_multipart(BOUNDARY, body), "content_type": MULTIPART_CONTENT}
    return {"data": json.dumps(body), "content_type": "application/json"}


def expected(company, actor: Actor, route: Route, method: str, thing: str) -> set[int] | str:
    """The statuses that are right; "in" is the way to the sign-in page."""
    if method not in (route.needs or {}):
        return {405}
    if not route.public:
        if actor.username is None:
            return {401} if route.is_api else "in"
        if not actor.may(company, route.needs[method]):
            return {403}
    if method == "POST" and (route.pattern in BY_QUERY or (route.is_api and not route.names)):
        return GIVEN | {404}  # what it is about would stand in the form
    if thing == "none" and route.names:
        return {404} if not route.public else GIVEN | {404}
    if route.of_owners:
        return GIVEN if company.owners[route.owned[0]][thing] == actor.username else {404}
    if (route.of_partners and thing not in actor.sees) or ("cycle" in route.names and not actor.sees):
        return {404}
    return GIVEN | {404, 503} if route.public else GIVEN  # 503: not ready; 404: not offered


def things_for(company, actor: Actor, route: Route, method: str) -> tuple[str, ...]:
    """Which objects to ask about. Nothing: a method that nobody has is asked for by two people only.

    Whoever is stopped at the gate is stopped before anything is looked up, so one object is enough for them; of those who
    see everything, one asks for what is not there.
    """
    if method not in route.needs:
        return ("A",) if actor.name in ("anonymous", "operator") else ()
    if not route.names or not (route.public or actor.may(company, route.needs[method])):
        return ("A",)
    if route.of_owners or (route.of_partners and actor.sees != A | B):
        return OBJECTS
    return ("A", "none") if actor.name in ("operator", "manager of A", "administrator", "user at A") else ("A",)


def digest() -> dict[str, str]:
    """Each table's rows, as one number."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if not NOTED_ANYWAY.match(table):
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
                found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


def changed_since(before: dict[str, str]) -> list[str]:
    now = digest()
    return [table for table in now if now[table] != before.get(table)]


def asked(company, as_, among, actors=ACTORS):
    """(route, method) -> actor -> object -> what came; with everything that is not as it must be."""
    filled, wrong, cells = objects(company), [], {}
    routes = [route for route in among if route.needs is not None and not unknown(route, filled)]
    clients = {actor: browser(company, actor, as_) for actor in actors}
    before = digest()
    for actor, client in clients.items():
        for route in routes:
            for method in dict.fromkeys((*METHODS, *route.needs) if not (route.is_api and route.public) else ["GET"]):
                things = things_for(company, actor, route, method)
                came = {thing: ask(client, method, route.filled(filled[thing]), route.bodies.get(method)) for thing in things}
                if came:
                    cells.setdefault((route, method), {})[actor] = came
                wrong += _wrong(company, actor, route, method, came)
    wrong += [(f"`{table}` is not as it was before everything that was refused or undone", "all") for table in changed_since(before)]
    return cells, wrong


def unknown(route: Route, filled) -> list[str]:
    return [name for name in route.parameters if name not in filled["A"]]


def _wrong(company, actor: Actor, route: Route, method: str, came: dict[str, Answer]) -> list[tuple[str, str]]:
    """(what is wrong, whom it concerns)."""
    found, place = [], f"{method} {route.shown}"
    for thing, answer in came.items():
        right, who = expected(company, actor, route, method, thing), f"{actor.name} (of {thing})"
        if answer.status == 500:
            found.append((f"{place}: fault {answer.fault[:300]}", who))
        elif answer.shown != right if isinstance(right, str) else answer.status not in right:
            shown = right if isinstance(right, str) else "let through" if right >= GIVEN else min(right)
            found.append((f"{place}: answers {answer.shown}, expected {shown}", who))
        business = {table for table in answer.written if not NOTED_ANYWAY.match(table)}
        if business and (method == "GET" or answer.status >= 400):
            found.append((f"{place}: answers {answer.shown}, yet writes to {', '.join(sorted(business))}", who))
        if business and method != "GET" and answer.status < 400 and "audit_entry" not in answer.written:
            found.append((f"{place}: writes to {', '.join(sorted(business))} without an entry in the trail", who))
    foreign, none = came.get("B"), came.get("none")
    if foreign and none and foreign.status in (403, 404) and (foreign.status, foreign.body) != (none.status, none.body):
        found.append((f"{place}: what is somebody else's is not answered as what is not there", actor.name))
    return found


def test_every_route_says_who_may_use_it_and_has_parameters_we_know(company):
    filled, problems = objects(company), []
    for route in every_route():
        if route.needs is None:
            problems.append(f'{route.shown}: its view has neither @needs("...") nor @public("why"); put one on it (accounts/gate.py)')
        for name in unknown(route, filled):
            problems.append(f"{route.shown}: what is `{name}`? Use a canonical name, or put it into objects() in tests/pages/routes.py")
    assert not problems, "\n" + "\n".join(problems)


def test_everybody_gets_what_they_may_and_nothing_else(company, as_):
    cells, found = asked(company, as_, every_route())
    wrong = together(found) + compared(TABLE, table(cells), f"{TO_RECORD}/test_permissions.py")
    assert not wrong, "\n" + "\n".join(wrong)


def together(found: list[tuple[str, str]]) -> list[str]:
    """One line for what is wrong in the same way for several."""
    whom: dict[str, list[str]] = {}
    for what, who in found:
        whom.setdefault(what, []).append(who)
    return [f"{what}; by {', '.join(who)}" for what, who in whom.items()]


def compared(kept: Path, text: str, command: str) -> list[str]:
    """How the table differs from the one in git; with STEELYARD_RECORD it is written instead."""
    if os.environ.get("STEELYARD_RECORD"):
        kept.write_text(text, encoding="utf-8")
    was, now = (set(one.splitlines()) for one in (kept.read_text(encoding="utf-8") if kept.exists() else "", text))
    changed = [f"- {line}" for line in sorted(was - now)] + [f"+ {line}" for line in sorted(now - was)]
    return [f"{kept.name} says otherwise; if this is meant, run {command} and have the difference read:", *changed] if changed else []


def test_what_can_be_opened_without_signing_in(company, as_):
    outside = next(actor for actor in ACTORS if actor.username is None)
    cells, _ = asked(company, as_, every_route(), [outside])
    found = sorted(
        {route.shown for (route, _), came in cells.items() if came[outside]["A"].status != 405 and came[outside]["A"].shown != "in"}
    )
    assert found == sorted(route.shown for route in every_route() if route.public), "a page answers whoever is not signed in"


def table(cells) -> str:
    """One line per route and method, one column per person; `200/404/404` is of A, of B, of nobody."""
    rows = [("route", "method", "needs", *(actor.name for actor in ACTORS))]
    for (route, method), came in sorted(cells.items(), key=lambda item: (item[0][0].shown, item[0][1])):
        if method in route.needs:
            needs = f"public: {route.public}" if route.public else route.needs[method]
            rows.append((route.shown, method, needs, *(_cell(came[actor]) for actor in ACTORS)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows)


def _cell(came: dict[str, Answer]) -> str:
    shown = [came[thing].shown for thing in OBJECTS if thing in came]
    return shown[0] if len(set(shown)) == 1 else "/".join(shown)
