"""A bundle made now verifies anywhere: for everybody, whatever their facts are; and it holds nothing of anybody else."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import polars as pl
import pytest

from steelyard.calc.errors import Refused
from steelyard.calc.receipts.bundle import read, write
from steelyard.calc.receipts.document import canonical
from steelyard.calc.receipts.recompute import verify
from steelyard.frameworks.actions import apply
from steelyard.masters.actions import Actions
from steelyard.partners.masters import EVERY
from steelyard.scorecards import bundles, queries
from tests.journeys.conftest import HEAD, VECTORS

from .test_over_time import SMOOTH
from .test_over_time import VECTORS as LEVELS
from .test_receipts import COMPARED

LISTED = """framework: listed
title: By document
subject: partner
grain: quarter
currency: EUR
convert: {policy: line date, rates: ecb}
lists:
  documents:
    one_per: document
    columns:
      amount: {fact: orders, sum: amount}
      systems: {fact: orders, sum: amount, where: category == "SYS"}
    keep: [{rule: amount > 0, reason: nothing sold}]
  largest:
    fact: orders
    one_per: product
    prefer: [highest amount]
measures:
  documents_sold: {list: documents, count: lines}
  middle: {list: documents, median: amount}
  best: {list: largest, sum: amount}
kpis:
  sold: {formula: documents_sold, unit: count, better: higher, no_data: zero}
  usual: {formula: middle, unit: money, better: higher, no_data: skip}
  peak: {formula: best, unit: money, better: higher, no_data: zero}
scorecard:
  combine: sum
  of:
    sold: {kpi: sold, points: {line: [[0, 0], [4, 60]]}}
    peak: {kpi: peak, points: {line: [[0, 0], [200, 40]]}}
"""


LINED = (
    LISTED.replace("framework: listed", "framework: lined")
    .replace("measures:", "peers: {least: 6}\nmeasures:")
    .replace("one_per: document\n", "one_per: product\n")
    .replace("    keep:", "      many: {formula: peer_count(amount)}\n      usual: {formula: peer_mean(amount)}\n    keep:")
    .replace("median: amount}", "median: amount - usual}")
)


@pytest.mark.parametrize(
    "text", [COMPARED, LISTED, LINED, *(HEAD.format(subject=subject) for subject in ("partner", "representative", "territory"))]
)
def test_everybodys_bundle_verifies(channel, text):
    run = in_company(channel, text)
    for result in run.results.all():
        content = bundles.bundle(run, result.subject)
        found = verify(content)
        assert (found.number, found.subject, found.total) == (result.receipt, result.subject, result.total)
        assert content == bundles.bundle(run, result.subject)


DEALERS = ("D1", "D2", "D3", "D4", "D5")


def in_company(channel, text, public=True):
    """The quarter scored by a framework where five dealers sell REA-1 too; public as a whole unless told."""
    channel.welcome(*DEALERS)
    channel.sell(*((code, "1", code, "2012-10-20", "REA-1", str(10 + 7 * place), "EUR") for place, code in enumerate(DEALERS)))
    levels = LEVELS if "Silver" in text else VECTORS if "levels:" in text else None
    version, _, _ = apply(text=text, vectors=levels, acting_user=channel.people.carla)
    run = channel.score(version.code)
    if public:
        channel.publish("ben", framework=version.code)
    return run


def test_lines_are_compared_with_the_values_of_five_others_and_hardly_sold_products_with_nobodys(channel):
    run = in_company(channel, LINED)
    told = {one.of: one for one in read(bundles.bundle(run, "ALP")).peers}
    by_product = {name: next(one for of, one in told.items() if name in of) for name in ("REA-1", "ANA-1")}
    assert by_product["REA-1"].values == ("100000", "170000", "240000", "310000", "380000")
    assert (by_product["ANA-1"].others, by_product["ANA-1"].values) == (1, ())  # CAS; with fewer than six nobody is compared
    content = read(bundles.bundle(run, "ALP"))
    for changed in (replace(by_product["REA-1"], values=("1", "2", "3", "4", "5")), replace(by_product["ANA-1"], others=2)):
        others = [changed if one.of == changed.of else one for one in content.peers]
        with pytest.raises(Refused, match="says something else"):
            verify(write(replace(content, peers=others)))


def test_lines_of_large_amounts_are_compared_too(channel):
    """A mean keeps nine decimals more than money: of a million each, that is more than 64 bits hold."""
    channel.sell(*((f"L{code}", "1", code, "2012-10-21", "REA-1", "5000000", "EUR") for code in ("ALP", "BOR", "CAS")))
    run = in_company(channel, LINED)
    assert verify(bundles.bundle(run, "ALP")).number == run.results.get(subject="ALP").receipt


@pytest.mark.parametrize("text", [COMPARED, LINED.replace("least: 6", "least: 2")])
def test_with_fewer_than_five_others_there_is_no_bundle_and_it_says_why(channel, text):
    version, _, _ = apply(text=text, acting_user=channel.people.carla)
    run = channel.score(version.code)
    with pytest.raises(Refused, match=r"fewer than 5 others.*least: 6") as refused:
        bundles.bundle(run, "ALP")
    assert bundles.refusals(run, "ALP") == list(refused.value.problems)  # what the receipt's page says in place of the button


def test_values_of_others_are_told_when_the_period_is_public_for_everybody_and_not_before(channel):
    run = in_company(channel, COMPARED, public=False)
    channel.publish("ben", framework="compared", subject="ALP", reason="asked for")
    for subject in ("ALP", "BOR"):
        with pytest.raises(Refused, match="not published as a whole"):
            bundles.bundle(run, subject)
    channel.publish("ben", framework="compared")
    assert bundles.refusals(run, "ALP") == []
    assert verify(bundles.bundle(run, "ALP")).peers == 8


def test_a_regions_bundle_holds_its_text_and_the_one_it_extends(channel):
    opened = HEAD.format(subject="partner") + "open: [{path: scorecard.of.volume.weight, from: 1, to: 3}]\n"
    region = 'framework: alps\nextends: partner\napplies_to: type == "distributor"\nset: {scorecard.of.volume.weight: 3}\n'
    for text in (opened, region):
        apply(text=text, acting_user=channel.people.carla)
    run = channel.score("alps")
    content = bundles.bundle(run, "ALP")
    told = read(content)
    assert (told.framework, told.base) == (region, opened)
    assert verify(content).number == run.results.get().receipt
    for changed in (replace(told, base=opened.replace("to: 3", "to: 4")), replace(told, framework=region.replace("3", "2"))):
        with pytest.raises(Refused, match="rules are not those"):
            verify(write(changed))


def test_a_standard_that_names_another_partner_is_in_no_bundle_of_its_regions_either(channel):
    opened = HEAD.format(subject="partner").replace("grain:", 'applies_to: partner != "BOR"\ngrain:', 1)
    opened += "open: [{path: scorecard.of.volume.weight, from: 1, to: 3}]\n"
    for text in (opened, 'framework: alps\nextends: partner\napplies_to: type == "distributor"\nset: {scorecard.of.volume.weight: 3}\n'):
        apply(text=text, acting_user=channel.people.carla)
    with pytest.raises(Refused, match=r"names other partners.*BOR"):
        bundles.bundle(channel.score("alps"), "ALP")


@pytest.fixture
def elsewhere(tmp_path):
    """Another computer, as it were."""
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere"


def test_a_bundle_verifies_where_nothing_is_installed_but_the_program(channel, elsewhere):
    run = in_company(channel, COMPARED)
    file = elsewhere / "bundle.zip"
    file.write_bytes(bundles.bundle(run, "ALP"))
    told = verify_in_another_process(elsewhere, str(file), "--json")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["number"] == run.results.get(subject="ALP").receipt
    assert [path.name for path in elsewhere.iterdir()] == ["bundle.zip"]  # and it leaves nothing behind


def verify_in_another_process(folder, *arguments):
    """`steelyard verify-receipt` without a home, without settings, and where importing Django fails."""
    start = "sys.argv = ['steelyard', 'verify-receipt', *sys.argv[1:]]; from steelyard.cli import main; main()"
    code = f"import sys; sys.modules['django'] = None; {start}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STEELYARD", "DJANGO"))}
    return subprocess.run([sys.executable, "-c", code, *arguments], cwd=folder, env=kept, capture_output=True, text=True, check=False)


def test_a_changed_figure_is_named_with_its_place_and_another_number_is_refused(channel, elsewhere):
    run = channel.score()
    content = bundles.bundle(run, "ALP")
    told = read(content)
    said = json.loads(told.receipt)
    (points,) = [item for item in said["items"] if item["kind"] == "item" and item["node"].endswith("volume")]
    points["points"] += 1
    other = {**said, "run": {**said["run"], "inputs": {**said["run"]["inputs"], "engine": "0"}}}
    with pytest.raises(Refused, match=f"another engine.*take the version of Steelyard that made the bundle: {told.made_by}"):
        verify(write(replace(told, receipt=canonical(other))))
    file = elsewhere / "bundle.zip"
    file.write_bytes(write(replace(told, receipt=canonical(said))))
    found = verify_in_another_process(elsewhere, str(file))
    assert found.returncode == 3
    assert "volume.points" in found.stderr and "receipt-not-reproduced" in found.stderr
    file.write_bytes(content)
    assert verify_in_another_process(elsewhere, str(file), "--receipt", "0000-0000").returncode == 3


CANARY = "XKCDQ77"


SECRETS = (CANARY, "Borealis", "Clinic", "Dr. Roth", "Dealer D", "865432")


@pytest.mark.parametrize("text", [HEAD.format(subject="partner"), COMPARED, LINED, SMOOTH])
def test_a_bundle_holds_nothing_of_anybody_else(channel, text):
    """A rival whose code, name, city, documents and products are unique, with amounts of its own, sells what all others sell."""
    rival = {"code": f"{CANARY}P", "name": f"{CANARY} Ltd", "type": "distributor", "territory": "NORTH", "status": "active", "city": CANARY}
    Actions(EVERY).load("partners", pl.DataFrame([rival]), acting_user=channel.people.anna)
    days, products = ("2012-08-05", "2012-10-05"), ("ANA-1", "REA-1", f"{CANARY}1")
    lines = ((day, product) for day in days for product in products)
    sold = [(f"{CANARY}D", str(number), f"{CANARY}P", day, product, "754321", "EUR") for number, (day, product) in enumerate(lines)]
    channel.sell(*sold, (f"{CANARY}E", "1", f"{CANARY}4", "2012-10-05", "REA-1", "865432", "EUR"))
    run = in_company(channel, text, public=False)
    for period in ("2012-Q3", "2012-Q4"):
        run = channel.score(run.framework.code, period)
        channel.publish("ben", framework=run.framework.code, period=period)
    partners = {result.subject for result in run.results.all()}
    for subject in ("ALP", "BOR", "D1"):
        content = bundles.bundle(run, subject)
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            whole = "\n".join(opened.read(name).decode() for name in opened.namelist()) + content.decode("latin-1")
        told = [secret for secret in SECRETS if secret in whole and not (subject == "BOR" and secret == "Borealis")]
        assert [secret for secret in told if not (subject == "D1" and secret == "Dealer D")] == []
        assert not [other for other in partners - {subject} if re.search(rf"\b{other}\b", whole)]
        assert not re.search(r'"(A0|A1|B1|C1|X1)"' if subject == "D1" else r'"(D2|D3|D4|D5|C1|X1)"', whole)
        sums, lines = "2262963" in whole, "7543210000" in whole  # among the peers, without a name
        assert (sums, lines) == (text == COMPARED, text == LINED and subject != "BOR")  # who does not sell REA-1
        assert verify(content)


def test_a_score_that_looks_back_is_computed_again_from_the_subjects_own_earlier_receipts(channel):
    apply(text=SMOOTH, vectors=LEVELS, acting_user=channel.people.carla)
    earlier = channel.score("smooth", "2012-Q3")
    channel.publish("ben", framework="smooth", period="2012-Q3")
    run = channel.score("smooth", "2012-Q4")
    before = dict(earlier.results.values_list("subject", "receipt"))
    for result in run.results.all():
        content = bundles.bundle(run, result.subject)
        found = read(content)
        assert json.loads(found.receipt)["earlier"] == [{"period": "2012-Q3", "receipt": before[result.subject]}]
        assert verify(content).number == result.receipt
        changed = json.loads(found.earlier[0])
        changed["result"]["total"] = 123
        with pytest.raises(Refused, match="earlier receipts"):
            verify(write(replace(found, earlier=[canonical(changed)])))
    assert run.results.get(subject="ALP").overall != run.results.get(subject="ALP").total
    assert queries.check_receipts()[0] == []


def test_whose_earlier_result_was_published_alone_is_told_to_nobody_else(channel):
    apply(text=SMOOTH, vectors=LEVELS, acting_user=channel.people.carla)
    channel.score("smooth", "2012-Q3")
    for subject in ("BOR", "CAS"):
        channel.publish("ben", framework="smooth", period="2012-Q3", subject=subject)
    run = channel.score("smooth", "2012-Q4")
    assert {one["subject"] for one in run.earlier} == {"BOR", "CAS"}
    for subject in ("ALP", "BOR", "CAS"):
        content = bundles.bundle(run, subject)
        named = {one["subject"] for one in json.loads(read(content).receipt)["run"]["earlier"]}
        assert named == {subject} & {"BOR", "CAS"}
        assert not [other for other in {"ALP", "BOR", "CAS"} - {subject} if f'"{other}"' in content.decode("latin-1")]
        assert verify(content).number == run.results.get(subject=subject).receipt
    assert queries.check_receipts()[0] == []


def test_content_that_calculation_cannot_take_is_a_problem_and_never_a_crash(channel):
    whole = read(bundles.bundle(in_company(channel, COMPARED), "ALP"))
    said, masters = json.loads(whole.receipt), whole.histories
    days, names = {**said["run"], "known_through": 7}, {"partner": 1.5}
    (compared, *others) = whole.peers
    for wrong in (
        replace(whole, histories=replace(masters, territories=masters.territories.drop("code"))),
        replace(whole, histories=replace(masters, partners=masters.partners.drop("code"))),
        replace(whole, peers=[replace(compared, values=("abc",) * compared.others), *others]),
        replace(whole, peers=[replace(compared, values=("1e999999999",) * compared.others), *others]),
        replace(whole, receipt=canonical({**said, "run": days})),
        replace(whole, receipt=canonical({**said, "subject": names})),
    ):
        with pytest.raises(Refused) as refused:
            verify(write(wrong))
        assert all(problem.message and problem.hint for problem in refused.value.problems)
