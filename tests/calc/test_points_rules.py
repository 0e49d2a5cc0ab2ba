"""How a value becomes points: each of the five rules on both sides of its edges."""

from fractions import Fraction

import pytest

from steelyard.calc.framework.model import Band, PointsRule
from steelyard.calc.rules import points_function
from steelyard.calc.units import Blank

HALF = Fraction(1, 2)
BANDS = PointsRule(
    "bands",
    bands=(
        Band(None, False, 0, False, 0),  # below 0
        Band(0, True, 5, False, 50),  # from 0, below 5
        Band(5, True, 10, True, 80),  # from 5, to 10
        Band(10, False, None, False, 100),  # above 10
    ),
)
STEP = PointsRule("line", corners=((60, 0), (100, 100), (120, 120)))


@pytest.mark.parametrize(
    ("rule", "value", "points"),
    [
        (BANDS, -HALF / 10**9, 0), (BANDS, 0, 50), (BANDS, 5 - HALF / 10**9, 50), (BANDS, 5, 80),
        (BANDS, 10, 80), (BANDS, 10 + HALF / 10**9, 100), (BANDS, 10**12, 100),
        (STEP, 59, 0), (STEP, 60, 0), (STEP, 80, 50), (STEP, 100, 100), (STEP, 110, 110), (STEP, 120, 120), (STEP, 121, 120),
        (PointsRule("line", corners=((0, 0), (50, 0), (50, 10))), 49, 0),
        (PointsRule("line", corners=((0, 0), (50, 0), (50, 10))), 50, 10),  # a step up holds from its value on
        (PointsRule("line", corners=((0, 100), (Fraction(1, 3), 0))), Fraction(1, 6), 50),
        (PointsRule("value"), Fraction(-7, 2), Fraction(-7, 2)),
        (PointsRule("choice", choices=(("yes", 10), ("partly", 5), ("no", 0))), "partly", 5),
        (PointsRule("choice", choices=(("yes", 10), ("partly", 5), ("no", 0))), True, 10),
        (PointsRule("choice", choices=(("yes", 10), ("partly", 5), ("no", 0))), "no", 0),
        (PointsRule("choice", choices=(("yes", 10),)), "maybe", Blank("no points are set for the answer “maybe”")),
        (PointsRule("bands", bands=(Band(0, True, 1, True, 5),)), 2, Blank("no band holds 2")),
    ],
)  # fmt: skip
def test_a_points_rule_on_both_sides_of_its_edges(rule, value, points):
    assert points_function(rule)(value) == points


@pytest.mark.parametrize(
    ("whole", "value", "points"),
    [(False, 1999, Fraction(3998, 1000)), (True, 1999, 2), (True, 2000, 4), (True, -1999, -2), (True, 0, 0), (False, 500, 1)],
)
def test_per_counts_parts_of_a_unit_unless_only_whole_ones_count(whole, value, points):
    assert points_function(PointsRule("per", each=1000, whole=whole), 2)(value) == points
