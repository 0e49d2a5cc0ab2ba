"""What people made of the company's newest quarter: reviews in every state, questions, documents, saved views.

Carla rates in the Alps and Rosa in the North; Ben approves. What is partner B's carries canaries (`tests/company.py`).
"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

COMMENTS = {
    "ALP": "Grew with reagents; reports came late.",
    "BOR": "Pfifferling: the move to Zwirbelstad went well.",
    "ENG": "Steady.",
    "FJO": "Lost a hospital.",
    "INN": "New representative since spring.",
}
RATINGS = {"ALP": 4, "BOR": 5, "ENG": 3, "FJO": 2, "INN": 4}
STATES = {  # how the reviews of the newest quarter stand
    "ALP": "published", "BOR": "acknowledged", "CER": "open", "DOL": "open", "ENG": "submitted", "FJO": "open", "INN": "approved",
}  # fmt: skip


def scope(user: Any) -> Any:
    """What somebody sees."""
    from steelyard.partners.scopes import scope_of

    return scope_of(user)


def review_of(company: SimpleNamespace, partner: str, user: Any = None) -> Any:
    """The review of a partner in the cycle, as it is now."""
    from steelyard.reviews import queries

    return queries.review_of(company.framework, company.periods[-1], partner, scope(user or company.people.anna))


def add(company: SimpleNamespace, password: str) -> None:
    """All of it, in the order in which people would do it."""
    company.made = {"ALP": {}, "BOR": {}}
    mine = {"A": "alan", "B": "boris"}
    company.owners = {"view": mine, "token": mine, "job": mine}  # who made what is named so
    _reviews(company, password)
    _questions(company)
    _documents(company)
    _comparisons(company)
    _overrides(company)
    _views(company)
    _tokens(company)
    _jobs(company)


def _reviews(company: SimpleNamespace, password: str) -> None:
    from steelyard.jobs.actions import work_off
    from steelyard.reviews import actions

    people = company.people
    cycle = actions.open_cycle(framework=company.framework, period=company.periods[-1], acting_user=people.anna)
    for partner in COMMENTS:
        submit(company, partner)
    dolomit = review_of(company, "DOL")
    draft = {"ratings": {"cooperation": 3}, "comment": "Not finished.", "version": dolomit.version}
    actions.save(review=dolomit.pk, **draft, acting_user=people.carla, scope=scope(people.carla))
    work_off()
    for partner in ("ALP", "BOR"):
        approve(company, partner, people.ben, password)
    work_off()
    fjord = review_of(company, "FJO")
    actions.hand_back(review=fjord.pk, reason="Say which hospital.", acting_user=people.ben, scope=scope(people.ben))
    actions.acknowledge(review=review_of(company, "BOR").pk, acting_user=people.bodil, scope=scope(people.bodil))
    work_off()
    approve(company, "INN", people.ben, password)  # its publishing waits for the worker
    for partner, made in company.made.items():
        made |= {"review": review_of(company, partner).pk, "cycle": cycle.pk}


def submit(company: SimpleNamespace, partner: str) -> None:
    """Rate a partner and hand the review in, as its manager does."""
    from steelyard.reviews import actions

    manager = company.people.rosa if partner in ("BOR", "FJO") else company.people.carla
    rated = {"ratings": {"cooperation": RATINGS[partner]}, "comment": COMMENTS[partner], "acting_user": manager, "scope": scope(manager)}
    found = review_of(company, partner)
    actions.submit(review=found.pk, version=found.version, **rated)


def approve(company: SimpleNamespace, partner: str, by: Any, password: str) -> Any:
    """Approve what is shown, as the page does."""
    from steelyard.reviews import actions, queries

    opened = queries.open_review(review_of(company, partner).pk, scope(by), by)
    return actions.approve(review=opened.review.pk, shown=opened.shown, password=password, acting_user=by, scope=scope(by))


def _questions(company: SimpleNamespace) -> None:
    from steelyard.records import actions as records
    from steelyard.reviews import actions

    people = company.people
    asked = [
        ("ALP", "alan", "net_sales", "Is the credit of June in this?"),
        ("ALP", "alma", "punctuality", "Our report of September was sent on the 12th."),
        ("BOR", "boris", "net_sales", "Warum fehlt Zwirbel in QX-88411?"),
    ]
    for partner, username, kpi, text in asked:
        who = getattr(people, username)
        number = {"framework": company.framework, "period": company.periods[1], "subject": partner, "kpi": kpi}
        question = actions.ask(**number, text=text, acting_user=who, scope=scope(who))
        company.made[partner].setdefault("question", question.pk)
    answered = question.pk
    records.answer(question=answered, text="Quarzwald is right: QX-88411 comes in July.", acting_user=people.ben, scope=scope(people.ben))


def _documents(company: SimpleNamespace) -> None:
    from steelyard.records import actions

    texts = {"ALP": ("Agreement 2025", b"Terms of Alpine Diagnostics\n"), "BOR": ("Zwirbel agreement", b"Pfifferlingvertrag, Quarzwald\n")}
    for partner, (title, content) in texts.items():
        kept = actions.keep_document(partner=partner, title=title, stream=BytesIO(content), acting_user=company.people.anna)
        company.made[partner]["document"] = kept.pk


def _comparisons(company: SimpleNamespace) -> None:
    """A workbook of each of the two, held against the published quarter and shared with it."""
    from steelyard.comparisons import actions

    anna = company.people.anna
    how = "totals: {columns: {subject: Partner, net_sales: Net sales}}"
    for partner, name, sales in (("ALP", "region-alps.csv", "3000.00"), ("BOR", "zwirbel-region.csv", "7353.77")):
        data = f"Partner,Net sales\n{partner},{sales}\n".encode()
        run = company.runs[company.periods[1]]
        made = actions.compare(data=data, name=name, mapping=how, run=run, acting_user=anna, scope=scope(anna))
        shared = actions.share(comparison=made.pk, subject=partner, acting_user=anna, scope=scope(anna))
        company.made[partner] |= {"comparison": made.pk, "share": shared.pk}


def _overrides(company: SimpleNamespace) -> None:
    from steelyard.scorecards.overrides import actions

    anna = company.people.anna
    for partner, reason in (("ALP", "The warehouse burnt."), ("BOR", "Zwirbelstad was flooded.")):
        about = {"framework": company.framework, "subject": partner, "period": company.periods[0]}
        made = actions.propose(**about, points=70_000_000, reason=reason, acting_user=anna, scope=scope(anna))
        company.made[partner]["override"] = made.pk


def _views(company: SimpleNamespace) -> None:
    from steelyard.records import actions

    actions.save_view(page="/ranking", name="The best", query="sort=-total", acting_user=company.people.anna)
    for partner, username, name in (("ALP", "alan", "Reagents"), ("BOR", "boris", "Zwirbel")):
        view = actions.save_view(page="/portal/orders", name=name, query="sort=-date", acting_user=getattr(company.people, username))
        company.made[partner]["view"] = view.number


def _tokens(company: SimpleNamespace) -> None:
    from steelyard.accounts.actions import make_token

    for partner, username, name in (("ALP", "alan", "Stock system"), ("BOR", "boris", "Zwirbel import")):
        until = timezone.now() + timedelta(days=90)
        token, _ = make_token(name=name, scopes=["portal.read"], expires_at=until, acting_user=getattr(company.people, username))
        company.made[partner]["token"] = token.pk


def _jobs(company: SimpleNamespace) -> None:
    """A job that somebody of each partner waits for, and a message that is not sent yet."""
    from steelyard.jobs import actions as jobs
    from steelyard.jobs.tasks import forget_old_jobs
    from steelyard.outbox import actions as outbox

    for partner, username in (("ALP", "alan"), ("BOR", "boris")):
        company.made[partner]["job"] = jobs.enqueue(forget_old_jobs, actor=username).pk
        company.made[partner]["message"] = outbox.send(to=f"{username}@example.com", subject="Scorecard", text=username).pk
        company.made[partner]["grant"] = getattr(company.people, username).grants.get().pk
