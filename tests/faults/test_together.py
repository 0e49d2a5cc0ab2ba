"""Several processes on one installation: readers, writers and a backup at the same time."""

from __future__ import annotations

import json
import sys

import pytest

from . import installation

pytestmark = pytest.mark.database


@pytest.fixture
def shared(prepared, tmp_path):
    """A copy of the prepared installation."""
    made = installation.copy(prepared, tmp_path / "shared")
    yield made
    installation.remove(made)


@pytest.fixture
def together(shared, nursery):
    """A function that runs scenarios at the same time on the shared installation, each in a process of its own."""

    def run(*jobs: tuple) -> list[installation.Ended]:
        ended = nursery.run_together(shared, *jobs)
        assert [one.code for one in ended] == [0] * len(jobs), ended
        return ended

    return run


def test_two_readers_never_see_a_mixture_while_one_writes(together, nursery, shared, capsys):
    *readers, writer = together(("watch", 4), ("watch", 4), ("rewrite", 3))
    found = [json.loads(one.output) for one in readers]
    assert [one["mixtures"] for one in found] == [[], []]
    assert all(one["states"] > 1 for one in found)
    assert nursery.inspect(shared)["problems"] == []
    with capsys.disabled():
        sys.stdout.write(f"\n{writer.output} commits, {[one['reads'] for one in found]} reads, no mixture\n")


def test_twenty_uploads_at_once_add_up_to_their_union(nursery, shared):
    done = nursery.run(shared, "upload_together", 20)
    assert done.code == 0, done.output
    told = json.loads(done.output)
    found = nursery.inspect(shared)
    assert found["problems"] == []
    last = [row for row in found["state"]["cuts"][-1] if row[0].startswith("U")]
    assert sorted(row[0] for row in last) == sorted(f"U{n}" for n in range(130)) and {times for *_, times in last} == {1}
    assert sum(row[3] for row in last) == sum(n * 10_000 + 2_500 for n in range(130))
    assert sum(one["accepted"] for one in told) == 130
    assert all(one["accepted"] + one["duplicates"] == 40 for one in told)
    assert sum(one["again"] for one in told) == 10 and len({one["batch"] for one in told}) == 10


def test_writers_of_the_same_lines_never_count_them_twice(together, nursery, shared):
    together(("post_often", "a", 6), ("post_often", "bb", 6), ("post_often", "ccc", 6))
    found = nursery.inspect(shared)
    assert found["problems"] == []
    last = [row for row in found["state"]["cuts"][-1] if row[0].startswith("SO20") and len(row[0]) == 6]
    own = [row for row in found["state"]["cuts"][-1] if row[0] in {f"SO{1000 * (1 + n) + k}" for n in (2, 3) for k in range(6)}]
    assert len(last) == 20 and {times for *_, times in [*last, *own]} == {1}
    assert len(own) == 12


def test_a_backup_under_load_restores_to_a_cut_that_existed(together, nursery, shared, tmp_path):
    together(("rewrite", 2), ("back_up", str(tmp_path / "one")), ("post_often", "a", 5))
    back_up = nursery.run(shared, "back_up", str(tmp_path / "two"))
    assert back_up.code == 0, back_up.output
    now = nursery.inspect(shared)
    for name in ("one", "two"):
        fresh = installation.new(tmp_path / f"restored-{name}")
        done = nursery.run(fresh, "restore_from", str(tmp_path / name))
        assert done.code == 0, done.output
        restored = nursery.inspect(fresh)
        cuts = restored["state"]["cuts"]
        assert restored["problems"] == [] and cuts == now["state"]["cuts"][: len(cuts)]
        installation.remove(fresh)
    assert cuts == now["state"]["cuts"]
