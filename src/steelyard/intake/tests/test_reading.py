"""Files as they come: encodings, separators, quotes, rows of another width (case numbers: kinds of bad input, as collected)."""

import io
import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from steelyard.calc.errors import Refused
from steelyard.intake import limits
from steelyard.intake.reading import Dialect, read
from steelyard.intake.reading.sheets import number_text
from steelyard.intake.reading.table import Cell


def codes(call):
    with pytest.raises(Refused) as refused:
        call()
    return [problem.code for problem in refused.value.problems]


def rows(data, name="file.csv", **options):
    return read(data, name, Dialect(**options)).frame.rows()


def sheet(cells, name="Orders", *, hidden=()):
    """An XLSX file with these rows; datetimes become date cells."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, values in enumerate(cells):
        for column, value in enumerate(values):
            if isinstance(value, datetime):
                page.write_datetime(row, column, value, day)
            elif value is not None:
                page.write(row, column, value)
        if row in hidden:
            page.set_row(row, options={"hidden": True})
    book.close()
    return stream.getvalue()


@pytest.mark.parametrize(
    ("case", "data", "expected"),
    [
        (1, b"\xef\xbb\xbfid,name\n1,a\n", ("1", "a")),
        (2, "id\tname\r\n1\tZürich\r\n".encode("utf-16"), ("1", "Zürich")),
        (2, "id,name\n1,Zürich\n".encode("utf-16-be").join([b"\xfe\xff", b""]), ("1", "Zürich")),
        (3, "id,name\n1,Zürich Café\n2,Genève\n".encode("cp1252"), ("1", "Zürich Café")),
        (4, "id,name\n1,株式会社の東京本社は日本にあります\n".encode("shift_jis"), ("1", "株式会社の東京本社は日本にあります")),
        (7, b"id,name\r1,a\r2,b\r", ("1", "a")),
        (7, b"id,name\n1,a\r\n2,b\r3,c\n", ("1", "a")),
        (8, "id,name\n1,a\u2028b\x1cc\x85d\n".encode(), ("1", "a\u2028b\x1cc\x85d")),
        (9, b'id,name\n1,"two\nlines"\n', ("1", "two\nlines")),
        (11, b"id;name\n1;a,b\n", ("1", "a,b")),
        (11, b"id|name\n1|a\n", ("1", "a")),
        (11, b"sep=;\nid;name\n1;a\n", ("1", "a")),
        (62, b"id,name\n1,a", ("1", "a")),
    ],
)
def test_the_first_row_is_read(case, data, expected):
    table = read(data, "file.csv")
    assert (table.headers, table.frame.row(0), table.source_rows[0]) == (("id", "name"), expected, 2)


def test_guessed_encodings_are_said_with_samples():
    table = read("id,name\n1,Café\n".encode("cp1252"), "file.csv")
    assert [(note.code, note.found, note.severity) for note in table.notes] == [("encoding_guessed", "Café", "warning")]
    assert read("id,name\n1,10 €\n".encode("iso8859-15"), "f.csv", Dialect(encoding="iso8859-15")).frame.row(0) == ("1", "10 €")


def test_a_few_greek_or_cyrillic_names_are_told_apart():
    greek, cyrillic = ["Κωνσταντίνος", "Ελένη", "Δημήτριος"], ["Владимир", "Екатерина", "Алексей"]
    for names, encoding in ((greek, "iso8859-7"), (cyrillic, "cp1251")):
        data = "\n".join(["id,name", *(f"{at},{name}" for at, name in enumerate(names))]).encode(encoding)
        assert read(data, "f.csv").frame["c1"].to_list() == names


def test_case_5_one_bad_byte_quarantines_its_row_and_names_the_byte():
    lines = [b"id,name", *(b"%d,x" % number for number in range(2000))]
    lines[1500] = b"1499,\xff"
    table = read(b"\n".join(lines), "file.csv")
    assert table.frame.height == 1999
    (row,) = table.unreadable
    assert (row.source_row, row.cells, row.problem.code) == (1501, ("1499", "\\xff"), "bad_byte")
    offset = b"\n".join(lines).index(b"\xff")
    assert f"byte {offset:,}" in row.problem.message


def test_case_9_rows_are_counted_as_a_spreadsheet_counts_them():
    table = read(b'id,name\n1,"a\nb\nc"\n\n2,d\n3,"e\n"\n4,f', "file.csv")
    assert table.source_rows.to_list() == [2, 3, 4, 5, 6]
    assert table.frame["c0"].to_list() == ["1", "", "2", "3", "4"]


@pytest.mark.parametrize("body", [b'1,a\n2,"b\n3,c\n', b'1,a\n2,"b\n3,"c"\n', b'1,a\n2,"b" x\n3,c\n'])
def test_case_10_an_unclosed_quote_refuses_the_file_and_names_the_row(body):
    with pytest.raises(Refused) as refused:
        read(b"id,name\n" + body, "file.csv")
    (problem,) = refused.value.problems
    assert (problem.code, problem.where) == ("unclosed_quote", "file.csv, row 3")
    assert "line 3" in problem.hint


def test_case_51_rows_of_another_width_are_quarantined_whole():
    table = read(b"id,name,x\n1,a,b\n2,a\n3,a,b,c\n4,a,b\n", "file.csv")
    assert table.frame["c0"].to_list() == ["1", "4"]
    assert table.source_rows.to_list() == [2, 5]
    found = [(row.source_row, row.cells, row.problem.code, row.problem.found) for row in table.unreadable]
    assert found == [
        (3, ("2", "a"), "column_count", "2 cells, expected 3"),
        (4, ("3", "a", "b", "c"), "column_count", "4 cells, expected 3"),
    ]


def test_separators_and_line_ends_of_several_characters():
    data = b'292+|Next-Door, "Bike"+|<a>\nb</a>&|\n294+|Other+|&|\n'
    table = read(data, "Store.csv", Dialect(separator="+|", line_end="&|", header=0, names=("id", "name", "survey")))
    assert table.frame.rows() == [("292", 'Next-Door, "Bike"', "<a>\nb</a>"), ("294", "Other", "")]
    assert table.source_rows.to_list() == [1, 2]


def test_a_header_further_down():
    assert rows(b"Report,,\n,,\nid,name,x\n1,a,b\n", header=3) == [("1", "a", "b")]
    assert read(b"Report\n\nid,name\n1,a\n", "f.csv", Dialect(header=3)).source_rows.to_list() == [4]
    assert codes(lambda: rows(b"id,name\n\n1,a\n", header=2)) == ["no_header"]


@pytest.mark.parametrize(
    ("case", "data", "name", "code"),
    [
        (45, b"id,qty,Qty\n1,2,3\n", "f.csv", "duplicate_header"),
        (62, b"", "f.csv", "empty"),
        (62, b"id,name\n", "f.csv", "empty"),
        (60, b"<!DOCTYPE html><html></html>", "f.xls", "not_a_table"),
        (60, b"MZ\x90\x00", "f.csv", "not_a_table"),
        (60, b"id,name\n1,a\n", "f.xlsx", "extension_lies"),
        (60, b"%PDF-1.7", "f.csv", "not_a_table"),
        (67, b",".join(b"c%d" % number for number in range(501)) + b"\n", "f.csv", "too_many_columns"),
    ],
)
def test_files_that_are_refused_whole(case, data, name, code):
    assert codes(lambda: read(data, name)) == [code]


def zipped(*entries):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("case", "data", "code"),
    [
        (57, zipped(("[Content_Types].xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')), "bad_archive"),
        (58, zipped(("[Content_Types].xml", "<a/>"), ("xl/big.xml", b"\0" * 40_000_000)), "archive_bomb"),
        (59, zipped(("[Content_Types].xml", "<a/>"), ("../../etc/passwd", "x")), "bad_archive"),
        (60, zipped(("readme.txt", "x")), "not_a_table"),
        (62, sheet([["id"], [1]])[:-200], "truncated"),
    ],
)
def test_archives_that_are_refused_before_they_are_read(case, data, code):
    assert codes(lambda: read(data, "f.xlsx")) == [code]


def test_case_58_an_archive_with_too_many_entries(monkeypatch):
    monkeypatch.setattr(limits, "MOST_ENTRIES", 3)
    assert codes(lambda: read(sheet([["id"], [1]]), "f.xlsx")) == ["archive_bomb"]


def test_case_14_typed_cells_keep_their_type_and_digits():
    table = read(
        sheet([["day", "amount", "code"], [datetime(2026, 3, 4), 1234.5, "0012"], [datetime(2026, 3, 5), 0.1 + 0.2, 17]]), "f.xlsx"
    )
    assert table.frame.rows() == [("2026-03-04", "1234.5", "0012"), ("2026-03-05", "0.3", "17")]
    assert table.types["c0"].to_list() == [Cell.DATE, Cell.DATE]
    assert table.types["c1"].to_list() == [Cell.NUMBER, Cell.NUMBER]
    assert table.types["c2"].to_list() == [Cell.TEXT, Cell.NUMBER]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234.5, "1234.5"), (5.0, "5"), (1e15, "1E+15"), (123456789012345.0, "123456789012345"), (1e-7, "0.0000001"), (1e300, "1E+300")],
)
def test_case_26_numbers_show_the_digits_that_excel_keeps(value, text):
    assert number_text(value) == text


def test_case_53_hidden_rows_and_other_sheets_are_said():
    table = read(sheet([["id"], [1], [2]], hidden=(2,)), "f.xlsx")
    assert [note.code for note in table.notes] == ["hidden_rows"]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    for name in ("A", "B"):
        book.add_worksheet(name).write_column(0, 0, ["id", name])
    book.close()
    assert codes(lambda: read(stream.getvalue(), "f.xlsx")) == ["several_sheets"]
    assert read(stream.getvalue(), "f.xlsx", Dialect(sheet="B")).frame.rows() == [("B",)]
    assert codes(lambda: read(stream.getvalue(), "f.xlsx", Dialect(sheet="C"))) == ["no_such_sheet"]


def test_case_54_errors_in_cells_are_seen():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet("A")
    page.write_row(0, 0, ["id", "amount"])
    page.write_row(1, 0, ["1"])
    page.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    page.write_row(2, 0, ["2", 5])
    book.close()
    assert read(stream.getvalue(), "f.xlsx").types["c1"].to_list() == [Cell.ERROR, Cell.NUMBER]


def test_case_68_a_stray_cell_at_the_far_end_is_refused_before_it_costs_memory():
    cells = io.BytesIO()
    book = xlsxwriter.Workbook(cells)
    page = book.add_worksheet("A")
    page.write(0, 0, "id")
    page.write(1_048_575, 16_383, "x")
    book.close()
    assert codes(lambda: read(cells.getvalue(), "f.xlsx")) == ["too_sparse"]


def test_a_table_that_does_not_begin_in_the_first_cell():
    table = read(sheet([[], [None, "Sales"], [None, "id", "name"], [], [None, 1, "a"]]), "f.xlsx", Dialect(header=3))
    assert (table.headers, table.frame.rows()) == (("(column 1)", "id", "name"), [("", "", ""), ("", "1", "a")])
    assert table.source_rows.to_list() == [4, 5]
