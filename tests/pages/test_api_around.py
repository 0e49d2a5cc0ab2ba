"""Over REST one finds, sees what waits, reads a partner all around and changes the own account, each as far as the pages let one."""

from __future__ import annotations

import json

import pytest

from steelyard.audit.queries import entries
from tests.company import CANARY, FRAMEWORK, NEWEST

from .test_api import everything, get
from .test_api_capabilities import etag, send

MAPPING = "/intake/mappings/orders/erp"


def found(client, text: str) -> dict[str, list[dict[str, str]]]:
    status, told = get(client, f"/search?q={text}")
    assert status == 200, told
    return {group["kind"]: group["hits"] for group in told}


def test_search_finds_what_the_page_finds_as_far_as_the_reader_sees(as_):
    ben, carla = as_("ben"), as_("carla")
    (alpine,) = [hit for hit in found(ben, "alpine")["partners"] if hit["key"] == "ALP"]
    assert (alpine["title"], alpine["address"]) == ("Alpine Diagnostics", "/partners/ALP")
    assert "Ranking" in [hit["title"] for hit in found(ben, "rank")["pages"]]
    assert FRAMEWORK in [hit["key"] for hit in found(ben, FRAMEWORK)["frameworks"]]
    assert found(ben, "Borealis")["partners"] and "partners" not in found(carla, "Borealis")
    assert not CANARY.search(json.dumps(found(carla, "a")))
    assert get(ben, f"/search?q={'x' * 101}")[0] == 422 and get(ben, "/search")[1] == []
    assert get(as_("alan"), "/search?q=a")[0] == 403


@pytest.mark.parametrize("username", ["ada", "anna", "ben", "carla", "dora", "nora"])
def test_what_waits_is_what_the_home_page_says(as_, username):
    shown = as_(username).get("/").context["due"]
    told = get(as_(username), "/me/waiting")[1]
    assert [(one["count"], one["text"], one["address"], one["late"]) for one in told] == [
        (one.count, one.text, one.url, one.late) for one in shown
    ]
    assert {one["name"] for one in told} >= ({"refused rows", "unmatched names"} if username == "anna" else set())


def test_what_waits_for_a_partner_is_what_its_home_says(as_):
    alma = as_("alma")
    status, told = get(alma, "/portal/waiting")
    page = alma.get("/portal/").content.decode()
    assert status == 200 and told and all(one["address"] in page for one in told)
    assert get(as_("carla"), "/portal/waiting")[0] == 403 and get(alma, "/me/waiting")[0] == 403


def test_a_partner_is_read_all_around_in_one_call(as_):
    carla = as_("carla")
    doubt = {"framework": FRAMEWORK, "period": NEWEST, "subject": "ALP", "text": "why?"}
    asked = send(carla, "POST", "/questions", doubt)[1]["question"]
    status, told = get(carla, "/partners/ALP")
    assert (status, told["name"], told["territory"]) == (200, "Alpine Diagnostics", "ALPS")
    (series,) = [one for one in told["scores"] if one["framework"] == FRAMEWORK]
    card = get(carla, f"/scorecards/{FRAMEWORK}/{NEWEST}/ALP")[1]
    score = next(one for one in series["scores"] if one["period"] == NEWEST)
    assert (score["total"], score["level"], score["published"]) == (card["total"], card["level"], True)
    assert [one["territory"] for one in told["places"] if one["now"]] == ["ALPS"]
    assert asked in [one["question"] for one in told["questions"]]
    foreign, missing = (carla.get(f"/api/partners/{code}") for code in ("BOR", "NOBODY"))
    assert foreign.status_code == 404 and foreign.content == missing.content


def test_everybody_changes_their_own_name_and_language_upon_what_they_read(as_):
    alan = as_("alan")
    seen = {"If-Match": etag(alan, "/account")}
    assert send(alan, "PATCH", "/account", {"language": "xx"}, **seen)[0] == 422
    status, changed = send(alan, "PATCH", "/account", {"name": "Alan A.", "language": "de"}, **seen)
    assert (status, changed["name"], changed["language"]) == (200, "Alan A.", "de") and get(alan, "/account")[1] == changed
    assert send(alan, "PATCH", "/account", {"name": "Al"}, **seen)[0] == 412
    seen = {"If-Match": etag(alan, "/account")}
    assert send(alan, "PATCH", "/account", {"roles": ["administrator"]}, **seen)[1]["roles"] == ["partner_user"]
    (entry,) = entries(action="own account changed").filter(subject="user:alan")
    assert (entry.actor, entry.after["name"]) == ("alan", "Alan A.")


def test_older_versions_of_a_mapping_are_read(as_):
    anna = as_("anna")
    first = get(anna, MAPPING)[1]
    seen = {"If-Match": etag(anna, MAPPING)}
    second = send(anna, "PUT", MAPPING, {"text": "kind: orders\nsource: erp\ndecimal: '.'\n"}, **seen)[1]
    told = everything(anna, f"{MAPPING}/versions")
    assert [one["version"] for one in told] == list(range(second["version"], 0, -1))
    assert get(anna, f"{MAPPING}/versions/{first['version']}")[1] == first
    assert get(anna, f"{MAPPING}/versions/{second['version']}")[1] == second
    for address in (f"{MAPPING}/versions/99", "/intake/mappings/orders/nobody/versions", "/intake/mappings/orders/nobody/versions/1"):
        assert get(anna, address)[0] == 404, address
