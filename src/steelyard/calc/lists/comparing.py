"""Lines that are compared with lines that are not there: what every line brought to a comparison is noted, and what peers
brought who are not among the points is put beside it. So one subject's lines alone give what they gave among everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from ..framework.model import FactList
from ..measures.spans import Span
from .lines import Places


def spoken(span: Span) -> str:
    """The days of a span, as comparisons name them."""
    return f"{span[0]} to {span[1] - timedelta(days=1)}"


def beside_absent(places: Places, found: FactList, frame: pl.DataFrame, of: str, by: Sequence[str], least: int | None) -> pl.DataFrame:
    """The lines, followed by one for every value that absent peers brought (``Cube.absent``, by ``of`` and the key of the line).

    ``frame``: ``#at``, ``by`` (the key and what peers have in common), ``#asked``. Where `Places.compared` is a list, it gets
    (of, ``#number``, key, same, value, least) of every line: ``least`` is null where peers are only counted.
    """
    if places.compared is None and not places.cube.absent:
        return frame
    key = pl.struct(pl.col(name).cast(pl.String) for name in found.one_per).struct.json_encode()
    named = frame.with_columns(key.alias("#key"))
    if places.compared is not None:
        alike = [pl.col(name).cast(pl.String) for name in by if name.startswith("#same ")]
        same = pl.struct(alike).struct.json_encode() if alike else pl.lit("")
        told = (
            pl.lit(of).alias("of"), pl.col("#at").alias("#number"), pl.col("#key").alias("key"), same.alias("same"),
            pl.col("#asked").cast(pl.Int128).alias("value"), pl.lit(least, dtype=pl.Int64).alias("least"),
        )  # fmt: skip
        places.compared.append(named.select(told))
    texts = [(key, value) for key in named["#key"].unique() for value in places.cube.absent.get(f"{of} {key}", ())]
    absent = pl.DataFrame(texts, schema={"#key": pl.String, "#asked": pl.String}, orient="row").cast({"#asked": pl.Int128})
    others = named.select(*by, "#key").unique("#key").join(absent, on="#key").select(*by, "#asked")
    return pl.concat([frame.cast({"#asked": pl.Int128}), others], how="diagonal")
