"""YAML text -> a tree that knows its lines: frameworks and mappings are both read through this.

The parser gives events and we build the tree, so nothing is ever constructed from a tag, and what makes YAML
dangerous or surprising is refused: duplicate keys, anchors, aliases, merge keys, tabs, tags, several documents.
All problems are collected; a mistake in the grammar itself ends the reading at that point.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml

from ..errors import Problem
from .model import Place
from .scalars import BadScalar, Plain, resolve

LARGEST = 1_000_000  # bytes
DEEPEST = 50
MOST_PROBLEMS = 200
LONGEST_TOLD = 600  # characters of a message, or of what it quotes

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # only its parser is used, never its constructor
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. ``raw`` is the text as written, ``value`` what it means (quoted: always the text)."""

    line: int
    column: int
    raw: str
    value: Plain
    quoted: bool = False
    single_line: bool = True
    broken: bool = False  # already reported: readers pass over it


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping, with the key's own place."""

    line: int
    column: int
    node: Tree


@dataclass(frozen=True, slots=True)
class Keyed:
    """A mapping; keys are texts as written. ``flow``: written in one line as {…}."""

    line: int
    column: int
    entries: dict[str, Entry]
    flow: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A list."""

    line: int
    column: int
    items: tuple[Tree, ...]
    flow: bool = False
    broken: bool = False


Tree = Scalar | Keyed | Listed


class Log:
    """The problems of one file, as they are found; a flood of them is cut off with a note."""

    def __init__(self, path: str = "file") -> None:
        self.path = path  # how the whole file is called in messages
        self.problems: list[Problem] = []

    def add(self, code: str, message: str, place: Place | str, found: str = "", hint: str = "", *, warning: bool = False) -> None:
        """Note one problem."""
        self.take(Problem(code, message, str(place), found, hint, "warning" if warning else "error"))

    def take(self, problem: Problem) -> None:
        """Note a problem that another reader has found."""
        if len(self.problems) < MOST_PROBLEMS:
            hint = problem.hint or ("" if problem.severity == "warning" else _DO.get(problem.code, ""))
            self.problems.append(replace(problem, message=_cut(problem.message), found=_cut(problem.found), hint=_cut(hint)))
        elif len(self.problems) == MOST_PROBLEMS:
            message = f"more than {MOST_PROBLEMS} problems; the rest is left out"
            self.problems.append(Problem("too-many-problems", message, self.path, hint="settle those above first"))

    @property
    def failed(self) -> bool:
        """Whether anything was found that refuses the file."""
        return any(problem.severity == "error" for problem in self.problems)


def _cut(text: str) -> str:
    """What a message quotes may be a whole file on one line."""
    return text if len(text) <= LONGEST_TOLD else f"{text[: LONGEST_TOLD - 1]}…"


# what to do where nothing better is known, so that no problem leaves its reader alone
_DO = {
    "yaml": "look at the quotes, brackets and indentation here and in the line above",
    "too-deep": "name the inner part and refer to it by its name",
    "unknown-name": "define it, or write the name of something that is defined",
    "unknown-column": "write a column of this kind of fact; docs/reference/facts names them all",
    "unknown-key": "remove it, or look for its name in docs/reference/framework-language",
    "wrong-type": "write what is asked for; docs/reference/framework-language has an example of each",
    "not-a-number": "write a number, or something that gives one",
    "series-order": "write the earlier date first",
    "syntax": "write it as in a spreadsheet: names, numbers, + - * / and functions with brackets",
    "table-key": "write the keys of the table in its order, and at most one date behind them",
}


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file, read. ``tree`` is None when it could not be read at all."""

    tree: Tree | None

    @property
    def value(self) -> Any:
        """The content as plain Python: dict, list, str, int, Fraction, bool, date, None."""
        return plain(self.tree) if self.tree is not None else None


def plain(node: Tree) -> Any:
    """A tree as plain Python values."""
    if isinstance(node, Keyed):
        return {key: plain(entry.node) for key, entry in node.entries.items()}
    if isinstance(node, Listed):
        return [plain(item) for item in node.items]
    return node.value


def digest(text: str) -> str:
    """SHA-256 of a text, the same whatever its line ends and byte order mark."""
    normal = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint(text: str, base: str = "") -> str:
    """What names a version: SHA-256 of its text; of a region, of that and of its base's."""
    return digest(f"{digest(text)}\n{digest(base)}\n") if base else digest(text)


def load_plain(text: str) -> tuple[Document, list[Problem]]:
    """Read any YAML file that people write for Steelyard: its values with their places, and every problem."""
    log = Log()
    return load(text, log), log.problems


def load(text: str, log: Log) -> Document:
    """Read YAML text into a tree, noting problems in the log."""
    text = text.removeprefix("\ufeff")
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        log.add("too-large", f"the file has {size:,} bytes; at most {LARGEST:,} are read", log.path, hint="split it up")
        return Document(None)
    if _unreadable(text, log):
        return Document(None)
    tabs = _tabs(text, log)
    try:
        return Document(_Builder(text.replace("\t", " "), log).document())
    except _Stop:
        return Document(None)
    except yaml.YAMLError as error:
        if not tabs:  # a tab already explains it
            _syntax(error, log)
        return Document(None)


def _unreadable(text: str, log: Log) -> bool:
    found = _UNREADABLE.search(text)
    if found:
        line, column = _line_and_column(text, found.start())
        name = f"U+{ord(found.group()):04X}"
        log.add("odd-character", f"a character that nobody can see ({name})", Place(log.path, line, column), name,
                "delete it, or save the file as UTF-8")  # fmt: skip
    return found is not None


def _tabs(text: str, log: Log) -> bool:
    for found in re.finditer(r"^[^\t\n]*\t", text, re.MULTILINE):
        line, column = _line_and_column(text, found.end() - 1)
        log.add("tab", "a tab", Place(log.path, line, column), hint="use spaces; inside double quotes write \\t")
    return "\t" in text


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


class _Stop(Exception):
    """The rest of the file is not worth reading; the problem has been noted."""


class _Builder:
    """Builds the tree from the parser's events; recursion is bounded by DEEPEST."""

    def __init__(self, text: str, log: Log) -> None:
        self.events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self.log = log

    def document(self) -> Tree | None:
        tree: Tree | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.problem("many-documents", "a second document begins here (`---`)", event, hint="one file, one document")
                    raise _Stop
            elif isinstance(event, yaml.NodeEvent):
                tree = self.node(event, 1)
        if tree is None:
            self.log.add("empty-file", "the file is empty", Place(self.log.path, 1, 1), hint="write `framework: CODE` and what follows")
        return tree

    def problem(self, code: str, message: str, event: Any, found: str = "", hint: str = "") -> None:
        mark = event.start_mark
        self.log.add(code, message, Place(self.log.path, mark.line + 1, mark.column + 1), found, hint)

    def node(self, event: Any, depth: int) -> Tree:
        if depth > DEEPEST:
            self.problem("too-deep", f"nested more than {DEEPEST} deep", event)
            raise _Stop
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.AliasEvent):
            self.problem("alias", "an alias", event, f"`*{event.anchor}`", "write the value again")
            return Scalar(line, column, "", None, broken=True)
        if event.anchor is not None:
            self.problem("anchor", "an anchor", event, f"`&{event.anchor}`", "leave it out; put text that begins with & in quotes")
        if event.tag is not None:
            self.problem("tag", "a tag", event, f"`{event.tag}`", "leave it out; put text that begins with ! in quotes")
        if isinstance(event, yaml.MappingStartEvent):
            return Keyed(line, column, self.entries(depth), bool(event.flow_style))
        if isinstance(event, yaml.SequenceStartEvent):
            return Listed(line, column, tuple(self.items(depth)), bool(event.flow_style))
        return self.scalar(event, line, column)

    def items(self, depth: int) -> Iterator[Tree]:
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self.node(event, depth + 1)

    def entries(self, depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.node(event, depth + 1)
            place = Place(self.log.path, key.line, key.column)
            value = self.node(next(self.events), depth + 1)
            if not isinstance(key, Scalar):
                self.log.add("bad-key", "a list or mapping used as a key", place, hint="put text with brackets in quotes")
            elif key.broken:
                continue
            elif key.raw == "<<" and not key.quoted:
                self.log.add("merge-key", "a merge key", place, "`<<`", "write the keys again")
            elif key.raw in entries:
                first = entries[key.raw]
                self.log.add("duplicate-key", f"`{key.raw}` stands twice in one mapping", place,
                             f"first at line {first.line}, column {first.column}", "keep one of the two")  # fmt: skip
            else:
                entries[key.raw] = Entry(key.line, key.column, value)
        return entries

    def scalar(self, event: Any, line: int, column: int) -> Scalar:
        single_line = event.start_mark.line == event.end_mark.line
        if event.style:  # quoted, or a block of text
            return Scalar(line, column, event.value, event.value, True, single_line)
        try:
            return Scalar(line, column, event.value, resolve(event.value), False, single_line)
        except BadScalar as bad:
            self.problem(bad.code, bad.message, event, hint=bad.hint)
            return Scalar(line, column, event.value, None, broken=True)


_SYNTAX_HINTS = (
    ("mapping values are not allowed", "a text with a colon and a space goes in quotes; check the indentation"),
    ("expected ',' or", "close the bracket; a text with a comma, bracket or question mark goes in quotes"),
    ("expected ':'", "each line of a mapping is `key: value`; check the indentation"),
    ("expected <block end>", "check the indentation"),
    ("block end", "check the indentation"),
    ("cannot start any token", "put the text in quotes"),
    ("end of stream", "a quote or bracket is never closed"),
    ("escape", "use single quotes, or write \\\\ for one backslash"),
    ("block sequence entries", "a list begins on a line of its own"),
)


def _syntax(error: yaml.YAMLError, log: Log) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = str(getattr(error, "problem", None) or "it cannot be read").removeprefix("found ")
    hint = next((text for sign, text in _SYNTAX_HINTS if sign in what), "")
    place = Place(log.path, mark.line + 1, mark.column + 1) if mark else log.path
    log.add("yaml", "this is not YAML", place, what, hint)
