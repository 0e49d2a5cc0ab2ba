"""Trade item numbers of products: one form, and a digit that checks the others."""

import polars as pl
import pytest

from steelyard.calc import gtin
from steelyard.calc.errors import Refused
from steelyard.products import actions, queries


@pytest.mark.parametrize(
    ("text", "number", "right"),
    [
        ("73513537", "00000073513537", True),  # 8 digits
        ("036000291452", "00036000291452", True),  # 12, as in America
        ("4006381333931", "04006381333931", True),
        ("4 006381-333931", "04006381333931", True),
        ("10614141000415", "10614141000415", True),  # a case of them
        ("4006381333932", "04006381333932", False),
        ("4006381339331", "04006381339331", False),  # two digits changed places
    ],
)
def test_a_number_has_fourteen_digits_and_the_last_checks_the_others(text, number, right):
    assert (gtin.padded(text), gtin.is_right(number)) == (number, right)


@pytest.mark.parametrize("text", ["", "ANA-1", "123", "40063813339310000", "٤٠٠٦٣٨١٣٣٣٩٣١", "4006381333.1", "4.00638E+12"])
def test_what_is_no_number(text):
    assert gtin.padded(text) is None


def test_a_product_keeps_its_number_with_zeros_in_front(channel_cast):
    actions.change("products", code="ANA-1", gtin="4006381333931", acting_user=channel_cast.anna)
    assert queries.get("products", "ANA-1").gtin == "04006381333931"
    again = actions.load("products", pl.DataFrame({"code": ["ANA-1"], "gtin": ["4006381333931"]}), acting_user=channel_cast.anna)
    assert (again.changed, again.unchanged) == (0, 1)  # written otherwise it is the same


@pytest.mark.parametrize(("text", "hint"), [("4006381333932", "would be 1"), ("400638133393", "would be 0"), ("ABC", "8, 12, 13 or 14")])
def test_a_wrong_number_is_refused_with_what_to_look_at(channel_cast, text, hint):
    with pytest.raises(Refused) as refused:
        actions.change("products", code="ANA-1", gtin=text, acting_user=channel_cast.anna)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where, problem.found) == ("bad_gtin", "gtin", text if text == "ABC" else text.zfill(14))
    assert hint in problem.hint
