"""The library of KPIs and the published programmes as pages and over REST."""

import json

from steelyard.frameworks import library


def test_the_library_is_listed_searched_and_says_what_can_be_used(as_):
    anna = as_("anna")
    page = anna.get("/frameworks/kpis?q=turns").content.decode()
    assert "/frameworks/kpis/turns" in page and "/frameworks/kpis/breadth" not in page
    page = anna.get("/frameworks/kpis?usable=no&per=100").content.decode()
    assert "/frameworks/kpis/recall" in page and "/frameworks/kpis/sell_in_attainment" not in page


def test_a_kpi_is_told_with_its_facts_its_vectors_and_the_text_to_copy(as_):
    page = as_("anna").get("/frameworks/kpis/breadth").content.decode()
    breadth = library.kpi("breadth")
    assert breadth.formula in page and "account_targets" in page and "breadth counts target accounts" in page
    assert as_("anna").get("/frameworks/kpis/none").status_code == 404
    assert as_("alma").get("/frameworks/kpis").status_code == 403


def test_a_framework_starts_from_a_published_programme_with_its_vectors(as_):
    anna = as_("anna")
    assert "?programme=odoo" in anna.get("/frameworks/new").content.decode()
    page = anna.get("/frameworks/new?programme=odoo").content.decode()
    assert "odoo-partnership-v11" in page and "retention one point short of Gold" in page
    assert anna.get("/frameworks/new?programme=none").status_code == 404


def test_rest_gives_the_library_and_the_programmes(as_):
    anna = as_("anna")
    found = json.loads(anna.get("/api/frameworks/kpis?category=stock").content)["items"]
    assert [one["code"] for one in found] == ["days_of_inventory", "turns", "roll_forward", "stock_out", "aged_stock"]
    whole = json.loads(anna.get("/api/frameworks/kpis/recall").content)
    assert whole["lacking"] == ["field_actions"] and "k40_recall" not in whole["text"] and whole["vectors"]
    assert {"name": "odoo", "title": library.programme("odoo").title} in json.loads(anna.get("/api/frameworks/programmes").content)["items"]
    assert json.loads(anna.get("/api/frameworks/programmes/odoo").content)["text"] == library.programme("odoo").text
    assert anna.get("/api/frameworks/programmes/none").status_code == anna.get("/api/frameworks/kpis/none").status_code == 404
