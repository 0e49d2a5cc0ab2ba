"""Cases 12 to 25: numbers."""

from __future__ import annotations

from .case import Given, Row, Sent, a_book, a_csv, case, fact

POINT = 'decimal: "."'


def _read(values: dict[str, int], mapping: str = "", **more) -> Given:
    """Amounts as texts, and what each is stored as, in ten-thousandths."""
    return a_csv(
        *({"amount": text} for text in values), mapping=mapping, accepted=len(values), stored={"amount": list(values.values())}, **more
    )


def _refused(reasons: dict[str, str], mapping: str = POINT, **more) -> Given:
    """Amounts as texts behind a good one, and why each waits."""
    wrong = {row: Row(code, "amount", text) for row, (text, code) in enumerate(reasons.items(), start=3)}
    return a_csv({}, *({"amount": text} for text in reasons), mapping=mapping, accepted=1, wrong=wrong, **more)


def _as_book(given: list[tuple[object, object]], **more) -> Given:
    """Amounts as cells of a sheet (typed as Python types them), with what is stored."""
    return a_book(*({"amount": cell} for cell, _ in given), accepted=len(given), stored={"amount": [value for _, value in given]}, **more)


def _odd(text: str, code: str = "", **columns) -> Sent:
    return Sent(fact(amount=text, **columns), 422, code)


EUROPEAN = {"1.234,56": 12345600, "2,5": 25000, "1 234,5": 12345000, "1\u00a0234,5": 12345000, "1\u202f234,5": 12345000}
ENGLISH = {"1,234.56": 12345600, "2.5": 25000, "1'234.5": 12345000, "1’234.56": 12345600}

CASES = [
    case(12, "1.234,56 and 1,234.56 and 1 234,56 and 1'234.56",
         "The decimal mark is decided once for a column, from all its cells; a cell that contradicts waits.",
         _read(EUROPEAN), _read(ENGLISH), _refused({"1,5": "not_a_number", "12,34": "not_a_number", "1.5.2": "not_a_number"}),
         a_csv({"amount": "1,5"}, {"amount": "2.25"}, mapping='decimal: ","', accepted=1, wrong={3: Row("not_a_number", "amount", "2.25")}),
         xlsx=[_as_book(list(EUROPEAN.items())), _as_book(list(ENGLISH.items()))]),
    case(13, "1,234 alone", "Refused until the mapping says which mark it is; the mapping is remembered.",
         a_csv({"amount": "1,234"}, refused=("ambiguous_decimal",), told=("1,234", "decimal:")),
         a_csv({"amount": "1.5"}, {"amount": "1,5"}, refused=("ambiguous_decimal",)),
         _read({"1,234": 12340000}, POINT), _read({"1,234": 12340}, 'decimal: ","'),
         xlsx=a_book({"amount": "1,234"}, refused=("ambiguous_decimal",))),
    case(14, "Typed numbers of a sheet, and a mapping for decimal commas", "Typed cells are read as they are, whatever the mapping says.",
         csv="text has no typed cells", xlsx=[
             _as_book([(1234.5, 12345000), ("1.234,5", 12345000), (0.1 + 0.2, 3000), (1e11, 10**15)], mapping='decimal: ","'),
             a_book({"amount": 1234.5}, {"amount": True}, accepted=1, wrong={3: "not_a_number"})]),
    case(15, "-5, (5), 5-, −5 (U+2212)", "All four are minus five; anything else waits.",
         _read({"-5": -50000, "(5)": -50000, "5-": -50000, "−5": -50000, "(1,234.5)": -12345000, "+5": 50000}, "negatives: allowed"),
         _refused(dict.fromkeys(["--5", "(5", "-5-", "(-5)", "5 -5"], "not_a_number"), f"{POINT}\nnegatives: allowed"),
         xlsx=_as_book([(-5, -50000), ("(5)", -50000), ("5-", -50000), ("−5", -50000)], mapping="negatives: allowed"),
         sent=[_odd("--5"), _odd("(5"), _odd("5-5")]),
    case(16, "A negative amount or quantity", "Accepted as a return or credit, or where the mapping allows it; else its row waits.",
         a_csv({"amount": "-5"}, {"amount": "-5", "kind": "Return", "quantity": "-1"}, {"kind": "sale"}, {"quantity": "-2", "kind": ""}, accepted=2,
               wrong={2: Row("negative_without_return", "amount", "-5"), 5: Row("negative_without_return", "quantity", "-2")}, sums={"EUR": "5.50"}),
         a_csv({"amount": "-5"}, mapping="negatives: allowed", accepted=1, silent=("negative_amounts",)),
         a_csv({"amount": "-5"}, mapping="negatives: warn", accepted=1, notes=("negative_amounts",)),
         xlsx=a_book({"amount": -5}, {"amount": -5, "kind": "credit"}, accepted=1, wrong={2: "negative_without_return"})),
    case(17, "Zero quantity, zero price, blank price", "Zero is a number and is kept; blank is no value. An amount for nothing is said in a warning.",
         a_csv({"quantity": "0", "unit_price": "0"}, {"quantity": "", "unit_price": ""}, {"amount": "0.00"}, accepted=3,
               stored={"quantity": [0, None, 1000000], "unit_price": [0, None, None]}, notes=("amount_differs",)),
         a_csv({"amount": ""}, {}, accepted=1, wrong={2: Row("required", "amount", "")}),
         xlsx=a_book({"quantity": 0, "unit_price": 0}, {"quantity": None, "unit_price": None}, accepted=2,
                     stored={"quantity": [0, None], "unit_price": [0, None]})),
    case(18, "1e308, 1E+400, too many digits", "Out of range: 10^11 and four decimals are the most that an amount has.",
         _refused({"1e308": "out_of_range", "1E+400": "out_of_range", "100000000000.01": "out_of_range", "1.00005": "out_of_range",
                   "1" + "0" * 42: "out_of_range", "1e5": "not_a_number"}),
         _read({"100000000000": 10**15, "99999999999.9999": 10**15 - 1}),
         xlsx=a_book({"amount": 1e300}, {"amount": 1.23456789}, {}, accepted=1, wrong={2: "out_of_range", 3: "out_of_range"}),
         sent=[Sent(b'{"source": "erp", "columns": {"amount": 1e999}}', 400, "out_of_range"), _odd("1E+400"), _odd("1e308"), _odd("1.00005")]),
    case(19, "NaN, sNaN, Infinity", "Not finite: the row waits, and JSON with it is refused as a whole.",
         _refused(dict.fromkeys(["NaN", "sNaN", "Infinity", "-inf"], "not_finite")),
         xlsx=a_book({"amount": "NaN"}, {}, accepted=1, wrong={2: "not_finite"}),
         sent=[Sent(b'{"source": "erp", "columns": {"amount": NaN}}', 400, "not_finite"),
               Sent(b'{"source": "erp", "columns": {"amount": -Infinity}}', 400, "not_finite"), _odd("NaN"), _odd("sNaN"), _odd("Infinity")]),
    case(20, "1_000", "Not a number, though programs read it as one.", _refused({"1_000": "not_a_number", "1__0": "not_a_number"}),
         xlsx=a_book({"amount": "1_000"}, {}, accepted=1, wrong={2: "not_a_number"}), sent=[_odd("1_000"), _odd("10", quantity="1_0")]),
    case(21, "Digits of other scripts", "They wait: digits are 0 to 9.", _refused({"１２": "digits_not_ascii", "١٢٣": "digits_not_ascii"}),
         xlsx=a_book({"amount": "１２"}, {}, accepted=1, wrong={2: "digits_not_ascii"}), sent=[_odd("１２"), _odd("١٢٣")]),
    case(22, "$5, 5 EUR, 12 %, 5 pcs", "A sign or code beside an amount must be the row's currency; a percentage is no amount.",
         _read({"€5.5": 55000, "5.5 EUR": 55000, "EUR 5": 50000, "5€": 50000}),
         _refused({"$5": "currency_conflict", "5 USD": "currency_conflict", "5 pcs": "currency_conflict", "12 %": "not_a_number"}),
         xlsx=a_book({"amount": "5 EUR"}, {"amount": "$5"}, accepted=1, wrong={3: Row("currency_conflict", "amount", "$5")})),
    case(23, "0.1 + 0.2, 1.005, 2.675", "Decimal from end to end: nothing is a binary fraction, nothing is rounded.",
         _read({"0.1": 1000, "0.2": 2000, "1.005": 10050, "2.675": 26750}, POINT, sums={"EUR": "3.98"}),
         xlsx=_as_book([(0.1 + 0.2, 3000), (1.005, 10050), (2.675, 26750)])),
    case(24, "The JSON number 12345678901.2345", "Decimals of JSON are read as they are written, as are numbers in quotes.",
         csv="it is about JSON", xlsx="it is about JSON", sent=[
             Sent(b'{"source": "erp", "columns": {"document": "J1", "line": "1", "date": "2025-03-31", "party": "ALP", "amount": 12345678901.2345, '
                  b'"currency": "EUR"}}', 202, stored={"amount": 123456789012345}),
             Sent(fact(document="J2", amount="12345678901.2345"), 202, stored={"amount": 123456789012345}),
             Sent(b'{"source": "erp", "columns": {"document": "J3", "line": "1", "date": "2025-03-31", "party": "ALP", '
                  b'"amount": 12345678901234567.89, "currency": "EUR"}}', 422)]),
    case(25, "A name twice in one JSON object", "Refused: neither the first nor the last is chosen.", csv="it is about JSON", xlsx="it is about JSON",
         sent=[Sent(b'{"source": "erp", "columns": {"amount": "1", "amount": "2"}}', 400, "duplicate_name"),
               Sent(b'{"source": "erp", "source": "crm", "columns": {}}', 400, "duplicate_name")]),
]  # fmt: skip
