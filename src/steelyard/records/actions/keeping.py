"""Comments, saved views and documents: what is kept beside records."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.utils import timezone

from steelyard.accounts.permissions import side_of
from steelyard.audit.actions import record as write_audit
from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.ledger.scope import Scope

from .. import files, queries
from ..keys import own_key
from ..models import Comment, Document, SavedView
from .asking import LONGEST

if TYPE_CHECKING:
    from steelyard.accounts.models import User

MOST_VIEWS = 30  # of one person on one page


def comment(*, record: str, text: str, acting_user: User, partner: str = "", partner_sees: bool = False, form_key: str = "") -> Comment:
    """Remark on a record that the caller has shown to this person."""
    key = own_key(form_key, acting_user, "comment", record)
    if not text.strip() or len(text) > LONGEST:
        raise Refused(Problem("nothing-said", f"a comment has 1 to {LONGEST} characters", "text", hint="one sentence is enough"))
    side = "partner" if side_of(acting_user) == "partner" else "staff"
    try:
        with transaction.atomic():
            made = Comment.objects.create(
                record=record, partner=partner, author=acting_user.username, author_name=acting_user.name, side=side, text=text.strip(),
                partner_sees=partner_sees or side == "partner", written_at=timezone.now(), form_key=key,
            )  # fmt: skip
            write_audit(action="comment", subject=record, after={"partner_sees": made.partner_sees}, acting_user=acting_user)
    except IntegrityError:
        return Comment.objects.get(form_key=key, author=acting_user.username)
    return made


@transaction.atomic
def save_view(*, page: str, name: str, query: str, acting_user: User) -> queries.View:
    """Keep a list as it is shown; the same name again replaces it. Paging and file formats are not part of a view."""
    _name_is_fine(name)
    if not queries.is_our_page(page):
        raise Refused(Problem("bad-page", "a view belongs to a page of this installation", "page", page[:100]))
    kept = urlencode([(key, value) for key, value in parse_qsl(query.lstrip("?")) if key not in ("page", "format")])
    if len(kept) > 2000:
        raise Refused(Problem("too-long", "the view has too many filters to be kept", "query"))
    own = SavedView.objects.filter(username=acting_user.username, page=page)
    if own.exclude(name=name.strip()).count() >= MOST_VIEWS:
        raise Refused(Problem("too-many-views", f"a page keeps at most {MOST_VIEWS} views", "name", hint="delete one first"))
    row, _ = SavedView.objects.update_or_create(username=acting_user.username, page=page, name=name.strip(), defaults={"query": kept})
    write_audit(
        action="view saved", subject=f"view:{row.pk}", after={"page": page, "name": row.name, "query": kept}, acting_user=acting_user
    )
    return queries.View(row.pk, row.name, row.page, row.query)


@transaction.atomic
def rename_view(*, view: int, name: str, acting_user: User) -> queries.View:
    """Give an own view another name."""
    row = _own_view(view, acting_user)
    _name_is_fine(name)
    before, row.name = row.name, name.strip()
    if SavedView.objects.filter(username=row.username, page=row.page, name=row.name).exclude(pk=row.pk).exists():
        raise Refused(Problem("name-taken", "another of your views on this page has this name", "name", name, "choose another"))
    row.save(update_fields=["name"])
    write_audit(action="view renamed", subject=f"view:{row.pk}", before={"name": before}, after={"name": row.name}, acting_user=acting_user)
    return queries.View(row.pk, row.name, row.page, row.query)


@transaction.atomic
def delete_view(*, view: int, acting_user: User) -> str:
    """Forget an own view; returns the page it was of."""
    row = _own_view(view, acting_user)
    write_audit(action="view deleted", subject=f"view:{view}", before={"page": row.page, "name": row.name}, acting_user=acting_user)
    row.delete()
    return row.page


def _own_view(number: int, owner: User) -> SavedView:
    row = SavedView.objects.select_for_update().filter(pk=number, username=owner.username).first()
    if row is None:
        raise Missing
    return row


def _name_is_fine(name: str) -> None:
    if not 1 <= len(name.strip()) <= 80:
        raise Refused(Problem("bad-name", "a view's name has 1 to 80 characters", "name", name[:100], "write a short name"))


def keep_document(*, partner: str, title: str, stream: IO[bytes], acting_user: User) -> Document:
    """Keep a file for a partner; the same bytes under the same title again are one document."""
    if not 1 <= len(title.strip()) <= 200:
        raise Refused(Problem("bad-name", "a title has 1 to 200 characters", "title", title[:100], "say what the document is"))
    stored = files.store(stream)
    same = {"partner": partner, "sha256": stored.sha256, "title": title.strip()}
    try:
        with transaction.atomic():
            kept, is_new = Document.objects.get_or_create(
                **same, withdrawn_at=None,
                defaults={
                    "media_type": stored.media_type, "ending": stored.ending, "size": stored.size, "added_by": acting_user.username,
                    "added_by_name": acting_user.name, "added_at": timezone.now(),
                },
            )  # fmt: skip
            if is_new:
                after = {"partner": partner, "title": kept.title, "sha256": kept.sha256, "size": kept.size}
                write_audit(action="document added", subject=f"document:{kept.pk}", after=after, acting_user=acting_user)
    except IntegrityError:
        return Document.objects.get(**same, withdrawn_at=None)
    return kept


@transaction.atomic
def withdraw_document(*, document: int, acting_user: User, scope: Scope, reason: str = "") -> Document:
    """From now on nobody sees the document; that it was there stays in the trail."""
    found = Document.objects.select_for_update().filter(queries.seen_by(scope), pk=document, withdrawn_at=None).first()
    if found is None:
        raise Missing
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    before = {"partner": found.partner, "title": found.title, "sha256": found.sha256}
    write_audit(action="document withdrawn", subject=f"document:{found.pk}", before=before, acting_user=acting_user, reason=reason)
    return found
