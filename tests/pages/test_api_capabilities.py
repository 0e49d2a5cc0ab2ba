"""Each capability over REST: the way it is meant to go, what somebody else's answers, what is refused."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from steelyard.jobs.actions import work_off
from steelyard.ledger import queries as ledger
from tests.company import CANARY, FRAMEWORK, NEWEST, ORDER_HEADER

from .test_api import everything, get, token

JSON = "application/json"


def send(client, method, address, body=None, **headers):
    answer = client.generic(method, f"/api{address}", json.dumps(body or {}), "application/json", headers=headers)
    return answer.status_code, json.loads(answer.content) if answer.content else None


def etag(client, address):
    return client.get(f"/api{address}")["ETag"]


def test_a_record_is_added_changed_and_ended_and_nothing_of_it_is_lost(as_):
    anna = as_("anna")
    values = {"code": "NEW", "name": "New Partner", "country": "CH", "territory": "ALPS", "type": "dealer"}
    status, made = send(anna, "POST", "/masters/partners", {"values": values, "reason": "signed"})
    assert (status, made["key"], made["values"]["name"]) == (201, "NEW", "New Partner")
    assert send(anna, "PATCH", "/masters/partners/NEW", {"values": {"city": "Chur"}})[0] == 428
    seen = etag(anna, "/masters/partners/NEW")
    status, changed = send(anna, "PATCH", "/masters/partners/NEW", {"values": {"city": "Chur"}}, **{"If-Match": seen})
    assert (status, changed["values"]["city"]) == (200, "Chur")
    status, late = send(anna, "PATCH", "/masters/partners/NEW", {"values": {"city": "Bern"}}, **{"If-Match": seen})
    assert (status, late["type"]) == (412, "urn:steelyard:problem:precondition_failed")
    seen = etag(anna, "/masters/partners/NEW")
    assert send(anna, "DELETE", "/masters/partners/NEW?valid_from=2026-01-01&reason=over", **{"If-Match": seen})[0] == 200
    told = everything(anna, "/masters/partners/NEW/history")
    assert len(told) >= 3 and told[0]["values"]["name"] == "New Partner" and told[0]["actor"] == "anna"


def test_many_records_are_loaded_at_once_or_not_at_all(as_):
    anna, rows = as_("anna"), [{"code": code, "name": code, "country": "CH"} for code in ("N1", "N2")]
    assert send(anna, "POST", "/masters/partners/load", {"rows": rows})[1]["new"] == 2
    bad = [*rows, {"code": "N3", "name": "N3", "country": "Nowhere"}]
    status, problem = send(anna, "POST", "/masters/partners/load", {"rows": bad})
    assert status == 422 and "row 3" in problem["problems"][0]["where"]
    assert get(anna, "/masters/partners/N3")[0] == 404


def test_masters_show_a_manager_their_own_partners_and_no_column_that_names_others(as_):
    carla = as_("carla")
    rows = everything(carla, "/masters/partners?where=country:CH")
    assert {"ALP"} <= {row["key"] for row in rows} and not CANARY.search(json.dumps(rows))
    foreign, missing = (carla.get(f"/api/masters/partners/{code}") for code in ("BOR", "NOBODY"))
    assert foreign.status_code == 404 and foreign.content == missing.content
    status, problem = get(carla, "/masters/partners?where=parent:BOR")
    assert (status, problem["problems"][0]["code"]) == (422, "unknown_column")
    assert problem["problems"][0]["code"] == get(carla, "/masters/partners?where=nothing:BOR")[1]["problems"][0]["code"]


def test_one_row_says_whose_it_is_and_where_it_counts(as_, company):
    anna = as_("anna")
    row = everything(anna, "/facts/orders?partner=ALP&where=product:REA-1&first_day=2025-07-01&last_day=2025-09-30")[0]
    status, whole = get(anna, f"/facts/orders/{row['row']}")
    assert status == 200 and whole["meant"]["partner"] == "ALP" and whole["file"] and whole["counts_in"]
    assert whole["columns"] == row["columns"] and isinstance(row["columns"]["amount"], str)
    assert not CANARY.search(json.dumps(everything(as_("carla"), "/facts/orders")))


def test_whoever_pages_on_while_rows_are_added_misses_none(as_, company):
    from tests.company import commit

    anna = as_("anna")
    present = {row["row"] for row in everything(anna, "/facts/orders")}
    found, cursor, number = [], "", 0
    while cursor is not None:
        page = get(anna, f"/facts/orders?limit=7&cursor={cursor}")[1]
        found += [row["row"] for row in page["items"]]
        cursor, number = page["next"], number + 1
        if number < 5:
            lines = [f"ADD-{number}-{place},1,2025-11-05,ALP,REA-1,1,10.00,10.00,EUR,sale,clinic" for place in range(40)]
            commit(company.people.anna, "orders", f"added-{number}.csv", [ORDER_HEADER, *lines])
    assert present <= set(found) and len(found) == len(set(found)) and len(found) >= len(present) + 160


def test_a_single_fact_counts_once_the_worker_has_settled_it(as_, company):
    from steelyard.api.tasks import seal_live, settle_received

    anna = as_("anna")
    columns = {"document": "RT-1", "line": "1", "date": "2025-11-20", "party": "ALP", "product": "REA-1", "quantity": "2",
               "amount": "99.50", "currency": "EUR", "kind": "sale"}  # fmt: skip
    body = {"source": "shop", "columns": columns, "delivery": "msg-1"}
    assert send(anna, "POST", "/facts/orders", body)[0] == 202
    assert send(anna, "POST", "/facts/orders", body)[1]["again"]
    status, problem = send(
        anna, "POST", "/facts/orders", {**body, "delivery": "", "columns": {**columns, "amount": "a lot", "currency": "XXX"}}
    )
    assert status == 422 and {one["where"] for one in problem["problems"]} == {"amount", "currency"}
    settle_received.func()
    (row,) = everything(anna, "/facts/orders?source=shop")
    assert row["columns"]["amount"] == "99.5000" or float(row["columns"]["amount"]) == 99.5
    assert seal_live.func() == 1 and not ledger.anything_live()
    assert everything(anna, "/facts/orders?source=shop") == [row] and send(anna, "POST", "/facts/orders", body)[1]["again"]


def test_a_file_is_checked_brought_in_and_undone(as_, company):
    anna = as_("anna")
    text = "\n".join(
        [ORDER_HEADER, "UP-1,1,2025-11-05,ALP,REA-1,1,10.00,10.00,EUR,sale,clinic", "UP-2,1,no day,ALP,REA-1,1,1,1,EUR,sale,x", ""]
    )

    def form():
        return {"kind": "orders", "source": "upload", "file": SimpleUploadedFile("orders.csv", text.encode())}

    checked = json.loads(anna.post("/api/intake/check", form()).content)
    assert (checked["rows_in"], checked["accepted"], checked["quarantined"]) == (2, 1, 1) and checked["problems"]
    jobs = [anna.post("/api/intake/files", form(), headers={"Idempotency-Key": "up-1"}) for _ in range(2)]
    assert [job.status_code for job in jobs] == [202, 202] and jobs[0].content == jobs[1].content
    work_off()
    job = get(anna, f"/account/jobs/{json.loads(jobs[0].content)['job']}")[1]
    assert job["state"] == "done", job
    batch = job["result"]["batch"]
    assert get(anna, f"/intake/batches/{batch}")[1]["accepted"] == 1
    (refused,) = everything(anna, f"/intake/problems?batch={batch}")
    assert refused["row"] == 3 and "UP-2" in refused["cells"]
    assert b"UP-2" in b"".join(anna.get(f"/api/intake/batches/{batch}/refused").streaming_content)
    assert send(anna, "POST", f"/intake/batches/{batch}/undo", {"reason": "test"})[1]["status"] == "undone"
    assert send(anna, "POST", f"/intake/batches/{batch}/undo", {"reason": "test"})[0] == 422
    assert as_("carla").get("/api/intake/batches").status_code == 403


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"content_type": "text/plain", "data": "hello"}, 415), ({"content_type": JSON, "data": "{"}, 400),
        ({"content_type": JSON, "data": '{"text": 5}'}, 422), ({"content_type": JSON, "data": '{"text": "\\u0000"}'}, 400),
        ({"content_type": JSON, "data": " " * 3_000_000}, 413),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_as_a_problem(as_, sent, status):
    answer = as_("anna").post("/api/frameworks", **sent)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(answer.content)["status"] == status


def test_unknown_addresses_and_wrong_methods_are_problems_too(as_):
    anna = as_("anna")
    for method, address, status in (("GET", "/api/nothing/here", 404), ("PUT", "/api/me", 405), ("POST", "/api/audit", 405)):
        answer = anna.generic(method, address)
        told = json.loads(answer.content)
        assert (answer.status_code, answer["Content-Type"], told["status"]) == (status, "application/problem+json", status)
    assert anna.put("/api/me")["Allow"]


def test_a_session_writes_with_its_csrf_token_only(as_):
    anna = as_("anna", enforce_csrf_checks=True)
    status, problem = send(anna, "POST", "/scorecards/score", {"framework": FRAMEWORK, "period": NEWEST})
    assert (status, problem["type"]) == (403, "urn:steelyard:problem:csrf_failed")


def test_a_number_of_somebody_else_is_questioned_as_one_that_is_not_there(as_):
    carla = as_("carla")
    doubt = {"framework": FRAMEWORK, "period": NEWEST, "text": "why?"}
    foreign, missing = (
        carla.post("/api/questions", json.dumps({**doubt, "subject": subject}), "application/json") for subject in ("BOR", "NOBODY")
    )
    assert foreign.status_code == 404 and foreign.content == missing.content
    status, asked = send(carla, "POST", "/questions", {**doubt, "subject": "ALP", "kpi": "net_sales"})
    assert status == 201 and asked["thread"][0]["text"] == "why?"
    assert send(as_("anna"), "POST", f"/questions/{asked['question']}/answer", {"text": "so"})[1]["state"] == "answered"


def test_the_partner_gets_what_is_published_of_itself_and_nothing_else(as_):
    alan = as_("alan")
    status, card = get(alan, f"/portal/scorecards/{FRAMEWORK}/{NEWEST}")
    assert status == 200 and card["total"] and "subjects" not in json.dumps(card)
    assert get(as_("erna"), f"/portal/scorecards/{FRAMEWORK}/2025-Q4")[0] == 404  # scored, and not published for this partner
    rows = everything(alan, "/portal/facts/orders")
    assert rows and not {"cost", "party", "party_name"} & {name for row in rows for name in row["columns"]}
    assert get(alan, "/portal/facts/orders?where=cost:1")[0] == 422
    assert get(alan, "/portal/facts/targets")[0] == 404
    assert get(alan, "/portal?partner=BOR") == get(alan, "/portal?partner=NOBODY")
    told = [
        rows,
        everything(alan, "/portal/scorecards"),
        everything(alan, "/portal/questions"),
        everything(alan, "/portal/documents"),
        card,
    ]
    assert not CANARY.search(json.dumps(told))
    assert get(alan, "/scorecards")[0] == 403


def test_a_token_is_made_once_and_its_secret_kept_nowhere(as_, client):
    anna = as_("anna")
    body = {"name": "nightly", "scopes": ["scores.read"], "expires_at": "2026-12-31T00:00:00Z"}
    first = send(anna, "POST", "/account/tokens", body, **{"Idempotency-Key": "t-1"})[1]
    again = send(anna, "POST", "/account/tokens", body, **{"Idempotency-Key": "t-1"})[1]
    assert first["secret"].startswith("steelyard_") and again["secret"] is None and first["token"] == again["token"]
    headers = {"HTTP_AUTHORIZATION": f"Bearer {first['secret']}"}
    assert get(client, "/me", **headers)[1]["permissions"] == ["scores.read"]
    assert client.post("/api/account/tokens", json.dumps(body), "application/json", **headers).status_code == 403
    assert next(one for one in everything(anna, "/account/tokens") if one["token"] == first["token"])["last_used_at"]


def test_what_a_token_does_is_told_in_the_trail(company, client):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token(company.people.anna, 'masters.write', 'masters.read', 'audit.read')}"}
    body = json.dumps({"values": {"code": "TOK", "name": "By token", "country": "CH"}})
    assert client.post("/api/masters/partners", body, "application/json", **headers).status_code == 201
    (entry,) = get(client, "/audit?subject=partners:TOK", **headers)[1]["items"]
    assert entry["actor"] == "anna" and "API token" in entry["origin"]


def test_people_are_added_changed_and_seen_by_who_may(as_):
    ada = as_("ada")
    body = {
        "username": "zoe",
        "name": "Zoe",
        "roles": ["partner_manager"],
        "grants": [{"kind": "territory", "key": "ALPS"}],
        "invite": False,
    }
    status, made = send(ada, "POST", "/people", body)
    assert status == 201 and made["partners"] > 1
    status, changed = send(ada, "PATCH", "/people/zoe", {"name": "Zoe Z."}, **{"If-Match": etag(ada, "/people/zoe")})
    assert (status, changed["name"]) == (200, "Zoe Z.")
    assert send(ada, "PATCH", "/people/zoe", {"name": "Z"}, **{"If-Match": '"old"'})[0] == 412
    assert send(ada, "POST", f"/people/zoe/grants/{made['grants'][0]['grant']}/revoke")[1]["partners"] == 0
    assert send(as_("anna"), "POST", "/people", body)[0] == 403


def test_settings_change_upon_what_was_read(as_):
    anna, seen = as_("anna"), etag(as_("anna"), "/settings")
    assert send(anna, "PATCH", "/settings", {"currencies": ["USD"]}, **{"If-Match": seen})[1]["currencies"] == ["EUR", "USD"]
    assert send(anna, "PATCH", "/settings", {"currencies": ["GBP"]}, **{"If-Match": seen})[0] == 412
    assert get(anna, "/settings/calendars")[1][0]["windows"]


def test_the_cards_proof_next_level_and_document(as_):
    anna, card = as_("anna"), f"/scorecards/{FRAMEWORK}/{NEWEST}/ALP"
    assert get(anna, f"{card}/receipt")[1]["holds"]
    assert get(anna, f"{card}/next-level")[0] in (200, 404)
    for kpi in get(anna, card)[1]["kpis"]:
        for reading in get(anna, f"{card}/kpis/{kpi['kpi']}")[1]:
            added, rows = _rows_behind(anna, f"{card}/kpis/{kpi['kpi']}/rows/{reading['measure']}", reading["window"])
            assert len([row for row in rows if row["counted"]]) == reading["counted"]
            if reading["measure"] != "answers":  # which is a mean
                assert added == Decimal(reading["value"] or 0), (kpi["kpi"], reading)  # in natural units, to the last digit
    assert anna.get(f"/api{card}/pdf").content.startswith(b"%PDF")
    heat = get(anna, f"/scorecards/{FRAMEWORK}/{NEWEST}/overview")[1]
    assert heat["partners"] >= heat["ranked"] > 5 and heat["rows"] and len(heat["rows"][0]["cells"]) == len(heat["columns"])
    seen = get(as_("carla"), f"/scorecards/{FRAMEWORK}/{NEWEST}/overview")[1]
    assert seen["partners"] < heat["partners"] and not CANARY.search(json.dumps(seen))


def _rows_behind(client, address, window):
    rows = everything(client, f"{address}?window={window or ''}")
    return sum(Decimal(row["contribution"] or 0) for row in rows), rows


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("anna", f"/scorecards/{FRAMEWORK}/{NEWEST}/ALP/pdf"),
        ("alan", f"/portal/scorecards/{FRAMEWORK}/{NEWEST}/pdf"),
        ("anna", "/documents/{document}/file"),
        ("alan", "/portal/documents/{document}"),
        ("anna", "/intake/batches/{batch}/refused"),
    ],
)
def test_whatever_leaves_as_a_file_stands_in_the_trail(as_, company, who, address):
    from steelyard.audit.queries import entries

    document = everything(as_("alan"), "/portal/documents")[0]["document"]
    path = address.format(document=document, batch=company.batches["orders 2025-q4"])
    before = entries(action="exported").count()
    answer = as_(who).get(f"/api{path}")
    list(answer) if answer.streaming else answer.content
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"], answer
    last = entries(action="exported").order_by("-pk").first()
    assert (entries(action="exported").count(), last.actor, last.after["address"]) == (before + 1, who, f"/api{path}")


def test_old_answers_are_forgotten(as_):
    from datetime import timedelta

    from django.utils import timezone

    from steelyard.api.actions import forget_answers

    anna = as_("anna")
    body = {"values": {"code": "K", "name": "K", "country": "CH"}}
    assert send(anna, "POST", "/masters/partners", body, **{"Idempotency-Key": "k"})[0] == 201
    assert forget_answers() == 0 and forget_answers(timezone.now() + timedelta(days=1)) == 1
    assert send(anna, "POST", "/masters/partners", body, **{"Idempotency-Key": "k"})[0] == 422
