"""The command line: thin faces over the same actions and queries that pages and the API use.

Each module here holds the commands of one capability in a Typer app called ``commands``; this page only assembles them.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run one command; known problems are printed in one shape, with the exit codes of `output.Exit`."""
    if sys.argv[1:2] == ["verify-receipt"]:
        _verify_receipt()
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
    gc.disable()  # what is imported stays: looking through it for garbage is an eighth of the start
    import django

    django.setup()

    from django.db import DatabaseError

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
    except DatabaseError:
        from steelyard.operations.health import not_ready

        problem = not_ready()
        if problem is None:
            raise
        show_problems([problem])
        sys.exit(Exit.PROBLEMS)


def _verify_receipt() -> None:
    """The one command that is for everybody: it needs no installation, so none is looked for."""
    from steelyard.calc.errors import Refused
    from steelyard.cli.output import Exit, show_problems
    from steelyard.cli.receipts import alone

    try:
        alone()()
    except Refused as refused:
        show_problems(refused.problems)
        sys.exit(Exit.PROBLEMS)
