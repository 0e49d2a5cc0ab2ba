"""Reconciliation and feed quality as pages and over REST."""

from steelyard.intake import reconciling


def test_the_page_tells_where_the_money_went_and_what_is_late(as_):
    page = as_("anna").get("/intake/reconciliation")
    assert "accounted for" in page.content.decode()
    assert [one.unexplained for one, _ in page.context["accounts"]] == [0] * len(reconciling.accounts())
    assert as_("anna").get("/intake/reconciliation?kind=orders&format=csv").content.count(b"\n") > 3


def test_every_partner_of_a_feed_has_its_figures(as_):
    page = as_("anna").get("/intake/quality").content.decode()
    assert "Alpine Diagnostics" in page and "Months told" in page


def test_the_same_over_rest(as_):
    def items(path):
        return as_("anna").get(f"/api/intake/reconciliation/{path}").json()["items"]

    accounts = items("accounts")
    assert {one["unexplained"] for one in accounts} == {"0.00"} and {one["holds"] for one in accounts} != {"0.00"}
    assert {one["kind"] for one in items("months?kind=orders")} == {"orders"}
    assert {one["kind"] for one in items("months")} > {"orders"}
    assert {one["partner"] for one in items("quality")} >= {"ALP", "BOR"}
