"""What earlier reviews found, kept from coming back: words instead of codes, and who may not do what by a way around."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from steelyard.accounts import actions as accounts
from steelyard.audit.queries import entries
from steelyard.records.queries import comments
from steelyard.scorecards.reasons import in_words
from tests.company import FRAMEWORK, NEWEST
from tests.company_records import review_of

CARD = f"/scorecards/{FRAMEWORK}/{NEWEST}/KAR"  # nothing is known of it


@pytest.mark.parametrize(
    "address",
    [
        CARD,
        f"{CARD}/why",
        f"{CARD}/kpis/sell_through",
        f"/api{CARD}",
        f"/api{CARD}/kpis/sell_through",
        "/partners/KAR",
        "/ranking",
        "/overview",
    ],
)  # fmt: skip
def test_why_there_is_no_data_is_said_in_words(as_, address):
    page = as_("anna").get(address, headers={"accept-language": "en"})
    text = str(page.json()) if address.startswith("/api") else page.content.decode()
    assert page.status_code in (200, 404) and "report_missing" not in text
    if address.endswith("kpis/sell_through"):
        assert "no report “Sell-through” for 2025-" in text


def test_a_german_reader_reads_it_in_german(as_):
    with override("de"):
        assert in_words("report_missing: sell_through for 2025-07, 2025-08") == "kein Bericht „Abverkauf“ für 2025-07, 2025-08"
    assert in_words("denominator is 0") == "denominator is 0"


def test_a_zero_byte_in_a_form_reaches_no_database(company, as_):
    review = review_of(company, "CER")
    sent = {"version": str(review.version), "rating-cooperation": "4", "comment": "a\0b", "save": "yes"}
    answer = as_("carla").post(f"/reviews/{review.pk}/rate", sent)
    assert answer.status_code == 422 and review_of(company, "CER").comment == review.comment


def test_the_key_of_somebody_elses_form_is_a_key_as_any(company, as_):
    record = review_of(company, "CER")
    for who, text in (("carla", "First."), ("anna", "Second."), ("anna", "Second.")):
        answer = as_(who).post(f"/reviews/{record.pk}/comment", {"text": text, "form_key": "the same"})
        assert answer.status_code == 302
    assert [(one.author, one.text) for one in comments(record.record)][-2:] == [("carla", "First."), ("anna", "Second.")]
    other = review_of(company, "ALP")
    assert as_("anna").post(f"/reviews/{other.pk}/comment", {"text": "Third.", "form_key": "the same"}).status_code == 302
    assert [one.text for one in comments(other.record)][-1] == "Third."


@pytest.mark.parametrize("page", ["/\\evil.example", "//evil.example", "/\tevil", "https://evil.example", "/ok\nX: 1"])
def test_a_saved_view_leads_to_a_page_of_ours(as_, page):
    answer = as_("anna").post("/api/account/views", {"name": "mine", "page": page, "query": "q=1"}, content_type="application/json")
    assert answer.status_code == 422, answer.content
    form = as_("anna").post("/views/save", {"name": "mine", "page": page, "query": "q=1"})
    assert form.status_code in (302, 422) and "evil" not in form.headers.get("Location", ""), form.headers
    asked = as_("anna").get("/views/save", {"page": page}).content.decode()
    assert 'href="/"' in asked and not re.search(r'href="[^"]*evil', asked)


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example", "javascript:alert(1)", "\0/"]
)
def test_nobody_is_led_away_after_signing_in(as_, wanted):
    for address in ("/sign-in", "/language"):
        sent = {"next": wanted, "language": "en", "username": "anna", "password": "x"}
        answer = as_("anna").post(address, sent)
        assert not answer.headers.get("Location", "").lstrip("/\\").startswith(("evil", "javascript", "http")), answer.headers
    answer = as_("anna").get("/sign-in", {"next": wanted})
    assert answer.status_code == 302 and "evil" not in answer["Location"]


def test_what_a_person_may_and_sees_counts_from_the_next_request_on(company, as_):
    carla, people = as_("carla"), company.people
    review = review_of(company, "ALP").pk
    key = {"Idempotency-Key": "k-1"}
    for address in (f"/reviews/{review}", "/partners/ALP", "/api/masters/partners/ALP", f"/api/reviews/{review}"):
        assert carla.get(address).status_code == 200, address
    said = {"text": "Seen.", "partner_sees": False}
    assert carla.post(f"/api/reviews/{review}/comments", said, content_type="application/json", headers=key).status_code == 201
    for grant in people.carla.grants.all():
        accounts.revoke(username="carla", grant=grant.pk, acting_user=people.ada)
    for address in (f"/reviews/{review}", "/partners/ALP", "/api/masters/partners/ALP", f"/api/reviews/{review}"):
        assert carla.get(address).status_code == 404, address
    accounts.change_user(username="carla", roles=["representative"], acting_user=people.ada)
    assert carla.post(f"/reviews/{review}/rate", {"version": "1"}).status_code == 403
    accounts.deactivate_user(username="carla", acting_user=people.ada)
    assert carla.get("/").status_code == 302 and carla.get("/api/me").status_code == 401


def test_an_idempotency_key_and_an_etag_are_of_one_person_and_one_object(company, as_):
    review = {code: f"/api/reviews/{review_of(company, code).pk}" for code in ("ALP", "CER")}
    as_json = {"content_type": "application/json"}
    shared = {"Idempotency-Key": "shared"}
    told = [as_(who).post(f"{review['CER']}/comments", {"text": f"by {who}"}, **as_json, headers=shared) for who in ("anna", "carla")]
    assert [(answer.status_code, answer.json()["author"]) for answer in told] == [(201, "anna"), (201, "carla")]
    theirs = {"If-Match": as_("carla").get(review["ALP"])["ETag"]}
    changed = as_("carla").patch(review["CER"], {"ratings": {}, "comment": ""}, **as_json, headers=theirs)
    assert changed.status_code == 412


def test_a_reset_link_never_leads_to_a_host_that_somebody_names(company, anonymous):
    answer = anonymous.post("/reset", {"address": "anna"}, headers={"host": "evil.example"})
    assert answer.status_code == 400
    before = entries(action="password reset asked for").count()
    anonymous.post("/reset", {"address": "anna"}, headers={"x-forwarded-host": "evil.example", "x-forwarded-for": "10.9.8.7"})
    asked = entries(action="password reset asked for").order_by("-pk").first()
    assert entries(action="password reset asked for").count() == before + 1 and "10.9.8.7" not in asked.origin
