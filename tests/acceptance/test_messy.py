"""Every messy file is brought in through the pages, in a real browser, and read as a careful person reads it (messy.yaml)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from tests.acceptance.clerk import bring_in
from tests.acceptance.command_line import Installation
from tests.acceptance.serving import add_clerk, seated, served

FILES = yaml.safe_load(Path(__file__).with_name("messy.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def messy(data) -> Path:
    folder = data / "messy"
    assert folder.is_dir(), f"no folder messy in {data}"
    return folder


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("messy") / "home")
    installation.run("init")
    return installation


@pytest.fixture(scope="module")
def page(installation):
    username = add_clerk(installation)
    with served(installation) as address, seated(address, username) as page:
        yield page


def test_every_file_of_the_folder_is_told_of(messy):
    there = {str(path.relative_to(messy)) for path in messy.rglob("*") if path.suffix in (".csv", ".xlsx")}
    assert there == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_messy_file_is_read_as_a_careful_person_reads_it(name, page, messy, compare):
    wanted = FILES[name]
    told = bring_in(page, messy / name, wanted.get("source", Path(name).stem.lower()[:40]), wanted)
    if "refused" in wanted:
        compare(f"{name}: brought in", None, told.batch)
        missing = [words for words in wanted["refused"] if words.casefold() not in told.words.casefold()]
        compare(f"{name}: said", [], missing)
        return
    if not wanted["accepted"]:
        compare(f"{name}: brought in", None, told.batch)
        assert f"{wanted['quarantined']} need you" in told.words.replace(",", ""), told.words[:1000]
        return
    assert told.batch, told.words[:3000]
    if "after" in wanted and "answers" not in wanted:
        compare(f"{name}: asked or pressed", ([], []), (told.asked, told.pressed))
    answer = page.request.get(f"/api/intake/batches/{told.batch}")  # in the clerk's own session
    assert answer.ok, answer.text()
    _holds(name, wanted, answer.json(), compare)


def _holds(name, wanted, batch, compare):
    """Counts, sums and reasons of the batch."""
    held = 0 if wanted.get("corrected") else wanted.get("quarantined", 0)
    counts = {"accepted": wanted["accepted"], "quarantined": held, "duplicates": wanted.get("duplicates", 0)}
    counts |= {key: wanted[key] for key in ("filtered",) if key in wanted}
    if "rows" in wanted:
        counts["rows_in"] = wanted["rows"]
    compare(f"{name}: rows", counts, {key: batch[key] for key in counts})
    if "sum" in wanted:
        sums = {currency: Decimal(amounts["accepted"]) for currency, amounts in batch["amounts"].items()}
        compare(f"{name}: sum", {wanted["currency"]: Decimal(wanted["sum"])}, sums)


def test_names_in_every_script_are_kept_as_they_stand(page, installation, compare):
    """After all files: what they called people and things, letter by letter."""
    wanted: dict[str, set[str]] = {}
    for told in FILES.values():
        wanted.setdefault(told["kind"], set()).update(told.get("names", ()))
    for kind, names in wanted.items():
        if names:
            compare(f"names of {kind}", set(), names - {row["name"] for row in installation.csv("export", kind)})
