"""The review cycle of the sample company: reviews in every state, and two questions of a partner about its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from steelyard.accounts.queries import user
from steelyard.jobs.actions import work_off
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners.scopes import scope_of
from steelyard.records import actions as records
from steelyard.reviews import actions, queries

from .people import PASSWORD

if TYPE_CHECKING:
    from steelyard.reviews.models import Review

ACKNOWLEDGED, APPROVED_TOO, SUBMITTED, GIVEN_BACK, BEGUN = "GB-0001", "NL-0001", "IT-0001", "FR-0001", "GB-0002"
RATED: dict[str, tuple[int, str]] = {
    ACKNOWLEDGED: (4, "Lost its largest customer in spring and told us the same week. The plan for new hospitals is sound."),
    APPROVED_TOO: (5, "Shares its forecasts, and its people are trained before a product starts."),
    SUBMITTED: (2, "Orders swell in the last month of each quarter, and the stock stays. We talked about it twice."),
    GIVEN_BACK: (3, "Reliable."),
}


def are_there() -> bool:
    """Whether the cycle is open."""
    return queries.open_cycles(EVERYTHING) > 0


def add_reviews(framework: str, period: str) -> None:
    """Open the cycle and take its reviews as far as they are; again it changes nothing."""
    if are_there():
        return
    actions.open_cycle(framework=framework, period=period, acting_user=user("anna"))
    work_off()
    carla, ben, gina, greg = (user(name) for name in ("carla", "ben", "gina", "greg"))
    for partner, (rating, comment) in RATED.items():
        found = _review(framework, period, partner)
        rated = dict.fromkeys(_items(found), rating)
        actions.submit(
            review=found.pk, ratings=rated, comment=comment, version=found.version, acting_user=carla, scope=scope_of(carla)
        )  # fmt: skip
    begun = _review(framework, period, BEGUN)
    half: dict[str, Any] = {
        "comment": "To be discussed on Thursday.",
        "version": begun.version,
        "acting_user": carla,
        "scope": scope_of(carla),
    }
    actions.save(review=begun.pk, ratings={}, **half)
    work_off()
    for partner in (ACKNOWLEDGED, APPROVED_TOO):
        opened = queries.open_review(_review(framework, period, partner).pk, scope_of(ben), ben)
        actions.approve(review=opened.review.pk, shown=opened.shown, password=PASSWORD, acting_user=ben, scope=scope_of(ben))
    given_back = _review(framework, period, GIVEN_BACK)
    actions.hand_back(review=given_back.pk, reason="Say what makes it so, please.", acting_user=ben, scope=scope_of(ben))
    work_off()
    actions.acknowledge(review=_review(framework, period, ACKNOWLEDGED).pk, acting_user=gina, scope=scope_of(gina))
    asked: dict[str, Any] = {"framework": framework, "period": period, "subject": ACKNOWLEDGED}
    text = "Some of our December orders arrive in January. Do they count in this quarter?"
    answered = actions.ask(**asked, kpi="sell_in_attainment", text=text, acting_user=gina, scope=scope_of(gina))
    text = "An order counts by its own date, so yes: open the attainment, and its rows list every order that is in."
    records.answer(question=answered.pk, text=text, acting_user=ben, scope=scope_of(ben))
    text = "We sent every report of this quarter. Which one came late, and by how many days?"
    actions.ask(**asked, kpi="reports_on_time", text=text, acting_user=greg, scope=scope_of(greg))
    work_off()


def _review(framework: str, period: str, partner: str) -> Review:
    found = queries.review_of(framework, period, partner, EVERYTHING)
    assert found is not None, partner
    return found


def _items(review: Review) -> list[str]:
    """What the cycle asks to be rated."""
    return [item.question for item in queries.items(review.cycle)]
