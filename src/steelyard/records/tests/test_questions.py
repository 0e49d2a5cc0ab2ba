"""Questions: states, due days, who may see and answer, what mail says and does not say."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from steelyard.accounts import actions as accounts
from steelyard.audit.queries import entries
from steelyard.calc.errors import Conflict, Missing, Refused
from steelyard.ledger.scope import EVERYTHING, NOTHING, Scope
from steelyard.outbox.queries import messages
from steelyard.records import actions, queries
from steelyard.records.actions import About
from steelyard.records.models import Message
from steelyard.records.working_days import Terms

ABOUT = About(partner="ALP", framework="quality", period="2012-Q4", subject="ALP", title="Revenue of Alpine", kpi="revenue")
ONLY_BOR = Scope(partners=frozenset({"BOR"}))


@pytest.fixture
def asked(cast):
    """A question of Carla's, who has an e-mail address as Ben has."""
    for name in ("ben", "carla"):
        accounts.change_user(username=name, email=f"{name}@steelyard.example", acting_user=cast.system)
    return actions.ask(about=ABOUT, text="Is Zermatt in this?", acting_user=cast.carla)


def test_from_asked_to_closed_each_step_leaves_a_message_and_an_entry(cast, asked):
    actions.answer(question=asked.pk, text="Yes.", acting_user=cast.ben, scope=EVERYTHING)
    actions.reopen(question=asked.pk, text="Where?", acting_user=cast.carla, scope=EVERYTHING)
    actions.reply(question=asked.pk, text="I mean which row.", acting_user=cast.carla, scope=EVERYTHING)
    actions.answer(question=asked.pk, text="Row 7.", acting_user=cast.ben, scope=EVERYTHING)
    done = actions.close(question=asked.pk, acting_user=cast.carla, scope=EVERYTHING)
    assert done.state == "closed" and done.closed_at is not None
    assert [message.verb for message in queries.thread(done)] == ["ask", "answer", "reopen", "reply", "answer", "close"]
    assert [entry.action for entry in entries(subject=f"question:{asked.pk}")] == [
        "question.ask", "question.answer", "question.reopen", "question.reply", "question.answer", "question.close",
    ]  # fmt: skip


def test_what_is_closed_is_not_answered_and_says_who_closed_it(cast, asked):
    actions.close(question=asked.pk, acting_user=cast.carla, scope=EVERYTHING)
    with pytest.raises(Conflict) as conflict:
        actions.answer(question=asked.pk, text="Late.", acting_user=cast.ben, scope=EVERYTHING)
    assert "Carla Conti: close" in conflict.value.problems[0].found


def test_a_question_out_of_scope_is_not_there(cast, asked):
    for scope in (NOTHING, ONLY_BOR):
        assert queries.questions(scope).count() == 0 and queries.waiting(scope) == 0 and queries.periods(scope) == []
        for call in (actions.answer, actions.reply, actions.close, actions.reopen):
            with pytest.raises(Missing):
                call(question=asked.pk, text="x", acting_user=cast.ben, scope=scope)
        with pytest.raises(Missing):
            actions.assign(question=asked.pk, to="ben", acting_user=cast.ben, scope=scope)


def test_mail_says_that_and_where_but_never_what(cast, asked):
    actions.assign(question=asked.pk, to="ben", acting_user=cast.anna, scope=EVERYTHING)
    actions.answer(question=asked.pk, text="Zermatt is in.", acting_user=cast.ben, scope=EVERYTHING)
    sent = list(messages())
    assert {message.to for message in sent} == {"ben@steelyard.example", "carla@steelyard.example"}
    for message in sent:
        assert f"/questions/{asked.pk}" in message.text
        assert not any(word in message.text + message.subject for word in ("Zermatt", "Alpine", "ALP", "Revenue"))


def test_only_who_may_answer_is_given_a_question(cast, asked):
    for nobody in ("dora", "system"):
        with pytest.raises(Refused, match="may not answer"):
            actions.assign(question=asked.pk, to=nobody, acting_user=cast.anna, scope=EVERYTHING)


@pytest.mark.parametrize(
    ("terms", "asked_on", "due"),
    [
        (Terms(5), date(2026, 3, 6), date(2026, 3, 13)),  # a Friday
        (Terms(1), date(2026, 3, 7), date(2026, 3, 9)),  # a Saturday
        (Terms(2, (4, 5)), date(2026, 3, 5), date(2026, 3, 9)),  # a weekend of Friday and Saturday
        (Terms(1, (5, 6), (date(2026, 12, 25), date(2026, 12, 28))), date(2026, 12, 24), date(2026, 12, 29)),
    ],
)
def test_due_days_skip_weekends_and_holidays(terms, asked_on, due):
    assert terms.due(asked_on) == due


def test_every_problem_of_terms_is_told_at_once(cast):
    with pytest.raises(Refused) as refused:
        actions.set_terms(days=0, weekend="5,8", holidays="soon", acting_user=cast.anna)
    assert [problem.where for problem in refused.value.problems] == ["working_days", "weekend", "holidays"]


def test_what_was_written_cannot_be_changed(cast, asked):
    for change in (lambda: Message.objects.update(text="other"), lambda: Message.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
