"""Named places at which a test may kill the process, to prove that nothing is ever half done.

``STEELYARD_FAILPOINT=segment-written`` kills the process with SIGKILL when it gets there. Unset, it costs nothing. A test looks for
every name in the source and fails when one is never tried.
"""

from __future__ import annotations

import os
import signal

_WANTED = os.environ.get("STEELYARD_FAILPOINT", "")


def reach(name: str) -> None:
    """Die here if the environment says so."""
    if name == _WANTED:
        os.kill(os.getpid(), signal.SIGKILL)
