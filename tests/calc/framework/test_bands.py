"""Bands: every value a KPI can take is in exactly one of them, or a witness is shown."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.framework.bands import Scale, check_bands, read_bands
from steelyard.calc.framework.context import Context
from steelyard.calc.framework.document import Log, load
from steelyard.calc.framework.section import Section
from tests.thoroughness import examples

WHOLE = Scale(Fraction(1))
FINE = Scale(Fraction(1, 1000))


def bands_of(text, scale):
    log = Log()
    context = Context(log, {})
    section = Section(load(f"bands: {text}", log).tree, "", log, "a rule", ("bands",))
    bands = read_bands(context, section)
    check_bands(context, section, bands, scale)
    return bands, log.problems


@pytest.mark.parametrize(
    ("text", "scale", "code", "witness"),
    [
        ("[{below: 90, points: 0}, {from: 90, to: 97, points: 5}, {from: 98, points: 9}]", FINE, "band-gap", "97.5"),
        ("[{below: 90, points: 0}, {from: 90, to: 97, points: 5}, {from: 98, points: 9}]", WHOLE, None, ""),
        ("[{below: 15, points: 0}, {from: 15, to: 49, points: 5}, {above: 50, points: 9}]", WHOLE, "band-gap", "50"),
        ("[{to: 95, points: 0}, {from: 95, points: 5}]", FINE, "band-overlap", "95"),
        ("[{to: 95, points: 0}, {above: 95, points: 5}]", FINE, None, ""),
        ("[{below: 95, points: 0}, {above: 95, points: 5}]", FINE, "band-gap", "95"),
        ("[{to: 96, points: 0}, {above: 95, points: 5}]", FINE, "band-overlap", "95.001"),
        ("[{to: 95.5, points: 0}, {above: 95, points: 5}]", WHOLE, None, ""),
        ("[{points: 1}, {points: 2}]", WHOLE, "band-overlap", "0"),
        ("[{below: 0, points: 1}, {below: 5, points: 2}]", WHOLE, "band-overlap", "-1"),
        ("[{below: 0, points: 1}, {from: 0, to: 100, points: 2}]", Scale(Fraction(1), 0, 100), None, ""),
        ("[{from: 0, to: 99, points: 2}]", Scale(Fraction(1), 0, 100), "band-end", "99"),
        ("[{from: 1, points: 2}]", Scale(Fraction(1), 0, 100), "band-end", "1"),
    ],
)  # fmt: skip
def test_gaps_overlaps_and_ends_have_a_witness(text, scale, code, witness):
    _, problems = bands_of(text, scale)
    errors = [problem for problem in problems if problem.severity == "error"]
    assert [problem.code for problem in errors] == ([code] if code else [])
    if errors:
        assert f" {witness}" in f" {errors[0].message}"


def test_an_end_without_a_known_range_is_only_a_warning():
    _, problems = bands_of("[{from: 0, to: 100, points: 1}]", WHOLE)
    assert [(problem.code, problem.severity) for problem in problems] == [("band-end", "warning"), ("band-end", "warning")]


ENDS = st.tuples(st.sampled_from(["from", "above"]), st.integers(0, 6), st.sampled_from(["to", "below"]), st.integers(0, 6))


@given(st.lists(ENDS, min_size=1, max_size=4))
@settings(max_examples=examples(150), deadline=None)
def test_bands_without_problems_hold_every_value_between_their_ends_exactly_once(ends):
    text = "[" + ", ".join(f"{{{lower}: {low}, {upper}: {high}, points: 1}}" for lower, low, upper, high in ends) + "]"
    bands, problems = bands_of(text, WHOLE)
    low = min(band.low for band in bands)
    high = max(band.high for band in bands)

    def holds(band, value):
        above = value > band.low or (band.low_closed and value == band.low)
        return above and (value < band.high or (band.high_closed and value == band.high))

    counts = [sum(holds(band, value) for band in bands) for value in range(low + 1, high)]
    if not any(problem.code in ("band-gap", "band-overlap", "band-order") for problem in problems):
        assert set(counts) <= {1}
