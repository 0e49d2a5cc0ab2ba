"""The same facts score the same, in whatever order and in however many files they came."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest
from django.db import transaction

from steelyard.ledger import actions as ledger
from steelyard.scorecards import cache, queries
from tests.journeys.conftest import orders
from tests.thoroughness import examples

EXAMPLES = examples(2)


def generated(random, count=60):
    """Order lines of the cast's partners and of strangers, numbered and not."""
    return [
        (
            f"G{random.randrange(25)}", str(number) if random.random() < 0.9 else None, random.choice(["ALP", "BOR", "CAS", "4711"]),
            f"2012-{random.randrange(7, 13):02}-{random.randrange(1, 29):02}", random.choice(["ANA-1", "REA-1", "REA-2", None]),
            f"{random.randrange(-500_000, 5_000_000)}e-4", random.choice(["EUR", "USD"]),
        )
        for number in range(count)
    ]  # fmt: skip


class Undo(Exception):
    """Leaves the database as it was."""


def loaded(channel, files, framework):
    """The items of a run after these files were posted; then everything is as it was."""
    found = None
    try:
        with transaction.atomic():
            for batch, lines in enumerate(files, start=100):
                ledger.post("orders", orders(*lines), source="erp", batch=batch, acting_user=channel.people.anna)
            found = queries.items(channel.score(framework))
            raise Undo
    except Undo:
        cache.clear()  # segment numbers are given out again
    return found


@pytest.mark.parametrize("seed", range(EXAMPLES))
def test_row_order_and_splitting_into_files_do_not_matter(channel, seed):
    random = Random(seed)
    lines, framework = generated(random), ["partner", "representative", "territory"][seed % 3]
    whole = loaded(channel, [lines], framework)
    shuffled = random.sample(lines, len(lines))
    documents = {line[0]: random.randrange(4) for line in lines}
    split = [[line for line in shuffled if documents[line[0]] == file] for file in range(4)]
    for files in ([shuffled], [file for file in split if file], [lines, shuffled]):
        assert loaded(channel, files, framework).equals(whole)


def test_a_line_restated_on_the_way_ends_where_it_would_have_begun(channel):
    lines = generated(Random(5))
    wrong = [(*line[:5], "1", line[6]) if number % 3 == 0 and line[1] else line for number, line in enumerate(lines)]
    assert loaded(channel, [lines, wrong, lines], "partner").equals(loaded(channel, [lines], "partner"))
    assert not loaded(channel, [lines, wrong], "partner").equals(loaded(channel, [lines], "partner"))


def test_contributions_of_every_card_add_up_to_its_total(channel):
    for seed in range(3):
        items = loaded(channel, [generated(Random(seed))], "partner")
        for _, card in items.group_by("partner"):
            whole = card.filter(pl.col("kind") == "total").row(0, named=True)
            assert card.filter(pl.col("parent") == whole["node"])["contribution"].sum() == (whole["points"] or 0)
