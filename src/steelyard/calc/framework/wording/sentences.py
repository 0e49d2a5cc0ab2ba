"""A framework in plain sentences, and the difference between two (docs/reference/framework-language.md).

Sentences are built from the tree that is calculated; every number in them is written from the stored value.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Framework
from .card import said_of_level, said_of_nodes
from .clauses import Clause, Said, Sentence
from .facts import said_of_lists, said_of_measures
from .head import said_of_attributes, said_of_head, said_of_open, said_of_questions, said_of_settings, said_of_tables
from .kpis import said_of_kpis
from .language import Language
from .languages import language_of
from .over_time import said_over_time
from .phrases import Phrases
from .rules import said_of_curves

__all__ = ["Sentence", "difference", "sentences"]


def sentences(framework: Framework, language: str = "en") -> list[Sentence]:
    """What every definition of the framework says, in the order of the file's parts."""
    return [said.sentence for said in _all(framework, language)]


def difference(old: Framework, new: Framework, language: str = "en") -> list[Sentence]:
    """What the new version changes, in plain sentences; nothing where both say the same."""
    spoken = language_of(language)
    before = {said.path: said for said in _all(old, language)}
    after = {said.path: said for said in _all(new, language)}
    found: list[Sentence] = []
    for path, said in after.items():
        if path not in before:
            found.append(_whole(spoken, "new", said))
        else:
            found += [Sentence(path, f"{said.title}: {text}", said.title) for text in _changes(spoken, before[path], said)]
    found += [_whole(spoken, "removed", said) for path, said in before.items() if path not in after]
    if [level.name for level in old.levels] != [level.name for level in new.levels]:
        order = ", ".join(level.name for level in new.levels) or spoken.say("none")
        found.append(Sentence("levels", spoken.say("levels.order", order=order)))
    return found


def _whole(spoken: Language, change: str, said: Said) -> Sentence:
    """A definition that only one of the two versions has."""
    return Sentence(said.path, spoken.say(change, text=said.sentence.text), spoken.say(change, text=said.title))


def _changes(spoken: Language, before: Said, after: Said) -> Iterator[str]:
    """The clauses that differ; clauses with labels are compared label by label."""
    if before.title != after.title:
        yield spoken.say("title", title=before.title)
    was = {(clause.key, clause.label): clause for clause in before.clauses}
    now = {(clause.key, clause.label): clause for clause in after.clauses}
    for key, clause in now.items():
        old = was.get(key)
        if old is None:
            yield spoken.say("clause.new", text=str(clause))
        elif old.text != clause.text:
            yield _change(spoken, old, clause)
    for key, old in was.items():
        if key not in now:
            yield spoken.say("clause.gone", text=str(old))


def _change(spoken: Language, old: Clause, clause: Clause) -> str:
    if clause.label:
        return spoken.say("clause.earns" if clause.earns else "clause.is", label=clause.label, text=clause.text, old=old.text)
    return spoken.say("clause.now", text=spoken.quoted(clause.text), old=spoken.quoted(old.text))


def _all(framework: Framework, language: str) -> Iterator[Said]:
    phrases = Phrases.of(framework, language)
    yield said_of_head(phrases)
    yield from said_of_attributes(phrases)
    yield from said_of_settings(phrases)
    yield from said_of_tables(phrases)
    yield from said_of_curves(phrases)
    yield from said_of_questions(phrases)
    yield from said_of_lists(phrases)
    yield from said_of_measures(phrases)
    yield from said_of_kpis(phrases)
    if framework.scorecard is not None:
        yield from said_of_nodes(phrases, framework.scorecard)
    for level in framework.levels:
        yield said_of_level(phrases, level)
    yield from said_over_time(phrases)
    yield from said_of_open(phrases)
