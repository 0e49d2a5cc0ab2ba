"""Cases 26, 27, 69 to 73, 77, 78: codes, names, units; what stands between the lines."""

from __future__ import annotations

from datetime import datetime

from .case import Given, Row, Sent, a_book, a_csv, book, case, fact, rows_of

LONG = "0012345678901234"


def _hidden() -> bytes:
    """100 rows of which a filter shows 4."""
    cells = rows_of(*({} for _ in range(100)))
    return book(cells, change=lambda made, page: [page.set_row(row, None, None, {"hidden": True}) for row in range(5, 101)])


def _unmatched(count: int):
    def look(arrival) -> None:
        assert arrival.done["unmatched"] == count

    return look


PERSONS = {
    "end_customer": "Dr. Roth, roth@clinic.example", "party_name": "call +41 44 123 45 67", "representative": "R1",
}  # fmt: skip

NUMBERED = Given(b"code,name,gtin\nN1,New,4006381333931\nN2,Newer,4006381333932\n", "products.csv", kind="products", accepted=1,
                 wrong={3: Row("bad_gtin", "gtin", "4006381333932")})  # fmt: skip

CASES = [
    case(26, "The code 0012345678901234", "Codes are text, zeros in front included; one that a spreadsheet has rounded or shortened waits.",
         a_csv({"document": LONG}, {"document": "1.23E+15"}, {"document": "1,23457E+15"}, {"document": "1E5"}, accepted=2,
               stored={"document": [LONG, "1E5"]},
               wrong={3: Row("id_damaged_by_spreadsheet", "document", "1.23E+15"), 4: "id_damaged_by_spreadsheet"}),
         xlsx=a_book({"document": LONG}, {"document": 1234567890123456}, {"document": 4711}, accepted=2,
                     stored={"document": [LONG, "4711"]}, wrong={3: "id_damaged_by_spreadsheet"}),
         sent=[Sent(fact(document=LONG), 202, stored={"document": LONG})]),
    case(27, "MAR1 or 1-2 that a spreadsheet took for a day", "The row waits with that explanation.",
         a_csv({"product": "1-Mar"}, {"document": "Mar-01"}, {}, accepted=1,
               wrong={2: Row("id_damaged_by_spreadsheet", "product", "1-Mar"), 3: "id_damaged_by_spreadsheet"}),
         xlsx=a_book({"product": datetime(2025, 3, 1)}, {"document": datetime(2025, 2, 1)}, {}, accepted=1,
                     wrong={2: Row("id_damaged_by_spreadsheet", "product"), 3: "id_damaged_by_spreadsheet"})),
    case(69, "é in two ways, ß and ẞ, Turkish İ, emoji", "Kept as written; names are compared by one normal form.",
         a_csv({"party": "K1", "party_name": "Alpine Diagnostics".replace("i", "i")}, {"party": "K2", "party_name": "ＡＬＰＩＮＥ　diagnostics"},
               {"party": "K3", "party_name": "Cafe\u0301 👩‍⚕️"}, accepted=3, also=_unmatched(1),
               stored={"party_name": ["Alpine Diagnostics", "ＡＬＰＩＮＥ　diagnostics", "Cafe\u0301 👩‍⚕️"]}),
         xlsx=a_book({"party": "K3", "party_name": "Straße İzmir é e\u0301"}, accepted=1, stored={"party_name": ["Straße İzmir é e\u0301"]})),
    case(70, "Greek Α for Latin A, RTL override, zero-width space", "Accepted with a warning; never taken for the name that it looks like.",
         a_csv({"party": "ΑLP", "party_name": "Αlpine Diagnostics"}, {"party": "A\u200bLP"}, {"party": "X\u202eY"}, accepted=3,
               notes=("lookalike_letters", "unseen_signs"), also=_unmatched(3)),
         xlsx=a_book({"party": "ΑLP"}, accepted=1, notes=("lookalike_letters",), also=_unmatched(1))),
    case(71, "Spaces around and inside codes", "Taken off at the ends, made one inside; the file keeps them.",
         a_csv({"party": " ALP\u00a0", "document": "A  1"}, {"party": "\u202fALP", "document": "A\u00a01"}, accepted=2, also=_unmatched(0),
               stored={"party": ["ALP", "ALP"], "document": ["A 1", "A 1"]}),
         xlsx=a_book({"party": " ALP ", "document": "A  1"}, accepted=1, stored={"party": ["ALP"], "document": ["A 1"]})),
    case(72, "A trade item number with 12, 13 or 14 digits, or a wrong check digit", "Kept with 14 digits and read as its product's code; a wrong check digit waits.",
         a_csv({"product": "4006381333931"}, {"product": "04006381333931"}, {"product": "4006381333932"}, {}, accepted=3, before=(NUMBERED,),
               wrong={4: Row("bad_gtin", "product", "4006381333932")}, stored={"product": ["N1", "N1", "ANA-1"]}),
         xlsx=a_book({"product": 4006381333931}, {"product": "4006381333932"}, before=(NUMBERED,), accepted=1, wrong={3: "bad_gtin"}, stored={"product": ["N1"]})),
    case(73, "Each, box, case", "Units are looked up once products are known; an unknown one waits with the nearest.",
         a_csv({"unit": "each"}, {"unit": "eech"}, {"unit": ""}, accepted=2, wrong={3: Row("unknown_unit", "unit", "eech")}, told=("nearest: each",)),
         xlsx=a_book({"unit": "each"}, {"unit": "pallet"}, accepted=1, wrong={3: "unknown_unit"})),
    case(74, "Quantity times price is not the amount", "A warning with the first such row; `amount_check: refuse` keeps them back, with a tolerance.",
         a_csv({"quantity": "2", "unit_price": "5", "amount": "10"}, {"quantity": "2", "unit_price": "5", "amount": "21"}, accepted=2,
               notes=("amount_differs",), told=("row 3: 2 x 5",)),
         a_csv({"quantity": "2", "unit_price": "5", "amount": "10.05"}, {"quantity": "2", "unit_price": "5", "amount": "10.2"},
               {"quantity": "-2", "unit_price": "5", "amount": "-10", "kind": "return"}, mapping="amount_check: refuse", accepted=2,
               wrong={3: Row("amount_differs", "amount", "10.2")}),
         a_csv({"quantity": "2", "unit_price": "5", "amount": "10.05"}, mapping="amount_check: refuse\ntolerance: 0.04",
               wrong={2: "amount_differs"}),
         xlsx=a_book({"quantity": 2, "unit_price": 5, "amount": 21}, mapping="amount_check: refuse", wrong={2: Row("amount_differs", "amount", "21")})),
    case(77, "Rows of which a filter shows a few", "All are read, and both numbers are told; `hidden: drop` leaves them out and counts them.",
         csv="text hides nothing", xlsx=[
             Given(_hidden, "orders.xlsx", accepted=100, rows=100, notes=("hidden_rows",), told=("100 rows: 4 are shown, 96 are hidden",),
                   sums={"EUR": "1050.00"}),
             Given(_hidden, "orders.xlsx", mapping="hidden: drop", accepted=4, filtered=96, rows=100, silent=("hidden_rows",), sums={"EUR": "42.00"})]),
    case(78, "Names, telephone numbers and days of birth in free text", "A warning that names the column and never the value.",
         a_csv(PERSONS, {"end_customer": "Mr X, born 3.4.1955"}, {"end_customer": "AHV 756.1234.5678.97"}, accepted=3, notes=("personal_data",),
               told=("column `end_customer`", "e-mail addresses in 1 rows", "dates of birth in 1 rows"),
               never=("roth@clinic.example", "44 123 45 67", "3.4.1955", "756.1234")),
         a_csv({"Patient": "4711", "end_customer": "Klinik"}, accepted=1, notes=("personal_data",), told=("column `Patient`",)),
         a_csv({"end_customer": "Klinik 2025-03-01", "party_name": "Lab 24"}, accepted=1, silent=("personal_data",)),
         xlsx=a_book(PERSONS, accepted=1, notes=("personal_data",), never=("roth@clinic.example",))),
]  # fmt: skip
