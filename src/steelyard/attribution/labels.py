"""What people have decided about names, as the model learns from it."""

from __future__ import annotations

from steelyard.partners import queries as partners

from . import waiting
from .models import MatchingModel

MORE = 50  # decisions since the last model that make another one worth it


def labels() -> list[tuple[str, str]]:
    """Name and partner ("": none of ours) of every decision of a person that stands; names with two answers are left out."""
    meant = {(source, party): partner for source, party, partner in partners.decided_by("person")}
    found: dict[str, set[str]] = {}
    for source, party, names in waiting.every().select("source", "party", "names").iter_rows():
        partner = meant.get((source, party), meant.get(("", party)))
        if partner is not None:
            for name in names or [party]:
                found.setdefault(name, set()).add(partner)
    return sorted((name, answers.pop()) for name, answers in found.items() if len(answers) == 1)


def anything_to_learn() -> bool:
    """Whether enough was decided since the last model; asked by the clockwork before it starts a job."""
    from .actions.learning import LEAST

    decided = partners.decided_by_method().get("person", 0)
    last = MatchingModel.objects.order_by("-pk").values_list("labels", flat=True).first() or 0
    return decided >= LEAST and abs(decided - last) >= MORE and len(labels()) >= LEAST  # of decisions, some are about no fact
