"""Orders over REST: each row is answered, checked as files are, live once settled; corrected, cancelled, asked about."""

from __future__ import annotations

import json
from datetime import timedelta

import polars as pl
import pytest
from django.test import Client
from django.utils import timezone

from steelyard.accounts.actions import make_token
from steelyard.api.tasks import settle_received
from steelyard.intake import actions as intake
from steelyard.intake.limits import MOST_SENT
from steelyard.ledger import queries
from steelyard.ledger.scope import EVERYTHING

GOOD = {"document": "A", "line": "1", "date": "2025-11-20", "party": "ALP", "product": "REA-1", "quantity": 2, "unit": "each",
        "amount": 99.5, "currency": "EUR", "kind": "sale"}  # fmt: skip


@pytest.fixture
def shop(channel_cast, home, settings):
    """A program that sends as Anna."""
    settings.STATIC_ROOT = home / "static"
    settings.STATIC_ROOT.mkdir()
    scopes = ["intake.write", "intake.read", "orders.read"]
    _, secret = make_token(name="shop", scopes=scopes, expires_at=timezone.now() + timedelta(days=1), acting_user=channel_cast.anna)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(client, address, body, content_type="application/json", **headers):
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    answer = client.post(f"/api{address}", raw, content_type, headers=headers)
    return answer.status_code, json.loads(answer.content)


def many(client, *rows, atomic=False, source="shop", **more):
    return post(client, "/rows/orders", {"source": source, "rows": list(rows), "atomic": atomic, **more})


def standing(source="shop"):
    columns = ["source", "document", "line", "amount", "sign"]
    rows = queries.facts("orders", scope=EVERYTHING, columns=columns).filter(pl.col("source") == source)
    net = rows.group_by("document", "line", "amount").agg(pl.col("sign").cast(pl.Int64).sum()).filter(pl.col("sign") != 0)
    return net.select("document", "line", "amount").sort("document", "line").collect().rows()


def became(client, number):
    told = client.get(f"/api/received/{number}").json()
    return told["state"], told["outcome"]


def test_an_order_is_sent_corrected_overtaken_and_cancelled_and_each_step_can_be_asked_about(shop):
    def send(**changed):
        status, told = post(shop, "/facts/orders", {"source": "shop", "columns": {**GOOD, **changed}})
        assert (status, told["state"], told["again"], told["unmatched"]) == (202, "received", False, False)
        settle_received.func()
        return became(shop, told["number"])

    assert send(source_version=1) == ("live", "new")
    assert send(source_version=1) == ("settled", "duplicate")
    assert send(source_version=3, amount="120.25") == ("live", "restated")
    assert send(source_version=2, amount="110") == ("settled", "outdated")
    assert standing() == [("A", "1", 1_202_500)]
    status, told = post(shop, "/cancellations/orders", {"source": "shop", "keys": [{"document": "A"}, {"document": "B"}], "atomic": True})
    assert (status, told["accepted"]) == (202, 2)
    assert became(shop, told["results"][0]["number"]) == ("received", None)
    settle_received.func()
    assert [became(shop, one["number"]) for one in told["results"]] == [("settled", "cancelled"), ("settled", "nothing to cancel")]
    assert standing() == []
    listed = shop.get("/api/received?source=shop").json()["items"]
    assert [one["outcome"] for one in listed] == ["new", "duplicate", "restated", "outdated", "cancelled", "nothing to cancel"]
    assert shop.get(f"/api/facts/orders/{listed[2]['row']}").json()["columns"]["amount"] == "120.25"


def test_an_order_with_its_lines_is_one_request_and_lines_left_out_stay(shop):
    header = {name: GOOD[name] for name in ("document", "date", "party", "currency")}
    lines = [{"line": str(n), "product": "REA-1", "quantity": n, "amount": f"{n}.10"} for n in (1, 2, 3)]
    body = {"source": "shop", "orders": [{"columns": header, "lines": lines}], "atomic": True}
    status, told = post(shop, "/orders", body)
    assert (status, told["rows_in"], told["accepted"]) == (202, 3, 3)
    assert [one["place"] for one in told["results"]] == [f"orders[0].lines[{n}]" for n in range(3)]
    body["orders"][0]["lines"] = [{**lines[1], "amount": "2.20"}]
    assert post(shop, "/orders", body)[0] == 202
    settle_received.func()
    assert standing() == [("A", "1", 11_000), ("A", "2", 22_000), ("A", "3", 31_000)]


def test_good_rows_of_a_batch_are_taken_and_each_other_one_is_told_why_not(shop):
    bad = {**GOOD, "line": "2", "product": "REA-9", "amount": "a lot"}
    status, told = many(shop, GOOD, bad, {**GOOD, "line": "3", "party": "NOBODY"}, delivery="m1")
    assert (status, told["rows_in"], told["accepted"], told["refused"], told["unmatched"]) == (202, 3, 2, 1, 1)
    assert [(one["index"], one["state"], one["unmatched"]) for one in told["results"]] == [
        (0, "accepted", False), (1, "refused", False), (2, "accepted", True),
    ]  # fmt: skip
    assert {(one["code"], one["where"]) for one in told["results"][1]["problems"]} == {
        ("unknown_product", "product"),
        ("not_a_number", "amount"),
    }
    again = many(shop, GOOD, {**bad, "product": "REA-2", "amount": "5"}, {**GOOD, "line": "3", "party": "NOBODY"}, delivery="m1")[1]
    assert [one["state"] for one in again["results"]] == ["again", "accepted", "again"]
    assert post(shop, "/rows/orders", {"source": "shop", "rows": [{**GOOD, "amount": 1}], "atomic": False, "delivery": "m1"})[0] == 422
    assert queries.delivered(actor="anna").count() == 3


def test_an_atomic_batch_with_one_bad_row_takes_none_and_names_every_problem_at_its_row(shop):
    status, told = many(shop, GOOD, {**GOOD, "line": "2", "currency": "XYZ"}, {**GOOD, "line": "3", "date": None}, atomic=True)
    assert status == 422 and [(one["code"], one["where"]) for one in told["problems"]] == [
        ("unknown_currency", "rows[1].currency"), ("required", "rows[2].date"),
    ]  # fmt: skip
    assert many(shop, {**GOOD, "amount": None}, {}, atomic=False)[0] == 422  # nothing was good: nothing landed
    assert not queries.delivered(actor="anna").exists()


WRONG = {
    "product": "REA-9", "unit": "crate", "currency": "ZZZ", "date": "2025-02-30", "amount": "1.00001", "quantity": "many", "kind": "gift",
    "promised_on": "03/04/2026",
}  # fmt: skip


def test_a_row_is_refused_for_the_same_reasons_as_in_a_file(shop, channel_cast):
    later = (timezone.localdate() + timedelta(days=40)).isoformat()
    rows = [{**GOOD, "line": str(n), name: value} for n, (name, value) in enumerate({**WRONG, "shipped_on": "0001-01-01"}.items(), start=2)]
    rows += [{**GOOD, "line": "50", "date": later}, {**GOOD, "line": "51", "amount": "1e308"}, {**GOOD, "line": "52", "amount": "NaN"}]
    rows += [{**GOOD, "line": "53", "amount": "-5", "kind": None}, {**GOOD, "line": "54", "document": "a\x01b"}]
    rows += [{**GOOD, "line": "55", "amount": "1_000"}, {**GOOD, "line": "56", "amount": "１２"}, {**GOOD, "line": "57", "amount": 10**13}]
    told = many(shop, GOOD, *rows)[1]["results"]
    names = list(dict.fromkeys(name for row in [GOOD, *rows] for name in row))
    file = pl.DataFrame([{name: str(row[name]) if row.get(name) is not None else "" for name in names} for row in [GOOD, *rows]])
    mapping = intake_mapping(names)
    outcome = intake.preview(file.write_csv().encode(), name="a.csv", kind="orders", mapping=mapping, acting_user=channel_cast.anna)
    in_file = {(one.code, one.where.split("row ")[1].split(",")[0]) for one in outcome.examples}
    over_rest = {(problem["code"], str(one["index"] + 2)) for one in told for problem in one["problems"]}
    assert over_rest == in_file and len({row for _, row in in_file}) == len(rows) - (1 if outcome.accepted == 2 else 0)


def intake_mapping(names):
    from steelyard.intake.mappings import read_mapping

    columns = ", ".join(f"{name}: {name}" for name in names)
    mapping, problems = read_mapping(f'kind: orders\nsource: shop\ndecimal: "."\ndate_order: YMD\ncolumns: {{{columns}}}\n')
    assert mapping is not None, problems
    return mapping


def test_two_rows_sent_together_that_contradict_each_other_are_both_refused(shop):
    told = many(shop, GOOD, {**GOOD, "amount": 1}, {**GOOD, "line": "2"}, {**GOOD, "line": "2"})[1]
    assert [one["state"] for one in told["results"]] == ["refused", "refused", "accepted", "accepted"]
    assert told["results"][0]["problems"][0]["code"] == "conflict"


def test_lines_of_one_document_without_numbers_are_refused_because_each_would_correct_the_one_before(shop):
    told = many(shop, {**GOOD, "line": None}, {**GOOD, "line": None, "amount": 1}, {**GOOD, "document": "B", "line": None})[1]
    assert [one["state"] for one in told["results"]] == ["refused", "refused", "accepted"]
    assert told["results"][0]["problems"][0]["code"] == "line_missing"


NOT_AS_DESCRIBED = (
    ({"source": "s", "rows": [GOOD], "atomic": True, "colour": "red"}, 400, "unknown_field"),
    ({"source": "s", "rows": [{**GOOD, "colour": "red"}], "atomic": True}, 400, "unknown_field"),
    ({"source": "s", "rows": [GOOD]}, 422, "invalid"),  # whoever sends says whether all or none
    ({"source": "s", "rows": [{}] * (MOST_SENT + 1), "atomic": True}, 413, "too_many_rows"),
    ({"source": "s", "rows": [], "atomic": True}, 422, "invalid"),
    ({"source": "\x07", "rows": [GOOD], "atomic": True}, 422, "bad_source"),
    ('{"source": "s", "source": "t", "rows": [], "atomic": true}', 400, "duplicate_name"),
    ('{"source": "s", "rows": [{"amount": NaN}], "atomic": true}', 400, "not_finite"),
    ("[" * 10_000 + "]" * 10_000, 400, "too_deep"),
    ('{"source": ', 400, "unreadable"),
    ({"source": "s", "rows": [{**GOOD, "source_version": "x"}], "atomic": True}, 422, "bad_version"),
)


def test_what_is_not_as_described_is_refused_in_one_shape(shop):
    for body, status, code in NOT_AS_DESCRIBED:
        got, told = post(shop, "/rows/orders", body)
        assert (got, told["type"]) == (status, f"urn:steelyard:problem:{code}"), told
    assert not queries.delivered(actor="anna").exists()


def test_other_wrappings_and_sizes_are_refused_before_they_are_read(shop, settings):
    one = {"source": "shop", "columns": GOOD}
    assert post(shop, "/facts/orders", one, "text/plain")[0] == 415
    assert post(shop, "/facts/orders", one, **{"Content-Encoding": "gzip"})[0] == 415
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 50
    status, told = post(shop, "/facts/orders", one)
    assert status == 413 and "50 bytes" in told["title"]
    assert post(shop, "/facts/nothing", {"source": "shop", "columns": {}})[0] in (404, 413)


def test_a_party_with_the_name_of_one_partner_is_found_and_another_waits_in_the_queue(shop):
    from steelyard.attribution.unmatched import unmatched
    from steelyard.partners.queries import known_parties

    named = {**GOOD, "party": "K-1", "party_name": "borealis  lab"}
    told = many(shop, named, {**named, "line": "2", "party": "K-2", "party_name": "Nobody Known"})[1]
    assert [one["unmatched"] for one in told["results"]] == [True, True]
    settle_received.func()
    assert known_parties(["K-1", "K-2"], source="shop") == {"K-1"}
    assert set(unmatched()["party"]) == {"K-2"}
    commit = queries.commits([queries.head()])[queries.head()]
    assert commit.facts and commit.histories  # who it is became known with the order itself


def test_nobody_is_told_what_somebody_else_sent(shop, channel_cast):
    told = many(shop, GOOD)[1]["results"][0]
    client = Client()
    system = channel_cast.system
    from steelyard.accounts.actions import add_user

    other = add_user(username="otto", name="Otto", roles=["operator"], acting_user=system)
    _, secret = make_token(name="o", scopes=["intake.write"], expires_at=timezone.now() + timedelta(days=1), acting_user=other)
    asked = {"Authorization": f"Bearer {secret}"}
    assert client.get(f"/api/received/{told['number']}", headers=asked).status_code == 404
    assert client.get("/api/received", headers=asked).json()["items"] == []
