"""What a letter says was told before is what a letter that left has said."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from mailbot.settings import load
from tests.stories.letters import comparable, plain_text
from tests.stories.player import CONFIG, ENVIRON
from tests.stories.posts import Post
from tests.stories.talk import LUIS, PATRON, Talk, only, sent, talking


def one_letter_a_day() -> dict[str, object]:
    return {"worker": replace(load(CONFIG, ENVIRON).worker, letters_per_sender_per_day=1)}


def two_questions(talk: Talk) -> EmailMessage:
    """Two questions in one hour; the second makes no letter to the patron. The forward of the first."""
    forward = talk.asked()
    talk.write(PATRON, "I want to know when you open on Sunday, in the summer.", subject="Sunday")
    assert sent(talk.left()) == [("forward", "circulation@riverbend.example")]
    return forward


def test_an_update_names_as_new_a_day_that_no_letter_had_named(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **one_letter_a_day()) as (talk, _):
        two_questions(talk)
        talk.write(PATRON, "I mean the summer of next year.", subject="Re: Sunday")
        said = comparable(plain_text(only(talk.left(hours=24.5), "update")))
        assert "february 3" in said
        for before in ("told before", "stays the same", "still hear", "still answer"):
            assert before not in said


def test_a_late_letter_speaks_of_no_promise_that_no_letter_had_made(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **one_letter_a_day()) as (talk, _):
        forward = two_questions(talk)
        talk.write(LUIS, "It is on the cart.", answers=forward, to="agnes.dow@example.com, ask@riverbend.example")
        said = comparable(plain_text(only(talk.left(hours=35), "update")))
        assert "february 3" in said
        for promised in ("promise", "not kept", "not keep"):
            assert promised not in said
