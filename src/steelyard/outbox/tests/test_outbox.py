"""Messages leave with the transaction that wrote them, once, and wait while the mail server is away."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone

from steelyard.calc.errors import Conflict
from steelyard.jobs.actions import work_off
from steelyard.outbox import actions, queries
from steelyard.outbox.models import Message, State

pytestmark = pytest.mark.django_db


class Troubled(EmailBackend):
    """A mail server that raises what is left in the list, then works."""

    trouble: list[Exception] = []

    def send_messages(self, messages):
        if self.trouble:
            raise self.trouble.pop(0)
        return super().send_messages(messages)


@pytest.fixture
def trouble(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Troubled"
    Troubled.trouble = []
    return Troubled.trouble


def wait() -> None:
    """Time passes."""
    Message.objects.update(next_attempt=timezone.now() - timedelta(seconds=1))


def send(**values) -> Message:
    return actions.send(**{"to": "anna@example.org", "subject": "Your scorecard", "text": "It is here.", **values})


def test_a_message_leaves_by_the_worker():
    written = send(html="<p>It is here.</p>", language="de")
    assert mail.outbox == [] and queries.message(written.pk).state == State.WAITING
    work_off()
    sent = mail.outbox[0]
    assert (sent.to, sent.subject, sent.body) == (["anna@example.org"], "Your scorecard", "It is here.")
    assert sent.alternatives[0][0] == "<p>It is here.</p>" and sent.extra_headers["Content-Language"] == "de"
    assert queries.message(written.pk).state == State.SENT


def test_a_transaction_that_is_rolled_back_sends_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send()
        raise ZeroDivisionError
    work_off()
    assert mail.outbox == [] and not queries.messages().exists()


def test_the_same_key_is_sent_once():
    assert send(key="published:1:anna") == send(key="published:1:anna", text="Again.")
    work_off()
    assert [one.body for one in mail.outbox] == ["It is here."]
    assert [one.state for one in queries.messages()] == [State.SENT]


def test_while_the_mail_server_is_away_the_message_waits_and_says_so(trouble):
    trouble += [ConnectionRefusedError("refused"), TimeoutError("slow"), smtplib.SMTPServerDisconnected("gone")]
    written = send(key="k")
    for _ in range(3):
        actions.deliver_due()
        assert mail.outbox == [] and queries.message(written.pk).state == State.WAITING
        wait()
    assert "gone" in queries.message(written.pk).error
    actions.deliver_due()
    assert len(mail.outbox) == 1 and queries.message(written.pk).state == State.SENT


def test_it_is_not_tried_again_before_its_pause_is_over(trouble):
    trouble.append(ConnectionRefusedError("refused"))
    send()
    work_off()
    assert actions.deliver_due() == 0 and mail.outbox == []


@pytest.mark.parametrize(("code", "state"), [(450, State.WAITING), (550, State.FAILED)])
def test_a_refused_recipient_is_final_only_if_the_server_says_so(trouble, code, state):
    trouble.append(smtplib.SMTPRecipientsRefused({"anna@example.org": (code, b"no")}))
    refused, other = send(), send(to="ben@example.org")
    work_off()
    assert queries.message(refused.pk).state == state
    assert queries.message(other.pk).state == State.SENT


def test_a_message_is_given_up_after_days_and_can_be_tried_again(trouble):
    trouble.append(ConnectionRefusedError("refused"))
    written = send()
    Message.objects.update(written_at=timezone.now() - timedelta(days=4))
    work_off()
    assert queries.counts() == {"waiting": 0, "sent": 0, "failed": 1}
    actions.try_again(message=written.pk)
    work_off()
    assert queries.message(written.pk).state == State.SENT
    with pytest.raises(Conflict):
        actions.try_again(message=written.pk)


def test_a_killed_delivery_is_repeated_under_the_same_name(monkeypatch):
    def killed(name):
        raise KeyboardInterrupt

    monkeypatch.setattr("steelyard.outbox.actions.reach", killed)
    send()
    with pytest.raises(KeyboardInterrupt):
        actions.deliver_due()
    monkeypatch.undo()
    assert actions.deliver_due() == 0
    wait()
    assert actions.deliver_due() == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == mail.outbox[1].extra_headers["Message-ID"]


def test_what_opens_something_is_not_kept():
    written = send(text="Set your password here: …", secret=True)
    work_off()
    assert "password" in mail.outbox[0].body and queries.message(written.pk).text == ""


def test_a_line_break_cannot_start_another_header():
    written = send(subject="Hello\nBcc: everybody@example.org")
    work_off()
    assert mail.outbox[0].subject == "Hello Bcc: everybody@example.org" and mail.outbox[0].bcc == []
    assert written.to == "anna@example.org"
