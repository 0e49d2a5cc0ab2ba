"""Bytes that come again, by replay or sent once more, post only what still waits; what was corrected since stands."""

import pytest

from steelyard.intake import actions, known_since, queries
from steelyard.intake.actions import importing, replaying
from steelyard.intake.models import Batch, QuarantinedRow
from steelyard.intake.tasks import read_what_became_known
from steelyard.intake.tests.test_importing import HEADER, MARCH, counts, live, load  # noqa: F401  # the fixture
from steelyard.products.actions import add as add_product

ORDERS = HEADER + "X1,1,2026-03-02,ALP,ANA-1,1,100,EUR\nX1,2,2026-03-02,ALP,ZZZ,1,50,EUR\n"
CORRECTED = HEADER + "X1,1,2026-03-02,ALP,ANA-1,1,120,EUR\n"
BOTH = [("X1", "1", 1200000), ("X1", "2", 500000)]


@pytest.fixture(params=["replayed", "sent again"])
def again(request, load, channel_cast):  # noqa: F811
    def run(outcome, text=ORDERS):
        if request.param == "replayed":
            return actions.replay(outcome.batch, acting_user=channel_cast.anna)
        preview, done = load(text, step=actions.preview), load(text)
        assert (counts(preview), preview.amounts) == (counts(done), done.amounts)
        return done

    return run


def test_a_line_that_a_later_file_corrected_is_not_reverted(load, again, channel_cast):  # noqa: F811
    first = load(ORDERS)
    load(CORRECTED, name="o2c.csv")
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)
    done = again(first)
    assert live() == BOTH
    assert counts(done) == {"rows_in": 2, "accepted": 1, "duplicates": 1}
    assert done.as_dict()["amounts"]["EUR"] == {
        "in": "150.00", "accepted": "50.00", "quarantined": "0.00", "duplicates": "100.00", "filtered": "0.00",
    }  # fmt: skip
    assert not queries.quarantine().exists()
    assert counts(again(first)) == {"rows_in": 2, "duplicates": 2}


@pytest.mark.parametrize("step", ["replay", "correct"])
def test_what_read_an_old_batch_is_not_how_the_next_file_is_read(load, channel_cast, step):  # noqa: F811
    first = load(ORDERS, mapping="totals: drop")
    load(CORRECTED, name="o2c.csv", mapping="negatives: allowed")
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)
    if step == "replay":
        actions.replay(first.batch, acting_user=channel_cast.anna)
    else:
        row = queries.quarantined_row(queries.quarantine().get().pk)
        actions.correct_row(row, cells=row.cells, acting_user=channel_cast.anna)
    assert live() == BOTH
    assert queries.mapping_for("orders", "erp").negatives == "allowed"


def test_a_row_corrected_through_the_export_is_not_posted_again(load, again, channel_cast):  # noqa: F811
    first = load(ORDERS)
    fixed = load("".join(queries.quarantine_csv(first.batch)).replace("ZZZ,1,50,", "REA-1,1,60,"), name="fixed.csv")
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)
    done = again(first)
    assert counts(done) == {"rows_in": 2, "duplicates": 2} and done.already == first.batch
    assert live() == [("X1", "1", 1000000), ("X1", "2", 600000)]
    assert QuarantinedRow.objects.get().resolved_by_id == fixed.batch


def test_rows_come_in_by_themselves_once_their_product_is_known_and_are_tried_once(load, channel_cast):  # noqa: F811
    first = load(ORDERS + "X1,3,2026-03-02,ALP,YYY,1,5,EUR\n")
    assert known_since.batches() == [] and not known_since.any_batch()
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)
    assert known_since.batches() == [first.batch]
    assert read_what_became_known.call() == 1
    assert live() == [("X1", "1", 1000000), ("X1", "2", 500000)]
    assert [row.found for row in queries.quarantine()] == ["YYY"]
    assert known_since.batches() == []


def test_an_interrupted_reading_is_tried_again_and_a_product_may_be_named_by_its_number(load, channel_cast, monkeypatch):  # noqa: F811
    load(ORDERS.replace("ZZZ", "4006381333931"))
    add_product("products", code="ZZZ", name="Last one", gtin="4006381333931", acting_user=channel_cast.anna)
    with monkeypatch.context() as broken, pytest.raises(OSError, match="gone"):
        broken.setattr(replaying, "replay", lambda *_, **__: (_ for _ in ()).throw(OSError("gone")))
        read_what_became_known.call()
    assert known_since.any_batch() and read_what_became_known.call() == 1
    assert [line[:2] for line in live()] == [("X1", "1"), ("X1", "2")] and not known_since.any_batch()


def test_what_was_announced_of_one_file_is_not_asked_of_another_and_makes_no_file_new(load):  # noqa: F811
    first = load(ORDERS)
    load(CORRECTED, name="o2c.csv", mapping="control: {rows: 1, amount: 120}")
    for mapping in (None, "control: {rows: 2, amount: 150}"):
        assert load(ORDERS, **({"mapping": mapping} if mapping else {})).already == first.batch
    assert live() == [("X1", "1", 1200000)]
    assert load(HEADER + "X9,1,2026-03-02,ALP,ANA-1,1,1,EUR\nX9,2,2026-03-02,ALP,ANA-1,1,1,EUR\n", name="o3.csv").accepted == 2


def test_rows_that_stay_wrong_are_not_read_again_each_minute(load, channel_cast):  # noqa: F811
    load(ORDERS.replace("REA", "ANA") + "X1,2,2026-03-03,ALP,ZZZ,1,60,EUR\n")  # two lines with one number
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)
    assert (known_since.any_batch(), read_what_became_known.call(), known_since.any_batch()) == (True, 0, False)
    assert live() == [("X1", "1", 1000000)]


def test_a_row_that_another_file_told_meanwhile_is_settled(load, again, channel_cast):  # noqa: F811
    first = load(ORDERS)
    load(HEADER + "X1,2,2026-03-02,ALP,REA-1,1,70,EUR\n", name="later.csv")
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)
    assert counts(again(first)) == {"rows_in": 2, "duplicates": 2}
    assert live() == [("X1", "1", 1000000), ("X1", "2", 700000)]
    assert [row.state for row in QuarantinedRow.objects.all()] == ["resolved"]


def test_a_waiting_row_restates_what_stood_before_its_file(load, again, channel_cast):  # noqa: F811
    load(HEADER + "X1,2,2026-03-02,ALP,REA-1,1,40,EUR\n", name="older.csv")
    first = load(ORDERS)
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)
    assert counts(again(first)) == {"rows_in": 2, "accepted": 1, "restated": 1, "duplicates": 1}
    assert live() == [("X1", "1", 1000000), ("X1", "2", 500000)]


def test_a_row_that_is_still_wrong_waits_once_and_one_corrected_elsewhere_does_not(load, again, channel_cast):  # noqa: F811
    text = ORDERS + "X1,3,2026-02-30,ALP,ANA-1,1,5,EUR\nX1,4,2026-03-01,ALP,ANA-1,1\nX1,5,2026-03-01,ALP,YYY,1,1,EUR\n"
    first = load(text)
    exported = "".join(queries.quarantine_csv(first.batch)).splitlines(keepends=True)
    load(exported[0] + exported[2].replace("02-30", "03-30"), name="fixed.csv")
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)
    done = again(first, text)
    assert counts(done) == {"rows_in": 5, "accepted": 1, "quarantined": 2, "duplicates": 2}
    assert list(queries.quarantine().values_list("batch_id", "source_row")) == [(done.batch, 5), (done.batch, 6)]


def test_what_an_undone_correction_or_replay_had_settled_waits_again(load, again, channel_cast):  # noqa: F811
    first = load(ORDERS)
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)
    done = again(first)
    actions.undo(done.batch, acting_user=channel_cast.anna)
    assert live() == [("X1", "1", 1000000)] and queries.quarantine().get().batch_id == first.batch
    assert counts(again(first)) == {"rows_in": 2, "accepted": 1, "duplicates": 1}


def test_after_the_first_batch_is_undone_its_lines_may_come_again(load, channel_cast):  # noqa: F811
    first = load(ORDERS)
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)
    load(ORDERS)
    actions.undo(first.batch, acting_user=channel_cast.anna)
    assert counts(load(ORDERS)) == {"rows_in": 2, "accepted": 1, "duplicates": 1}
    assert live() == [("X1", "1", 1000000), ("X1", "2", 500000)]


def test_rows_that_only_an_undone_file_had_told_come_again_with_their_own_file(load, again, channel_cast):  # noqa: F811
    told_first = load(ORDERS.replace("ZZZ", "ANA-1") + "X2,1,2026-03-02,ALP,ANA-1,1,7,EUR\n", name="wide.csv")
    first = load(CORRECTED.replace("120", "100") + "X3,1,2026-03-02,ALP,ANA-1,1,9,EUR\n")
    assert counts(first) == {"rows_in": 2, "accepted": 1, "duplicates": 1}
    load(HEADER + "X3,1,2026-03-02,ALP,ANA-1,1,8,EUR\n", name="newer.csv")
    actions.undo(told_first.batch, acting_user=channel_cast.anna)
    assert live() == [("X3", "1", 80000)]
    text = CORRECTED.replace("120", "100") + "X3,1,2026-03-02,ALP,ANA-1,1,9,EUR\n"
    assert counts(again(first, text)) == {"rows_in": 2, "accepted": 1, "duplicates": 1}
    assert live() == [("X1", "1", 1000000), ("X3", "1", 80000)]
    assert again(first, text).accepted == 0 and live() == [("X1", "1", 1000000), ("X3", "1", 80000)]


def test_lines_without_numbers_keep_their_places(load, again, channel_cast):  # noqa: F811
    text = ORDERS.replace("X1,1", "X1,").replace("X1,2", "X1,")
    first = load(text)
    load(CORRECTED.replace("X1,1", "X1,"), name="o2c.csv")
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)
    again(first, text)
    assert sorted(amount for _, _, amount in live()) == [500000, 1200000]


def test_a_replayed_master_does_not_take_back_what_was_changed_since(load, channel_cast):  # noqa: F811
    first = load("code,name,parent\nP1,One,\nP2,Two,HQ\n", kind="partners", name="p.csv")
    load("code,name\nP1,Uno\nHQ,Head\n", kind="partners", name="later.csv")
    done = actions.replay(first.batch, acting_user=channel_cast.anna)
    assert counts(done) == {"rows_in": 2, "accepted": 1, "duplicates": 1}
    from steelyard.partners.queries import get

    assert (get("partners", "P1").name, get("partners", "P2").name) == ("Uno", "Two")


def test_two_processes_with_the_same_bytes_end_with_already_loaded(load, monkeypatch):  # noqa: F811
    text = MARCH + "C1,1,2026-03-10,ALP,ANA-1,1,x,EUR\n"
    first = load(text)
    told = []

    def reach(step):
        if step == "lines-prepared":
            monkeypatch.setattr(importing, "reach", lambda step: None)
            told.append(load(text))  # the other process does all of it between our look and our commit

    monkeypatch.setattr(importing, "reach", reach)
    told.append(load(text))
    assert [(one.already, counts(one)) for one in told] == [(first.batch, {"rows_in": 4, "quarantined": 1, "duplicates": 3})] * 2
    assert list(Batch.objects.values_list("status", flat=True)) == ["committed"]


def test_a_correction_that_comes_between_is_seen(load, monkeypatch, channel_cast):  # noqa: F811
    load(ORDERS)
    add_product("products", code="ZZZ", name="Last one", acting_user=channel_cast.anna)

    def reach(step):
        if step == "lines-prepared":
            monkeypatch.setattr(importing, "reach", lambda step: None)
            load(ORDERS.replace(",50,", ",70,"), name="later.csv")

    monkeypatch.setattr(importing, "reach", reach)
    assert counts(load(ORDERS)) == {"rows_in": 2, "duplicates": 2}
    assert live() == [("X1", "1", 1000000), ("X1", "2", 700000)]
