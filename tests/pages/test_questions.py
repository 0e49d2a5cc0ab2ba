"""Questions about numbers, saved views and documents on their pages: one effect each, and nothing of somebody else's."""

from __future__ import annotations

from io import BytesIO

import pytest

from steelyard.audit.queries import entries
from steelyard.records import queries
from steelyard.reviews import actions
from tests.company_records import scope
from tests.pages.test_reviews import field, text_of

NUMBER = {"framework": "channel", "subject": "ALP", "kpi": "net_sales"}


def ask(company) -> str:
    return "&".join(f"{name}={value}" for name, value in {**NUMBER, "period": company.periods[1]}.items())


def test_a_number_is_questioned_answered_reopened_and_closed(company, as_):
    carla, ben = as_("carla"), as_("ben")
    page = carla.get(f"/questions/ask?{ask(company)}")
    assert page.status_code == 200
    given = {**NUMBER, "period": company.periods[1], "text": "Is June in?", "form_key": field(page, "form_key")}
    first, second = carla.post("/questions/ask", given), carla.post("/questions/ask", given)
    assert first.status_code == 302 and first.url == second.url  # pressed twice, asked once
    where = first.url.split("?")[0]
    assert "an answer is due" in text_of(carla.get(where))
    assert ben.post(f"{where}/answer", {"text": "Yes, row 4."}).status_code == 302
    assert carla.post(f"{where}/reopen", {"text": "Row 4 is May."}).status_code == 302
    assert ben.post(f"{where}/close", {"text": ""}).status_code == 302
    page = text_of(carla.get(where))
    assert "closed" in page and "Row 4 is May." in page
    late = ben.post(f"{where}/close", {"text": "Thanks"})
    assert late.status_code == 409 and "Thanks" in text_of(late)


def test_nothing_said_is_told_at_the_field(company, as_):
    made = company.made["ALP"]["question"]
    answer = as_("ben").post(f"/questions/{made}/answer", {"text": "  "})
    assert answer.status_code == 422 and "say what is meant" in text_of(answer)


def test_only_people_are_offered_to_answer(company, as_):
    page = as_("ben").get(f"/questions/{company.made['ALP']['question']}").content.decode()
    assert '<option value="anna"' in page and '<option value="system"' not in page


def test_the_queue_lists_what_the_scope_sees_and_exports_it(company, as_):
    page = text_of(as_("carla").get("/questions"))
    assert "wait for an answer" in page and "Borealis" not in page
    rows = b"".join(as_("anna").get("/questions?format=csv"))
    assert b"Borealis" in rows
    assert b"Borealis" not in b"".join(as_("carla").get("/questions?format=csv"))


@pytest.mark.parametrize("verb", ["", "/answer", "/reply", "/close", "/reopen", "/assign"])
def test_a_question_of_another_partner_is_as_good_as_none(company, as_, verb):
    carla = as_("carla")
    send = carla.post if verb else carla.get
    given = {"text": "x"} if verb else {}
    other, none = (send(f"/questions/{number}{verb}", given) for number in (company.made["BOR"]["question"], 999999))
    assert (other.status_code, none.status_code) == (404, 404)


@pytest.mark.parametrize(
    "changed", [{"subject": "BOR"}, {"subject": "NOBODY"}, {"kpi": "none"}, {"period": "1999-Q1"}, {"row": "5"}, {"row": "x"}]
)
def test_only_what_is_there_and_in_sight_can_be_questioned(company, as_, changed):
    data = {**NUMBER, "period": company.periods[1]} | changed
    assert as_("carla").get("/questions/ask", data).status_code == 404


def test_a_partner_asks_only_about_what_is_published(company):
    from steelyard.calc.errors import Missing

    alan = company.people.alan
    with pytest.raises(Missing):
        actions.ask(**NUMBER | {"subject": "ENG"}, period=company.periods[1], text="?", acting_user=alan, scope=scope(alan))
    with pytest.raises(Missing):
        actions.ask(**NUMBER, period="2019-Q1", text="?", acting_user=alan, scope=scope(alan))


def test_terms_move_the_due_date_of_the_next_question(company, as_):
    anna = as_("anna")
    assert anna.post("/questions/terms", {"working_days": "3", "weekend": ["5", "6"], "holidays": ""}).status_code == 302
    assert queries.terms().working_days == 3
    wrong = anna.post("/questions/terms", {"working_days": "3", "weekend": "9", "holidays": "soon"})
    assert wrong.status_code == 422 and "soon" in wrong.content.decode()


def test_a_view_is_saved_shown_renamed_and_deleted_by_its_owner_alone(company, as_):
    carla = as_("carla")
    given = {"page": "/questions", "query": "state=open&page=3", "name": "Open ones"}
    assert carla.post("/views/save", given).url == "/questions?state=open"
    assert "Open ones" in text_of(carla.get("/questions?state=open"))
    assert "Open ones" not in text_of(as_("ben").get("/questions"))
    (view,) = queries.saved_views("carla", "/questions")
    assert as_("ben").post(f"/views/{view.number}/delete").status_code == 404
    assert carla.post(f"/views/{view.number}/rename", {"name": "Mine"}).status_code == 302
    assert carla.post(f"/views/{view.number}/delete").status_code == 302
    assert queries.saved_views("carla", "/questions") == []
    assert carla.post("/views/save", {"page": "//evil.example", "name": "x"}).status_code == 422
    assert carla.post("/views/save", given | {"name": " "}).status_code == 422


def named(name: str, content: bytes) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def test_a_document_is_told_by_its_bytes_and_named_by_its_title(company, as_):
    anna = as_("anna")
    done = anna.post("/partners/ALP/documents", {"title": "Price list", "file": named("../../evil.exe", b"%PDF-1.7 prices")})
    assert done.status_code == 302
    (kept,) = (row for row in queries.documents(scope(company.people.anna), "ALP") if row.title == "Price list")
    answer = as_("carla").get(f"/documents/{kept.pk}")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 prices"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="price-list.pdf"'
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert entries(action="exported", subject=f"list:document-{kept.pk}").get().actor == "carla"
    assert as_("rosa").get(f"/documents/{kept.pk}").status_code == 404  # another region
    assert anna.post(f"/documents/{kept.pk}/withdraw").status_code == 302
    assert anna.get(f"/documents/{kept.pk}").status_code == 404


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"<html><script>", b"PK\x03\x04broken", b"\x00\x01"])
def test_other_bytes_are_refused_and_the_title_stays(company, as_, content):
    answer = as_("anna").post("/partners/ALP/documents", {"title": "My title", "file": named("a.pdf", content)})
    assert answer.status_code == 422 and "My title" in answer.content.decode() and "not kept" in text_of(answer)
