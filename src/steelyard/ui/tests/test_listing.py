"""A list: what the address asks is what is shown; hostile addresses show the default and say so; what is exported is all of it."""

import csv
import io
import time
import zipfile
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from steelyard.calc.units import DECIMALS
from steelyard.ui.escaping import protected
from steelyard.ui.listing import Bulk, Column, Empty, Filter, Listing, Rows
from tests.thoroughness import examples

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
    {"name": "Borealis", "code": "B", "city": "Oslo", "total": None, "points": 12_000_000, "since": None, "active": False,
     "currency": "NOK"},
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


# --- hostile addresses ------------------------------------------------------------------------------------------------

HOSTILE = (
    "?sort=nope", "?sort=--name", "?sort=name;drop", "?columns=nope", "?columns=%00", "?page=0", "?page=-1", "?page=99999999999999999999",
    "?page=1e3", "?page=٣", "?per=3", "?per=999999999", "?city=Rome", "?active=perhaps", "?since_from=yesterday", "?since_to=2020-13-45",
    "?format=exe", "?page=77",
)  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
def test_what_cannot_be_followed_shows_the_default_and_a_note(address):
    found = listing(address)
    shown = found.respond("ui/listing.html").content.decode()
    assert found.notes and found.count == len(THINGS) and "Alpine" in shown
    assert 'role="status"' in shown


@given(
    st.dictionaries(
        st.sampled_from(["q", "sort", "columns", "page", "per", "city", "since_from", "active", "selected"]), st.text(max_size=40)
    )
)
@settings(max_examples=examples(60), deadline=None)
def test_no_address_breaks_a_list(parameters):
    request = RequestFactory().get("/things", parameters)
    found = Listing(
        request, name="things", title="Things", columns=COLUMNS, source=Rows(THINGS), filters=FILTERS, search=("name",), key="code",
        bulk=(Bulk("Do it", "/do"),),
    )  # fmt: skip
    text = found.respond("ui/listing.html").content.decode()
    assert (found.count <= len(THINGS) and "<table" in text) or 'class="empty"' in text


def test_texts_of_rows_and_addresses_are_escaped():
    rows = [{**THINGS[0], "name": "<script>alert(1)</script>"}]
    shown = page(listing("?q=<i>&city=<u>", rows=rows, search=("name",)))
    assert "<script>" not in shown and "<i>" not in shown and "<u>" not in shown


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_head_of_a_column_says_how_it_is_sorted_and_turns_it_round():
    shown = page(listing("?sort=-total"))
    assert shown.count("aria-sort=") == 1 and 'aria-sort="descending"' in shown
    assert 'href="?sort=total"' in shown and "<caption" in shown


def test_columns_can_be_chosen_and_the_first_always_stays():
    assert [column.name for column in listing("?columns=points,active").shown] == ["name", "points", "active"]
    assert [column.name for column in listing("?columns=points&columns=code").shown] == ["name", "code", "points"]
    assert "city" not in [column.name for column in listing().shown]  # it stands below the name


def test_pages_hold_as_many_rows_as_asked_and_say_which():
    many = [{**THINGS[0], "name": f"{number:04}", "code": str(number)} for number in range(1, 121)]
    found = listing("?page=2&per=50", rows=many)
    assert (found.first, found.last, found.pages, len(found.rows)) == (51, 100, 3, 50)
    assert "Rows 51 to 100 of 120" in page(found)
    assert listing("?page=3&per=50", rows=many).next == "" and listing(rows=many).previous == ""


def test_selected_rows_are_told_what_would_happen_before_anything_is_posted():
    bulk = (Bulk("Open reviews", "/reviews/open", lambda keys: f"{len(keys)} would get a review"),)
    found = listing("?selected=A&selected=B", key="code", bulk=bulk)
    shown = page(found)
    posted = shown.split('action="/reviews/open"')[1].split("</form>")[0]
    assert "2 would get a review" in shown and posted.count('name="selected"') == 2
    assert len([row for row in found.rows if row.selected]) == 2


def test_rows_ticked_on_another_page_stay_ticked():
    many = [{**THINGS[0], "code": str(number)} for number in range(60)]
    found = listing("?selected=1&page=2", rows=many, key="code", bulk=(Bulk("Do it", "/do"),))
    form = page(found).split('id="select-rows"')[1].split("</form>")[0]
    assert 'name="selected" value="1"' in form


def test_an_empty_list_says_the_next_step_and_a_narrow_one_how_to_see_all():
    empty = page(listing(rows=[], empty=Empty("No things", "Add one.", "/add", "Add")))
    assert "No things" in empty and 'href="/add"' in empty
    assert "Nothing matches" in page(listing("?q=zzz"))


def test_five_thousand_rows_are_quick():
    rows = [{**THINGS[number % 3], "code": str(number)} for number in range(5_000)]
    began = time.perf_counter()
    page(listing("?q=a&sort=-points&page=3", rows=rows))
    assert time.perf_counter() - began < 2


# --- files ------------------------------------------------------------------------------------------------------------

PAYLOADS = ("=1+1", "+1+cmd", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "'=1", '=HYPERLINK("http://x")', "＝1")
TEXT_COLUMNS = ("name", "code", "city")


def file_of(form, rows, address=""):
    return listing(f"?format={form}{address}", rows=rows).respond("ui/listing.html")


def sheet(response):
    return CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("column", TEXT_COLUMNS)
def test_no_text_of_a_file_is_ever_a_formula(payload, column):
    rows = [{**THINGS[0], column: payload}]
    lines = list(csv.reader(io.StringIO(file_of("csv", rows).content.decode(), newline="")))
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for cell in lines[1])
    content = zipfile.ZipFile(io.BytesIO(file_of("xlsx", rows).content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in content
    assert payload.strip() in [str(cell).strip() for cell in sheet(file_of("xlsx", rows))[1]]


def test_a_file_has_all_rows_in_the_columns_as_shown_and_tells_the_audit():
    rows = [{**THINGS[0], "code": str(number)} for number in range(300)]
    response = file_of("csv", rows, "&columns=total&page=2&per=25&q=1")
    lines = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert list(lines[0]) == ["Name", "City", "Total", "Currency"]
    assert len(lines) == sum("1" in row["code"] for row in rows) == response.exported[1]
    assert response.exported[0] == "things" and response.exported[2] == "csv"


THING = st.fixed_dictionaries(
    {
        "name": st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).map(str.strip).filter(bool),
        "code": st.text("AB-=+@1", min_size=1, max_size=6),
        "city": st.none() | st.just("Bern"),
        "total": st.none() | st.integers(-(10**15), 10**15),
        "points": st.none() | st.integers(0, 10**9),
        "since": st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1)),
        "active": st.none() | st.booleans(),
        "currency": st.sampled_from(["CHF", "EUR"]),
    }
)


@given(st.lists(THING, min_size=1, max_size=8))
@settings(max_examples=examples(30), deadline=None)
def test_what_is_exported_reads_back_equal(rows):
    address = "&columns=name,code,total,points,since,active&sort="
    expected = [(row["name"], row["code"], row["total"], row["points"], row["since"], row["active"]) for row in rows]
    expected.sort(key=lambda row: row[0].casefold())
    frame = pl.read_parquet(io.BytesIO(file_of("parquet", rows, address).content))
    grains = frame.select("name", "code", pl.col("total") * 10_000, pl.col("points") * 1_000_000, "since", "active")
    read = [(*row[:2], *(None if value is None else int(value) for value in row[2:4]), *row[4:]) for row in grains.rows()]
    assert read == expected
    lines = list(csv.DictReader(io.StringIO(file_of("csv", rows, address).content.decode(), newline="")))
    told = [(row["Name"], row["Code"], row["Total"], row["Points"], row["Since"], row["Active"]) for row in lines]
    assert told == [
        (
            protected(name), protected(code), natural(total, "money"), natural(points, "points"), since.isoformat() if since else "",
            {None: "", True: "yes", False: "no"}[active],
        )
        for name, code, total, points, since, active in expected
    ]  # fmt: skip
    cells = [row[3] for row in sheet(file_of("xlsx", rows, address))[1:]]
    assert [None if cell == "" else cell for cell in cells] == [
        None if row[2] is None else float(natural(row[2], "money")) for row in expected
    ]


def natural(stored, unit):
    """Plain decimal text without needless zeros."""
    return "" if stored is None else format(Decimal(stored).scaleb(-DECIMALS[unit]).normalize(), "f") if stored else "0"
