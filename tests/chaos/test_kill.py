"""`kill -9` at random moments of the work, a restart after each: nothing is lost, nothing is said twice.

`MAILBOT_CHAOS_MOMENTS` is how often (8), `MAILBOT_CHAOS_SEED` makes the dice fall the same way again.
"""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from mailbot.sending import MARK_EVERY
from tests.faults.branch import Branch
from tests.faults.nursery import Command, Nursery
from tests.stories.test_sample_mail import Sample, samples

MOMENTS = int(os.environ.get("MAILBOT_CHAOS_MOMENTS", "8"))
SEED = os.environ.get("MAILBOT_CHAOS_SEED", "") or str(random.randrange(10**6))
STEPS = ("messages-kept", "message-decided", "messages-filed", "letter-sent")
LETTERS_A_MAIL = 2
LONGEST_PAUSE = 0.02  # seconds between a step that was seen and the kill
MESSAGE_ID = re.compile(rb"(?mi)^Message-ID:\s*(\S+)")

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.timeout(300 + 30 * MOMENTS)]


@dataclass(slots=True)
class Killer:
    """Lets the work be done by processes that it kills, spread over what is left to do. ``hit`` tells after which
    step each kill came ("start" before any).
    """

    branch: Branch
    nursery: Nursery
    mails: int
    dice: random.Random
    start_up: float = 1.0
    hit: Counter[str] = field(default_factory=Counter)

    @property
    def kills(self) -> int:
        return sum(self.hit.values())

    def work(self, moments: int) -> None:
        """Until so many kills have come, or all is done."""
        while self.kills < moments and (left := self._left()):
            still = moments - self.kills
            # The fewer kills are still to come, the less may be done before each: nothing is left to kill at the end.
            steps = int(self.dice.uniform(0, min(1.6, 0.3 + 0.3 * still) * left / still))
            command = self.branch.start(self.nursery, "run", "--once", "--verbose")
            last = self._wait(command, steps)
            if command.running():
                command.signal(signal.SIGKILL)
                assert command.end().status == -signal.SIGKILL
                self.hit[last] += 1
            else:
                ended = command.end()
                assert ended.status == 0, ended.err

    def _left(self) -> int:
        """About how many steps there are still to do: decisions and letters."""
        sent = {found[1] for one in self.branch.sink.received if (found := MESSAGE_ID.search(one.data))}
        decided = [standing for standing in self.branch.standings().values() if standing]
        return max(0, (1 + LETTERS_A_MAIL) * self.mails - len(decided) - len(sent) - self.mails // 20)

    def _wait(self, command: Command, steps: int) -> str:
        """Returns at the moment of the kill, with the name of the last step seen; no steps: somewhere in the start."""
        began = time.monotonic()
        pause = self.dice.uniform(0, LONGEST_PAUSE) if steps else self.dice.uniform(0, 1.2 * self.start_up)
        seen: list[str] = []
        while len(seen) < steps and command.running():
            seen += [step for line in command.news() for step in STEPS if f" {step} " in line]
            if len(seen) == 1:
                self.start_up = time.monotonic() - began
        time.sleep(pause)
        return seen[-1] if seen else "start"


def test_kills_at_random_moments_lose_nothing_and_say_nothing_twice(
    found: Callable[..., Branch], nursery: Nursery
) -> None:
    _kill_and_check(found(), nursery, samples(), MOMENTS)


def test_a_store_on_postgresql_outlives_kills_just_as_well(
    found: Callable[..., Branch], nursery: Nursery, postgres_url: str
) -> None:
    _kill_and_check(found(store=postgres_url), nursery, samples()[:60], max(3, MOMENTS // 10))


def _kill_and_check(branch: Branch, nursery: Nursery, mails: Sequence[Sample], moments: int) -> None:
    branch.put(*(mail.raw for mail in mails))
    began = time.monotonic()
    killer = Killer(branch, nursery, len(mails), random.Random(f"{SEED} {moments}"))
    killer.work(moments)
    last = branch.run(nursery)
    assert (last.status, last.err.count("Traceback")) == (0, 0), last.err
    sent = branch.sent()
    print(
        f"\nseed {SEED}: {killer.kills} kills (last step seen: {dict(sorted(killer.hit.items()))}) "
        f"in {time.monotonic() - began:.0f} s, {len(sent.letters)} letters, "
        f"{sent.repeats} of them repeated under the same Message-ID; {dict(branch.where())}"
    )
    assert killer.kills >= 0.8 * moments - 1
    _nothing_is_lost(branch, nursery, mails)
    _nothing_is_said_twice(branch, mails)
    assert sent.repeats <= killer.kills * (MARK_EVERY + branch.settings().worker.smtp_connections)
    _another_run_changes_nothing(branch, nursery)


def _nothing_is_lost(branch: Branch, nursery: Nursery, mails: Sequence[Sample]) -> None:
    state = branch.state()
    assert len(state.booked) == len(mails)
    assert [one for one in state.booked if one.standing in (None, "failed") or not one.filed] == []
    assert (state.folders["INBOX"], sum(state.folders.values()), state.unsent) == (0, len(mails), [])
    assert branch.mail() == sorted(mail.raw for mail in mails)
    status = branch.start(nursery, "status").end()
    assert status.status == 0
    assert f"the sums agree: {len(mails)} received = {len(mails)} accounted for" in status.out


def _nothing_is_said_twice(branch: Branch, mails: Sequence[Sample]) -> None:
    """Each inquiry, and that is whatever was not found to need no answer, is forwarded once and acknowledged once."""
    sent, standings = branch.sent(), branch.standings()
    assert sent.twice == {}
    inquiries = [mail for mail in mails if mail.is_question and standings[mail.message_id] != "unanswered"]
    assert len(inquiries) > 0.9 * len(mails)
    wrong = {mail.id: sent.of(mail.message_id) for mail in inquiries if not _told_once(sent.of(mail.message_id))}
    assert wrong == {}


def _told_once(letters: Sequence[tuple[str, str]]) -> bool:
    kinds = Counter(kind for kind, _ in letters)
    return kinds["forward"] == 1 and kinds["acknowledgement"] + kinds["update"] == 1


def _another_run_changes_nothing(branch: Branch, nursery: Nursery) -> None:
    before = branch.state()
    again = branch.run(nursery)
    assert (again.status, again.err) == (0, "")
    assert branch.state() == before
