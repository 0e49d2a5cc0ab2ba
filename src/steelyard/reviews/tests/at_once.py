"""A program of its own: two people at the same moment on a fresh installation, `python -m steelyard.reviews.tests.at_once`.

Test databases are one transaction, which threads cannot share, and an installation's own guards forbid emptying it. So this runs on
the home and database of its environment and prints, as JSON, what each case came to.
"""

from __future__ import annotations

import json
import os
import sys
from threading import Barrier, Thread

ROUNDS = 3


def main() -> None:
    """Set the installation up, run every case, print what came out."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0)
    from . import conftest

    people = conftest.build()
    conftest.cycle_of(people)
    cases = (approvals_at_once, approve_against_return, approval_twice, submission_twice, question_twice, two_closers)
    json.dump({case.__name__: [case(people) for _ in range(ROUNDS)] for case in cases}, sys.stdout)


def at_once(*calls) -> list:
    """What each call answered or raised, all started at the same moment on connections of their own."""
    from django.db import connections

    from steelyard.calc.errors import Refused

    barrier, answers = Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        try:
            barrier.wait()
            answers[place] = call()
        except Refused as refused:
            answers[place] = refused
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


def told(answers) -> list[dict]:
    """Answers as JSON keeps them: a refusal by its kind and what it found, a record by its state and who approved it."""
    found = []
    for answer in answers:
        problems = getattr(answer, "problems", None)
        if problems is not None:
            found.append({"refused": type(answer).__name__, "found": problems[0].found})
        else:
            found.append({"state": getattr(answer, "state", None), "by": getattr(answer, "approved_by", ""), "number": answer.pk})
    return found


def submitted(people, partner="ALP"):
    """A partner's review, submitted by Carla and scored, whatever it was before."""
    from steelyard.jobs.actions import work_off
    from steelyard.ledger.scope import EVERYTHING
    from steelyard.reviews import actions, queries

    from .conftest import number_of

    found = queries.review(number_of(partner), EVERYTHING)
    work_off()
    found = queries.review(found.pk, EVERYTHING)
    if found.state != "open":
        actions.hand_back(review=found.pk, reason=f"round {found.version}", acting_user=people.ben, scope=EVERYTHING)
        found = queries.review(found.pk, EVERYTHING)
    given = {"ratings": {"cooperation": 4}, "comment": f"Version {found.version}.", "version": found.version}
    found = actions.submit(review=found.pk, acting_user=people.carla, scope=EVERYTHING, **given)
    work_off()
    return found


def approval(found, who):
    from steelyard.ledger.scope import EVERYTHING
    from steelyard.reviews import actions, queries

    from .conftest import PASSWORD

    shown = queries.open_review(found.pk, EVERYTHING, who).shown
    return lambda: actions.approve(review=found.pk, shown=shown, password=PASSWORD, acting_user=who, scope=EVERYTHING)


def since(found) -> list[str]:
    """The steps a review took after its last submission."""
    from steelyard.approvals.queries import steps

    verbs = [step.verb for step in steps(found.record)]
    return verbs[len(verbs) - verbs[::-1].index("submit") :]


def approvals_at_once(people) -> dict:
    found = submitted(people)
    return {"answers": told(at_once(approval(found, people.ben), approval(found, people.anna))), "steps": since(found)}


def approve_against_return(people) -> dict:
    from steelyard.ledger.scope import EVERYTHING
    from steelyard.reviews import actions

    found = submitted(people)
    back = {"review": found.pk, "reason": "More.", "acting_user": people.anna, "scope": EVERYTHING}
    return {"answers": told(at_once(approval(found, people.ben), lambda: actions.hand_back(**back))), "steps": since(found)}


def approval_twice(people) -> dict:
    found = submitted(people)
    return {"answers": told(at_once(approval(found, people.ben), approval(found, people.ben))), "steps": since(found)}


def submission_twice(people) -> dict:
    from steelyard.approvals.queries import steps
    from steelyard.ledger.scope import EVERYTHING
    from steelyard.reviews import actions

    found = submitted(people, "BOR")
    found = actions.hand_back(review=found.pk, reason="Again.", acting_user=people.ben, scope=EVERYTHING)
    before = len(steps(found.record))
    given = {"ratings": {"cooperation": 2}, "comment": "Twice.", "version": found.version, "acting_user": people.carla, "scope": EVERYTHING}
    answers = at_once(*[lambda: actions.submit(review=found.pk, **given)] * 2)
    return {"answers": told(answers), "steps": len(steps(found.record)) - before}


def question_twice(people) -> dict:
    from steelyard.ledger.scope import EVERYTHING
    from steelyard.records import actions, queries

    before = queries.questions(EVERYTHING).count()
    about = actions.About(partner="ALP", framework="quality", period="2012-Q4", subject="ALP", title="Score")
    answers = at_once(*[lambda: actions.ask(about=about, text="Why?", acting_user=people.ben, form_key=f"form {before}")] * 2)
    return {"answers": told(answers), "asked": queries.questions(EVERYTHING).count() - before}


def two_closers(people) -> dict:
    from steelyard.ledger.scope import EVERYTHING
    from steelyard.records import actions, queries

    about = actions.About(partner="ALP", framework="quality", period="2012-Q4", subject="ALP", title="Score")
    asked = actions.ask(about=about, text="Why?", acting_user=people.ben)
    closing = [lambda who=who: actions.close(question=asked.pk, acting_user=who, scope=EVERYTHING) for who in (people.ben, people.anna)]
    answers = told(at_once(*closing))
    return {"answers": answers, "verbs": [message.verb for message in queries.thread(queries.question(asked.pk, EVERYTHING))]}


if __name__ == "__main__":
    main()
