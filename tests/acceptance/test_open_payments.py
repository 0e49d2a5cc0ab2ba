"""Open Payments: every contact as an activity, every spelling of a maker as an alias, damaged numbers refused with that reason."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.acceptance.command_line import Installation, run_script
from tests.acceptance.serving import add_clerk, press, seated, served

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "open-payments"
WAITING = {"WRIGHT MEDICAL TECHNOLOGY, INC.", "Wright Medical Technology, Inc.", "ZOLL Lifecor Corporation"}


@pytest.fixture(scope="module")
def folder(data) -> Path:
    folder = data / "open_payments_iowa"
    assert folder.is_dir(), f"no folder open_payments_iowa in {data}"
    return folder


@pytest.fixture(scope="module")
def rows(folder):
    with gzip.open(folder / "payments_2013_2014.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def installation(folder, tmp_path_factory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("payments") / "home")
    run_script(installation, EXAMPLE / "load.sh", str(folder))
    return installation


def test_every_contact_is_an_activity(installation, rows, compare):
    found = installation.csv("export", "activities")
    compare("Open Payments: contacts", (71036, 71036), (len(rows), len(found)))
    compare("Open Payments: spent", sum(Decimal(row["amount_usd"]) for row in rows), sum(Decimal(row["cost"]) for row in found))
    wanted = {row["record_id"]: (row["manufacturer_name"], row["physician_id"], day(row["date_of_payment"])) for row in rows}
    compare("Open Payments: who met whom and when", wanted, {row["document"]: (row["party"], row["account"], row["date"]) for row in found})
    partners = Counter(row["type"] for row in installation.csv("export", "partners"))
    compare(
        "Open Payments: partners", {"doctor": 2037, "maker": len({row["manufacturer_id"] for row in rows})}, dict(sorted(partners.items()))
    )
    installation.run("framework", "test", str(EXAMPLE / "open-payments-makers.yaml"))


def day(text: str) -> str:
    month, number, year = text.split("/")
    return f"{year}-{month}-{number}"


def test_spellings_that_are_one_makers_name_are_aliases_and_the_others_wait(installation, rows, compare):
    makers = {row["manufacturer_name"]: row["manufacturer_id"] for row in rows}
    several = Counter(number for number in makers.values())
    compare("Open Payments: makers with several spellings", 22, sum(count > 1 for count in several.values()))
    waiting = {row["party"] for row in installation.json("partners", "unmatched")}
    compare("Open Payments: spellings that wait for a person", WAITING, waiting)
    found = {row["party"]: row["partner"] for row in installation.csv("export", "aliases")}
    compare("Open Payments: spellings that are aliases by name", {name: makers[name] for name in makers.keys() - WAITING}, found)


def test_a_persons_decisions_in_the_queue_make_aliases_of_the_rest_and_every_contact_counts(installation, rows, compare):
    makers = {row["manufacturer_name"]: row["manufacturer_id"] for row in rows}
    clerk = add_clerk(installation)
    with served(installation) as address, seated(address, clerk) as page:
        for spelling in sorted(WAITING):
            page.goto(f"/matching?{urlencode({'source': 'open-payments', 'party': spelling})}")
            choice = page.locator(f"input[name='partner'][value='{makers[spelling]}']")
            if not choice.count():
                page.get_by_role("searchbox", name="Search for another partner").fill(spelling.split()[0])
                press(page, page.get_by_role("button", name="Search", exact=False).last)
            choice.check()
            press(page, page.locator("button[name='step'][value='match']"))
    compare("Open Payments: spellings that still wait", [], installation.json("partners", "unmatched"))
    found = {row["party"]: row["partner"] for row in installation.csv("export", "aliases")}
    compare("Open Payments: what every spelling means", makers, found)
    by_person = {row["party"] for row in installation.csv("export", "aliases") if row["method"] == "person"}
    compare("Open Payments: aliases by a person's decision", WAITING, by_person)
    wanted = Counter(
        row["manufacturer_id"] for row in rows if row["date_of_payment"][:2] in ("10", "11", "12") and row["date_of_payment"][6:] == "2014"
    )
    cards = installation.json("score", "open-payments-makers", "--period", "2014-Q4")
    made = {card["subject"]["code"]: int(item["value"]) for card in cards for item in card["items"] if item["kpi"] == "contacts_made"}
    compare("Open Payments: contacts of every maker in 2014-Q4", dict(wanted), {code: count for code, count in made.items() if count})


def test_numbers_that_a_spreadsheet_damaged_are_refused_with_that_reason(installation, rows, tmp_path, compare):
    """An export that writes twelve digits, opened in a spreadsheet and saved again: six numbers suffered."""
    derived = [{**row, "record_id": row["record_id"].rjust(12, "0")} for row in rows[:1000]]
    for at, text in {10: "1.00E+11", 20: "1E+11", 30: "1,00E+11"}.items():
        derived[at]["record_id"] = text
    for at in (40, 50, 60):
        derived[at]["record_id"] = derived[at]["record_id"].lstrip("0")
    file = tmp_path / "contacts.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(derived)
    mapping = str(EXAMPLE / "mappings" / "contacts.yaml")
    told = installation.json("import", "activities", str(file), "--source", "padded", "--mapping", mapping, codes=(4,))
    compare("Open Payments, damaged: accepted, refused", (994, 6), (told["accepted"], told["quarantined"]))
    reasons = defaultdict(list)
    for row in installation.json("quarantine", "list", "--batch", str(told["batch"])):
        for one in row["problems"]:
            reasons[one["code"], one["message"]].append(row["row"])
    wanted = {
        ("id_damaged_by_spreadsheet", "a spreadsheet turned this code into a number and lost digits"): [12, 22, 32],
        ("id_damaged_by_spreadsheet", "a spreadsheet took the zeros in front of this code"): [42, 52, 62],
    }
    compare("Open Payments, damaged: rows with their reason", wanted, dict(reasons))
