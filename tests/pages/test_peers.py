"""What a partner is shown of others: a band without names, of five others at least, and never of a part of them."""

from datetime import date

import pytest

from steelyard.frameworks.actions import apply
from steelyard.partners.actions import change
from steelyard.scorecards import actions
from steelyard.scorecards.history import peers_of
from tests.cast import level_vectors

OTHERS = ("BOR", "CER", "DOL", "ENG", "FJO", "GEI", "HAL", "INN", "JUT")  # with a score in each quarter, beside partner A


@pytest.mark.parametrize(("others", "shown"), [(4, False), (5, True)])
def test_a_band_is_of_five_others_at_least(company, others, shown):
    for partner in OTHERS[others:]:
        change("partners", code=partner, status="ended", valid_from=date(2025, 10, 1), acting_user=company.people.anna)
    run = actions.run(framework=company.framework, period=company.periods[2], acting_user=company.people.anna)
    assert run.results.filter(total__isnull=False).count() == others + 1
    assert (peers_of(run) is not None) is shown


PEERS = """framework: peers-in-lists
title: Peers in lists
subject: partner
grain: quarter
currency: EUR
convert: {policy: line date, rates: ecb}
peers: {same: [], least: 1}
lists:
  by_product:
    one_per: product
    columns:
      sold:   {fact: orders, sum: amount}
      others: {formula: peer_mean(sold)}
      ahead:  {formula: sold - others}
measures: {lines: {list: by_product, count: lines}}
kpis: {products: {formula: lines, unit: count, better: higher, no_data: zero}}
scorecard: {combine: sum, of: {range: {kpi: products, points: {line: [[0, 0], [9, 100]]}}}}
levels: [{name: Bronze, require: []}]
"""


def test_a_partner_has_no_column_that_compares_it_with_others(company, as_):
    apply(text=PEERS, vectors=level_vectors(Bronze=0), acting_user=company.people.anna)
    about = {"framework": "peers-in-lists", "period": company.periods[0]}
    actions.run(**about, acting_user=company.people.anna)
    actions.publish(**about, acting_user=company.people.ben)
    anna, alma, names = as_("anna"), as_("alma"), ("Others", "Ahead", "others", "ahead")
    staff = f"/scorecards/peers-in-lists/{company.periods[0]}/ALP/kpis/products"
    own = f"/portal/scorecard/peers-in-lists/{company.periods[0]}/kpis/products"
    told = anna.get(f"{staff}/rows?format=csv").content.decode()
    assert all(name in told.splitlines()[0] for name in names[:2])  # they are there to be hidden
    for address in (own, f"{own}?format=csv", f"{own}?columns=others,ahead&sort=-others"):
        answer = alma.get(address).content.decode()
        assert "REA-1" in answer and "Sold" in answer, address
        assert not [name for name in names if f">{name}<" in answer or f",{name}," in f",{answer.splitlines()[0]},"], address
    rest = alma.get(f"/api/portal/scorecards/peers-in-lists/{company.periods[0]}/kpis/products/rows/lines").json()["items"]
    assert rest and all("sold" in row["columns"] and not {"others", "ahead"} & set(row["columns"]) for row in rest)
    seen = anna.get(f"/api{staff}/rows/lines").json()["items"]
    assert all({"sold", "others", "ahead"} <= set(row["columns"]) for row in seen)
