"""Questioning a number: the number has to be there, and this person has to be allowed to see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from steelyard.accounts.permissions import side_of
from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.calc.facts import FACTS
from steelyard.frameworks.queries import framework as framework_of
from steelyard.ledger.scope import Scope
from steelyard.partners.facts import row_name
from steelyard.partners.scopes import visible
from steelyard.records import actions as records
from steelyard.records.actions import About
from steelyard.scorecards.choosing import exactly
from steelyard.scorecards.files import SEPARATOR

from ..queries import names

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.records.models import Question


def about(
    *, framework: str, period: str, subject: str, scope: Scope, kpi: str = "", kind: str = "", row: int | None = None, published: bool
) -> About:
    """What a question would be about; `Missing` if the subject, the KPI or the row is not there or not to be seen.

    ``published``: only numbers that are public can be questioned (by partners).
    """
    chosen = exactly(framework, period, scope=scope, published_only=published)
    read = framework_of(chosen.version)
    codes = dict(zip(read.subject, subject.split(SEPARATOR), strict=False))
    if "partner" not in codes:
        raise Missing
    partner = visible(scope, codes["partner"])
    if not chosen.run.results.filter(subject=subject).exists():
        raise Missing
    if kpi and kpi not in read.kpis:
        raise Missing
    title = read.kpis[kpi].title or kpi if kpi else read.title or framework
    if row is not None:
        called = row_name(kind, row, scope=scope)
        if called is None:
            raise Missing
        title = _("%(title)s, row %(row)s") % {"title": title, "row": called}
    return About(
        partner=partner, framework=framework, period=period, subject=subject, title=title, kpi=kpi, kind=kind if row is not None else "",
        row=row, partner_name=names([partner]).get(partner, partner),
    )  # fmt: skip


def ask(
    *,
    framework: str,
    period: str,
    subject: str,
    text: str,
    acting_user: User,
    scope: Scope,
    kpi: str = "",
    kind: str = "",
    row: int | None = None,
    form_key: str = "",
) -> Question:
    """Question a score, a KPI or a row behind it."""
    published = side_of(acting_user) == "partner"
    if row is not None and not kind:
        raise Refused(Problem("no-kind", "say which kind of fact the row is of", "kind", hint=", ".join(FACTS)))
    what = about(framework=framework, period=period, subject=subject, scope=scope, kpi=kpi, kind=kind, row=row, published=published)
    return records.ask(about=what, text=text, acting_user=acting_user, form_key=form_key)
