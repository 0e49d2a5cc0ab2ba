"""What has been read of a framework so far: each reader adds its part, later readers look names up here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..attributes import Recorded
from ..facts import Kind
from ..formula.functions import FUNCTIONS, TREE_NAMES
from ..formula.nodes import UNKNOWN, Type, Value
from .document import Log
from .model import FactList, Kpi, Level, Measure, Peers, Place, PointsRule, Table, Window

RESERVED = {*TREE_NAMES, "level", "as_of", "total"}


@dataclass
class Context:
    """The state of one reading. Types of broken definitions are ``unknown``, so that they cause no further problems."""

    log: Log
    facts: Mapping[str, Kind]
    recorded: Recorded | None = None  # the attributes that the company has declared; None: nobody knows
    subject: tuple[str, ...] = ("partner",)
    grain: str = "quarter"
    currency: str = ""
    own: dict[str, dict[str, Type]] = field(default_factory=dict)  # attributes of the company's own: partner | product -> name -> type
    attributes: dict[str, Type] = field(default_factory=dict)
    peers: Peers = field(default_factory=Peers)
    peers_written: bool = False  # whether the framework says who is compared; else lines are compared from one peer on
    settings: dict[str, Value] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    table_types: dict[str, tuple[int, Type]] = field(default_factory=dict)
    curves: dict[str, PointsRule] = field(default_factory=dict)
    lists: dict[str, FactList] = field(default_factory=dict)  # those that could be read, in the order of need
    list_types: dict[str, dict[str, Type]] = field(default_factory=dict)  # what their lines have; of a broken list nothing
    used_lists: set[str] = field(default_factory=set)
    measures: dict[str, Measure] = field(default_factory=dict)
    kpis: dict[str, Kpi] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)
    level_names: tuple[str, ...] = ()
    types: dict[str, Type] = field(default_factory=dict)  # settings, measures and KPIs: what a formula may name
    declared: dict[str, Place] = field(default_factory=dict)  # every name of the one space of names, for clashes
    kinds: dict[str, str] = field(default_factory=dict)  # name -> measure, KPI, setting, table, curve or window
    used: set[str] = field(default_factory=set)
    beside: dict[str, set[str]] = field(default_factory=dict)  # settings and curves: the kinds of number they are used for

    def declare(self, name: str, kind: str, place: Place) -> bool:
        """Note a new name; a problem if formulas already know it as something else."""
        taken = self.declared.get(name)
        if taken is None and name not in RESERVED and name not in FUNCTIONS and name not in self.attributes:
            self.declared[name], self.kinds[name] = place, kind
            return True
        found = f"{self.kinds[name]} at {taken}" if taken else "a word of the language, or an attribute of the subject"
        self.log.add("duplicate-name", f"`{name}` already means something in formulas", place, found, "choose another name")
        return False

    def broken(self, name: str) -> None:
        """Let formulas name a definition that could not be read, without further problems."""
        self.types.setdefault(name, UNKNOWN)
