"""How revenue moves under another credit rule: partner by partner, a partner's lines, one line under every rule."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.credit.rule import ROLES
from steelyard.calc.errors import Missing
from steelyard.calc.scorecards.shares import exact_text
from steelyard.partners import belonging
from steelyard.ui.listing import Column, Empty, Filter, Listing, Rows
from steelyard.ui.listing.query import clean

from ..credit import days as periods
from ..credit import moves, rules, wording
from ..credit.rules import Known

USUAL = "linear"  # what is shown beside the rule in force, until somebody chooses


@needs("orders.read")
def index(request: Asked) -> HttpResponse:
    """Per partner: revenue under the rule in force, under the other, and the difference."""
    known, (now, choice) = rules.every(), rules.in_force()
    choices = periods.choices()
    if not choices:
        return render(request, "attribution/credit_empty.html")
    other = _rule(known, request.GET.get("rule", ""), now)
    days = next((one for one in choices if one.label == request.GET.get("period")), choices[0])
    rows = moves.moves(now, other, days, scope=request.scope).to_dicts()
    moved = [row for row in rows if row["difference"]]
    listing = Listing(
        request, name="credit", title=_("Revenue under another rule"), columns=_columns(now, other, days),
        source=Rows(rows), search=("name", "partner", "territory_name"), sort="", dense=True,
        filters=_filters(known, now, other, choices, days, rows),
        totals=lambda query: _totals(listing, query),
        empty=Empty(_("No line counts for anybody"), _("No order line of this period lies in what you see.")),
    )  # fmt: skip
    told = {
        "now": wording.title_of(now), "other": wording.title_of(other), "choice": choice, "days": days, "rule": other,
        "partners": len({row["partner"] for row in rows}), "moved": len({row["partner"] for row in moved}),
        "sums": wording.sums(rows, "now"), "whole": request.scope.everything, "all_days": days.label == periods.ALL,
    }  # fmt: skip
    return listing.respond("attribution/credit.html", told)


def _rule(known: list[Known], code: str, now: Known) -> Known:
    by_code = {one.code: one for one in known}
    return by_code.get(code) or next(one for one in (by_code[USUAL], by_code["ordering"]) if one.code != now.code)


def _columns(now: Known, other: Known, days: moves.Days) -> tuple[Column, ...]:
    def link(row: dict[str, Any]) -> str:
        asked = {"partner": row["partner"], "rule": other.code, "period": days.label, "currency": row["currency"]}
        return f"{reverse('attribution:credit_lines')}?{urlencode(asked)}"

    return (
        Column(
            "name", _("Partner"), link=link, sub="partner", phone=True, value=lambda row: row["name"] or row["partner"] or _("Nobody yet")
        ),
        Column("partner", _("Code"), shown=False),
        Column("type", _("Type")),
        Column("country", _("Country"), shown=False),
        Column("territory", _("Territory"), value=lambda row: row["territory_name"] or row["territory"]),
        Column("currency", _("Currency"), shown=False),
        Column("now_lines", _("Lines now"), "count", shown=False),
        Column("other_lines", _("Lines"), "count", phone=False, hint=_("Lines that give a share under the other rule")),
        Column("now", _("Now"), "money", currency="currency", digits=2, phone=False, hint=wording.title_of(now)),
        Column("other", _("Under the other rule"), "money", currency="currency", digits=2, phone=True, hint=wording.title_of(other)),
        Column("difference", _("Difference"), "delta", unit="money", currency="currency", digits=2, phone=True, link=link),
    )


def _filters(
    known: list[Known], now: Known, other: Known, choices: list[moves.Days], days: moves.Days, rows: list[dict[str, Any]]
) -> tuple[Filter, ...]:
    today = belonging.on(timezone.localdate())
    used = {row["territory"] for row in rows if row["territory"]}
    areas = {code: today.below(code) for code in today.names["territory"]}
    territories = sorted(((code, name) for code, name in today.names["territory"].items() if areas[code] & used), key=lambda pair: pair[1])
    names = sorted({row["type"] for row in rows if row["type"]})
    currencies = sorted({row["currency"] for row in rows})
    return (
        *_side_filters(known, now, other, choices, days),
        Filter("territory", _("Territory"), territories, matches=lambda row, code: row["territory"] in areas.get(code, ())),
        Filter("currency", _("Currency"), [(code, code) for code in currencies]),
        Filter("type", _("Type"), [(name, name) for name in names]),
        _moving(),
    )


def _side_filters(known: list[Known], now: Known, other: Known, choices: list[moves.Days], days: moves.Days) -> tuple[Filter, ...]:
    """Which rule is held against the one in force, and over which days."""
    labels = [(one.label, _("All days") if one.label == periods.ALL else one.label) for one in choices]
    offered = [(one.code, wording.title_of(one)) for one in known if one.code != now.code]
    return (
        Filter("rule", _("Other rule"), offered, default=other.code, required=True, applies=False),
        Filter("period", _("Period"), labels, default=days.label, required=True, applies=False),
    )


def _moving() -> Filter:
    return Filter("moves", _("Moves"), [("up", _("gains")), ("down", _("loses")), ("no", _("as now"))], matches=_moves)


def _moves(row: dict[str, Any], how: str) -> bool:
    sign = (row["difference"] > 0) - (row["difference"] < 0)
    return how == ("down", "no", "up")[sign + 1]


def _totals(listing: Listing, query: Any) -> dict[str, Any]:
    """Sums of what is listed, if it is all of one currency."""
    rows = list(listing.source.everything(query))
    if len({row["currency"] for row in rows}) != 1:
        return {}
    told = {name: sum(row[name] for row in rows) for name in ("now", "other", "difference")}
    return {"currency": rows[0]["currency"], **told}


# --- the lines of a partner -------------------------------------------------------------------------------------------


@needs("orders.read")
def lines(request: Asked) -> HttpResponse:
    """The lines behind one partner's figures: both shares, why, and what the difference is made of."""
    partner = clean(request.GET.get("partner", ""))
    now, _choice = rules.in_force()
    other = _rule(rules.every(), request.GET.get("rule", ""), now)
    days = periods.chosen(clean(request.GET.get("period", "")))
    names = belonging.on(timezone.localdate()).names["partner"]
    if partner and partner not in names:
        raise Missing
    rows = moves.lines(partner, now, other, days, scope=request.scope).to_dicts()
    persons = names if request.scope.everything else {code: names[code] for code in names.keys() & request.scope.partners}
    listing = Listing(
        request, name="credit-lines", title=_("Lines"), columns=_line_columns(persons), source=Rows(rows),
        search=("document", "ordered_name", "product"), sort="", dense=True,
        filters=_line_filters(partner, other, now, days, rows),
        totals=lambda query: _totals(listing, query),
        empty=Empty(_("No line"), _("This partner has no share of any line of this period under either rule.")),
    )  # fmt: skip
    told = {
        "partner": partner, "name": names.get(partner) or _("Nobody yet"), "now": wording.title_of(now), "other": wording.title_of(other),
        "days": days, "sums": list(zip(wording.sums(rows, "now"), wording.sums(rows, "other"), strict=True)),
        "back": f"{reverse('attribution:credit')}?{urlencode({'rule': other.code, 'period': days.label})}",
        "all_days": days.label == periods.ALL,
    }  # fmt: skip
    return listing.respond("attribution/credit_lines.html", told)


def _line_columns(persons: dict[str, str]) -> tuple[Column, ...]:
    def link(row: dict[str, Any]) -> str | None:
        return reverse("attribution:credit_line", args=(row["row_id"],)) if row["seen"] else None

    def named(row: dict[str, Any]) -> str:
        return f"{row['document']} / {row['line']}" if row["line"] else row["document"] or _("an order you do not see")

    return (
        Column("document", _("Order line"), link=link, value=named, phone=True),
        Column("date", _("Date"), "date"),
        Column(
            "ordered_name",
            _("Ordered by"),
            value=lambda row: row["ordered_name"] or (_("another partner") if not row["seen"] else _("nobody yet")),
        ),
        Column("product", _("Product"), shown=False),
        Column("amount", _("Line"), "money", currency="currency", digits=2, shown=False),
        Column("share_now", _("Share now"), shown=False, value=lambda row: row["share_now"] or "0"),
        Column("now", _("Now"), "money", currency="currency", digits=2, phone=False),
        Column("share_other", _("Share"), value=lambda row: row["share_other"] or "0"),
        Column("other", _("Under the other rule"), "money", currency="currency", digits=2, phone=True),
        Column("difference", _("Difference"), "delta", unit="money", currency="currency", digits=2, phone=True),
        Column("why_other", _("Why"), sortable=False, value=lambda row: wording.why(row["why_other"] or row["why_now"], persons)),
        Column("currency", _("Currency"), shown=False),
        Column("row_id", _("Row number"), "text", shown=False),
    )


def _line_filters(partner: str, other: Known, now: Known, days: moves.Days, rows: list[dict[str, Any]]) -> tuple[Filter, ...]:
    return (
        Filter("partner", _("Partner"), kind="exact", default=partner, required=True, applies=False),
        *_side_filters(rules.every(), now, other, periods.choices(), days),
        Filter("currency", _("Currency"), [(code, code) for code in sorted({row["currency"] for row in rows})]),
        _moving(),
    )


@needs("orders.read")
def line(request: Asked, row: int) -> HttpResponse:
    """One line under every rule: who touched it, when, and which share each rule gives."""
    if row >= 2**63:
        raise Missing
    known, (now, _choice) = rules.every(), rules.in_force()
    fact, shares = moves.one_line(row, known, scope=request.scope)
    names = belonging.on(timezone.localdate()).names["partner"]
    told = []
    for rule, parts in zip(known, shares, strict=True):
        entries = [_entry(one, names, request) for one in parts.iter_rows(named=True)]
        told.append({"title": wording.title_of(rule), "note": rule.rule.note, "in_force": rule.label == now.label, "entries": entries})
    said = fact.row(0, named=True)
    context = {
        "line": said,
        "rules": told,
        "order": reverse("dashboards:order", args=("orders", row)),
        "may_open": may(request.user, "orders.read"),
    }
    return render(request, "attribution/credit_line.html", context)


def _entry(one: dict[str, Any], names: dict[str, str], request: Asked) -> dict[str, Any]:
    """One share as a page shows it; of partners outside the scope only that there is one."""
    seen = request.scope.everything or one["partner"] in request.scope.partners
    person_seen = request.scope.everything or one["person"] in request.scope.partners
    code = moves.reasons([{**one, "person": one["person"] if person_seen else ""}])
    name = names.get(one["partner"], one["partner"]) if one["partner"] else _("Nobody yet")
    return {
        "name": name if seen else _("another partner"), "code": one["partner"] if seen and one["partner"] else "",
        "role": wording.role_of(ROLES[one["role"]]), "why": wording.why(code, names),
        "share": exact_text(one["numerator"], one["denominator"]), "part": one["part"], "currency": one["currency"],
    }  # fmt: skip
