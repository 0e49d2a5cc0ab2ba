"""Cases 45 to 52: headers, widths, totals."""

from __future__ import annotations

from .case import HEADERS, Given, Row, a_book, a_csv, book, case, rows_of, text_of

COLUMNS = "columns: {document: document, line: line, date: date, party: party, currency: currency, amount: %s}"


def _titled(*above: list[str], rows=({},)) -> list[list[object]]:
    return [*above, *rows_of(*rows)]


def _text(cells, **expected) -> Given:
    return Given(text_of(cells).encode(), **expected)


def _book(cells, **expected) -> Given:
    return Given(lambda: book([[None if cell == "" else cell for cell in row] for row in cells]), "orders.xlsx", **expected)


GERMAN = ["Belegnummer", "Position", "Datum", "Kunde", "Artikel", "Menge", "Netto", "Währung"]
TOTALS = [{}, {"amount": "2"}]


def _with_totals(total: str) -> list[list[object]]:
    blank = [""] * len(HEADERS)
    row = ["Grand total", "", "", "", "", "", total, "EUR"]
    return [*rows_of({}, {"amount": "2"}), blank, row]


CASES = [
    case(45, "Two columns with one header", "Refused, naming both columns.",
         _text([["document", "date", "party", "qty", "amount", "currency", "Qty"], ["A", "2025-01-01", "ALP", "1", "1", "EUR", "2"]],
               refused=("duplicate_header",), told=("columns 4 and 7",)),
         xlsx=_book([["document", "date", "party", "qty", "amount", "currency", "Qty"], ["A", "2025-01-01", "ALP", "1", "1", "EUR", "2"]],
                    refused=("duplicate_header",))),
    case(46, "Headers in other case, with spaces, line breaks, synonyms, in German", "Found by their words and synonyms, the dry run shows which; "
         "other words by the mapping, which is remembered.",
         _text([["ORDER\u00a0NO", "Line\nNo", "Order Date", "Customer", "sku", "QTY", "Net  Amount", "Curr"], ["A1", "1", "2025-03-31", "ALP", "ANA-1", "1", "10.5", "EUR"]],
               accepted=1, stored={"document": ["A1"], "amount": [105000], "party": ["ALP"]}),
         _text([GERMAN, ["A1", "1", "2025-03-31", "ALP", "ANA-1", "1", "10.5", "EUR"]], accepted=1, sums={"EUR": "10.50"},
               mapping="columns: {document: Belegnummer, line: Position, date: Datum, party: Kunde, amount: netto, currency: WÄHRUNG}"),
         xlsx=_book([["Order No", "Line\nNo", "Order Date", "Customer", "sku", "QTY", "Net  Amount", "Curr"], ["A1", "1", "2025-03-31", "ALP", "ANA-1", 1, 10.5, "EUR"]],
                    accepted=1, stored={"amount": [105000]})),
    case(47, "A column renamed since last month", "Refused, naming the column that is missed and the nearest that came.",
         a_csv({}, headers=[*HEADERS[:6], "Net amt", "currency"], mapping=COLUMNS % "Net", refused=("no_such_column",), told=("`Net`", "Net amt")),
         Given(text_of(rows_of({}, headers=[*HEADERS[:6], "Net amt", "currency"])).encode(), refused=("column_renamed",), told=("`Net`",),
               before=(Given(text_of([[*HEADERS[:6], "Net", "currency"], *rows_of({})[1:]]).encode(), mapping=COLUMNS % "Net", accepted=1),)),
         xlsx=a_book({}, headers=[*HEADERS[:6], "Net amt", "currency"], mapping=COLUMNS % "Net", refused=("no_such_column",))),
    case(48, "Columns in another order, and more of them", "Read by name; those that nobody reads are listed, and stay in the stored file.",
         a_csv({"colour": "red"}, headers=[*reversed(HEADERS), "colour"], accepted=1, notes=("extra_columns",), sums={"EUR": "10.50"}),
         a_csv({"colour": "red"}, mapping="extra: refuse", refused=("extra_columns",), told=("colour",)),
         xlsx=a_book({"colour": "red"}, headers=[*reversed(HEADERS), "colour"], accepted=1, notes=("extra_columns",))),
    case(49, "A required column that is missing, or blank in every row", "Refused once, not once a row.",
         a_csv(*({"party": ""} for _ in range(30)), refused=("required_column_empty",), told=("party",)),
         a_csv({}, headers=[name for name in HEADERS if name != "party"], refused=("required_column_absent",), told=("party",)),
         xlsx=a_book({"party": None}, {"party": None}, refused=("required_column_empty",))),
    case(50, "No header, title rows above it, two header rows", "Refused with the row that looks like the header, or read where it is certain; "
         "a row of data is never taken for the header in silence.",
         _text(_titled(["Report of March"] + [""] * 7, [""] * 8), mapping="header: 3", accepted=1, rows=1, sums={"EUR": "10.50"}),
         _text(rows_of({}, {})[1:], refused=("no_header",)),
         _text(rows_of({}, {})[1:], mapping=f"header: none\nnames: [{', '.join(HEADERS)}]", accepted=2, rows=2),
         xlsx=[_book(_titled(["Report of March"], []), mapping="header: 3", accepted=1, rows=1), _book(rows_of({}, {})[1:], refused=("no_header",))]),
    case(51, "Rows that are too short or too long", "They wait whole.",
         Given(b"document,date,party,amount,currency\nA,2025-01-01,ALP,1,EUR\nB,2025-01-01,ALP,1\nC,2025-01-01,ALP,1,EUR,x\nD,2025-01-01,ALP,1,EUR\n",
               accepted=2, rows=4, wrong={3: Row("column_count", "", "4 cells, expected 5"), 4: Row("column_count", "", "6 cells, expected 5")}),
         xlsx="every row of a sheet has the same columns"),
    case(52, "Blank rows, totals, subtotals", "Blank rows are counted; rows of totals wait, or are left out by `totals: drop`, and are held against the rows above.",
         _text(_with_totals("12.50"), accepted=2, rows=4, blank=1, wrong={5: "total_row"}, sums={"EUR": "12.50"}, silent=("control_total_differs",),
               told=("add up to 12.50, as it says",)),
         _text(_with_totals("13.50"), mapping="totals: drop", accepted=2, rows=4, blank=1, filtered=1, sums={"EUR": "12.50"},
               notes=("control_total_differs",), told=("says 13.50, the rows above add up to 12.50",)),
         _text(_with_totals("13.50"), mapping="totals: drop\ncontrol: {rows: 2, amount: 12.5}", accepted=2, rows=4, blank=1, filtered=1),
         _text([*rows_of({}, {}), [], ["Source: ERP"]], mapping="ends: blank row\ncontrol: {rows: 2}", accepted=2, rows=4, blank=0, filtered=2),
         xlsx=_book(_with_totals("12.50"), accepted=2, rows=4, blank=1, wrong={5: "total_row"})),
]  # fmt: skip
