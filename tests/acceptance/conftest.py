"""What the acceptance tests share: the data folder, one loaded AdventureWorks, the command line, and a table at the end.

Collected by `make accept` only. Nothing here skips: without the data the run is refused.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.acceptance.command_line import Installation, run_script

ROOT = Path(__file__).resolve().parents[2]
TABLE = pytest.StashKey[list[tuple[str, str, str]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = []
    if not os.environ.get("STEELYARD_ACCEPTANCE_DATA"):
        raise pytest.UsageError("the acceptance tests need real data: make accept DATA=FOLDER")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Required beside reached, one line per comparison."""
    terminalreporter.section("acceptance")
    rows = [("what", "required", "reached"), *config.stash[TABLE]]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        verdict = "" if row is rows[0] else ("PASS" if row[1] == row[2] or row[1].startswith("within") else "FAIL")
        terminalreporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + f"  {verdict}")


@pytest.fixture
def compare(request):
    """`compare(what, required, reached)`: note the pair for the table, then insist on equality."""

    def _compare(what: str, required: object, reached: object) -> None:
        request.config.stash[TABLE].append((what, shortened(required), shortened(reached)))
        assert reached == required, what

    return _compare


@pytest.fixture
def within(request):
    """`within(what, required, reached, tolerance)`: the same for what may differ by so much."""

    def _within(what: str, required, reached, tolerance) -> None:
        request.config.stash[TABLE].append((what, f"within {tolerance} of {required}", shortened(reached)))
        assert abs(reached - required) <= tolerance, what

    return _within


def shortened(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{len(value)} values, equal" if hasattr(value, "__len__") else text[:60]


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder with all real data sets."""
    return Path(os.environ["STEELYARD_ACCEPTANCE_DATA"])


@pytest.fixture(scope="session")
def adventureworks(data) -> Path:
    folder = data / "adventureworks"
    assert folder.is_dir(), f"no folder adventureworks in {data}"
    return folder


@pytest.fixture(scope="session")
def loaded(adventureworks, tmp_path_factory) -> Installation:
    """AdventureWorks loaded by load.sh, once; tests that write work on a `copy`."""
    installation = Installation(tmp_path_factory.mktemp("adventureworks") / "home")
    run_script(installation, ROOT / "examples" / "adventureworks" / "load.sh", str(adventureworks))
    return installation


@pytest.fixture
def copy(loaded, tmp_path) -> Installation:
    """An installation of one's own, equal to the loaded one."""
    shutil.copytree(loaded.home, tmp_path / "copy")
    return Installation(tmp_path / "copy")
