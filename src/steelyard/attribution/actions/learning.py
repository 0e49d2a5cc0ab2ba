"""Make a model from what people have decided, beside the examples that the product comes with.

Half of the decisions teach it and choose from where on it accepts; the other half, which it never saw, begins its certificate.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.matching.candidates import Index
from steelyard.calc.matching.certainty import certified, needed
from steelyard.calc.matching.model import Model
from steelyard.calc.matching.names import spoken
from steelyard.calc.matching.training import Example, Lesson, train
from steelyard.calc.matching.verdicts import verdicts
from steelyard.jobs.actions import enqueue

from ..known import known
from ..labelled import halves, lessons
from ..labels import labels
from ..models import MatchingModel
from ..models_in_use import certificate, people_decided

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.jobs.models import Job

LEARNED = "matching model learned"  # in the audit trail
LEAST = 100  # decisions below which there is nothing to learn from
COUNT_AS = 1_000  # decisions that the shipped examples are worth together


def order_learning(*, acting_user: User) -> Job:
    """Have the worker learn; refused at once while too few decisions stand. Asked for twice before it is done, it is one job."""
    from ..tasks import learn_from_decisions

    digest = _digest(_told())
    key = f"matching model {MatchingModel.objects.count()} {digest}"
    with transaction.atomic():
        job = enqueue(learn_from_decisions, {"acting_user": acting_user.username}, key=key)
        record(action="matching model ordered", subject="matching model", after={"job": job.pk}, acting_user=acting_user)
    return job


def learn(*, acting_user: User) -> MatchingModel:
    """Train, keep the version, and use it unless that would switch acceptance off which is on, or put it further off.

    Refused while too few decisions stand. Its certificate begins with what it would have accepted of the decisions held back.
    """
    told, index = _told(), known().index
    own = [Example(text, code) for text, code in told if index.same(spoken(text)) < 0]
    taught = [one for one in own if not held_back(one)]
    unseen = [one for one in own if held_back(one)]
    training = {
        "origin": "decisions", "decisions": len(told), "decisions_digest": _digest(told), "names": len(taught), "held_back": len(unseen),
        "examples": halves.NAMES, "seed": halves.TRAINING, "examples_count_as": COUNT_AS,
    }  # fmt: skip
    shipped = lessons.lesson(halves.half(halves.TRAINING), count_as=COUNT_AS)
    model = train([*([Lesson(taught, index)] if taught else []), shipped], training).model
    return _keep(model, *_unseen(unseen, index, model), acting_user)


def held_back(one: Example) -> bool:
    """Whether a decision is kept from every model, to certify it: by partner, so that no two spellings of one lie on both sides."""
    about = one.code or spoken(one.text).core
    return hashlib.sha256(about.encode()).digest()[0] % 2 == 1


def _told() -> list[tuple[str, str]]:
    told = labels()
    if len(told) < LEAST:
        hint = "decide more names in the queue; until then the model that comes with the product is used"
        raise Refused(Problem("too_few_decisions", "there are too few decisions to learn from", "", f"{len(told)}; it takes {LEAST}", hint))
    return told


def _digest(told: list[tuple[str, str]]) -> str:
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _unseen(examples: list[Example], index: Index, model: Model) -> tuple[int, int]:
    """How many of these the model accepts rightly, and wrongly."""
    right = wrong = 0
    for one, verdict in zip(examples, verdicts([one.text for one in examples], index, model), strict=True):
        if verdict.accepts and verdict.first is not None:
            right, wrong = (right + 1, wrong) if verdict.first.code == one.code else (right, wrong + 1)
    return right, wrong


@transaction.atomic
def _keep(model: Model, right: int, wrong: int, acting_user: User) -> MatchingModel:
    before, decided, digest = certificate(), people_decided(), model.digest
    further = needed(wrong) - right - wrong > needed(before.wrong) - before.checked
    use = certified(right, wrong, decided) or not (before.on or further)
    kept = MatchingModel.objects.create(
        digest=digest, data=model.as_data(), labels=decided, unseen_right=right, unseen_wrong=wrong, in_use=use, made_at=timezone.now(),
        made_by=acting_user.username,
    )  # fmt: skip
    after = {"model": kept.pk, "digest": digest, "labels": decided, "right": right, "wrong": wrong, "in use": use}
    record(action=LEARNED, subject=str(kept), before={"model": before.version}, after=after, acting_user=acting_user)
    return kept
