"""Static files under the names the front-end build gave them: hashed, so that browsers keep them for ever.

`frontend/build.py` writes them, compressed, with their list; so an installation has nothing to collect, and no step to forget.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage

FOLDER = Path(__file__).parent / "static/ui"
IMMUTABLE = r"^.+/ui/.+\.[0-9a-f]{12}\.\w+$"  # these never change under their name


class BuiltFiles(StaticFilesStorage):
    """Answers ``{% static "ui/pages.css" %}`` with the built name; every other file keeps its own."""

    def url(self, name: str | None) -> str:
        """The address of a static file."""
        short = (name or "").removeprefix("ui/")
        known = _read() if settings.DEBUG else built()
        return super().url(f"ui/{known[short]}" if short in known else name)


@cache
def built() -> dict[str, str]:
    """What the build made, by plain name; empty where it never ran."""
    return _read()


def _read() -> dict[str, str]:
    listed = FOLDER / "built.json"
    return json.loads(listed.read_text()) if listed.exists() else {}
