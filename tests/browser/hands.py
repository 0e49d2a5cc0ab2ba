"""Two ways to use a page: with a mouse, and with the keyboard alone."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from playwright.sync_api import Locator, Page

FAR = 400  # so many presses of Tab, and whoever presses has given up
SEEN = """() => { for (let one = document.activeElement, up = 0; one && up < 3; one = one.parentElement, up++) {
  const style = getComputedStyle(one);
  if ((style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none") return true; } return false; }"""
GROUP = "([e, radio]) => e === radio || (e.type === 'radio' && e.name === radio.name)"


def until(page: Page, so: Callable[[], bool]) -> None:
    """Look again until the worker has done its part, as people do."""
    ends = time.monotonic() + 60
    while not so():
        assert time.monotonic() < ends, f"still the same after a minute: {page.get_by_role('heading', level=1).inner_text()}"
        page.wait_for_timeout(300)
        page.reload()


class Hand(ABC):
    """Counts what it presses."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, target: Locator) -> None:
        """Press a link or a button."""
        self.presses += 1
        self._press(target)

    def open(self, target: Locator) -> None:
        """Open what is folded; it is on the way to something, not a place."""
        self._press(target)

    @abstractmethod
    def _press(self, target: Locator) -> None: ...

    @abstractmethod
    def write(self, target: Locator, text: str) -> None:
        """Write into a field, over what stands there."""

    @abstractmethod
    def choose(self, target: Locator, option: str) -> None:
        """Choose one of a list."""

    @abstractmethod
    def tick(self, target: Locator) -> None:
        """Tick a box, or choose one of several."""


class Mouse(Hand):
    """Points and clicks; a mouse cannot write, so the fingers do."""

    def _press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.click()
        target.fill(text)

    def choose(self, target: Locator, option: str) -> None:
        target.select_option(label=option)

    def tick(self, target: Locator) -> None:
        target.check()


class Keyboard(Hand):
    """Never points: what cannot be reached with Tab, or is not seen when it is reached, fails."""

    def _press(self, target: Locator) -> None:
        self.press_until_focused(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self.press_until_focused(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def choose(self, target: Locator, option: str) -> None:
        self.press_until_focused(target)
        self.page.keyboard.type(option)  # a list goes to what is typed
        chosen = target.evaluate("e => e.selectedOptions[0].label.trim()")
        assert chosen == option, f"typing “{option}” chose “{chosen}”"

    def tick(self, target: Locator) -> None:
        if target.evaluate("e => e.type") != "radio":
            self.press_until_focused(target)
            self.page.keyboard.press("Space")
            return
        self.press_until_focused(target, GROUP)  # Tab goes to the group, arrows go inside it
        self.page.keyboard.press("Space")
        for _ in range(20):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowRight")
        raise AssertionError(f"arrows do not reach {target}")

    def press_until_focused(self, target: Locator, is_it: str = "([e, wanted]) => e === wanted") -> None:
        """Tab until the target has the focus, and everybody sees that it has."""
        wanted = target.element_handle()
        for _ in range(FAR):
            if self.page.evaluate(f"wanted => ({is_it})([document.activeElement, wanted])", wanted):
                assert self.page.evaluate(SEEN), f"nobody sees that it has the focus: {target}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{FAR} times Tab do not reach {target}")
