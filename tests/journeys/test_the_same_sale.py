"""The same sale, many ways, down to the score: two systems, late files into published periods, returns when they are credited."""

import polars as pl

from steelyard.calc.measures.authority import NOT_AUTHORITATIVE
from steelyard.calc.points import Reading
from steelyard.intake import actions, twice
from steelyard.ledger.queries import head
from steelyard.scorecards import opening, queries

from .conftest import content, figures

HEADER = "document,line,date,party,product,quantity,amount,currency,kind\n"
SHOP = [  # the two lines of A1, and one that the ERP does not know
    ("W1", "1", "ALP", "2012-10-05", "ANA-1", "100", "EUR"), ("W2", "1", "ALP", "2012-10-05", "REA-1", "40", "EUR"),
    ("W3", "1", "ALP", "2012-10-06", "REA-1", "5", "EUR"),
]  # fmt: skip


def send(channel, *lines, step=actions.commit, name="orders.csv"):
    data = (HEADER + "".join(f"{line}\n" for line in lines)).encode()
    return step(data, name=name, kind="orders", source="erp", acting_user=channel.people.anna)


def declare(channel, source="erp", **more):
    actions.declare_authority(kind="orders", source=source, acting_user=channel.people.anna, **more)


def test_a_sale_that_two_systems_tell_counts_once_from_the_cut_at_which_somebody_said_which(channel):
    channel.sell(*SHOP, source="shop")
    twofold, before = channel.score(), head()
    assert figures(twofold)["ALP"] == "285"  # 140 of the ERP, and the same 140 and 5 more of the shop
    assert [(group.partner, group.pairs) for group in twice.groups()] == [("ALP", 2)]
    declare(channel, partner="ALP")
    once = channel.score()
    assert figures(once) == figures(twofold) | {"ALP": "140"}
    assert figures(once, "order_count")["ALP"] == "1"
    assert (twice.groups(), once.cut) == ([], before + 1)
    assert content(channel.score_again(twofold)) == content(twofold)  # at the earlier cut everything is as it was
    declare(channel, source="", partner="ALP")
    assert figures(channel.score()) == figures(twofold)


def test_what_does_not_count_is_behind_the_figure_with_its_reason_and_the_change_is_told(channel):
    channel.sell(*SHOP, source="shop")
    twofold = channel.score()
    declare(channel)
    once = channel.score()
    rows = opening.rows(once, "ALP", Reading("sales", None))
    left_out = rows.filter(~pl.col("counted"))
    assert left_out.select("source", "document", "reason").rows() == [("shop", f"W{number}", NOT_AUTHORITATIVE) for number in (1, 2, 3)]
    assert rows.filter("counted")["contribution"].sum() == 140 * 10_000
    item = queries.items(once, "ALP").filter(pl.col("kpi") == "net_sales").row(0, named=True)
    assert NOT_AUTHORITATIVE in item["excluded"]
    told = queries.why(twofold, once, "ALP").waterfall
    assert told.start != told.end and told.by_cause()  # that its steps add up it checks itself


def test_publishing_computes_the_same_without_the_cache(channel):
    channel.sell(*SHOP, source="shop")
    declare(channel)
    run = channel.score()
    published = channel.publish("ben")
    assert published.run == run and run.inputs["masters"] != channel.score(cut=1).inputs["masters"]


def test_a_late_file_is_taken_with_its_own_date_and_what_is_published_stays(channel):
    run = channel.score()
    channel.publish("ben")
    was = content(run)
    late = ("L1,1,2012-11-20,ALP,REA-1,1,25,EUR,", "L2,1,2013-01-10,ALP,REA-1,1,1,EUR,")
    seen, done = send(channel, *late, step=actions.preview), send(channel, *late)
    for told in (seen, done):
        (note,) = told.notes
        assert (note.code, note.severity) == ("late_for_published", "warning")
        assert note.found == f"partner 2012-Q4 (cut {run.cut}): 1 rows"
    in_force = queries.published("partner", "2012-Q4").run
    assert (in_force, content(in_force)) == (run, was)
    after = channel.score()
    assert (after.cut, figures(after)) == (done.cut, figures(run) | {"ALP": "165"})
    told = queries.why(run, after, "ALP").waterfall
    assert told.start != told.end and told.by_cause()  # that its steps add up it checks itself


def test_a_file_that_only_repeats_what_is_published_or_lies_elsewhere_warns_of_nothing(channel):
    first = "L1,1,2012-11-20,ALP,REA-1,1,25,EUR,"
    send(channel, first)
    channel.score()
    channel.publish("ben")
    assert send(channel, first, "L2,1,2013-01-10,ALP,REA-1,1,1,EUR,", name="again.csv").notes == ()


def test_a_correction_that_takes_a_row_out_of_a_published_period_warns_too(channel):
    send(channel, "L1,1,2012-11-20,ALP,REA-1,1,25,EUR,")
    run = channel.score()
    channel.publish("ben")
    (note,) = send(channel, "L1,1,2013-01-20,ALP,REA-1,1,25,EUR,", name="moved.csv").notes
    assert note.found == f"partner 2012-Q4 (cut {run.cut}): 1 rows"


def test_returns_and_credits_count_on_the_day_they_are_credited(channel):
    done = send(
        channel,
        "R1,1,2012-12-10,ALP,REA-1,-1,-15,EUR,return",  # what was sold in October
        "R2,1,2013-01-05,ALP,REA-1,-1,-40,EUR,credit",
    )
    assert (done.accepted, done.quarantined) == (2, 0)
    assert figures(channel.score())["ALP"] == "125"
    assert figures(channel.score(period="2013-Q1")) == {"ALP": "-40"}


def test_a_negative_amount_that_is_no_return_waits(channel):
    done = send(channel, "R3,1,2012-12-11,ALP,REA-1,-1,-15,EUR,", "R4,1,2012-12-11,ALP,REA-1,-1,-15,EUR,sale")
    assert (done.accepted, done.quarantined) == (0, 2)
    assert {example.code for example in done.examples} == {"negative_without_return"}
