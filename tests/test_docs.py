"""What the documentation says is true: its commands run, its figures come out, its links lead somewhere."""

from __future__ import annotations

import os
import re
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


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A script of docs/ in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STEELYARD_", "DJANGO_"))}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, str(DOCS / script), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def printed() -> str:
    """What differs in any page; all of them run in one process, which spares a start for each."""
    done = run("console.py", *map(str, WITH_COMMANDS))
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=named)
def test_the_commands_of_a_page_print_what_the_page_shows(page: Path, printed: str):
    differences = [text for text in re.split(r"(?m)^(?=/\S+\.md:\d+: )", printed) if text.startswith(f"{page}:")]
    assert not differences, "".join(differences)


def test_a_page_that_shows_something_else_is_noticed(tmp_path: Path):
    page = tmp_path / "wrong.md"
    page.write_text("```console\n$ echo one\none\n$ echo two\nthree\n```\n", encoding="utf-8")
    done = run("console.py", str(page))
    assert done.returncode == 1 and "echo two" in done.stdout and "echo one" not in done.stdout


def yaml_blocks(page: Path) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("page", CALCULATIONS, ids=named)
def test_the_figures_worked_by_hand_come_out_of_the_calculation(page: Path):
    framework, *vectors = yaml_blocks(page)
    assert vectors, "a page of calculations has a framework and vectors"
    for text in vectors:
        outcomes = run_texts(framework, text)
        wrong = {outcome.name: outcome.differences for outcome in outcomes if not outcome.passed}
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


def test_the_reference_is_what_the_code_says():
    done = run("generate.py", "--check")
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
