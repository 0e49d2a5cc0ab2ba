"""The people and partners of all tests. Tests read as sentences about them.

People: **Anna** runs channel operations and loads data; **Ben** leads sales and publishes; **Carla** manages partners;
**Dora** audits. Representatives: **Emil** (E1) and **Frida** (F1), who both report to **Gerd** (G1).
Territories: Europe (EU) with Alps (ALPS) and North (NORTH) in it.
Partners: **Alpine Diagnostics** (ALP, a Swiss distributor in the Alps), **Borealis Lab** (BOR, a Danish dealer in the
North), **Clinic am See** (CAS, an Austrian hospital) and **Dr. Roth** (ROTH, a doctor who works there).
Products: analysers (ANA-1, strategic) and reagents (REA-1, REA-2), below Systems and Consumables.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest
from django.apps import apps
from django.db.models import Model

EARLY = date(2012, 1, 1)
JULY = date(2012, 7, 1)
OCTOBER = date(2012, 10, 1)


def people() -> SimpleNamespace:
    """Everybody who acts, with the system user."""
    from steelyard.accounts import actions

    system = actions.set_up()

    def add(username: str, name: str, *roles: str):
        return actions.add_user(username=username, name=name, roles=roles, acting_user=system)

    return SimpleNamespace(
        system=system,
        anna=add("anna", "Anna Amstutz", "operator"),
        ben=add("ben", "Ben Baumann", "leadership"),
        carla=add("carla", "Carla Conti", "partner_manager"),
        dora=add("dora", "Dora Dahl", "auditor"),
    )


def channel(anna) -> None:
    """The territories, representatives, partners and products above, known since always."""
    from steelyard.company.actions import set_up
    from steelyard.masters.actions import Actions
    from steelyard.partners.masters import EVERY

    set_up(acting_user=anna, name="Waage & Gewicht", reporting_currency="EUR")
    for name, (columns, *rows) in CHANNEL.items():
        Actions(EVERY).load(name, pl.DataFrame(rows, schema=columns.split(), orient="row"), acting_user=anna)


CHANNEL = {
    "territories": ["code name parent", ("EU", "Europe", None), ("ALPS", "Alps", "EU"), ("NORTH", "North", "EU")],
    "representatives": ["code name manager", ("G1", "Gerd Graf", None), ("E1", "Emil Ebner", "G1"), ("F1", "Frida Falk", "G1")],
    "partners": [
        "code name type country territory status",
        ("ALP", "Alpine Diagnostics", "distributor", "CH", "ALPS", "active"),
        ("BOR", "Borealis Lab", "dealer", "DK", "NORTH", "active"),
        ("CAS", "Clinic am See", "hospital", "AT", "ALPS", "active"),
        ("ROTH", "Dr. Roth", "doctor", "AT", "ALPS", "active"),
    ],
    "affiliations": ["person organisation role", ("ROTH", "CAS", "head of laboratory")],
    "assignments": ["representative territory", ("E1", "ALPS"), ("F1", "NORTH")],
    "categories": ["code name", ("SYS", "Systems"), ("CON", "Consumables")],
    "products": [
        "code name category unit strategic must_stock status",
        ("ANA-1", "Analyser One", "SYS", "each", True, False, "current"),
        ("REA-1", "Reagent One", "CON", "each", False, False, "current"),
        ("REA-2", "Reagent Two", "CON", "each", False, False, "current"),
    ],
}


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """The people alone: `cast.anna`, `cast.ben`, …"""
    return people()


@pytest.fixture
def channel_cast(cast) -> SimpleNamespace:
    """The people, and the whole channel in the database: loaded once, and written down again for every later test."""
    if not _channel:
        before = {model: set(model._base_manager.values_list("pk", flat=True)) for model in apps.get_models()}
        channel(cast.anna)
        _channel.update({model: list(model._base_manager.exclude(pk__in=known).order_by("pk")) for model, known in before.items()})
    else:
        for model, rows in _channel.items():
            for row in rows:
                if model._meta.pk.name == "id" and model._meta.label != "ledger.Head":
                    row.pk = None  # the database numbers it; commits have numbers of their own, and there is one head
            model._base_manager.bulk_create(rows)
    return cast


_channel: dict[type[Model], list[Model]] = {}


def level_vectors(**least: int) -> str:
    """A vectors file that earns each level with the least points it takes: a framework is published with vectors for every level."""
    lines = (f"  - {{name: {name}, given: {{points: {{total: {points}}}}}, expect: {{level: {name}}}}}\n" for name, points in least.items())
    return "vectors:\n" + "".join(lines)
