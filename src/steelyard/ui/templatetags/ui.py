"""What pages are made of: ``{% load ui %}``. Every tag escapes what it is given and writes no style and no script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.template.context import RequestContext
from django.template.engine import Engine
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from steelyard.calc.units import DECIMALS, Blank

from .. import beam as beams
from .. import fields, formats, grades, marks
from ..escaping import escaped
from ..icons import ICONS

register = template.Library()
THEMES = ("steelyard", "steelyard-dark")


@register.simple_tag(takes_context=True)
def theme_attribute(context: RequestContext) -> SafeString:
    """The theme somebody chose, as an attribute of the page; nothing lets the machine's own setting decide."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme") if request is not None else None
    return format_html(' data-theme="{}"', chosen) if chosen in THEMES else SafeString("")


@register.simple_tag(takes_context=True)
def rail(context: RequestContext) -> SafeString:
    """The way around, made once a page: it stands beside the page, and in the menu of a phone."""
    made: SafeString | None = context.render_context.get("rail")
    if made is None:
        made = context.render_context["rail"] = SafeString(Engine.get_default().get_template("ui/rail.html").render(context))
    return made


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """A drawing beside words; it says nothing to a screen reader."""
    return _icon(name, size)


@cache
def _icon(name: str, size: int) -> SafeString:
    return format_html(
        '<svg width="{0}" height="{0}" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round"'
        ' stroke-linejoin="round" aria-hidden="true"><path d="{1}"/></svg>', size, ICONS.get(name, ""),
    )  # fmt: skip


@register.filter
def initials(name: str) -> str:
    """The initials of a person's name, at most two."""
    words = [word for word in str(name).split() if word[:1].isalpha()]
    return "".join(word[0].upper() for word in (words[:1] + words[-1:] if len(words) > 1 else words))


@register.filter
def at_dots(path: str) -> SafeString:
    """A key path that a narrow column breaks after its dots, not within a name."""
    return SafeString(str(escaped(path)).replace(".", ".<wbr>"))


@register.filter
def one_stop(sentence: str) -> str:
    """A sentence that ends in a name such as `Ember Inc.` ends in one stop and not in two."""
    return sentence[:-1] if sentence.endswith("..") else sentence


@register.simple_tag
def figure(
    value: int | Blank | None, unit: str = "count", currency: str = "", digits: int | None = None, short: bool = False,
    exact: bool = False,
) -> SafeString:  # fmt: skip
    """A stored number in the reader's language with its unit; no data shows its reason, or a dash. ``exact``: every decimal it has."""
    if isinstance(value, Blank):
        return format_html('<span class="none">{}</span>', value.reason)
    if value is None:
        return format_html('<span class="none" aria-hidden="true">–</span><span class="sr-only">{}</span>', _("no data"))
    if exact and unit in DECIMALS:
        digits = formats.places(int(value), unit)
    text = formats.amount(int(value), unit, digits=digits, currency=currency, short=short) if unit in DECIMALS else str(value)
    if unit == "days":
        days = ngettext("day", "days", 1 if int(value) == 10 ** DECIMALS["days"] else 2)
        return format_html("{} <small>{}</small>", text, days)
    return format_html("{}", text)


@register.simple_tag
def delta(value: int | None, unit: str = "points", good: str = "up", currency: str = "", digits: int | None = None) -> SafeString:
    """A change: the triangle says up or down, the colour says better or worse."""
    if value is None:
        return format_html('<span class="delta flat">{}</span>', _("none"))
    text = formats.amount(abs(value), unit, digits=digits, currency=currency)
    if not any(sign in "123456789" for sign in text):
        return format_html('<span class="delta flat">{}</span>', _("no change"))
    up = value > 0
    better = up == (good == "up")
    return format_html(
        '<span class="delta {}">{}<span class="sr-only">{} </span>{}</span>',
        "up" if better else "down", marks.triangle(up), _("up") if up else _("down"), text,
    )  # fmt: skip


@register.simple_tag
def grade(
    level: str | None, levels: Sequence[str] = (), size: str = "", borderline: str | None = None, note: str = "", dense: bool = False
) -> SafeString:
    """A level as letter, word and colour; dashed when the interval reaches another level; an empty box when there is none."""
    names = [name if isinstance(name, str) else name[0] for name in levels]
    word = grades.word(level, names) if level is not None and level in names else (level or _("Not ranked"))
    if size == "lg":
        title = "" if word else level
        return format_html(
            '<span class="grade xl g{}{}"><b>{}</b><span class="sr-only">{}</span></span>',
            grades.shade(level, names), " soft" if borderline else "", grades.letter(level, names), word or title,
        )  # fmt: skip
    beside = note or (_("or %(level)s") % {"level": borderline} if borderline else "")
    return format_html(
        '<span class="grade g{}{}"><b>{}</b>{}{}</span>',
        grades.shade(level, names), " soft" if borderline else "", grades.letter(level, names),
        format_html('<span class="sr-only">{}</span>' if dense else "<span>{}</span>", word) if word else "",
        format_html(" <small>{}</small>", beside) if beside else "",
    )  # fmt: skip


@register.simple_tag
def bar(value: int | None, maximum: int | None, target: int | None = None, label: str = "") -> SafeString:
    """How much of the maximum was reached."""
    return marks.bar(value, maximum, target=target, label=label)


@register.simple_tag
def spark(values: Sequence[int | None], target: int | None = None, label: str = "") -> SafeString:
    """The last values as a small line."""
    return _spark(tuple(values), target, str(label), get_language())


@lru_cache(maxsize=4_000)
def _spark(values: tuple[int | None, ...], target: int | None, label: str, language: str | None) -> SafeString:
    return marks.spark(values, target=target, label=label)


@register.simple_tag
def contribution(amount: int | None, largest: int, label: str = "") -> SafeString:
    """A gain or a loss beside others of its column."""
    return marks.contribution(amount, largest, label=label)


@register.simple_tag
def beam(
    score: int | None,
    levels: beams.Limits = (),
    low: int | None = None,
    high: int | None = None,
    former: int | None = None,
    size: str = "lg",
) -> SafeString:
    """The score on the beam; ``levels`` as (name, the score it begins at), best first."""
    if score is None:
        return SafeString("")
    reading = beams.Reading(score, tuple((name, limit) for name, limit in levels), low, high, former)
    return _beam(reading, size, get_language())


@lru_cache(maxsize=4_000)
def _beam(reading: beams.Reading, size: str, language: str | None) -> SafeString:
    """Drawn once: the same marks come back with every visit of a page."""
    return beams.large(reading) if size == "lg" else beams.small(reading)


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """A moment with its time zone."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment(value)) if value else figure(None)


@register.simple_tag
def day(value: date | None) -> SafeString:
    """A day."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.day(value)) if value else figure(None)


@register.simple_tag(takes_context=True)
def current_url(context: RequestContext, **changes: Any) -> str:
    """This address with parameters changed; None takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def empty(title: str, text: str = "", url: str = "", label: str = "") -> SafeString:
    """Nothing here yet, and the next step."""
    return SafeString(render_to_string("ui/empty.html", {"title": title, "text": text, "url": url, "label": label}))


@register.simple_tag
def problem_list(problems: Sequence[Any]) -> SafeString:
    """What is wrong, where, what was found, what to do."""
    return SafeString(render_to_string("ui/problem_list.html", {"problems": problems})) if problems else SafeString("")


@register.simple_tag
def timeline(entries: Sequence[Mapping[str, Any]]) -> SafeString:
    """What happened, newest first: entries have title, text, at and current."""
    return SafeString(render_to_string("ui/timeline.html", {"entries": entries}))


@register.simple_tag
def field(bound: BoundField, hint: str = "") -> SafeString:
    """A form's field: label, control, hint, and what is wrong with it beside it."""
    return SafeString(render_to_string("ui/field.html", fields.shown(bound, hint)))


@register.simple_tag(takes_context=True)
def chart(context: template.Context, spec: Mapping[str, Any], label: str) -> SafeString:
    """A chart: its specification as data for the browser, and a table for everybody else."""
    page: Any = context.get("request") or context.render_context  # an included part has a render context of its own
    number = getattr(page, "charts", 0) + 1
    page.charts = number
    name = f"chart-{number}"
    specs = spec if "wide" in spec else {"wide": spec}
    text = json.dumps({key: specs[key] for key in ("wide", "narrow") if key in specs}, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    table = spec.get("table")
    return SafeString(render_to_string("ui/chart.html", {"name": name, "label": label, "text": mark_safe(text), "table": table}))


class _Block(template.Node):
    """A tag with content: what stands before it and after it."""

    def __init__(self, nodes: template.NodeList, kind: str, words: list[Any]) -> None:
        self.nodes, self.kind, self.words = nodes, kind, words

    def render(self, context: template.Context) -> str:
        words = [word.resolve(context) for word in self.words]
        values = {"words": words, "inside": SafeString(self.nodes.render(context))}
        return render_to_string(f"ui/{self.kind}.html", values)


def _block(kind: str, parser: template.base.Parser, token: template.base.Token) -> _Block:
    words = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodes = parser.parse((f"end{kind}",))
    parser.delete_first_token()
    return _Block(nodes, kind, words)


@register.tag
def note(parser: template.base.Parser, token: template.base.Token) -> _Block:
    """A message in the page: ``{% note "warn" %}...{% endnote %}``; kinds: info, good, warn, error (i, g, w, e)."""
    return _block("note", parser, token)


@register.tag
def section(parser: template.base.Parser, token: template.base.Token) -> _Block:
    """A part of a page: ``{% section "Title" "one line" %}...{% endsection %}``."""
    return _block("section", parser, token)


@register.simple_tag
def hidden_query(query: QueryDict, *without: str) -> SafeString:
    """The parameters of this address as hidden fields, but those that the form itself has."""
    pairs = [(name, value) for name, values in query.lists() for value in values if name not in without]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)
