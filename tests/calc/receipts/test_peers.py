"""What a receipt says of the others: how many there were, one hash over what they had, and never who they are."""

from __future__ import annotations

import pytest

from steelyard.calc.receipts import peers
from tests.calc.conftest import score_framework

TEXT = """
peers: {same: [region], least: 3}
measures: {sales: {fact: orders, sum: amount}}
kpis:
  place: {formula: percentile(sales), unit: percent, better: higher, no_data: skip}
  many: {formula: 'peer_count(sales * 2)', unit: count, better: higher, no_data: skip}
"""
NAMES = [f"P000{number}" for number in range(8)]


def frame_of(sales, regions, text=TEXT):
    scored = score_framework(text, {"sales": sales}, attributes={"region": regions})
    return scored.framework, peers.peers_frame(scored.framework, scored.points, scored.readings, scored.kpis, NAMES[: len(sales)])


def of_sales(found):
    return next(one for one in found if one.of == "sales")


def test_each_comparison_holds_the_others_values_in_order_of_size_and_no_name():
    framework, frame = frame_of([3, 1, 2, 10, 7, 9, 9], ["N", "N", "N", "S", "N", "N", "N"])
    place, many = sorted(peers.of_subject(framework, frame, "P0000"), key=lambda one: one.of != "sales")
    assert (place.of, place.others, place.values) == ("sales", 5, ("1", "2", "7", "9", "9"))
    assert (many.of, many.others, many.values, many.hash) == ("sales * 2", 5, (), "")  # they were only counted


def test_members_of_a_group_share_one_hash_and_another_value_changes_it():
    north = ["N", "N", "N", "S", "N", "N", "N"]
    framework, frame = frame_of([3, 1, 2, 10, 7, 9, 9], north)
    told = peers.told(framework, frame)
    hashes = {of_sales(told[subject]).hash for subject in ("P0000", "P0001", "P0002", "P0006")}
    assert len(hashes) == 1 and hashes != {""}
    framework, other = frame_of([3, 1, 4, 10, 7, 9, 9], north)
    assert of_sales(peers.told(framework, other)["P0000"]).hash not in hashes


def test_below_the_least_number_nothing_but_the_number_is_told():
    framework, frame = frame_of([3, 1, None, 10, 7], ["N", "N", "N", "S", "S"])
    for subject, others in (("P0000", 1), ("P0003", 1), ("P0002", 2)):
        place = of_sales(peers.of_subject(framework, frame, subject))
        assert (place.others, place.values, place.hash) == (others, (), "")
        assert peers.too_few(framework, frame, subject) == []  # nobody was compared


@pytest.mark.parametrize(("others", "told"), [(1, False), (2, False), (4, False), (5, True), (6, True)])
def test_of_fewer_than_five_others_no_value_leaves_the_house_nor_a_hash_to_guess_it_by(others, told):
    """With one other a hash over two values, of which one is known, is as good as the value."""
    framework, frame = frame_of([*range(others + 1)], ["N"] * (others + 1), TEXT.replace("least: 3", "least: 1"))
    place = of_sales(peers.of_subject(framework, frame, "P0000"))
    assert (bool(place.hash), len(place.values)) == (told, others if told else 0)
    assert [one.others for one in peers.too_few(framework, frame, "P0000")] == ([] if told else [others])


def test_a_framework_without_comparisons_has_no_peer_sets():
    framework, frame = frame_of(
        [3, 1], ["N", "N"], TEXT.replace("percentile(sales)", "sales / sales").replace("peer_count(sales * 2)", "1 * 2")
    )
    assert frame.is_empty() and peers.told(framework, frame) == {}
