"""Cases 37, 61 to 67, 75, 76: files that come again, their names and sizes, interchanges, requests."""

from __future__ import annotations

import gzip
import json

from .case import GOOD, Given, Sent, a_book, a_csv, case, fact, rows_of, text_of

X12 = b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *250331*1200*U*00401*000000001*0*P*>~GS*PO*S*R*20250331*1200*1*X*004010~"
EDIFACT = b"UNA:+.? 'UNB+UNOC:3+SENDER+RECEIVER+250331:1200+1'UNH+1+SLSRPT:D:96A:UN'"
THREE = ({}, {}, {})


def _settled(arrival) -> None:
    """The same bytes again: nothing new, and it says which batch had brought them."""
    assert arrival.done is None or arrival.done["accepted"] == 0


def _long(columns: int) -> bytes:
    return (",".join(f"c{number}" for number in range(columns)) + "\n" + ",".join("1" * 1 for _ in range(columns)) + "\n").encode()


def _own_name(arrival) -> None:
    name = arrival.batch.name
    assert "/" not in name and "\\" not in name and "\0" not in name and "\u202e" not in name and len(name) <= 200, name
    page = arrival.people.client.get(f"/intake/{arrival.batch.pk}", follow=True)
    assert page.status_code == 200


def _fast_depth() -> bytes:
    return b'{"source": "erp", "columns": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"


def _two_rows(*, atomic: bool) -> bytes:
    """A good row and a bad one in one request."""
    return json.dumps({"source": "erp", "atomic": atomic, "rows": [GOOD, {**GOOD, "line": "2", "amount": "ten"}]}).encode()


CASES = [
    case(37, "A day in a closed period", "Accepted with its own date; what was published stays as it is, and a newer cut shows the difference.",
         a_csv({"date": "2019-12-31"}, accepted=1), xlsx=a_book({"date": "2019-12-31"}, accepted=1)),
    case(61, "File names with paths, zero bytes, overrides, 300 letters, CON, emoji", "Never a path: files are stored under their hash; the name is shown without what deceives.",
         *(a_csv({}, name=name, accepted=1, also=_own_name) for name in ("../../etc/pass\u202ewd\x00.csv", "x" * 300 + ".csv", "CON.csv", "👩‍⚕️ März.csv", "..\\..\\a.csv")),
         xlsx=a_book({}, name="../../CON\u202e.xlsx", accepted=1, also=_own_name),
         rest=[a_csv({}, name=name, accepted=1, also=_own_name) for name in ("../../etc/pass\u202ewd.csv", "x" * 240 + ".csv", "👩‍⚕️ März.csv")]),
    case(62, "Nothing, a header alone, no line end, half a file", "Refused where nothing or half is there, or other than the control totals that were announced; a last row that is cut waits.",
         Given(b"", refused=("empty",)), Given(text_of(rows_of()).encode(), refused=("empty",)), Given(b"\r\n\r\n", refused=("empty",)),
         Given(text_of(rows_of({})).encode().rstrip(), accepted=1), Given(text_of(rows_of({}, {})).encode()[:-20], accepted=1, wrong={3: "column_count"}),
         a_csv({}, {}, mapping="control: {rows: 2, amount: 21}", accepted=2),
         a_csv({}, {"amount": "x"}, mapping="control: {rows: 2, amount: 21}", accepted=1, wrong={3: "not_a_number"}, notes=("control_unknown",)),
         a_csv({}, mapping="control: {rows: 2, amount: 21}", refused=("control_differs", "control_differs"), told=("announced were 2", "announced were 21.00")),
         xlsx=[Given(lambda: a_book({}).bytes()[:-200], "orders.xlsx", refused=("truncated",)), a_book(rows=None, refused=("empty",))]),
    case(63, "The same file again", "Nothing new: it names the batch that had brought it, and every row counts as a repetition.",
         a_csv(*THREE, name="copy.csv", before=(a_csv(*THREE, accepted=3),), duplicates=3, also=_settled),
         xlsx=a_book(*THREE, name="copy.xlsx", before=(a_book(*THREE, accepted=3),), duplicates=3, also=_settled)),
    case(64, "The same rows in a corrected file", "Same key and content: a repetition. Other content: the old line is reversed and the new one counts.",
         a_csv({}, {"amount": "11"}, {}, before=(a_csv(*THREE, accepted=3),), accepted=1, duplicates=2, sums={"EUR": "11.00"}),
         xlsx=a_book({}, {"amount": 11}, {}, before=(a_book(*THREE, accepted=3),), accepted=1, duplicates=2)),
    case(65, "Files that overlap; two rows with one key", "Their union, whatever the order; two rows of one file with one key and two contents both wait.",
         a_csv(*THREE, {"line": "4"}, before=(a_csv({}, {}, accepted=2),), accepted=2, duplicates=2),
         a_csv({"line": "1"}, {"line": "1", "amount": "9"}, {"line": "2"}, accepted=1, wrong={2: "conflict", 3: "conflict"}),
         xlsx=a_book(*THREE, {"line": "4"}, before=(a_book({}, {}, accepted=2),), accepted=2, duplicates=2)),
    case(66, "Ten million rows, ten gigabytes", "Limits are named before the work; below them a file is read by the worker within its memory (make bench).",
         a_csv(*THREE, refused=("too_many_rows",), limited={"MOST_ROWS": 2}, rows=None, told=("at most 2 rows",)),
         xlsx=a_book(*THREE, refused=("too_many_rows",), limited={"MOST_ROWS": 2}, rows=None)),
    case(67, "16,384 columns; a cell of 50 MB", "More than 500 columns are refused; a cell above 32,767 letters waits, and the file goes on.",
         a_csv({"party_name": "x" * 40_000}, {"party_name": "y" * 200_000}, {}, accepted=1, wrong={2: "cell_too_long", 3: "cell_too_long"}, never=("xxxxx" * 200,)),
         Given(_long(16_384), refused=("too_many_columns",), told=("at most 500",)),
         xlsx=a_book({}, headers=[*rows_of({})[0], *(f"c{number}" for number in range(600))], refused=("too_many_columns",))),
    case(75, "EDI: X12 and EDIFACT", "Refused by name: interchanges are not read yet, so there are no segments, control numbers or acknowledgements to check.",
         Given(X12, "orders.txt", refused=("interchange_not_read",), told=("X12",)), Given(EDIFACT, "orders.csv", refused=("interchange_not_read",), told=("EDIFACT",)),
         xlsx="an interchange is text; beyond its refusal, interchanges are not read yet"),
    case(76, "Requests: too large, too deep, of another type, packed, with unknown fields", "400, 413 or 415 with the reason, never a fault of ours. Of many rows each is answered; `atomic` says whether one bad row stops all.",
         csv="it is about requests", xlsx="it is about requests", sent=[
             Sent(_fast_depth(), 400, "too_deep"), Sent(b'{"source": ', 400, "unreadable"), Sent(b'\xff\xfe{"a": 1}', 400),
             Sent(b'{"source": "erp", "columns": {"party": "A\\u0000B"}}', 400, "bad_text"),
             Sent(b'{"source": "erp", "columns": {"party": "A\\ud800B"}}', 400, "bad_text"),
             Sent(b'{"source": "erp", "columns": {"amount": 1e-99999999999999999999}}', 400, "out_of_range"),
             Sent(fact(), 415, "unsupported_media_type", content_type="text/plain"), Sent(b"a,b", 415, content_type="text/csv"),
             Sent(b" " * 20_000_000, 413, "too_large"),
             Sent(gzip.compress(b"[" * 10_000_000), 415, headers={"HTTP_CONTENT_ENCODING": "gzip"}),
             Sent(fact()[:-1] + b', "surprise": 1}', 400, "unknown_field"), Sent(fact(surprise="1"), 400, "unknown_field"),
             Sent(_two_rows(atomic=False), 202, path="/rows/orders", told=("rows[1]", "not_a_number"), stored={"document": "A1", "amount": 105000}),
             Sent(_two_rows(atomic=True), 422, path="/rows/orders", told=("rows[1]", "not_a_number")),
             Sent(b"[]", 422), Sent(b"null", 422), Sent(b'"text"', 422), Sent(b"1", 422)]),
]  # fmt: skip
