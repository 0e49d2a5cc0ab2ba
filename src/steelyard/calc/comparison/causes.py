"""The reasons for which a published figure differs, each under a code that stays: what it means, and how sure it can be.

``certain``: lines, targets or rates are named on both sides. ``likely``: the sum fits, exactly and in one way only.
``open``: not explained.
"""

from __future__ import annotations

CAUSES: dict[str, str] = {
    "twice": "a line is counted twice",
    "extra": "a line that our data do not have",
    "hidden": "a hidden row is counted, or left out because it is hidden",
    "missing": "a line that we count is not in the workbook",
    "return": "a return or credit is not in the workbook",
    "period": "a line of another period",
    "partner": "a line counted for another partner",
    "territory": "a line credited to another territory",
    "rule": "a line that a rule of the framework leaves out",
    "amount": "a line with another amount",
    "currency": "a line in another currency",
    "rate": "another currency rate",
    "sign": "the sign of a line is turned round",
    "rounding": "rounded to fewer decimals",
    "target": "another target",
    "sum": "the figure is not the sum of the workbook's own lines",
    "scale": "written in another unit, such as thousands",
    "points": "other points for the same value: another scale or band",
    "weight": "another weight",
    "no data": "one side has no data",
    "unexplained": "not explained",
}
CERTAIN, LIKELY, OPEN = "certain", "likely", "open"
