"""What a source said beside what the ledger holds: every amount has a name, and months say what is late, corrected or missing."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from django.utils import timezone

from steelyard.intake import actions, quality, reconciling
from steelyard.intake.tests.test_importing import HEADER, MARCH, load  # noqa: F401  # the fixture
from steelyard.ledger import actions as ledger


def line(document, day, amount="10", product="ANA-1", party="ALP", extra=""):
    return f"{document},1,{day},{party},{product},1,{amount},EUR\n{extra}"


def euros():
    (found,) = [one for one in reconciling.accounts() if one.currency == "EUR"]
    return {name: value for name, value in found.as_dict().items() if name not in ("source", "kind", "currency") and value != "0.00"}


def test_every_amount_that_was_said_has_a_name(load, channel_cast):  # noqa: F811
    load(HEADER + line("A1", "2026-03-02") + line("A2", "2026-03-03") + line("A3", "2026-03-04", product="ZZZ"))
    load(HEADER + line("A1", "2026-03-02") + line("A2", "2026-03-03", amount="12") + line("A9", "2026-03-09"), name="b.csv")
    # said 30 + 32; A3 waits, A1 is known, 10 of A2 was corrected
    assert euros() == {"said": "62.00", "waiting": "10.00", "known": "10.00", "corrected": "10.00", "holds": "32.00"}
    row = {"document": "S1", "line": "1", "date": date(2026, 3, 5), "party": "ALP", "amount": 50_000, "currency": "EUR"}
    ledger.receive("orders", row, source="erp", acting_user="till")
    ledger.settle(acting_user="worker")
    assert euros()["single"] == "5.00" and euros()["holds"] == "37.00" and "unexplained" not in euros()


@pytest.mark.parametrize("undone", [0, 1, 2])
def test_it_adds_up_whatever_was_undone_and_replaced(load, channel_cast, undone):  # noqa: F811
    first, third = line("A1", "2026-03-02") + line("A2", "2026-03-03"), line("A3", "2026-03-03", "1")
    second = line("A1", "2026-03-02", "7") + line("A3", "2026-03-03")
    done = [
        load(HEADER + text, name=f"{number}.csv", mapping="scope: {replaces: [source, period]}" if text == second else "")
        for number, text in enumerate((first, second, third))
    ]
    assert "unexplained" not in euros()
    actions.undo(done[undone].batch, acting_user=channel_cast.anna)
    assert "unexplained" not in euros(), euros()


def test_a_month_tells_missing_days_gaps_in_numbers_and_corrections(load, channel_cast):  # noqa: F811
    days = [f"2026-03-{day:02d}" for day in (2, 3, 4, 5, 6, 9, 10, 11, 13, 16, 17)]  # the 12th is missing, the 14th a Saturday
    load(HEADER + "".join(line(f"R-{100 + n + (n > 5)}", day) for n, day in enumerate(days)))
    load(HEADER + line("R-100", "2026-03-02", amount="11"), name="b.csv")
    (month,) = reconciling.months("orders", "erp")
    assert (month.month, month.rows, month.missing, month.gaps, month.corrected) == (date(2026, 3, 1), 11, 1, 1, 1)
    actions.report_nil(kind="orders", source="erp", first_day=date(2026, 3, 12), last_day=date(2026, 3, 12), acting_user=channel_cast.anna)
    assert reconciling.months("orders")[0].missing == 0
    assert reconciling.months("orders", "shop") == []


def test_rows_are_late_that_came_more_than_half_a_month_after_theirs(load, monkeypatch):  # noqa: F811
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 4, 15, 12, tzinfo=UTC))
    load(HEADER + line("A1", "2026-03-02"))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 4, 16, 12, tzinfo=UTC))
    load(HEADER + line("A2", "2026-03-02"), name="late.csv")
    (month,) = reconciling.months()
    assert (month.rows, month.late) == (2, 1)


def test_the_quality_of_a_feed_by_partner(load, monkeypatch):  # noqa: F811
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 12, 12, tzinfo=UTC))
    load(MARCH + line("A3", "2026-03-02", product="ZZZ") + line("A4", "2026-01-02", party="CAS"))
    load(HEADER + line("B1", "2026-03-09", party="BOR", amount="99"), name="b.csv")
    found = {one.partner: one for one in quality.feeds()}
    assert set(found) == {"ALP", "BOR", "CAS"}
    assert (found["ALP"].days, found["ALP"].rows, found["ALP"].restated) == (10, 2, 0)
    assert (found["BOR"].days, found["BOR"].restated, found["BOR"].rows) == (3, 1, 1)
    assert (found["CAS"].months, found["CAS"].of_months) == (1, 3)
    assert (found["ALP"].accepted, found["ALP"].refused) == (5, 1)  # of the source: what is refused has no partner
    assert pl.DataFrame([one.as_dict() for one in found.values()]).height == 3
