"""Overrides through the pages: proposed at a scorecard, decided in the list by a second person, seen in the scope only."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from steelyard.ledger.scope import EVERYTHING
from steelyard.scorecards.overrides import queries
from tests import company as told

from .test_api import everything, get
from .test_api_capabilities import etag, send

PORTAL = f"/portal/scorecard/{told.FRAMEWORK}/{told.NEWEST}"
CARD = f"/scorecards/{told.FRAMEWORK}/{told.NEWEST}"


def proposed(as_, who="anna", subject="ALP"):
    browser = as_(who)
    assert f'href="{CARD}/{subject}/override"' in browser.get(f"{CARD}/{subject}").content.decode()
    answer = browser.post(f"{CARD}/{subject}/override", {"points": "82.5", "reason": "The warehouse burnt down."})
    made = queries.listed(scope=EVERYTHING)[0]
    assert answer.status_code == 302 and answer["Location"] == f"/overrides?override={made.pk}"
    return made


def decide(as_, who, verb, made, reason=""):
    answer = as_(who).post(f"/overrides/{verb}", {"override": made.pk, "reason": reason}, follow=True)
    made.refresh_from_db()
    return answer


def test_who_proposed_cannot_approve_and_a_second_person_can(company, as_):
    made = proposed(as_)
    own = as_("anna").get(f"/overrides?override={made.pk}").content.decode()
    assert "3 overrides wait for a second person." in own and "You proposed it" in own and "/overrides/approve" not in own
    decide(as_, "anna", "approve", made)
    assert made.state == "proposed"
    assert "/overrides/approve" in as_("ben").get(f"/overrides?override={made.pk}").content.decode()
    assert decide(as_, "ben", "approve", made).status_code == 200
    assert (made.state, made.decided_by, made.points) == ("approved", "ben", 82_500_000)
    assert "The warehouse burnt down." in as_("anna").get("/overrides?format=csv").content.decode()
    assert "The warehouse burnt down." in as_("dora").get(f"{CARD}/ALP").content.decode()
    ranking = f"/ranking?framework={told.FRAMEWORK}&period={told.NEWEST}"
    assert "overridden: 82.5" in as_("anna").get(ranking).content.decode()
    assert "overridden: 82.5" in as_("anna").get(f"{ranking}&format=csv").content.decode()


def test_it_is_refused_and_withdrawn_only_with_a_reason(company, as_):
    made = proposed(as_)
    decide(as_, "ben", "refuse", made)
    assert made.state == "proposed"
    decide(as_, "anna", "withdraw", made, "The insurer paid.")
    assert (made.state, made.withdrawn_reason) == ("withdrawn", "The insurer paid.")


def test_who_has_another_scope_finds_nothing(company, as_):
    made = proposed(as_)
    assert as_("rosa").get(f"/overrides?override={made.pk}").status_code == 404
    assert "burnt" not in as_("rosa").get("/overrides").content.decode()
    assert as_("rosa").post("/overrides/withdraw", {"override": made.pk, "reason": "x"}).status_code == 404
    assert as_("rosa").post(f"{CARD}/ALP/override", {"points": "1", "reason": "x"}).status_code == 404


def test_what_is_wrong_with_a_proposal_is_said_beside_the_form(company, as_):
    answer = as_("anna").post(f"{CARD}/ALP/override", {"points": "1", "level": "A", "reason": "x"})
    assert answer.status_code == 422 and {one.period for one in queries.listed(scope=EVERYTHING)} == {told.PERIODS[0]}


def test_over_rest_one_person_proposes_and_another_approves_once(company, as_):
    anna, ben = as_("anna"), as_("ben")
    wanted = {"framework": told.FRAMEWORK, "subject": "ALP", "period": told.NEWEST, "points": "82.5", "reason": "The warehouse burnt down."}
    status, made = send(anna, "POST", "/overrides", wanted, **{"Idempotency-Key": "override-1"})
    assert (status, made["state"], made["points"], made["decided_by"]) == (201, "proposed", "82.5", None)
    card = get(anna, f"{CARD}/ALP")[1]
    assert made["calculated"] == {"total": card["total"], "level": card["level"]} and card["override"] is None
    for key in ("override-1", "override-2"):  # the same request again, and the same wish
        assert send(anna, "POST", "/overrides", wanted, **{"Idempotency-Key": key}) == (status, made)
    assert send(anna, "POST", "/overrides", {**wanted, "points": "83"})[1]["problems"][0]["code"] == "override-twice"
    address = f"/overrides/{made['override']}"
    assert send(anna, "POST", f"{address}/approve")[1]["problems"][0]["code"] == "second-person"
    seen = etag(ben, address)
    assert send(ben, "POST", f"{address}/approve", **{"If-Match": '"older"'})[0] == 412
    status, approved = send(ben, "POST", f"{address}/approve", {"note": "agreed"}, **{"If-Match": seen})
    assert (status, approved["state"], approved["decided_by"]) == (200, "approved", "ben") and etag(ben, address) != seen
    assert get(anna, f"{CARD}/ALP")[1]["override"]["approved_by"] == "ben"
    assert everything(anna, "/overrides?state=approved") == [approved]
    assert send(ben, "POST", f"{address}/refuse", {"reason": "after all"})[0] == 409
    status, ended = send(anna, "POST", f"{address}/withdraw", {"reason": "The insurer paid."})
    assert (status, ended["state"], ended["withdrawn_reason"]) == (200, "withdrawn", "The insurer paid.")


@pytest.mark.parametrize("points", ["eighty", "NaN", "1e999999999", "82.5000001", "9" * 19])
def test_over_rest_points_are_decimal_text(company, as_, points):
    wanted = {"framework": told.FRAMEWORK, "subject": "ALP", "period": told.NEWEST, "points": points, "reason": "so"}
    status, refused = send(as_("anna"), "POST", "/overrides", wanted)
    assert (status, refused["problems"][0]["where"]) == (422, "points")


def test_wherever_the_score_leaves_the_house_the_override_is_named(company, as_):
    made = proposed(as_)
    decide(as_, "ben", "approve", made)
    anna, alma = as_("anna"), as_("alma")
    for address in ("/partners?format=csv", "/partners?q=Alpine", "/partners/ALP"):
        assert "overridden: 82.5" in anna.get(address).content.decode(), address
    assert "overridden: 82.5" in alma.get("/portal/history?format=csv").content.decode()
    read = PdfReader(io.BytesIO(alma.get(f"{PORTAL}/pdf").content))
    text = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    assert "overridden: 82.5 until 30 Sept 2025 (The warehouse burnt down.)" in text.replace("Sep 2025", "Sept 2025")
    assert "ben" not in text and "anna" not in text
    (ranked,) = [row for row in everything(anna, CARD) if row["override"]]
    assert (ranked["subject"], ranked["override"]["points"]) == ("ALP", "82.5")
    assert get(anna, f"{CARD}/ALP/receipt")[1]["override"]["points"] == "82.5"
    (series,) = get(anna, "/partners/ALP")[1]["scores"]
    assert [one["period"] for one in series["scores"] if one["override"]] == [told.NEWEST]


def test_the_partner_reads_the_override_and_questions_it(company, as_):
    decide(as_, "ben", "approve", proposed(as_))
    alma, own = as_("alma"), PORTAL
    page = alma.get(own).content.decode()
    assert "The warehouse burnt down." in page and "approved by ben" not in page
    asks = f"/portal/questions/ask?framework={told.FRAMEWORK}&amp;period={told.NEWEST}"
    assert asks in page[page.index("The warehouse burnt down.") :][:900]
    shown = get(alma, f"/portal/scorecards/{told.FRAMEWORK}/{told.NEWEST}")[1]["override"]
    assert shown == {"level": None, "points": "82.5", "reason": "The warehouse burnt down.", "expires": "2025-09-30"}
    assert "burnt down" not in as_("boris").get(own).content.decode()
