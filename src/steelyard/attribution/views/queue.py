"""Names that mean no partner yet: a queue made for the keyboard, one name beside the partners called alike.

Everything works by links, radio buttons and forms; the script only presses them when somebody types a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Conflict, Refused
from steelyard.calc.facts import FACTS
from steelyard.partners import queries as partners
from steelyard.ui.listing.query import clean
from steelyard.ui.unchanged import unchanged

from .. import actions, comparing, decisions, names, waiting
from .. import queue as queues
from ..models_in_use import certificate
from ..names import Name

NONE = "-"  # picked instead of a partner: none of ours


@dataclass(frozen=True)
class Place:
    """Where in the queue somebody is: the order, the words it is narrowed by, the name that is looked at."""

    source: str
    party: str
    by: str
    words: str

    @classmethod
    def of(cls, said: Any) -> Place:
        """As an address or a form says it."""
        by = said.get("by", "value")
        return cls(
            said.get("source", "")[:100], said.get("party", "")[:300], by if by in waiting.ORDERS else "value", clean(said.get("f", ""))
        )

    def url(self, name: Name | None = None, **more: str) -> str:
        """The address of another name at the same place; without one of the queue."""
        asked = {"source": name.source, "party": name.party} if name else {}
        asked |= {} if self.by == "value" else {"by": self.by}
        asked |= {"f": self.words} if self.words else {}
        return f"{reverse('attribution:queue')}?{urlencode(asked | more)}"

    @property
    def asked(self) -> str:
        """The order and words, as the end of an address."""
        return urlencode({name: value for name, value in (("by", self.by), ("f", self.words)) if value and value != "value"})


@needs("intake.read")
def moved(request: Asked) -> HttpResponse:
    """The queue was under intake before: to its address now."""
    asked = request.GET.urlencode()
    return redirect(reverse("attribution:queue") + (f"?{asked}" if asked else ""), permanent=True)


@needs("intake.read", post="intake.write")
def queue(request: Asked) -> HttpResponse:
    """The queue, and the name that is looked at: the one the address names, else the one with most value."""
    if request.method == "POST":
        return _decide(request)
    return _shown(request, Place.of(request.GET))


def _shown(request: Asked, place: Place, *, conflict: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    number = request.GET.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 0
    shown = queues.look(place.source, place.party, by=place.by, words=place.words, page=page)
    chosen = names.find(place.source, place.party, also_decided=True) if conflict else shown.chosen
    searched = clean(request.GET.get("q", ""))
    known = names.candidates(chosen, searched) if chosen else []
    picked = (conflict or {}).get("partner") or request.GET.get("pick", "") or (known[0].code if known and _clear(known) else "")
    sure = unchanged(("sure names",), waiting.sure)
    same = names.called_alike(chosen) if chosen and not conflict else []
    same_rows, same_amounts = names.total(same)
    decided = decisions.lately()
    told = {
        "shown": shown, "place": place, "chosen": chosen, "conflict": conflict, "searched": searched, "picked": picked,
        "kinds": [FACTS[kind].title for kind in chosen.kinds] if chosen else [],
        "candidates": [(one, comparing.letters(chosen.title, one.name)) for one in known] if chosen else [],
        "lines": comparing.lines(chosen, known) if chosen else [],
        "before": place.url(shown.before) if shown.before else "", "after": place.url(shown.after) if shown.after else "",
        "previous_page": place.url(page=str(shown.page - 1)) if shown.page > 1 else "",
        "next_page": place.url(page=str(shown.page + 1)) if shown.page < shown.pages else "",
        "same": same, "same_rows": same_rows, "same_amounts": same_amounts,
        "sure": sure.height, "sure_rows": int(sure["rows"].sum()) if sure.height else 0, "sure_name": _sure_name(chosen, sure),
        "page_keys": _keys() if may(request.user, "intake.write") else [("J", _("Next name")), ("K", _("Previous name"))],
        "certificate": unchanged(("certificate of the model",), certificate),
        "decided": decided, "undoes": next((one for one in decided if one.stands and one.by == request.user.username), None),
        "writes": may(request.user, "intake.write"),
    }  # fmt: skip
    return render(request, "attribution/queue.html", told, status=status)


def _keys() -> list[tuple[str, str]]:
    """What each key does here, for the list that ? opens."""
    return [
        ("1 – 3", _("Choose a partner")), ("Enter", _("Match")), ("/", _("Search another partner")),
        ("N", _("None of ours, with a reason")),
        ("S", _("Skip: it keeps its place")), ("J", _("Next name")), ("K", _("Previous name")), ("U", _("Undo my last decision")),
    ]  # fmt: skip


def _clear(known: list[names.Candidate]) -> bool:
    """Whether the first is nearer than the second, so that it may be chosen beforehand."""
    return known[0].alike is not None and (len(known) == 1 or known[0].alike != known[1].alike)


def _sure_name(chosen: Name | None, sure: Any) -> str:
    if chosen is None or not sure.height:
        return ""
    rows = sure.filter((sure["source"] == chosen.source) & (sure["party"] == chosen.party))
    code = str(rows["partner"][0]) if rows.height else ""
    return partners.called([code]).get(code, code) if code else ""


def _decide(request: Asked) -> HttpResponse:
    place, step = Place.of(request.POST), request.POST.get("step", "")
    if step == "sure":
        return _match_sure(request, place)
    if step in ("undo", "back"):
        return _take_back(request, place, step)
    partner = request.POST.get("partner", "")[:200] if step == "match" else NONE if step == "none" else ""
    if not partner or not place.party:
        messages.warning(request, _("Choose one of the partners."))
        return redirect(place.url(names.find(place.source, place.party)))
    name = names.find(place.source, place.party, also_decided=True)
    following = queues.following(place.source, place.party, by=place.by, words=place.words)
    also = names.called_alike(name) if name and request.POST.get("also") else []
    code, reason = ("" if partner == NONE else partner), clean(request.POST.get("reason", ""))
    instead = request.POST.get("instead")
    try:
        changed = actions.decide_name(
            source=place.source, party=place.party, partner=code, acting_user=request.user, reason=reason,
            instead_of=None if instead is None else instead.removeprefix(NONE), certainty=_certainty(name, code),
        )  # fmt: skip
    except Conflict as conflict:
        return _somebody_else(request, place, partner, reason, conflict)
    more = actions.decide_names(keys=[(one.source, one.party) for one in also], partner=code, acting_user=request.user, reason=reason)
    if following is not None and any((following.source, following.party) == (one.source, one.party) for one in also):
        following = None
    _say(request, name, code, changed=changed, more=more)
    return redirect(place.url(following) if following else place.url())


def _certainty(name: Name | None, code: str) -> tuple[int | None, int | None]:
    """How likely the model held the partner to be, and how far the next was behind, when somebody decided."""
    return names.certainty(name, code) if name and code else (None, None)


def _say(request: Asked, name: Name | None, code: str, *, changed: bool, more: int) -> None:
    if not changed and not more:
        messages.info(request, _("That was decided already."))
        return
    said = {"name": name.title if name else "", "partner": partners.called([code]).get(code, code)}
    text = _("%(name)s is remembered as %(partner)s.") if code else _("%(name)s is remembered as none of ours.")
    if more:
        text += " " + ngettext("So is %(count)s other of that name.", "So are %(count)s others of that name.", more)
    messages.success(request, text % (said | {"count": more}))


def _somebody_else(request: Asked, place: Place, partner: str, reason: str, refused: Refused) -> HttpResponse:
    """Two people at once: what the other decided, and what was chosen here, which is kept."""
    last = decisions.last_of(place.source, place.party)
    theirs = last.partner if last else ""
    said = {
        "partner": partner, "name": partners.called([partner]).get(partner, "") if partner != NONE else "", "reason": reason,
        "none": partner == NONE, "by": last.by if last else "", "at": last.at if last else None,
        "theirs": last.name if last and last.partner else "", "instead": theirs or NONE, "problem": refused.problems[0],
    }  # fmt: skip
    return _shown(request, place, conflict=said, status=409)


def _match_sure(request: Asked, place: Place) -> HttpResponse:
    matched = actions.match_waiting(acting_user=request.user, by_model=False)  # the page promised names that one partner bears
    count = sum(len(one) for one in matched.values())
    if count:
        text = ngettext("%(count)s name matched and remembered.", "%(count)s names matched and remembered.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("No name is sure any more."))
    return redirect(place.url())


def _take_back(request: Asked, place: Place, step: str) -> HttpResponse:
    """One decision, or the last of one's own that still stands."""
    source, party = place.source, place.party
    if step == "undo":
        meant = request.POST.get("undoes")  # the page says which, so that pressed twice it takes back one
        standing = [one for one in decisions.lately(20, by=request.user.username) if one.stands]
        last = next((one for one in standing if meant in (None, f"{one.source} {one.party}")), None)
        if last is None and meant:
            messages.info(request, _("It waits already."))
            return redirect(place.url(names.find(source, party)))
        if last is None:
            messages.info(request, _("You have decided nothing lately that still stands."))
            return redirect(place.url(names.find(source, party)))
        source, party = last.source, last.party
    if actions.take_back_name(source=source, party=party, acting_user=request.user):
        messages.success(request, _("%(name)s waits again.") % {"name": party})
        return redirect(Place(source, party, place.by, "").url(names.find(source, party)))
    messages.info(request, _("It waits already."))
    return redirect(place.url())
