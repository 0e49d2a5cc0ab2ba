"""Loading many masters at once, and taking them out again."""

from datetime import date

import polars as pl
import pytest

from steelyard.audit.queries import entries
from steelyard.calc.errors import Refused
from steelyard.ledger.queries import head
from steelyard.masters.actions import Actions
from steelyard.masters.queries import Queries
from steelyard.partners import actions, queries
from steelyard.partners.masters import EVERY
from tests.cast import JULY, OCTOBER


def test_a_file_of_new_changed_and_unchanged_partners_is_one_commit_with_counts(channel_cast):
    before = head()
    frame = pl.DataFrame({
        "source_row": [2, 3, 4], "code": ["ALP", "BOR", "NEW"], "name": ["Alpine Diagnostics", "Borealis", "Newcomer"],
        "country": ["CH", "DK", "FR"],
    })  # fmt: skip
    loaded = actions.load("partners", frame, acting_user=channel_cast.anna, batch=7)
    assert (loaded.new, loaded.changed, loaded.unchanged, loaded.commit_seq) == (1, 1, 1, before + 1)
    assert queries.get("partners", "BOR").territory == "NORTH"  # a column that the file lacks stays
    entry = entries().last()
    assert (entry.action, entry.after["new"], entry.after["batch"]) == ("partners loaded", 1, 7)


def test_preview_says_what_load_does(channel_cast):
    frame = pl.DataFrame({"code": ["ALP", "NEW", "NEW"], "name": ["Alp", "Newcomer", "Newcomer"]})
    before = head()
    preview = actions.preview("partners", frame)
    assert head() == before
    loaded = actions.load("partners", frame, acting_user=channel_cast.anna)
    assert (preview.new, preview.changed, preview.unchanged) == (loaded.new, loaded.changed, loaded.unchanged) == (1, 1, 1)


def test_good_rows_are_told_from_bad_ones_and_every_bad_row_says_why(channel_cast):
    frame = pl.DataFrame({
        "source_row": [2, 3, 4, 5, 6, 7, 8, 9],
        "code": ["N1", "N2", None, "N4", "N5", "N6", "N6", "N7"],
        "name": ["One", "Two", "Three", "Four", None, "Six", "Sixth", "Seven"],
        "country": ["DE", "XX", "DE", "DE", "DE", "DE", "DE", "DE"],
        "parent": [None, None, None, "N2", None, None, None, "N1"],
    })  # fmt: skip
    good, problems = actions.check("partners", frame)
    assert good["source_row"].to_list() == [2, 9]
    assert [(row, problem.code, problem.where) for row, problem in problems] == [
        (3, "unknown-reference", "country"),
        (4, "required", "code"),
        (5, "unknown-reference", "parent"),  # its parent was refused
        (6, "required", "name"),
        (7, "contradiction", "code"),
        (8, "contradiction", "code"),
    ]
    with pytest.raises(Refused, match="row 3, column `country`"):
        actions.load("partners", frame, acting_user=channel_cast.anna)
    assert actions.load("partners", good, acting_user=channel_cast.anna).new == 2


def test_a_loop_inside_a_file_refuses_the_rows_that_make_it(channel_cast):
    frame = pl.DataFrame({"code": ["A", "B", "C"], "name": ["A", "B", "C"], "parent": ["B", "A", "EU"]})
    good, problems = actions.check("territories", frame)
    assert (good["code"].to_list(), [(row, problem.code) for row, problem in problems]) == (["C"], [(1, "loop"), (2, "loop")])


def test_a_file_in_which_two_hold_a_territory_means_both(channel_cast):
    frame = pl.DataFrame(
        {"representative": ["F1", "G1"], "territory": ["ALPS", "ALPS"], "valid_from": [JULY, OCTOBER], "valid_to": [None, None]}
    )
    actions.load("assignments", frame, acting_user=channel_cast.anna)
    known = queries.known("assignments", territory="ALPS").select("representative", "valid_from", "valid_to").rows()
    assert sorted(known) == [("E1", None, JULY), ("F1", JULY, None), ("G1", OCTOBER, None)]
    assert actions.load("assignments", frame, acting_user=channel_cast.anna).commit_seq is None


def test_the_last_day_of_a_file_is_inclusive_and_the_year_9999_is_for_ever(channel_cast):
    frame = pl.DataFrame({
        "code": ["ALP", "BOR"], "name": ["Alpine Diagnostics", "Borealis Lab"], "city": ["Chur", "Odense"],
        "valid_from": [date(2012, 7, 1), date(2012, 7, 1)], "valid_to": [date(2012, 9, 30), date(9999, 12, 31)],
    })  # fmt: skip
    actions.load("partners", frame, acting_user=channel_cast.anna)
    assert queries.known("partners", code="ALP").select("city", "valid_from", "valid_to").rows() == [
        (None, None, JULY), ("Chur", JULY, OCTOBER), (None, OCTOBER, None),
    ]  # fmt: skip
    assert queries.known("partners", code="BOR").select("city", "valid_from", "valid_to").rows() == [
        (None, None, JULY),
        ("Odense", JULY, None),
    ]


@pytest.mark.parametrize("name", sorted(EVERY))
def test_every_master_goes_out_and_comes_in_again_with_nothing_changed(channel_cast, name):
    anna = channel_cast.anna
    actions.assign(representative="F1", territory="ALPS", valid_from=JULY, last_day=date(2012, 9, 30), acting_user=anna)
    actions.change("partners", code="ALP", territory="NORTH", valid_from=JULY, acting_user=anna)
    actions.change("territories", code="NORTH", parent="ALPS", valid_from=OCTOBER, acting_user=anna)
    actions.remember_matches(source="sap", matches={"4711": "ALP", "4712": ""}, method="person", acting_user=anna)
    every = Actions(EVERY)
    every.add("authorities", kind="orders", partner="ALP", source="sap", acting_user=anna)
    every.add("authorities", kind="orders", partner="BOR", source="", valid_from=JULY, acting_user=anna)
    every.add("attributes", code="certified", about="partner", type="yes/no", acting_user=anna)
    every.add("attribute_values", attribute="certified", partner="ALP", value="Yes", valid_from=JULY, acting_user=anna)
    every.add("units", unit="box", product="REA-1", factor="12.5", acting_user=anna)
    every.add("rates", source="ecb", base="EUR", quote="USD", date=JULY, rate="1.2500", acting_user=anna)
    exported = Queries(EVERY).export(name)
    before = head()
    outcome = every.load(name, exported, acting_user=anna)
    assert exported.height > 0
    assert (outcome.new, outcome.changed, outcome.unchanged, head()) == (0, 0, exported.height, before)
    assert Queries(EVERY).export(name).equals(exported)


def test_an_export_at_an_earlier_cut_says_what_was_known_then(channel_cast):
    before, cut = queries.export("partners"), head()
    actions.change("partners", code="ALP", name="Other", acting_user=channel_cast.anna)
    assert queries.export("partners", cut).equals(before)


def test_lists_are_searched_whatever_the_case(channel_cast):
    assert queries.listing("partners", search="DIAGNOSTICS")["code"].to_list() == ["ALP"]
