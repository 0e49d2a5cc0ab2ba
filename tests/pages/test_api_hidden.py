"""Over REST nothing of partner B reaches who sees partner A: no answer, no filter, no count, no cursor."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from steelyard.api.assembly import api
from tests.company import CANARY

from .routes import Route, every_operation, objects

READERS = ("alma", "carla", "emil")
WORDS = (("BOR", "QQQ"), ("Borealis", "Xyrealis"), ("QX-88410", "QX-00000"), ("7351.77", "1357.77"), ("boris", "qqqqq"))
ASKED = ("q", "partner", "subject", "territory", "level", "source", "state", "period", "actor", "page", "user", "status", "kind", "run")
COLUMNS = ("party", "document", "end_customer", "code", "name", "partner")
PATHS = api.get_openapi_schema(path_prefix="/api/")["paths"]
TOGETHER = "&".join(f"{name}={{0}}" for name in ASKED)


def readable(client, own: dict[str, object], asked: str = "") -> dict[str, tuple[Route, str]]:
    """The addresses of all that this person may read, with own parameters, and what is answered there."""
    reads = [route for route in every_operation() if "GET" in (route.needs or {}) and set(route.parameters) <= set(own)]
    answers = {route: answered(client, f"{route.filled(own)}{asked}") for route in reads}
    return {route.filled(own): (route, text) for route, (status, text) in answers.items() if status == 200}


def answered(client, address: str) -> tuple[int, str]:
    """Status and text of an answer; of a file only that there is one."""
    answer = client.get(address)
    is_text = "json" in answer.headers.get("Content-Type", "")
    text = answer.content.decode() if is_text and not answer.streaming else ""
    answer.close()
    return answer.status_code, text


@pytest.mark.parametrize("username", READERS)
def test_no_answer_holds_anything_of_somebody_else(company, as_, username):
    client, own = as_(username, raise_request_exception=False), objects(company)["A"]
    answers = readable(client, own, "?limit=200")
    assert len(answers) > 8
    found = [address for address, (_, text) in answers.items() if CANARY.search(text)]
    assert not found, "\n".join(found)


def questions(route: Route) -> list[str]:
    """What may be asked at an address, word by word; and all at once, as words that it does not know change nothing."""
    told = PATHS.get(re.sub(r"<(\w+)>", r"{\1}", route.shown), {"get": {}})["get"].get("parameters", [])
    names = {one["name"] for one in told if one["in"] == "query"}
    wheres = [f"where={column}:{{0}}" for column in COLUMNS] if "where" in names else []
    return [*(f"{name}={{0}}" for name in ASKED if name in names), *wheres, TOGETHER]


def words(asked: str, known: int) -> tuple[tuple[str, str], ...]:
    """All of them where they are searched for, or asked together; one for one filter, and where nothing that is asked is known."""
    return WORDS if asked == "q={0}" or (asked == TOGETHER and known) else WORDS[:1]


@pytest.mark.parametrize("username", READERS[:2])
def test_asking_for_what_is_hidden_is_like_asking_for_what_is_not_there(company, as_, username):
    client, own = as_(username, raise_request_exception=False), objects(company)["A"]
    different = []
    for address, (route, _) in readable(client, own).items():
        every = questions(route)
        for asked in every:
            for hidden, nonsense in words(asked, len(every) - 1):
                told = [plain(*answered(client, f"{address}?{asked.format(quote(word))}"), word) for word in (hidden, nonsense)]
                if told[0] != told[1] or told[0][0] == 500:
                    different.append(f"{address}?{asked.format(hidden)}: {told[0]} {told[1]}"[:600])
    assert not different, "\n".join(different)


def plain(status: int, text: str, word: str) -> tuple[int, str]:
    """An answer without the word that was asked for; in "borderline" it is no word."""
    return status, re.sub(rf"\b{re.escape(word)}\b", "…", text, flags=re.IGNORECASE)


def test_the_search_would_find_them(company, as_):
    """Whoever may see partner B meets it: the tests above do not pass because nothing is there."""
    client, own = as_("anna", raise_request_exception=False), objects(company)["A"]
    met = [address for address, (_, text) in readable(client, own, "?limit=200").items() if CANARY.search(text)]
    assert len(met) > 5, met
