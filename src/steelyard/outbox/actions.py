"""Writing messages and delivering them. Written in a transaction, a message leaves if and only if that transaction commits.

Each message is delivered at least once. A worker killed between the mail server's answer and the note of it sends again under the
same Message-ID, by which mailboxes know a duplicate.
"""

from __future__ import annotations

import secrets
import smtplib
from datetime import datetime, timedelta

import structlog
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.utils import timezone

from steelyard.calc.errors import Conflict, Missing, Problem
from steelyard.ledger.failpoints import reach

from .models import Message, State

log = structlog.get_logger("steelyard.outbox")
PAUSES = (30, 60, 300, 900, 3600, 4 * 3600)  # seconds before the next attempt; the last one again and again
GIVE_UP_AFTER = timedelta(days=3)
AT_IT = timedelta(minutes=2)  # how long a delivery may take before another worker tries


def send(
    *, to: str, subject: str, text: str, html: str = "", language: str = "en", key: str | None = None, secret: bool = False
) -> Message:
    """Write a message, in the transaction of what it tells about; the worker delivers it. The same key is the same message, once.

    ``secret``: the text opens something (a link to set a password), so it is removed here as soon as it is delivered.
    """
    from .tasks import deliver

    known = None if key is None else Message.objects.filter(key=key).first()
    if known is not None:
        return known
    now = timezone.now()
    try:
        with transaction.atomic():
            message = Message.objects.create(
                to=_one_line(to), subject=_one_line(subject), text=text, html=html, language=language, key=key, secret=secret,
                identity=f"{secrets.token_hex(16)}@steelyard", next_attempt=now, written_at=now,
            )  # fmt: skip
    except IntegrityError:
        return Message.objects.get(key=key)
    deliver.enqueue()
    return message


def deliver_due(now: datetime | None = None) -> int:
    """Send every message that is due; returns how many left. What the mail server refuses or does not answer stays, to be tried again."""
    now = now or timezone.now()
    sent = 0
    for number in Message.objects.filter(state=State.WAITING, next_attempt__lte=now).order_by("id").values_list("pk", flat=True):
        mine = Message.objects.filter(pk=number, state=State.WAITING, next_attempt__lte=now).update(next_attempt=now + AT_IT)
        if mine:  # one worker only
            sent += _delivered(Message.objects.get(pk=number))
    return sent


def _delivered(message: Message) -> bool:
    try:
        _mail(message).send()
    except Exception as failure:  # noqa: BLE001  whatever a mail server does, the message stays
        _not_sent(message, failure)
        return False
    reach("message-sent")
    text, html = ("", "") if message.secret else (message.text, message.html)
    Message.objects.filter(pk=message.pk).update(
        state=State.SENT, sent_at=timezone.now(), attempts=message.attempts + 1, error="", text=text, html=html
    )
    return True


def _mail(message: Message) -> EmailMultiAlternatives:
    headers = {"Message-ID": f"<{message.identity}>", "Content-Language": message.language, "Auto-Submitted": "auto-generated"}
    mail = EmailMultiAlternatives(message.subject, message.text, to=[message.to], headers=headers)
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail


def _not_sent(message: Message, failure: Exception) -> None:
    attempts = message.attempts + 1
    now = timezone.now()
    hopeless = _refused_for_good(failure) or now - message.written_at > GIVE_UP_AFTER
    pause = timedelta(seconds=PAUSES[min(attempts, len(PAUSES)) - 1])
    Message.objects.filter(pk=message.pk).update(
        attempts=attempts, error=_reason(failure), next_attempt=now + pause, state=State.FAILED if hopeless else State.WAITING
    )
    log.warning("message not sent", message=message.pk, attempts=attempts, reason=type(failure).__name__, given_up=hopeless)


def _refused_for_good(failure: Exception) -> bool:
    """Whether the server said 5xx about this message or its recipient; everything else may pass."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in failure.recipients.values())
    return isinstance(failure, smtplib.SMTPSenderRefused | smtplib.SMTPDataError) and failure.smtp_code >= 500


def _reason(failure: Exception) -> str:
    return f"{type(failure).__name__}: {failure}"[:500]


def _one_line(text: str) -> str:
    """Headers are one line: a line break in one would start another."""
    return " ".join(text.split())


@transaction.atomic
def try_again(*, message: int) -> Message:
    """Deliver a message again that was given up."""
    from .tasks import deliver

    found = Message.objects.select_for_update().filter(pk=message).first()
    if found is None:
        raise Missing
    if found.state != State.FAILED:
        raise Conflict(Problem("message-not-failed", "only a message that was given up can be tried again", "message", found.state))
    found.state, found.next_attempt, found.written_at = State.WAITING, timezone.now(), timezone.now()
    found.save()
    deliver.enqueue()
    return found
