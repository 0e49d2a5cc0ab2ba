"""Whole files as nobody would write them: whatever comes, every row and every amount is in one place, and twice is once."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.calc.errors import Refused
from steelyard.intake import actions, mappings
from steelyard.intake.models import BUCKETS, Batch
from steelyard.intake.outcome import MONEY_BUCKETS
from steelyard.ledger import queries as ledger
from tests.thoroughness import examples

from .arrival import COUNTS, MORE
from .case import GOOD, HEADERS, book, text_of
from .conftest import undone

ODD = (
    "", " ", "\u00a0", "0", "-5", "(5)", "5-", "−7", "1,5", "1.5", "1.234,56", "1,234.56", "1'234.5", "1 234,5", "1e308", "1E+400", "NaN", "sNaN",
    "Infinity", "1_000", "１２", "$5", "5 EUR", "12 %", "0.00005", "99999999999999999999", "1.23E+15", "03/04/2025", "31/03/2025", "2025-02-30",
    "2025-W01-1", "20251121", "45000", "31/03/26", "2025-03-01T10:00:00Z", "1899-12-31", "9999-12-31", "XXX", "usd", "€", "Grand total", "Total",
    "=1+1", "@SUM(A1)", "\t=1", "#REF!", "#N/A", "<img src=x>", "'; DROP TABLE x", "A\x00B", "A\x1bB", "a\u2028b", "a\nb", 'a"b', "Αcme", "A\u200bLP",
    "é", "e\u0301", "İ", "👩‍⚕️", "\ufeffA", "\u202eA", "x@y.example", "x" * 33_000, "return", "gift", "yes", "ZZZ-1", "4006381333932", "1-Mar",
)  # fmt: skip
cells = st.one_of(st.sampled_from(ODD), st.text(max_size=6))
MORE_HEADERS = ("unit_price", "kind", "party_name", "end_customer", "unit", "Colour", "Qty ", "on_credit", "promised_on", "Amount", "")
MAPPINGS = ("", 'decimal: "."', 'decimal: ","\ndate_order: DMY', "negatives: allowed\ntotals: drop", "date_order: MDY\namount_check: refuse",
            "currency: EUR", "ends: blank row", "where: [{column: party, is_not: BOR}]", "scope: {replaces: [source, period]}")  # fmt: skip


@st.composite
def tables(draw):
    """Headers and rows: some good, some with odd cells, some too short or too long, some blank, some twice."""
    headers = [*HEADERS, *draw(st.lists(st.sampled_from(MORE_HEADERS), max_size=3))]
    if draw(st.integers(0, 9)) == 0:
        headers = draw(st.permutations(headers))[: draw(st.integers(1, len(headers)))]
    rows = []
    for number in range(draw(st.integers(0, 8))):
        row = [{**GOOD, "line": str(number)}.get(header, "") for header in headers]
        for _ in range(draw(st.integers(0, 2))):
            row[draw(st.integers(0, len(row) - 1))] = draw(cells)
        odd = ([row[:-1]], [[*row, "x"]], [[""] * len(row)], [row, row])  # too short, too long, blank, twice
        shape = draw(st.integers(0, 19))
        rows += odd[shape] if shape < len(odd) else [row]
    above = [["Report"], []] if draw(st.integers(0, 9)) == 0 else []
    return [*above, headers, *rows]


@st.composite
def files(draw):
    """A table as a file: XLSX for one in six, else text in some encoding, with some separator and line end, perhaps damaged."""
    table = draw(tables())
    if draw(st.integers(0, 5)) == 0:
        return book([[cell[:32_000] if cell.isprintable() else "?" for cell in row] for row in table]), "f.xlsx"
    text = text_of(table, draw(st.sampled_from(",;\t|")), draw(st.sampled_from(("\r\n", "\n", "\r"))))
    data = text.encode(draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252", "shift_jis", "gb18030"))), "replace")
    harm = draw(st.sampled_from((b"\xff", b'"', b"\0", None, *[b""] * 9)))
    if harm == b"":
        return data, "f.csv"
    place = draw(st.integers(0, len(data)))
    return data[:place] if harm is None else data[:place] + harm + data[place:], "f.csv"


def told(outcome) -> dict:
    return {name: getattr(outcome, name) for name in (*COUNTS, *MORE, "amounts")}


def is_conserved(outcome) -> None:
    assert outcome.rows_in == sum(getattr(outcome, bucket) for bucket in BUCKETS)
    for currency, sums in outcome.amounts.items():
        assert sums["in"] == sum(sums[bucket] for bucket in MONEY_BUCKETS), currency


@settings(max_examples=examples(300), deadline=None, suppress_health_check=list(HealthCheck))
@given(files(), st.sampled_from(MAPPINGS))
def test_whatever_comes_rows_and_money_are_in_one_place_and_twice_is_once(installation, home, file, mapping):
    data, name = file
    read, problems = mappings.read_mapping(f"kind: orders\n{mapping}")
    assert problems == []
    options = {"name": name, "kind": "orders", "source": "erp", "mapping": read if mapping else None, "acting_user": installation.anna}
    with undone():
        head = ledger.head()
        try:
            tried = actions.preview(data, **options)
        except Refused as refused:
            assert refused.problems and all(problem.message for problem in refused.problems)
            assert ledger.head() == head and not Batch.objects.exists()
            return
        done = actions.commit(data, **options)
        is_conserved(done)
        assert told(tried) == told(done) and tried.examples == done.examples
        assert ledger.head() - head == (1 if done.accepted or done.reversed else 0)
        again = actions.commit(data, **options)
        is_conserved(again)
        assert (again.accepted, again.rows_in, ledger.head()) == (0, done.rows_in, done.cut)
