"""What is removed by age, and that nobody who still waits for an answer loses it by that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.library import ReplyWithin
from mailbot.settings import FollowUp, load
from tests.stories.letters import comparable, whole_text
from tests.stories.player import CONFIG, ENVIRON
from tests.stories.posts import Post
from tests.stories.talk import LUIS, PATRON, Talk, only, sent, talking

DAY = 24


def keeping(folder: Path, days: int, **changes: object) -> dict[str, object]:
    """Settings that remove what is older than so many days."""
    settings = load(CONFIG, ENVIRON)
    store = replace(settings.store, url=f"sqlite:///{folder / 'story.db'}", retention_days=days)
    return {"store": store, **changes}


def asked_and_answered(talk: Talk, question: str) -> None:
    """A patron asks; three days later Circulation answers."""
    talk.write(PATRON, question)
    forward = only(talk.left(), "forward")
    talk.left(hours=3 * DAY)
    both = "agnes.dow@example.com, ask@riverbend.example"
    talk.write(LUIS, "We put some books aside for you.", answers=forward, to=both)
    talk.left(hours=1)


def slow(days: int) -> dict[str, object]:
    """A library whose Circulation takes so many business days."""
    library = load(CONFIG, ENVIRON).library
    desks = tuple(
        replace(one, reply_within=ReplyWithin(days, "business days")) if one.key == "circulation" else one
        for one in library.departments
    )
    return {"library": replace(library, departments=desks)}


def test_a_promise_outlasts_the_time_that_mail_is_kept(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **keeping(tmp_path, 14, **slow(20))) as (talk, books):
        talk.asked()
        promised = books.case(1).due
        heard: list[tuple[str, str]] = []
        for _ in range(30):
            heard += sent(talk.left(hours=DAY))
            if ("update", "agnes.dow@example.com") not in heard:
                assert books.case(1).due == promised
        assert heard.count(("nudge", "circulation@riverbend.example")) == 2  # before it was due, and after
        assert heard.count(("update", "agnes.dow@example.com")) == 1
        assert ("alert", "reference@riverbend.example") in heard


def test_an_open_question_moves_with_all_that_was_written_however_old_it_is(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **keeping(tmp_path, 5, **slow(10))) as (talk, _):
        forward = talk.asked()
        talk.left(hours=9 * DAY)
        talk.write(LUIS, "route: digital", answers=forward)
        left = talk.left(hours=1)
        assert ("update", "agnes.dow@example.com") in sent(left)
        assert "the book i put on hold" in comparable(whole_text(only(left, "forward")))


def test_a_question_is_forgotten_so_many_days_after_it_was_answered(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **keeping(tmp_path, 5, **slow(10))) as (talk, books):
        forward = talk.asked()
        talk.left(hours=9 * DAY)
        both = "agnes.dow@example.com, ask@riverbend.example"
        talk.write(LUIS, "It is on the shelf by the window.", answers=forward, to=both)
        talk.left(hours=1)
        talk.left(hours=4 * DAY)
        assert "Where is the book" in books.texts()
        talk.left(hours=DAY)
        assert books.texts() == ""


GRIEF = "My husband died last week and I am thinking of ending my life. Do you have books on grief?"


@pytest.mark.parametrize("kept", [2, 5])
def test_a_delicate_question_is_never_asked_about_though_mail_is_kept_for_a_few_days_only(
    embedded_post: Post, tmp_path: Path, kept: int
) -> None:
    with talking(embedded_post, tmp_path, **keeping(tmp_path, kept, follow_up=FollowUp(3))) as (talk, _):
        asked_and_answered(talk, GRIEF)
        assert [one for day in range(6) for one in sent(talk.left(hours=DAY))] == []


def test_where_the_words_are_gone_nobody_asks_whether_the_answer_helped(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **keeping(tmp_path, 90, follow_up=FollowUp(3))) as (talk, books):
        asked_and_answered(talk, "Do you have books on grief?")
        books.lose_texts()
        assert [one for day in range(6) for one in sent(talk.left(hours=DAY))] == []


def test_a_colleague_hears_that_nothing_is_kept_of_an_old_question_and_nothing_moves(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **keeping(tmp_path, 5)) as (talk, books):
        forward = talk.asked()
        both = "agnes.dow@example.com, ask@riverbend.example"
        talk.write(LUIS, "It is on the shelf by the window.", answers=forward, to=both)
        talk.left(hours=1)
        talk.left(hours=10 * DAY)
        talk.write(LUIS, "route: digital", answers=forward)
        left = talk.left(hours=1)
        assert sent(left) == [("receipt", "luis.carrera@riverbend.example")]
        assert "nothing was moved" in comparable(whole_text(left[0]))
        assert (books.case(1).holder, books.case(1).state) == ("circulation", "answered")
