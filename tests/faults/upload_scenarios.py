"""Many uploads at the same moment, in threads of one process as a web process has them."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from steelyard.accounts.actions import set_up
from steelyard.intake import actions as intake
from steelyard.intake.mappings import read_mapping

from .scenarios import MAPPING

ROWS, STEP = 40, 10  # of a file, and how far the next one is shifted: each row is in four files


def file_of(number: int) -> bytes:
    """Rows that other files have as well; files ten apart are the same bytes."""
    first = number % 10 * STEP
    rows = [f"U{n},1,2026-03-{n % 28 + 1:02d},p1,,1,{n}.25,EUR" for n in range(first, first + ROWS)]
    return ("order,position,day,customer,item,pieces,net,curr\n" + "\n".join(rows) + "\n").encode()


def upload_together(count: int) -> None:
    """So many files at once; prints what became of each."""
    user = set_up()
    mapping, problems = read_mapping(MAPPING)
    assert not problems, problems
    at_once = Barrier(count)

    def upload(number: int) -> dict[str, object]:
        try:
            at_once.wait()
            done = intake.commit(file_of(number), name=f"part-{number}.csv", kind="orders", mapping=mapping, acting_user=user)
            return {"batch": done.batch, "accepted": done.accepted, "duplicates": done.duplicates, "again": done.already is not None}
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        sys.stdout.write(json.dumps(list(pool.map(upload, range(count)))))


UPLOADS = {"upload_together": upload_together}
