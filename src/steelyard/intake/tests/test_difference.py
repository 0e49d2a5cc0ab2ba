"""What a file changes is shown before it is brought in: corrected lines before and after, lines that go, and the money."""

import pytest

from steelyard.intake import actions, difference, queries
from steelyard.intake.tests.test_importing import HEADER, MARCH, counts, live, load  # noqa: F401  # the fixture

REPLACES = "scope: {replaces: [source, period]}"
OF_PARTNERS = "scope: {replaces: [source, partner, period]}"
CORRECTED = HEADER + "A1,1,2026-03-02,ALP,ANA-1,1,90,EUR\nB1,1,2026-03-09,BOR,REA-1,2,10,USD\nC1,1,2026-03-05,ALP,ANA-1,1,7,EUR\n"


def both_ways(load, *given, **options):  # noqa: F811
    """Preview and commit; the batch tells the same difference afterwards as the preview did before."""
    seen = load(*given, step=actions.preview, **options)
    done = load(*given, **options)
    assert counts(seen) == counts(done) and seen.reversed == done.reversed
    assert difference.of_batch(queries.batch(done.batch)) == seen.difference
    return seen.difference, done


def test_a_corrected_line_is_shown_before_and_after(load):  # noqa: F811
    first = load(MARCH)
    found, done = both_ways(load, CORRECTED)
    assert (found.restated_rows, found.reversed_rows, counts(done)["duplicates"]) == (1, 0, 1)
    (line,) = found.restated
    assert (line.key, line.day, line.party, line.batch, line.source_row) == ("A1 / 1", "2026-03-02", "ALP", first.batch, 2)
    assert (line.before, line.after) == ({"amount": "100.50"}, {"amount": "90.00"})
    assert found.as_dict()["money"] == {"EUR": {"new": "7.00", "before": "100.50", "after": "90.00", "reversed": "0.00", "change": "-3.50"}}


def test_lines_that_a_replacing_file_no_longer_has_are_shown_with_their_money(load):  # noqa: F811
    load(MARCH)
    found, done = both_ways(load, CORRECTED, mapping=REPLACES)
    assert (found.restated_rows, found.reversed_rows, done.reversed) == (1, 1, 1)
    (gone,) = found.reversed
    assert (gone.key, gone.after) == ("A1 / 2", {})
    assert gone.before == {"product": "REA-1", "quantity": "4", "amount": "20.00", "currency": "EUR"}
    assert found.money["EUR"] == {"new": 70000, "before": 1005000, "after": 900000, "reversed": 200000, "change": -235000}
    assert live() == [("A1", "1", 900000), ("B1", "1", 100000), ("C1", "1", 70000)]


def test_only_partners_days_and_source_of_the_file_are_replaced(load):  # noqa: F811
    load(MARCH + "A2,1,2026-04-01,ALP,ANA-1,1,1,EUR\n")
    load(HEADER + "X1,1,2026-03-03,ALP,ANA-1,1,3,EUR\n", source="shop", name="shop.csv")
    found, _ = both_ways(load, HEADER + "A1,1,2026-03-02,ALP,ANA-1,1,100.50,EUR\n", mapping=OF_PARTNERS)
    assert [line.key for line in found.reversed] == ["A1 / 2"]
    assert live() == [("A1", "1", 1005000), ("A2", "1", 10000), ("B1", "1", 100000), ("X1", "1", 30000)]


def test_the_days_that_a_file_says_it_covers_are_replaced_also_where_it_has_no_line(load):  # noqa: F811
    load(MARCH)
    covers = f"{REPLACES}\ncovers: {{report: orders, from: 2026-03-01, until: 2026-03-31}}"
    found, _ = both_ways(load, HEADER + "A1,1,2026-03-02,ALP,ANA-1,1,100.50,EUR\n", mapping=covers)
    assert [line.key for line in found.reversed] == ["A1 / 2", "B1 / 1"]
    assert found.money["USD"]["change"] == -100000


def test_a_refused_row_keeps_what_the_file_does_not_have(load):  # noqa: F811
    load(MARCH)
    broken = CORRECTED + "A1,2,2026-03-99,ALP,REA-1,4,20,EUR\n"
    found, done = both_ways(load, broken, mapping=REPLACES)
    assert (found.reversed_rows, done.reversed, [note.code for note in done.notes]) == (0, 0, ["nothing_replaced"])
    assert ("A1", "2", 200000) in live()


def test_two_rows_with_one_key_keep_what_the_file_does_not_have(load):  # noqa: F811
    load(MARCH)
    _, done = both_ways(load, CORRECTED + "C1,1,2026-03-05,ALP,ANA-1,1,8,EUR\n", mapping=REPLACES)
    assert (counts(done)["quarantined"], done.reversed, [note.code for note in done.notes]) == (2, 0, ["nothing_replaced"])
    assert ("A1", "2", 200000) in live()


def test_no_more_lines_are_shown_than_fit(load):  # noqa: F811
    many = HEADER + "".join(f"A{number},1,2026-03-02,ALP,ANA-1,1,{{}},EUR\n" for number in range(60))
    load(many.replace("{}", "1"))
    seen = load(many.replace("{}", "2"), step=actions.preview)
    assert (seen.difference.restated_rows, len(seen.difference.restated)) == (60, 50)
    assert seen.difference.money["EUR"]["change"] == 600000


@pytest.mark.parametrize("kind", ["orders", "partners"])
def test_what_changes_nothing_says_so(load, kind):  # noqa: F811
    seen = load(MARCH, step=actions.preview) if kind == "orders" else load("code,name\nNEW,New\n", kind=kind, step=actions.preview)
    assert not (seen.difference and seen.difference.changes_something)
