"""The command line: thin faces over the same actions and queries that pages and the API use.

Each module here holds the commands of one capability in a Typer app called ``commands``; this page only assembles them.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run one command; known problems are printed in one shape, with the exit codes of `output.Exit`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
    gc.disable()  # what is imported stays: looking through it for garbage is an eighth of the start
    import django

    django.setup()

    from steelyard.calc.errors import Refused
    from steelyard.cli.assemble import app
    from steelyard.cli.output import Exit, show_problems

    gc.freeze()
    gc.enable()
    try:
        app()
    except Refused as refused:
        show_problems(refused.problems)
        sys.exit(Exit.PROBLEMS)
