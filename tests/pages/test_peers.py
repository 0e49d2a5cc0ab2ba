"""What a partner is shown of others: a band without names, of five others at least, and never of a part of them."""

from datetime import date

import pytest

from steelyard.partners.actions import change
from steelyard.scorecards import actions
from steelyard.scorecards.history import peers_of

OTHERS = ("BOR", "CER", "DOL", "ENG", "FJO", "GEI", "HAL", "INN", "JUT")  # with a score in each quarter, beside partner A


@pytest.mark.parametrize(("others", "shown"), [(4, False), (5, True)])
def test_a_band_is_of_five_others_at_least(company, others, shown):
    for partner in OTHERS[others:]:
        change("partners", code=partner, status="ended", valid_from=date(2025, 10, 1), acting_user=company.people.anna)
    run = actions.run(framework=company.framework, period=company.periods[2], acting_user=company.people.anna)
    assert run.results.filter(total__isnull=False).count() == others + 1
    assert (peers_of(run) is not None) is shown
