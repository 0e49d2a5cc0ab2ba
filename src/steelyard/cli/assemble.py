"""The whole command line, put together from the commands of each capability."""

from __future__ import annotations

import typer

from . import (
    accounts,
    comparisons,
    credit,
    documents,
    frameworks,
    house,
    intake,
    ledger,
    mappings,
    masters,
    matching,
    messages,
    overrides,
    receipts,
    reviews,
    scorecards,
    serving,
    to_do,
)

app = typer.Typer(
    name="steelyard",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Weighs channel partners by one published standard and shows the evidence behind every number.\n\n"
    "Exit codes: 0 ok, 1 failure, 2 usage, 3 problems found, 4 partly quarantined. Data go to stdout, messages to stderr.",
)
for module in (
    house,
    serving,
    intake,
    mappings,
    matching,
    credit,
    frameworks,
    scorecards,
    overrides,
    receipts,
    comparisons,
    to_do,
    reviews,
    documents,
    masters,
    accounts,
    messages,
    ledger,
):
    module.register(app)
