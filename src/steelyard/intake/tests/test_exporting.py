"""What is exported can be opened safely, and imported again with equal data."""

import io

import pytest
from python_calamine import CalamineWorkbook

from steelyard.calc.errors import Refused
from steelyard.intake import actions, exporting
from steelyard.intake.mappings import KINDS, Mapping, read_mapping
from steelyard.intake.reading import read
from steelyard.intake.tests.test_importing import counts
from steelyard.ui.escaping import protected

TRICKY = (
    "document,line,date,party,party_name,quantity,amount,currency,on_credit,unit_price\n"
    "A1,1,2026-03-02,ALP,=cmd|' /C calc'!A0,-1.5,-100.5678,EUR,yes,0.00000001\n"
    'A1,2,2026-03-02,ALP,"@SUM(1,2)",4,99999999999.9999,EUR,no,1\n'
    "+49 30 1,1,2026-03-09,BOR,-5,2,0,USD,,\n"
    "0012345678901234,1,2026-03-09,BOR,''=x,1000000,10,USD,,2.5\n"
)


@pytest.fixture
def loaded(channel_cast):
    told = Mapping("orders", "erp", negatives="allowed")
    done = actions.commit(TRICKY.encode(), name="t.csv", kind="orders", source="erp", mapping=told, acting_user=channel_cast.anna)
    assert counts(done)["accepted"] == 4
    return channel_cast


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_an_export_imported_again_is_equal(loaded, form):
    data = exporting.export("orders", form=form)
    again = actions.commit(data, name=f"orders.{form}", kind="orders", source="erp", acting_user=loaded.anna)
    assert counts(again) == {"rows_in": 4, "duplicates": 4}
    copy = actions.commit(data, name=f"orders.{form}", kind="orders", source="copy", acting_user=loaded.anna)
    assert counts(copy) == {"rows_in": 4, "accepted": 4}
    mine, theirs = (exporting.rows(KINDS["orders"], source=source).drop("source") for source in ("erp", "copy"))
    assert mine.equals(theirs)


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_masters_too(loaded, form):
    data = exporting.export("partners", form=form)
    again = actions.commit(data, name=f"p.{form}", kind="partners", source="copy", acting_user=loaded.anna)
    assert (again.accepted, again.quarantined, again.duplicates) == (0, 0, again.rows_in)


def test_no_cell_of_an_export_is_a_formula_and_no_number_is_a_text(loaded):
    lines = exporting.export("orders").decode().splitlines()
    assert any("'=cmd" in line for line in lines) and any("''=x" in line for line in lines)
    assert any(",-1.5," in line and ",-100.5678," in line for line in lines)
    book = CalamineWorkbook.from_filelike(io.BytesIO(exporting.export("orders", form="xlsx")))
    rows = book.get_sheet_by_index(0).to_python()
    head = {name: index for index, name in enumerate(rows[0])}
    assert {type(row[head["quantity"]]) for row in rows[1:]} == {float}
    assert "=cmd|' /C calc'!A0" in {row[head["party_name"]] for row in rows}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1", "'=1"),
        ("-5", "-5"),
        ("+5.5", "+5.5"),
        ("-5+1", "'-5+1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("a=1", "a=1"),
        ("'=1", "''=1"),
        ("'a", "'a"),
        ("", ""),
    ],
)
def test_texts_that_would_run_get_an_apostrophe(text, written):
    assert protected(text) == written


def test_an_unknown_format_is_refused(loaded):
    with pytest.raises(Refused, match="no such format"):
        exporting.export("orders", form="pdf")


def test_an_older_cut_shows_what_was_known_then(loaded):
    first = read(exporting.export("orders"), "o.csv").frame.height
    cut = actions.commit(TRICKY.replace("A1,1", "N1,1").encode(), name="n.csv", kind="orders", source="erp", acting_user=loaded.anna).cut
    assert read(exporting.export("orders"), "o.csv").frame.height == first + 1
    assert read(exporting.export("orders", cut=cut - 1), "o.csv").frame.height == first


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_an_export_is_recognised_where_another_mapping_is_remembered(channel_cast, form):
    told, _ = read_mapping("kind: orders\ncurrency: EUR\nheader: 2\ncolumns: {document: Nr, date: Tag, party: Wer, amount: Wert}\n")
    file = b"Report,,,\nNr,Tag,Wer,Wert\nA,2026-01-01,ALP,5.5\n"
    actions.commit(file, name="f.csv", kind="orders", source="erp", mapping=told, acting_user=channel_cast.anna)
    data = exporting.export("orders", form=form)
    again = actions.commit(data, name=f"o.{form}", kind="orders", source="erp", acting_user=channel_cast.anna)
    assert counts(again) == {"rows_in": 1, "duplicates": 1}
