"""What is read row by row is what the check of columns reads, for every kind; what that finds wrong is never read here."""

from datetime import date

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from steelyard.calc.facts import FACTS
from steelyard.intake import plain_rows
from steelyard.intake.checking import References
from steelyard.intake.sent_rows import in_columns

pytestmark = pytest.mark.django_db
MASTERS = References(frozenset({"REA-1", "4006381333931"}), frozenset({"EA", "BX"}), date(2026, 3, 1), {"04006381333931": "ANA-1"})
ODD = ["", " ", "-", "n/a", "x  y", " a", "MAR1", "1-jan", "jan-26", "1-mars", "1.2E+10", "#N/A", "=1+1", "ß", "Total", "a\tb", "x" * 201]
TEXTS = ["1", "PO-1", "007", "AB 12/3", "Kestrel & Co", "REA-1", "4006381333931", "EA", "EUR", "eur", "XXX", "CH", "Switzerland", "10-2026"]
DAYS = ["2026-02-28", "2026-02-30", "2026-3-1", "2026-03-02", "2026-03-03", "1899-12-31", "2201-01-01", "01/02/2026", "2026-02-28T10:00:00"]
NUMBERS = ["0", "1", "12.5", "12.50000", "0.1234567", "-1", "1,000.00", "1e3", "9" * 8, "9" * 11, "9" * 12, "9" * 16, ".5", "1O", "5 EUR"]
YES_NO = ["yes", "no", "y", "1", "Yes"]
OF_TYPE = {"text": TEXTS, "date": DAYS, "yes/no": YES_NO}


PLAIN = {"text": ["1", "PO-1", "AB 12/3"], "date": ["2026-02-28", "2026-03-02"], "yes/no": ["yes", "no"]}
KNOWN = {"product": ["REA-1", "4006381333931"], "unit": ["EA"], "currency": ["EUR", "CHF"], "country": ["CH"]}


def rows(kind):
    """Rows of a kind as programs send them, of which half have one column that says something else."""
    plain = {
        one.name: st.sampled_from(one.choices or KNOWN.get(one.refers_to) or PLAIN.get(one.type) or ["1", "12"]) for one in kind.columns
    }
    other = {one.name: st.sampled_from([*OF_TYPE.get(one.type, NUMBERS), *one.choices, *ODD]) for one in kind.columns}
    return st.one_of(
        st.fixed_dictionaries(plain),
        st.sampled_from(sorted(plain)).flatmap(lambda name: st.fixed_dictionaries(plain | {name: other[name]})),
        st.sampled_from(sorted(plain)).flatmap(lambda name: st.fixed_dictionaries({one: plain[one] for one in plain if one != name})),
    )


@pytest.mark.parametrize("name", FACTS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_both_ways_read_the_same(name, data):
    kind = FACTS[name]
    row = data.draw(rows(kind))
    values = plain_rows.read(kind, row, MASTERS)
    event("read by itself" if values is not None else "left to the columns")
    if values is not None:
        (whole,) = in_columns(kind, [row], "shop", MASTERS)
        assert (whole.problems, list(whole.values.items())) == ([], list(values.items()))


ORDER = {"document": "PO-1", "line": "1", "date": "2026-02-28", "party": "ALP", "product": "REA-1", "quantity": "2", "amount": "12.50"}


def test_an_order_as_programs_send_it_is_read_by_itself():
    values = plain_rows.read(FACTS["orders"], ORDER | {"currency": "EUR", "unit": "EA"}, MASTERS)
    assert values is not None and values["amount"] == 125000 and values["date"] == date(2026, 2, 28) and values["product"] == "REA-1"


@pytest.mark.parametrize("odd", [
    {"currency": ""}, {"amount": "-1"}, {"product": "ZZZ"}, {"unit": "YY"}, {"date": "2026-03-03"}, {"document": ""}, {"quantity": "1,5"},
    {"product": "04006381333931"}, {"currency": "eur"},
])  # fmt: skip
def test_whatever_is_odd_is_left_to_the_check_of_columns(odd):
    assert plain_rows.read(FACTS["orders"], {**ORDER, "currency": "EUR", **odd}, MASTERS) is None
