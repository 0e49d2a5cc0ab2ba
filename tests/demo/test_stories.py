"""Each story that a visitor may discover is in the data. The stories are told in demo/STORIES.md."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from steelyard.demo import masters, story
from steelyard.demo.world import World

QUARTER = pl.col("date").dt.truncate("1q")


def per_quarter(frame, column="amount"):
    """Sums by the first day of the quarter."""
    return dict(frame.group_by(QUARTER.alias("quarter")).agg(pl.col(column).sum()).iter_rows())


def of(frame, party):
    return frame.filter(pl.col("party") == party)


def key_of(code):
    """What the order system calls the partner."""
    partners = World().partners
    return partners.keys(partners.code.index(code))


def test_a_rising_star_orders_more_every_year(facts):
    sales = per_quarter(of(facts("orders"), "PL-0001"))
    assert sales[date(2025, 10, 1)] > 6 * sales[date(2023, 1, 1)]
    assert sales[date(2025, 10, 1)] > 2 * sales[date(2024, 10, 1)] * 4 // 5


def test_a_falling_giant_loses_its_main_customer(facts):
    sales = per_quarter(of(facts("orders"), "GB-0001"))
    assert sales[date(2025, 10, 1)] * 2 < sales[date(2025, 1, 1)]
    sold = of(facts("sell_through"), "GB-0001")
    main = sold.filter(pl.col("end_customer") == "St Brannoc University Hospitals")
    before = sold.filter(pl.col("date") <= date(2025, 3, 31))
    assert main["amount"].sum() > before["amount"].sum() * 2 // 5
    assert main["date"].max() <= date(2025, 3, 31)


def test_the_giant_is_the_largest_before_it_falls(facts):
    early = facts("orders").filter(pl.col("date") < date(2025, 1, 1))
    lines = early.group_by("party").len().sort("len", descending=True)
    assert lines["party"][0] == "GB-0001"


def test_a_stuffed_channel_buys_at_quarter_ends_and_its_stock_grows(facts):
    bought = of(facts("orders"), "IT-0001").filter(pl.col("date") >= date(2025, 1, 1))
    last_months = bought.filter(pl.col("date").dt.month() % 3 == 0)
    assert last_months["amount"].sum() > bought["amount"].sum() // 2
    last_week = last_months.filter(pl.col("date") >= pl.col("date").dt.month_end() - pl.duration(days=8))
    assert len(last_week) > len(last_months) * 3 // 4
    sold = of(facts("sell_through"), "IT-0001").filter(pl.col("date") >= date(2025, 1, 1))
    assert bought["quantity"].sum() > sold["quantity"].sum() * 13 // 10
    stock = dict(of(facts("inventory"), "IT-0001").group_by("date").agg(pl.col("quantity").sum()).iter_rows())
    assert stock[date(2025, 12, 31)] > 3 * stock[date(2024, 12, 31)]


def test_a_partner_reports_late_and_then_nil(facts):
    coverage = of(facts("coverage"), "SE-0001").filter(pl.col("report") == "sell_through")
    late = coverage.filter(pl.col("date").is_between(date(2024, 10, 1), date(2025, 6, 1)))
    assert (late["received_on"] > late["due_on"]).all()
    nil = coverage.filter(pl.col("date") >= date(2025, 7, 1))
    assert len(nil) == 6
    assert nil["nil"].all()
    assert not late["nil"].any()
    assert len(of(facts("orders"), "SE-0001").filter(pl.col("date") >= date(2025, 7, 1))) > 0


def test_one_of_the_best_lets_its_iso_13485_expire(facts):
    certificates = of(facts("certificates"), "DE-0001").filter(pl.col("grade") == "ISO 13485")
    assert certificates["valid_to"].max() == date(2025, 8, 31)
    others = of(facts("certificates"), "DE-0001").filter(pl.col("required") & (pl.col("grade") != "ISO 13485"))
    valid = others.filter((pl.col("valid_from") <= date(2025, 12, 31)) & (pl.col("valid_to") >= date(2025, 12, 31)))
    assert valid["grade"].n_unique() == 3


def test_a_territory_changes_hands_in_the_middle_of_a_quarter(facts):
    world = World()
    assert world.representative_on("DE-S", date(2025, 5, 14)) == "R08"
    assert world.representative_on("DE-S", date(2025, 5, 15)) == "R31"
    assert "DE-S" in world.partners.territory
    orders = facts("orders").filter((pl.col("reported_territory") == "DE-S") & (pl.col("date") >= date(2025, 5, 15)))
    assert set(orders.filter(pl.col("date") < date(2025, 7, 1))["representative"]) == {"R08"}  # the source lags behind
    assert set(orders.filter(pl.col("date") >= date(2025, 7, 1))["representative"]) == {"R31"}


def test_a_file_is_sent_twice_in_another_order(sample):
    folder, truth = sample
    first, again = "facts/orders/orders_erp-us_2024-Q2.csv", "facts/orders/orders_erp-us_2024-Q2_sent_again.csv"
    lines = (folder / first).read_text(encoding="utf-8").splitlines()
    assert sorted(lines) == sorted((folder / again).read_text(encoding="utf-8").splitlines())
    assert truth.files[again].duplicates == truth.files[again].rows_in == len(lines) - 1


def test_a_month_is_corrected(sample):
    folder, truth = sample
    path = "facts/orders/orders_erp-de_2025-02_corrected.csv"
    corrected = (folder / path).read_text(encoding="cp1252").splitlines()
    first = set((folder / "facts/orders/orders_erp-de_2025-Q1.csv").read_text(encoding="cp1252").splitlines())
    changed = [line for line in corrected if line not in first]
    assert 0 < len(changed) == truth.files[path].restated <= 40  # forty at full size
    assert all("Alpenlab" in line for line in changed)


def test_two_partners_have_one_name(facts):
    world = World()
    named = masters.partners(world).filter(pl.col("name") == "Pacific Diagnostics Pty Ltd")
    assert set(named["code"]) == {"AU-0001", "AU-0002"}
    keys = masters.aliases(world).filter(pl.col("partner").is_in(["AU-0001", "AU-0002"]))["party"]
    assert keys.n_unique() == 2
    assert len(of(facts("orders"), "PACIFIC DIAGNOSTICS PTY LTD")) > 0  # lines that say no more than the name


def test_a_doctor_with_two_hospitals_refers_with_success(facts):
    affiliations = masters.affiliations(World())
    assert len(affiliations.filter(pl.col("person") == "DR-001")) == 2
    assert affiliations.group_by("person").len().filter(pl.col("len") > 1)["person"].to_list() == ["DR-001"]
    decided = facts("referrals").filter(pl.col("outcome") != "open")
    rate = {party: (outcome == "won").mean() for (party,), outcome in ((key, part["outcome"]) for key, part in decided.group_by("party"))}
    assert rate["DR-001"] > 0.6
    assert rate["DR-001"] == max(rate.values())


def test_won_referrals_name_an_order_that_exists_with_the_doctor_and_the_amount(facts):
    won = facts("referrals").filter(pl.col("outcome") == "won")
    orders = facts("orders").group_by("document").agg(pl.col("amount").sum(), pl.col("referred_by").first())
    joined = won.join(orders, left_on="order_document", right_on="document", how="left")
    assert (joined["party"] == joined["referred_by"]).all()
    assert (joined["amount"] == joined["amount_right"]).all()


def test_a_group_has_three_daughters():
    rows = masters.partners(World())
    assert set(rows.filter(pl.col("parent") == "NL-0001")["code"]) == {"DE-0002", "FR-0001", "GB-0002"}


def test_a_region_is_reorganised_in_time():
    territories = masters.territories(World()).filter(pl.col("code") == "PL").sort("valid_from", nulls_last=False)
    assert territories["parent"].to_list() == ["NORTH", "CENTRAL"]
    assert territories["valid_to"].to_list() == [date(2024, 12, 31), None]
    regions = masters.partners(World()).filter((pl.col("country") == "AT") & (pl.col("valid_from") == date(2025, 1, 1)))["region"]
    assert set(regions) == {"CENTRAL"}


def test_a_currency_loses_a_fifth_in_a_day_and_lira_sales_rise_while_euro_sales_fall(facts):
    rates = dict(World().rates["TRY"])
    assert rates[date(2025, 3, 19)] > rates[date(2025, 3, 18)] * 5 // 4
    sales = per_quarter(of(facts("orders"), "TR-0001"))
    before, after = sales[date(2024, 10, 1)], sales[date(2025, 10, 1)]
    assert after > before
    assert after * rates[date(2024, 11, 15)] < before * rates[date(2025, 11, 14)]


def test_a_partner_sends_a_third_back(facts):
    orders = of(facts("orders"), key_of("US-0001"))
    spree = orders.filter(pl.col("date") >= date(2025, 10, 1))
    calm = orders.filter(pl.col("date") < date(2025, 10, 1))
    assert 0.25 < (spree["kind"] == "return").mean() < 0.4
    assert (calm["kind"] == "return").mean() < 0.03


def test_a_new_partner_has_too_little_data(facts):
    orders = of(facts("orders"), "CZ-0001")
    assert len(orders) == 12
    assert orders["date"].min() >= date(2025, 11, 17)
    for kind in ("sell_through", "inventory", "coverage", "ratings"):
        assert len(of(facts(kind), "CZ-0001")) == 0
    assert len(of(facts("targets"), "CZ-0001")) == 0


def test_a_product_changes_its_category():
    rows = masters.products(World()).filter(pl.col("code") == "CV-1040")
    assert rows["category"].to_list() == ["POC-CRP", "INS-CHE"]


def test_stock_rolls_forward(facts):
    """What is bought and not sold on is in stock, for a partner that sends nothing strange."""
    stock = of(facts("inventory"), "DE-0003").group_by("date", "product").agg(pl.col("quantity").sum())
    opening = stock.filter(pl.col("date") == date(2025, 6, 30))
    closing = stock.filter(pl.col("date") == date(2025, 7, 31))
    july = pl.col("date").is_between(date(2025, 7, 1), date(2025, 7, 31))
    bought = of(facts("orders"), key_of("DE-0003")).filter(july).group_by("product").agg(pl.col("quantity").sum())
    sold = of(facts("sell_through"), "DE-0003").filter(july).group_by("product").agg(pl.col("quantity").sum())
    units = {
        name: dict(frame.select("product", "quantity").iter_rows())
        for name, frame in {"opening": opening, "bought": bought, "sold": sold, "closing": closing}.items()
    }
    common = set.intersection(*map(set, units.values()))
    assert len(common) > 3
    for product in common:
        assert units["closing"][product] == units["opening"][product] + units["bought"][product] - units["sold"][product]


def test_every_story_is_told_in_prose():
    told = (Path(story.__file__).parent / "STORIES.md").read_text(encoding="utf-8")
    for one in story.STORIES:
        assert f"## {one.name[0].upper()}{one.name[1:]}" in told
        for code in one.partners:
            assert code in told
