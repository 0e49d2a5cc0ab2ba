"""The pages of reviews: rated by one, approved and signed by another, told to the partner; nothing typed is lost on the way."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from steelyard.jobs.actions import work_off
from steelyard.reviews.rating import Item
from tests import company as told
from tests.company_records import review_of

from .test_api import get
from .test_api_capabilities import send


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def field(page, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found is not None, name
    return found[1]


def address(company, partner: str, verb: str = "") -> str:
    return f"/reviews/{review_of(company, partner).pk}{'/' + verb if verb else ''}"


@pytest.fixture
def rated(company):
    """What a manager posts."""

    def posted(page, **given) -> dict[str, str]:
        return {"version": field(page, "version"), "rating-cooperation": "4", "comment": "Well planned.", "submit": "yes"} | given

    return posted


def test_a_manager_rates_a_colleague_approves_and_it_is_published(company, as_, rated):
    carla, ben = as_("carla"), as_("ben")
    page = carla.get(address(company, "CER"))
    assert "rate 1 point, then submit" in text_of(page)
    done = carla.post(address(company, "CER", "rate"), rated(page))
    assert (done.status_code, done.url) == (302, f"{address(company, 'CER')}?kept=1")
    work_off()
    assert "a second person approves" in text_of(carla.get(address(company, "CER")))
    page = ben.get(address(company, "CER"))
    assert "Well planned." in text_of(page) and "Approve as" in text_of(page)
    done = ben.post(address(company, "CER", "approve"), {"shown": field(page, "shown"), "password": told.PASSWORD})
    assert done.status_code == 302
    work_off()
    page = ben.get(address(company, "CER"))
    assert "published, not yet acknowledged" in text_of(page) and "signature" in text_of(page)


def test_the_queue_says_what_waits_for_whom(company, as_):
    carla = text_of(as_("carla").get("/reviews"))
    assert "Cervin Medtech" in carla and "Borealis" not in carla
    assert "wait for you" in carla or "waits for you" in carla
    assert "No review waits for you" in text_of(as_("dora").get("/reviews"))
    rows = as_("anna").get("/reviews?format=csv")
    assert rows.status_code == 200 and b"Fjord Diagnostics" in b"".join(rows)


def test_a_missing_rating_is_said_at_its_place_and_the_comment_stays(company, as_):
    carla = as_("carla")
    page = carla.get(address(company, "CER"))
    page = carla.post(address(company, "CER", "rate"), {"version": field(page, "version"), "comment": "My own words"})
    assert page.status_code == 422
    assert "Choose a rating, 1 to 5" in text_of(page) and "My own words" in text_of(page)


def test_two_who_edit_one_review_are_told_and_both_texts_stand(company, as_, rated):
    carla, anna = as_("carla"), as_("anna")
    page = carla.get(address(company, "CER"))
    kept = rated(anna.get(address(company, "CER")), comment="Anna's words", save="yes") | {"rating-cooperation": "2"}
    assert anna.post(address(company, "CER", "rate"), kept).status_code == 302
    page = carla.post(address(company, "CER", "rate"), rated(page))
    assert page.status_code == 409
    shown = text_of(page)
    assert "Anna Amstutz" in shown and "Well planned." in shown and "Stored meanwhile: 2" in shown and "Anna&#x27;s words" in shown
    assert carla.post(address(company, "CER", "rate"), rated(page)).status_code == 302  # having seen it, hers holds


def test_an_approval_of_an_older_page_is_a_conflict_that_names_who(company, as_):
    ben, anna = as_("ben"), as_("anna")
    page = ben.get(address(company, "ENG"))
    anna.post(address(company, "ENG", "return"), {"reason": "Say more."})
    answer = ben.post(address(company, "ENG", "approve"), {"shown": field(page, "shown"), "password": told.PASSWORD})
    assert answer.status_code == 409 and "Anna Amstutz" in text_of(answer)


def test_a_wrong_password_is_said_at_the_field(company, as_):
    ben = as_("ben")
    page = ben.get(address(company, "ENG"))
    answer = ben.post(address(company, "ENG", "approve"), {"shown": field(page, "shown"), "password": "guess"})
    assert answer.status_code == 422 and "is not your password" in text_of(answer)


def test_who_submitted_sees_no_way_to_approve(company, as_):
    assert "Approve as" not in text_of(as_("carla").get(address(company, "ENG")))


def test_without_a_session_nothing_typed_is_lost(company, as_, anonymous, rated):
    page = as_("carla").get(address(company, "CER"))
    answer = anonymous.post(address(company, "CER", "rate"), rated(page, comment="Typed for an hour"))
    assert answer.status_code in (200, 302, 401)
    assert review_of(company, "CER").comment != "Typed for an hour"


@pytest.mark.parametrize("verb", ["", "rate", "approve", "return", "comment"])
def test_a_review_out_of_sight_is_as_good_as_none(company, as_, verb):
    carla = as_("carla")
    send = carla.post if verb else carla.get
    other, none = send(address(company, "BOR", verb)), send(f"/reviews/999999{'/' + verb if verb else ''}")
    assert (other.status_code, none.status_code) == (404, 404)


def test_cycles_are_opened_watched_and_closed(company, as_):
    anna = as_("anna")
    again = anna.post("/reviews/cycles/open", {"framework": company.framework, "period": company.periods[-1]})
    assert again.status_code == 302
    assert "reviews are published" in text_of(anna.get(again.url))
    wrong = anna.post("/reviews/cycles/open", {"framework": company.framework, "period": "1066-Q9"})
    assert wrong.status_code == 422 and "1066-Q9" in wrong.content.decode()
    number = again.url.rsplit("/", 1)[1]
    assert anna.post(f"/reviews/cycles/{number}/close").status_code == 422  # some are submitted
    assert anna.post(f"/reviews/cycles/{number}/score").status_code == 302
    assert as_("carla").post(f"/reviews/cycles/{number}/close").status_code == 403


def test_the_rule_of_the_calendar_is_set_on_a_page(company, as_):
    anna = as_("anna")
    given = {"framework": company.framework, "days_after_end": "7", "days_to_review": "30", "active": "on"}
    assert anna.post("/reviews/cycles/rules", given).status_code == 302
    assert "30" in text_of(anna.get("/reviews/cycles/rules"))
    assert anna.post("/reviews/cycles/rules", given | {"days_to_review": "many"}).status_code == 422


def test_a_comment_is_added_once_and_says_who_reads_it(company, as_):
    carla = as_("carla")
    page = carla.get(address(company, "CER"))
    given = {"text": "Call them first.", "partner_sees": "on", "form_key": field(page, "form_key")}
    assert [carla.post(address(company, "CER", "comment"), given).status_code for _ in range(2)] == [302, 302]
    page = carla.get(address(company, "CER"))
    assert page.content.decode().count("Call them first.") == 1 and "the partner sees this" in text_of(page)


def test_who_does_not_answer_partners_writes_for_colleagues_alone(company, as_):
    emil = as_("emil")
    page = emil.get(address(company, "ALP"))
    assert "Add a comment" in text_of(page) and 'name="partner_sees"' not in page.content.decode()
    given = {"text": "We pay them more next year.", "partner_sees": "on", "form_key": field(page, "form_key")}
    refused = emil.post(address(company, "ALP", "comment"), given)
    assert refused.status_code == 422 and "does not write to partners" in text_of(refused)
    assert emil.post(address(company, "ALP", "comment"), given | {"partner_sees": ""}).status_code == 302
    over_rest = {"text": "And better terms.", "partner_sees": True}
    answer = emil.post(f"/api/reviews/{review_of(company, 'ALP').pk}/comments", over_rest, content_type="application/json")
    assert answer.status_code in (403, 422), answer.content
    assert "better terms" not in as_("alma").get("/portal/").content.decode()


HALVES = Item("cooperation", "Cooperation", step=Fraction(1, 2), evidence=True, counts=True, meanings=((1, "Never <i>asked</i>"),))


def asked_in_halves(company) -> None:
    cycle = review_of(company, "CER").cycle
    cycle.items = [HALVES.as_dict()]
    cycle.save(update_fields=["items"])


def test_half_steps_meanings_and_evidence_stand_on_the_form_in_the_readers_language(company, as_):
    asked_in_halves(company)
    carla = as_("carla")
    page = carla.get(address(company, "CER"), headers={"accept-language": "de"})
    assert all(word in text_of(page) for word in ("3,5", "nicht beantwortet", "Nachweis, nötig", "Never &lt;i&gt;asked&lt;/i&gt;"))
    sent = {"version": field(page, "version"), "comment": "As agreed.", "rating-cooperation": "3.5", "submit": "yes"}
    page = carla.post(address(company, "CER", "rate"), sent)
    assert page.status_code == 422 and "This rating needs evidence" in text_of(page)
    assert re.search(r'value="3.5" checked', page.content.decode())  # what was chosen stays
    left = sent | {"rating-cooperation": "none", "reason-cooperation": "not met", "reference-cooperation": "audit 7", "save": "yes"}
    assert carla.post(address(company, "CER", "rate"), left).status_code == 302
    assert (review_of(company, "CER").ratings, review_of(company, "CER").unanswered) == ({}, {"cooperation": "not met"})


def test_a_half_step_over_rest_is_decimal_text_and_the_question_says_its_steps(company, as_):
    review = review_of(company, "CER")
    asked_in_halves(company)
    carla, url = as_("carla"), f"/reviews/{review.pk}"
    [item] = get(carla, url)[1]["items"]
    assert [item[name] for name in ("low", "high", "step", "evidence")] == ["1", "5", "0.5", True]
    sent = {"version": review.version, "comment": "As agreed.", "ratings": {"cooperation": "3.5"}}
    status, refused = send(carla, "POST", f"{url}/submit", sent)
    assert (status, refused["problems"][0]["code"], refused["problems"][0]["where"]) == (422, "no-evidence", "cooperation")
    status, done = send(carla, "POST", f"{url}/submit", sent | {"references": {"cooperation": "audit 2026-14"}})
    assert (status, done["ratings"], done["references"]) == (200, {"cooperation": "3.5"}, {"cooperation": "audit 2026-14"})
