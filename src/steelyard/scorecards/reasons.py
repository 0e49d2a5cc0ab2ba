"""Why something has no data, in words: stored results keep a code that formulas and other programs know, people read a sentence."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from steelyard.calc.facts import FACTS

MISSING = re.compile(r"report_missing: (\w+) for ([^\s,;]+(?:, [^\s,;]+)*)")


def in_words(reason: str) -> str:
    """A reason, or a text that holds some, as people say it."""
    return MISSING.sub(_report_missing, reason)


def is_in_english(reason: str) -> bool:
    """Whether something of it is said as the calculation says it, whatever language the reader has."""
    return bool(reason) and MISSING.fullmatch(reason) is None


def _report_missing(found: re.Match[str]) -> str:
    report, months = found.groups()
    title = _(FACTS[report].title) if report in FACTS else report.replace("_", " ")
    return _("no report “%(report)s” for %(months)s") % {"report": title, "months": months}
