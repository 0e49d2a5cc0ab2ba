"""Frameworks are kept as immutable versions, refused with every problem at once, and tested by the vectors beside them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from steelyard.audit.queries import entries
from steelyard.calc.errors import Refused
from steelyard.frameworks import queries, vectors
from steelyard.frameworks.actions import apply

TEXT = """framework: small
title: Small
subject: partner
grain: quarter
currency: EUR
effective: 2026-01-01
measures:
  sales: {fact: orders, sum: amount}
kpis:
  net_sales: {formula: sales, unit: money, better: higher, no_data: zero}
scorecard:
  combine: mean
  of:
    volume: {kpi: net_sales, points: {line: [[0, 0], [100, 100]]}}
levels: [{name: Bronze, require: []}, {name: Gold, require: [points >= 80]}]
"""
EXAMPLES = sorted(path for path in (Path(queries.__file__).parent / "examples").glob("*.yaml") if ".vectors." not in path.name)


def test_a_text_is_one_version_however_often_it_is_applied(cast):
    first, problems, is_new = apply(text=TEXT, acting_user=cast.carla)
    again, _, once_more = apply(text=TEXT, acting_user=cast.ben)
    assert (first.version, problems, is_new, again.pk, once_more) == (1, [], True, first.pk, False)
    assert again.applied_by == "carla"
    assert entries(action="framework.apply").count() == 1


def test_a_changed_text_is_the_next_version_and_the_former_stays(cast):
    first, *_ = apply(text=TEXT, acting_user=cast.carla)
    second, *_ = apply(text=TEXT.replace("80", "90").replace("2026-01-01", "2026-07-01"), acting_user=cast.carla)
    assert [found.version for found in queries.versions("small")] == [1, 2]
    assert queries.version("small").pk == second.pk
    assert queries.version("small", 1).text == first.text == TEXT
    assert [queries.version("small", on=day).version for day in (date(2026, 6, 30), date(2026, 7, 1))] == [1, 2]
    assert entries(action="framework.apply").last().before["version"] == 1


def test_every_problem_is_told_at_once_and_nothing_is_kept(cast):
    broken = TEXT.replace("sum: amount", "sum: amout").replace("better: higher", "beter: higher").replace("points >= 80", "points >= 180")
    with pytest.raises(Refused) as refused:
        apply(text=broken, acting_user=cast.carla)
    problems = refused.value.problems
    assert len(problems) >= 2
    assert all("line" in problem.where and problem.hint for problem in problems if problem.severity == "error")
    assert queries.versions() == []


def test_an_unknown_framework_is_told_with_the_nearest(cast):
    with pytest.raises(Refused, match="framework apply"):
        queries.version("smal")
    apply(text=TEXT, acting_user=cast.carla)
    with pytest.raises(Refused, match="did you mean `small`"):
        queries.version("smal")
    with pytest.raises(Refused, match=r"small v7"):
        queries.version("small", 7)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_vectors_of_every_example_hold(file):
    outcomes = vectors.run_file(file)
    assert outcomes
    assert [str(outcome) for outcome in outcomes if not outcome.passed] == []


def test_a_vector_that_does_not_hold_says_what_came_instead():
    told = "framework: small\nvectors:\n  - name: wrong\n    given: {kpis: {net_sales: 79}}\n    expect: {level: Gold}\n"
    (outcome,) = vectors.run_texts(TEXT, told)
    assert not outcome.passed
    assert "Bronze" in str(outcome)


def test_missing_vectors_are_told_with_their_place(tmp_path):
    file = tmp_path / "small.yaml"
    file.write_text(TEXT, encoding="utf-8")
    with pytest.raises(Refused, match=r"small\.vectors\.yaml"):
        vectors.run_file(file)


VECTORS = """vectors:
  - {name: eighty, given: {kpis: {net_sales: 80}}, expect: {level: Gold}}
  - {name: a little less, given: {kpis: {net_sales: 79.99}}, expect: {level: Bronze}}
"""


def test_vectors_are_kept_with_their_version_and_must_all_hold(cast):
    with pytest.raises(Refused) as refused:
        apply(text=TEXT, vectors=VECTORS.replace("net_sales: 80", "net_sl: 80"), acting_user=cast.carla)
    assert [problem.code for problem in refused.value.problems] == ["unknown-name"]
    with pytest.raises(Refused) as refused:
        apply(text=TEXT, vectors=VECTORS.replace("79.99", "80.01"), acting_user=cast.carla)
    told = [(problem.code, problem.found) for problem in refused.value.problems]
    assert told == [("vector-failed", "level: expected Bronze, found Gold")]
    assert queries.versions() == []
    version, *_ = apply(text=TEXT, vectors=VECTORS, acting_user=cast.carla)
    assert queries.version("small").vectors == version.vectors == VECTORS


def test_the_same_text_with_other_vectors_is_the_same_version_and_the_trail_says_so(cast):
    version, *_ = apply(text=TEXT, acting_user=cast.carla)
    again, _, new = apply(text=TEXT, vectors=VECTORS, acting_user=cast.ben)
    assert (again.pk, new, queries.version("small").vectors) == (version.pk, False, VECTORS)
    assert apply(text=TEXT, acting_user=cast.ben)[0].vectors == VECTORS
    (entry,) = entries(action="framework.vectors")
    assert entry.before is None


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("", ["Bronze", "Gold"]),
        (VECTORS, []),
        (VECTORS.replace("level: Bronze", "points: 79.99"), ["Bronze"]),
        (VECTORS.replace("given: {kpis: {net_sales: 80}}", "given: {level: Gold}"), ["Gold"]),
        (VECTORS.replace("{name: eighty,", "{name: eighty, change: {kpis.net_sales.round: 2},"), ["Gold"]),
    ],
)
def test_a_level_is_proved_by_a_vector_that_expects_it_and_does_not_give_it(text, levels):
    assert list(vectors.unproved_levels(TEXT, text)) == levels
    found = "".join(problem.found for problem in vectors.unvectored(TEXT, text))
    assert found == (f"no vector expects {', '.join(f'`{level}`' for level in levels)}" if levels else "")


BASE = TEXT + "open: [{path: kpis.net_sales.target, from: 10, to: 20}]\n"
NORTH = """framework: small-north
extends: small
applies_to: region == "North"
set: {kpis.net_sales.target: 15}
"""


def test_a_region_is_kept_as_a_difference_to_the_version_of_its_base(cast):
    with pytest.raises(Refused, match="the base `small` is not there"):
        apply(text=NORTH, acting_user=cast.carla)
    base, _, _ = apply(text=BASE, acting_user=cast.carla)
    region, problems, _ = apply(text=NORTH, acting_user=cast.carla)
    assert (region.base, region.text, problems) == (base, NORTH, [])
    assert queries.framework(region).kpis["net_sales"].target.text == "15"


def test_a_new_base_changes_no_region_and_names_those_that_no_longer_fit(cast):
    base, _, _ = apply(text=BASE, acting_user=cast.carla)
    region, _, _ = apply(text=NORTH, acting_user=cast.carla)
    _, warnings, _ = apply(text=BASE.replace("from: 10", "from: 16"), acting_user=cast.carla)
    assert [(one.code, one.severity) for one in warnings] == [("region-unfit", "warning")]
    assert queries.version("small-north").base == base
    with pytest.raises(Refused, match="from 16 to 20"):
        apply(text=NORTH, acting_user=cast.carla)
    apply(text=BASE + "# once more\n", acting_user=cast.carla)
    moved, _, is_new = apply(text=NORTH, acting_user=cast.carla)
    assert (moved.version, moved.base.version, is_new) == (2, 3, True)
    assert (moved.text, moved.digest == region.digest) == (region.text, False)


def test_a_region_file_is_checked_and_tested_beside_its_base(tmp_path, db):
    (tmp_path / "small.yaml").write_text(BASE, encoding="utf-8")
    file = tmp_path / "small-north.yaml"
    file.write_text(NORTH, encoding="utf-8")
    file.with_suffix(".vectors.yaml").write_text(
        "framework: small-north\nvectors:\n"
        "  - {name: full, given: {kpis: {net_sales: 100}}, expect: {level: Gold}}\n"
        "  - {name: another target, given: {kpis: {net_sales: 100}}, change: {kpis.net_sales.target: 16}, expect: {level: Gold}}\n",
        encoding="utf-8",
    )
    assert [outcome.differences for outcome in vectors.run_file(file)] == [(), ()]
