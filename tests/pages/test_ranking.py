"""The ranking lists what the reader may see, in the order asked for, and exports all of it."""

from __future__ import annotations

import csv
import io

from steelyard.ledger.scope import EVERYTHING
from steelyard.scorecards.choosing import choose
from steelyard.scorecards.queries import results
from steelyard.scorecards.reasons import in_words
from steelyard.scorecards.standings import standings
from tests import company as told

from .test_overview import ALPS, text_of


def names(answer) -> list[str]:
    return [row.name for row in answer.context["listing"].rows]


def test_partners_stand_by_score_and_those_without_come_last_with_the_reason(as_):
    answer = as_("ben").get("/ranking")
    chosen = choose(scope=EVERYTHING)
    frame = {row["subject"]: row for row in standings(chosen, scope=EVERYTHING).frame.iter_rows(named=True)}
    assert names(answer) == [frame[result.subject]["name"] for result in results(chosen.run)]
    reasons = [result.no_data for result in results(chosen.run) if result.total is None]
    assert reasons and all(in_words(reason)[1:] in text_of(answer) for reason in reasons)


def test_filters_and_search_narrow(as_):
    browser = as_("ben")
    frame = standings(choose(scope=EVERYTHING), scope=EVERYTHING).frame
    for query, passes in {
        "territory=NORTH": frame["territory"] == "NORTH",
        "movement=up": frame["change"] > 0,
        "movement=demoted": frame["moved"] < 0,
        "ranked=no": frame["total"].is_null(),
        "level=B": frame["level"] == "B",
        "type=dealer": frame["type"] == "dealer",
        "country=CH": frame["country"] == "CH",
        "q=fjord": frame["name"].str.to_lowercase().str.contains("fjord"),
    }.items():
        assert browser.get(f"/ranking?{query}").context["listing"].count == frame.filter(passes).height, query


def test_a_kpi_can_be_a_column_and_the_order(as_):
    answer = as_("ben").get("/ranking?columns=name,share.commercial.growth,value.commercial.growth&sort=-share.commercial.growth")
    listing = answer.context["listing"]
    assert not listing.notes
    frame = standings(choose(scope=EVERYTHING), scope=EVERYTHING).frame
    best = frame.sort(["share|commercial/growth", "subject"], descending=[True, False], nulls_last=True)
    assert names(answer) == best["name"].to_list()


def test_the_file_holds_all_rows_as_shown(as_):
    answer = as_("ben").get("/ranking?format=csv&per=25")
    rows = list(
        csv.reader(
            io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig") if answer.streaming else answer.content.decode("utf-8-sig"))
        )
    )
    frame = standings(choose(scope=EVERYTHING), scope=EVERYTHING).frame
    assert len(rows) - 1 == frame.height
    assert set(frame["name"]) == {row[0] for row in rows[1:]}


def test_a_manager_ranks_their_own_partners_only(as_):
    answer = as_("carla").get("/ranking")
    shown = standings(choose(scope=EVERYTHING), scope=EVERYTHING).frame
    assert set(names(answer)) == set(shown.filter(shown["subject"].is_in(list(ALPS)))["name"])
    ranks = [rank for rank in answer.context["told"].standings.frame["rank"] if rank is not None]
    assert min(ranks) == 1 and max(ranks) <= len(ranks)
    assert told.CANARY.search(answer.content.decode()) is None
    assert answer.context["listing"].query.declared["territory"].choices == [("ALPS", "Alps")] or all(
        code != "NORTH" for code, _name in answer.context["listing"].query.declared["territory"].choices
    )
    for form in ("csv", "xlsx", "parquet"):
        file = as_("carla").get(f"/ranking?format={form}&columns=name,code,rank,total")
        body = b"".join(file.streaming_content) if file.streaming else file.content
        assert b"Borealis" not in body and b"BOR" not in body


def test_partners_are_listed_as_far_as_the_scope_sees(as_):
    assert {row.name for row in as_("ben").get("/partners").context["listing"].rows} >= {
        "Alpine Diagnostics",
        "Borealis Quarzwald",
        "Dr. Roth",
    }
    page = as_("carla").get("/partners")
    assert told.CANARY.search(page.content.decode()) is None
    assert "Alpine Diagnostics" in text_of(page)
    assert as_("nora").get("/partners").context["listing"].count == 0


def test_hostile_parameters_are_said_or_ignored(as_):
    for path in ("/ranking", "/partners"):
        for query in (
            "sort=;drop",
            "columns=%00,x",
            "territory=%27",
            "page=-1",
            "page=99999999999",
            "per=7",
            "format=exe",
            "movement=sideways",
            "q=%00",
        ):
            assert as_("ben").get(f"{path}?{query}").status_code == 200, query
