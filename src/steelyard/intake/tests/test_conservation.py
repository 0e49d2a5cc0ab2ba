"""Whatever the file: every row and every amount is in exactly one place, and nothing is raised but a refusal."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.errors import Refused
from steelyard.intake.checking import References, by_currency, check
from steelyard.intake.mappings import KINDS, Filter, Mapping
from steelyard.intake.reading import Dialect, read
from tests.thoroughness import examples

texts = st.one_of(
    st.sampled_from(["", " ", "A1", "10.50", "-5", "(5)", "1,234.5", "1e400", "NaN", "2026-01-31", "31/01/2026", "2026-02-30", "EUR", "usd",
                     "XXX", "Total", "=1+1", "\x00", "−7", "€5", "5 %", "x" * 33_000, "12345678901234567890", "0.00001", "1.5", "2.50"]),
    st.text(max_size=8),
)  # fmt: skip
HEADERS = ["document", "line", "date", "party", "amount", "currency", "quantity", "kind", "on_credit", "unit_price"]


@st.composite
def tables(draw):
    rows = draw(st.lists(st.lists(texts, min_size=len(HEADERS), max_size=len(HEADERS)), min_size=1, max_size=12))
    good = draw(st.integers(0, 4))
    rows += [[f"D{n}", "1", "2026-01-31", "ALP", f"{n}.25", "EUR", "1", "", "yes", "2"] for n in range(good)]
    lines = [HEADERS, *rows]
    return "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines).encode("utf-8", "replace")


mappings = st.builds(
    Mapping, kind=st.just("orders"), source=st.just("s"), decimal=st.sampled_from([".", ","]), date_order=st.sampled_from(["DMY", "MDY"]),
    dialect=st.just(Dialect(separator=",")), totals=st.sampled_from(["drop", "quarantine"]), negatives=st.sampled_from(["warn", "refused"]),
    where=st.sampled_from([(), (Filter("party", "is_not", ("ALP",)),), (Filter("kind", "is", ("",)),)]),
)  # fmt: skip


@settings(max_examples=examples(150), deadline=None)
@given(tables(), mappings)
def test_every_row_and_every_amount_is_in_one_place(data, mapping):
    try:
        checked = check(read(data, "f.csv", mapping.dialect), mapping, KINDS["orders"], references=References(today=date(2026, 6, 30)))
    except Refused as refused:
        assert refused.problems
        return
    assert checked.rows_in == checked.lines.height + checked.quarantined + checked.blank + sum(checked.filtered.values())
    accepted = by_currency(checked.kind, checked.lines)
    for currency, total in checked.amounts.total.items():
        assert total == accepted.get(currency, 0) + checked.amounts.quarantined.get(currency, 0) + checked.amounts.filtered.get(currency, 0)
    places = [*checked.positions, *checked.problems["position"].unique()]
    assert len(places) == len(set(places))
    assert checked.lines["amount"].null_count() == 0 and checked.lines["date"].null_count() == 0
