"""A mailbox that can't be read: whoever runs mailbot hears of it by mail, and of the answers that are due meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.servers import FaultProxy
from tests.stories.letters import comparable, plain_text
from tests.stories.player import settings_for
from tests.stories.posts import Post
from tests.stories.talk import Talk, only, sent, talking

ADMIN = "admin@riverbend.example"


@contextmanager
def behind_a_proxy(post: Post, folder: Path) -> Iterator[tuple[Talk, FaultProxy]]:
    """A conversation whose mailbox can be taken away, and the proxy to do it with."""
    settings, proxy = settings_for(post, folder), FaultProxy(post.imap.port).start()
    mailbox = replace(settings.mailboxes[0], imap=replace(post.imap, port=proxy.port))
    digest = replace(settings.digest, admin=ADMIN, hour=24)
    try:
        with talking(post, folder, mailboxes=(mailbox,), digest=digest) as (talk, _):
            yield talk, proxy
            talk.problems.clear()  # each round says that the mailbox can't be read
    finally:
        proxy.stop()


def test_who_runs_mailbot_hears_once_a_day_that_a_mailbox_is_not_read(post: Post, tmp_path: Path) -> None:
    with behind_a_proxy(post, tmp_path) as (talk, proxy):
        talk.asked()
        proxy.stop()
        assert talk.left(hours=3) == []
        left = talk.left(hours=32)
        assert sent(left) == [("digest", ADMIN)]
        said = comparable(plain_text(only(left, "digest")))
        assert "the mailbox ask could not be read since tuesday, february 2" in said
        assert "one answer has been due" in said
        assert talk.left(hours=1) == []
        assert sent(talk.left(hours=24)) == [("digest", ADMIN)]


def test_once_it_is_read_again_the_broken_promise_is_told_and_no_more_is_said_of_the_mailbox(
    embedded_post: Post, tmp_path: Path
) -> None:
    with behind_a_proxy(embedded_post, tmp_path) as (talk, proxy):
        talk.asked()
        proxy.stop()
        assert sent(talk.left(hours=35)) == [("digest", ADMIN)]
        proxy.start()
        assert ("update", "agnes.dow@example.com") in sent(talk.left(hours=1))
        assert sent(talk.left(hours=2)) == []


def test_a_program_that_was_off_for_days_says_nothing_of_a_mailbox_that_it_reads_at_once(
    embedded_post: Post, tmp_path: Path
) -> None:
    with behind_a_proxy(embedded_post, tmp_path) as (talk, _):
        assert talk.left(hours=1) == []
        assert talk.left(hours=100) == []
