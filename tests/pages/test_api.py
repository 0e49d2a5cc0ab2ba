"""REST answers what the pages show, to whom they show it, and in one shape when it does not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.company import CANARY, FRAMEWORK, NEWEST


def get(client, address, **headers):
    answer = client.get(f"/api{address}", **headers)
    return answer.status_code, json.loads(answer.content)


def everything(client, address):
    """All items of a list, page by page."""
    found, cursor = [], ""
    while True:
        status, page = get(client, f"{address}{'&' if '?' in address else '?'}limit=3&cursor={cursor}")
        assert status == 200, page
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


def token(user, *scopes):
    from steelyard.accounts.actions import make_token

    return make_token(name="script", scopes=scopes, expires_at=timezone.now() + timedelta(days=1), acting_user=user)[1]


def test_without_session_or_token_there_is_one_answer(client):
    status, problem = get(client, f"/scorecards/{FRAMEWORK}/{NEWEST}")
    assert (status, problem["type"]) == (401, "urn:steelyard:problem:unauthenticated")


def test_the_ranking_by_pages_is_the_ranking(as_):
    rows = everything(as_("anna"), f"/scorecards/{FRAMEWORK}/{NEWEST}")
    assert len(rows) == len({row["subject"] for row in rows}) > 9
    by_total = sorted((row for row in rows if row["total"]), key=lambda row: -float(row["total"]))
    assert by_total[0]["rank"] == 1


def test_a_manager_gets_the_ranking_of_their_partners(as_):
    told = json.dumps(everything(as_("carla"), f"/scorecards/{FRAMEWORK}/{NEWEST}"))
    assert "ALP" in told and not CANARY.search(told)


def test_a_card_its_kpis_and_the_rows_behind_add_up(as_):
    anna = as_("anna")
    status, card = get(anna, f"/scorecards/{FRAMEWORK}/{NEWEST}/ALP")
    assert status == 200 and card["published"]
    opened = 0
    for kpi in card["kpis"]:
        status, readings = get(anna, f"/scorecards/{FRAMEWORK}/{NEWEST}/ALP/kpis/{kpi['kpi']}")
        assert status == 200
        for reading in readings:
            address = f"/scorecards/{FRAMEWORK}/{NEWEST}/ALP/kpis/{kpi['kpi']}/rows/{reading['measure']}?window={reading['window'] or ''}"
            rows = everything(anna, address)
            assert sum(row["counted"] for row in rows) == reading["counted"]
            opened += len(rows)
    assert opened > 10


def test_what_is_anothers_and_what_is_not_there_answer_alike(as_):
    carla = as_("carla")
    foreign = carla.get(f"/api/scorecards/{FRAMEWORK}/{NEWEST}/BOR")
    missing = carla.get(f"/api/scorecards/{FRAMEWORK}/{NEWEST}/NOBODY")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_a_token_may_what_its_scopes_hold_and_no_more(company, client):
    secret = token(company.people.anna, "frameworks.read")
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert get(client, "/frameworks", **headers)[0] == 200
    status, problem = get(client, f"/scorecards/{FRAMEWORK}/{NEWEST}", **headers)
    assert status == 403 and "scores.read" in problem["detail"]


def test_one_key_has_one_effect_and_the_same_answer(company, client):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token(company.people.anna, 'frameworks.write', 'frameworks.read')}"}
    text = get(client, f"/frameworks/{FRAMEWORK}/1", **headers)[1]["text"].replace("framework: channel", "framework: channel-two")

    def send(body, key):
        return client.post("/api/frameworks", json.dumps(body), "application/json", HTTP_IDEMPOTENCY_KEY=key, **headers)

    first, again = send({"text": text}, "k-1"), send({"text": text}, "k-1")
    assert first.status_code == again.status_code == 200 and first.content == again.content
    assert json.loads(again.content)["new"] and again["Idempotent-Replayed"] == "true"
    other = send({"text": text + "\n# other"}, "k-1")
    assert other.status_code == 422 and json.loads(other.content)["type"].endswith("idempotency_key_reused")


@pytest.mark.parametrize("address", ["?limit=0", "?limit=10000", "?cursor=nonsense", "?limit=many"])
def test_hostile_pages_are_refused_with_their_reason(as_, address):
    status, problem = get(as_("anna"), f"/frameworks{address}")
    assert status == 422 and problem["problems"]
