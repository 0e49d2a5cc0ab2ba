"""Currency rates: exact decimal text, by source and day, with everything that was ever known."""

from datetime import date

import polars as pl
import pytest

from steelyard.calc.errors import Refused
from steelyard.company import actions, queries
from steelyard.ledger.queries import head

DAY = date(2012, 7, 2)


def rows(*rates, quote="USD", source="ecb"):
    days = [date(2012, 7, day) for day in range(1, len(rates) + 1)]
    return pl.DataFrame(
        {"source": source, "base": "EUR", "quote": quote, "date": days, "rate": rates}, schema_overrides={"rate": pl.String}
    )


def test_a_corrected_rate_is_known_from_its_commit_on(cast):
    actions.load("rates", rows("1.25", "1.26", "1.27"), acting_user=cast.anna)
    cut = head()
    loaded = actions.load("rates", rows("1.25", "1.2600", "1.28"), acting_user=cast.anna)
    assert (loaded.new, loaded.changed, loaded.unchanged) == (0, 1, 2)
    assert queries.rates(cut)["rate"].to_list() == ["1.25", "1.26", "1.27"]
    assert queries.rates()["rate"].to_list() == ["1.25", "1.26", "1.28"]


def test_all_digits_are_kept(cast):
    exact = "123456789012345.123456789012345"
    actions.load("rates", rows(exact), acting_user=cast.anna)
    assert queries.rates()["rate"].to_list() == [exact]


@pytest.mark.parametrize(
    ("written", "stored"), [("1.10", "1.1"), ("01.1", "1.1"), ("1.0", "1"), (" 100 ", "100"), ("0.050", "0.05"), ("10", "10")]
)
def test_one_rate_is_written_one_way(cast, written, stored):
    actions.load("rates", rows(written), acting_user=cast.anna)
    assert queries.rates()["rate"].to_list() == [stored]


@pytest.mark.parametrize("bad", ["0", "0.000", "-1.2", "1,2", "N/A", "1e3", "", "0.1234567890123456"])
def test_what_is_no_rate_is_refused_and_the_others_can_be_loaded(cast, bad):
    frame = rows("1.25", bad)
    good, problems = actions.check("rates", frame)
    assert good["rate"].to_list() == ["1.25"]
    assert [row for row, _ in problems] == [2]


def test_unknown_currencies_and_a_currency_in_itself_are_refused_but_old_ones_are_known(cast):
    frame = pl.concat([rows("1.25", quote="USX"), rows("1", quote="EUR"), rows("15.6", quote="EEK")]).with_row_index("source_row", offset=2)
    good, problems = actions.check("rates", frame)
    assert good["quote"].to_list() == ["EEK"]
    assert [(row, problem.code) for row, problem in problems] == [(2, "unknown-reference"), (3, "same-currency")]


def test_rates_hold_on_their_day_and_have_no_interval(cast):
    with pytest.raises(Refused, match="leave the dates out"):
        actions.add("rates", source="ecb", base="EUR", quote="USD", date=DAY, rate="1.2", valid_from=DAY, acting_user=cast.anna)


def test_rates_of_one_source_are_read_alone(cast):
    actions.load("rates", pl.concat([rows("1.25"), rows("1.3", source="bank")]), acting_user=cast.anna)
    assert queries.rates(source="bank")["rate"].to_list() == ["1.3"]


def test_a_withdrawn_rate_is_no_longer_known(cast):
    actions.load("rates", rows("1.25", "1.26"), acting_user=cast.anna)
    actions.retire("rates", source="ecb", base="EUR", quote="USD", date=DAY, acting_user=cast.anna)
    assert queries.rates()["rate"].to_list() == ["1.25"]
    assert queries.listing("rates").height == 1
