"""kill -9 at each system call that makes something durable. What reaches the disk is the same for every database, so one is tried."""

from __future__ import annotations

import re
import sys
from collections import Counter

import pytest

from . import installation

CALLS = ("fsync", "fdatasync", "rename", "renameat", "renameat2")
TRACE = f"trace={','.join(CALLS)}"


@pytest.mark.parametrize("scenario", ["import_file", "post", "send", "settle", "seal", "compact"])
def test_killed_at_every_fsync_and_rename_that_a_trace_shows(killed, nursery, prepared, tmp_path, capsys, scenario):
    calls = traced_calls(nursery, prepared, tmp_path, scenario)
    points = [(call, nth) for call, count in calls.items() for nth in range(1, count + 1)]
    for call, nth in points:
        inject = ("-o", "/dev/null", "-e", TRACE, "-e", f"inject={call}:signal=KILL:when={nth}")
        assert killed(scenario, strace=inject), (call, nth)
    assert calls["rename"] >= (scenario not in ("send", "settle"))
    with capsys.disabled():
        sys.stdout.write(f"\n{scenario}: killed at each of {len(points)} system calls ({', '.join(f'{n} {c}' for c, n in calls.items())})")


def traced_calls(nursery, prepared, tmp_path, scenario) -> Counter[str]:
    """How often a write calls fsync, rename and their kin."""
    trial = installation.copy(prepared, tmp_path / "traced")
    done = nursery.run(trial, scenario, strace=("-o", str(tmp_path / "trace"), "-e", TRACE))
    assert done.code == 0, done.output
    installation.remove(trial)
    found = re.findall(r"^\d+ +(\w+)\(", (tmp_path / "trace").read_text(), flags=re.MULTILINE)
    return Counter(call for call in found if call in CALLS)  # strace shows also what it knows only by number
