"""What the documentation says is true: its commands run, its figures come out, its links lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from steelyard.frameworks.vectors import run_texts

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
WITH_COMMANDS = [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")]
CALCULATIONS = [page for page in sorted((DOCS / "calculations").glob("*.md")) if "```yaml" in page.read_text(encoding="utf-8")]
MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def run(script: str, *arguments: str, folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """A script of docs/ in a process of its own, with a home of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STEELYARD_", "DJANGO_"))}
    environment |= {"STEELYARD_HOME": str(home), "STEELYARD_PAGE_FOLDER": str(folder), "COLUMNS": "120", "LC_ALL": "C.UTF-8"}
    environment["PYTHONPATH"] = str(ROOT / "src")
    command = [sys.executable, str(DOCS / script), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def fresh_home(tmp_path_factory) -> Path:
    """A home as `steelyard init` leaves it, made once and copied for each page."""
    folder = tmp_path_factory.mktemp("docs")
    page = folder / "init.md"
    page.write_text("```console\n$ steelyard init\n…\n```\n", encoding="utf-8")
    done = run("console.py", str(page), folder=folder, home=folder / "home")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "home"


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=named)
def test_the_commands_of_a_page_print_what_the_page_shows(page: Path, fresh_home: Path, tmp_path: Path):
    folder = tmp_path / "page"
    shutil.copytree(page.parent / "files", folder) if (page.parent / "files").is_dir() else folder.mkdir()
    shutil.copytree(fresh_home, folder / "steelyard-home")
    done = run("console.py", str(page), folder=folder, home=folder / "steelyard-home")
    assert done.returncode == 0, done.stdout + done.stderr


def yaml_blocks(page: Path) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("page", CALCULATIONS, ids=named)
def test_the_figures_worked_by_hand_come_out_of_the_calculation(page: Path):
    framework, *vectors = yaml_blocks(page)
    assert vectors, "a page of calculations has a framework and vectors"
    for text in vectors:
        outcomes = run_texts(framework, text)
        wrong = {outcome.name: outcome.differences or outcome.skipped for outcome in outcomes if not outcome.passed}
        assert outcomes and not wrong


def test_a_wrong_figure_in_a_calculation_is_noticed():
    framework, vectors = yaml_blocks(DOCS / "calculations" / "growth.md")
    outcomes = run_texts(framework, vectors.replace("growth: 25%", "growth: 26%"))
    assert [outcome.name for outcome in outcomes if not outcome.passed] == ["a quarter of growth"]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_of_a_page_leads_somewhere(page: Path):
    links = [link for link in MARKDOWN_LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link and not link.startswith("#")]
    missing = [link for link in links if not (page.parent / link.partition("#")[0]).exists()]
    assert not missing


def test_the_reference_is_what_the_code_says(tmp_path: Path):
    done = run("generate.py", "--check", folder=tmp_path, home=tmp_path / "home")
    assert done.returncode == 0, f"run `make docs`\n{done.stdout}{done.stderr}"


def test_every_page_can_be_found_from_the_readme():
    reached, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        links = MARKDOWN_LINK.findall(page.read_text(encoding="utf-8"))
        todo += [(page.parent / link.partition("#")[0]).resolve() for link in links if "://" not in link]
    lost = [named(page) for page in PAGES if page not in reached]
    assert not lost
