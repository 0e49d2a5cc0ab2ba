"""A real server with a company in it, and a real Chromium in which people sign in; every page is watched.

What a page may never do, whatever a test asks of it: write an error to the console, break the content security policy,
fail to load something, or answer 500. The browser ends with this package: no other test runs beside its event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import company as told
from tests.faults import installation

from . import chromium, hands
from .server import Server, start
from .watching import Watch

PATIENCE = 20_000  # milliseconds: a machine that does other things too
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def server(tmp_path_factory) -> Iterator[Server]:
    """`steelyard serve` with its worker, on a company of its own."""
    made = installation.new(tmp_path_factory.mktemp("browser") / "home")
    running = start(made)
    yield running
    running.stop()
    installation.remove(made)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium.found(), args=chromium.ARGUMENTS)
        yield opened
        opened.close()


class People:
    """Who sits where: `people("carla")` is a page in which Carla is signed in, in a browser of her own."""

    def __init__(self, browser: Browser, server: Server, states: dict[str, dict], motion: str = "no-preference") -> None:
        self.watch = Watch()
        self._browser, self._server, self._states, self._motion = browser, server, states, motion
        self._contexts: list[BrowserContext] = []

    def __call__(self, username: str | None = None, *, width: int = 1440, scheme: str = "light", anew: bool = False) -> Page:
        """A page, of the width of a desk or a phone; ``anew``: with a session of its own."""
        state = None
        if username is not None and not anew:
            if username not in self._states:
                self._states[username] = self._sign_in(self._open(None, 1440, "light"), username).context.storage_state()
            state = self._states[username]
        page = self._open(state, width, scheme)
        return self._sign_in(page, username) if username is not None and anew else page

    def _open(self, state: dict | None, width: int, scheme: str) -> Page:
        size = {"width": width, "height": 844 if width < 700 else 900}
        context = self._browser.new_context(
            base_url=self._server.address, viewport=size, color_scheme=scheme, has_touch=width < 700, locale="en-GB", storage_state=state,
            reduced_motion=self._motion,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        context.on("page", self.watch.page)
        self._contexts.append(context)
        return context.new_page()

    def _sign_in(self, page: Page, username: str) -> Page:
        page.goto("/sign-in")
        sign_in(page, username)
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return page

    def leave(self) -> None:
        """Close every browser."""
        for context in self._contexts:
            context.close()


def sign_in(page: Page, username: str, password: str = told.PASSWORD) -> None:
    """Fill in the sign-in form that is shown."""
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture(scope="package")
def states() -> dict[str, dict]:
    """Whoever signed in once stays so."""
    return {}


@pytest.fixture
def people(browser, server, states) -> Iterator[People]:
    """The people of this test; what their pages did wrong fails it."""
    arriving = People(browser, server, states)
    yield arriving
    arriving.leave()
    assert arriving.watch.faults == []


@pytest.fixture(params=["mouse", "keyboard"])
def hand(request) -> Callable[[Page], hands.Hand]:
    """How somebody uses a page: every journey is made twice."""
    return {"mouse": hands.Mouse, "keyboard": hands.Keyboard}[request.param]


@pytest.fixture
def place(hand) -> int:
    """0 for the mouse, 1 for the keyboard: so that each has something of its own to write to."""
    return [hands.Mouse, hands.Keyboard].index(hand)
