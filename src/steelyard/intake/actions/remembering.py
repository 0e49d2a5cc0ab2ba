"""Remember how the files of a source are read, so that the next file of the same shape needs nothing said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from steelyard.audit.actions import record
from steelyard.calc.errors import Problem, Refused

from .. import mappings, queries
from ..models import MappingVersion

if TYPE_CHECKING:
    from steelyard.accounts.models import User


@transaction.atomic
def remember_mapping(mapping: mappings.Mapping, *, acting_user: User, anew: bool = True) -> MappingVersion:
    """Store a mapping as the newest version for its source and kind; the same mapping again is the same version.

    ``anew`` False: it read what had come before; a version that says the same is used, and the newest stays the newest.
    """
    latest = queries.latest_mapping(mapping.kind, mapping.source)
    digest = mappings.digest(mapping)
    if latest is not None and latest.digest == digest:
        return latest
    if not anew and (same := next((one for one in queries.versions_of(mapping.kind, mapping.source) if one.digest == digest), None)):
        return same
    version = MappingVersion.objects.create(
        kind=mapping.kind, source=mapping.source, number=(latest.number if latest else 0) + 1,
        text=mappings.to_yaml(mapping), digest=digest, created_at=timezone.now(), actor=acting_user.username,
    )  # fmt: skip
    after = {"version": version.number, "mapping": version.text}
    record(action="mapping remembered", subject=f"mapping:{mapping.kind}/{mapping.source}", after=after, acting_user=acting_user)
    return version


def rewrite_mapping(*, kind: str, source: str, text: str, acting_user: User) -> MappingVersion:
    """A mapping that somebody wrote as text, for the files of this kind and source. Refused with every problem of the text."""
    read, problems = mappings.read_mapping(text)
    if read is None:
        raise Refused(problems)
    if read.kind != kind or read.source not in ("", source):
        hint = _("write `kind: %(kind)s` and `source: %(source)s`") % {"kind": kind, "source": source}
        message = _("this mapping is of another kind or source")
        raise Refused(Problem("wrong_mapping", message, "", f"`{read.kind}`, `{read.source}`", hint))
    return remember_mapping(replace(read, source=source), acting_user=acting_user)
