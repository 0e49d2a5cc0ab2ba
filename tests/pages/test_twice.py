"""Sales that two systems tell of, through the pages: listed, opened, decided one way and the other; over REST as well."""

import pytest

from steelyard.intake import actions
from steelyard.partners import queries as partners
from tests.company import ORDER_HEADER

ERP = [ORDER_HEADER, "T-1,1,2025-12-04,ALP,REA-1,2,50,100,EUR,sale,Spital", "T-2,1,2025-12-05,ALP,REA-1,1,70.5,70.5,EUR,sale,Spital"]
SHOP = [
    ORDER_HEADER,
    "W-8,1,2025-12-04,ALP,REA-1,2,50,100,EUR,sale,Spital",
    "W-9,1,2025-12-05,ALP,REA-1,1,65,65,EUR,sale,Spital",
    "W-7,1,2025-12-04,ALP,REA-1,9,1,9,EUR,sale,Spital",
]
HERE = "/intake/twice/pairs?kind=orders&partner=ALP&first=erp&second=shop"


@pytest.fixture
def both(company):
    for source, lines in (("erp", ERP), ("shop", SHOP)):
        data = "\n".join([*lines, ""]).encode()
        actions.commit(data, name=f"{source}.csv", kind="orders", source=source, acting_user=company.people.anna)


def test_a_partner_of_whom_two_systems_tell_alike_is_listed_and_opened(both, as_):
    page = as_("anna").get("/intake/twice").content.decode()
    assert "2 sales are perhaps told twice, of 1 partner." in page and HERE.replace("&", "&amp;") in page
    page = as_("anna").get(HERE)
    text = page.content.decode()
    assert "2 rows of erp are also told by shop." in text
    for said in ("T-1 / 1", "W-8 / 1", "T-2 / 1", "W-9 / 1", "product and quantity"):
        assert said in text
    assert page.context["group"].at_stake == {"EUR": 1650000}
    assert [(one.source, one.sums) for one in page.context["alone"]][1] == ("shop", {"EUR": 90000})
    assert "T-1 / 1" in as_("anna").get(f"{HERE}&format=csv").content.decode()


def test_one_system_counts_from_a_day_on(both, as_):
    said = {"step": "one", "source": "erp", "whom": "partner", "first_day": "2025-12-05", "last_day": "", "reason": "the shop copies"}
    answer = as_("anna").post(HERE, said, follow=True)
    assert answer.redirect_chain == [("/intake/twice", 302)] and b"From now on erp counts" in answer.content
    assert [row["source"] for row in partners.known("authorities").to_dicts()] == ["erp"]
    assert b"1 row of erp is also told by shop." in as_("anna").get(HERE).content


def test_both_count_where_they_are_different_sales(both, as_):
    answer = as_("anna").post(HERE, {"step": "both"}, follow=True)
    assert b"2 pairs are two different sales" in answer.content and b"No sale is told twice." in answer.content
    again = as_("anna").post(HERE, {"step": "both"}, follow=True)
    assert b"decided already" in again.content
    assert as_("anna").get(HERE).status_code == 302


@pytest.mark.parametrize("said", [{"step": "one", "source": "third", "whom": "all"}, {"step": "one"}, {}])
def test_what_cannot_be_decided_is_said_and_changes_nothing(both, as_, said):
    answer = as_("anna").post(HERE, said)
    assert answer.status_code == (422 if said else 200)
    assert partners.known("authorities").is_empty()


def test_who_only_reads_sees_no_form(both, as_):
    assert b'value="one"' not in as_("dora").get(HERE).content
    assert as_("dora").post(HERE, {"step": "both"}).status_code == 403


def test_the_same_over_rest(both, as_):
    browser = as_("anna")
    found = browser.get("/api/intake/twice").json()["items"]
    assert [(one["partner"], one["pairs"], one["at_stake"]) for one in found] == [("ALP", 2, {"EUR": "165.00"})]
    asked = {"kind": "orders", "partner": "ALP", "first": "erp", "second": "shop"}
    pairs = browser.get("/api/intake/twice/pairs", asked).json()["items"]
    assert [(one["rule"], one["first"]["document"], one["second"]["amount"]) for one in pairs][1] == (
        "product and quantity",
        "T-2",
        "65.00",
    )

    def post(path, sent):
        return browser.post(f"/api/intake/twice/{path}", sent, content_type="application/json")

    rows = [[pairs[0]["first"]["row"], pairs[0]["second"]["row"]]]
    assert post("different", asked | {"rows": rows}).json() == {"recorded": 1}
    assert len(browser.get("/api/intake/twice/pairs", asked).json()["items"]) == 1
    assert post("authority", {"kind": "orders", "partner": "ALP", "source": "erp"}).json() == {"recorded": 1}
    assert post("authority", {"kind": "orders", "partner": "ALP", "source": "erp"}).json() == {"recorded": 0}
    assert browser.get("/api/intake/twice").json()["items"] == []
    assert post("authority", {"kind": "targets", "source": "erp"}).status_code == 422
    assert post("different", asked).status_code == 404
