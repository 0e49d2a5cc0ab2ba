"""The Chromium of the machine, started so that it asks nobody outside for anything."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
MISSING = """No Chromium was found; the tests in tests/browser look at the pages in one.
  Debian or Ubuntu: apt-get install chromium      Fedora: dnf install chromium      macOS: brew install --cask chromium
or put it into PATH under one of these names: """


def found() -> str:
    """Its path; says what to install where there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise RuntimeError(MISSING + ", ".join(NAMES))
