"""The matching queue as a page: keys on everything, two people at once, several at once, every decision listed."""

from __future__ import annotations

import csv
import io
import re

import pytest

from steelyard.attribution import decisions, names, waiting
from steelyard.attribution.actions.matching import Found, remember_found
from steelyard.attribution.asking import Proposal
from steelyard.attribution.models_in_use import checked, in_use
from steelyard.ledger import queries as ledger
from tests.company import ORDER_HEADER

from .test_intake import bring, check

KEY = {"source": "erp", "party": "Unknown Trading Ltd"}


@pytest.fixture
def more(as_):
    """Three more names wait, two of them called alike."""
    anna = as_("anna")
    lines = ("Z-1,1,2025-12-05,Alpin Diagnostik,REA-1,1,20,20,EUR,sale,", "Z-2,1,2025-12-05,ALPIN DIAGNOSTIK,REA-1,1,10,10,EUR,sale,",
             "Z-3,1,2025-12-05,Zeta Labor,REA-1,1,5,5,EUR,sale,")  # fmt: skip
    bring(anna, check(anna, [ORDER_HEADER, *lines]))
    return anna


def test_every_key_is_on_the_page_and_each_presses_what_anybody_can_press(more):
    page = more.get("/matching", {"source": "erp", "party": "Alpin Diagnostik"}).content.decode()
    for key in ("1", "/", "j", "k", "s", "n", "u", "Enter"):
        tag = re.search(rf'<(\w+)[^>]*data-key="{re.escape(key)}"', page)
        assert tag is not None and tag[1] in ("a", "button", "input", "summary"), key
    assert re.search(r"<kbd[^>]*>S</kbd>", page) and re.search(r"<dd>Undo my last decision</dd>", page)
    last = more.get("/matching", {"source": "erp", "party": "Zeta Labor"}).content.decode()
    assert 'data-key="k"' in last and 'data-key="j"' not in last


def test_the_queue_goes_on_with_the_next_name_after_a_decision(more):
    shown = more.get("/matching").context["shown"]
    assert [one.party for one in shown.names] == ["Unknown Trading Ltd", "Alpin Diagnostik", "ALPIN DIAGNOSTIK", "Zeta Labor"]
    answer = more.post("/matching", {"source": "erp", "party": "Alpin Diagnostik", "step": "match", "partner": "ALP"})
    assert answer.url.endswith("party=ALPIN+DIAGNOSTIK")
    answer = more.post("/matching", {"source": "erp", "party": "Zeta Labor", "step": "none", "reason": "own demo stock"})
    assert answer.url.endswith("party=ALPIN+DIAGNOSTIK")  # the last: the one before it
    assert "own demo stock" in decisions.last_of("erp", "Zeta Labor").why
    answer = more.post("/matching", {"step": "undo"}, follow=True)
    assert "Zeta Labor waits again" in answer.content.decode() and names.find("erp", "Zeta Labor")


def test_what_is_called_the_same_is_decided_with_it_if_somebody_ticks_it(more):
    assert "Also the other key called exactly so" in more.get("/matching", {"source": "erp", "party": "Alpin Diagnostik"}).content.decode()
    more.post("/matching", {"source": "erp", "party": "Alpin Diagnostik", "step": "match", "partner": "ALP", "also": "1"})
    assert {"Alpin Diagnostik", "ALPIN DIAGNOSTIK"}.isdisjoint(waiting.keys()["party"])


def test_the_second_person_keeps_what_they_chose_and_may_decide_all_the_same(as_):
    anna, ada = as_("anna"), as_("anna")
    anna.post("/matching", {**KEY, "step": "match", "partner": "CER"})
    answer = ada.post("/matching", {**KEY, "step": "match", "partner": "DOL"})
    page = answer.content.decode()
    assert (
        answer.status_code == 409
        and "anna has matched this name to Cervin Medtech meanwhile" in page
        and "You chose: Dolomit Medica" in page
    )
    assert answer.context["picked"] == "DOL" and 'name="instead" value="CER"' in page
    assert ada.post("/matching", {**KEY, "step": "match", "partner": "DOL", "instead": "CER"}).status_code == 302
    assert decisions.last_of("erp", KEY["party"]).partner == "DOL"
    answer = anna.post("/matching", {**KEY, "step": "none", "reason": "gone"})
    assert answer.status_code == 409 and "You chose: none of ours" in answer.content.decode() and 'value="gone"' in answer.content.decode()


def test_several_names_are_counted_first_then_decided(more):
    page = more.get("/matching/bulk", {"f": "alpin"})
    assert page.context["count"] == 2 and "2 waiting names hold “alpin”: 2 rows." in page.content.decode()
    cut = ledger.head()
    wrong = more.post("/matching/bulk", {"f": "alpin", "partner": "ALP", "count": "3"})
    assert wrong.status_code == 409 and ledger.head() == cut and "Nothing was done" in wrong.content.decode()
    assert more.post("/matching/bulk", {"f": "alpin", "partner": "ALP", "count": "2"}).status_code == 302
    assert ledger.head() == cut + 1 and more.get("/matching/bulk", {"f": "alpin"}).context["count"] == 0


def test_every_decision_is_listed_filtered_exported_and_taken_back(more):
    more.post("/matching/bulk", {"f": "alpin", "partner": "ALP", "count": "2"})
    page = more.get("/matching/decisions", {"method": "person", "by": "anna", "q": "alpin diagnostik"})
    assert page.context["listing"].count == 2
    rows = list(
        csv.DictReader(io.StringIO(more.get("/matching/decisions", {"format": "csv", "q": "alpin diagnostik"}).content.decode("utf-8-sig")))
    )
    assert [(row["Matched to"], row["By"], row["Stands"]) for row in rows] == [("Alpine Diagnostics (ALP)", "anna", "yes")] * 2
    chosen = [str(one.number) for one in decisions.lately(2)]
    told = more.get("/matching/decisions", {"selected": chosen}).content.decode()
    assert "2 names wait again, with 2 rows." in told
    more.post("/matching/decisions", {"selected": chosen})
    assert waiting.ordered("value", "alpin").height == 2


def test_who_may_only_read_is_shown_no_way_to_decide(as_):
    page = as_("dora").get("/matching").content.decode()
    assert 'name="step"' not in page and 'data-key="Enter"' not in page
    assert as_("dora").get("/matching/bulk").status_code == 403 and as_("dora").post("/matching/decisions").status_code == 403


def test_rest_counts_decides_several_and_lists(more):
    send = {"content_type": "application/json"}
    assert more.post("/api/matching/count", {"words": "alpin"}, **send).json() == {"names": 2, "rows": 2}
    several = {"words": "alpin", "partner": "ALP", "names": 1}
    assert more.post("/api/matching/decide-several", several, **send).status_code == 409
    assert more.post("/api/matching/decide-several", several | {"names": 2}, **send).json() == {"decided": 2}
    listed = more.get("/api/matching/decisions", {"method": "person"}).json()["items"]
    assert [(one["partner"], one["stands"], one["probability"]) for one in listed[:2]] == [("ALP", True, None)] * 2
    body = {**KEY, "partner": "CER"}
    more.post("/api/matching/decide", body, **send)
    assert more.post("/api/matching/decide", body | {"partner": "DOL"}, **send).status_code == 409
    assert more.post("/api/matching/decide", body | {"partner": "DOL", "instead_of": "CER"}, **send).json() == {"changed": True}
    assert [one["party"] for one in more.get("/api/matching", {"limit": 1}).json()["items"]] == ["Zeta Labor"]


def test_a_match_of_the_model_is_audited_right_or_wrong(more, company):
    assert "No match of the model waits" in more.get("/matching/audit").content.decode()
    model = in_use()
    by_model = {party: Proposal("ALP", party, 990_000_000, 500_000_000) for party in ("Alpin Diagnostik", "ALPIN DIAGNOSTIK")}
    remember_found(Found(0, {}, by_model, model.label, model.model.digest), source="erp", acting_user=company.people.system)
    page = more.get("/matching/audit")
    text = page.content.decode()
    assert (
        page.context["count"] == 2 and "99% likely" in re.sub(r"<[^>]+>|\s+", " ", text).replace("  ", " ") and 'data-key="Enter"' in text
    )
    assert "The model only proposes" in text and "Look at what it matched" in more.get("/matching").content.decode()
    first, second = page.context["one"].party, more.get("/matching/audit?skip=1").context["one"].party
    more.post("/matching/audit", {"source": "erp", "party": first, "step": "right"})
    more.post("/matching/audit", {"source": "erp", "party": second, "step": "wrong"})
    assert checked(model.model.digest) == (1, 1)
    assert names.find("erp", second) and not names.find("erp", first)
