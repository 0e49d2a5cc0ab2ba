"""Two systems report one sale: it is noticed, shown with both rows, and somebody decides which counts, or that both do."""

from datetime import date

import pytest

from steelyard.audit.queries import entries
from steelyard.calc.errors import Missing, Refused
from steelyard.intake import actions, twice
from steelyard.intake.tests.test_importing import HEADER, MARCH, live, load  # noqa: F401  # the fixture
from steelyard.partners import actions as partners
from steelyard.partners import queries as partner_queries

SHOP = HEADER + "S9,1,2026-03-02,4711,ANA-1,1,100.50,EUR\nS9,2,2026-03-02,4711,REA-1,4,18,EUR\nS9,3,2026-03-03,4711,REA-1,4,20,EUR\n"
KEY = {"kind": "orders", "partner": "ALP", "first": "erp", "second": "shop"}


@pytest.fixture
def both(load, channel_cast):  # noqa: F811
    """The ERP and the shop tell of two sales of Alpine Diagnostics; the shop has its own number for it."""
    partners.remember_matches(source="shop", matches={"4711": "ALP"}, method="person", acting_user=channel_cast.anna)
    load(MARCH)
    load(SHOP, source="shop", name="shop.csv")
    return channel_cast.anna


def declare(anna, source, **more):
    actions.declare_authority(kind="orders", source=source, acting_user=anna, **more)


def test_both_rows_of_a_sale_are_shown_side_by_side_with_what_counts_twice(both):
    (group,) = twice.groups()
    assert (group.kind, group.partner, group.name, group.first, group.second) == ("orders", "ALP", "Alpine Diagnostics", "erp", "shop")
    assert (group.pairs, group.sure, group.since, group.until) == (2, 1, date(2026, 3, 2), date(2026, 3, 2))
    assert group.at_stake == {"EUR": 1005000 + 180000}
    told = twice.pairs(**KEY)
    assert [pair.rule for pair in told] == ["amount and product", "product and quantity"]
    assert [(pair.first["document"], pair.second["document"], pair.second["party"]) for pair in told] == [("A1", "S9", "4711")] * 2


def test_the_file_that_tells_it_again_says_so_and_one_that_is_known_does_not(both, load):  # noqa: F811
    third = HEADER + "C1,1,2026-03-02,ALP,ANA-1,1,100.50,EUR\n"
    seen = load(third, source="crm", name="crm.csv", step=actions.preview)
    done = load(third, source="crm", name="crm.csv")
    assert [str(note) for note in seen.notes] == [str(note) for note in done.notes]
    (note,) = done.notes
    assert (note.code, note.found) == ("told_twice", "2 rows, by erp, shop: 201.00 EUR")
    assert load(third + "\n", source="crm", name="again.csv").notes == ()


def test_one_source_alone_is_never_compared_with_itself(load):  # noqa: F811
    load(MARCH + MARCH.split("\n", 1)[1].replace("A1,", "A7,"))
    assert twice.groups() == twice.pairs(**KEY) == []


def test_a_key_that_means_nobody_yet_is_compared_with_nothing(load):  # noqa: F811
    load(MARCH)
    load(SHOP, source="shop")
    assert twice.groups() == []


def test_a_sale_that_was_taken_out_is_told_once(both, load):  # noqa: F811
    load(HEADER + "S9,3,2026-03-02,4711,REA-1,9,20.01,EUR\n", source="shop", name="s.csv", mapping="scope: {replaces: [source, period]}")
    assert twice.groups() == []


@pytest.mark.parametrize(
    ("told", "groups"),
    [
        ({"source": "erp"}, 0),
        ({"source": "shop", "partner": "ALP"}, 0),
        ({"source": "shop", "partner": "BOR"}, 1),
        ({"source": "erp", "first_day": date(2026, 3, 3)}, 1),
        ({"source": "erp", "last_day": date(2026, 3, 2)}, 0),
    ],
)
def test_where_one_source_counts_the_sale_is_settled(both, told, groups):
    declare(both, **told)
    assert len(twice.groups()) == groups
    assert entries(action="authorities loaded").exists()


def test_that_every_source_counts_again_opens_it_again(both):
    declare(both, "erp")
    declare(both, "", partner="ALP")
    assert len(twice.groups()) == 1
    assert partner_queries.known("authorities").select("kind", "partner", "source").rows() == [
        ("orders", None, "erp"),
        ("orders", "ALP", None),
    ]


def test_two_different_sales_are_decided_once_and_can_be_looked_at_again(both):
    first = twice.pairs(**KEY)[0]
    one = (first.first["row_id"], first.second["row_id"])
    assert actions.keep_both(**KEY, rows=[one], acting_user=both) == 1
    assert [pair.rule for pair in twice.pairs(**KEY)] == ["product and quantity"]
    assert actions.keep_both(**KEY, acting_user=both, reason="seen") == 1
    assert twice.groups() == []
    assert entries(action="different sales", subject="different sales:orders / ALP / erp / shop").count() == 2
    with pytest.raises(Missing):
        actions.keep_both(**KEY, acting_user=both)
    assert actions.look_again(**KEY, acting_user=both) == 2
    assert twice.groups()[0].pairs == 2


def test_what_was_decided_holds_for_the_key_when_the_line_is_corrected(both, load):  # noqa: F811
    actions.keep_both(**KEY, acting_user=both)
    load(HEADER + "S9,1,2026-03-02,4711,ANA-1,1,100.25,EUR\n", source="shop", name="corrected.csv")
    assert twice.groups() == []


def test_a_kind_that_tells_of_no_partner_s_sales_is_refused(both):
    with pytest.raises(Refused, match="no such kind"):
        actions.declare_authority(kind="targets", source="erp", acting_user=both)
    assert twice.pairs(**(KEY | {"kind": "targets"})) == []


def test_facts_stay_as_they_are_whatever_is_decided(both):
    before = live()
    declare(both, "erp")
    assert live() == before


def test_a_source_that_never_told_anything_cannot_be_the_one_that_counts(both):
    """A slip of the pen would leave every order out of every score."""
    with pytest.raises(Refused) as refused:
        actions.declare_authority(kind="orders", source="epr", acting_user=both)
    assert [problem.code for problem in refused.value.problems] == ["unknown_source"]
