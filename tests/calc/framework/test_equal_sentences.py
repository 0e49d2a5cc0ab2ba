"""Two frameworks that read alike score alike: whatever changes a result changes a sentence."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import product

import pytest

from steelyard.calc.framework.read import read
from steelyard.calc.framework.wording.languages import LANGUAGES
from steelyard.calc.framework.wording.sentences import sentences

from .examples import DISTRIBUTOR, changed

# written otherwise, meant alike
ALIKE = [
    DISTRIBUTOR,
    f"# a comment\n{DISTRIBUTOR}",
    changed(("title: Distributor standard\n", "title: Distributor standard\nnote: agreed in March\nowner: Anna\n")),
    changed(("framework: distributor-standard", "framework: another-code")),
    changed(("{least_base: 10000}", "{least_base: 10_000}")),
    changed(("weight: 60\n", "weight: 60.0\n")),
    changed(("net_sales / target", "((net_sales) / (target))")),
    changed(("[points >= 85]", "[(points >= 85)]")),
    changed(("measures:\n  net_sales", "measures:\n\n  net_sales")),
    changed(("    unit: percent\n    better: higher\n    range", "    better: higher\n    unit: percent\n    range")),
]
# one number or word of the file replaced by another, wherever one stands below the measures
WORDS = {
    "mean": "sum", "sum": "mean", "higher": "lower", "lower": "higher", "skip": "zero", "zero": "full", "full": "skip", "from": "above",
    "below": "to", "to": "below", "above": "from", "true": "false", "ttm": "prior_ttm", "half_up": "down", "cap": "floor",
}  # fmt: skip


def variants() -> list[str]:
    """Every framework that differs in one word or number and can still be read."""
    begin = DISTRIBUTOR.index("measures:")
    found = list(ALIKE)
    for match in re.finditer(r"(?<![\w.])(\d+|[a-z_]+)(?![\w.])", DISTRIBUTOR[begin:]):
        word = match[0]
        other = str(int(word) + 7) if word.isdigit() else WORDS.get(word)
        if other is not None:
            found.append(DISTRIBUTOR[: begin + match.start()] + other + DISTRIBUTOR[begin + match.end() :])
    return found


def scored(score, framework) -> list[tuple[object, ...]]:
    """What a sample of partners earns, with and without data, around the edges."""
    samples = list(product([None, 40_000, 90_000, 130_000, 250_000], [90_000, 120_000], [None, 3, 9], [0, 1]))
    sales, target, people, late = ([row[place] for row in samples] for place in range(4))
    count = len(samples)
    columns: dict[str, list[object]] = {"net_sales": sales, "target": target, "certified": people, "late": late}
    columns |= {
        "customers": [7] * count,
        "cooperation": [None if n % 5 == 0 else Fraction(7, 2) for n in range(count)],
        "all_lines": [25] * count,
    }
    columns |= {
        "net_sales[ttm]": sales,
        "net_sales[prior_ttm]": [9_000 if n % 7 == 0 else 88_000 for n in range(count)],
        "net_sales[period]": sales,
    }
    attributes = {"region": ["North" if n % 2 else "South" for n in range(count)]}
    done = score(framework, columns, attributes=attributes)
    return [done.cards.totals, done.cards.levels.levels, *(column.values for column in done.kpis.values())]


@pytest.fixture(scope="module")
def read_variants(score):
    found = [framework for text in variants() if (framework := read(text)[0]) is not None]
    return [(framework, scored(score, framework)) for framework in found]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_equal_sentences_mean_equal_results(read_variants, language):
    told: dict[tuple[str, ...], object] = {}
    for framework, results in read_variants:
        words = tuple(sentence.text for sentence in sentences(framework, language))
        assert told.setdefault(words, results) == results, framework.source
    assert len(read_variants) > 60
    assert 40 < len(told) < len(read_variants), "some are alike, most are not"
