"""What a clerk does with a file in the pages: hands it in, answers what is asked, corrects what is held back, brings it in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Locator, Page

from tests.acceptance.serving import press

MOST_STEPS = 12


@dataclass
class Told:
    """What happened: the batch, or the words of the page on which it ended; what was asked on the way."""

    batch: int | None = None
    words: str = ""
    asked: list[str] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)
    held_back: int = 0


def bring_in(page: Page, file: Path, source: str, wanted: dict[str, Any]) -> Told:
    """Bring one file in as `messy.yaml` says, as far as the pages let one."""
    told = Told()
    _hand_in(page, file, wanted["kind"], source)
    if wanted.get("rewrite"):
        _rewrite(page, wanted["rewrite"])
        told.pressed.append("rewrite")
    _answer(page, wanted.get("answers") or {}, told)
    for label in wanted.get("fixes", ()):
        press(page, page.get_by_role("button", name=label).first)
        told.pressed.append(label)
    for text, better in (wanted.get("corrected") or {}).items():
        told.held_back += 1
        _correct(page, text, better)
    bring = page.get_by_role("button", name=re.compile(r"^Bring in [\d,]+ rows?$"))
    told.words = _words(page)
    if not bring.count():
        return told
    press(page, bring)
    page.wait_for_url(re.compile(r"/intake/\d+$"))
    told.words = _words(page)
    told.batch = int(page.url.rstrip("/").rsplit("/", 1)[-1])
    return told


def _hand_in(page: Page, file: Path, kind: str, source: str) -> None:
    page.goto("/intake/new")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("combobox", name="What is in it").select_option(kind)
    page.get_by_label("Where it comes from").fill(source)
    press(page, page.get_by_role("button", name="Check the file"))


def _rewrite(page: Page, patch: dict[str, Any]) -> None:
    """Change the mapping as text: what the clerk says comes over what was understood."""
    page.goto(f"{page.url.rstrip('/')}/columns")
    page.get_by_text("The mapping as text").click()
    box = page.get_by_role("textbox", name="Mapping")
    box.fill(yaml.safe_dump(_over(yaml.safe_load(box.input_value()), patch), sort_keys=False, allow_unicode=True))
    press(page, page.get_by_role("button", name="Check again with this text"))


def _over(old: Any, new: Any) -> Any:
    if not isinstance(new, dict) or not isinstance(old, dict):
        return new
    return {**old, **{key: _over(old.get(key), value) for key, value in new.items()}}


def _answer(page: Page, answers: dict[str, Any], told: Told) -> None:
    """Answer what is asked, page by page, until nothing is asked any more or nobody has an answer."""
    for _ in range(MOST_STEPS):
        questions = page.locator("fieldset.ask")
        keys = questions.locator("input[name^='asked-']").evaluate_all("all => all.map(one => one.value)")
        told.asked += [key for key in keys if key not in told.asked]
        mine = [(questions.nth(at), answers[key]) for at, key in enumerate(keys) if key in answers]
        if not mine or any(key not in answers for key in keys):
            return
        for question, answer in mine:
            if answer is not None:
                _say(question, str(answer))
        press(page, page.get_by_role("button", name="Read it so"))
    raise AssertionError(f"still asked after {MOST_STEPS} pages: {keys}")


def _say(question: Locator, answer: str) -> None:
    """Take the choice that begins so; type what none of them says."""
    for choice in question.locator("label.opt").all():
        if choice.locator("b").first.inner_text().startswith(answer):
            choice.locator("input").check()
            return
    typed = question.locator("input[name^='typed-']")
    assert typed.count(), f"no choice begins with “{answer}”, and nothing can be typed: {question.inner_text()}"
    free = question.locator("input[type=radio][value=free]")
    if free.count():
        free.check()
    typed.fill(answer)


def _correct(page: Page, text: str, better: str) -> None:
    """Say what one text that was held back should be."""
    box = page.get_by_role("textbox", name=f"{text} should be")
    box.fill(better)
    press(page, box.locator("xpath=ancestor::form").get_by_role("button"))


def _words(page: Page) -> str:
    return " ".join(page.get_by_role("main").inner_text().split())
