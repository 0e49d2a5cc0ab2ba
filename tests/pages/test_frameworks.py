"""Frameworks as pages: read in plain sentences, compared, checked before they are applied, and kept for ever."""

import csv

from steelyard.calc.prover.backtest import Partners
from steelyard.calc.prover.card import Card
from steelyard.frameworks import queries
from steelyard.partners import queries as partners
from steelyard.scorecards import queries as scorecards
from steelyard.scorecards.backtest import newest
from tests.company import FRAMEWORK


def text_of(company=None):
    return queries.version(FRAMEWORK).text


def test_every_version_is_listed_and_told_in_plain_sentences(as_):
    anna = as_("anna")
    newest = queries.version(FRAMEWORK)
    page = anna.get("/frameworks").content.decode()
    assert f"/frameworks/{FRAMEWORK}/{newest.version}" in page
    page = anna.get(f"/frameworks/{FRAMEWORK}/{newest.version}").content.decode()
    for kpi in queries.framework(newest).kpis.values():
        assert kpi.title in page
    assert newest.applied_by in page


def test_the_file_is_the_text_as_written(as_):
    response = as_("carla").get(f"/frameworks/{FRAMEWORK}/1/file")
    assert response.content.decode() == queries.version(FRAMEWORK, 1).text
    assert "attachment" in response["Content-Disposition"]


def test_a_version_is_checked_first_applied_once_and_compared_in_words(as_):
    anna, former = as_("anna"), queries.version(FRAMEWORK)
    changed = former.text.replace("framework:", "# another text\nframework:", 1) + "\n"
    checked = anna.post("/frameworks/new", {"text": changed, "step": "check"})
    assert checked.status_code == 200 and queries.version(FRAMEWORK).version == former.version
    applied = anna.post("/frameworks/new", {"text": changed, "step": "apply"})
    assert applied.url == f"/frameworks/{FRAMEWORK}/{former.version + 1}"
    assert queries.version(FRAMEWORK).applied_by == "anna"
    again = anna.post("/frameworks/new", {"text": changed, "step": "apply"})
    assert again.url == applied.url and len(queries.versions(FRAMEWORK)) == former.version + 1
    compared = anna.get(f"/frameworks/{FRAMEWORK}/compare")
    assert "Nothing changes" in compared.content.decode()
    other = anna.post("/frameworks/new", {"text": changed.replace("points >= 55", "points >= 56"), "step": "check"}).content.decode()
    assert "<small>levels.<wbr>C</small>" in other and "The score is at least 56" in other


def test_a_framework_with_problems_says_them_all_with_line_and_column_and_keeps_the_text(as_):
    response = as_("anna").post("/frameworks/new", {"text": "framework: x\nfoo: <b>1\n", "step": "apply"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "line 2, column 1" in page and "foo: &lt;b&gt;1" in page and page.count("line 1") > 1


CLIFF = """framework: cliff
title: Cliff
subject: partner
grain: quarter
effective: 2026-01-01
measures: {lines: {fact: orders, count: lines}}
kpis: {sold: {formula: lines, unit: count, better: higher, no_data: zero}}
scorecard: {combine: sum, of: {sales: {kpi: sold, points: {bands: [{below: 10, points: 0}, {from: 10, points: 100}]}}}}
"""


def test_what_may_not_be_meant_is_told_with_values_to_paste_and_does_not_keep_it_from_being_applied(as_):
    anna = as_("anna")
    page = anna.post("/frameworks/new", {"text": CLIFF, "step": "check"}).content.decode()
    assert "What moves at one step" in page and "given: {kpis: {sold: 10}}" in page and "scorecard.of.sales (line 8" in page
    assert anna.post("/frameworks/new", {"text": CLIFF, "step": "apply"}).status_code == 302


def test_the_prover_sees_partners_as_the_newest_run_scored_them(company):
    backtest = newest(FRAMEWORK)
    run = next(run for run in scorecards.runs(FRAMEWORK) if run.period == backtest.period)
    partners = Partners.of(Card.of(queries.framework(run.framework)), backtest)
    stored = {result.subject: (result.total, result.level) for result in run.results.all()}
    found = dict(zip(backtest.subjects, zip(partners.cards.totals, partners.cards.levels.levels, strict=True), strict=True))
    assert found == stored and not partners.unknown


GOLD = "vectors:\n  - {name: no points are under watch, given: {points: {total: %d}}, expect: {level: D}}\n"


def test_vectors_are_run_before_they_are_kept_and_told_on_the_page_of_the_version(as_):
    anna, text = as_("anna"), text_of()
    page = anna.get(f"/frameworks/{FRAMEWORK}/2").content.decode()
    assert "4 of 4" in page and page.count(">holds<") == 4
    refused = anna.post("/frameworks/new", {"text": text, "vectors": GOLD % 88, "step": "apply"})
    assert refused.status_code == 422 and "expected D, found A" in refused.content.decode()
    kept = anna.post("/frameworks/new", {"text": text, "vectors": GOLD % 0, "step": "apply"})
    assert kept.url == f"/frameworks/{FRAMEWORK}/2" and queries.version(FRAMEWORK).vectors == GOLD % 0
    assert "C, B, A" in anna.get(kept.url).content.decode()
    assert anna.get(f"{kept.url}/vectors").content.decode() == GOLD % 0
    assert GOLD % 0 in anna.get(f"/frameworks/new?from={FRAMEWORK}").content.decode()


def test_a_file_is_read_and_what_is_no_text_is_said_beside_the_field(as_, tmp_path):
    anna = as_("anna")
    good, bad = tmp_path / "f.yaml", tmp_path / "b.yaml"
    good.write_text(text_of())
    bad.write_bytes(b"\xff\xfe\x00\x01")
    with good.open("rb") as upload:
        assert "already" in anna.post("/frameworks/new", {"file": upload, "step": "check"}).content.decode()
    with bad.open("rb") as upload:
        response = anna.post("/frameworks/new", {"file": upload, "step": "check"})
    assert response.status_code == 422 and "UTF-8" in response.content.decode()


def test_what_is_not_there_is_missing_and_odd_parameters_are_the_default(as_):
    anna = as_("anna")
    for path in ("none/1", f"{FRAMEWORK}/999", "none/compare", f"{FRAMEWORK}/999/file", "none/1/vectors"):
        assert anna.get(f"/frameworks/{path}").status_code == 404
    assert anna.get(f"/frameworks/{FRAMEWORK}/compare?before=x&after=-1").status_code == 200
    assert anna.get("/frameworks?sort=nope&page=77&newest=perhaps").status_code == 200


def test_only_who_may_adds_versions(as_):
    for username in ("dora", "ben", "carla", "ada"):
        assert as_(username).post("/frameworks/new", {"text": "x"}).status_code == 403
    assert as_("alma").get("/frameworks").status_code == 403


def test_what_regions_set_is_shown_beside_the_standard_and_replayed(as_):
    anna = as_("anna")
    text = queries.version(FRAMEWORK, 1).text + "open: [{path: levels.1.title}]\n"
    anna.post("/frameworks/new", {"text": text, "step": "apply"})
    region = f"framework: north\ntitle: The north\nextends: {FRAMEWORK}\napplies_to: region == 'North'\nset: {{levels.1.title: Begun}}\n"
    applied = anna.post("/frameworks/new", {"text": region.replace("'", '"'), "step": "apply"})
    assert applied.url == "/frameworks/north/1"
    page = anna.get(f"/frameworks/{FRAMEWORK}/regions").content.decode()
    assert "Regions set 1 thing; the rest is equal everywhere." in page
    assert "levels.1.title" in page and "Begun" in page
    assert anna.get("/frameworks/north/regions").url == f"/frameworks/{FRAMEWORK}/regions"
    replayed = anna.get(f"/frameworks/{FRAMEWORK}/replay").content.decode()
    assert "no difference" in replayed
    other = region.replace("set: {", "set: {scorecard.of.service.weight: 90, ").replace("'", '"')
    anna.post("/frameworks/new", {"text": text.replace("open: [", "open: [{path: scorecard.of.service.weight}, "), "step": "apply"})
    assert anna.post("/frameworks/new", {"text": other, "step": "apply"}).status_code == 302
    replay, names = f"/frameworks/{FRAMEWORK}/replay", dict(partners.names())
    page = anna.get(replay).content.decode()
    gaps = list(csv.DictReader(anna.get(f"{replay}?format=csv").content.decode("utf-8-sig").splitlines()))
    assert gaps and all(names[gap["Code"]] in page and gap["Because of"] == "scorecard.of.service.weight" for gap in gaps)
    moved = list(csv.DictReader(anna.get(f"{replay}?moves=yes&format=csv").content.decode("utf-8-sig").splitlines()))
    assert moved == [gap for gap in gaps if "→" in gap["Level"]] != gaps
    assert anna.get("/frameworks/nothing/regions").status_code == anna.get("/frameworks/nothing/replay").status_code == 404


def test_a_region_whose_base_moved_can_be_applied_again_with_the_same_text(as_):
    anna = as_("anna")
    text = queries.version(FRAMEWORK, 1).text + "open: [{path: levels.1.title}]\n"
    region = f'framework: north\nextends: {FRAMEWORK}\napplies_to: region == "North"\nset: {{levels.1.title: Begun}}\n'
    for one in (text, region, text + "# a newer base\n"):
        anna.post("/frameworks/new", {"text": one, "step": "apply"})
    checked = anna.post("/frameworks/new", {"text": region, "step": "check"}).content.decode()
    assert 'value="apply"' in checked
    assert anna.post("/frameworks/new", {"text": region, "step": "apply"}).url == "/frameworks/north/2"
    assert 'value="apply"' not in anna.post("/frameworks/new", {"text": region, "step": "check"}).content.decode()
