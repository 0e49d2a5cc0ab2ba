"""A pytest plugin: a skipped or expected-to-fail test fails the run, because what does not run proves nothing."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was skipped, above pytest's closing line."""
    for report in _not_run(terminalreporter):
        terminalreporter.write_line(f"not run: {report.nodeid}: {report.longrepr}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Turn success into failure where anything was not run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == pytest.ExitCode.OK and reporter is not None and _not_run(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _not_run(reporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    return [report for kind in ("skipped", "xfailed", "xpassed") for report in reporter.stats.get(kind, [])]
