"""Who acts: the option `--as USER` that every writing command has."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from steelyard.accounts.models import User

AsUser = Annotated[str | None, typer.Option("--as", help="Who does this (default: $STEELYARD_USER, else `system`).", show_default=False)]


def acting(username: str | None) -> User:
    """The acting user; refused with a hint if there is no such user."""
    from steelyard.accounts.queries import user

    return user(username or os.environ.get("STEELYARD_USER") or "system")
