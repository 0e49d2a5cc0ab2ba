"""Understanding: what messy tables are taken for, with reasons; what is asked rather than guessed; and that answers are mappings."""

import io

import pytest
import xlsxwriter

from steelyard.calc.errors import Refused
from steelyard.calc.facts import FACTS
from steelyard.intake.checking import check
from steelyard.intake.mappings import Mapping, read_mapping, to_yaml
from steelyard.intake.reading import read
from steelyard.intake.understanding import Known, patched, patched_with, understand
from steelyard.intake.understanding.periods import last_day

EMPTY = Mapping("orders", "crm")
LINES = "Nr;Datum;Kunde;Betrag;Währung\nA1;31.03.2026;ALP;1.234,50;EUR\nA2;01.04.2026;BET;99,00;EUR\n"


def found(data, given=EMPTY, name="f.csv", **known):
    return understand(data if isinstance(data, bytes) else data.encode(), name, given, Known(**known))


def asked(one):
    return {question.key: question for question in one.questions}


def book(**sheets):
    """A workbook of these sheets, rows as lists."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream)
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write(at, place, cell)
    workbook.close()
    return stream.getvalue()


def read_by(one, data, name="f.csv"):
    """The lines that the proposed mapping reads."""
    again, problems = read_mapping(to_yaml(one.mapping))
    assert problems == [] and again == one.mapping  # a proposal is nothing but a mapping
    return check(read(data if isinstance(data, bytes) else data.encode(), name, again.dialect), again, FACTS["orders"])


def test_a_german_file_with_semicolons_and_decimal_commas_needs_one_word():
    one = found(LINES)
    assert list(asked(one)) == ["column document"]  # "Nr" alone may be anything
    assert {name: rule.header for name, rule in one.mapping.columns.items()} == {
        "date": "Datum", "party": "Kunde", "amount": "Betrag", "currency": "Währung",
    }  # fmt: skip
    assert (one.mapping.decimal, one.mapping.date_order) == (",", "DMY")
    amount = next(finding for finding in one.findings if finding.what == "column amount")
    assert amount.sure == "certain" and amount.examples == (("1.234,50", "1234.50"), ("99,00", "99.00"))
    done = found(LINES, patched(one.mapping, "{columns: {document: {from: Nr}}}"))
    assert not done.questions and not done.likely
    assert read_by(done, LINES).lines["amount"].to_list() == [12_345_000, 990_000]


@pytest.mark.parametrize(("encoding", "sure"), [("utf-8-sig", "certain"), ("utf-16", "certain"), ("cp1252", "likely")])
def test_the_encoding_is_found_and_a_guess_is_shown_with_its_words(encoding, sure):
    one = found(LINES.encode(encoding))
    told = next(finding for finding in one.findings if finding.what == "encoding")
    assert told.sure == sure and (sure == "certain" or ("Währung", "Währung") not in told.examples)
    assert one.mapping.columns["currency"].header == "Währung"


def test_what_only_looks_like_a_column_is_asked_whatever_else_is_answered():
    rows = "order,date,customer,amount EUR,currency,slip date\nA,2026-01-01,ALP,10.5,EUR,2026-01-03\n"
    one = found(rows)
    assert "shipped_on" not in one.mapping.columns and list(asked(one)) == ["column amount"]  # not every word that is nearly one is meant
    assert [choice.label for choice in asked(one)["column amount"].choices] == ["column “amount EUR”"]
    assert not found(rows, patched(one.mapping, asked(one)["column amount"].suggested)).questions


def test_titles_above_a_table_that_is_not_at_a1_and_notes_below_it():
    rows = [["Sales of March"], [], [None, "order", "date", "customer", "amount", "currency"]]
    rows += [[None, f"A{n}", f"2026-03-{n:02d}", "ALP", n, "EUR"] for n in range(1, 8)]
    rows += [[], ["Source: our own system"], ["prepared by hand"]]
    data = book(Data=rows)
    one = found(data, name="f.xlsx")
    assert not one.questions and one.mapping.dialect.header == 3 and one.mapping.ends == "blank row"
    checked = read_by(one, data, "f.xlsx")
    assert (checked.lines.height, checked.quarantined, checked.filtered) == (7, 0, {"below the table": 3})


def test_a_header_of_two_rows_is_joined_as_merged_cells_show_it():
    rows = [["Account", "2018", None, "2019", None], [None, "Q1", "Q2", "Q1", "Q2"], ["ALP", 1, 2, 3, 4], ["BET", 5, 6, 7, 8]]
    one = found(book(Data=rows), name="f.xlsx")
    header = next(finding for finding in one.findings if finding.what == "header")
    assert header.found == "rows 1 to 2" and [raw for raw, _ in header.examples][1] == "2018 / Q1"
    wide = next(choice for choice in asked(one)["column amount"].choices if "unpivot" in choice.patch)
    answered = patched(one.mapping, wide.patch)
    answered = patched(patched(answered, "{currency: EUR}"), "{columns: {document: {join: [Account, date]}}}")
    done = found(book(Data=rows), answered, "f.xlsx")
    assert not done.questions
    lines = read_by(done, book(Data=rows), "f.xlsx").lines
    assert lines.height == 8 and str(lines["date"].min()) == "2018-03-31" and lines["amount"].sum() == 36 * 10_000


def test_rows_of_totals_that_equal_what_stands_above_are_left_out_others_wait():
    lines = "order,date,customer,amount,currency\nA,2026-01-01,ALP,10,EUR\nB,2026-01-02,BET,20,EUR\n,,Total,{},\n"
    right, wrong = found(lines.format(30)), found(lines.format(31))
    assert right.mapping.totals == "drop" and read_by(right, lines.format(30)).filtered == {"totals": 1}
    assert wrong.mapping.totals == "quarantine" and read_by(wrong, lines.format(31)).quarantined == 1


def test_no_header_is_asked_and_data_is_never_taken_for_one():
    one = found("A1,2026-01-01,ALP,10.50,EUR\nA2,2026-01-02,BET,11.25,EUR\n")
    assert list(asked(one)) == ["header"] and one.mapping == EMPTY
    named = found(
        "A1,2026-01-01,ALP,10.50,EUR\nA2,2026-01-02,BET,11.25,EUR\n", patched(EMPTY, "{header: none}"), parties=frozenset(["ALP", "BET"])
    )
    assert {key: one.suggested for key, one in asked(named).items() if one.code == "not_certain"} == {
        "column date": "{columns: {date: {from: column 2}}}", "column party": "{columns: {party: {from: column 3}}}",
        "column currency": "{columns: {currency: {from: column 5}}}",
    }  # fmt: skip
    assert "not_certain" in {problem.code for problem in named.refusals()}  # the command line does not go on by itself


def test_what_can_be_read_two_ways_is_asked_with_both_readings():
    one = found("order;date;customer;amount;currency\nA;03/04/2026;ALP;1,234;EUR\n")
    assert set(asked(one)) == {"decimal amount", "date_order date"}
    assert [choice.example for choice in asked(one)["decimal amount"].choices] == ["1,234 → 1234.00", "1,234 → 1.234"]
    assert [choice.example for choice in asked(one)["date_order date"].choices] == [
        "03/04/2026 → 3 April 2026",
        "03/04/2026 → 4 March 2026",
    ]
    assert {problem.code for problem in one.refusals()} == {"ambiguous_decimal", "ambiguous_date_order"}
    done = patched(patched(one.mapping, "{columns: {amount: {decimal: ','}}}"), "{columns: {date: {date_order: DMY}}}")
    assert not found("order;date;customer;amount;currency\nA;03/04/2026;ALP;1,234;EUR\n", done).questions


def test_several_sheets_are_asked_and_sheets_of_one_shape_can_be_one():
    head = ["order", "date", "customer", "amount", "currency"]
    data = book(Jan=[head, ["A", "2026-01-01", "ALP", 1, "EUR"]], Feb=[head, ["B", "2026-02-01", "ALP", 2, "EUR"]])
    one = found(data, name="f.xlsx")
    assert list(asked(one)) == ["sheet"] and asked(one)["sheet"].suggested == "{sheet: '*'}"
    both = found(data, patched(EMPTY, "{sheet: '*'}"), "f.xlsx")
    checked = read_by(both, data, "f.xlsx")
    assert not both.questions and checked.lines.height == 2 and checked.lines["source_row"].to_list() == [2, 10_000_002]
    other = book(Jan=[head, ["A", "2026-01-01", "ALP", 1, "EUR"]], Notes=[["read me"], ["please"]])
    likely = found(other, name="f.xlsx")
    assert likely.mapping.dialect.sheet == "Jan" and [finding.what for finding in likely.likely] == ["sheet"]


def test_a_renamed_column_is_asked_with_the_new_one_beside_it_and_never_read_as_blank():
    before = "Nr,Day,Who,Net,Cur,Qty\nA,2026-01-01,ALP,1,EUR,5\n"
    known, _ = read_mapping(
        "kind: orders\nsource: crm\ncolumns: {document: Nr, date: Day, party: Who, amount: Net, currency: Cur, quantity: Qty}\n"
    )
    assert not found(before, known).questions
    now = found(before.replace("Net", "Net amt").replace("Qty", "Pieces"), known, headers=("Nr", "Day", "Who", "Net", "Cur", "Qty"))
    assert asked(now)["column amount"].text == "Column “Net” was in the last file and is not in this one; new is “Net amt”. Is it the same?"
    assert asked(now)["column amount"].suggested == "{columns: {amount: {from: Net amt}}}"
    assert "it is no longer in the file" in {choice.label for choice in asked(now)["column quantity"].choices}
    moved = "Cur,Net,Who,Day,Nr,Qty\nEUR,1,ALP,2026-01-01,A,5\n"
    assert not found(moved, known).questions  # columns may change places


def test_what_is_said_for_each_file_is_not_taken_over():
    one = found("Customer,Sales\nALP,$1\nBET,$2\n")
    assert set(asked(one)) == {"column document", "column date", "currency"} and asked(one)["currency"].suggested == "{currency: USD}"
    said = patched(patched(one.mapping, asked(one)["column document"].suggested), "{currency: USD}")
    said = patched_with(said, ("columns", "date", "constant"), "2026-03-31", anew=True)
    assert not found("Customer,Sales\nALP,$1\nBET,$2\n", said, seen=True).questions
    assert set(asked(found("Customer,Sales\nALP,$3\nBET,$2\n", said))) == {"column document", "column date"}  # the next month


def test_answers_are_laid_over_a_mapping_and_refused_where_they_say_nothing():
    mapping, _ = read_mapping("kind: orders\ncolumns: {amount: {from: Net, times: -1}}\n")
    assert patched(mapping, "{columns: {amount: {decimal: ','}}}").columns["amount"].header == "Net"
    changed = patched(mapping, "{columns: {amount: {product: [P, Q]}}}").columns["amount"]
    assert changed.header is None and changed.times == -1 and len(changed.product) == 2
    assert patched(mapping, "{columns: {amount: null}}").columns == {}
    for wrong in ("kind", "{kind: [", "{columns: {nothing: x}}", "{header: two}"):
        with pytest.raises(Refused):
            patched(mapping, wrong)


@pytest.mark.parametrize(
    ("heading", "day"),
    [("2018", "2018-12-31"), ("Q1 2019", "2019-03-31"), ("2019-Q4", "2019-12-31"), ("Feb 2024", "2024-02-29"), ("2023-02", "2023-02-28"),
     ("Region", None), ("Jan", None), ("2018 units", None)],
)  # fmt: skip
def test_headings_that_name_a_period(heading, day):
    assert last_day(heading) == day
