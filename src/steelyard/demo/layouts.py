"""How each system writes its files: headers, separators, decimal marks, date orders, words. One layout, two uses:
`text` writes a frame as the system would, `mapping` says in YAML how intake reads it back."""

from __future__ import annotations

import io
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl
import yaml

from steelyard.calc.facts import FACTS
from steelyard.calc.facts.kind import Kind
from steelyard.calc.masters import MASTERS
from steelyard.calc.units import DECIMALS

KINDS: dict[str, Kind] = {**FACTS, **MASTERS}
_DATE_FORMATS = {"YMD": "%Y-%m-%d", "DMY": "%d.%m.%Y", "MDY": "%m/%d/%Y"}


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file from one system. ``columns``: our column -> header, in the order of the file."""

    kind: str
    source: str
    columns: Mapping[str, str]
    separator: str = ","
    decimal: str = "."
    thousands: str = ""
    date_order: Literal["YMD", "DMY", "MDY"] = "YMD"
    date_mark: str = ""  # between day, month and year, where it is not the usual one
    encoding: str = "utf-8"
    line_end: str = "\n"
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # our column -> {as written: ours}
    total_word: str = ""  # the first cell of a row of totals at the end
    note: str = ""

    @property
    def mapping_name(self) -> str:
        """File name of the mapping."""
        return f"{self.kind}-{self.source}.yaml"

    @property
    def header(self) -> list[str]:
        """Headers as written; a column that two of ours read stands once."""
        return list(dict.fromkeys(self.columns.values()))

    @property
    def date_format(self) -> str:
        """How dates are written, in strftime's words."""
        usual = _DATE_FORMATS[self.date_order]
        return usual if not self.date_mark else self.date_mark.join(part for part in usual.replace(".", "-").replace("/", "-").split("-"))

    def mapping(self) -> str:
        """The mapping file, in the format of intake."""
        columns: dict[str, object] = {
            ours: {"from": header, "values": dict(self.values[ours])} if ours in self.values else header
            for ours, header in self.columns.items()
        }
        told: dict[str, object] = {"kind": self.kind, "source": self.source, "header": 1}
        told |= {"encoding": self.encoding, "separator": self.separator, "decimal": self.decimal, "thousands": self.thousands}
        told |= {"date_order": self.date_order, "columns": columns}
        if KINDS[self.kind].family == "fact":
            told["scope"] = "lines"
        if "kind" in self.columns and self.kind == "orders":
            told["negatives"] = "allowed"  # returns say that they are returns
        if self.total_word:
            told["totals"] = "drop"
        note = f"# {self.note}\n" if self.note else ""
        return note + yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=120)

    def cells(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame as text cells under the file's headers; blanks are empty."""
        kind = KINDS[self.kind]
        chosen: dict[str, pl.Expr] = {}
        for ours, header in self.columns.items():
            if header not in chosen:
                chosen[header] = self._cell(ours, kind).alias(header)
        return frame.select(chosen.values())

    def _cell(self, ours: str, kind: Kind) -> pl.Expr:
        column = pl.col(ours)
        declared = kind.by_name[ours].type
        if ours in self.values:
            return column.replace_strict({ours: written for written, ours in self.values[ours].items()}, return_dtype=pl.String)
        if declared == "date":
            return column.dt.strftime(self.date_format)
        if declared == "yes/no":
            return pl.when(column).then(pl.lit("yes")).when(~column).then(pl.lit("no"))
        if declared in ("money", "price"):
            return self._decimal(column, 10 ** (DECIMALS[declared] - 2), 2)
        if declared == "number":
            halves = kind.name == "ratings"  # answers are given in halves; everything else is counted in whole units
            return (
                self._decimal(column, 10 ** (DECIMALS["number"] - 1), 1) if halves else (column // 10 ** DECIMALS["number"]).cast(pl.String)
            )
        return column.cast(pl.String)

    def _decimal(self, column: pl.Expr, grain: int, places: int) -> pl.Expr:
        scaled = column.abs() // grain
        whole, decimals = scaled // 10**places, (scaled % 10**places).cast(pl.String).str.zfill(places)
        digits = whole.cast(pl.String)
        if self.thousands:
            mark, last = pl.lit(self.thousands), (whole % 1000).cast(pl.String).str.zfill(3)
            middle = whole // 1000
            millions = (middle // 1000).cast(pl.String) + mark + (middle % 1000).cast(pl.String).str.zfill(3) + mark + last
            digits = pl.when(whole < 1000).then(digits).when(middle < 1000).then(middle.cast(pl.String) + mark + last).otherwise(millions)
        minus = pl.when(column < 0).then(pl.lit("-")).otherwise(pl.lit(""))
        return pl.concat_str(minus, digits, pl.lit(self.decimal), decimals)

    def text(self, cells: pl.DataFrame) -> bytes:
        """Text cells as the bytes of a file."""
        out = io.BytesIO()
        out.write(BOM_UTF8 if self.encoding == "utf-8-sig" else b"")
        cells.write_csv(out, separator=self.separator, line_terminator=self.line_end, quote_style="necessary")
        written = out.getvalue()
        return written if self.encoding.startswith("utf-8") else written.decode().encode(self.encoding)
