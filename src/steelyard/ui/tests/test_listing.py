"""A list: what the address asks is what is shown; hostile addresses show the default and say so; what is exported is all of it."""

import csv
import io
from datetime import date

import polars as pl
import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from steelyard.calc.units import to_text
from steelyard.ui.listing import Bulk, Column, Empty, Filter, Listing, Rows

COLUMNS = (
    Column("name", "Name", link=lambda row: f"/things/{row['code']}", sub="city"),
    Column("code", "Code"),
    Column("city", "City"),
    Column("total", "Total", "money", currency="currency"),
    Column("points", "Points", "points"),
    Column("since", "Since", "date"),
    Column("active", "Active", "yes_no", shown=False),
)
FILTERS = (
    Filter("city", "City", [("Bern", "Bern"), ("Oslo", "Oslo")]),
    Filter("since", "Since", kind="dates"),
    Filter("active", "Active", [("yes", "Yes"), ("no", "No")]),
)
THINGS = [
    {"name": "Alpine", "code": "A", "city": "Bern", "total": 123_450_000, "points": 80_500_000, "since": date(2020, 5, 1), "active": True,
     "currency": "CHF"},
    {"name": "Borealis", "code": "B", "city": "Oslo", "total": None, "points": 12_000_000, "since": None, "active": False, "currency": "NOK"},
    {"name": "=cmd|' /C calc'!A0", "code": "C", "city": "Bern", "total": -5_000, "points": 99_000_000, "since": date(2019, 1, 31),
     "active": None, "currency": "CHF"},
]  # fmt: skip


def listing(address="", rows=THINGS, **more):
    request = RequestFactory().get(f"/things{address}")
    more = {"sort": "name", "search": ("name", "code"), "empty": Empty("No things"), **more}
    return Listing(request, name="things", title="Things", columns=COLUMNS, source=Rows(rows), filters=FILTERS, **more)


def codes(found):
    return [row["code"] for row in found.source.page(found.query, found.first - 1, found.asked.size)]


def page(found):
    return render_to_string("ui/listing.html", {"listing": found}, request=found.request)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["C", "A", "B"]),
        ("?sort=-name", ["B", "A", "C"]),
        ("?sort=total", ["C", "A", "B"]),
        ("?sort=-total", ["A", "C", "B"]),
        ("?q=ALP", ["A"]),
        ("?q=b", ["B"]),
        ("?city=Bern&sort=code", ["A", "C"]),
        ("?since_from=2020-01-01", ["A"]),
        ("?since_to=2019-12-31", ["C"]),
        ("?active=no", ["B"]),
        ("?q=nothing", []),
    ],
)
def test_search_filters_and_order_are_those_of_the_address(address, expected):
    found = listing(address)
    assert codes(found) == expected
    assert found.count == len(expected)
    assert found.notes == []
