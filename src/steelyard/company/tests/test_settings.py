"""The company's settings and calendars."""

from datetime import date

import pytest

from steelyard.calc.errors import Refused
from steelyard.calc.periods import FiscalCalendar
from steelyard.company import actions, queries
from steelyard.ledger.queries import head


def test_setting_up_twice_changes_nothing(cast):
    actions.set_up(acting_user=cast.system, name="Waage & Gewicht")
    before = head()
    actions.set_up(acting_user=cast.system)
    assert (before, head()) == (1, 1)
    assert queries.settings() == {
        "name": "Waage & Gewicht",
        "reporting_currency": "EUR",
        "default_calendar": "standard",
        "currencies": ["EUR"],
    }


def test_settings_are_known_as_they_were_at_a_cut(cast):
    actions.set_up(acting_user=cast.system)
    cut = head()
    actions.change_settings(reporting_currency="CHF", currencies="EUR, USD", acting_user=cast.anna)
    assert queries.settings(cut)["reporting_currency"] == "EUR"
    assert queries.settings()["currencies"] == ["CHF", "EUR", "USD"]


def test_settings_that_refer_to_nothing_are_refused(cast):
    actions.set_up(acting_user=cast.system)
    with pytest.raises(Refused) as refused:
        actions.change_settings(reporting_currency="EURO", default_calendar="standart", acting_user=cast.anna)
    assert [problem.where for problem in refused.value.problems] == ["default_calendar", "reporting_currency"]


def test_before_set_up_the_standard_calendar_is_known_and_settings_are_refused_with_what_to_do(db):
    assert queries.calendar() == FiscalCalendar("standard")
    with pytest.raises(Refused, match="steelyard init"):
        queries.settings()


def test_a_calendar_of_dates_comes_back_as_it_was_given(cast):
    actions.add("calendars", code="quotas", pattern="dates", dates="2010-12-31, 2011-04-01", acting_user=cast.anna)
    assert queries.calendar("quotas") == FiscalCalendar("quotas", pattern="dates", dates=(date(2010, 12, 31), date(2011, 4, 1)))


@pytest.mark.parametrize(
    "values",
    [
        {"start_month": 13},
        {"pattern": "dates"},
        {"pattern": "dates", "dates": "2012-31-01"},
        {"pattern": "dates", "dates": "2012-02-01, 2012-01-01"},
    ],
)
def test_a_bad_calendar_is_refused(cast, values):
    with pytest.raises(Refused):
        actions.add("calendars", code="bad", acting_user=cast.anna, **values)


def test_an_unknown_calendar_names_the_known_ones(cast):
    with pytest.raises(Refused, match="did you mean `standard`"):
        queries.calendar("standart")
