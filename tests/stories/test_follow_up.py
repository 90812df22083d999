"""What becomes of the word that a patron answers to the question whether it helped."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.settings import FollowUp
from tests.stories.posts import Post
from tests.stories.talk import LUIS, PATRON, only, sent, talking


@pytest.mark.parametrize(
    ("word", "state", "letters"),
    [
        ("Yes", "answered", []),
        ("No", "open", [("forward", "circulation@riverbend.example"), ("update", "agnes.dow@example.com")]),
    ],
)
def test_one_word_is_enough_from_a_program_that_keeps_nothing_of_the_thread(
    embedded_post: Post, tmp_path: Path, word: str, state: str, letters: list[tuple[str, str]]
) -> None:
    with talking(embedded_post, tmp_path, follow_up=FollowUp(after_days=1)) as (talk, books):
        forward = talk.asked()
        talk.write(LUIS, "It is here.", answers=forward, to="agnes.dow@example.com, ask@riverbend.example")
        talk.left()
        only(talk.left(hours=48), "follow-up")
        talk.write(PATRON, word, subject="Re: My hold")
        assert sent(talk.left()) == letters
        assert books.case(1).state == state
        assert books.booked()[-1].why.startswith("the patron says that the answer")
