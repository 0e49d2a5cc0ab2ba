"""A comparison as pages show it: the ladder of every figure, each reason with its lines; for the staff's pages and the partner's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from steelyard.calc.units import DECIMALS
from steelyard.ui import charts, formats

from . import words

MINOR = ("rounding",)
MOST_LINES = 200  # of one reason on a page; all are in the file


def shown(value: int | None, unit: str, currency: str = "", *, signed: bool = False) -> str:
    """A figure in the reader's language, with all decimals that it has."""
    if value is None:
        return _("no data")
    if unit not in DECIMALS:
        return str(value)
    digits = formats.places(value, unit) - (2 if unit == "percent" else 0)
    text = formats.amount(value, unit, digits=max(digits, 0), currency=currency if unit == "money" else "")
    return f"+{text}" if signed and value > 0 else text


def part(told: Mapping[str, Any], currency: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Everything that the page of one partner shows."""
    reasons = [_reason(reason, place, currency, names) for place, reason in enumerate(told["reasons"], start=1)]
    anchors = {(reason["cause"], reason["key"]): reason for reason in reasons}
    figures = [_figure(figure, currency, anchors, told["reasons"]) for figure in told["figures"]]
    level = {"theirs": told["level"], "ours": told["our_level"], "equal": told["level"] == told["our_level"]} if told["level"] else None
    return {"figures": figures, "reasons": reasons, "level": level, "ladders": [figure for figure in figures if figure["steps"]],
            "differing": sum(not figure["equal"] for figure in figures)}  # fmt: skip


def _figure(
    figure: Mapping[str, Any], currency: str, anchors: Mapping[tuple[str, str], Any], reasons: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    unit = figure["unit"]
    steps = [_step(step, unit, currency, anchors) for step in figure["steps"]]
    title = _("Total") if figure["item"] == "total" else figure["title"]
    chart = None
    if 1 < len(steps) <= 14 and figure["ours"] is not None:
        named = [(step["title"] + (f" {step['about']}" if step["about"] else ""), step["amount"]) for step in steps]
        chart = charts.waterfall((_("Theirs"), figure["theirs"]), named, (_("Ours"), figure["ours"]), unit=unit, heading=_("Cause"))
    return {
        "item": figure["item"], "title": title, "unit": unit, "equal": figure["equal"], "place": figure["place"], "note": figure["note"],
        "theirs": shown(figure["theirs"], unit, currency), "ours": shown(figure["ours"], unit, currency),
        "difference": shown(figure["difference"], unit, currency, signed=True), "rounded": figure["equal"] and bool(figure["steps"]),
        "steps": steps, "largest": max((abs(step["amount"]) for step in steps), default=1), "chart": chart,
        "open": [step for step in steps if step["sure"] == "open"],
    }  # fmt: skip


def _step(step: Mapping[str, Any], unit: str, currency: str, anchors: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    reason = anchors.get((step["cause"], step["key"]))
    return {
        "title": words.title(step["cause"]), "cause": step["cause"], "about": _about(step), "amount": step["amount"],
        "shown": shown(step["amount"], unit, currency, signed=True), "sure": step["sure"], "sure_word": words.sure(step["sure"]),
        "anchor": reason["anchor"] if reason else "", "text": reason["sentence"] if reason else _said(step),
        "rows": [_line(row, currency) for row in step["rows"][:MOST_LINES]],
    }  # fmt: skip


def _about(step: Mapping[str, Any]) -> str:
    key: str = step["key"]
    return "" if step["cause"] in ("rounding", "unexplained", "target", "points", "weight") else key.removeprefix("rate ")


def _said(step: Mapping[str, Any]) -> str:
    """A step that is no reason of the lines: what it is, in a sentence."""
    if step["cause"] == "unexplained":
        if step["detail"]:
            return _("%(ways)s explanations fit equally well, so none is named.") % {"ways": step["detail"]}
        return _("Nothing in our data accounts for it exactly.")
    if step["cause"] == "rounding":
        return _("The workbook shows fewer decimals.")
    if step["cause"] in ("points", "weight", "no data"):
        return f"{step['key']}: {step['detail']}" if step["key"] else step["detail"]
    told = {**step, "lines": len(step["rows"]), "line": "", "hidden": False, "subjects": []}
    return words.sentence(told)


def _reason(reason: Mapping[str, Any], place: int, currency: str, names: Mapping[str, str]) -> dict[str, Any]:
    others = list(dict.fromkeys(leaf["other"] for leaf in reason["leaves"] if leaf["other"]))
    lines = [_line(leaf, currency) for leaf in reason["leaves"][:MOST_LINES]]
    return {
        "anchor": f"reason-{place}", "cause": reason["cause"], "key": reason["key"], "title": words.title(reason["cause"]),
        "sentence": words.sentence(dict(reason), dict(names)), "amount": shown(reason["amount"], "money", currency, signed=True),
        "sure": reason["sure"], "sure_word": words.sure(reason["sure"]), "lines": lines, "more": len(reason["leaves"]) - len(lines),
        "count": reason["lines"], "others": [names.get(other, other) for other in others],
        "has_rates": any(line["rate"] for line in lines), "is_target": reason["cause"] == "target",
    }  # fmt: skip


def _line(leaf: Mapping[str, Any], currency: str) -> dict[str, Any]:
    theirs, ours = leaf["theirs"] or {}, leaf["ours"] or {}
    return {
        "document": theirs.get("document") or ours.get("document") or "", "line": theirs.get("line") or ours.get("line") or "",
        "row": theirs.get("row"), "hidden": bool(theirs.get("hidden")), "their_day": _day(theirs), "our_day": _day(ours),
        "their_amount": shown(theirs["amount"], "money", theirs["currency"]) if theirs.get("amount") is not None else "",
        "rate": _short(theirs.get("rate") or ""), "counted": shown(theirs["value"], "money", currency) if theirs else "",
        "our_amount": shown(ours["amount"], "money", ours["currency"]) if ours.get("amount") is not None else "",
        "worth": shown(ours["value"], "money", currency) if ours.get("value") is not None else "",
        "why": ours.get("reason") or "", "row_id": ours.get("row_id"), "source": ours.get("source") or "", "batch": ours.get("batch"),
        "source_row": ours.get("source_row"), "amount": shown(leaf["amount"], "money", currency, signed=True),
    }  # fmt: skip


def _short(rate: str) -> str:
    """A rate of many decimals, cut where people stop reading; the file has all of them."""
    whole, _point, decimals = rate.partition(".")
    return f"{whole}.{decimals[:6]}…" if len(decimals) > 8 else rate


def _day(side: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(side["day"]) if side.get("day") else None


def reasons(summary: Mapping[str, Any], unit: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The reasons of a whole comparison, weightiest first."""
    found = []
    for reason in sorted(summary["reasons"], key=lambda one: -one["moved"]):
        own = "money" if reason["cause"] == "target" else unit
        amount = shown(reason["amount"], own, summary["currency"], signed=True)
        found.append({
            "title": words.title(reason["cause"]), "sentence": words.sentence(reason, dict(names)), "amount": amount,
            "moved": shown(reason["moved"], own, summary["currency"]) if not reason["amount"] else "", "sure": reason["sure"],
            "sure_word": words.sure(reason["sure"]),
            "subjects": [(subject, names.get(subject, subject)) for subject in reason["subjects"][:4]],
            "more": max(0, len(reason["subjects"]) - 4),
        })  # fmt: skip
    return found


def differing(parts: Iterable[Any], main: str, currency: str) -> list[dict[str, Any]]:
    """The partners that differ: their main figure on both sides and what else differs, the largest difference first."""
    found = []
    for one in parts:
        if one.equal:
            continue
        figure = next((figure for figure in one.told["figures"] if figure["item"] == main), None)
        others = [figure["title"] for figure in one.told["figures"] if not figure["equal"] and figure["item"] != main]
        opened = any(step["sure"] == "open" for figure in one.told["figures"] for step in figure["steps"])
        causes = dict.fromkeys(step["cause"] for figure in one.told["figures"] for step in figure["steps"] if step["cause"] != "rounding")
        found.append({
            "subject": one.subject, "name": one.name, "size": abs(figure["difference"]) if figure else 0,
            "theirs": shown(figure["theirs"], figure["unit"], currency) if figure else "",
            "ours": shown(figure["ours"], figure["unit"], currency) if figure else "",
            "difference": shown(figure["difference"], figure["unit"], currency, signed=True) if figure else "", "others": others,
            "open": opened, "causes": [words.title(cause) for cause in causes],
        })  # fmt: skip
    return sorted(found, key=lambda row: (-row["size"], row["name"]))
