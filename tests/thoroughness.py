"""How many examples a test of generated data tries: enough to notice, and many more on request.

`STEELYARD_EXAMPLES=20 make test` tries twenty times as many.
"""

from __future__ import annotations

import os

TIMES = float(os.environ.get("STEELYARD_EXAMPLES", "1"))


def examples(usual: int) -> int:
    """So many times the usual number; one at least."""
    return max(1, round(usual * TIMES))
