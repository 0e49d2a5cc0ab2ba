"""Hospitals and referring doctors: who they are, where they work, whom they refer."""

from __future__ import annotations

import numpy as np

from . import atlas
from .draws import Whole
from .world import World

HOSPITALS = (*atlas.HOSPITALS, ("Clinica Valbruna", "IT"))
HOSPITAL_CODES = [f"HO-{number + 1:03d}" for number in range(len(HOSPITALS))]
DOCTOR_CODES = [f"DR-{number + 1:03d}" for number in range(len(atlas.DOCTORS))]
TWO_HOSPITALS = "DR-001"  # Dr Elena Marchetti works in Trento and at a clinic of her own, and her referrals convert

# doctor number -> hospital numbers
AFFILIATIONS: dict[int, tuple[int, ...]] = {number: (number % len(atlas.HOSPITALS),) for number in range(len(DOCTOR_CODES))}
AFFILIATIONS[0] = (0, len(HOSPITALS) - 1)

CONVERSION = {number: 180 + 37 * number % 270 for number in range(len(DOCTOR_CODES))}  # won referrals in a thousand
CONVERSION[0] = 720


def doctor_country(number: int) -> str:
    """The country of the doctor's first hospital."""
    return HOSPITALS[AFFILIATIONS[number][0]][1]


def referring_doctors(world: World, partner: Whole, draw: Whole) -> Whole:
    """For each document of a partner the doctor who might have referred it (same country), or -1."""
    doctors = {country.code: [] for country in atlas.COUNTRIES}  # type: dict[str, list[int]]
    for number in range(len(DOCTOR_CODES)):
        doctors[doctor_country(number)].append(number)
    doctors["IT"][:0] = [0, 0, 0]  # she refers more than her colleagues
    width = max(map(len, doctors.values()))
    table = np.full((world.partners.count, width), -1, dtype=np.int64)
    several = np.ones(world.partners.count, dtype=np.int64)
    for number, country in enumerate(world.partners.country):
        known = doctors[country.code]
        table[number, : len(known)] = known
        several[number] = max(1, len(known))
    found: Whole = table[partner, draw % several[partner]]
    return found
