"""Whom the workbook means: a code, an alias of its source, or a name that only one subject has."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from datetime import date

import polars as pl

from steelyard.scorecards.opening import Opened

NOT_KNOWN, NOT_SCORED, SEVERAL = "not known here", "not scored by this framework", "a name of several"


def plain_name(text: str) -> str:
    """A name or code as it is compared."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Named:
    """Looks texts up and remembers those that mean nobody. ``only``: partners outside of it are as unknown as any."""

    def __init__(self, opened: Opened, scored: frozenset[str], source: str, only: frozenset[str] | None) -> None:
        self.scored = scored
        self.only = only
        self._subject = opened.inputs.framework.subject
        as_of = opened.inputs.as_of
        histories = opened.inputs.histories
        frames = {"partner": histories.partners, "representative": histories.representatives, "territory": histories.territories}
        self.names: dict[str, str] = {}
        self._by_text: dict[str, set[str]] = defaultdict(set)
        if len(self._subject) == 1:
            frame = _valid(frames[self._subject[0]], as_of)
            for code, name in frame.select("code", "name").iter_rows():
                self.names[code] = name or code
                self._by_text[plain_name(name or code)].add(code)
        if self._subject == ("partner",):
            aliases = _valid(histories.aliases, as_of)
            for alias_source, party, partner in aliases.select("source", "party", "partner").iter_rows():
                if partner and (not source or (alias_source or "") in ("", source)):
                    self._by_text[plain_name(party)].add(partner)
        self._codes = {plain_name(code): code for code in (self.names or dict.fromkeys(scored))}
        self._found: dict[str, str] = {}
        self._why: dict[str, str] = {}
        self._rows: Counter[str] = Counter()

    def code(self, text: str | None) -> str:
        """The subject that a text means; blank if it means none, which is remembered with the reason."""
        if not text:
            return ""
        if text not in self._found:
            self._found[text] = self._look_up(text)
        if not self._found[text]:
            self._rows[text] += 1
        return self._found[text]

    def _look_up(self, text: str) -> str:
        plain = plain_name(text)
        hits = {self._codes[plain]} if plain in self._codes else self._by_text.get(plain, set())
        hits = {code for code in hits if self.only is None or code in self.only}
        if len(hits) == 1 and (code := next(iter(hits))) in self.scored:
            return code
        self._why[text] = NOT_KNOWN if not hits else SEVERAL if len(hits) > 1 else NOT_SCORED
        return ""

    def unknown(self) -> tuple[tuple[str, str, int], ...]:
        """The texts that mean nobody: as written, why, in how many rows."""
        return tuple((text, self._why[text], rows) for text, rows in sorted(self._rows.items()))


def _valid(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    since = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
    until = pl.col("valid_to").is_null() | (pl.col("valid_to") > day)
    return frame.filter(since & until)
