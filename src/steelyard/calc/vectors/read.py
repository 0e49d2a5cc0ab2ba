"""The text of a vectors file -> its vectors, or every mistake in it, each with line and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ..errors import Problem, Refused, did_you_mean
from ..formula.nodes import Value
from ..framework.document import Keyed, Listed, Log, Scalar, Tree, load, plain
from ..framework.model import Framework, Node, Place
from ..framework.read import read
from ..framework.regions import set_by
from ..framework.scopes import attributes_of
from ..framework.section import Section, constant, shown
from ..points import Reading
from ..units import Blank
from . import kinds
from .changing import with_changes
from .model import SUBJECT, Changed, Expected, Step, Vector
from .rows import given_value, read_facts, read_masters
from .tables import read_table

STEP = ("measures", "kpis", "points", "attributes", "level")
GIVEN = ("facts", "masters", *STEP, "settings", "tables", "subject", "parts")
SINGLE = ("points", "overall", "passes", "chosen", "level", "standing", "rollup")
EXPECTED = ("measures", "kpis", "items", *SINGLE, "standings", "triggers", "excluded")
KEYS = ("name", "as_of", "given", "was", "series", "expect", "change", "problem")
SINGLE_KINDS = {"points": "number", "overall": "number", "passes": "yes/no"}
PROBLEM = ("code", "where", "witness")
NOT_GIVEN = Step(date.min)


def read_vectors(text: str, framework: Framework, *, path: str = "vectors.yaml") -> tuple[tuple[Vector, ...], list[Problem]]:
    """The vectors of a file for this framework, and all problems of the file at once."""
    log = Log(path)
    document = load(text, log)
    if document.tree is None:
        return (), log.problems
    top = Section(document.tree, "", log, "a vectors file", ("framework", "vectors"))
    if top.broken:
        return (), log.problems
    if not isinstance(top.node("vectors"), Listed):
        log.add("bad-vectors", "a vectors file has a list `vectors`", top.at("vectors"), hint="write `vectors:` and a line `- name: …`")
        return (), log.problems
    vectors: dict[str, Vector] = {}
    for item, place in top.items("vectors"):
        vector = _vector(framework, item, place, log)
        if vector.name in vectors:
            message = f"two vectors are called `{vector.name}`"
            log.add("duplicate-name", message, place, f"first at line {vectors[vector.name].place.line}", "give each a name of its own")
        vectors[vector.name] = vector
    return tuple(vectors.values()), log.problems


def _vector(framework: Framework, item: object, place: Place, log: Log) -> Vector:
    name, item = _named(item, place)
    section = Section(item, place.path, log, "a vector", KEYS)  # type: ignore[arg-type]
    changed = _changed(framework, section)
    vector = Vector(name, (), Expected(), changed=changed, place=place)
    wanted = section.sub("problem", "a problem", PROBLEM)
    if wanted is not None:
        if changed is None:
            log.add("bad-vectors", "`problem` belongs to a `change`", section.at("problem"), hint="say what is changed")
        return replace(vector, problem={key: entry.node.raw for key, entry in wanted.entries.items() if isinstance(entry.node, Scalar)})
    if changed is not None and changed.framework is None:
        return vector  # running it tells the problems of the changed framework
    known = _Known(framework if changed is None or changed.framework is None else changed.framework, log)
    nothing = Section(Keyed(place.line, place.column, {}), f"{place.path}.given", log, "`given`", GIVEN)
    given = section.sub("given", "`given`", GIVEN) or nothing
    expected = known.expected(section)
    if not section.has("expect") and not section.broken:
        hint = f"`expect` knows {', '.join(EXPECTED)}"
        log.add("no-expectation", "the vector expects nothing", section.here, hint=hint)
    subject = given.text("subject", SUBJECT)
    if given.has("parts") and (given.has("facts") or known.framework.rollup is None):
        message = "`parts` belong to a roll-up, and begin with what is given of each part"
        log.add("bad-vectors", message, given.at("parts"), hint="leave out `facts`; give each part its level, points, KPIs or attributes")
    return replace(
        vector,
        expected=expected,
        subject=subject,
        facts=read_facts(known.framework, given, subject) if given.has("facts") else None,
        masters=read_masters(given, known.framework),
        settings=known.values(given, "settings", known.framework.settings, "setting", kinds.of_setting(known.framework)),
        tables={name: read_table(known.framework.tables[name], node, at, log) for name, node, at in known.tables(given)},
        steps=tuple(known.steps(section, given)),
        parts=tuple(known.parts(given)),
        was=known.level(section, "was"),
    )


def _named(item: object, place: Place) -> tuple[str, object]:
    """The vector's name. Inside a one-line {…} an unquoted comma ends it; what follows then is a key without a value."""
    number = place.path.rpartition(".")[2]
    if not isinstance(item, Keyed):
        return f"vector {number}", item
    rest = [
        key
        for key, entry in item.entries.items()
        if item.flow and key not in KEYS and isinstance(entry.node, Scalar) and entry.node.value is None
    ]
    entry = item.entries.get("name")
    first = entry.node.raw if entry is not None and isinstance(entry.node, Scalar) else ""
    left = {key: entry for key, entry in item.entries.items() if key not in rest}
    return ", ".join([first or f"vector {number}", *rest]), replace(item, entries=left)


def _changed(framework: Framework, section: Section) -> Changed | None:
    node = section.node("change")
    if node is None:
        return None
    if not isinstance(node, Keyed):
        section.log.add("wrong-type", "`change` is a mapping of key paths to what stands there", section.at("change"))
        return None
    changes = {path: entry.node for path, entry in node.entries.items()}
    try:  # of a region, the whole is changed: its base with what it sets
        found, problems = read(with_changes(framework.base or framework.source, {**set_by(framework), **changes}))
    except Refused as refused:
        for problem in refused.problems:
            section.log.add(problem.code, problem.message, section.at("change"), problem.found, problem.hint)
        return None
    return Changed(tuple(changes), found, tuple(problems))


class _Known:
    """The names of one framework, and reading what a vector says about them."""

    def __init__(self, framework: Framework, log: Log) -> None:
        self.framework, self.log = framework, log
        self.nodes = {"total"} | {node.name for node in _nodes(framework.scorecard)}
        self.levels = {level.name for level in framework.levels}
        every = self.levels | ({level.name for level in framework.rollup.levels} if framework.rollup else set())
        self.any_levels = every

    def steps(self, section: Section, given: Section) -> Iterable[Step]:
        """Every date with what is given there; what a date of the series gives goes before what the vector gives."""
        usual = self.step(given, replace(NOT_GIVEN, as_of=section.day("as_of") or self.framework.effective or date(2000, 1, 1)))
        series = section.items("series")
        if not series:
            yield usual
        before = date.min
        for item, place in series:
            at = Section(item, place.path, self.log, "a date of a series", ("as_of", *STEP))
            at.require("as_of")
            day = at.day("as_of") or before
            if day <= before and at.has("as_of"):
                self.log.add("series-order", "the dates of a series rise", at.at("as_of"), f"{day} after {before}")
            before = day
            yield self.step(at, replace(usual, as_of=day))

    def step(self, section: Section, usual: Step) -> Step:
        """What is given in one mapping, over what is given anyway."""
        return Step(
            as_of=usual.as_of,
            measures={**usual.measures, **self.readings(section)},
            kpis={**usual.kpis, **self.kpis(section)},
            points={**usual.points, **self.values(section, "points", self.nodes, "node of the scorecard", kinds.number)},
            attributes={**usual.attributes, **self.attributes(section)},
            level=self.level(section, "level") or usual.level,
        )

    def attributes(self, section: Section) -> dict[str, Value]:
        """Attributes of the subject, each of its type."""
        known = attributes_of(self.framework.subject, self.framework.attributes)
        written = section.sub("attributes", "`attributes`", known)
        found: dict[str, Value] = {}
        for name, entry in (written.entries if written else {}).items():
            if written is not None and name in known:
                found[name] = given_value(name, known[name].kind, entry.node, written.at(name), self.log)
        return found

    def parts(self, given: Section) -> Iterable[tuple[str, Step]]:
        """The parts of a roll-up, each with its name and what is given of it."""
        for item, place in given.items("parts"):
            part = Section(item, place.path, self.log, "a part", ("part", *STEP))
            yield part.text("part", place.path.rpartition(".")[2]), self.step(part, NOT_GIVEN)

    def tables(self, given: Section) -> Iterable[tuple[str, object, Place]]:
        """The tables a vector gives."""
        node = given.node("tables")
        for name, entry in node.entries.items() if isinstance(node, Keyed) else ():
            place = Place(f"{given.path}.tables.{name}", entry.line, entry.column)
            if self.check(name, self.framework.tables, "table", place):
                yield name, entry.node, place

    def expected(self, section: Section) -> Expected:
        """What the vector expects."""
        expect = section.sub("expect", "`expect`", EXPECTED)
        if expect is None:
            return Expected()
        names = {"chosen": self.nodes, "level": self.levels, "standing": self.levels, "rollup": self.any_levels}
        single: dict[str, Value] = {}
        for key in SINGLE:
            entry = expect.entries.get(key)
            if entry is None or not isinstance(entry.node, Scalar):
                continue
            single[key] = self._value(entry.node, expect.at(key), key, SINGLE_KINDS.get(key))
            if key in names and not isinstance(single[key], Blank):
                single[key] = entry.node.raw
                self.check(entry.node.raw, names[key], "node of the scorecard" if key == "chosen" else "level", expect.at(key))
        excluded = expect.node("excluded")
        return Expected(
            measures=self.readings(expect),
            kpis=self.kpis(expect),
            items=self.values(expect, "items", self.nodes, "node of the scorecard", kinds.number),
            single=single,
            excluded=self._excluded(excluded, expect) if isinstance(excluded, Keyed) else {},
            standings=self._names(expect, "standings", self.levels, "level"),
            triggers=self._names(expect, "triggers", {trigger.name for trigger in self.framework.triggers}, "trigger"),
        )

    def _excluded(self, node: Keyed, expect: Section) -> dict[str, dict[str, int]]:
        found = {}
        for name, entry in node.entries.items():
            place = Place(f"{expect.path}.excluded.{name}", entry.line, entry.column)
            if self.check(name, self.framework.measures, "measure", place) and isinstance(entry.node, Keyed):
                found[name] = {reason: count for reason, count in plain(entry.node).items() if isinstance(count, int)}
        return found

    def _names(self, section: Section, key: str, known: Iterable[str], what: str) -> tuple[str, ...] | None:
        if not section.written(key):
            return None
        names = section.texts(key)
        for (_, place), name in zip(section.items(key), names, strict=False):
            self.check(name, known, what, place)
        return names

    def level(self, section: Section, key: str) -> str:
        """The name of a level, or nothing."""
        name = section.text(key)
        if name:
            self.check(name, self.levels, "level", section.at(key))
        return name

    def readings(self, section: Section) -> dict[Reading, Value]:
        """`measures: {sales: 1, sales[ttm]: 2, other: {period: 3, last_year: 4}}`."""
        node = section.node("measures")
        found: dict[Reading, Value] = {}
        for text, entry in node.entries.items() if isinstance(node, Keyed) else ():
            place = Place(f"{section.path}.measures.{text}", entry.line, entry.column)
            measure, _, window = text.removesuffix("]").partition("[")
            if not self.check(measure, self.framework.measures, "measure", place):
                continue
            kind = kinds.of_type(self.framework.measures[measure].type)
            if isinstance(entry.node, Keyed):
                for name, of in entry.node.entries.items():
                    found[Reading(measure, name)] = self._value(of.node, Place(f"{place.path}.{name}", of.line, of.column), measure, kind)
            else:
                found[Reading(measure, window or None)] = self._value(entry.node, place, measure, kind)
        return found

    def kpis(self, section: Section) -> dict[str, Value]:
        """Values of KPIs."""
        return self.values(section, "kpis", self.framework.kpis, "KPI", kinds.of_kpi(self.framework))

    def values(
        self, section: Section, key: str, known: Iterable[str] | None, what: str, kind: kinds.KindOf | None = None
    ) -> dict[str, Value]:
        """A mapping of names to values; ``kind`` tells what may stand at each."""
        node = section.node(key)
        if node is None:
            return {}
        if not isinstance(node, Keyed):
            self.log.add("wrong-type", f"`{key}` is a mapping of names to values", section.at(key))
            return {}
        found = {}
        for name, entry in node.entries.items():
            place = Place(f"{section.path}.{key}.{name}", entry.line, entry.column)
            if known is None or self.check(name, known, what, place):
                found[name] = self._value(entry.node, place, name, kind(name) if kind is not None else None)
        return found

    def check(self, name: str, known: Iterable[str], what: str, place: Place) -> bool:
        """Whether a name is known; a problem with the nearest if not."""
        if name in (names := set(known)):
            return True
        self.log.add("unknown-name", f"`{name}` is not a {what}", place, hint=did_you_mean(name, names))
        return False

    def _value(self, node: Tree, place: Place, name: str, kind: str | None) -> Value:
        if not isinstance(node, Scalar):
            self.log.add("wrong-type", f"`{name}` takes a single value here", place, shown(node), "write one value, or null for no data")
            return Blank("not a value")
        value = value_of(node)
        if not kinds.fits(value, kind):
            self.log.add("wrong-type", f"`{name}` is {kinds.WORDS[kind or '']}", place, shown(node), kinds.HINTS[kind or ""])
            return Blank("not a value")
        return value


def value_of(node: Scalar) -> Value:
    """A value as written: `79%` is 79/100, decimals are exact, nothing is blank."""
    written = constant(node)
    return Blank("given as blank") if written is None else written[0]


def _nodes(node: Node | None) -> list[Node]:
    return [] if node is None else [node, *(below for item in node.items for below in _nodes(item))]
