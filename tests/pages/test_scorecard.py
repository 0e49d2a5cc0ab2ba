"""The scorecard's pages: every figure opens to rows that add up to it; what cannot be published says why."""

from __future__ import annotations

import html
import re
from fractions import Fraction

import pytest

from steelyard.calc.points import Reading
from steelyard.calc.units import from_grain
from steelyard.jobs.actions import work_off
from steelyard.ledger.scope import EVERYTHING, Scope
from steelyard.scorecards import cards, opening, queries, receipts
from tests import company as told
from tests.company_records import approve, submit

SUBJECTS = ("ALP", "CER", "DOL", "ENG", "FJO", "BOR", "KAR")
LATEST = told.PERIODS[-1]


def address(subject="ALP", period=told.NEWEST, rest=""):
    return f"/scorecards/{told.FRAMEWORK}/{period}/{subject}{rest}"


def card(subject="ALP", period=told.NEWEST):
    return cards.card(told.FRAMEWORK, period, subject, scope=EVERYTHING)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_figure_opens_and_its_rows_add_up(company, as_, subject):
    found, anna = card(subject), as_("anna")
    page = anna.get(address(subject)).content.decode()
    for line in (*found.lines, *found.beside):
        opened = address(subject, rest=f"/kpis/{line.kpi}")
        assert f'href="{opened}"' in page
        assert anna.get(opened).status_code == 200
        for evidence in opening.evidence_of(found.run, subject, line.kpi):
            reading = Reading(evidence.selector.measure, evidence.selector.window)
            rows = opening.rows(found.run, subject, reading)
            assert rows["counted"].sum() == evidence.counted
            assert rows.height - evidence.counted == sum(evidence.excluded.values())
            measure = found.framework.measures[reading.measure]
            if measure.aggregate == "sum" and evidence.value is not None:
                assert from_grain(rows["contribution"].sum(), measure.type.kind) == Fraction(evidence.value)
            if measure.aggregate == "count":
                assert rows["contribution"].sum() == int(evidence.value or 0)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_the_page_shows_adds_up_to_the_score(company, subject):
    found = card(subject)
    if found.total is None:
        assert found.reason
        return
    assert sum(line.points or 0 for line in found.lines) + sum(taken.points for taken in found.taken) == found.total


def test_why_it_changed_adds_up_on_the_page(company, as_):
    found = card("ALP")
    waterfall = cards.why(found)
    assert waterfall.start + sum(step.amount for step in waterfall.steps) == waterfall.end == found.total
    page = as_("anna").get(address("ALP", rest="/why")).content.decode()
    assert "Step by step" in page


def test_each_step_opens_to_the_rows_that_it_is_about(company, as_):
    """As far as rows tell: what a cause moved in a reading is what its rows did together."""
    page = as_("anna").get(address("ALP", rest="/why")).content.decode()
    opened = sorted({html.unescape(found) for found in re.findall(r'class="cause"><a class="a" href="([^"]+)"', page)})
    assert opened
    for place in opened[:2]:
        rows = as_("anna").get(place)
        assert rows.status_code == 200 and "changed." in rows.content.decode()
    assert as_("anna").get(address("ALP", rest="/why/net_sales?cause=weights")).status_code == 404
    answer = as_("anna").get(f"/api{address('ALP', rest='/why/data/net_sales/rows/sales')}").json()
    assert answer["items"] and {"before", "after", "moved", "columns"} <= set(answer["items"][0])


def test_the_headline_says_the_level_and_what_is_missing(company, as_):
    found = card("DOL")
    missing = cards.next_level(found)
    page = as_("anna").get(address("DOL")).content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", page, re.S)[1]
    assert found.level_title in heading
    assert missing is None or missing.title in heading


def test_an_unpublished_run_is_for_staff_and_marked(company, as_):
    page = as_("anna").get(address("CER", LATEST)).content.decode()
    assert "not published" in page
    with pytest.raises(cards.Missing):
        cards.card(told.FRAMEWORK, LATEST, "CER", scope=EVERYTHING, published_only=True)


@pytest.mark.parametrize(
    "rest", ["", "/why", "/pdf", "/receipt", "/kpis/net_sales", "/kpis/net_sales/rows", "/kpis/net_sales/rows?format=csv"]
)
def test_another_partners_card_is_not_there(company, as_, rest):
    carla = as_("carla")  # manages the Alps
    assert carla.get(address("ALP", rest=rest)).status_code == 200
    foreign, nothing = carla.get(address("BOR", rest=rest)), carla.get(address("NOBODY", rest=rest))
    assert (foreign.status_code, nothing.status_code) == (404, 404)
    assert foreign.content == nothing.content


@pytest.mark.parametrize(
    "query",
    [
        "?run=x",
        "?run=%00",
        "?reading=nothing",
        "?page=-1",
        "?sort=%27",
        "?columns=no",
        "?counted=maybe",
        "?format=exe",
        "?run=" + "a" * 900,
    ],
)
def test_hostile_queries_are_answered(company, as_, query):
    for rest in ("", "/kpis/net_sales", "/kpis/net_sales/rows", "/why"):
        assert as_("anna").get(address("ALP", rest=rest) + query).status_code == 200


def test_rows_download_all_and_say_which_rule_left_them_out(company, as_):
    answer = as_("anna").get(address("ALP", rest="/kpis/strategic_share/rows?reading=strategic&format=csv"))
    text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
    (evidence,) = [found for found in opening.evidence_of(card().run, "ALP", "strategic_share") if found.name == "strategic"]
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) - 1 == evidence.counted + sum(evidence.excluded.values())


def test_a_receipt_holds_until_a_file_is_touched(company, as_, home):
    found = card()
    assert all(check.holds for check in receipts.checks(found))
    path = home / found.run.items_path
    content = path.read_bytes()
    path.write_bytes(content + b" ")
    try:
        page = as_("anna").get(address("ALP", rest="/receipt")).content.decode()
    finally:
        path.write_bytes(content)
    assert "does not hold" in page


def test_peers_are_the_same_middle_for_all_and_none_below_five_others(company):
    one, other = card("ALP"), card("CER")
    assert one.peers == other.peers
    assert one.peers is not None and one.peers.low <= one.peers.median <= one.peers.high
    assert one.peers.median % 100_000 == 0


def test_whoever_scored_cannot_publish_and_is_told(company, as_):
    run = queries.run_to_publish(told.FRAMEWORK, LATEST)
    page = as_(run.created_by).get(f"/scorecards/publish/{told.FRAMEWORK}/{LATEST}")
    assert "publishing takes a second person" in page.content.decode()
    answer = as_(run.created_by).post(f"/scorecards/publish/{told.FRAMEWORK}/{LATEST}", {"reason": "mine"})
    assert answer.status_code == 422
    assert queries.published(told.FRAMEWORK, LATEST) is None


def test_a_second_person_publishes_by_a_job_with_a_reason(company, as_):
    answer = as_("ben").post(f"/scorecards/publish/{told.FRAMEWORK}/{LATEST}", {"reason": ""})
    assert answer.status_code == 422
    address = f"/scorecards/publish/{told.FRAMEWORK}/{LATEST}"
    answer = as_("ben").post(address, {"reason": "reviewed"})
    assert (answer.status_code, "ratings that nobody approved" in answer.content.decode()) == (422, True)
    submit(company, "FJO")
    for partner in ("ENG", "FJO"):
        approve(company, partner, company.people.ben, told.PASSWORD)
    answer = as_("ben").post(address, {"reason": "reviewed"})
    assert answer.status_code == 302, [str(one) for one in answer.context["problems"]]
    work_off()
    published = queries.published(told.FRAMEWORK, LATEST)
    assert (published.published_by, published.reason) == ("ben", "reviewed")
    assert published.run.proved_at is not None


def test_scoring_is_a_job_and_a_bad_period_is_said_beside_the_field(company, as_):
    answer = as_("anna").post("/scorecards/score", {"framework": told.FRAMEWORK, "period": "soon"})
    assert answer.status_code == 422
    assert "soon" in answer.content.decode()
    answer = as_("anna").post("/scorecards/score", {"framework": told.FRAMEWORK, "period": LATEST})
    assert answer.status_code == 302


def test_one_subject_published_alone_is_in_force_for_it_only(company):
    from steelyard.scorecards import actions

    actions.publish(framework=told.FRAMEWORK, period=LATEST, subject="DOL", acting_user=company.people.ben, reason="review")
    scope = Scope(partners=frozenset({"DOL", "CER"}))
    assert cards.card(told.FRAMEWORK, LATEST, "DOL", scope=scope, published_only=True).publication.subject == "DOL"
    with pytest.raises(cards.Missing):
        cards.card(told.FRAMEWORK, LATEST, "CER", scope=scope, published_only=True)
    assert cards.card(told.FRAMEWORK, LATEST, "DOL", scope=scope, published_only=True).peers is None  # the others are not public


def test_the_number_of_questions_to_the_database_does_not_grow(company, as_, django_assert_max_num_queries):
    anna = as_("anna")
    anna.get(address())
    with django_assert_max_num_queries(25):
        anna.get(address())
