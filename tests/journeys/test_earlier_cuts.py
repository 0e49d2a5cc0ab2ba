"""What was scored stays: an earlier cut scores the same bytes after every kind of change, and a new cut what it should."""

from __future__ import annotations

from datetime import date

import pytest

from steelyard.company import actions as company
from steelyard.ledger import actions as ledger
from steelyard.ledger.queries import head
from steelyard.partners import actions as partners
from steelyard.products import actions as products
from steelyard.scorecards import cache
from tests.journeys.conftest import content, figures

OCTOBER = date(2012, 10, 1)


def restate(channel):
    channel.sell(("A1", "2", "ALP", "2012-10-05", "REA-1", "45.5", "EUR"))


def assign_back_dated(channel):
    partners.assign(representative="F1", partner="ALP", valid_from=OCTOBER, last_day=date(2012, 10, 31), acting_user=channel.people.carla)


def match(channel):
    partners.remember_matches(source="erp", matches={"4711": "BOR"}, method="person", acting_user=channel.people.carla)


def move_product(channel):
    products.change("products", code="REA-1", category="SYS", acting_user=channel.people.carla)


def move_category(channel):
    products.change("categories", code="CON", parent="SYS", valid_from=date(2012, 11, 1), acting_user=channel.people.carla)


def move_partner(channel):
    partners.change("partners", code="CAS", territory="NORTH", acting_user=channel.people.carla)


def reassign_territory(channel):
    partners.assign(representative="F1", territory="ALPS", valid_from=date(2012, 12, 1), acting_user=channel.people.carla)


def correct_rate(channel):
    company.change("rates", source="ecb", base="EUR", quote="USD", date=date(2012, 1, 1), rate="1.25", acting_user=channel.people.carla)


def delete_cache(channel):
    cache.clear()


def compact(channel):
    assert ledger.compact("orders") == 2


def seal(channel):
    assert ledger.seal("orders") == 1


def undo(channel):
    ledger.reverse_batch(channel.batch, acting_user=channel.people.anna)


# what changes; the framework and KPI that show it; before and after
CHANGES = {
    "a restated amount": (
        restate,
        "partner",
        "net_sales",
        {"ALP": "140", "BOR": "55", "CAS": "10"},
        {"ALP": "145.50", "BOR": "55", "CAS": "10"},
    ),
    "a back-dated assignment": (assign_back_dated, "representative", "net_sales", {"E1": "150", "F1": "55"}, {"E1": "10", "F1": "195"}),
    "an assignment moves the territory's credit": (
        assign_back_dated,
        "territory",
        "net_sales",
        {"ALPS": "150", "NORTH": "55"},
        {"ALPS": "10", "NORTH": "195"},
    ),
    "an alias": (match, "partner", "net_sales", {"ALP": "140", "BOR": "55", "CAS": "10"}, {"ALP": "140", "BOR": "85", "CAS": "10"}),
    "a product moved to another category": (
        move_product,
        "partner",
        "system_sales",
        {"ALP": "100", "CAS": "10"},
        {"ALP": "140", "CAS": "10"},
    ),
    "a category moved during the quarter": (
        move_category,
        "partner",
        "system_sales",
        {"ALP": "100", "CAS": "10"},
        {"ALP": "100", "BOR": "55", "CAS": "10"},
    ),
    "a partner moved to another territory": (
        move_partner,
        "representative",
        "net_sales",
        {"E1": "150", "F1": "55"},
        {"E1": "140", "F1": "65"},
    ),
    "a territory moved to another representative": (
        reassign_territory,
        "representative",
        "net_sales",
        {"E1": "150", "F1": "55"},
        {"E1": "140", "F1": "65"},
    ),
    "a corrected rate": (
        correct_rate,
        "partner",
        "net_sales",
        {"ALP": "140", "BOR": "55", "CAS": "10"},
        {"ALP": "140", "BOR": "53", "CAS": "10"},
    ),
    "a batch taken back": (
        undo,
        "partner",
        "net_sales",
        {"ALP": "140", "BOR": "55", "CAS": "10"},
        {"ALP": "140", "BOR": "50", "CAS": "10"},
    ),
    "a deleted cache": (delete_cache, "partner", "net_sales", {"ALP": "140", "BOR": "55", "CAS": "10"}, None),
    "a compaction": (compact, "partner", "net_sales", {"ALP": "140", "BOR": "55", "CAS": "10"}, None),
    "a sealed tail": (seal, "partner", "net_sales", {"ALP": "140", "BOR": "55", "CAS": "10"}, None),
}


# on PostgreSQL one of each way to write: a commit, what masters and rates are, a batch taken back, a tail that is sealed
ON_EVERY_DATABASE = ("a restated amount", "an alias", "a corrected rate", "a batch taken back", "a sealed tail")


@pytest.mark.parametrize("change", [one if one in ON_EVERY_DATABASE else pytest.param(one, marks=pytest.mark.once) for one in CHANGES])
def test_after_each_change_the_earlier_cut_keeps_its_bytes_and_the_new_cut_shows_it(channel, change):
    make, framework, kpi, before, after = CHANGES[change]
    receive_one(channel) if make is seal else channel.sell(("B2", "1", "BOR", "2012-12-30", "REA-2", "5", "EUR"))
    cut, run = head(), channel.score(framework)
    bytes_before = content(run)
    assert figures(run, kpi) == before
    make(channel)
    assert content(channel.score_again(run)) == bytes_before
    assert figures(channel.score(framework), kpi) == (after or before)
    assert head() == cut if after is None else head() > cut


def receive_one(channel):
    """The same line of 5 EUR, one by one in real time."""
    line = {
        "document": "B2",
        "line": "1",
        "party": "BOR",
        "date": date(2012, 12, 30),
        "product": "REA-2",
        "amount": 5_0000,
        "currency": "EUR",
    }
    ledger.receive("orders", line, source="erp", acting_user=channel.people.anna)
    ledger.settle(acting_user=channel.people.anna)


@pytest.mark.once
def test_all_of_it_in_a_row_leaves_every_cut_as_it_was(channel):
    runs = {}
    for make in (restate, assign_back_dated, match, move_product, move_partner, reassign_territory, correct_rate, delete_cache, compact):
        for framework in ("partner", "representative", "territory"):
            run = channel.score(framework)
            runs[run.run_id] = (run, content(run))
        make(channel)
    assert len(runs) == 3 * 8  # deleting the cache made no new cut
    for run, former in runs.values():
        assert content(channel.score_again(run)) == former
