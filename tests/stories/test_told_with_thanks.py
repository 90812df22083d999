"""Patrons who wait: what they say beside thanks is not lost, a dead address gets nothing, a last cry is heard."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.letters import comparable, plain_text, whole_text
from tests.stories.posts import Post
from tests.stories.talk import LUIS, PATRON, only, sent, talking
from tests.stories.test_lost import comes_back


@pytest.mark.parametrize(
    "text", ["Thanks, the author is Price.", "Ok, danke. Es ist von Kafka.", "Thanks, Tuesday at 3 works for me"]
)
def test_news_within_thanks_reaches_whoever_has_the_question_and_moves_with_it(
    text: str, embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        forward = talk.asked()
        talk.write(PATRON, text, subject="Re: My hold")
        left = talk.left()
        assert sent(left) == [("forward", "circulation@riverbend.example")]
        talk.write(LUIS, "route: digital", answers=forward)
        assert comparable(text) in comparable(whole_text(only(talk.left(), "forward")))


def test_mere_thanks_stay_thanks_while_the_patron_waits(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        talk.asked()
        talk.write(PATRON, "Thank you so much!", subject="Re: My hold")
        assert sent(talk.left()) == [("thanks", "circulation@riverbend.example")]


def test_an_address_that_gave_a_letter_back_gets_no_late_letter_and_staff_read_that_nothing_was_told(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        talk.write(PATRON, "Where is the book I put on hold last week?")
        comes_back(talk, only(talk.left(), "acknowledgement"))
        left = talk.left(hours=40)
        assert "update" not in {kind for kind, _ in sent(left)}
        assert "has not been told" in comparable(plain_text(only(left, "alert")))


def test_a_patron_who_writes_after_the_last_promise_was_broken_is_heard_by_triage(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        talk.asked()
        for _ in range(8):
            talk.left(hours=24)
        talk.write(PATRON, "Hello? Is anybody there?", subject="Re: My hold")
        left = talk.left(hours=24)
        assert ("alert", "reference@riverbend.example") in sent(left)
        assert "is anybody there" in comparable(whole_text(only(left, "alert")))
