"""Same seed, same bytes: on this machine, on yours, and for every version of the libraries."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from steelyard.demo.draws import Draws
from steelyard.demo.generate import write


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_two_runs_write_the_same_bytes(tmp_path):
    write(tmp_path / "first", scale=Decimal("0.02"))
    write(tmp_path / "second", scale=Decimal("0.02"))
    first = digests(tmp_path / "first")
    assert len(first) > 80
    assert first == digests(tmp_path / "second")


def test_another_seed_writes_other_orders(tmp_path):
    write(tmp_path / "first", scale=Decimal("0.02"))
    write(tmp_path / "second", seed=8, scale=Decimal("0.02"))
    first, second = digests(tmp_path / "first"), digests(tmp_path / "second")
    assert first["facts/orders/orders_erp-de_2023-Q1.csv"] != second["facts/orders/orders_erp-de_2023-Q1.csv"]


def test_draws_are_these_numbers_and_no_others():
    draws = Draws(7, "known")
    assert draws.below(1_000_000, 5).tolist() == [904_314, 608_554, 734_929, 953_164, 871_651]
    assert draws.between(5, 7, 200).min() == 5
    assert draws.between(5, 7, 200).max() == 7


def test_draws_depend_on_the_stream_name():
    assert Draws(7, "a").below(1 << 30, 4).tolist() != Draws(7, "b").below(1 << 30, 4).tolist()


def test_weighted_draws_follow_the_weights():
    drawn = Draws(7, "weights").weighted([1, 0, 3], 40_000).tolist()
    assert drawn.count(1) == 0
    assert 9_600 < drawn.count(0) < 10_400
