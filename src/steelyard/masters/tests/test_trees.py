"""No code may lie below itself on any day."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from steelyard.masters.trees import loops

ALWAYS, JULY, FOR_EVER = date.min, date(2012, 7, 1), date.max


def test_a_tree_has_no_loops():
    assert loops({"ALPS": [("EU", ALWAYS, FOR_EVER)], "EU": [("WORLD", ALWAYS, FOR_EVER)]}, ["ALPS", "EU"]) == {}


def test_the_way_round_is_told():
    edges = {"A": [("B", ALWAYS, FOR_EVER)], "B": [("C", ALWAYS, FOR_EVER)], "C": [("A", ALWAYS, FOR_EVER)]}
    assert loops(edges, ["B"]) == {"B": ["B", "C", "A", "B"]}


def test_lying_in_oneself_is_a_loop():
    assert loops({"A": [("A", ALWAYS, FOR_EVER)]}, ["A"]) == {"A": ["A", "A"]}


def test_turning_a_tree_upside_down_on_a_day_is_no_loop():
    assert loops({"A": [("B", ALWAYS, JULY)], "B": [("A", JULY, FOR_EVER)]}, ["A", "B"]) == {}


def test_a_loop_elsewhere_does_not_keep_the_search_going_for_ever():
    edges = {"A": [("B", ALWAYS, FOR_EVER)], "B": [("C", ALWAYS, FOR_EVER)], "C": [("B", ALWAYS, FOR_EVER)]}
    assert set(loops(edges, ["A", "B", "C"])) == {"B", "C"}


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12)))
def test_with_one_parent_each_a_code_is_in_a_loop_exactly_when_walking_up_comes_back(parents):
    edges = {str(child): [(str(parent), ALWAYS, FOR_EVER)] for child, parent in parents.items()}

    def comes_back(code):
        at = parents.get(code)
        for _ in range(14):
            if at is None or at == code:
                return at == code
            at = parents.get(at)
        return False

    assert set(loops(edges, edges)) == {str(code) for code in parents if comes_back(code)}
