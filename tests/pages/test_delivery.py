"""A file handed in, through the pages: left and gone on with, asked and answered, put right in place, held against what stands."""

import pytest

from steelyard.audit.queries import entries
from steelyard.intake import queries
from steelyard.jobs.actions import work_off
from steelyard.ledger import queries as ledger
from tests.company import ORDER_HEADER
from tests.pages.test_intake import GOOD, answers, bring, carried, check, lines_of, place

SALES = "Report of sales\n\ncustomer;value;day\n{}\n\nSource: the till\n"
MARCH = "ALP;1.234,50;31.03.2025\nCER;99,00;30.03.2025"
APRIL = "ALP;1.000,00;30.04.2025\nCER;-99,00;29.04.2025"


def hand_in(client, rows, name="march.csv", **given):
    return check(client, SALES.format(rows).encode("cp1252"), name=name, source="till", **given)


def test_a_messy_file_asks_what_cannot_be_known_and_the_next_one_asks_nothing(as_):
    anna = as_("anna")
    page = hand_in(anna, MARCH)
    assert [question["key"] for question in page.context["questions"]] == ["column document", "currency"]
    assert {one["what"] for one in page.context["tables"]} >= {"separator", "header", "ends"}
    assert "1.234,50" in page.content.decode() and ">1234.50<" in page.content.decode()
    page = anna.post(place(page), answers(page, currency="EUR"), follow=True)
    assert page.context["outcome"]["accepted"] == 2 and not page.context["questions"] and "All 2 rows are fine" not in page.content.decode()
    assert page.context["filters"] == [("below the table", 2)]
    assert bring(anna, page).context["batch"].amounts["EUR"]["accepted"] == "1333.50"
    april = hand_in(anna, APRIL, "april.csv")
    assert april.context["same_mapping"] and april.context["outcome"]["rows_in"] == 4 and not april.context["questions"]


def test_one_button_settles_a_reason_and_one_correction_every_row_with_that_text(as_):
    anna = as_("anna")
    lines = [*GOOD, *(f"N-{n},1,2025-31-12,ALP,REA-1,1,10,10,EUR,sale," for n in range(3)), "N-9,1,2025-12-04,ALP,REA-1,-1,10,-10,EUR,,"]
    page = check(anna, lines)
    causes = {cause["code"]: cause for cause in page.context["causes"]}
    assert causes["bad_date"]["texts"][0] | {"hint": ""} == {"found": "2025-31-12", "rows": 3, "becomes": "2025-12-31", "hint": ""}
    said = {"step": "fix", "column": "date", "text": "2025-31-12", "becomes": "2025-12-31"}
    page = anna.post(place(page), {**said, **carried(page)}, follow=True)
    assert page.context["outcome"]["accepted"] == 5 and page.context["replaced"] == [("date", "2025-31-12", "2025-12-31")]
    patch = next(cause["patch"] for cause in page.context["causes"] if cause["code"] == "negative_without_return")
    page = anna.post(place(page), {"step": "fix", "patch": patch, **carried(page)}, follow=True)
    assert page.context["outcome"]["accepted"] == 6 and not page.context["causes"]
    back = anna.post(place(page), {"step": "unfix", "column": "date", "text": "2025-31-12", **carried(page)}, follow=True)
    assert back.context["outcome"]["accepted"] == 3 and not back.context["replaced"]
    page = anna.post(place(back), {**said, **carried(back)}, follow=True)
    batch = bring(anna, page).context["batch"]
    assert batch.accepted == 6 and "2025-31-12: " in batch.mapping.text.replace("'", "")
    again = check(anna, [ORDER_HEADER, "N-10,1,2025-31-12,ALP,REA-1,1,10,10,EUR,sale,"])  # the same slip in the next file
    assert again.context["outcome"]["accepted"] == 1


def test_two_tabs_do_not_overwrite_each_other_and_going_back_does_nothing_twice(as_):
    anna = as_("anna")
    one = hand_in(anna, MARCH)
    two = anna.get(place(one))
    answered = anna.post(place(one), answers(one, currency="EUR"), follow=True)
    stale = anna.post(place(two), answers(two, currency="USD"), follow=True)
    assert "said about this file meanwhile" in stale.content.decode() and stale.context["outcome"]["accepted"] == 2
    assert queries.delivery(one.context["delivery"].pk).mapping == queries.delivery(answered.context["delivery"].pk).mapping
    read_otherwise = anna.post(place(one), {**carried(answered), "reading": "0" * 64, "step": "bring"}, follow=True)
    assert "read otherwise now" in read_otherwise.content.decode() and not queries.deliveries().filter(job__isnull=False).exists()
    number = bring(anna, answered).context["batch"].pk
    head = ledger.head()
    for step in ("bring", "answer", "aside", "fix", ""):  # the back button, after the file is in
        landed = anna.post(place(one), {**carried(answered), "step": step}, follow=True)
        assert landed.context["batch"].pk == number and ledger.head() == head


def test_a_file_can_be_left_gone_on_with_by_somebody_else_and_set_aside(as_):
    anna = as_("anna")
    page = hand_in(anna, MARCH)
    assert hand_in(anna, MARCH).context["delivery"] == page.context["delivery"]  # handed in twice is one
    listed = anna.get("/intake")
    assert [one.name for one in listed.context["stored"]] == ["march.csv"] and place(page) in listed.content.decode()
    assert anna.get(place(page)).context["questions"]
    gone = anna.post(place(page), {**carried(page), "step": "aside"}, follow=True)
    assert "is set aside" in gone.content.decode() and not anna.get("/intake").context["stored"]
    assert anna.get(place(page)).status_code == 302 and entries(action="file set aside").count() == 1
    assert hand_in(anna, MARCH).context["delivery"] != page.context["delivery"]  # its bytes may come again


def test_a_renamed_column_is_one_click_and_never_read_as_blank(as_):
    anna = as_("anna")
    bring(anna, anna.post(place(page := hand_in(anna, MARCH)), answers(page, currency="EUR"), follow=True))
    renamed = check(anna, SALES.format(APRIL.replace("-", "")).replace("value", "net value").encode(), name="april.csv", source="till")
    question = renamed.context["questions"][0]
    assert "“value” was in the last file" in question["text"] and "“net value”" in question["text"] and renamed.context["outcome"] is None
    page = anna.post(place(renamed), answers(renamed), follow=True)
    assert page.context["outcome"]["accepted"] == 2, page.context["questions"]


def test_what_a_file_replaces_is_shown_before_and_its_coverage_is_of_that_file_only(as_):
    anna = as_("anna")
    bring(anna, check(anna, GOOD, source="own"))
    page = check(anna, [ORDER_HEADER, GOOD[1].replace(",2,50,100,", ",3,50,150,")], name="corrected.csv", source="own")
    assert page.context["difference"]["restated_rows"] == 1 and not page.context["difference"]["reversed_rows"]
    said = {"step": "scope", "replaces": "source", "covers": "yes", "first_day": "2025-12-01", "last_day": "2025-12-31"}
    page = anna.post(place(page), {**said, **carried(page)}, follow=True)
    told = page.context["difference"]
    assert (told["restated_rows"], told["reversed_rows"]) == (1, 1) and dict(told["money"])["EUR"]["change"] == 500_000
    text = page.content.decode()
    assert "taken out" in text and "100.00" in text and "150.00" in text
    bring(anna, page)
    assert lines_of("NEW-2") == 0 and lines_of("NEW-1") == 1
    again = check(anna, [ORDER_HEADER, "NEW-7,1,2025-11-04,ALP,REA-1,1,1,1,EUR,sale,"], source="own")
    assert not again.context["scope"]["covers"] and again.context["scope"]["replaces"] == "source"
    wrong = anna.post(place(again), {**said, **carried(again), "last_day": ""})
    assert wrong.status_code == 422 and "first and the last day" in wrong.content.decode()


def test_a_mapping_may_let_the_next_file_in_at_once_but_only_a_harmless_one(as_):
    anna = as_("anna")
    page = check(anna, GOOD, source="quick")
    page = anna.post(place(page), {"step": "scope", "replaces": "lines", "rows": "7", "amount": "1.5", **carried(page)}, follow=True)
    assert [problem.code for problem in page.context["problems"]] == ["control_differs"] * 2
    page = anna.post(place(page), {"step": "scope", "replaces": "lines", "at_once": "yes", **carried(page)}, follow=True)
    bring(anna, page)
    fresh = [ORDER_HEADER, "Q-1,1,2025-12-04,ALP,REA-1,1,1,1,EUR,sale,"]
    on_its_way = check(anna, fresh, source="quick")
    assert "/intake/progress" in on_its_way.redirect_chain[-1][0]
    work_off()
    assert lines_of("Q-1") == 1
    for harmful in (fresh[1].replace(",1,1,1,", ",1,2,2,"), "Q-2,1,2025-02-30,ALP,REA-1,1,1,1,EUR,sale,"):  # corrects; is refused
        held = check(anna, [ORDER_HEADER, harmful], source="quick")
        assert "look at it first" in held.content.decode() and held.context["may_bring"]


def test_answers_of_another_page_and_answers_that_say_nothing_change_nothing(as_):
    anna = as_("anna")
    page = hand_in(anna, MARCH)
    for said in (
        {},
        {"asked-0": "currency", "answer-0": "{kind: partners}"},
        {"asked-1": "currency", "answer-1": "free", "typed-1": "Taler"},
    ):
        refused = anna.post(place(page), {"step": "answer", **carried(page), **said})
        assert refused.status_code == 422 and queries.delivery(page.context["delivery"].pk).version == 0


@pytest.mark.parametrize("name", ["ada", "ben"])
def test_who_may_not_write_sees_no_file_that_was_handed_in(as_, name):
    page = hand_in(as_("anna"), MARCH)
    assert as_(name).get(place(page)).status_code == 403 == as_(name).get(f"{place(page)}/columns").status_code
