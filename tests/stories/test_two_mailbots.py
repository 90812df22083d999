"""Two libraries that both run mailbot write to each other: nobody starts a conversation of machines."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.accounts import Server
from mailbot.demo.world import MailWorld
from mailbot.settings import Settings
from mailbot.worker import Worker
from tests.servers import Received
from tests.stories.letters import parsed
from tests.stories.player import ENVIRON, settings_for
from tests.stories.posts import PASSWORD, EmbeddedPost
from tests.stories.talk import MORNING, Sure

OURS, THEIRS = "ask@riverbend.example", "desk@hill.example"
ROUNDS = 6


def reads(settings: Settings, world: MailWorld, user: str) -> Settings:
    """The same, with the mailbox of that user."""
    imap = Server("127.0.0.1", world.imap_port, "none", user=user, password_env="ASK_PASSWORD")
    return replace(settings, mailboxes=(replace(settings.mailboxes[0], imap=imap),))


def other_library(settings: Settings, folder: Path) -> Settings:
    """Hill Library, with a mailbox and a database of its own."""
    mailbox = replace(settings.mailboxes[0], name="desk", address=THEIRS, aliases=())
    library = replace(settings.library, name="Hill Library", staff_domains=("hill.example",), addresses=(THEIRS,))
    store = replace(settings.store, url=f"sqlite:///{folder / 'other.db'}")
    return replace(settings, library=library, mailboxes=(mailbox,), store=store)


@pytest.mark.parametrize("lost", [(), ("auto-submitted", "x-auto-response-suppress")], ids=["whole", "headers lost"])
def test_two_mailbots_exchange_at_most_one_letter_each(lost: tuple[str, ...], tmp_path: Path) -> None:
    """``lost``: headers that a gateway between the two takes away."""
    with ExitStack() as stack:
        world = stack.enter_context(MailWorld({"here": PASSWORD, "there": PASSWORD}))
        ours = settings_for(EmbeddedPost(world), tmp_path)
        now = [MORNING]
        workers = [
            stack.enter_context(Worker.open(one, classifier=Sure(), environ=ENVIRON, clock=lambda: now[0]))
            for one in (reads(ours, world, "here"), reads(other_library(ours, tmp_path), world, "there"))
        ]
        world.deliver("here", question())
        carried = 0
        for _ in range(ROUNDS):
            for worker in workers:
                assert worker.run_once().problems == ()
                carried = carry(world, carried, lost)
            now[0] += timedelta(hours=5)
        between = [(one.sender, one.recipients) for one in world.sent if {*one.recipients} & {OURS, THEIRS}]
        assert len([to for _, to in between if THEIRS in to]) == 1
        assert len([to for _, to in between if OURS in to]) <= 1


def question() -> bytes:
    """Somebody at Hill Library asks from the shared mailbox there."""
    lines = [f"From: Hill Library <{THEIRS}>", f"To: {OURS}", "Subject: A loan", "Message-ID: <1@hill.example>"]
    return "\r\n".join([*lines, "", "Could you lend us the parts of a symphony by Florence Price?", ""]).encode()


def carry(world: MailWorld, carried: int, lost: tuple[str, ...]) -> int:
    """Takes what was handed in since to the other mailbox; how many letters there were so far."""
    for one in world.sent[carried:]:
        letter = parsed(Received(one.sender, one.recipients, one.data, 0))
        for header in lost:
            del letter[header]
        for user, address in (("here", OURS), ("there", THEIRS)):
            if address in one.recipients:
                world.deliver(user, f"Return-Path: <{one.sender}>\r\n".encode() + letter.as_bytes())
    return len(world.sent)
