"""Files through the pages: checked first, brought in by a job, every row accounted for; refused rows, names, mappings."""

import io
import re
import zipfile
from html import unescape

import pytest

from steelyard.attribution import decisions, names
from steelyard.audit.queries import entries
from steelyard.intake import one_batch, queries
from steelyard.intake.outcome import MONEY_BUCKETS, grains_of
from steelyard.jobs.actions import work_off
from steelyard.ledger import queries as ledger
from tests.company import ORDER_HEADER

GOOD = [
    ORDER_HEADER,
    "NEW-1,1,2025-12-04,ALP,REA-1,2,50,100,EUR,sale,Spital",
    "NEW-2,1,2025-12-05,CER,REA-1,1,70.5,70.5,CHF,sale,Spital",
]
FAULTY = [*GOOD, "NEW-3,1,2025-02-30,ALP,REA-1,1,10,10,EUR,sale,", "NEW-4,1,2025-12-05,Nobody & Sons,REA-1,1,30,30,EUR,sale,", ",,,,,,,,,,"]


def sent(lines, name="new.csv"):
    """A file as a browser sends it."""
    upload = io.BytesIO(lines if isinstance(lines, bytes) else "\n".join([*lines, ""]).encode())
    upload.name = name
    return upload


def check(client, lines, name="new.csv", **given):
    """Hand a file in and see its page; what cannot be stored stays beside the field."""
    return client.post("/intake/new", {"file": sent(lines, name), "kind": "orders", "source": "erp", **given}, follow=True)


def place(page):
    return f"/intake/files/{page.context['delivery'].pk}"


def carried(page):
    """What the buttons of a file's page carry."""
    return {"seen": page.context["delivery"].version, "reading": page.context["reading"]}


def bring(client, page, **given):
    """Press the button, let the worker do it, follow to where it leads."""
    ordered = client.post(place(page), {**carried(page), "step": "bring", **given})
    assert ordered.status_code == 302, ordered.content
    work_off()
    return client.get(ordered.url, follow=True)


def answers(page, **chosen):
    """The answers to what a page asks: by the question's last word a piece of what the answer writes, or what is typed."""
    said = {"step": "answer", "seen": page.context["delivery"].version}
    for number, question in enumerate(page.context["questions"]):
        said[f"asked-{number}"] = question["key"]
        wanted = chosen.pop(question["key"].split()[-1], question["suggested"])
        fitting = [choice["patch"] for choice in question["choices"] if wanted and wanted in choice["patch"]]
        said |= {f"answer-{number}": fitting[0]} if fitting else {f"answer-{number}": "free", f"typed-{number}": wanted}
    assert not chosen, f"never asked: {chosen}"
    return said


def orders():
    return ledger.facts("orders", scope=ledger.EVERYTHING, columns=["document", "sign"]).collect()


def lines_of(document):
    return int(orders().filter(orders()["document"] == document)["sign"].sum())


# --- bringing a file in -----------------------------------------------------------------------------------------------


def test_a_good_file_is_checked_without_a_trace_and_then_brought_in(as_):
    anna, before = as_("anna"), ledger.head()
    page = check(anna, GOOD)
    assert page.context["outcome"]["accepted"] == 2 and "All 2 rows are fine" in page.content.decode()
    assert ledger.head() == before and lines_of("NEW-1") == 0
    done = bring(anna, page)
    batch = done.context["batch"]
    assert (batch.accepted, batch.rows_in, batch.actor) == (2, 2, "anna") and lines_of("NEW-1") == 1
    assert {"file received", "bring in ordered", "orders imported"} <= set(entries().values_list("action", flat=True))


def test_rows_and_money_of_a_faulty_file_are_all_on_its_page(as_):
    anna = as_("anna")
    checked = check(anna, FAULTY)
    assert "3 of 5 rows are fine, 1 needs you" in checked.content.decode() and "There is no such day" in checked.content.decode()
    page = bring(anna, checked)
    batch = queries.find(page.context["batch"].pk)
    assert (batch.accepted, batch.quarantined, batch.blank, batch.unmatched) == (3, 1, 1, 1)
    assert sum(share.rows for _, share in page.context["shares"]) == batch.rows_in == 5
    for line in page.context["money"]:
        assert line["in"] == sum(line[bucket] for bucket in MONEY_BUCKETS) and line["conserved"]
    assert grains_of(batch.amounts)["EUR"]["quarantined"] == 100_000
    assert page.context["nameless"] == (1, [("EUR", 300_000)])
    assert [(cause.code, cause.rows, cause.open) for cause in page.context["causes"]] == [("bad_date", 1, 1)]


def test_every_figure_of_a_batch_page_is_that_of_the_queries(as_, company):
    anna = as_("anna")
    for number in (number for number in company.batches.values() if number):
        page, batch = anna.get(f"/intake/{number}"), queries.find(number)
        assert sum(share.rows for _, share in page.context["shares"]) == batch.rows_in
        assert sum(cause.rows for cause in page.context["causes"]) == batch.quarantined
        assert page.context["money"] == one_batch.money(grains_of(batch.amounts))


def test_the_same_bytes_twice_say_so_and_change_nothing(as_):
    anna = as_("anna")
    first = bring(anna, check(anna, GOOD)).context["batch"]
    again = check(anna, GOOD, name="other-name.csv")
    assert again.context["before"].pk == first.pk and "in already" in again.content.decode()
    head = ledger.head()
    landed = bring(anna, again)
    assert landed.context["batch"].pk == first.pk and ledger.head() == head and lines_of("NEW-1") == 1


def test_the_button_pressed_twice_is_one_job_and_two_people_are_one_effect(as_):
    anna, other = as_("anna"), as_("anna")
    page, theirs = check(anna, GOOD), check(other, GOOD)
    orders_given = [
        client.post(place(one), {**carried(one), "step": "bring"}).url for client, one in ((anna, page), (anna, page), (other, theirs))
    ]
    assert orders_given[0] == orders_given[1] == orders_given[2]  # one person's two tabs are one file
    work_off()
    assert {anna.get(url, follow=True).context["batch"].pk for url in orders_given} == {queries.batches().order_by("-pk")[0].pk}
    assert lines_of("NEW-1") == lines_of("NEW-2") == 1


def test_a_job_that_waits_can_be_cancelled_and_leaves_nothing(as_):
    anna, head = as_("anna"), ledger.head()
    page = check(anna, GOOD)
    url = anna.post(place(page), {**carried(page), "step": "bring"}).url
    assert "waits for its turn" in anna.get(url).content.decode()
    assert anna.post(url).status_code == 302
    work_off()
    assert "Cancelled" in anna.get(url).content.decode() and ledger.head() == head and lines_of("NEW-1") == 0


def test_while_it_is_on_its_way_the_page_asks_again_and_then_leads_to_the_batch(as_):
    anna = as_("anna")
    page = check(anna, GOOD)
    url = anna.post(place(page), {**carried(page), "step": "bring"}).url
    part = anna.get(url, headers={"HX-Request": "true"})
    assert "hx-get" in part.content.decode() and "<html" not in part.content.decode()
    work_off()
    assert re.fullmatch(r"/intake/\d+", anna.get(url, headers={"HX-Request": "true"})["HX-Redirect"])


def test_a_large_file_is_checked_by_the_worker(as_, monkeypatch):
    monkeypatch.setattr("steelyard.intake.limits.TEXT_AT_ONCE", 10)
    anna = as_("anna")
    waiting = check(anna, FAULTY)
    assert "being checked" in waiting.content.decode()
    work_off()
    page = anna.get(waiting.redirect_chain[-1][0], follow=True)
    assert page.context["outcome"]["quarantined"] == 1
    assert bring(anna, page).context["batch"].accepted == 3


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return packed.getvalue()


HOSTILE = {
    "empty": (b"", "new.csv", "empty"),
    "program": (b"MZ\x90\x00" + b"\0" * 200, "new.csv", "not a table"),
    "page": (b"<!doctype html><html><script>alert(1)</script>", "new.csv", "not a table"),
    "text called a workbook": ("\n".join(GOOD).encode(), "new.xlsx", "not a spreadsheet"),
    "unknown ending": ("\n".join(GOOD).encode(), "new.exe", "are not taken"),
    "no ending": ("\n".join(GOOD).encode(), "new", "are not taken"),
    "half an archive": (b"PK\x03\x04" + b"\0" * 300, "new.xlsx", "damaged or cut off"),
    "bomb": (bomb, "new.xlsx", "unpacks to too much"),
    "workbook called text": (bomb, "new.csv", ""),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_table_is_refused_beside_the_field(as_, what):
    made, name, said = HOSTILE[what]
    page = check(as_("anna"), made() if callable(made) else made, name)
    assert page.status_code == 422 and page.context["form"].errors["file"]
    assert said in unescape(page.content.decode())


def test_a_huge_cell_a_formula_and_markup_stay_what_they_are(as_):
    anna = as_("anna")
    lines = [
        *GOOD,
        f"X1,1,2025-12-04,ALP,REA-1,1,1,1,EUR,sale,{'x' * 40_000}",
        "X2,1,2025-12-04,<script>alert(1)</script>,REA-1,1,1,1,EUR,sale,=1+1",
    ]
    page = bring(anna, check(anna, lines, name='"><script>evil.csv'))
    text = page.content.decode()
    assert "<script>alert" not in text and "<script>evil" not in text
    assert [cause.code for cause in page.context["causes"]] == ["cell_too_long"]
    assert "<script>alert" not in anna.get("/matching").content.decode()


def test_a_file_larger_than_allowed_is_refused_by_its_size(as_, settings):
    settings.UPLOAD_MEGABYTES = 1
    page = check(as_("anna"), b"x" * (1024 * 1024 + 1))
    assert page.status_code == 422 and "1,048,576 bytes" in page.content.decode()


def test_columns_that_are_not_found_are_chosen_and_remembered(as_):
    anna = as_("anna")
    strange = ["Beleg;Tag;Wer;Was;Betrag", "Q-1;03.12.2025;ALP;REA-1;1.234,50", "Q-2;04.12.2025;ALP;REA-1;99,00"]
    page = check(anna, strange, source="south")
    assert page.context["outcome"] is None and "must be said" in page.content.decode()
    page = anna.post(place(page), answers(page, currency="EUR", date="DMY"), follow=True)
    assert page.context["outcome"]["accepted"] == 2, page.context["problems"]
    form = anna.get(f"{place(page)}/columns").context["form"]
    said = {name: "" if value is None else value for name, value in form.initial.items()} | {"seen": page.context["delivery"].version}
    better = anna.post(f"{place(page)}/columns", {**said, "column_end_customer": "Wer"}, follow=True)
    assert better.context["outcome"]["accepted"] == 2, better.context["problems"]
    assert bring(anna, better).context["batch"].amounts["EUR"]["accepted"] == "1333.50"
    third = check(anna, [strange[0], "Q-3;05.12.2025;ALP;REA-1;7,00"], source="south")
    assert third.context["outcome"]["accepted"] == 1 and not third.context["questions"] and third.context["same_mapping"]


# --- taking back ------------------------------------------------------------------------------------------------------


def test_taking_a_batch_back_says_first_what_it_does_and_needs_a_reason(as_):
    anna = as_("anna")
    number = bring(anna, check(anna, FAULTY)).context["batch"].pk
    would = anna.get(f"/intake/{number}/undo").context["would"]
    assert (would.reversed, would.restored, would.closed) == (3, 0, 1)
    assert anna.post(f"/intake/{number}/undo", {"reason": ""}).status_code == 422 and lines_of("NEW-1") == 1
    assert anna.post(f"/intake/{number}/undo", {"reason": "wrong month"}).url == f"/intake/{number}"
    assert lines_of("NEW-1") == 0 and entries(action="batch undone").last().reason == "wrong month"
    assert anna.post(f"/intake/{number}/undo", {"reason": "wrong month"}).url == f"/intake/{number}"  # pressed twice
    assert bring(anna, check(anna, FAULTY)).context["batch"].accepted == 3  # the same bytes may come again


def test_master_data_and_what_is_taken_back_cannot_be_undone(as_, company):
    page = as_("anna").get(f"/intake/{company.batches['orders 2025-q4']}/undo")
    assert page.context["would"].reversed > 0
    for path in ("/intake/987654321", "/intake/987654321/undo", "/intake/987654321/file", "/intake/problems/987654321"):
        assert as_("anna").get(path).status_code == 404


# --- refused rows -----------------------------------------------------------------------------------------------------


def test_a_refused_row_is_shown_raw_and_corrected_in_place(as_):
    anna = as_("anna")
    number = bring(anna, check(anna, FAULTY)).context["batch"].pk
    row = queries.quarantine(batch=number)[0]
    page = anna.get(f"/intake/problems/{row.pk}")
    assert [cell["header"] for cell in page.context["cells"] if cell["wrong"]] == ["date"] and "2025-02-30" in page.content.decode()
    cells = {f"cell_{place}": cell for place, cell in enumerate(row.cells)}
    wrong = anna.post(f"/intake/problems/{row.pk}", {**cells, "cell_2": "2025-02-31"})
    assert wrong.status_code == 422 and 'value="2025-02-31"' in wrong.content.decode() and wrong.context["form"].errors["cell_2"]
    assert lines_of("NEW-3") == 0
    right = {**cells, "cell_2": "2025-12-30"}
    assert anna.post(f"/intake/problems/{row.pk}", right).status_code == 302
    assert lines_of("NEW-3") == 1 and queries.quarantined_row(row.pk).state == "resolved"
    head = ledger.head()
    assert anna.post(f"/intake/problems/{row.pk}", right).status_code == 302 and ledger.head() == head


def test_refused_rows_downloaded_corrected_and_sent_again_are_settled(as_):
    anna = as_("anna")
    number = bring(anna, check(anna, FAULTY)).context["batch"].pk
    text = b"".join(anna.get(f"/intake/{number}/refused").streaming_content).decode()
    assert "steelyard_row" in text and "2025-02-30" in text
    bring(anna, check(anna, text.replace("2025-02-30", "2025-12-30").encode(), name="corrected.csv"))
    assert not queries.quarantine(batch=number).exists() and lines_of("NEW-3") == 1


def test_the_list_of_refused_rows_counts_what_waits(as_):
    anna = as_("anna")
    assert anna.get("/intake/problems").context["listing"].count == queries.quarantine().count()
    assert (
        anna.get("/intake/problems?state=&code=bad_date").context["listing"].count
        == queries.quarantine(state=None).filter(code="bad_date").count()
    )
    exported = anna.get("/intake/problems?format=csv").content.decode().splitlines()
    assert len(exported) == 1 + queries.quarantine().count()


def test_the_raw_file_comes_back_byte_for_byte_and_opens_in_no_browser(as_):
    anna = as_("anna")
    number = bring(anna, check(anna, GOOD)).context["batch"].pk
    answer = anna.get(f"/intake/{number}/file")
    assert b"".join(answer.streaming_content) == "\n".join([*GOOD, ""]).encode()
    assert answer["Content-Type"] == "application/octet-stream" and "attachment" in answer["Content-Disposition"]


# --- names ------------------------------------------------------------------------------------------------------------


def test_a_name_is_decided_once_remembered_and_taken_back(as_):
    anna = as_("anna")
    page = anna.get("/matching")
    chosen = page.context["chosen"]
    assert chosen.party == "Unknown Trading Ltd" and chosen.amounts == (("EUR", 300_000),)
    key = {"source": "erp", "party": "Unknown Trading Ltd"}
    assert anna.post("/matching", {**key, "step": "match", "partner": "CER"}).status_code == 302
    assert names.find(**key) is None and decisions.lately()[0].stands
    head = ledger.head()
    assert anna.post("/matching", {**key, "step": "match", "partner": "CER"}).status_code == 302 and ledger.head() == head
    assert anna.post("/matching", {**key, "step": "match", "partner": "ALP"}).status_code == 409
    assert anna.post("/matching", {**key, "step": "back"}).status_code == 302
    assert names.find(**key) is not None and not decisions.lately()[0].stands
    assert anna.post("/matching", {**key, "step": "match", "partner": "NOBODY"}).status_code == 422
    assert anna.post("/matching", {**key, "step": "none"}).status_code == 302
    assert names.find(**key) is None


def test_the_nearest_names_come_first_and_others_can_be_searched(as_):
    anna = as_("anna")
    bring(anna, check(anna, [*GOOD, "Z-1,1,2025-12-05,Alpine Diagnostik AG,REA-1,1,30,30,EUR,sale,"]))
    near = anna.get("/matching", {"source": "erp", "party": "Alpine Diagnostik AG"}).context["candidates"]
    assert near[0][0].code == "ALP" and near[0][0].alike > 50
    found = anna.get("/matching", {"source": "erp", "party": "Alpine Diagnostik AG", "q": "fjord"}).context["candidates"]
    assert [one.code for one, _letters in found] == ["FJO"]


# --- mappings and nothing to report -----------------------------------------------------------------------------------


def test_a_mapping_is_changed_as_text_with_its_problems_and_the_second_is_told(as_):
    anna = as_("anna")
    page = anna.get("/intake/mappings/orders/erp")
    seen, text = page.context["newest"].number, page.context["shown"].text
    broken = anna.post("/intake/mappings/orders/erp", {"seen": seen, "text": text + "\ndecimal: x\nnonsense: 1\n"})
    assert broken.status_code == 422 and "nonsense" in broken.content.decode() and len(broken.context["problems"]) == 2
    better = {"seen": seen, "text": "kind: orders\nsource: erp\ndecimal: ','\n"}
    assert anna.post("/intake/mappings/orders/erp", better).status_code == 302
    assert queries.latest_mapping("orders", "erp").number == seen + 1
    assert anna.post("/intake/mappings/orders/erp", better).status_code == 302  # pressed twice
    late = anna.post("/intake/mappings/orders/erp", {"seen": seen, "text": "kind: orders\nsource: erp\ndecimal: '.'\n"})
    assert late.status_code == 409 and "anna" in late.content.decode() and "decimal: &#x27;.&#x27;" in late.content.decode()
    assert queries.latest_mapping("orders", "erp").number == seen + 1


def test_nothing_to_report_is_recorded_once(as_):
    anna = as_("anna")
    said = {"kind": "sell_through", "source": "erp", "party": "KAR", "first_day": "2025-10-01", "last_day": "2025-12-31"}
    first = anna.post("/intake/nil", said)
    assert re.fullmatch(r"/intake/\d+", first.url) and "everybody" not in anna.get(first.url).content.decode()
    assert anna.post("/intake/nil", said).url == "/intake"
    assert anna.post("/intake/nil", {**said, "last_day": "2025-09-01"}).status_code == 422


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["ada", "dora", "ben"])
def test_who_reads_does_not_write(as_, username, company):
    client = as_(username)
    assert client.get("/intake").status_code == 200 and client.get("/matching").status_code == 200
    assert client.get("/intake/new").status_code == 403 and check(client, GOOD).status_code == 403
    assert client.post("/matching", {"step": "sure"}).status_code == 403
    text = client.get(f"/intake/problems/{queries.quarantine()[0].pk}").content.decode()
    assert "cell_0" not in text and "Bring in" not in client.get("/intake").content.decode()


@pytest.mark.parametrize("username", ["carla", "emil", "alma"])
def test_who_sees_only_some_partners_sees_no_file(as_, username):
    for path in ("/intake", "/intake/problems", "/matching", "/intake/mappings"):
        assert as_(username).get(path).status_code == 403
