"""The overview says what the results say, to whom they may be said."""

from __future__ import annotations

import re
from statistics import median

import pytest

from steelyard.ledger.scope import EVERYTHING, NOTHING, Scope
from steelyard.scorecards import heat as heats
from steelyard.scorecards import movements
from steelyard.scorecards.actions import publish, run
from steelyard.scorecards.choosing import choose, runs_back
from steelyard.scorecards.queries import items, results, why
from steelyard.scorecards.reasons import in_words
from steelyard.scorecards.standings import of_runs, standings
from tests import company as told

ALPS = {"ALP", "CER", "DOL", "ENG", "INN", "KAR"}
POINT = 1_000_000


def text_of(answer) -> str:
    """What a reader reads, without tags, spaces collapsed."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def scope_of(*codes: str) -> Scope:
    return Scope(partners=frozenset(codes))


@pytest.fixture
def chosen(company):
    return choose(scope=EVERYTHING)


def test_the_newest_published_period_is_chosen_and_what_is_not_there_falls_back(chosen):
    assert (chosen.framework, chosen.period, chosen.before.period) == (told.FRAMEWORK, told.NEWEST, told.PERIODS[0])
    fallen = choose("nothing", "' OR 1=1", scope=EVERYTHING)
    assert (fallen.framework, fallen.period) == (chosen.framework, chosen.period)


def test_a_period_that_is_not_published_as_a_whole_has_to_be_asked_for(company):
    running = choose(period=told.PERIODS[2], scope=EVERYTHING)
    assert (running.period, running.publication) == (told.PERIODS[2], None)
    assert choose(scope=EVERYTHING, published_only=True).period == told.NEWEST


def test_standings_say_what_the_results_say(chosen):
    now, before = ({result.subject: result for result in results(run)} for run in (chosen.run, chosen.before))
    frame = standings(chosen, scope=EVERYTHING).frame
    assert set(frame["subject"]) == set(now)
    totals = [result.total for result in now.values() if result.total is not None]
    for row in frame.iter_rows(named=True):
        result, former = now[row["subject"]], before.get(row["subject"])
        assert (row["total"], row["level"], row["no_data"]) == (result.total, result.level, result.no_data)
        assert row["total_before"] == (former.total if former else None)
        assert row["rank"] == (None if result.total is None else 1 + sum(other > result.total for other in totals))
        if None not in (row["total"], row["total_before"]):
            assert row["change"] == result.total - former.total


def test_what_a_scope_sees_is_counted_as_if_nobody_else_were_there(chosen):
    seen = standings(chosen, scope=scope_of("ALP", "CER")).frame
    assert set(seen["subject"]) == {"ALP", "CER"}
    assert set(seen["rank"]) <= {1, 2}
    assert standings(chosen, scope=NOTHING).frame.is_empty()


def test_what_was_published_alone_stands_over_the_run_of_all(company, chosen):
    before = standings(chosen, scope=EVERYTHING)
    told.commit(company.people.anna, "ratings", "late-ratings.csv", ["question,date,party,value,rated by,evidence", *_RATED])
    newer = run(framework=chosen.framework, period=chosen.period, acting_user=company.people.anna)
    publish(framework=chosen.framework, period=chosen.period, subject="ALP", acting_user=company.people.ben)
    after = standings(choose(scope=EVERYTHING), scope=EVERYTHING)
    fresh = {result.subject: result.total for result in results(newer)}
    old = dict(before.frame.select("subject", "total").iter_rows())
    assert fresh["ALP"] != old["ALP"] and any(fresh[code] != old[code] for code in told.SELLERS[1:])
    assert dict(after.frame.select("subject", "total").iter_rows()) == old | {"ALP": fresh["ALP"]}
    assert after.frame.columns == before.frame.columns


_RATED = [f"cooperation,2025-09-29,{code},1,rosa,LATE-{code}" for code in told.SELLERS]


@pytest.mark.parametrize("codes", [None, ("ALP", "CER", "DOL")])
def test_every_cell_of_the_map_is_the_median_of_the_shares_of_its_partners(chosen, codes):
    seen = standings(chosen, scope=EVERYTHING if codes is None else scope_of(*codes))
    shown = heats.heat(seen, heats.columns_of(seen, "all"))
    stored = items(chosen.run).filter(items(chosen.run)["kind"] == "item").to_dicts()
    places = dict(seen.frame.select("subject", "territory").iter_rows())
    assert {row.code for row in shown.rows} == set(places.values())
    for row in shown.rows:
        for cell in row.cells:
            here = [one for one in stored if places.get(one["partner"], "nowhere") == row.code and one["node"] == cell.column.path]
            shares = [one["points"] / one["out_of"] for one in here if one["points"] is not None]
            assert cell.scored == len(shares)
            if shares:
                assert abs(cell.share / 10**9 - median(shares)) < 2e-6
            else:
                assert (cell.share, cell.shade) == (None, 0)


def test_the_shade_follows_the_number_that_is_shown():
    assert [heats.shade(percent * 10_000_000) for percent in (0, 34, 35, 49, 50, 62, 71, 72, 82, 91, 100)] == [
        1,
        1,
        2,
        2,
        3,
        4,
        4,
        5,
        6,
        7,
        7,
    ]
    assert heats.shade(345_000_000) == 2  # shown as 35


def test_movers_are_those_whose_score_changed_most_and_the_reason_is_the_largest_step(chosen):
    seen = standings(chosen, scope=EVERYTHING)
    moved = movements.movers(seen, 2)
    changes = {row["subject"]: row["change"] for row in seen.frame.iter_rows(named=True) if row["change"]}
    assert moved.all_up == sum(change > 0 for change in changes.values())
    assert [row["change"] for row in moved.down] == sorted(change for change in changes.values() if change < 0)[:2]
    subject = moved.down[0]["subject"]
    step = movements.because(chosen, [subject])[subject]
    assert step.amount == min(why(chosen.before, chosen.run, subject).waterfall.by_node().values())


def test_at_risk_is_who_fell_twice_stands_lowest_or_lost_the_score(company):
    running = choose(period=told.PERIODS[2], scope=EVERYTHING)
    earlier, before, now = of_runs(running.framework, runs_back(running, 3), scope=EVERYTHING)
    found = {row["subject"]: row["signals"] for row in movements.at_risk(now, before, earlier).iter_rows(named=True)}
    three = [{row["subject"]: row for row in one.frame.iter_rows(named=True)} for one in (earlier, before, now)]
    order = "ABCD"
    for subject, row in three[2].items():
        levels = [one.get(subject, {}).get("level") for one in three]
        expected = []
        if None not in levels and order.index(levels[0]) < order.index(levels[1]) < order.index(levels[2]):
            expected.append(movements.FELL_TWICE)
        if row["level"] == "D":
            expected.append(movements.LOWEST)
        if row["total"] is None and three[1].get(subject, {}).get("total") is not None:
            expected.append(movements.LOST_SCORE)
        assert found.get(subject, []) == expected


def test_the_page_says_the_numbers_of_the_queries(as_, chosen):
    answer = as_("ben").get("/overview")
    text = text_of(answer)
    seen = standings(chosen, scope=EVERYTHING)
    assert answer.status_code == 200
    assert f"of {seen.ranked.height} partners are" in text
    assert f"{seen.ranked.height} of {seen.frame.height}" in text
    for row in movements.movers(seen).down:
        assert row["name"] in text
    for row in seen.unranked.iter_rows(named=True):
        assert row["name"] in text and in_words(row["no_data"])[1:] in text


def test_every_cell_opens_to_the_ranking_of_its_territory_sorted_by_its_kpi(as_):
    page = as_("ben").get("/overview").content.decode()
    cells = re.findall(r'<td class="q\w"><a href="([^"]+)"', page)
    assert cells
    for address in set(cells):
        opened = as_("ben").get(address.replace("&amp;", "&"))
        assert opened.status_code == 200
        assert not opened.context["listing"].notes
        assert opened.context["listing"].count


def test_a_manager_reads_nothing_about_partners_of_others(as_, company):
    answer = as_("carla").get("/overview")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert told.CANARY.search(page) is None
    told_to = answer.context["told"]
    assert set(told_to.standings.frame["subject"]) <= ALPS
    assert {row.code for row in told_to.heat.rows} == {"ALPS"}
    seen = told_to.standings.frame
    assert told_to.partners == seen.height
    totals = [total for total in seen["total"] if total is not None]
    assert abs(told_to.median - median(totals)) <= 1
    assert sum(told_to.spreads[-1].counts.values()) == len(totals)
    subjects = {row["subject"] for row in (*told_to.risk, *told_to.movers.up, *told_to.movers.down, *told_to.without)}
    assert subjects <= ALPS


def test_who_was_granted_nothing_sees_no_partner_and_no_number(as_):
    answer = as_("nora").get("/overview")
    assert answer.status_code == 200
    assert answer.context["told"].partners == 0
    assert answer.context["told"].median is None


def test_hostile_parameters_are_the_default(as_):
    for query in ("part=%00", "part=../..", "area='--", "framework=%F0%9F%92%A9", "period=" + "x" * 5000, "part=commercial&area=ALPS"):
        assert as_("ben").get(f"/overview?{query}").status_code == 200, query


def test_the_number_of_questions_does_not_grow_with_partners(as_, company, django_assert_max_num_queries):
    browser = as_("ben")
    browser.get("/overview")
    with django_assert_max_num_queries(20):
        browser.get("/overview")


def test_the_map_downloads_as_it_is_shown_and_the_page_prints(as_, chosen):
    answer = as_("ben").get("/overview?format=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    seen = standings(chosen, scope=EVERYTHING)
    shown = heats.heat(seen, heats.columns_of(seen))
    assert answer["Content-Disposition"].startswith("attachment") and len(lines) == 1 + len(shown.rows)
    assert all(column.title in lines[0] for column in shown.columns)
    assert as_("ben").get("/overview?format=exe").status_code == 422
    page = as_("ben").get("/overview").content.decode()
    assert "data-print" in page and "format=xlsx" in page
