"""Make a model from everything that people have decided, beside the examples that the product comes with."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.matching.certainty import certified
from steelyard.calc.matching.names import spoken
from steelyard.calc.matching.training import Example, Lesson, train

from ..known import known
from ..labelled import halves, lessons
from ..labels import labels
from ..models import MatchingModel
from ..models_in_use import certificate, people_decided

if TYPE_CHECKING:
    from steelyard.accounts.models import User

LEARNED = "matching model learned"  # in the audit trail
LEAST = 100  # decisions below which there is nothing to learn from
COUNT_AS = 1_000  # decisions that the shipped examples are worth together


def learn(*, acting_user: User) -> MatchingModel:
    """Train, keep the version, and use it unless that would switch acceptance off which is on.

    Refused while too few decisions stand. The certificate of the new model begins with what it would have accepted of them
    without having seen each.
    """
    told, index = labels(), known().index
    if len(told) < LEAST:
        hint = "decide more names in the queue; until then the model that comes with the product is used"
        raise Refused(Problem("too_few_decisions", "there are too few decisions to learn from", "", f"{len(told)}; it takes {LEAST}", hint))
    own = [Example(text, code) for text, code in told if index.same(spoken(text)) < 0]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
    training = {
        "origin": "decisions", "decisions": len(told), "decisions_digest": digest, "names": len(own), "examples": halves.NAMES,
        "seed": halves.TRAINING, "examples_count_as": COUNT_AS,
    }  # fmt: skip
    shipped = lessons.lesson(halves.half(halves.TRAINING), count_as=COUNT_AS)
    trained = train([Lesson(own, index), shipped], training)
    accepted, right = trained.accepted[: len(own)], trained.right[: len(own)]
    sure = int((accepted & right).sum())
    return _keep(trained.model.as_data(), trained.model.digest, sure, int(accepted.sum()) - sure, acting_user)


@transaction.atomic
def _keep(data: dict[str, object], digest: str, right: int, wrong: int, acting_user: User) -> MatchingModel:
    before, decided = certificate(), people_decided()
    use = certified(right, wrong, decided) or not before.on
    kept = MatchingModel.objects.create(
        digest=digest, data=data, labels=decided, unseen_right=right, unseen_wrong=wrong, in_use=use, made_at=timezone.now(),
        made_by=acting_user.username,
    )  # fmt: skip
    after = {"model": kept.pk, "digest": digest, "labels": decided, "right": right, "wrong": wrong, "in use": use}
    record(action=LEARNED, subject=str(kept), before={"model": before.version}, after=after, acting_user=acting_user)
    return kept
