"""What looks beyond one point in time: histories, standings, what is held for a time, triggers, roll-ups.

A *moment* is one earlier evaluation of many subjects: what KPIs, points, levels were then (`Moment`, `moment_of(cards)`).
A *past* is the moments before the present, oldest first, one a period (an empty one where nothing was evaluated), with the
calendar, the review cycles and, where somebody asks about single days, those days (`Past`).

    past = Past(framework, (moment, moment, …), calendar=calendar)
    values = kpis.compute(framework, points, readings, past=past)          # previous(x), in_a_row(…), no_data: carry
    cards = scorecards.compute(framework, points, values, readings, past=past)
    cards.overall       # list[int | None], grain of points: after `history`; without one the total
    cards.levels        # earned, `held` included
    cards.holdings      # list[Holding]: the standing after this evaluation; None without `standing` (then the level earned is held)
    cards.fired         # trigger name -> list[bool]: whether it fires at this evaluation
    cards.rolled_up()   # list[RolledUp], one per subject of `rollup: to`

Without a past everything is the first evaluation there ever was. For several dates in a row (vectors, `earlier: as known now`):

    from steelyard.calc.over_time.series import Step, over_series
    over_series(framework, [Step(points, readings, kpis={"otd": [94]}, nodes={"total": [80]}), …], was="Silver") -> [Cards, …]

does the above step by step: each step sees those before it. Every function is pure; what is read is in the arguments.
The small rules alone, on plain values: `history.weighted`, `history.smoothed`, `standing.follow`, `turns.is_turn`,
`triggers.fires`.
"""

from .past import Moment, Past
from .rollup import RolledUp
from .standing import Holding

__all__ = ["Holding", "Moment", "Past", "RolledUp"]
