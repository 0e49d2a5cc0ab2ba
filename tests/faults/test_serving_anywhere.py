"""The server does not care where it is started: also not inside a package, where a web server would import another one."""

from __future__ import annotations

import time

from . import installation
from .test_serving import Server


def test_it_answers_when_it_was_started_inside_the_package(prepared, tmp_path, monkeypatch):
    trial = installation.copy(prepared, tmp_path / "served")
    monkeypatch.chdir(installation.ROOT / "src" / "steelyard")
    server = Server(trial.home, trial.database)
    try:
        server.until(lambda: server.ask("/health/live") == 200, "an answer")
    finally:
        server.process.terminate()
        server.process.wait()
        server.log.close()
        time.sleep(0.5)  # the kernel ends the children
        installation.remove(trial)
