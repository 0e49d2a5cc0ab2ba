"""Scorecards of whom or what is no partner: representatives, territories, a partner in a territory. Pages, documents and REST alike."""

from __future__ import annotations

import pytest

from steelyard.frameworks.actions import apply
from steelyard.scorecards import actions, queries
from tests.cast import level_vectors
from tests.company import CANARY, NEWEST

TEXT = """framework: {code}
title: By {code}
subject: {subject}
grain: quarter
currency: EUR
convert: {{policy: line date, rates: ecb}}
measures:
  sales: {{fact: orders, sum: amount}}
kpis:
  net_sales: {{formula: sales, unit: money, better: higher, no_data: zero}}
  growth: {{formula: 'sales / sales[previous] - 1', unit: percent, better: higher, no_data: skip}}
scorecard:
  combine: mean
  of:
    volume: {{kpi: net_sales, weight: 2, points: {{line: [[0, 0], [20000, 100]]}}}}
    pace: {{kpi: growth, weight: 1, points: {{line: [[-10%, 0], [10%, 100]]}}}}
levels: [{{name: Bronze, require: []}}, {{name: Gold, require: [points >= 60]}}]
"""
KINDS = {
    "by-representative": "representative", "by-territory": "territory",
    "by-place": "partner x territory", "by-country": "partner x country",
}  # fmt: skip


@pytest.fixture(params=KINDS)
def scored(request, company):
    """A framework of this subject, its newest quarter scored and published, and the subject that sold most."""
    text = TEXT.format(code=request.param, subject=KINDS[request.param])
    apply(text=text, vectors=level_vectors(Bronze=0, Gold=60), acting_user=company.people.anna)
    for period in company.periods[:2]:
        run = actions.run(framework=request.param, period=period, acting_user=company.people.anna)
        actions.publish(framework=request.param, period=period, acting_user=company.people.ben)
    best = max(run.results.all(), key=lambda one: one.total or 0)
    assert best.total and queries.published(request.param, NEWEST) is not None
    return request.param, best.subject


def test_every_page_of_such_a_card_opens(as_, scored):
    framework, subject = scored
    anna, card = as_("anna"), f"/scorecards/{framework}/{NEWEST}/{subject}"
    pages = [
        card, f"{card}/why", f"{card}/kpis/net_sales", f"{card}/kpis/net_sales/rows", f"{card}/receipt",
        f"/ranking?framework={framework}", f"/overview?framework={framework}", "/scorecards", "/",
    ]  # fmt: skip
    for address in pages:
        page = anna.get(address)
        assert page.status_code == 200, address
    assert anna.get(f"{card}/pdf").content.startswith(b"%PDF")
    assert f"{anna.get(f'{card}/kpis/net_sales/rows?format=csv').content.decode('utf-8-sig')}".count("\n") > 2


def test_rest_answers_for_it_too(as_, scored):
    framework, subject = scored
    anna, card = as_("anna"), f"/api/scorecards/{framework}/{NEWEST}/{subject}"
    for address in ("", "/why", "/kpis/net_sales", "/kpis/net_sales/rows/sales", "/receipt"):
        answer = anna.get(f"{card}{address}")
        assert answer.status_code == 200, (address, answer.content)
    assert anna.get(f"{card}/pdf").content.startswith(b"%PDF")
    assert anna.get(f"/api/scorecards/{framework}/{NEWEST}/overview").status_code == 200


@pytest.mark.parametrize("who", ["carla", "emil", "alan"])
def test_who_sees_some_partners_sees_no_card_that_adds_up_others(as_, scored, who):
    framework, subject = scored
    for address in (f"/scorecards/{framework}/{NEWEST}/{subject}", f"/api/scorecards/{framework}/{NEWEST}/{subject}"):
        answer = as_(who).get(address)
        theirs = framework in ("by-place", "by-country") and answer.status_code == 200
        assert theirs or answer.status_code in (403, 404), (who, address)
        assert not CANARY.search(answer.content.decode())
    listed = as_(who).get(f"/ranking?framework={framework}").content.decode()
    assert not CANARY.search(listed)
