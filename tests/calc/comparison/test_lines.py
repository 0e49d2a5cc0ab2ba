"""A workbook's lines against ours: every planted error is named, and the differences add up for every subject."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.comparison.lines import Ours, Sheet, Theirs, check, compare_lines
from steelyard.calc.comparison.reasons import gather
from tests.thoroughness import examples

SHEET = Sheet(frozenset("AB"), "EUR", located=frozenset({"not its territory"}))


def ours(number: int, subject: str = "A", value: int = 1000_0000, **more) -> Ours:
    given = {"document": f"SO{number // 10}", "line": str(number % 10), "day": date(2026, 2, 1), "amount": value, "currency": "EUR"}
    return Ours(number, subject, value, **{**given, **more})


def theirs(row: int, of: Ours, **more) -> Theirs:
    line = Theirs(row, of.subject, of.value, of.document, of.line, of.day, of.amount, of.currency)
    return replace(line, **more)


def causes(their_lines, our_rows, sheet=SHEET) -> list[tuple[str, str, int]]:
    leaves = compare_lines(their_lines, our_rows, sheet)
    check(leaves, their_lines, our_rows, sheet)
    return [(reason.cause, reason.key, reason.amount) for reason in gather(leaves)]


ROWS = [ours(number, subject) for number, subject in ((11, "A"), (12, "A"), (21, "A"), (31, "B"), (41, "B"))]
COPY = [theirs(row, one) for row, one in enumerate(ROWS, start=2)]


def test_a_faithful_copy_has_no_differences():
    assert causes(COPY, ROWS) == []
    assert causes(COPY[::-1], ROWS) == []


def test_an_order_counted_twice_is_one_reason_however_many_lines_it_has():
    again = [replace(line, row=line.row + 50) for line in COPY if line.document == "SO1"]
    assert causes(COPY + again, ROWS) == [("twice", "SO1", -2000_0000)]


def test_a_line_that_is_missing_and_a_return_that_is_missing():
    returned = ours(51, "A", -300_0000)
    assert causes(COPY[1:], [*ROWS, returned]) == [("missing", "SO1", 1000_0000), ("return", "SO5", -300_0000)]


def test_a_line_of_the_next_quarter_is_told_by_our_row():
    later = ours(61, "A", day=date(2026, 4, 2), inside=False)
    assert causes([*COPY, theirs(9, later)], [*ROWS, later]) == [("period", "SO6", -1000_0000)]


def test_their_own_last_day_tells_why_our_later_lines_are_missing():
    late = ours(71, "A", day=date(2026, 3, 30))
    shorter = replace(SHEET, first_day=date(2026, 1, 1), last_day=date(2026, 3, 28))
    assert causes(COPY, [*ROWS, late], shorter) == [("period", "SO7", 1000_0000)]


def test_a_rule_and_a_territory_are_told_apart():
    excluded = [ours(81, "A", reason="not its territory"), ours(91, "A", reason="free of charge")]
    lines = [*COPY, *(theirs(row, one) for row, one in enumerate(excluded, start=20))]
    assert causes(lines, [*ROWS, *excluded]) == [("territory", "SO8", -1000_0000), ("rule", "SO9", -1000_0000)]


def test_a_line_under_another_partner_is_one_reason_on_two_sides():
    moved = [replace(line, subject="B") if line.document == "SO2" else line for line in COPY]
    found = compare_lines(moved, ROWS, SHEET)
    assert [(leaf.cause, leaf.subject, leaf.amount, leaf.other) for leaf in found] == [
        ("partner", "B", -1000_0000, "A"), ("partner", "A", 1000_0000, "B"),
    ]  # fmt: skip
    assert causes(moved, ROWS) == [("partner", "SO2", 0)]


def test_another_amount_another_sign_another_currency():
    changed = [replace(COPY[0], amount=900_0000, value=900_0000), replace(COPY[1], amount=-1000_0000, value=-1000_0000), *COPY[2:]]
    assert [cause for cause, _, _ in causes(changed, ROWS)] == ["amount", "sign"]
    foreign = [replace(COPY[0], currency="USD", value=880_0000), *COPY[1:]]
    assert causes(foreign, ROWS) == [("currency", "SO1", 120_0000)]


def test_amount_and_rate_are_two_reasons_that_add_up():
    row = ours(11, "A", 2000_0000, amount=1000_0000, currency="GBP")
    line = theirs(2, row, amount=900_0000, value=1710_0000, rate="1.9")
    assert causes([line], [row]) == [("amount", "SO1", 200_0000), ("rate", "rate GBP 1.9", 90_0000)]


def test_lines_of_one_currency_with_one_old_rate_are_one_reason():
    rows = [ours(number, "A", 2000_0000, amount=1000_0000, currency="GBP") for number in (11, 21, 31)]
    lines = [theirs(number, row, value=1900_0000, rate="1.9") for number, row in enumerate(rows, start=2)]
    assert causes(lines, rows) == [("rate", "rate GBP 1.9", 300_0000)]


def test_cents_are_rounding_and_come_last():
    row = ours(51, "A", 123_4567)
    line = theirs(7, row, amount=123_4600, value=123_4600, coarse=50)
    assert causes([line, *COPY[1:]], [*ROWS, row]) == [("missing", "SO1", 1000_0000), ("rounding", "rounding", -33)]


def test_a_hidden_row_that_counts_is_told_and_one_that_does_not_is_too():
    stranger = Theirs(30, "A", 50_0000, "SO99", "1", hidden=True)
    assert causes([*COPY, stranger], ROWS) == [("hidden", "SO99", -50_0000)]
    hidden = [replace(COPY[0], hidden=True), *COPY[1:]]
    assert causes(hidden, ROWS) == []
    assert causes(hidden, ROWS, replace(SHEET, without_hidden=frozenset("A"))) == [("hidden", "SO1", 1000_0000)]


def test_numbers_are_compared_as_people_read_them():
    odd = [replace(line, document=f" so0{line.document[2:]}".replace("so0", "SO"), line=f"00{line.line}.0") for line in COPY]
    assert causes(odd, ROWS) == []


def test_without_line_numbers_lines_are_found_by_their_amounts_and_a_whole_order_as_one():
    rows = [ours(11, "A", 100_0000), ours(12, "A", 200_0000), ours(21, "A", 300_0000), ours(22, "A", 400_0000)]
    lines = [replace(theirs(2, rows[1]), line=""), replace(theirs(3, rows[0]), line=""), Theirs(4, "A", 700_0000, "SO2")]
    assert causes(lines, rows) == []
    assert causes([*lines, replace(lines[0], row=9)], rows) == [("twice", "SO1", -200_0000)]
    assert causes([*lines[:2], replace(lines[2], value=650_0000)], rows) == [("amount", "SO2", 50_0000)]


def test_the_same_sale_under_another_number_is_no_difference():
    renumbered = [replace(line, document=f"X-{line.row}") if line.document == "SO2" else line for line in COPY]
    rows = [replace(row, value=777_0000, amount=777_0000) if row.document == "SO2" else row for row in ROWS]
    lines = [replace(line, value=777_0000, amount=777_0000) if line.document.startswith("X-") else line for line in renumbered]
    assert causes(lines, rows) == []


SMALL = st.integers(-5, 30).map(lambda units: units * 10_0000)


@st.composite
def sheets(draw):
    """Rows of ours, and a copy of them in which anything may have been changed, doubled, moved or left out."""
    rows = [
        ours(number, draw(st.sampled_from("ABC")), draw(SMALL), inside=draw(st.booleans()), currency=draw(st.sampled_from(["EUR", "GBP"])),
             reason=draw(st.sampled_from([None, None, "free", "not its territory"])), amount=draw(SMALL))
        for number in range(11, 11 + draw(st.integers(0, 12)))
    ]  # fmt: skip
    lines = []
    for place in range(draw(st.integers(0, 14))):
        line = (
            theirs(place + 2, draw(st.sampled_from(rows))) if rows and draw(st.booleans()) else Theirs(place + 2, "A", draw(SMALL), "SO77")
        )
        lines.append(
            replace(
                line, subject=draw(st.sampled_from([line.subject, "A", "B", ""])),
                value=draw(st.sampled_from([line.value, -line.value, 70_0000])),
                line=draw(st.sampled_from([line.line, ""])), hidden=draw(st.booleans()), coarse=draw(st.sampled_from([0, 50])),
                amount=draw(st.sampled_from([line.amount, 40_0000, None])), rate=draw(st.sampled_from(["", "1.2"])),
            )
        )  # fmt: skip
    return lines, rows, replace(SHEET, without_hidden=frozenset(draw(st.sets(st.sampled_from("AB")))))


@settings(deadline=None, max_examples=examples(150))
@given(sheets())
def test_whatever_was_done_to_a_sheet_the_differences_add_up(made):
    lines, rows, sheet = made
    leaves = compare_lines(lines, rows, sheet)
    check(leaves, lines, rows, sheet)
    assert {leaf.subject for leaf in leaves} <= sheet.subjects
    assert all(leaf.amount for leaf in leaves)
