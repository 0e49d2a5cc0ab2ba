"""The ten causes of a change, and what is swapped for each: the pure half of tracing (`scorecards/tracing.py` has the rest).

A result rests on rows, on masters and rates that say what rows mean, on targets, on peers and on a framework. Between two
results one of these is replaced after the other, in the order of `CAUSES`; the differences add up because each begins
where the one before ended. What was *learned* of the earlier period comes first, then the later period itself, first with
masters as they stood when the earlier one ended (`standing_still`), then with what has changed in them since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date

import polars as pl

from .facts import FACTS
from .formula.functions import FUNCTIONS
from .formula.nodes import Binary, Call, Formula, In, Unary, names_in
from .framework.model import Framework, Node
from .points import formulas_of
from .resolve import Histories

DATA, RESTATEMENT, ATTRIBUTION, MASTERS, TARGET = "data", "restatement", "attribution", "masters", "target"
WEIGHTS, RULES, FX, PEERS, OVERRIDE = "weights", "rules", "fx", "peers", "override"
CAUSES = (RESTATEMENT, ATTRIBUTION, MASTERS, FX, TARGET, DATA, PEERS, WEIGHTS, RULES, OVERRIDE)  # in the order of the swaps
UNEXPLAINED = "unexplained"  # of a stored result that does not come out again; never seen but where files were touched

MATCHED = ("aliases", "authorities")  # whose a row is, and which source counts
RATES = ("rates",)
_KEYS = {
    "aliases": ("source", "party"),
    "assignments": ("territory", "partner"),
    "units": ("product", "unit"),
    "authorities": ("kind", "partner"),
}


def tables_of(cause: str) -> tuple[str, ...]:
    """The histories that belong to a cause: of attribution, of exchange rates, and of the masters all others."""
    if cause == ATTRIBUTION:
        return MATCHED
    if cause == FX:
        return RATES
    return tuple(field.name for field in fields(Histories) if field.name not in (*MATCHED, *RATES))


def swapped(old: Histories, new: Histories, cause: str) -> Histories:
    """The old histories with the tables of one cause taken from the new ones."""
    return replace(old, **{name: getattr(new, name) for name in tables_of(cause)})


def own(histories: Histories, partner: str, rows: Mapping[str, pl.DataFrame], framework: Framework) -> Histories:
    """Of the histories what can matter to one partner's rows, so that another's change is no cause, and little is read."""
    mine = histories.partners.filter(pl.col("code") == partner)
    theirs = (pl.col("partner") == partner) | pl.col("territory").is_in(mine["territory"].drop_nulls().implode())
    people = [*histories.assignments.filter(theirs.fill_null(False))["representative"], *_met(rows, "representative")]
    money = {column.currency for kind in FACTS.values() for column in kind.columns if column.currency} | {framework.convert.read_as}
    foreign = {code for name in money if name for code in _met(rows, name)} - {framework.currency}
    priced = pl.col("base").is_in(sorted(foreign)) | pl.col("quote").is_in(sorted(foreign)) | pl.col("base").eq(framework.currency)
    priced |= pl.col("quote").eq(framework.currency)
    return replace(
        histories,
        partners=mine,
        aliases=histories.aliases.filter(pl.col("party").is_in(_met(rows, "party"))),
        assignments=histories.assignments.filter((theirs | pl.col("representative").is_in(people)).fill_null(False)),
        products=histories.products.filter(pl.col("code").is_in(_met(rows, "product"))),
        rates=histories.rates.filter(priced if foreign else pl.lit(False)),
    )


def _met(rows: Mapping[str, pl.DataFrame], column: str) -> list[str]:
    """Every value of a column of the facts that have it."""
    found = [frame[column].drop_nulls().unique() for frame in rows.values() if column in frame.columns]
    return pl.concat([pl.Series([], dtype=pl.String), *found]).unique().sort().to_list()


def standing_still(histories: Histories, day: date) -> Histories:
    """Histories in which nothing changes after a day: what held on it goes on for ever.

    What first holds later (a product, a partner's name that nobody had used, a currency) did not change and stays.
    """
    frames = {}
    for field in fields(Histories):
        frame: pl.DataFrame = getattr(histories, field.name)
        frames[field.name] = _rates_until(frame, day) if field.name == "rates" else _held(frame, _KEYS.get(field.name, ("code",)), day)
    return replace(histories, **frames)


def _held(frame: pl.DataFrame, key: tuple[str, ...], day: date) -> pl.DataFrame:
    if frame.is_empty() or not {*key, "valid_from", "valid_to"} <= set(frame.columns):
        return frame
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
    holds = begun & (pl.col("valid_to").is_null() | (pl.col("valid_to") > day))
    marked = frame.with_columns(holds.alias("#holds"), holds.any().over(list(key)).alias("#known"))
    kept = marked.filter(begun | ~pl.col("#known"))
    open_end = pl.when(pl.col("#holds")).then(None).otherwise(pl.col("valid_to"))
    return kept.with_columns(valid_to=open_end).drop("#holds", "#known")


def _rates_until(rates: pl.DataFrame, day: date) -> pl.DataFrame:
    if rates.is_empty():
        return rates
    early = pl.col("date") <= day
    return rates.filter(early | ~early.any().over("source", "base", "quote"))


def corrected(more: pl.DataFrame, fewer: pl.DataFrame, keys: pl.DataFrame, *, forward: bool = True) -> pl.DataFrame:
    """Between the rows known at a cut and the more that are known at a later one, where ``keys`` (key_hash, ordinal) were corrected.

    Forward: the former with what is said later of these keys, but nothing new. Backward, from the later cut to the former:
    what was new is still there, and the corrections are not.
    """
    late = more.join(fewer.select("row_id"), on="row_id", how="anti")
    return pl.concat([fewer, late.join(keys, on=["key_hash", "ordinal"], how="semi" if forward else "anti")])


def known_again(fewer: pl.DataFrame, more: pl.DataFrame, keys: pl.DataFrame, *, forward: bool = True) -> pl.DataFrame:
    """The same where all rows were written anew in between, so that only the ``keys`` that stood at the former cut tell what is new."""
    known = more.join(keys, on=["key_hash", "ordinal"], how="semi")
    return known if forward else pl.concat([fewer, more.join(keys, on=["key_hash", "ordinal"], how="anti")])


def same_rows(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    """Whether two frames of facts hold the same rows: a row's number says all about it."""
    return one.height == other.height and one["row_id"].sort().equals(other["row_id"].sort())


def with_weights(old: Framework, new: Framework) -> Framework:
    """The old framework with the new one's weights on the items that both have, and the settings that only weights read."""
    if old.scorecard is None or new.scorecard is None:
        return old
    weights = [formula for tree in (old.scorecard, new.scorecard) for formula in _weights(tree)]
    own = {id(formula) for formula in weights}
    elsewhere = [formula for framework in (old, new) for formula in _formulas(framework) if id(formula) not in own]
    alone = _names(weights) - _names(elsewhere)
    settings = {**old.settings, **{name: value for name, value in new.settings.items() if name in alone}}
    return replace(old, scorecard=_reweighted(old.scorecard, new.scorecard), settings=settings)


def _reweighted(old: Node, new: Node) -> Node:
    others = {item.name: item for item in new.items}
    items = [
        _reweighted(replace(item, weight=others[item.name].weight), others[item.name]) if item.name in others else item
        for item in old.items
    ]
    return replace(old, items=tuple(items))


def _weights(node: Node) -> Iterator[Formula]:
    if node.weight is not None:
        yield node.weight
    for item in node.items:
        yield from _weights(item)


def _formulas(framework: Framework) -> Iterator[Formula]:
    """Every formula, those over rows included."""
    yield from formulas_of(framework)
    if framework.applies_to is not None:
        yield framework.applies_to
    for measure in framework.measures.values():
        yield from (rule.formula for rule in measure.where)
        if measure.value is not None:
            yield measure.value


def _names(formulas: Iterable[Formula]) -> set[str]:
    return {name for formula in formulas for name in names_in(formula.tree)}


def reads_peers(framework: Framework) -> bool:
    """Whether any formula compares a subject with others."""
    return any(_asks_peers(formula.tree) for formula in formulas_of(framework))


def _asks_peers(node: object) -> bool:
    if isinstance(node, Call):
        is_asked = node.function in FUNCTIONS and FUNCTIONS[node.function].group == "peers"
        return is_asked or any(map(_asks_peers, node.arguments))
    if isinstance(node, Unary):
        return _asks_peers(node.operand)
    if isinstance(node, Binary):
        return _asks_peers(node.left) or _asks_peers(node.right)
    return isinstance(node, In) and any(map(_asks_peers, (node.operand, *node.choices)))
