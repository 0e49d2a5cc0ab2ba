"""What statements change in what is known."""

from datetime import date

import polars as pl

from steelyard.masters import differences

KEY, VALUES = ["code"], ["name", "place"]
JULY, OCTOBER = date(2012, 7, 1), date(2012, 10, 1)
KNOWN = pl.DataFrame(
    [("ALP", "Alpine", "Zug", None, JULY), ("ALP", "Alpine", "Chur", JULY, None), ("BOR", "Borealis", "Aarhus", None, None)],
    schema={"code": pl.String, "name": pl.String, "place": pl.String, "valid_from": pl.Date, "valid_to": pl.Date},
    orient="row",
)


def said(*rows, columns=("source_row", "code", "name", "place", "valid_from", "valid_to")):
    types = {"source_row": pl.Int64, "valid_from": pl.Date, "valid_to": pl.Date}
    return pl.DataFrame(rows, schema={name: types.get(name, pl.String) for name in columns}, orient="row")


def states(statements):
    return differences.sort_out(statements, KNOWN, KEY, VALUES)["state"].to_list()


def test_a_statement_that_says_what_is_known_is_unchanged_even_over_part_of_an_interval():
    assert states(said((2, "BOR", "Borealis", "Aarhus", None, None), (3, "ALP", "Alpine", "Chur", OCTOBER, None))) == [
        "unchanged",
        "unchanged",
    ]


def test_a_statement_over_two_intervals_is_changed_if_one_of_them_differs():
    assert states(said((2, "ALP", "Alpine", "Chur", None, None))) == ["changed"]


def test_a_statement_beyond_what_is_known_is_changed():
    known_until_july = KNOWN.filter(pl.col("place") == "Zug")
    sorted_out = differences.sort_out(said((2, "ALP", "Alpine", "Zug", None, None)), known_until_july, KEY, VALUES)
    assert sorted_out["state"].to_list() == ["changed"]


def test_an_unknown_key_is_new():
    assert states(said((2, "CAS", "Clinic", "Bregenz", None, None))) == ["new"]


def test_columns_that_are_left_out_stay_as_known_interval_by_interval():
    renamed = said((2, "ALP", "Alpine Diagnostics", None, None), columns=("source_row", "code", "name", "valid_from", "valid_to"))
    whole = differences.complete(renamed, KNOWN, KEY, VALUES, {"place": pl.lit("")})
    assert whole.sort("valid_from", nulls_last=False).rows() == [
        (2, "ALP", "Alpine Diagnostics", "Zug", None, JULY),
        (2, "ALP", "Alpine Diagnostics", "Chur", JULY, None),
    ]


def test_columns_that_are_left_out_are_blank_for_a_new_key():
    fresh = said((2, "CAS", "Clinic", None, None), columns=("source_row", "code", "name", "valid_from", "valid_to"))
    assert differences.complete(fresh, KNOWN, KEY, VALUES, {"place": pl.lit("")}).rows() == [(2, "CAS", "Clinic", "", None, None)]


def test_two_rows_that_say_different_things_about_one_day_contradict_each_other_and_both_are_named():
    rows = said(
        (2, "ALP", "Alpine", "Zug", None, OCTOBER), (3, "ALP", "Alpine", "Chur", JULY, None), (4, "ALP", "Alpine", "Bern", OCTOBER, None),
        (5, "BOR", "Borealis", "Aarhus", None, JULY), (6, "BOR", "Borealis", "Odense", JULY, None),
    )  # fmt: skip
    assert differences.contradictions(rows, KEY).rows() == [(2, 3), (3, 2), (4, 3)]


def test_taking_a_place_ends_the_former_holder_only_where_it_is_taken():
    known = pl.DataFrame(
        [("E1", "ALPS", None, None)],
        schema={"who": pl.String, "place": pl.String, "valid_from": pl.Date, "valid_to": pl.Date},
        orient="row",
    )
    taken = pl.DataFrame(
        [(1, "F1", "ALPS", JULY, OCTOBER)],
        schema={"source_row": pl.Int64, "who": pl.String, "place": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}, orient="row",
    )  # fmt: skip
    closed = differences.closed_by(taken, known, taken, ["who", "place"], ["place"])
    assert closed.select("who", "place", "valid_from", "valid_to").rows() == [("E1", "ALPS", JULY, OCTOBER)]
