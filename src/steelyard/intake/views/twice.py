"""Sales that two systems tell of: whose, how many, what counts twice; and both rows side by side, with the decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from steelyard.accounts.forms import say
from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Missing, Refused
from steelyard.ui.listing import Column, Empty, Filter, Listing, Rows

from .. import actions, twice
from ..forms import Authority
from ..titles import kind_choices, kind_title

ASKED = ("kind", "partner", "first", "second")
RULES = {
    "amount and product": gettext_lazy("amount and product"),
    "product and quantity": gettext_lazy("product and quantity"),
    "amount": gettext_lazy("amount"),
}


def address(group: twice.Group) -> str:
    """Where the pairs of a group are shown."""
    return reverse("intake:pairs") + "?" + urlencode({name: getattr(group, name) for name in ASKED})


@needs("intake.read")
def groups(request: Asked) -> HttpResponse:
    """Each partner of whom two systems tell alike."""
    found = twice.groups()
    listing = Listing(
        request,
        name="told-twice",
        title=_("Told twice"),
        columns=(
            Column("name", _("Partner"), link=address, sub="kind", phone=True),
            Column("partner", _("Code"), shown=False),
            Column("kind", _("Kind"), value=lambda group: kind_title(group.kind)),
            Column("first", _("One system")),
            Column("second", _("The other")),
            Column("pairs", _("Alike"), "count", phone=True, hint=_("Pairs of rows that look like one sale")),
            Column("sure", _("Amount and product"), "count", hint=_("Pairs that agree in amount and product")),
            Column("since", _("From"), "date"),
            Column("until", _("Until"), "date"),
            Column(
                "stake",
                _("Counts twice"),
                "money",
                currency="currency",
                phone=True,
                value=_stake,
                hint=_("The smaller amount of each pair"),
            ),
            Column("currency", _("Currency"), shown=False, value=_currency),
        ),
        source=Rows(found),
        filters=(Filter("kind", _("Kind"), kind_choices(twice.KINDS), matches=lambda group, value: group.kind == value),),
        search=("name", "partner", "first", "second"),
        sort="-pairs",
        empty=Empty(
            _("No sale is told twice"), _("Rows of two systems with the same partner, day, and amount or product would be listed here.")
        ),
    )
    return listing.respond("intake/twice.html", {"count": sum(group.pairs for group in found), "found": found})


def _stake(group: twice.Group) -> int | None:
    """Of several currencies the first; the page of the group tells all."""
    return next(iter(group.at_stake.values()), None)


def _currency(group: twice.Group) -> str:
    return next(iter(group.at_stake), "")


@needs("intake.read", post="intake.write")
def pairs(request: Asked) -> HttpResponse:
    """Both rows side by side; and which system counts, or that both do."""
    asked = {name: request.GET.get(name, "")[:200] for name in ASKED}
    form = Authority((asked["first"], asked["second"]), request.POST if request.POST.get("step") == "one" else None)
    if request.method == "POST" and (answer := _decided(request, asked, form)) is not None:
        return answer
    found = twice.pairs(**asked)
    if not found:
        messages.info(request, _("These two systems tell of nothing twice by now."))
        return redirect("intake:twice")
    group = twice.group_of(found)
    form.initial["first_day"] = group.since
    listing = Listing(
        request,
        name="told-twice-pairs",
        title=_("Told twice"),
        columns=(
            Column("rule", _("Alike in"), value=lambda pair: str(RULES[pair.rule]), sub="day", phone=True),
            Column("day", _("Day"), "date"),
            *_side("first", group.first),
            *_side("second", group.second),
        ),
        source=Rows(found),
        filters=(Filter("rule", _("Alike in"), list(RULES.items()), matches=lambda pair, value: pair.rule == value),),
        sort="day",
        empty=Empty(_("No sale is told twice")),
    )
    told = {
        "group": group,
        "kind": kind_title(group.kind),
        "alone": twice.alone(found),
        "form": form,
        "writes": may(request.user, "intake.write"),
    }
    return listing.respond("intake/twice_pairs.html", told, status=422 if form.errors else 200)


def _side(side: str, source: str) -> list[Column]:
    """The columns of one of the two rows."""

    def value(name: str) -> Callable[[twice.Pair], Any]:
        return lambda pair: getattr(pair, side)[name]

    return [
        Column(
            f"{side}_document", _("%(source)s: document") % {"source": source}, value=_document(side), sub=f"{side}_product", phone=True
        ),
        Column(f"{side}_product", _("%(source)s: product") % {"source": source}, value=value("product")),
        Column(f"{side}_quantity", _("Quantity"), "number", value=value("quantity")),
        Column(f"{side}_amount", _("Amount"), "money", currency=f"{side}_currency", value=value("amount"), exact=True, phone=True),
        Column(f"{side}_currency", _("%(source)s: currency") % {"source": source}, shown=False, value=value("currency")),
    ]


def _document(side: str) -> Callable[[twice.Pair], str]:
    return lambda pair: " / ".join(part for name in ("document", "line") if (part := getattr(pair, side)[name]))


def _decided(request: Asked, asked: dict[str, str], form: Authority) -> HttpResponse | None:
    """What was decided; None where the form must be looked at again."""
    step, back = request.POST.get("step"), redirect("intake:twice")
    if step == "both":
        try:
            count = actions.keep_both(
                kind=asked["kind"], partner=asked["partner"], first=asked["first"], second=asked["second"], acting_user=request.user
            )
        except Missing:
            messages.info(request, _("That was decided already."))
            return back
        text = ngettext(
            "%(count)s pair is two different sales: both rows count.", "%(count)s pairs are two different sales: all rows count.", count
        )
        messages.success(request, text % {"count": count})
        return back
    if step != "one" or not form.is_valid():
        return None
    said = form.cleaned_data
    partner = asked["partner"] if said["whom"] == "partner" else ""
    days = {name: said[name] for name in ("first_day", "last_day")}
    try:
        actions.declare_authority(
            kind=asked["kind"], source=said["source"], partner=partner, **days, acting_user=request.user, reason=said["reason"]
        )
    except Refused as refused:
        say(form, refused)
        return None
    messages.success(request, _("From now on %(source)s counts. Results that are published stay as they are.") % {"source": said["source"]})
    return back
