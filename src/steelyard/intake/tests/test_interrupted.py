"""An import that dies anywhere leaves the state before it or after it; sent again it completes, and nothing counts twice."""

import pytest

from steelyard.intake import actions
from steelyard.intake.actions import importing, receiving
from steelyard.intake.models import Batch
from steelyard.intake.tests.test_importing import MARCH, counts, live
from steelyard.ledger import queries as ledger

STEPS = ("bytes-stored", "upload-recorded", "batch-begun", "checked", "lines-prepared", "batch-finished")


class Died(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", STEPS)
def test_before_or_after_and_never_between(step, channel_cast, monkeypatch):
    reached = []

    def reach(name):
        reached.append(name)
        if name == step:
            raise Died

    monkeypatch.setattr(importing, "reach", reach)
    monkeypatch.setattr(receiving, "reach", reach)
    before = ledger.head()
    text = (MARCH + "C1,1,2026-03-10,ALP,ANA-1,1,x,EUR\n").encode()
    with pytest.raises(Died):
        actions.commit(text, name="march.csv", kind="orders", source="erp", acting_user=channel_cast.anna)
    assert (ledger.head(), live()) == (before, [])
    assert not Batch.objects.exclude(status="received").exists()
    monkeypatch.undo()
    done = actions.commit(text, name="march.csv", kind="orders", source="erp", acting_user=channel_cast.anna)
    assert counts(done) == {"rows_in": 4, "accepted": 3, "quarantined": 1}
    assert (Batch.objects.count(), len(live()), ledger.head()) == (1, 3, before + 1)


def test_the_steps_are_those_that_an_import_passes(channel_cast, monkeypatch):
    reached = []
    monkeypatch.setattr(importing, "reach", reached.append)
    monkeypatch.setattr(receiving, "reach", reached.append)
    actions.commit(MARCH.encode(), name="march.csv", kind="orders", source="erp", acting_user=channel_cast.anna)
    assert tuple(reached) == STEPS
