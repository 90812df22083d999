"""The daily digests, on the embedded servers: who gets one, when, and that nothing delicate stands in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailbot.asking import NoGuess
from mailbot.settings import Digest, Settings
from mailbot.worker import Worker
from tests.stories.books import Books
from tests.stories.letters import parsed, plain_text
from tests.stories.player import ENVIRON, Assuming, settings_for
from tests.stories.posts import Post
from tests.stories.story import Assumed

ROOMS = Assumed("programs-and-rooms", sure=True, runners_up=())


def asked(number: int, subject: str, text: str) -> bytes:
    head = f"From: Pat Ron <pat{number}@example.com>\r\nTo: ask@riverbend.example\r\nSubject: {subject}\r\n"
    return f"{head}Message-ID: <{number}@example.com>\r\n\r\n{text}\r\n".encode()


def rounds(settings: Settings, post: Post) -> Callable[[datetime], list[tuple[str, str, str]]]:
    """Lets the worker run at a moment; (kind, to, text) of the digests that left with it."""
    seen = 0

    def at(now: datetime) -> list[tuple[str, str, str]]:
        nonlocal seen
        guess = Assuming(NoGuess(), ROOMS)
        with Worker.open(settings, classifier=guess, environ=ENVIRON, clock=lambda: now) as worker:
            assert worker.run_once().problems == ()
        new = [parsed(one) for one in post.left()[seen:]]
        seen += len(new)
        digests = [one for one in new if one["X-Mailbot-Letter"] == "digest"]
        assert not any(one["X-Mailbot-Case"] for one in digests)
        return [(str(one["Subject"]), str(one["To"]), plain_text(one)) for one in digests]

    return at


def test_each_reader_gets_one_digest_a_day(embedded_post: Post, tmp_path: Path) -> None:
    settings = settings_for(embedded_post, tmp_path)
    settings = replace(settings, digest=Digest(departments=True, admin="admin@riverbend.example"))
    at = rounds(settings, embedded_post)
    evening = datetime(2027, 2, 2, 19, tzinfo=settings.library.timezone)  # a Tuesday; the admin has had none yet
    embedded_post.arrives(asked(1, "Room C", "Is Room C free on Friday evening?"))
    embedded_post.arrives(asked(2, "My brother", "My brother is in jail. May his children use Room C for a call?"))
    (first,) = at(evening)
    assert "admin@riverbend.example" in first[1]
    assert "2 received. 2 went to a department" in first[2]

    assert len(at(evening + timedelta(hours=14))) == 1  # Wednesday at nine: the admin alone, the desk opens at ten
    (second,) = at(evening + timedelta(hours=15))
    assert "programs@riverbend.example" in second[1]
    assert "Programs and Rooms: 2 open." in second[2]
    assert "- Pat Ron, \u201cRoom C\u201d: due tomorrow, Thursday, February 4, at 6 p.m." in second[2].replace(
        " \n", " "
    )
    assert "brother" not in second[2]
    assert at(evening + timedelta(hours=16)) == []


def test_what_is_forgotten_stands_in_no_digest_any_more(embedded_post: Post, tmp_path: Path) -> None:
    settings = settings_for(embedded_post, tmp_path)
    settings = replace(settings, digest=Digest(departments=True, admin=""))
    at = rounds(settings, embedded_post)
    evening = datetime(2027, 2, 2, 19, tzinfo=settings.library.timezone)
    embedded_post.arrives(asked(1, "Room C", "Is Room C free on Friday evening?"))
    at(evening)
    assert "Pat Ron" in at(evening + timedelta(hours=15))[0][2]
    with Worker.open(settings, classifier=NoGuess(), environ=ENVIRON, clock=lambda: evening) as worker:
        with worker.store.writing() as session:
            session.forget("pat1@example.com")
        assert not any("Pat Ron" in text for text in Books(settings.store.url).every_text())


def test_a_digest_that_names_who_is_forgotten_meanwhile_does_not_leave(embedded_post: Post, tmp_path: Path) -> None:
    settings = settings_for(embedded_post, tmp_path)
    settings = replace(settings, digest=Digest(departments=True, admin=""))
    at = rounds(settings, embedded_post)
    evening = datetime(2027, 2, 2, 19, tzinfo=settings.library.timezone)
    embedded_post.arrives(asked(1, "Room C", "Is Room C free on Friday evening?"))
    at(evening)
    morning = evening + timedelta(hours=15)
    with Worker.open(settings, classifier=NoGuess(), environ=ENVIRON, clock=lambda: morning) as worker:
        worker.collect("ask")
        worker.remind()
        assert any(line.startswith("digest to ") for line in Books(settings.store.url).letters_unsent())
        with worker.store.writing() as session:
            session.forget("pat1@example.com")
    assert at(morning) == []


def test_nobody_gets_a_digest_unless_the_library_wants_it(embedded_post: Post, tmp_path: Path) -> None:
    at = rounds(settings_for(embedded_post, tmp_path), embedded_post)
    embedded_post.arrives(asked(1, "Room C", "Is Room C free on Friday evening?"))
    assert at(datetime(2027, 2, 3, 11, tzinfo=settings_for(embedded_post, tmp_path).library.timezone)) == []


@pytest.mark.parametrize("mistake", ["{{ number + 'open' }}", "{{ nobody_knows }}", "{% if %}"])
def test_a_digest_that_cannot_be_worded_is_logged_once_and_stops_nothing_else(
    embedded_post: Post, tmp_path: Path, caplog: pytest.LogCaptureFixture, mistake: str
) -> None:
    own = tmp_path / "templates" / "en"
    own.mkdir(parents=True)
    (own / "digest-head.txt").write_text(mistake)
    settings = settings_for(embedded_post, tmp_path)
    wanted = Digest(departments=True, admin="admin@riverbend.example")
    settings = replace(settings, digest=wanted, folder=tmp_path)
    embedded_post.arrives(asked(1, "Room C", "Is Room C free on Friday evening?"))
    noon = datetime(2027, 2, 3, 12, tzinfo=settings.library.timezone)
    guess = Assuming(NoGuess(), ROOMS)
    with Worker.open(settings, classifier=guess, environ=ENVIRON, clock=lambda: noon) as worker:
        assert [worker.run_once().problems for _ in range(2)] == [(), ()]
    digests = [one for one in map(parsed, embedded_post.left()) if one["X-Mailbot-Letter"] == "digest"]
    assert ["admin@riverbend.example" in str(one["To"]) for one in digests] == [True]
    (line,) = [one.getMessage() for one in caplog.records if one.getMessage().startswith("digest-failed")]
    assert "programs@riverbend.example" not in line
    assert "department='programs-and-rooms'" in line
