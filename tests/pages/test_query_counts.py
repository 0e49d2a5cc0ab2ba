"""How many questions each page asks the database: kept in git, and the same however large the company is."""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import company as told

from .routes import every_route, objects

COUNTS = Path(__file__).parent / "query_counts.json"
TO_RECORD = "STEELYARD_RECORD=1 python -m pytest tests/pages/test_query_counts.py"
READERS = {"portal/": "alma", "": "anna"}  # who opens which pages: the first that fits


def counted(company, as_) -> dict[str, int]:
    """Questions per page when it is opened the second time, as nearly all are."""
    clients = {username: as_(username, raise_request_exception=False) for username in READERS.values()}
    own, found = objects(company)["A"], {}
    for route in every_route():
        if route.needs and "GET" in route.needs and set(route.parameters) <= set(own):
            client = clients[next(username for start, username in READERS.items() if route.pattern.startswith(start))]
            address = route.filled(own)
            client.get(address).close()
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
                if answer.streaming:
                    list(answer.streaming_content)
                answer.close()
            if answer.status_code == 200:
                found[route.shown] = sum("SAVEPOINT" not in query["sql"] for query in asked.captured_queries)
    return found


def known(company, as_) -> dict[str, int]:
    """The counts of the company as it is, taken once: each test gets it as it was."""
    if not hasattr(company, "counts"):
        company.counts = counted(company, as_)
    return company.counts


def test_pages_ask_no_more_than_is_known(company, as_):
    counts = known(company, as_)
    if os.environ.get("STEELYARD_RECORD"):
        COUNTS.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    kept = json.loads(COUNTS.read_text(encoding="utf-8"))
    changed = [f"{page}: {kept.get(page)} -> {counts.get(page)}" for page in sorted(kept | counts) if kept.get(page) != counts.get(page)]
    assert not changed, f"if this is meant, run {TO_RECORD}:\n" + "\n".join(changed)


def test_a_company_twice_as_large_is_asked_no_more(company, as_):
    small = known(company, as_)
    told.grow(company, 12)
    large = counted(company, as_)
    grown = [f"{page}: {small[page]} -> {large.get(page)}" for page in small if large.get(page, 0) > small[page]]
    assert not grown, "\n" + "\n".join(grown)
