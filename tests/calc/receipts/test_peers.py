"""What a receipt says of the others: how many there were, one hash over what they had, and never who they are."""

from __future__ import annotations

from steelyard.calc.receipts import peers
from tests.calc.conftest import score_framework

TEXT = """
peers: {same: [region], least: 3}
measures: {sales: {fact: orders, sum: amount}}
kpis:
  place: {formula: percentile(sales), unit: percent, better: higher, no_data: skip}
  many: {formula: 'peer_count(sales * 2)', unit: count, better: higher, no_data: skip}
"""
NAMES = ["P0000", "P0001", "P0002", "P0003", "P0004"]


def frame_of(sales, regions, text=TEXT):
    scored = score_framework(text, {"sales": sales}, attributes={"region": regions})
    return scored.framework, peers.peers_frame(scored.framework, scored.points, scored.readings, scored.kpis, NAMES[: len(sales)])


def test_each_comparison_holds_the_others_values_in_order_of_size_and_no_name():
    framework, frame = frame_of([3, 1, 2, 10, 7], ["N", "N", "N", "S", "N"])
    place, many = sorted(peers.of_subject(framework, frame, "P0000"), key=lambda one: one.of != "sales")
    assert (place.of, place.others, place.values) == ("sales", 3, ("1", "2", "7"))
    assert (many.of, many.others, many.values, many.hash) == ("sales * 2", 3, (), "")  # they were only counted


def test_members_of_a_group_share_one_hash_and_another_value_changes_it():
    framework, frame = frame_of([3, 1, 2, 10], ["N", "N", "N", "S"])
    told = peers.told(framework, frame)
    hashes = {subject: [one.hash for one in told[subject] if one.of == "sales"] for subject in NAMES[:4]}
    assert hashes["P0000"] == hashes["P0001"] == hashes["P0002"] != [""]
    framework, other = frame_of([3, 1, 4, 10], ["N", "N", "N", "S"])
    assert [one.hash for one in peers.told(framework, other)["P0000"] if one.of == "sales"] != hashes["P0000"]


def test_below_the_least_number_nothing_but_the_number_is_told():
    framework, frame = frame_of([3, 1, None, 10, 7], ["N", "N", "N", "S", "S"])
    for subject, others in (("P0000", 1), ("P0003", 1), ("P0002", 2)):
        (place,) = [one for one in peers.of_subject(framework, frame, subject) if one.of == "sales"]
        assert (place.others, place.values, place.hash) == (others, (), "")


def test_a_framework_without_comparisons_has_no_peer_sets():
    framework, frame = frame_of(
        [3, 1], ["N", "N"], TEXT.replace("percentile(sales)", "sales / sales").replace("peer_count(sales * 2)", "1 * 2")
    )
    assert frame.is_empty() and peers.told(framework, frame) == {}
