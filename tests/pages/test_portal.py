"""The partner's own pages: one story in two languages, and everything that must never be in them."""

from __future__ import annotations

import html
import re
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from django.urls import reverse
from django.utils.translation import trans_real

from steelyard.accounts import actions as accounts
from steelyard.portal import to_do
from steelyard.records import actions as records
from steelyard.records import queries as record_queries
from steelyard.reviews import workflow
from steelyard.scorecards import history, stored
from tests import company as told
from tests.company_records import review_of, scope

from .routes import objects

ROOT = Path(__file__).parents[2]
CARD = f"/portal/scorecard/{told.FRAMEWORK}/{told.NEWEST}"


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """The German catalogue as the build makes it, read anew."""
    sys.path.insert(0, str(ROOT / "frontend"))
    import build

    build.translations()
    trans_real._translations.clear()
    yield
    trans_real._translations.clear()


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def words(answer) -> str:
    """What a reader sees, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", text(answer)).split())


def h1(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.search(r"<h1>(.*?)</h1>", text(answer), re.S)[1]).split())


# --- the story --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title", "due", "button", "thanks"),
    [
        ("en", "You are", "Acknowledge the scorecard of 2025-Q4", "I have read this scorecard", "is acknowledged"),
        ("de", "Ihre Stufe ist", "Scorecard 2025-Q4 bestätigen", "Ich habe diese Scorecard gelesen", "ist bestätigt"),
    ],
)
def test_the_partner_reads_acknowledges_and_questions(company, as_, language, title, due, button, thanks):
    alma = as_("alma", headers={"accept-language": language})
    home = alma.get("/portal/")
    assert h1(home).startswith(title)
    assert due in words(home)
    card = alma.get(f"/portal/scorecard/{told.FRAMEWORK}/2025-Q4")
    assert button in words(card)
    assert "Grew with reagents; reports came late." in words(card), "what the manager wrote for the partner"
    review = review_of(company, "ALP")
    done = alma.post(reverse("portal:acknowledge", args=[review.pk]), {"version": review.version}, follow=True)
    assert thanks in words(done)
    assert button not in words(done)
    assert due not in words(alma.get("/portal/"))
    row = objects(company)["A"]["row"]
    opened = alma.get(f"/portal/orders/orders/{row}")
    ask = re.search(r'href="(/portal/questions/ask[^"]+)"', text(opened))[1]
    form = alma.get(ask)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text(form)))
    asked = alma.post("/portal/questions/ask", fields | {"text": "This was returned in May."}, follow=True)
    assert "This was returned in May." in words(asked)
    number = record_queries.questions(scope(company.people.alma)).order_by("-pk").first()
    assert (number.row, number.partner, number.asked_from) == (row, "ALP", "partner")
    records.answer(question=number.pk, text="Right: it is taken out.", acting_user=company.people.ben, scope=scope(company.people.ben))
    assert number.about in words(alma.get("/portal/"))
    closed = alma.post(reverse("portal:close", args=[number.pk]), {"form_key": "k1"}, follow=True)
    assert closed.status_code == 200
    assert record_queries.question(number.pk, scope(company.people.alma)).state == "closed"
    alma.post(reverse("portal:reopen", args=[number.pk]), {"form_key": "k2", "text": "Not in the score yet."})
    assert record_queries.question(number.pk, scope(company.people.alma)).state == "reopened"


def test_numbers_and_days_are_written_in_the_readers_language(as_):
    english, german = (as_("alan", headers={"accept-language": language}).get(CARD) for language in ("en", "de"))
    points = re.compile(r"text-4xl[^>]*>(\d+)([.,])(\d)<")
    assert points.search(text(english))[2] == "."
    assert points.search(text(german))[2] == ","
    assert points.search(text(english))[1] == points.search(text(german))[1]


def test_the_pdf_speaks_the_readers_language(as_):
    pypdf = pytest.importorskip("pypdf")
    pages = pypdf.PdfReader(BytesIO(as_("alan", headers={"accept-language": "de"}).get(f"{CARD}/pdf").content)).pages
    said = " ".join(page.extract_text() for page in pages)
    assert "Kennzahl" in said
    assert "Beleg" in said


def test_every_figure_opens_to_rows_that_add_up_and_come_as_a_file(as_):
    alan = as_("alan")
    page = alan.get(f"{CARD}/kpis/net_sales")
    assert "Counted" in words(page)
    rows = alan.get(f"{CARD}/kpis/net_sales?format=csv&per=25").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 5
    head = rows[0].lower()
    assert "adds" in head
    assert alan.get(f"{CARD}/kpis/net_sales?format=xlsx").status_code == 200


def test_what_was_typed_stays_where_a_question_is_refused(as_):
    alma = as_("alma")
    answer = alma.post("/portal/questions/ask", {"kpi": "growth", "text": "   ", "form_key": "x"})
    assert answer.status_code == 422
    assert "one sentence is enough" in words(answer)
    assert re.search(r'<option value="growth" selected', text(answer))


# --- what is not theirs -----------------------------------------------------------------------------------------------


def test_what_is_anothers_is_answered_as_what_is_not_there(company, as_):
    own, other, none = (objects(company)[name] for name in ("A", "B", "none"))
    alma = as_("alma")
    for page in ("question", "document", "person"):
        name = {"person": "user"}.get(page, page)
        there, foreign, missing = (alma.get(reverse(f"portal:{page}", args=[values[name]])) for values in (own, other, none))
        there.close()  # a document is an open file
        assert there.status_code == 200, page
        assert (foreign.status_code, missing.status_code) == (404, 404), page
        assert token_free(foreign) == token_free(missing), page
    rows = [alma.get(f"/portal/orders/orders/{values['row']}") for values in (other, none)]
    assert [row.status_code for row in rows] == [404, 404]
    assert token_free(rows[0]) == token_free(rows[1])
    for address, sent in (("acknowledge", {}), ("reply", {"text": "x"}), ("close", {}), ("reopen", {"text": "x"})):
        name = "review" if address == "acknowledge" else "question"
        both = [alma.post(reverse(f"portal:{address}", args=[values[name]]), sent) for values in (other, none)]
        assert [one.status_code for one in both] == [404, 404], address
        assert token_free(both[0]) == token_free(both[1]), address
    named = {"framework": told.FRAMEWORK, "period": told.NEWEST, "row": other["row"], "kind": "orders", "text": "mine"}
    assert alma.post("/portal/questions/ask", named).status_code == 404
    assert alma.get("/portal/questions/ask", {"partner": "BOR"}).status_code == 404
    assert alma.post("/portal/partner", {"partner": "BOR"}).status_code == 404


def token_free(answer) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content)


def test_what_is_not_published_is_not_there(company, as_):
    """The newest quarter is published for Alpine and Borealis alone: Engadin's people do not meet it."""
    erna = as_("erna")
    assert erna.get(f"/portal/scorecard/{told.FRAMEWORK}/2025-Q4").status_code == 404
    assert "2025-Q4" not in words(erna.get("/portal/history"))
    assert "2025-Q3" in words(erna.get("/portal/history"))
    review = review_of(company, "ENG")
    assert review.state == workflow.SUBMITTED
    page = words(erna.get("/portal/"))
    assert "Acknowledge" not in page
    assert "Steady." not in page
    assert as_("alma").post(reverse("portal:acknowledge", args=[review.pk])).status_code == 404


def test_ratings_are_met_only_behind_a_published_figure(company, as_):
    from steelyard.ledger.queries import facts

    erna = as_("erna")
    rows = facts("ratings", scope=scope(company.people.erna)).filter(pl.col("party") == "ENG").sort("row_id").collect()
    by_quarter = {row["date"].month: row["row_id"] for row in rows.iter_rows(named=True)}
    assert erna.get(f"/portal/orders/ratings/{by_quarter[9]}").status_code == 200
    assert erna.get(f"/portal/orders/ratings/{by_quarter[12]}").status_code == 404, "rated, not published"
    assert h1(erna.get("/portal/orders?kind=ratings")).startswith("Orders:"), "they have no list of their own"


@pytest.mark.parametrize("query", ["sort=cost", "columns=cost,referred_by", "q=carla", "batch=1", "referred_by=x"])
def test_columns_that_partners_do_not_have_can_neither_be_shown_nor_sorted_nor_searched(as_, query):
    alan = as_("alan")
    page = alan.get(f"/portal/orders?{query}")
    assert page.status_code == 200
    assert not re.search(r"<th[^>]*>(<a[^>]*>)?(Cost|Referred by|Batch)", text(page))
    file = alan.get("/portal/orders?format=csv").content.decode("utf-8-sig").splitlines()[0].lower()
    assert "cost" not in file
    assert "batch" not in file
    ratings = alan.get(f"{CARD}/kpis/cooperation?format=csv&columns=rated_by,evidence").content.decode()
    assert "carla" not in ratings


def test_comments_of_the_staff_stay_with_the_staff(company, as_):
    review = review_of(company, "ALP")
    for said, seen in (("Difficult on prices.", False), ("Well done.", True)):
        records.comment(record=review.record, partner="ALP", text=said, partner_sees=seen, acting_user=company.people.carla)
    page = words(as_("alan").get(f"/portal/scorecard/{told.FRAMEWORK}/2025-Q4"))
    assert "Well done." in page
    assert "Difficult on prices." not in page


@pytest.mark.parametrize(("others", "shown"), [(4, False), (5, True)])
def test_the_middle_of_the_peers_is_shown_from_five_others_on(as_, monkeypatch, others, shown):
    whole = stored.lean

    class Fewer:
        def __init__(self, run):
            self.real = whole(run)
            totals = self.real.frame.filter((pl.col("kind") == "total") & pl.col("points").is_not_null())
            self.frame = totals.head(others + 1)

        def __getattr__(self, name):
            return getattr(self.real, name)

    monkeypatch.setattr(history.stored, "lean", Fewer)
    monkeypatch.setattr(history, "_peers", history.Kept(4))
    page = words(as_("alan").get(CARD))
    assert ("middle half" in page.split("KPIs")[0]) is shown


def test_nothing_tells_how_many_others_there_are_or_who(as_):
    page = words(as_("alan").get(CARD))
    assert "Rank" not in page
    assert not re.search(r"of all \d+ scored|Peers, \d+", page)


# --- who acknowledges, who sees what ----------------------------------------------------------------------------------


def test_a_scorecard_is_acknowledged_once(company, as_):
    from steelyard.audit.queries import entries

    review = review_of(company, "ALP")
    alma, address = as_("alma"), reverse("portal:acknowledge", args=[review.pk])
    assert as_("alan").post(address).status_code == 403
    assert alma.post(address, {"version": review.version + 5}).status_code == 409
    assert alma.post(address, {"version": review.version}).status_code == 302
    before = entries().count()
    assert alma.post(address, {"version": review.version}).status_code == 302
    assert entries().count() == before
    found = review_of(company, "ALP")
    assert (found.state, found.acknowledged_by) == (workflow.ACKNOWLEDGED, "alma")


def test_whose_grant_is_over_sees_nothing(company, as_):
    alan = as_("alan")
    accounts.revoke(username="alan", grant=company.made["ALP"]["grant"], acting_user=company.people.ada)
    home = alan.get("/portal/")
    assert h1(home) == "No partner is linked to your account."
    assert "Alpine" not in text(home)
    for address in ("/portal/scorecard", CARD, "/portal/orders", "/portal/history", "/portal/questions", "/portal/documents"):
        assert alan.get(address).status_code == 404, address


def test_who_has_two_partners_sees_one_at_a_time_and_switches(company, as_):
    accounts.grant(username="alan", kind="partner", key="ENG", acting_user=company.people.ada)
    alan = as_("alan")
    assert "Alpine Diagnostics" in words(alan.get("/portal/"))
    assert "ENG-" not in text(alan.get("/portal/orders?format=csv"))
    switched = alan.post("/portal/partner", {"partner": "ENG"}, follow=True)
    assert "You now see Engadin Pharma." in words(switched)
    rows = alan.get("/portal/orders?format=csv").content.decode()
    assert "ENG-" in rows
    assert "ALP-" not in rows


def test_a_new_document_waits_until_it_was_opened(company, as_):
    alan, number = as_("alan"), company.made["ALP"]["document"]
    assert "Agreement 2025" in words(alan.get("/portal/"))
    file = alan.get(reverse("portal:document", args=[number]))
    assert b"".join(file.streaming_content) == b"Terms of Alpine Diagnostics\n"
    assert "Agreement 2025" not in words(alan.get("/portal/"))
    assert "Agreement 2025" in words(as_("alma").get("/portal/")), "whether somebody else opened it is another matter"
    assert "Agreement 2025" in words(alan.get("/portal/documents"))


def test_a_document_is_new_for_a_while_only(as_, monkeypatch):
    monkeypatch.setattr(to_do, "NEW", timedelta(0))
    assert "Agreement 2025" not in words(as_("alan").get("/portal/"))
