"""Causes and figures in words: for the pages, the terminal and the file alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from django.utils.translation import ngettext

from steelyard.calc.units import DECIMALS, to_text

TITLES = {
    "twice": _n("Counted twice"),
    "extra": _n("Not in our data"),
    "hidden": _n("Hidden row"),
    "missing": _n("Missing in the workbook"),
    "return": _n("Return left out"),
    "period": _n("Another period"),
    "partner": _n("Another partner"),
    "territory": _n("Another territory"),
    "rule": _n("Left out by a rule"),
    "amount": _n("Another amount"),
    "currency": _n("Another currency"),
    "rate": _n("Another rate"),
    "sign": _n("Sign turned round"),
    "rounding": _n("Rounding"),
    "target": _n("Another target"),
    "sum": _n("Not the sum of its lines"),
    "scale": _n("Another unit"),
    "points": _n("Other points for the same value"),
    "weight": _n("Another weight"),
    "no data": _n("No data"),
    "unexplained": _n("Not explained"),
}
SURE = {"certain": _n("certain"), "likely": _n("likely"), "open": _n("open")}


def title(cause: str) -> str:
    """A cause as a heading."""
    return _(TITLES.get(cause, cause))


def sure(word: str) -> str:
    """How sure a step is."""
    return _(SURE[word])


def amount(value: int | None, unit: str, currency: str = "", *, signed: bool = False) -> str:
    """A figure as plain text with its unit; percentages per hundred. Exact: nothing is rounded away."""
    if value is None:
        return "–"
    sign = "+" if signed and value > 0 else ""
    if unit == "percent":
        return f"{sign}{_grouped(_plain(value, DECIMALS['percent'] - 2))} %"
    text = sign + _grouped(to_text(value, unit) if unit in DECIMALS else str(value))
    return f"{text} {currency}" if unit == "money" and currency else text


def _plain(value: int, places: int) -> str:
    digits = f"{abs(value):0{places + 1}d}"
    decimals = digits[-places:].rstrip("0")
    return ("-" if value < 0 else "") + digits[:-places] + (f".{decimals}" if decimals else "")


def _grouped(text: str) -> str:
    whole, point, rest = text.lstrip("-").partition(".")
    return ("-" if text.startswith("-") else "") + f"{int(whole):,}" + point + rest


def sentence(reason: dict[str, Any], names: dict[str, str] | None = None) -> str:
    """What a reason is, in one sentence, with what it is about."""
    cause, key, lines = reason["cause"], reason["key"], reason["lines"]
    called = names or {}
    whose = ", ".join(called.get(subject, subject) for subject in reason["subjects"][:3])
    said = {
        "twice": _("%(key)s is counted twice"),
        "extra": _("%(key)s is not in our data"),
        "hidden": _("%(key)s stands in a hidden row"),
        "missing": _("%(key)s is not in the workbook"),
        "return": _("the return %(key)s is not in the workbook"),
        "period": _("%(key)s belongs to another period"),
        "partner": _("%(key)s is counted for the wrong partner"),
        "territory": _("%(key)s is credited to another territory: %(detail)s"),
        "rule": _("%(key)s does not count: %(detail)s"),
        "amount": _("%(key)s has another amount"),
        "currency": _("%(key)s is in %(detail)s"),
        "rate": _("another rate: %(rate)s instead of %(detail)s"),
        "sign": _("the sign of %(key)s is turned round"),
        "rounding": _("lines are rounded to fewer decimals"),
        "target": _("another target for %(whose)s"),
        "sum": _("%(key)s: the figure is not the sum of its own lines"),
        "scale": _("the figure is %(detail)s times too small: another unit"),
    }.get(cause, title(cause))
    rate = key.removeprefix("rate ") if cause == "rate" else ""
    key = _("All returns") if key == "returns" else key
    if reason["line"] and cause != "rate":
        key = _("%(document)s, line %(line)s,") % {"document": key, "line": reason["line"]}
    text = said % {"key": key, "detail": reason["detail"] or _("ours"), "whose": whose, "rate": rate}
    if lines > 1:
        text = f"{text} ({ngettext('%(lines)s line', '%(lines)s lines', lines) % {'lines': lines}})"
    if reason["hidden"] and cause != "hidden":
        text = f"{text}, {_('in a hidden row')}"
    return text[:1].upper() + text[1:]


def headline(summary: dict[str, Any], item: str, unit: str) -> str:
    """The whole comparison in one or two sentences."""
    every, equal, reasons = summary["subjects"], summary["equal"], len(summary["reasons"])
    rest = not_compared(summary)
    if equal == every and rest:
        text = ngettext("%(every)s partner was compared and is equal.", "%(every)s partners were compared and are equal.", every)
        return f"{text % {'every': every}} {rest}"
    if equal == every:
        return ngettext("%(every)s partner, and it is equal.", "All %(every)s partners are equal.", every) % {"every": every}
    differ = every - equal
    sum_text = amount(summary["difference"], unit, summary["currency"])
    if not summary["difference"]:
        text = ngettext("%(equal)s of %(every)s partners is equal", "%(equal)s of %(every)s partners are equal", equal)
        text += (
            "; "
            + ngettext("%(differ)s differs, but not in %(item)s: %(count)s", "%(differ)s differ, but not in %(item)s: %(count)s", differ)
            + "."
        )
        count = ngettext("%(reasons)s reason", "%(reasons)s reasons", reasons) % {"reasons": reasons}
        return f"{text % {'equal': equal, 'every': every, 'differ': differ, 'item': item, 'count': count}} {rest}".rstrip()
    first = ngettext("%(equal)s of %(every)s partners is equal", "%(equal)s of %(every)s partners are equal", equal)
    second = ngettext("%(differ)s differs by %(sum)s in %(item)s", "%(differ)s differ by %(sum)s in %(item)s", differ)
    third = ngettext("%(reasons)s reason", "%(reasons)s reasons", reasons)
    text = f"{first}; {second}: {third}." % {
        "equal": equal, "every": every, "differ": differ, "sum": sum_text, "item": item, "reasons": reasons,
    }  # fmt: skip
    if summary["unexplained"]:
        text += " " + _("Not explained: %(sum)s.") % {"sum": amount(summary["unexplained"], unit, summary["currency"])}
    return f"{text} {rest}".rstrip()


def not_compared(summary: dict[str, Any]) -> str:
    """What of the workbook is known to nobody or cannot be read, counted in one sentence; blank where all was compared."""
    names, rows = len(summary["unknown"]), summary.get("unread", len(summary["problems"]))
    said = []
    if names:
        said.append(ngettext("%(count)s name", "%(count)s names", names) % {"count": names})
    if rows:
        said.append(ngettext("%(count)s unreadable row", "%(count)s unreadable rows", rows) % {"count": rows})
    return _("Not compared: %(what)s.") % {"what": ", ".join(said)} if said else ""


def left_out(summary: dict[str, Any]) -> str:
    """How many rows were passed over because they are no figures of anybody, in one sentence; blank if none were."""
    dropped, blank = summary.get("dropped", 0), summary.get("blank", 0)
    said = []
    if dropped:
        text = ngettext("%(count)s row (a total, or by the mapping)", "%(count)s rows (totals, or by the mapping)", dropped)
        said.append(text % {"count": dropped})
    if blank:
        said.append(ngettext("%(count)s blank row", "%(count)s blank rows", blank) % {"count": blank})
    return _("Left out of the workbook: %(what)s.") % {"what": ", ".join(said)} if said else ""


def is_equal(summary: dict[str, Any]) -> bool:
    """Whether all of the workbook was compared and is equal."""
    return summary["equal"] == summary["subjects"] and not not_compared(summary)
