"""What addresses are made of."""

from __future__ import annotations

from typing import Annotated

from ninja import Path, Query

MOST = 2**63 - 1  # what a database's whole number holds
Number = Annotated[int, Path(ge=0, le=MOST)]
VersionNumber = Annotated[int | None, Query(ge=1, le=MOST)]
