"""Whatever the touches and the rule: shares are exact and add up to one, amounts to the line, a return takes back its sale."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.credit.allotting import allot
from steelyard.calc.credit.moving import compared, credited, summed
from steelyard.calc.credit.rule import BY_NAME, ORDERING, PERSONS, ROLES, STANDARD, Rule
from steelyard.calc.credit.shares import share_out, shares_of
from steelyard.calc.credit.touches import Evidence
from tests.thoroughness import examples

DAY = date(2026, 3, 31)
ORDERED, INFLUENCED, REFERRED = ROLES.index("ordered"), ROLES.index("influenced"), ROLES.index("referred")
AMOUNTS = st.integers(-(10**15), 10**15)

rules = st.sampled_from(STANDARD) | st.builds(
    Rule,
    name=st.just("own"),
    title=st.just("own"),
    method=st.sampled_from(["first", "last", "linear", "position", "roles"]),
    counts=st.lists(st.sampled_from(ROLES), min_size=1, unique=True).map(lambda found: tuple(role for role in ROLES if role in found)),
    look_back=st.integers(0, 40),
    persons=st.sampled_from(PERSONS),
    shares=st.integers(0, 10**6).map(lambda part: {"ordered": Fraction(part, 10**6), "referred": 1 - Fraction(part, 10**6)}),
    first=st.integers(0, 500).map(lambda part: Fraction(part, 1000)),
    last=st.integers(0, 500).map(lambda part: Fraction(part, 1000)),
)


@st.composite
def patterns(draw):
    """The touches of a case as `shares_of` takes them: roles and places in order, the order itself among them."""
    places = draw(st.lists(st.tuples(st.sampled_from([REFERRED, INFLUENCED]), st.integers(1, 4)), max_size=5))
    touches = [(role, at, draw(st.integers(1, 3))) for at, (role, several) in enumerate(places) for _ in range(several)]
    return [*touches, (ORDERED, len(places), 1)]


@settings(max_examples=examples(60))
@given(rule=rules, touches=patterns())
def test_shares_are_exact_and_add_up_to_one(rule, touches):
    shares = shares_of(rule, touches)
    assert sum(shares) == 1
    assert all(share >= 0 for share in shares)
    alike: dict[tuple[int, int], set[Fraction]] = {}
    for (role, place, _), share in zip(touches, shares, strict=True):
        alike.setdefault((role, place), set()).add(share)
    assert all(len(found) == 1 for found in alike.values())  # who stands at one place has the same


@pytest.mark.parametrize(
    ("rule", "shares"),
    [
        ("ordering", ["0", "0", "0", "1"]),
        ("first", ["1", "0", "0", "0"]),
        ("last", ["0", "1/2", "1/2", "0"]),
        ("linear", ["1/4", "1/4", "1/4", "1/4"]),
        ("position", ["2/5", "1/10", "1/10", "2/5"]),
        ("roles", ["3/10", "1/20", "1/20", "3/5"]),
    ],
)
def test_a_referral_then_two_doctors_then_the_order(rule, shares):
    touches = [(REFERRED, 0, 1), (INFLUENCED, 1, 1), (INFLUENCED, 1, 2), (ORDERED, 2, 1)]
    assert shares_of(BY_NAME[rule], touches) == [Fraction(share) for share in shares]


def test_a_line_that_nobody_else_touched_is_the_ordering_partners_under_every_rule():
    assert all(shares_of(rule, [(ORDERED, 0, 1)]) == [1] for rule in STANDARD)


@settings(max_examples=examples(40))
@given(amounts=st.lists(AMOUNTS, min_size=1, max_size=6), numerators=st.lists(st.integers(1, 9), min_size=1, max_size=7))
def test_parts_add_up_to_the_line_and_are_never_a_whole_unit_off(amounts, numerators):
    parts = allotted(amounts, numerators)
    assert [sum(own) for own in parts] == amounts
    for amount, own in zip(amounts, parts, strict=True):
        for top, part in zip(numerators, own, strict=True):
            assert abs(Fraction(amount * top, sum(numerators)) - part) < 1


def allotted(amounts, numerators):
    """The parts of each amount, shared among touches with these numerators."""
    count, whole = len(numerators), sum(numerators)
    shares = pl.DataFrame({"case": [7] * count, "numerator": numerators, "denominator": [whole] * count})
    told = allot(np.full(len(amounts), 7), np.array(amounts, np.int64), shares)
    assert told.line.tolist() == [line for line in range(len(amounts)) for _ in numerators]
    assert told.share.tolist() == [*range(count)] * len(amounts)
    return told.part.reshape(len(amounts), count).tolist()


@settings(max_examples=examples(40))
@given(amount=AMOUNTS, numerators=st.lists(st.integers(1, 9), min_size=1, max_size=7))
def test_a_return_of_the_whole_line_leaves_nothing_with_anybody(amount, numerators):
    sold, returned = allotted([amount, -amount], numerators)
    assert [one + other for one, other in zip(sold, returned, strict=True)] == [0] * len(numerators)


def test_equal_remainders_go_to_the_earlier_touch():
    assert allotted([100, -100], [1, 1, 1]) == [[34, 33, 33], [-34, -33, -33]]


# --- whole evidence ---------------------------------------------------------------------------------------------------

PARTNERS = st.sampled_from(["H1", "H2", "H3", "D1", "D2", "D3"])
CUSTOMERS = st.sampled_from([None, "C1", "C2"])
DAYS = st.integers(0, 40).map(lambda back: DAY - timedelta(days=back))


@st.composite
def evidences(draw):
    """A few lines, referrals and affiliations of the same few partners, so that they meet."""
    lines = draw(st.lists(st.fixed_dictionaries({
        "source": st.sampled_from(["erp", "crm"]), "document": st.sampled_from(["1", "2", "3"]), "date": DAYS,
        "partner": st.none() | PARTNERS, "end_customer": CUSTOMERS, "referrer": st.none() | PARTNERS,
        "source_kind": st.sampled_from([None, "partner", "direct", "referral"]),
        "kind": st.sampled_from([None, "sale", "return"]), "follows": st.sampled_from([None, "1", "2"]),
        "amount": AMOUNTS, "currency": st.sampled_from(["EUR", "CHF"]),
    }), min_size=1, max_size=8))  # fmt: skip
    referrals = draw(st.lists(st.fixed_dictionaries({
        "source": st.sampled_from(["erp", "portal"]), "date": DAYS, "partner": st.none() | PARTNERS, "end_customer": CUSTOMERS,
        "order_document": st.sampled_from([None, "1", "2"]), "outcome": st.sampled_from([None, "open", "won", "lost"]),
    }), max_size=6))  # fmt: skip
    affiliations = draw(st.lists(st.fixed_dictionaries({
        "person": st.sampled_from(["D1", "D2", "D3"]), "organisation": st.sampled_from(["H1", "H2", "H3"]),
        "valid_from": st.none() | DAYS, "valid_to": st.none() | DAYS,
    }), max_size=5, unique_by=lambda one: (one["person"], one["organisation"])))  # fmt: skip
    return evidence(lines, referrals, affiliations)


def evidence(lines, referrals=(), affiliations=(), types=()):
    text, day, whole = pl.String, pl.Date, pl.Int64
    line = dict.fromkeys(("source", "document", "partner", "end_customer", "referrer", "source_kind", "kind", "follows", "currency"), text)
    told = [{"row_id": at, **dict.fromkeys(line), "source": "erp", "currency": "EUR", "date": DAY, **one} for at, one in enumerate(lines)]
    named = dict.fromkeys(("source", "partner", "end_customer", "order_document", "outcome"), text)
    said = [{"row_id": 100 + at, **dict.fromkeys(named), "source": "portal", **one} for at, one in enumerate(referrals)]
    ends = {"person": text, "organisation": text, "valid_from": day, "valid_to": day}
    return Evidence(
        pl.DataFrame(told, schema={"row_id": whole, **line, "date": day, "amount": whole}),
        pl.DataFrame(said, schema={"row_id": whole, **named, "date": day}),
        pl.DataFrame([{**dict.fromkeys(ends), **one} for one in affiliations], schema=ends),
        pl.DataFrame(list(types), schema={"partner": text, "type": text}, orient="row"),
    )


@settings(max_examples=examples(50))
@given(told=evidences(), rule=rules)
def test_every_line_is_shared_out_whole_whatever_the_evidence(told, rule):
    parts = credited(told, rule)
    sums = parts.group_by("row_id").agg(pl.col("part").sum(), pl.col("numerator").sum(), pl.col("denominator").first()).sort("row_id")
    assert sums["part"].to_list() == told.lines.sort("row_id")["amount"].to_list()
    assert (sums["numerator"] == sums["denominator"]).all()
    sums = summed(told, rule)
    own = parts.group_by("partner", "currency").agg(amount=pl.col("part").sum(), lines=pl.col("row_id").n_unique().cast(pl.Int64))
    assert sums.sort("partner", "currency").equals(own.sort("partner", "currency"))
    moved = compared(summed(told, ORDERING), sums)
    for _, of_currency in moved.partition_by("currency", as_dict=True).items():
        assert of_currency["now"].sum() == of_currency["other"].sum()
        assert of_currency["difference"].sum() == 0
    again = summed(Evidence(told.lines.reverse(), told.referrals.reverse(), told.affiliations.reverse(), told.types), rule)
    assert again.sort("partner", "currency").equals(sums.sort("partner", "currency"))


@settings(max_examples=examples(30))
@given(told=evidences(), rule=rules)
def test_the_same_return_of_every_sale_leaves_nothing(told, rule):
    """Each sale comes back months later, naming its document: whoever was credited is debited, to the ten-thousandth."""
    sales = told.lines.filter(pl.col("kind").fill_null("sale") == "sale").unique(["source", "document"], keep="first", maintain_order=True)
    back = sales.with_columns(
        row_id=pl.col("row_id") + 50, amount=-pl.col("amount"), kind=pl.lit("return"), follows=pl.col("document"),
        document=pl.lit("CN") + pl.col("document"), date=pl.col("date") + pl.duration(days=200), end_customer=pl.lit(None, pl.String),
    )  # fmt: skip
    whole = Evidence(pl.concat([sales, back.select(sales.columns)]), told.referrals, told.affiliations, told.types)
    assert set(summed(whole, rule)["amount"]) <= {0}


def test_persons_pass_on_to_the_organisations_of_the_day_of_the_order():
    """A doctor of two hospitals: both count, in equal shares; she left the third before the order."""
    told = evidence(
        [{"document": "1", "partner": "H1", "amount": 1_000}],
        affiliations=[
            {"person": "D1", "organisation": "H1"}, {"person": "D1", "organisation": "H2"},
            {"person": "D1", "organisation": "H3", "valid_to": DAY},
        ],
    )  # fmt: skip
    linear = BY_NAME["linear"]
    stays = {row[0]: row[1] for row in credited(told, linear).group_by("partner").agg(pl.col("part").sum()).iter_rows()}
    assert stays == {"D1": 500, "H1": 500}
    goes = Rule("own", "own", "linear", persons="organisations")
    parts = credited(told, goes)
    assert {row[0]: row[1] for row in parts.group_by("partner").agg(pl.col("part").sum()).iter_rows()} == {"H1": 750, "H2": 250}
    assert parts.filter(pl.col("person") == "D1")["partner"].sort().to_list() == ["H1", "H2"]


def test_a_line_whose_shares_are_asked_for_alone_is_shared_as_among_all():
    told = evidence(
        [
            {"document": "1", "partner": "H1", "amount": 900, "referrer": "D1"},
            {"document": "9", "partner": "H1", "amount": -900, "kind": "return", "follows": "1", "date": DAY + timedelta(days=9)},
        ]
    )
    alone = credited(told, BY_NAME["linear"], only=pl.Series([1]))
    assert dict(alone.select("partner", "part").iter_rows()) == {"D1": -450, "H1": -450}


def test_share_out_needs_no_affiliations():
    none = pl.DataFrame(schema={"person": pl.String, "organisation": pl.String, "valid_from": pl.Date, "valid_to": pl.Date})
    schema = {
        "case": pl.Int64,
        "role": pl.Int8,
        "day": pl.Date,
        "partner": pl.String,
        "via": pl.Int64,
        "by": pl.String,
        "order_day": pl.Date,
    }
    touched = pl.DataFrame([(0, ORDERED, DAY, "H1", None, "order", DAY)], schema=schema, orient="row")
    assert share_out(touched, none, Rule("own", "own", "linear", persons="organisations"))["numerator"].to_list() == [1]
