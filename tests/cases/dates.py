"""Cases 28 to 39: days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .case import Given, Row, Sent, a_book, a_csv, book, case, fact, rows_of

DMY, MDY = "date_order: DMY", "date_order: MDY"


def _read(days: dict[str, date], mapping: str = "", **more) -> Given:
    return a_csv(*({"date": text} for text in days), mapping=mapping, accepted=len(days), stored={"date": list(days.values())}, **more)


def _refused(reasons: dict[str, str], mapping: str = DMY) -> Given:
    wrong = {row: Row(code, "date", text) for row, (text, code) in enumerate(reasons.items(), start=3)}
    return a_csv({}, *({"date": text} for text in reasons), mapping=mapping, accepted=1, wrong=wrong)


def _odd(text: str) -> Sent:
    return Sent(fact(date=text), 422)


def _serials(first: int, **options) -> bytes:
    """A workbook whose date cells are these numbers, formatted as days."""
    cells = rows_of({}, {"date": None})
    cells[1][2] = date(2023, 3, 15)

    def change(made, page):
        page.write_number(2, 2, first, made.add_format({"num_format": "yyyy-mm-dd"}))

    return book(cells, change=change, **options)


TOMORROW, LATER = date.today() + timedelta(days=1), date.today() + timedelta(days=9)
NOTHING_TYPED = "a workbook's date cell is a day, whatever its format shows; as text it is read as in CSV"

CASES = [
    case(28, "03/04/2026", "Day or month first is decided from the whole column; a column that does not tell is refused until the mapping says.",
         a_csv({"date": "03/04/2025"}, refused=("ambiguous_date_order",), told=("03/04/2025", "date_order")),
         _read({"31/03/2025": date(2025, 3, 31), "01/04/2025": date(2025, 4, 1)}),
         _read({"03/31/2025": date(2025, 3, 31), "04/01/2025": date(2025, 4, 1)}),
         _read({"03/04/2025": date(2025, 4, 3)}, DMY), _read({"3.4.2025": date(2025, 3, 4), "2025-04-03": date(2025, 4, 3)}, MDY),
         xlsx=[a_book({"date": "03/04/2025"}, refused=("ambiguous_date_order",)),
               a_book({"date": datetime(2025, 3, 4)}, {"date": "03/04/2025"}, mapping=DMY, accepted=2,
                      stored={"date": [date(2025, 3, 4), date(2025, 4, 3)]})]),
    case(29, "07/30/2023 where the day comes first", "There is no such day: the row waits. Nothing is ever rolled over.",
         _refused({"07/30/2023": "bad_date"}), xlsx=a_book({"date": "07/30/2023"}, {}, mapping=DMY, accepted=1, wrong={2: Row("bad_date", "date")})),
    case(30, "2026-02-30, 31 April, 00/00/0000, 24:00", "There is no such day: the row waits.",
         _refused({"2025-02-30": "bad_date", "31/04/2025": "bad_date", "00/00/0000": "bad_date", "2025-03-01 24:00": "bad_date",
                   "yesterday": "not_a_date"}),
         xlsx=a_book({"date": "2025-02-30"}, {}, accepted=1, wrong={2: Row("bad_date", "date", "2025-02-30")}),
         sent=[_odd("2025-02-30"), _odd("2025-04-31"), _odd("0000-00-00"), _odd("2025-03-01T24:00")]),
    case(31, "Excel's serial 45000, the calendar of 1904, serial 60", "A number is no day; a day cell is read by the workbook's own calendar; "
         "before March 1900 Excel is wrong and the row waits.",
         _refused({"45000": "not_a_date", "45000.5": "not_a_date"}),
         xlsx=[a_book({"date": 45000}, {}, accepted=1, wrong={2: Row("not_a_date", "date", "45000")}),
               Given(lambda: _serials(45000), "s.xlsx", accepted=2, stored={"date": [date(2023, 3, 15)] * 2}),
               Given(lambda: _serials(45000 - 1462, date_1904=True), "s.xlsx", accepted=2, stored={"date": [date(2023, 3, 15)] * 2}),
               Given(lambda: _serials(60), "s.xlsx", accepted=1, wrong={3: Row("bad_date", "date")}),
               Given(lambda: _serials(1), "s.xlsx", accepted=1, wrong={3: Row("bad_date", "date")})]),
    case(32, "A year of two digits; Buddhist, Japanese and Hijri years", "The row waits. Two digits are read only by a `date_format` that says so, "
         "and the preview shows the years they became.",
         _refused({"31/03/26": "two_digit_year", "2568-03-31": "date_out_of_bounds", "1446-09-30": "date_out_of_bounds", "R7.3.31": "not_a_date",
                   "令和7年3月31日": "not_a_date"}),
         a_csv({"date": "31.03.25"}, {"date": "31.03.2025"}, accepted=2, stored={"date": [date(2025, 3, 31)] * 2},
               mapping='columns: {document: document, line: line, party: party, amount: amount, currency: currency, '
                       'date: {from: date, date_format: "%d.%m.%y"}}'),
         xlsx=a_book({"date": "31/03/26"}, {"date": "2568-03-31"}, {}, mapping=DMY, accepted=1, wrong={2: "two_digit_year", 3: "date_out_of_bounds"})),
    case(33, "2026-W01-1, 20261121", "Only the listed forms are days; others by a `date_format`.",
         _refused({"2025-W01-1": "not_a_date", "20251121": "not_a_date", "2025-325": "not_a_date"}),
         _read({"2025/3/1": date(2025, 3, 1), "2025.03.01": date(2025, 3, 1), "1 Mar 2025": date(2025, 3, 1), "March 1, 2025": date(2025, 3, 1),
                "01-Mar-2025": date(2025, 3, 1)}),
         xlsx=a_book({"date": "2025-W01-1"}, {"date": 20251121}, {}, accepted=1, wrong={2: "not_a_date", 3: "not_a_date"}),
         sent=[_odd("2025-W01-1"), _odd("20251121"), _odd("2025-325")]),
    case(34, "02:30 that never was, 01:30 that was twice", "An order's day is a day and no moment: the time beside it changes nothing.",
         _read({"2025-03-30 02:30:00": date(2025, 3, 30), "2025-10-26 01:30": date(2025, 10, 26), "2025-10-26T01:30:00": date(2025, 10, 26)}),
         xlsx=a_book({"date": datetime(2025, 3, 30, 2, 30)}, {"date": datetime(2025, 10, 26, 1, 30)}, accepted=2,
                     stored={"date": [date(2025, 3, 30), date(2025, 10, 26)]})),
    case(35, "A time without zone, a time with one", "Without a zone its day is the day; with one the day depends on where, and the row waits.",
         _read({"2025-03-01 23:59:59": date(2025, 3, 1), "2025-03-01T00:00": date(2025, 3, 1), "2025-03-01 10:00:00.000": date(2025, 3, 1)}),
         _refused({"2025-03-01T10:00:00Z": "timestamp_with_zone", "2025-03-01 23:30+02:00": "timestamp_with_zone"}),
         xlsx=a_book({"date": "2025-03-01T10:00:00Z"}, {"date": datetime(2025, 3, 1, 23, 59)}, accepted=1, wrong={2: "timestamp_with_zone"},
                     stored={"date": [date(2025, 3, 1)]}),
         sent=[_odd("2025-03-01T10:00:00Z")]),
    case(36, "A day in the future", "Tomorrow is accepted, for clocks differ; later days wait.",
         a_csv({"date": TOMORROW.isoformat()}, {"date": LATER.isoformat()}, accepted=1, wrong={3: Row("date_in_future", "date", LATER.isoformat())}),
         xlsx=a_book({"date": LATER}, {}, accepted=1, wrong={2: Row("date_in_future", "date")})),
    case(38, "A period that ends before it begins; two that overlap", "The row waits. Two targets for one day and subject are one key with two contents: both wait.",
         Given(b"metric,date,valid_to,value\nquota,2025-02-01,2025-01-01,5\nquota,2025-01-01,2025-01-31,5\n", kind="targets", accepted=1,
               wrong={2: Row("period", "valid_to", "2025-01-01")}),
         Given(b"metric,date,valid_to,value\nquota,2025-01-01,2025-03-31,5\nquota,2025-01-01,2025-02-28,6\n", kind="targets",
               wrong={2: "conflict", 3: "conflict"}),
         xlsx=Given(lambda: book([["metric", "date", "valid_to", "value"], ["quota", date(2025, 2, 1), date(2025, 1, 1), 5],
                                  ["quota", date(2025, 1, 1), date(2025, 1, 31), 5]]), "t.xlsx", kind="targets", accepted=1,
                    wrong={2: Row("period", "valid_to", "2025-01-01")})),
    case(39, "1899-12-31, 0001-01-01", "Out of bounds: days lie between 1900 and 2200.",
         _refused({"1899-12-31": "date_out_of_bounds", "0001-01-01": "date_out_of_bounds", "9999-12-31": "date_out_of_bounds"}),
         xlsx=a_book({"date": "1899-12-31"}, {}, accepted=1, wrong={2: "date_out_of_bounds"})),
]  # fmt: skip
