"""The product as its users have it: a home and a command."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Installation:
    """One home; `run` gives what a command printed, `json` and `csv` read it."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """What every command runs with; the programs of this environment come first in PATH."""
        programs = str(Path(sys.executable).parent)
        return {**os.environ, "STEELYARD_HOME": str(self.home), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """The command's stdout; any exit code but the expected ones fails, with what it said."""
        done = subprocess.run(["steelyard", *arguments], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode in codes, (
            f"steelyard {' '.join(arguments)}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
        )
        return done.stdout

    def json(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> Any:
        return json.loads(self.run(*arguments, "--json", codes=codes))

    def csv(self, *arguments: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.run(*arguments))))

    def load(self, kind: str, file: Path, mapping: Path, codes: tuple[int, ...] = (0,)) -> dict[str, Any]:
        """`steelyard import` as the example does it."""
        return self.json("import", kind, str(file), "--source", "adventureworks", "--mapping", str(mapping), codes=codes)


def run_script(installation: Installation, script: Path, *arguments: str) -> str:
    """A script of the examples, on this home."""
    done = subprocess.run([str(script), *arguments], env=installation.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{script.name}: exit {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout
