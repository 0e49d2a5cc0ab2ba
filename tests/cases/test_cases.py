"""Every case by every way that applies, each against every line of the contract."""

from __future__ import annotations

import json

import pytest

from steelyard.accounts.queries import system_user
from steelyard.attribution.actions import settle
from steelyard.intake import queries
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING

from .arrival import Arrival, by_action, by_rest
from .case import Given, Row, Sent
from .conftest import undone
from .contract import hold, landed
from .every import CASES

CELLS = [pytest.param(case, way, id=f"{case.number:02}-{way}") for case in CASES for way in case.cells]


@pytest.mark.parametrize(("case", "way"), CELLS)
def test_case(case, way, installation, home):
    for given in case.given.get(way, ()):
        bring = by_rest if way == "REST" else by_action
        with undone():
            for earlier in given.before:
                came_out_as_expected(bring(earlier, installation))
            arrival = bring(given, installation)
            assert not given.seconds or (arrival.seconds < given.seconds and arrival.memory < 50_000_000), (arrival.seconds, arrival.memory)
            came_out_as_expected(arrival)
            hold(arrival)
            if given.also is not None:
                given.also(arrival)
    if way == "REST":
        for sent in case.sent:
            with undone():
                is_answered(sent, installation.clients[sent.by])


def came_out_as_expected(arrival: Arrival) -> None:
    """What the case says of its file."""
    given, told = arrival.given, [str(one) for one in arrival.messages]
    assert bool(arrival.problems) == bool(given.refused) and set(given.refused) <= {one.code for one in arrival.problems}, told
    if given.refused:
        assert arrival.done is None
    elif arrival.done is not None:
        counted(given, arrival)
    codes = {note["code"] for note in (arrival.done or {}).get("notes", ())}
    assert set(given.notes) <= codes and not set(given.silent) & codes, codes
    for words in given.told:
        assert any(words in one for one in (*told, *arrival.answers)), told
    for words in given.never:
        assert not any(words in one for one in told), told


def counted(given: Given, arrival: Arrival) -> None:
    done, batch = arrival.done, arrival.batch
    wrong = {row: one if isinstance(one, Row) else Row(one) for row, one in given.wrong.items()}
    rows = {row.source_row: [*queries.row_as_dict(row)["problems"]] for row in batch.quarantine.all()}
    assert set(rows) == set(wrong), rows
    for number, one in wrong.items():
        told = next((problem for problem in rows[number] if problem["code"] == one.code), None)
        assert told is not None, rows[number]
        assert one.column in (None, told["column"]) and one.found in (None, told["found"]), told
    counts = {"accepted": given.accepted, "blank": given.blank, "filtered": given.filtered, "duplicates": given.duplicates}
    assert {name: done[name] for name in counts} == counts, arrival.messages
    assert given.rows is None or done["rows_in"] == given.rows
    if given.sums is not None:
        assert {code: sums["accepted"] for code, sums in batch.amounts.items() if float(sums["accepted"])} == dict(given.sums)
    if given.stored:
        lines = landed(arrival).filter(landed(arrival)["sign"] > 0)
        for column, values in given.stored.items():
            assert lines[column].to_list() == list(values), lines[column].to_list()


def is_answered(sent: Sent, client) -> None:
    """A request that is not a file: its status, and the code of its problem."""
    answer = client.generic(sent.method, f"/api{sent.path}", sent.body, content_type=sent.content_type, **sent.headers)
    told = answer.content.decode()
    assert answer.status_code == sent.status, told
    if sent.status >= 400:
        assert answer["Content-Type"].startswith("application/problem+json")
        problem = json.loads(told)
        assert sent.code in ("", *(one["code"] for one in problem["problems"])), told
        assert all(one["message"] for one in problem["problems"])
    for words in sent.told:
        assert words in told, told
    if sent.stored:
        settle(acting_user=system_user())
        (row,) = ledger.facts("orders", scope=EVERYTHING).collect().rows(named=True)
        assert {name: row[name] for name in sent.stored} == dict(sent.stored)
