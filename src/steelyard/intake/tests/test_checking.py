"""What is accepted, and what is quarantined and why (numbers name the kinds of bad input in the order in which they were collected)."""

from datetime import date

import polars as pl
import pytest

from steelyard.calc.errors import Refused
from steelyard.intake.checking import References, check
from steelyard.intake.mappings import KINDS, read_mapping
from steelyard.intake.reading import read
from steelyard.intake.tests.test_reading import sheet

TODAY = date(2026, 6, 30)
COLUMNS = "columns: {document: document, line: line, date: date, party: party, currency: currency, %s}"
HEADERS = ("document", "line", "date", "party", "amount", "currency")
GOOD = {"document": "A1", "line": "1", "date": "2026-03-31", "party": "ALP", "amount": "10.5", "currency": "EUR"}


def checked(rows, mapping="", *, kind="orders", headers=None, references=None, files=None, data=None, name="f.csv"):
    """Check rows (dicts over GOOD) written as CSV."""
    headers = headers or tuple(dict.fromkeys([*HEADERS, *(name for row in rows for name in row)]))
    if data is None:
        cells = [headers, *([{**GOOD, **row}.get(header, "") for header in headers] for row in rows)]
        data = pl.DataFrame(cells[1:], schema=list(headers), orient="row").write_csv(quote_style="necessary").encode()
    told, problems = read_mapping(f"kind: {kind}\n{mapping}")
    assert problems == []
    return check(read(data, name, told.dialect), told, KINDS[kind], references=references or References(today=TODAY), files=files)


def values(column, *texts, mapping="", **options):
    """How texts of one column are stored, beside a row that settles nothing."""
    return checked([{column: text, "line": str(index)} for index, text in enumerate(texts)], mapping, **options).lines[column].to_list()


def codes(column, *texts, mapping="", **options):
    """The reasons for which rows with these texts are quarantined; None for those accepted."""
    result = checked([{column: text, "line": str(index)} for index, text in enumerate(texts)], mapping, **options)
    reasons = dict(reversed(result.problems.select("position", "code").rows()))  # the first of each row
    return [reasons.get(index) for index in range(len(texts))]


def refusals(*arguments, **options):
    with pytest.raises(Refused) as refused:
        checked(*arguments, **options)
    return [problem.code for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("case", "texts", "stored"),
    [
        (12, ["1.234,56", "2,5"], [12345600, 25000]),
        (12, ["1,234.56", "2.5"], [12345600, 25000]),
        (12, ["1 234,56", "1\u00a0234,5", "1\u202f234,5"], [12345600, 12345000, 12345000]),
        (12, ["1'234.56", "1’234.5"], [12345600, 12345000]),
        (12, ["1.234.567", "1,5"], [12345670000, 15000]),
        (15, ["-5", "(5)", "5-", "−5", "-0.5", "(1,234.5)"], [-50000, -50000, -50000, -50000, -5000, -12345000]),
        (15, ["+5", ".5", "5.", "007"], [50000, 5000, 50000, 70000]),
        (17, ["0", "0.00", "-0"], [0, 0, 0]),
        (23, ["1.005", "2.675", "0.1", "0.2"], [10050, 26750, 1000, 2000]),
        (18, ["100000000000", "99999999999.9999"], [10**15, 999999999999999]),
        (12, ["1.50000000", "2.0"], [15000, 20000]),
        (22, ["€5.5", "5.5 EUR", "EUR 5", "5€"], [55000, 55000, 50000, 50000]),
    ],
)
def test_amounts_that_are_read_exactly(case, texts, stored):
    assert values("amount", *texts, mapping="negatives: allowed") == stored


@pytest.mark.parametrize(
    ("case", "text", "code"),
    [
        (15, "--5", "not_a_number"), (15, "(5", "not_a_number"), (15, "-5-", "not_a_number"), (15, "(-5)", "not_a_number"),
        (18, "1e308", "out_of_range"), (18, "1E+400", "out_of_range"), (18, "100000000000.01", "out_of_range"),
        (18, "1.00005", "out_of_range"),
        (18, "1000000000000000000000000000000000000000000", "out_of_range"), (18, "1e5", "not_a_number"),
        (19, "NaN", "not_finite"), (19, "sNaN", "not_finite"), (19, "Infinity", "not_finite"), (19, "-inf", "not_finite"),
        (20, "1_000", "not_a_number"), (21, "１２", "digits_not_ascii"), (21, "١٢٣", "digits_not_ascii"),
        (22, "$5", "currency_conflict"), (22, "5 USD", "currency_conflict"), (22, "5 pcs", "currency_conflict"),
        (22, "12 %", "not_a_number"),
        (12, "1,23.5", "not_a_number"), (12, "12,34", "not_a_number"), (12, "1.5.2", "not_a_number"), (12, "1 2", "not_a_number"),
        (52, "N/A", "not_a_number"), (51, "-", "not_a_number"), (51, "abc", "not_a_number"), (55, "=1+1", "not_a_number"),
    ],
)  # fmt: skip
def test_amounts_that_are_quarantined(case, text, code):
    assert codes("amount", "10.5", text, mapping='decimal: "."') == [None, code]


@pytest.mark.parametrize(
    ("texts", "mapping", "stored"),
    [
        (["1,234", "5"], 'decimal: "."', [12340000, 50000]),
        (["1,234", "5"], 'decimal: ","', [12340, 50000]),
        (["1.234", "0.5"], "", [12340, 5000]),
        (["1234.567", "5"], "", [12345670, 50000]),
        (["5", "5"], "negatives: allowed\n" + COLUMNS % "amount: {from: amount, times: -1}",
         [-50000, -50000]),
        (["5", "5"], COLUMNS % "amount: {from: amount, times: 0.01}",
         [500, 500]),
    ],
)  # fmt: skip
def test_what_the_mapping_says_about_numbers(texts, mapping, stored):
    assert values("amount", *texts, mapping=mapping) == stored


def test_a_letter_among_digits_is_no_unit_unless_the_column_has_it():
    """`1O` may be ten; `5l` in a column of litres is five."""
    assert codes("quantity", "1O", "10", "l2", "3") == ["not_a_number", None, "not_a_number", None]
    assert codes("quantity", "5l", "7l", "1l") == [None, None, None]


def test_case_13_an_ambiguous_column_is_refused_until_somebody_says():
    assert refusals([{"amount": "1,234"}, {"amount": "5,678", "line": "2"}]) == ["ambiguous_decimal"]
    assert refusals([{"amount": "1.234"}]) == ["ambiguous_decimal"]
    assert refusals([{"amount": "1.5"}, {"amount": "1,5", "line": "2"}]) == ["ambiguous_decimal"]


def test_case_12_a_cell_that_contradicts_its_column_is_quarantined():
    assert codes("amount", "1,5", "2.25", mapping='decimal: ","') == [None, "not_a_number"]
    assert codes("amount", "1.5", "2,500", mapping='decimal: "."\nthousands: ""') == [None, "not_a_number"]


@pytest.mark.parametrize(
    ("case", "texts", "mapping", "stored"),
    [
        (28, ["31/03/2026", "01/04/2026"], "", [date(2026, 3, 31), date(2026, 4, 1)]),
        (28, ["03/31/2026", "04/01/2026"], "", [date(2026, 3, 31), date(2026, 4, 1)]),
        (28, ["03/04/2026"], "date_order: DMY", [date(2026, 4, 3)]),
        (28, ["3.4.2026", "2026-04-03"], "date_order: MDY", [date(2026, 3, 4), date(2026, 4, 3)]),
        (33, ["2026/3/1", "2026.03.01", "1 Mar 2026", "March 1, 2026", "01-Mar-2026"], "", [date(2026, 3, 1)] * 5),
        (35, ["2026-03-01 23:59:59", "2026-03-01T00:00", "2026-03-01 10:00:00.000"], "", [date(2026, 3, 1)] * 3),
        (33, ["20260301"], 'columns: {document: document, line: line, party: party, amount: amount, currency: currency, '
         'date: {from: date, date_format: "%Y%m%d"}}', [date(2026, 3, 1)]),
    ],
)  # fmt: skip
def test_days_that_are_read(case, texts, mapping, stored):
    assert values("date", *texts, mapping=mapping) == stored


@pytest.mark.parametrize(
    ("case", "text", "code"),
    [
        (29, "07/30/2023", "bad_date"), (30, "2026-02-30", "bad_date"), (30, "31/04/2026", "bad_date"), (30, "00/00/0000", "bad_date"),
        (30, "2026-03-01 24:00", "bad_date"), (31, "45000", "not_a_date"), (32, "31/03/26", "two_digit_year"),
        (33, "2026-W01-1", "not_a_date"),
        (33, "20261121", "not_a_date"), (35, "2026-03-01T10:00:00Z", "timestamp_with_zone"), (36, "2026-07-02", "date_in_future"),
        (39, "1899-12-31", "date_out_of_bounds"), (39, "0001-01-01", "date_out_of_bounds"), (30, "yesterday", "not_a_date"),
        (32, "2569-03-01", "date_out_of_bounds"),
    ],
)  # fmt: skip
def test_days_that_are_quarantined(case, text, code):
    assert codes("date", "2026-03-31", text, mapping="date_order: DMY") == [None, code]


def test_case_36_tomorrow_is_not_yet_the_future():
    assert codes("date", "2026-07-01", "2026-07-02") == [None, "date_in_future"]


def test_case_28_ambiguous_order_of_day_and_month_is_refused():
    assert refusals([{"date": "03/04/2026"}]) == ["ambiguous_date_order"]
    assert refusals([{"date": "13/04/2026"}, {"date": "04/13/2026", "line": "2"}]) == ["ambiguous_date_order"]


@pytest.mark.parametrize(
    ("case", "text", "stored"),
    [(40, "usd", "USD"), (40, "€", "EUR"), (40, "RMB", "CNY"), (40, " EUR ", "EUR"), (40, "US$", "USD"), (40, "DEM", "DEM")],
)
def test_currencies_in_other_words(case, text, stored):
    assert values("currency", text) == [stored]


@pytest.mark.parametrize("text", ["XXX", "EURX", "$", "¥", "kr"])
def test_case_40_currencies_nobody_knows_are_quarantined(text):
    assert codes("currency", "EUR", text) == [None, "unknown_currency"]


def test_case_41_a_missing_currency_is_never_assumed():
    assert codes("currency", "EUR", "") == [None, "required"]
    assert refusals([{}], headers=("document", "date", "party", "amount")) == ["required_column_absent"]
    assert values("amount", "5", mapping="currency: CHF", headers=("document", "date", "party", "amount")) == [50000]
    result = checked(
        [], kind="targets", data=b"date,metric,amount,currency\n2026-01-01,quota,5,EUR\n2026-02-01,quota,5,\n2026-03-01,quota,,\n"
    )
    assert result.problems["code"].to_list() == ["currency_missing"]


@pytest.mark.parametrize("code", ["1.23E+15", "1,23457E+15"])
def test_case_26_ids_that_a_spreadsheet_damaged(code):
    assert codes("document", "0012345678901234", code) == [None, "id_damaged_by_spreadsheet"]


def test_case_26_zeros_that_a_spreadsheet_took():
    whole = [f"{number:08d}" for number in range(5, 95, 3)]
    assert codes("document", *whole, "4711", "0004711") == [None] * 32  # two widths: the source writes them so
    assert codes("document", *whole, "4711", "A1") == [None] * 30 + ["id_damaged_by_spreadsheet", None]
    assert codes("document", *whole[:9], "4711") == [None] * 10  # too few to know
    assert codes("end_customer", *whole, "4711") == [None] * 31  # no code


def test_case_26_ids_are_texts():
    assert values("document", "0012345678901234", "1E5", "00") == ["0012345678901234", "1E5", "00"]


def test_cases_14_27_31_54_typed_cells_of_a_sheet():
    from datetime import datetime

    header = list(HEADERS)
    rows = [
        ["A1", 1, datetime(2026, 3, 4), "ALP", 1234.5, "EUR"],
        [datetime(2026, 3, 1), 2, datetime(2026, 3, 4), "ALP", "1.234,5", "EUR"],
        [1234567890123456, 3, datetime(2026, 3, 4), "ALP", 1, "EUR"],
        ["A4", 4, 45000, "ALP", 1, "EUR"],
    ]
    result = checked([], 'decimal: ","', data=sheet([header, *rows]), name="f.xlsx")
    assert result.lines.select("document", "amount", "date").rows() == [("A1", 12345000, date(2026, 3, 4))]
    assert result.problems.select("position", "code").rows() == [
        (1, "id_damaged_by_spreadsheet"), (2, "id_damaged_by_spreadsheet"), (3, "not_a_date"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "row", "code"),
    [
        (6, {"party": "AL\x00P"}, "control_char"), (6, {"party": "AL\x1bP"}, "control_char"),
        (67, {"party": "x" * 40_000}, "cell_too_long"),
        (71, {"party": "  "}, "required"),
    ],
)  # fmt: skip
def test_cells_that_no_column_may_hold(case, row, code):
    result = checked([{}, {"line": "2", **row}])
    assert result.problems.select("position", "code").rows() == [(1, code)]


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "<img src=x onerror=alert(1)>", "'; DROP TABLE x", "{{7*7}}", "a\u2028b\x1cc"]
)
def test_cases_8_55_56_texts_are_stored_as_they_are(text):
    assert values("party", text) == [text]


def test_cases_69_71_spaces_around_a_key_are_taken_off():
    assert values("party", " ALP\u00a0", "ALP ", "\u202fALP") == ["ALP"] * 3


def test_case_16_negative_amounts_by_the_mapping():
    rows = [{"amount": "-5"}, {"amount": "-5", "line": "2", "kind": "Return"}, {"amount": "5", "line": "3", "kind": "sale"}]
    warned = checked(rows, "negatives: warn")
    assert warned.lines.height == 3 and [note.code for note in warned.notes] == ["negative_amounts"]
    assert checked(rows, "negatives: allowed").notes == ()
    assert checked(rows).problems.select("position", "code").rows() == [(0, "negative_without_return")]


def test_choices_are_read_in_any_case_and_others_named():
    result = checked([{"kind": "Free Goods"}, {"kind": "gift", "line": "2"}])
    assert result.lines["kind"].to_list() == ["free goods"]
    assert result.problems.select("code", "found", "hint").rows() == [("not_a_choice", "gift", "known: credit, free goods, return, sale")]


def test_cases_43_73_unknown_products_and_units_with_the_nearest():
    known = References(frozenset({"ANA-1", "REA-1", "REA-2"}), frozenset({"each", "box"}), TODAY)
    result = checked(
        [{"product": "ANA-1"}, {"product": "REA-3", "line": "2"}, {"product": "", "line": "3"}, {"unit": "bx", "line": "4"}],
        references=known,
    )
    assert result.problems.select("position", "code", "hint").rows() == [
        (1, "unknown_product", "nearest: REA-2, REA-1"), (3, "unknown_unit", "nearest: box"),
    ]  # fmt: skip
    assert codes("product", "ANA-1", "whatever") == [None, None]  # nothing is known yet


def test_case_38_a_period_that_ends_before_it_begins():
    data = b"metric,date,valid_to,value\nquota,2026-02-01,2026-01-01,5\nquota,2026-01-01,2026-01-31,5\n"
    assert checked([], kind="targets", data=data).problems["code"].to_list() == ["period"]


def test_all_problems_of_all_rows_are_found():
    result = checked([{"amount": "x", "date": "2026-02-30", "party": ""}, {"line": "2"}, {"line": "3", "amount": "NaN"}])
    assert result.lines["source_row"].to_list() == [3]
    assert sorted(result.problems.select("position", "code").rows()) == [
        (0, "bad_date"),
        (0, "not_a_number"),
        (0, "required"),
        (2, "not_finite"),
    ]
    assert result.quarantined == 2


def test_case_49_a_required_column_that_is_absent_or_empty_refuses_once():
    assert refusals([{}], headers=("document", "date", "amount", "currency")) == ["required_column_absent"]
    assert refusals([{"party": ""}] * 3) == ["required_column_empty"]
    assert refusals([{}], headers=("a", "b")) == ["required_column_absent"] * 5


def test_case_47_a_column_renamed_since_last_month():
    with pytest.raises(Refused) as refused:
        checked([{}], "columns: {document: document, date: date, party: party, currency: currency, amount: amounts}")
    (problem,) = refused.value.problems
    assert (problem.code, problem.found, problem.hint) == ("no_such_column", "`amounts`", "did you mean `amount`?")


def test_case_46_headers_are_found_by_words_and_synonyms():
    data = "Order\u00a0No;Order\r Date;Customer;Net Amount;Curr;Sales Rep\nA;2026-01-01;ALP;5,5;eur;E1\n".replace("\r ", " ").encode()
    lines = checked([], data=data).lines
    assert lines.select("document", "date", "party", "amount", "currency", "representative").rows() == [
        ("A", date(2026, 1, 1), "ALP", 55000, "EUR", "E1")
    ]


def test_case_48_extra_columns_are_named():
    assert [(note.code, note.found) for note in checked([{"colour": "red"}]).notes] == [("extra_columns", "`colour`")]
    assert checked([{"colour": "red"}], "extra: ignore").notes == ()
    assert refusals([{"colour": "red"}], "extra: refuse") == ["extra_columns"]


def test_case_52_blank_rows_and_totals():
    data = (
        b"document,line,date,party,amount,currency\nA,1,2026-01-01,ALP,5,EUR\n,,,,,\nGrand total,,,,5,EUR\n,,,Total,5,EUR\n"
        b"Total Lab,1,2026-01-01,Total,1,EUR\n"
    )
    result = checked([], data=data)
    assert (result.blank, result.lines.height, result.quarantined) == (1, 2, 2)
    assert result.problems.filter(pl.col("code") == "total_row")["position"].to_list() == [2, 3]
    dropped = checked([], "totals: drop", data=data)
    assert (dropped.filtered, dropped.quarantined, dropped.lines.height) == ({"totals": 2}, 0, 2)


def test_filters_leave_rows_out_with_their_reason():
    rows = [{"quantity": "0"}, {"quantity": "2", "line": "2"}, {"quantity": "x", "line": "3", "kind": "gift"}]
    told = 'where: [{column: quantity, is_not: "0", reason: free goods}, {column: kind, not_in: [gift]}]'
    result = checked(rows, told)
    assert result.filtered == {"free goods": 1, "kind not in gift": 1}
    assert (result.lines.height, result.quarantined, result.rows_in) == (1, 0, 3)


LOOKUP = (
    "columns: {document: document, line: line, date: date, amount: amount, currency: currency, "
    "party: {from: party, lookup: {file: c.csv, key: id, value: %s}}}"
)


def test_lookups_follow_a_chain_of_files():
    files = {"c.csv": b"id,group\nALP,7\nBOR,\n", "g.csv": b"no,name\n7,Alps\n"}
    chain = "{column: group, lookup: {file: g.csv, key: no, value: name}}"
    result = checked([{}, {"party": "BOR", "line": "2"}, {"party": "X", "line": "3"}], LOOKUP % chain, files=files)
    assert result.lines["party"].to_list() == ["Alps"]
    assert sorted(result.problems.select("position", "code", "found").rows()) == [
        (1, "required", "BOR"), (2, "not_in_lookup", "X"),
    ]  # fmt: skip
    assert refusals([{}], LOOKUP % "group") == ["no_lookup_file"]
    assert refusals([{}], LOOKUP % "grop", files=files) == ["no_such_column"]


def test_a_key_with_several_values_in_a_lookup_is_quarantined_where_it_is_used():
    files = {"c.csv": b"id,group\nALP,7\nALP,8\nBOR,9\nBOR,9\nCYG,1\nCYG,2\n"}
    result = checked([{}, {"party": "BOR", "line": "2"}], LOOKUP % "group", files=files)
    assert result.lines["party"].to_list() == ["9"]
    assert result.problems.select("position", "code", "found").rows() == [(0, "ambiguous_lookup", "ALP")]


def test_values_are_translated_and_strange_ones_named():
    told = (
        "columns: {document: document, line: line, date: date, party: party, amount: amount, "
        "currency: {from: currency, values: {100: USD, 19: CAD}%s}}"
    )
    assert values("currency", "100", "19", mapping=told % "") == ["USD", "CAD"]
    assert codes("currency", "100", "7", mapping=told % "") == [None, "value_not_mapped"]
    assert values("currency", "100", "CHF", mapping=told % ", otherwise: keep") == ["USD", "CHF"]


def test_a_wide_table_becomes_a_long_one_and_every_cell_is_counted():
    told = (
        "columns: {source: {constant: ECB}, base: {constant: EUR}, date: Date}\nblank_words: [N/A]\n"
        "unpivot: {columns: rest, name: quote, value: rate}"
    )
    result = checked([], told, kind="rates", data=b"Date,USD,JPY,\n2026-01-02,1.1,180,\n2026-01-03,N/A,181.5,\n")
    assert result.lines.select("date", "quote", "rate", "source_row").rows() == [
        (date(2026, 1, 2), "USD", "1.1", 2), (date(2026, 1, 2), "JPY", "180", 2), (date(2026, 1, 3), "JPY", "181.5", 3),
    ]  # fmt: skip
    assert (result.rows_in, result.blank) == (4, 1)


def test_money_is_counted_in_every_bucket():
    rows = [
        {"amount": "5"},
        {"amount": "7.25", "line": "2", "date": "x"},
        {"amount": "x", "line": "3"},
        {"amount": "2", "line": "4", "currency": "USD"},
    ]
    amounts = checked([*rows, {"amount": "9", "line": "5", "party": "ROTH"}], "where: [{column: party, is: ALP}]").amounts
    assert amounts.total == {"EUR": 212500, "USD": 20000}
    assert (amounts.quarantined, amounts.filtered, amounts.unreadable) == ({"EUR": 72500}, {"EUR": 90000}, 1)


def test_what_stands_below_the_first_blank_row_is_left_out_and_counted_if_the_mapping_says_so():
    data = b"document,date,party,amount,currency\nA,2025-01-01,P,1,EUR\nB,2025-01-02,P,2,EUR\n,,,,\nSource: us\nnote,x\n,,,,\n"
    mapping, problems = read_mapping("kind: orders\nends: blank row\n")
    assert not problems
    found = check(read(data, "a.csv", mapping.dialect), mapping, KINDS["orders"])
    assert (found.rows_in, found.lines.height, found.filtered, found.blank, found.quarantined) == (6, 2, {"below the table": 4}, 0, 0)
