"""The partners of the sample company as parallel arrays: hand-written ones first, then drawn ones."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from . import atlas, calendar, cast
from .draws import Draws, Flags, Whole

LEAST_PARTNERS = 40
PARTNERS = 240  # at scale 1


class Partners:
    """Distributors, dealers and agents. Every attribute is a list or array with one entry per partner."""

    def __init__(self, seed: int, scale: Decimal | int) -> None:
        self.count = max(LEAST_PARTNERS, int(PARTNERS * Decimal(scale)))
        draws = Draws(seed, "partners")
        drawn = self.count - len(cast.ROLES)
        kinds = draws.weighted([54, 36, 10], drawn)
        homes = draws.weighted([country.weight for country in atlas.COUNTRIES], drawn)
        self.code = [role.code for role in cast.ROLES]
        self.name = [role.name for role in cast.ROLES]
        self.kind = [role.kind for role in cast.ROLES] + [("distributor", "dealer", "agent")[kind] for kind in kinds]
        self.territory = [role.territory for role in cast.ROLES]
        self.city = [role.city for role in cast.ROLES]
        self.parent = [role.parent for role in cast.ROLES] + [None] * drawn
        self._draw_names(draws, homes.tolist())
        self.country = [atlas.BY_CODE[code[:2]] for code in self.code]
        self.source: Whole = np.array([atlas.SOURCES.index(country.source) for country in self.country], dtype=np.int64)
        self.currency = [country.currency for country in self.country]
        self.growth: Whole = draws.between(-130, 210, self.count)  # thousandths a year
        self.care: Whole = draws.between(0, 99, self.count)  # how careful: drives documents, complaints and punctuality
        self.discount: Whole = draws.between(180, 340, self.count)  # thousandths off the list price
        self.document_size: Whole = draws.between(3, 7, self.count)
        self.ended: Flags = draws.chance(25, self.count)  # ended in 2025
        self.ended[: len(cast.ROLES)] = False
        self._arrange()
        self.weight: Whole = self._weights(draws)
        self.reports: Flags = np.array(  # who reports sell-through and stock: distributors and every other dealer
            [kind == "distributor" or (kind == "dealer" and number % 2 == 0) for number, kind in enumerate(self.kind)]
        )
        self.reports[cast.SAME_NAME[1]] = True

    def _arrange(self) -> None:
        """Hand-written partners are of one piece: their character is set, not drawn."""
        self.care[cast.LATE] = 45
        self.care[[cast.EXPIRED, cast.RISING, cast.MOVED]] = [97, 92, 80]
        self.care[cast.STUFFING] = 55
        self.growth[cast.STUFFING] = 0

    def _draw_names(self, draws: Draws, homes: list[int]) -> None:
        numbers = {country.code: sum(role.country == country.code for role in cast.ROLES) for country in atlas.COUNTRIES}
        taken = set(self.name)
        stems = draws.below(len(atlas.STEMS), len(homes)).tolist()
        picks = [draws.below(1000, len(homes)).tolist() for _ in range(4)]
        for position, home in enumerate(homes):
            country = atlas.COUNTRIES[home]
            trade, form, city, territory = (pick[position] for pick in picks)
            stem, legal = atlas.STEMS[stems[position]], country.legal_forms[form % len(country.legal_forms)]
            trade_name, town = country.trades[trade % len(country.trades)], country.cities[city % len(country.cities)]
            name = f"{stem} {trade_name} {legal}"
            if name in taken:
                name = f"{stem} {trade_name} {town} {legal}"
            base, again = name, 2
            while name in taken:
                name, again = f"{base.removesuffix(legal)}{again} {legal}", again + 1
            taken.add(name)
            numbers[country.code] += 1
            self.code.append(f"{country.code}-{numbers[country.code]:04d}")
            self.name.append(name)
            self.city.append(town)
            self.territory.append(country.territories[territory % len(country.territories)][0])

    def _weights(self, draws: Draws) -> Whole:
        """How much each partner orders beside the others, by its rank."""
        ranks = np.empty(self.count, dtype=np.int64)
        reserved = [min(role.rank, self.count - len(cast.ROLES) + place) for place, role in enumerate(cast.ROLES)]
        ranks[: len(reserved)] = reserved
        free = np.setdiff1d(np.arange(self.count + len(reserved)), reserved)[: self.count - len(reserved)]
        ranks[len(reserved) :] = free[draws.shuffled(len(free))]
        return 10_000_000 // (ranks + 8)

    def keys(self, number: int) -> str:
        """How the partner is called by the system that its orders come from."""
        source = atlas.SOURCES[self.source[number]]
        if source == "erp-de":
            return f"{100_000 + 7 * number:010d}"
        if source == "erp-us":
            return f"C{20_000 + 3 * number}"
        if source == "erp-apac":  # knows names only, and shouts them
            town = f" ({self.city[number]})" if number in cast.SAME_NAME else ""
            return f"{self.name[number].upper()}{town.upper()}"
        return self.code[number]

    def trend(self) -> Whole:
        """Size of every partner in every month, in thousandths of its usual size: [partner, month]."""
        months = np.arange(calendar.MONTHS)
        trend: Whole = np.maximum(150, 1000 + self.growth[:, None] * months // 12)
        for number in range(len(cast.ROLES)):
            trend[number] = [cast.orders_trend(number, int(self.growth[number]), month) for month in months.tolist()]
        trend[self.ended, calendar.month_of(cast.ENDED_ON) :] = 0
        return trend
