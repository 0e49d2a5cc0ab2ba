"""What the constructs over time and over parts say in English."""

# ruff: noqa: E501 (sentences stay whole)

OVER_TIME = {
    "history": "The overall score",
    "history.mean": "The mean of the last {count}",
    "history.weight": "A score counts {weight}, where n is how many periods ago it was, 0 for the newest; periods without a score do not count",
    "history.smooth": "{share} of the score of the period and {rest} of the overall score before; the first scored period starts it",
    "held.for": "All this at every evaluation for {span}",
    "held.once": "All this on at least one day in {window}",
    "standing": "The standing",
    "standing.start": "Begins at {level}",
    "turns.daily": "every day",
    "turns.monthly": "every month",
    "turns.quarterly": "every quarter",
    "turns.months": "in {months}",
    "turns.cycle": "with the review cycle {name}",
    "standing.evaluate": "Looked at {turns}",
    "standing.promote": "May rise {turns}",
    "standing.demote": "May fall {turns}",
    "standing.hold": "Kept for at least {span}",
    "standing.steps": "Falls by at most {count} at a time",
    "standing.far": "Falls as far as the level earned",
    "standing.same day": "Takes effect on the same day",
    "standing.first day of next month": "Takes effect on the first day of the next month",
    "rollup": "Over all parts",
    "rollup.to": "One result for each {subject} from the results of its parts",
    "rollup.highest": "Its level is the highest of its parts",
    "rollup.lowest": "Its level is the lowest of its parts",
    "rollup.none": "Its level comes from its own levels alone",
    "trigger": "When {rule}: {do} within {span}",
}
