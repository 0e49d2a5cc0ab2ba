"""Who refers business without reselling: doctors, and the hospitals where they work."""

from __future__ import annotations

import numpy as np

from . import atlas
from .draws import Whole
from .world import World

HOSPITALS = (*atlas.HOSPITALS, ("Clinica Valbruna", "IT"))
HOSPITAL_CODES = [f"HO-{number + 1:03d}" for number in range(len(HOSPITALS))]
DOCTOR_CODES = [f"DR-{number + 1:03d}" for number in range(len(atlas.DOCTORS))]

# doctor number -> hospital numbers
AFFILIATIONS: dict[int, tuple[int, ...]] = {number: (number % len(atlas.HOSPITALS),) for number in range(len(DOCTOR_CODES))}
AFFILIATIONS[0] = (0, len(HOSPITALS) - 1)

REFERRER_CODES = [*DOCTOR_CODES, *HOSPITAL_CODES]
REFERRER_NAMES = [*atlas.DOCTORS, *(name for name, _ in HOSPITALS)]
CONVERSION = [720, *(180 + 37 * number % 270 for number in range(1, len(REFERRER_CODES)))]  # won referrals in a thousand


def country_of(number: int) -> str:
    """The country of a referrer: a doctor's is that of the first hospital."""
    hospital = AFFILIATIONS[number][0] if number in AFFILIATIONS else number - len(DOCTOR_CODES)
    return HOSPITALS[hospital][1]


def referrers(world: World, partner: Whole, draw: Whole) -> Whole:
    """For each document of a partner the number of who might have referred it (same country), or -1."""
    known: dict[str, list[int]] = {country.code: [] for country in atlas.COUNTRIES}
    for number in range(len(REFERRER_CODES)):
        known[country_of(number)].append(number)
    known["IT"][:0] = [0, 0, 0]  # Dr Marchetti refers more than her colleagues
    table = np.full((world.partners.count, max(map(len, known.values()))), -1, dtype=np.int64)
    several = np.ones(world.partners.count, dtype=np.int64)
    for number, country in enumerate(world.partners.country):
        there = known[country.code]
        table[number, : len(there)] = there
        several[number] = max(1, len(there))
    found: Whole = table[partner, draw % several[partner]]
    return found


def referred_per_mille(world: World, partner: Whole) -> Whole:
    """How many documents in a thousand somebody referred: three times as many in Italy."""
    italian = np.array([country.code == "IT" for country in world.partners.country])
    return np.where(italian[partner], 45, 14)
