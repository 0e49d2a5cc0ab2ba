"""Making an installation: folders, database, the user who acts where no person does."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from steelyard.accounts import actions as accounts
from steelyard.company import actions as company
from steelyard.intake.store import forget_unfinished


def initialise() -> list[str]:
    """Create or upgrade the home; running it again changes nothing. Returns what was done, in sentences."""
    home = Path(settings.STEELYARD_HOME)
    existed = home.exists()
    home.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    company.set_up(acting_user=accounts.set_up())
    forget_unfinished()
    return [f"{'Checked' if existed else 'Made'} the home {home}", f"Database: {connection.vendor}"]
