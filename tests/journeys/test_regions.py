"""One standard in two regions: who is scored by which, what would differ under another region, and why."""

from __future__ import annotations

import pytest

from steelyard.calc.errors import Refused
from steelyard.frameworks.actions import apply
from steelyard.frameworks.regions import regions
from steelyard.ledger.scope import EVERYTHING, Scope
from steelyard.scorecards import replaying
from tests.journeys.conftest import HEAD, VECTORS

OPEN = "open: [{path: scorecard.of.volume.weight, from: 1, to: 3}, {path: kpis.growth.target}, {path: levels.Gold.require}]\n"
ALPS = """framework: partner-alps
title: Alps
extends: partner
applies_to: type == "distributor"
set: {scorecard.of.volume.weight: 3, kpis.growth.target: 5%}
"""
NORTH = """framework: partner-north
extends: partner
applies_to: type == "dealer"
set: {kpis.growth.target: 6%}
"""


@pytest.fixture
def two(channel):
    """The partner standard, opened, and two regions of it; one changes a weight, the other only a target."""
    for text in (HEAD.format(subject="partner") + OPEN, ALPS, NORTH):
        apply(text=text, vectors=VECTORS, acting_user=channel.people.carla)
    return channel


def test_a_region_scores_its_own_partners_by_its_own_scheme(two):
    run = two.score("partner-alps")
    assert set(run.results.values_list("subject", flat=True)) == {"ALP"}
    assert two.score("partner").subjects == 4
    assert run.inputs["framework"] == run.framework.digest != two.score("partner").framework.digest


def test_every_partner_goes_through_every_scheme_and_the_setting_is_named(two):
    found = replaying.replay("partner", "2012-Q4")
    assert found.subjects == 4
    assert {gap.region for gap in found.gaps} == {"partner-alps"}  # a target is shown, it scores nothing
    assert {gap.because for gap in found.gaps} == {("scorecard.of.volume.weight",)}
    own = {gap.subject: gap.own for gap in found.gaps}
    assert own["ALP"] and not own["BOR"]
    shares = {share.code: (share.scored, share.by_base, share.by_others) for share in found.shares}
    assert shares == {"partner-alps": (1, 1, 0), "partner-north": (1, 1, 0)}
    alp = next(gap for gap in found.gaps if gap.subject == "ALP")
    base = {result.subject: result.total for result in two.score("partner").results.all()}
    assert alp.base.total == base["ALP"]
    assert alp.other.total == two.score("partner-alps").results.get().total


def test_a_narrow_scope_sees_its_own_partners_alone(two):
    whole = replaying.replay("partner", "2012-Q4")
    seen = replaying.seen(whole, Scope(everything=False, partners=frozenset({"BOR"})))
    assert (seen.subjects, {gap.subject for gap in seen.gaps}, seen.shares) == (1, {"BOR"}, ())
    assert replaying.seen(whole, EVERYTHING) is whole


def test_a_new_standard_shows_which_regions_it_leaves_behind(two):
    carla = two.people.carla
    apply(text=HEAD.format(subject="partner") + OPEN.replace("to: 3", "to: 2"), vectors=VECTORS, acting_user=carla)
    alps, north = regions("partner")
    assert (alps.behind, [problem.code for problem in alps.problems]) == (True, ["out-of-limits"])
    assert (north.behind, north.problems) == (True, [])
    gaps = replaying.replay("partner", "2012-Q4").gaps
    assert {gap.because for gap in gaps} == {("scorecard.of.volume.weight", "base")}
    apply(text=NORTH, vectors=VECTORS, acting_user=carla)
    assert not regions("partner")[1].behind


def test_what_regions_set_and_that_the_rest_is_equal(two):
    alps, north = regions("partner")
    assert [(one.path, one.allowed, one.was, one.now) for one in alps.settings] == [
        ("scorecard.of.volume.weight", "from 1 to 3", "2", "3"), ("kpis.growth.target", "any value", "", "5%"),
    ]  # fmt: skip
    assert alps.sentences and not any("Removed" in sentence for sentence in alps.sentences)
    assert alps.proof.unexplained == north.proof.unexplained == ()


def test_a_period_that_cannot_be_scored_is_refused(two):
    with pytest.raises(Refused):
        replaying.replay("partner", "2012-13")


def test_what_was_measured_for_one_scheme_is_never_taken_for_another(two):
    """The same text of a region measures otherwise beside another base, and with one of its settings alone."""
    carla = two.people.carla
    least = HEAD.format(subject="partner").replace("measures:", "settings: {least: 0}\nmeasures:", 1)
    least = least.replace("sales: {fact: orders, sum: amount}", "sales: {fact: orders, sum: amount, where: amount >= least}", 1)
    opened = "open: [{path: settings.least}, {path: kpis.growth.target}, {path: scorecard.of.volume.weight}]\n"
    region = ALPS.replace("scorecard.of.volume.weight: 3", "settings.least: 60")
    for text in (least + opened, region):
        apply(text=text, vectors=VECTORS, acting_user=carla)
    gaps = {gap.subject: gap for gap in replaying.replay("partner", "2012-Q4").gaps}
    assert gaps["ALP"].because == ("settings.least",)
    former = two.score("partner-alps").results.get().total
    assert gaps["ALP"].other.total == former != gaps["ALP"].base.total
    other = least.replace("sum: amount, where: amount >= least", "sum: amount, where: amount > 1000 * least")
    for text in (other + opened, region):
        apply(text=text, vectors=VECTORS, acting_user=carla)
    assert two.score("partner-alps").results.get().total != former
