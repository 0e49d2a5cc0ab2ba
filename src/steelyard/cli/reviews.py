"""Commands about reviews and questions: the same actions as the pages."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import Annotated, Any

import typer

from steelyard.ledger.scope import Scope

from .output import print_json, say, table
from .people import AsUser, acting

reviews = typer.Typer(no_args_is_help=True, help="Review cycles: rate, approve, publish.")
questions = typer.Typer(no_args_is_help=True, help="Questions about numbers.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Review = Annotated[int, typer.Argument(help="Number of the review.")]
Question = Annotated[int, typer.Argument(help="Number of the question.")]
Text = Annotated[str, typer.Option(help="What is said.")]


def register(root: typer.Typer) -> None:
    """Add the groups to the command line."""
    root.add_typer(reviews, name="reviews")
    root.add_typer(questions, name="questions")


def _scope(user: Any) -> Scope:
    from steelyard.partners.scopes import scope_of

    return scope_of(user)


@reviews.command("open", epilog="Example: steelyard reviews open life-science --period 2025-Q4 --as anna")
def open_cycle(
    framework: str,
    period: Annotated[str, typer.Option(help="A period that is over.")],
    due: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day on which reviews are due.")] = None,
    as_user: AsUser = None,
) -> None:
    """Open the reviews of a period; where it has no score yet, score it first."""
    from steelyard.reviews import actions

    user = acting(as_user)
    cycle = actions.open_cycle(framework=framework, period=period, due_on=due.date() if due else None, acting_user=user)
    if not cycle.prepared:
        cycle = actions.prepare_cycle(cycle=cycle.pk, acting_user=user)
    say(f"Cycle {cycle.pk}: {cycle}, due {cycle.due_on}.")


@reviews.command("cycles", epilog="Example: steelyard reviews cycles --json")
def cycles(as_user: AsUser = None, as_json: AsJson = False) -> None:
    """List the cycles with their progress."""
    from steelyard.reviews import queries, workflow

    names = ("number", "framework", "period", "state", "due", *workflow.STATES)
    rows = [
        (one.pk, one.framework, one.period, one.state, one.due_on, *(getattr(one, f"{state}_count") for state in workflow.STATES))
        for one in queries.cycles(_scope(acting(as_user)))
    ]
    print_json([dict(zip(names, row, strict=True)) for row in rows]) if as_json else table(names, rows, right=workflow.STATES)


@reviews.command("close", epilog="Example: steelyard reviews close 3 --as anna")
def close_cycle(cycle: Annotated[int, typer.Argument(help="Number of the cycle.")], as_user: AsUser = None) -> None:
    """No more rating in this cycle."""
    from steelyard.reviews import actions

    say(f"Closed: {actions.close_cycle(cycle=cycle, acting_user=acting(as_user))}.")


@reviews.command("calendar", epilog="Example: steelyard reviews calendar life-science --after 5 --days 20 --as anna")
def calendar(
    framework: str,
    after: Annotated[int, typer.Option(help="Days after the end of a period until its cycle opens.")] = 5,
    days: Annotated[int, typer.Option(help="Days until reviews are due.")] = 20,
    off: Annotated[bool, typer.Option("--off", help="Open none by the calendar.")] = False,
    as_user: AsUser = None,
) -> None:
    """Let the calendar open the cycles of a framework."""
    from steelyard.reviews import actions

    rule = actions.set_rule(framework=framework, days_after_end=after, days_to_review=days, active=not off, acting_user=acting(as_user))
    say(f"{framework}: " + (f"opens {after} days after each period that ends from {rule.since} on." if rule.active else "off."))


@reviews.command("list", epilog="Example: steelyard reviews list --state open --json")
def listing(
    state: Annotated[str | None, typer.Option(help="open, submitted, approved, published or acknowledged.")] = None,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """List reviews, the soonest due first."""
    from steelyard.calc.units import to_text
    from steelyard.reviews import queries

    found = queries.reviews(_scope(acting(as_user)), states=[state] if state else None)
    names = ("number", "partner", "name", "period", "due", "state", "score", "level", "submitted_by", "approved_by")
    rows = [
        (
            one.pk, one.partner, one.name, one.cycle.period, one.cycle.due_on, one.state,
            None if one.total is None else to_text(one.total, "points"), one.level, one.submitted_by, one.approved_by,
        )
        for one in found
    ]  # fmt: skip
    print_json([dict(zip(names, row, strict=True)) for row in rows]) if as_json else table(names, rows, right=["score"])


@reviews.command(epilog="Example: steelyard reviews submit 12 --rate cooperation=3.5 --comment 'Well planned.' --as carla")
def submit(
    review: Review,
    comment: Annotated[str, typer.Option(help="The partner reads it.")],
    rate: Annotated[list[str] | None, typer.Option(help="QUESTION=ANSWER; say it again for each.")] = None,
    evidence: Annotated[list[str] | None, typer.Option(help="QUESTION=REFERENCE, such as `document 12`.")] = None,
    leave_out: Annotated[list[str] | None, typer.Option(help="QUESTION=REASON: not answered, and why.")] = None,
    as_user: AsUser = None,
) -> None:
    """Rate a partner and put the review up for approval."""
    from steelyard.reviews import actions, queries

    user = acting(as_user)
    found = queries.review(review, _scope(user))
    done = actions.submit(
        review=review, ratings=_pairs("rate", rate), references=_pairs("evidence", evidence), unanswered=_pairs("leave-out", leave_out),
        comment=comment, version=found.version, acting_user=user, scope=_scope(user),
    )  # fmt: skip
    actions.prepare_cycle(cycle=done.cycle_id, acting_user=user)
    say(f"Review {review} is submitted; another person approves it.")


def _pairs(option: str, texts: list[str] | None) -> dict[str, str]:
    """What follows each name of a question."""
    found = {}
    for text in texts or []:
        question, equals, said = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"write --{option} QUESTION=…, not `{text}`")
        found[question] = said
    return found


@reviews.command(epilog="Example: steelyard reviews approve 12 --as ben")
def approve(review: Review, as_user: AsUser = None) -> None:
    """Approve and sign what somebody else submitted, and publish it. Asks for your password."""
    from steelyard.reviews import actions, queries

    user = acting(as_user)
    opened = queries.open_review(review, _scope(user), user)
    say(f"{opened.name}: {opened.review.level or 'no level'}; ratings {opened.review.ratings}; {opened.review.comment}")
    password = getpass.getpass(f"Password of {user.username}: ")
    actions.approve(review=review, shown=opened.shown, password=password, acting_user=user, scope=_scope(user))
    done = actions.publish(review=review, acting_user=user)
    say(f"Review {review} is {done.state}.")


@reviews.command("return", epilog="Example: steelyard reviews return 12 --reason 'Say which hospital.' --as ben")
def hand_back(review: Review, reason: Annotated[str, typer.Option(help="What has to change.")], as_user: AsUser = None) -> None:
    """Give a review back to its manager."""
    from steelyard.reviews import actions

    user = acting(as_user)
    actions.hand_back(review=review, reason=reason, acting_user=user, scope=_scope(user))
    say(f"Review {review} is open again.")


@questions.command("list", epilog="Example: steelyard questions list --state open --json")
def question_list(
    state: Annotated[str | None, typer.Option(help="open, answered, reopened or closed.")] = None,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """List questions, the soonest due first."""
    from steelyard.records import queries

    found = queries.questions(_scope(acting(as_user)), states=[state] if state else None)
    names = ("number", "partner", "period", "about", "state", "due", "asked_by", "assigned_to")
    rows = [(one.pk, one.partner, one.period, one.about, one.state, one.due_on, one.asked_by, one.assigned_to) for one in found]
    print_json([dict(zip(names, row, strict=True)) for row in rows]) if as_json else table(names, rows)


@questions.command(epilog="Example: steelyard questions show 5")
def show(question: Question, as_user: AsUser = None, as_json: AsJson = False) -> None:
    """Print one question with everything said."""
    from steelyard.records import queries

    found = queries.question(question, _scope(acting(as_user)))
    names = ("when", "who", "side", "verb", "text")
    rows = [(f"{one.written_at:%Y-%m-%d %H:%M}", one.author_name, one.side, one.verb, one.text) for one in queries.thread(found)]
    print_json([dict(zip(names, row, strict=True)) for row in rows]) if as_json else table(names, rows, title=str(found))


@questions.command(
    epilog="Example: steelyard questions ask life-science --period 2025-Q4 --subject D-0001 --kpi growth --text 'Is March in?'"
)
def ask(
    framework: str,
    period: Annotated[str, typer.Option(help="The period.")],
    subject: Annotated[str, typer.Option(help="Code of the partner.")],
    text: Text,
    kpi: Annotated[str, typer.Option(help="The KPI; left out: the score.")] = "",
    kind: Annotated[str, typer.Option(help="Kind of the row, such as orders.")] = "",
    row: Annotated[int | None, typer.Option(help="Number of the row.")] = None,
    as_user: AsUser = None,
) -> None:
    """Question a number."""
    from steelyard.reviews import actions

    user = acting(as_user)
    number: dict[str, Any] = {"framework": framework, "period": period, "subject": subject, "kpi": kpi, "kind": kind, "row": row}
    asked = actions.ask(**number, text=text, acting_user=user, scope=_scope(user))
    say(f"Question {asked.pk}: an answer is due by {asked.due_on}.")


@questions.command(epilog="Example: steelyard questions answer 5 --text 'Yes, row 4.' --as anna")
def answer(question: Question, text: Text, as_user: AsUser = None) -> None:
    """Answer a question."""
    from steelyard.records import actions

    user = acting(as_user)
    say(f"Question {question} is {actions.answer(question=question, text=text, acting_user=user, scope=_scope(user)).state}.")


@questions.command(epilog="Example: steelyard questions close 5 --as anna")
def close(question: Question, text: Text = "", as_user: AsUser = None) -> None:
    """Close a question."""
    from steelyard.records import actions

    user = acting(as_user)
    say(f"Question {question} is {actions.close(question=question, text=text, acting_user=user, scope=_scope(user)).state}.")


@questions.command(epilog="Example: steelyard questions reopen 5 --text 'Row 4 is May.' --as carla")
def reopen(question: Question, text: Text, as_user: AsUser = None) -> None:
    """Say that the answer is not enough."""
    from steelyard.records import actions

    user = acting(as_user)
    say(f"Question {question} is {actions.reopen(question=question, text=text, acting_user=user, scope=_scope(user)).state}.")
