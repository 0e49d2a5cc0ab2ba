"""What the sample company sells: 48 products in five categories, and which of them each partner carries."""

from __future__ import annotations

import numpy as np

from .draws import Draws, Whole

CATEGORIES = (
    ("INS", "Instruments", None), ("INS-HEM", "Haematology analysers", "INS"), ("INS-CHE", "Chemistry analysers", "INS"),
    ("REA", "Reagents", None), ("REA-HEM", "Haematology reagents", "REA"), ("REA-CHE", "Chemistry reagents", "REA"),
    ("REA-IMM", "Immunoassay kits", "REA"), ("CON", "Consumables", None), ("CON-TUB", "Collection tubes", "CON"),
    ("CON-TIP", "Pipette tips", "CON"), ("POC", "Point of care", None), ("POC-GLU", "Glucose meters", "POC"),
    ("POC-CRP", "CRP readers", "POC"), ("SVC", "Service and software", None), ("SVC-CON", "Service contracts", "SVC"),
)  # fmt: skip

# per top category: subcategories, products, list price in cents of EUR from/to, quantity from/to, names
_RANGES = {
    "INS": (("INS-HEM", "INS-CHE"), 8, (900_000, 4_800_000), (1, 2), "Analyser CX"),
    "REA": (("REA-HEM", "REA-CHE", "REA-IMM"), 16, (12_000, 65_000), (2, 30), "Reagent kit"),
    "CON": (("CON-TUB", "CON-TIP"), 12, (900, 6_000), (10, 200), "Consumable set"),
    "POC": (("POC-GLU", "POC-CRP"), 8, (25_000, 240_000), (1, 8), "Handy reader"),
    "SVC": (("SVC-CON",), 4, (80_000, 350_000), (1, 1), "Service contract"),
}
TOPS = tuple(_RANGES)

# the fourteen slots of every partner's range: top category of each slot, and how often it is ordered
SLOTS = (("INS", 2), ("INS", 2), *(("REA", 9),) * 5, *(("CON", 8),) * 4, *(("POC", 6),) * 2, ("SVC", 6))
SLOT_WEIGHT = [weight for _, weight in SLOTS]
SERVICE_SLOT = len(SLOTS) - 1  # services are neither stocked nor reported as sold on
MOVED_PRODUCT = "CV-1040"  # a point-of-care reader that changes its category (PRODUCT_MOVED_ON)


class Catalogue:
    """Products as parallel arrays."""

    def __init__(self, seed: int) -> None:
        draws = Draws(seed, "products")
        self.codes: list[str] = []
        self.names: list[str] = []
        self.categories: list[str] = []
        self.tops: list[str] = []
        price: list[int] = []
        low: list[int] = []
        high: list[int] = []
        for top, (children, count, prices, quantities, name) in _RANGES.items():
            for number, list_price in enumerate(draws.between(*prices, count).tolist()):
                self.codes.append(f"CV-{1001 + len(self.codes)}")
                self.categories.append(children[number % len(children)])
                self.names.append(f"{name} {100 + 10 * number}")
                self.tops.append(top)
                price.append(list_price // 100 * 100)
                low.append(quantities[0])
                high.append(quantities[1])
        self.price: Whole = np.array(price, dtype=np.int64)  # cents of EUR
        self.least: Whole = np.array(low, dtype=np.int64)
        self.most: Whole = np.array(high, dtype=np.int64)
        self.top_number: Whole = np.array([TOPS.index(top) for top in self.tops], dtype=np.int64)
        self.strategic = [top in ("INS", "POC") or category == "REA-IMM" for top, category in zip(self.tops, self.categories, strict=True)]
        self.must_stock = [top in ("REA", "CON") and number % 2 == 0 for number, top in enumerate(self.tops)]

    def ranges(self, seed: int, partners: int) -> Whole:
        """Which product stands in each slot of each partner's range: [partner, slot], no product twice."""
        draws = Draws(seed, "ranges")
        slots = np.empty((partners, len(SLOTS)), dtype=np.int64)
        for top in TOPS:
            members = np.flatnonzero(self.top_number == TOPS.index(top))
            start = draws.below(len(members), partners)
            places = [place for place, (name, _) in enumerate(SLOTS) if name == top]
            for step, place in enumerate(places):
                slots[:, place] = members[(start + step) % len(members)]
        return slots
