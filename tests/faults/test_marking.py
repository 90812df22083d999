"""Letters that have left while the store could not be told of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.errors import StoreError
from mailbot.store import Session
from mailbot.worker import Worker
from tests.faults.branch import ENVIRON, Branch, question
from tests.faults.test_poison import NobodyKnows


def test_what_has_left_before_the_disk_was_full_does_not_leave_again(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [datetime.now(UTC)]
    branch.put(question(0), question(1))
    with Worker.open(branch.settings(), classifier=NobodyKnows(), environ=ENVIRON, clock=lambda: now[0]) as worker:

        def full(session: Session, letter_ids: Sequence[int], at: datetime) -> None:
            raise StoreError("the disk is full")  # no real disk fills up at just this moment

        with monkeypatch.context() as patched:
            patched.setattr(Session, "sent", full)
            assert worker.run_once().problems == ("the disk is full",)
        assert len(branch.state().unsent) == 4
        now[0] += timedelta(hours=1)
        assert worker.run_once().problems == ()
    assert branch.state().unsent == []
    assert (len(branch.sent().letters), branch.sent().repeats) == (4, 0)
