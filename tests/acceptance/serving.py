"""`steelyard serve` on a home of the acceptance tests, and somebody signed in there in a real Chromium."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, sync_playwright

from tests.acceptance.command_line import Installation
from tests.browser import chromium
from tests.browser.watching import Watch

PATIENCE = 120  # seconds; in the browser as milliseconds
PASSWORD = "a long and quiet password of clerks"


@contextmanager
def served(installation: Installation) -> Iterator[str]:
    """The address of a server with its worker, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (installation.home / "serve.log").open("wb") as log:
        process = subprocess.Popen(["steelyard", "serve", "--port", str(port)], env=installation.environment, stdout=log, stderr=log)
    address, ends = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
    try:
        while not _ready(address):
            assert time.monotonic() < ends and process.poll() is None, (installation.home / "serve.log").read_text()[-4000:]
            time.sleep(0.1)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def add_clerk(installation: Installation, username: str = "klara") -> str:
    """Somebody who may bring in files and say who a name means."""
    installation.run("user", "add", username, "--name", "Klara Kohler", "--role", "operator")
    told = {"env": installation.environment, "input": f"{PASSWORD}\n", "text": True, "capture_output": True}
    done = subprocess.run(["steelyard", "user", "password", username], **told, check=False)
    assert done.returncode == 0, done.stderr
    return username


@contextmanager
def seated(address: str, username: str) -> Iterator[Page]:
    """A page in which somebody is signed in; whatever goes wrong behind it fails the test."""
    watch = Watch()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.found(), args=chromium.ARGUMENTS)
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}, locale="en-GB")
        context.set_default_timeout(30_000)
        context.on("page", watch.page)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        yield page
        browser.close()
    assert watch.faults == []


def press(page: Page, button: Locator) -> None:
    """Press and wait until the page has answered and its worker is done."""
    page.evaluate("window.pressed = true")
    button.click()
    page.wait_for_function("!window.pressed && document.readyState === 'complete'")
    page.wait_for_url(lambda url: "/intake/progress" not in url)
    page.wait_for_load_state("load")
