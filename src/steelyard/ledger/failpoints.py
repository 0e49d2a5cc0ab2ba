"""Named places at which a test may kill the process, to prove that nothing is ever half done.

``STEELYARD_FAILPOINT=segment-written`` kills the process with SIGKILL when it gets there. Unset, it costs nothing.
"""

from __future__ import annotations

import os
import signal

_WANTED = os.environ.get("STEELYARD_FAILPOINT", "")

# Every name that `reach` is called with; a test walks this list and fails when one is never reached.
NAMES = (
    "number-reserved", "segment-written", "segment-synced", "segment-renamed", "folder-synced",
    "head-locked", "segment-listed", "histories-added", "commit-added", "head-moved", "committed",
    "tail-received", "tail-settled", "tail-sealed", "segments-replaced",
)  # fmt: skip


def reach(name: str) -> None:
    """Die here if the environment says so."""
    if name == _WANTED:
        os.kill(os.getpid(), signal.SIGKILL)
