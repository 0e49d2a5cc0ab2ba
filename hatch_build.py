"""The package build makes the pages' style sheet and scripts first, for a wheel and for an editable installation alike."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesBuildHook(BuildHookInterface):
    """Runs `frontend/build.py`, which does nothing when its outputs are newer than its sources."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before the files of the package are gathered."""
        sys.path.insert(0, str(Path(self.root) / "frontend"))
        import build

        build.main(clean=version != "editable")
