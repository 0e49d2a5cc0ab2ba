"""Orders as people browse them: what counts now, the newest first; each line tells where it came from and where it counts."""

from __future__ import annotations

import csv
import io
import re

from tests.company import CANARY

ROW = re.compile(r'href="/orders/orders/(\d+)"')


def exported(browser, address):
    text = b"".join(browser.get(address)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_list_counts_and_exports_every_live_row(as_):
    from steelyard.ledger.queries import facts
    from steelyard.ledger.scope import EVERYTHING

    rows = facts("orders", scope=EVERYTHING, columns=["sign"]).collect()
    live = int(rows["sign"].sum())
    page = as_("anna").get("/orders").content.decode()
    assert f"{live:,}" in page
    assert len(exported(as_("anna"), "/orders?format=csv")) == live


def test_search_filters_and_sort_find_the_same_rows_as_a_look_at_all(as_):
    anna = as_("anna")
    everything = exported(anna, "/orders?format=csv")
    name = next(column for column in everything[0] if column.lower().startswith("product"))
    product = everything[0][name]
    found = exported(anna, f"/orders?format=csv&product={product}")
    assert found and len(found) == sum(row[name] == product for row in everything)
    assert anna.get("/orders?sort=amount").status_code == anna.get("/orders?sort=-date&page=2").status_code == 200


def test_one_line_says_whose_it_is_why_and_where_it_counts(as_):
    anna = as_("anna")
    number = ROW.search(anna.get("/orders?partner=ALP&date_to=2025-09-30").content.decode())[1]
    page = anna.get(f"/orders/orders/{number}").content.decode()
    assert "belongs to Alpine Diagnostics" in page
    assert "Counted" in page and "/scorecards/channel/" in page


def test_a_manager_sees_the_lines_of_their_partners_only(as_):
    carla, anna = as_("carla"), as_("anna")
    assert not CANARY.search(str(exported(carla, "/orders?format=csv")))
    foreign = ROW.search(anna.get("/orders?partner=BOR").content.decode())[1]
    assert carla.get(f"/orders/orders/{foreign}").status_code == 404
    assert carla.get(f"/orders/orders/{foreign}").content == carla.get("/orders/orders/99").content
    assert not ROW.search(carla.get("/orders?partner=BOR").content.decode())


def test_every_kind_of_fact_has_its_list(as_):
    from steelyard.calc.facts import FACTS

    for kind in FACTS:
        assert as_("dora").get(f"/orders?kind={kind}").status_code == 200
