"""Bundles of scores that look beyond the present: regions, what is held, standings, review days, single days, roll-ups."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest
from django.utils import timezone

from steelyard.frameworks.actions import apply
from steelyard.masters.actions import Actions
from steelyard.partners.masters import EVERY
from steelyard.scorecards import bundles, queries
from steelyard.scorecards.models import Publication

from .test_over_time import SMOOTH

PLAIN = SMOOTH[: SMOOTH.index("history")]
LEVELS = "levels: [{name: Bronze, require: []}, {name: Silver, require: [points >= 40]}, {name: Gold, require: [points >= 60]}]\n"
NET = "net: {formula: sales, unit: money, better: higher, no_data: zero}, "
ROWS = "'sales * (1 + in_a_row(net > 0) + count_true(net > 50, ttm)) + when(previous(net) > 20, previous(net), net)'"
LOOKING_BACK = {  # what reads the past -> a framework that does
    "smoothed": SMOOTH,
    "faded": PLAIN + "history: {periods: 3, weight: '4 - n'}\n" + LEVELS,
    "held": PLAIN
    + "levels: [{name: Bronze, require: []}, {name: Silver, require: [points >= 10, net_sales > 0], held: {for: 3 months}}]\n",
    "reviews": PLAIN + LEVELS + "standing: {start: Bronze, promote: TOLD, demote: TOLD}\n",
    "carried": PLAIN.replace("no_data: zero", "no_data: {carry: 2}").replace(": sales,", ": 'when(sales > 50, sales, blank)',") + LEVELS,
    "in a row": PLAIN.replace("formula: sales", f"formula: {ROWS}").replace("kpis: {", "kpis: {" + NET) + LEVELS,
    "days": PLAIN.replace("sum: amount}", "sum: amount, window: last 30 days}")
    + "levels: [{name: Bronze, require: []}, {name: Silver, require: [points >= 70], held: {once_in: last 60 days}}]\n",
    "attributes then": PLAIN
    + "levels: [{name: Bronze, require: []}, {name: Silver, require: ['type == \"distributor\"'], held: {for: 3 months}}]\n",
    "territory": SMOOTH.replace("subject: partner", "subject: partner x territory"),
}


def verified(paths):
    """The numbers that come out where no database, no settings and no Django are; or what is wrong."""
    code = """import sys; sys.modules['django'] = None
from pathlib import Path
from steelyard.calc.errors import Refused
from steelyard.calc.receipts.recompute import verify
for path in sys.argv[1:]:
    try: print(verify(Path(path).read_bytes()).number)
    except Refused as refused: print(Path(path).name, *refused.problems)
"""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STEELYARD", "DJANGO"))}
    told = subprocess.run([sys.executable, "-c", code, *map(str, paths)], env=kept, capture_output=True, text=True, check=True)
    return told.stdout.splitlines()


def kept(run, folder):
    """The bundles of two partners in a run, as files: number of the receipt -> path."""
    found = {}
    for result in run.results.filter(subject__in=("ALP", "BOR", "ALP x ALPS")):
        path = folder / bundles.file_name(run, result.subject)
        path.write_bytes(bundles.bundle(run, result.subject))
        found[result.receipt] = path
    return found


def published(run):
    """As published, without its second calculation."""
    told = {"framework_code": run.framework.code, "period": run.period, "published_at": timezone.now(), "published_by": "ben"}
    Publication.objects.create(run=run, **told)
    return run


@pytest.fixture
def three_quarters(channel):
    """ALP, a distributor, sells less and less; BOR sells more and becomes one in the third quarter."""
    channel.sell(("A9", "1", "ALP", "2013-03-31", "REA-1", "10", "EUR"), ("B9", "1", "BOR", "2013-02-01", "REA-1", "150", "EUR"))
    Actions(EVERY).change("partners", code="BOR", type="distributor", valid_from=date(2013, 1, 1), acting_user=channel.people.anna)
    return channel


def scored(channel, name, earlier="as published"):
    """Three quarters of a framework, each published before the next; the last run, and the level of ALP and BOR in it."""
    code = name.split()[0].strip(",")
    head = f"framework: {code}\nearlier: {earlier}\neffective: 2012-07-01"
    apply(text=LOOKING_BACK[name].replace("framework: smooth", head).replace("TOLD", code), acting_user=channel.people.carla)
    run = [published(channel.score(code, period)) for period in ("2012-Q3", "2012-Q4", "2013-Q1")][-1]
    levels = dict(run.results.values_list("subject", "level"))
    return run, (levels.get("ALP"), levels.get("BOR"))


REVIEWED: dict[str, tuple[date, ...]] = {}


def review_days():
    """What the reviews above say, where standings turn on them."""
    return REVIEWED


def test_whatever_a_score_looks_back_on_it_is_computed_again_elsewhere(three_quarters, tmp_path, settings, monkeypatch):
    settings.REVIEW_DAYS = f"{__name__}.review_days"
    monkeypatch.setitem(REVIEWED, "reviews", (date(2012, 12, 31),))
    files, levels = {}, {}
    for name in ("reviews", *sorted(LOOKING_BACK.keys() - {"reviews"})):
        run, levels[name] = scored(three_quarters, name)
        monkeypatch.setitem(REVIEWED, "reviews", (date(2012, 12, 31), date(2013, 3, 31)))  # opened since: it changes nothing
        files |= kept(run, tmp_path)
    assert verified(files.values()) == list(files) and len(files) == 2 * len(LOOKING_BACK) - 1
    assert queries.check_receipts()[0] == []
    assert levels["attributes then"] == ("Silver", "Bronze") and levels["days"] == ("Bronze", "Silver")
    assert run.earlier and len(set(levels.values())) > 3  # they do not all say the same


def test_what_is_computed_anew_at_the_present_cut_is_computed_again_elsewhere(three_quarters, tmp_path):
    files = {}
    for name in ("smoothed", "held", "in a row", "days", "attributes then"):
        run, _ = scored(three_quarters, name, "as known now")
        assert run.inputs["earlier"] == "as known now" and not run.earlier
        files |= kept(run, tmp_path)
    assert verified(files.values()) == list(files)
