"""The mapping of a region's workbook: which sheet holds what, each part read as intake reads a file. YAML in, all problems at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.framework.document import Entry, Keyed, Log, Scalar, Tree, load
from steelyard.calc.framework.model import Framework, Place
from steelyard.intake.mappings import Mapping, read_part

from .kinds import PARTS, totals_kind

COMMON = ("encoding", "separator", "decimal", "thousands", "date_order", "blank_words", "currency")


@dataclass(frozen=True, slots=True)
class WorkbookMapping:
    """Which sheets hold what. ``measure``: what the lines add up to; ``target_measure``: what the targets are of."""

    totals: Mapping | None = None
    parts: dict[str, Mapping] = field(default_factory=dict)
    source: str = ""
    measure: str = ""
    target_measure: str = ""
    first_day: date | None = None
    last_day: date | None = None


def read_workbook_mapping(text: str, framework: Framework) -> WorkbookMapping:
    """The mapping in a text; refused with every problem, each with its line and column."""
    log = Log()
    tree = load(text, log).tree
    if not isinstance(tree, Keyed):
        if not log.failed:
            log.add("not_a_mapping", "a mapping of a workbook is `key: value` lines", Place("file"))
        raise Refused(log.problems)
    mapping = _Reader(log, framework).read(tree)
    if not log.failed and mapping.totals is None and "lines" not in mapping.parts:
        log.add("missing_key", "`totals` is missing: the sheet with the figures", Place("file", tree.line, tree.column))
    if log.failed:
        raise Refused(log.problems)
    return mapping


@dataclass
class _Reader:
    log: Log
    framework: Framework

    def read(self, tree: Keyed) -> WorkbookMapping:
        common = {key: entry for key, entry in tree.entries.items() if key in COMMON}
        found = WorkbookMapping()
        for key, entry in tree.entries.items():
            if key in COMMON:
                continue
            if key == "totals":
                found = replace(found, totals=self.part(entry, key, common))
            elif key in PARTS:
                found, named = self.with_measure(found, key, entry)
                found = replace(found, parts={**found.parts, key: self.part(replace(entry, node=named), key, common)})
            elif key == "period":
                found = self.period(found, entry)
            elif key == "source" and isinstance(entry.node, Scalar):
                found = replace(found, source=entry.node.raw)
            else:
                known = ("totals", *PARTS, "period", "source", *COMMON)
                self.log.add("unknown_key", "no such key", Place(key, entry.line, entry.column), f"`{key}`", did_you_mean(key, known))
        return found

    def part(self, entry: Entry, name: str, common: dict[str, Entry]) -> Mapping:
        """One sheet, as intake reads it; what holds for all sheets holds for it too, unless it says otherwise."""
        kind = totals_kind(self.framework) if name == "totals" else PARTS[name]
        if not isinstance(entry.node, Keyed):
            self.log.add("not_a_mapping", "expected `sheet: NAME` and `columns:`", Place(name, entry.line, entry.column))
            return Mapping(kind=name)
        whole = replace(entry.node, entries={**common, **entry.node.entries})
        mapping = read_part(whole, kind, self.log)
        return replace(
            mapping, kind=name, totals="drop" if "totals" not in whole.entries else mapping.totals, extra="ignore", negatives="allowed"
        )

    def with_measure(self, found: WorkbookMapping, name: str, entry: Entry) -> tuple[WorkbookMapping, Tree]:
        """The measure that a part names, checked, and the part without it."""
        node = entry.node
        if not isinstance(node, Keyed) or "measure" not in node.entries:
            return found, node
        said = node.entries["measure"]
        measure = said.node.raw if isinstance(said.node, Scalar) else ""
        if measure not in self.framework.measures:
            hint = did_you_mean(measure, self.framework.measures)
            self.log.add(
                "unknown-measure",
                "the framework has no such measure",
                Place(f"{name}.measure", said.line, said.column),
                f"`{measure}`",
                hint,
            )
        rest = replace(node, entries={key: one for key, one in node.entries.items() if key != "measure"})
        named = replace(found, measure=measure) if name == "lines" else replace(found, target_measure=measure)
        return named, rest

    def period(self, found: WorkbookMapping, entry: Entry) -> WorkbookMapping:
        days: dict[str, date] = {}
        node = entry.node
        given = node.entries if isinstance(node, Keyed) else {}
        for key in ("from", "until"):
            text = given[key].node.raw if key in given and isinstance(given[key].node, Scalar) else ""  # type: ignore[union-attr]
            try:
                days[key] = date.fromisoformat(text)
            except ValueError:
                self.log.add(
                    "bad_date",
                    "a period is `{from: YYYY-MM-DD, until: YYYY-MM-DD}`",
                    Place(f"period.{key}", entry.line, entry.column),
                    f"`{text}`",
                )
        if len(days) == 2 and days["until"] < days["from"]:
            self.log.add("period", "the last day is before the first", Place("period", entry.line, entry.column))
        return replace(found, first_day=days.get("from"), last_day=days.get("until"))


def refuse(code: str, message: str, found: str = "", hint: str = "") -> Refused:
    """A refusal about a workbook."""
    return Refused(Problem(code, message, "workbook", found, hint))
