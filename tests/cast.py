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

import pytest

EARLY = date(2012, 1, 1)
JULY = date(2012, 7, 1)
OCTOBER = date(2012, 10, 1)


def people() -> SimpleNamespace:
    """Everybody who acts, with the system user."""
    from steelyard.accounts import actions

    system = actions.set_up()

    def add(username: str, name: str, *roles: str):  # noqa: ANN202 - a User, imported only when Django is ready
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
    from steelyard.company import actions as company
    from steelyard.partners import actions as partners
    from steelyard.products import actions as products

    company.set_up(acting_user=anna, name="Waage & Gewicht", reporting_currency="EUR")
    for code, name, parent in (("EU", "Europe", None), ("ALPS", "Alps", "EU"), ("NORTH", "North", "EU")):
        partners.add("territories", code=code, name=name, parent=parent, acting_user=anna)
    for code, name, manager in (("G1", "Gerd Graf", None), ("E1", "Emil Ebner", "G1"), ("F1", "Frida Falk", "G1")):
        partners.add("representatives", code=code, name=name, manager=manager, acting_user=anna)
    for code, name, kind, country, territory in (
        ("ALP", "Alpine Diagnostics", "distributor", "CH", "ALPS"),
        ("BOR", "Borealis Lab", "dealer", "DK", "NORTH"),
        ("CAS", "Clinic am See", "hospital", "AT", "ALPS"),
        ("ROTH", "Dr. Roth", "doctor", "AT", "ALPS"),
    ):
        partners.add("partners", code=code, name=name, type=kind, country=country, territory=territory, status="active", acting_user=anna)
    partners.add("affiliations", person="ROTH", organisation="CAS", role="head of laboratory", acting_user=anna)
    partners.assign(representative="E1", territory="ALPS", acting_user=anna)
    partners.assign(representative="F1", territory="NORTH", acting_user=anna)
    for code, name in (("SYS", "Systems"), ("CON", "Consumables")):
        products.add("categories", code=code, name=name, acting_user=anna)
    for code, name, category, strategic in (("ANA-1", "Analyser One", "SYS", True), ("REA-1", "Reagent One", "CON", False), ("REA-2", "Reagent Two", "CON", False)):
        products.add("products", code=code, name=name, category=category, unit="each", strategic=strategic, must_stock=False, status="current", acting_user=anna)


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """The people alone: `cast.anna`, `cast.ben`, …"""
    return people()


@pytest.fixture
def channel_cast(cast) -> SimpleNamespace:
    """The people, and the whole channel in the database."""
    channel(cast.anna)
    return cast
