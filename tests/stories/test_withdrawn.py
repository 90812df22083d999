"""What becomes of a question that the patron takes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.settings import FollowUp
from tests.stories.letters import plain_text
from tests.stories.posts import Post
from tests.stories.talk import LUIS, PATRON, only, sent, talking


@pytest.mark.parametrize("text", ["Never mind, I found it.", "Thanks, I found it!"])
def test_who_takes_a_question_back_hears_no_more_of_it_and_the_desk_has_nothing_to_do(
    embedded_post: Post, tmp_path: Path, text: str
) -> None:
    with talking(embedded_post, tmp_path, follow_up=FollowUp(after_days=1)) as (talk, books):
        talk.asked()
        talk.write(PATRON, text, subject="Re: My hold")
        letters = talk.left()
        assert sent(letters) == [("thanks", "circulation@riverbend.example")]
        assert letters[0]["Subject"] == "My hold"
        assert text in plain_text(letters[0])
        assert "Agnes Dow takes the question back." in " ".join(plain_text(letters[0]).split())
        assert (books.case(1).state, books.case(1).due) == ("answered", None)
        assert books.booked()[-1].standing == "unanswered"
        for _ in range(8):
            assert talk.left(hours=24) == []


def test_every_desk_that_has_had_it_hears_that_the_question_is_taken_back(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        talk.write(LUIS, "route: digital", answers=talk.asked())
        talk.left()
        talk.write(PATRON, "Please ignore my last mail, I found the book at home.", subject="Re: My hold")
        assert sent(talk.left()) == [
            ("thanks", "circulation@riverbend.example"),
            ("thanks", "digital@riverbend.example"),
        ]


def test_a_question_that_is_taken_back_and_asked_again_is_open_again(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.asked()
        talk.write(PATRON, "Never mind, I found it.", subject="Re: My hold")
        talk.left()
        talk.write(PATRON, "I was wrong, it is another one. Where is mine?", subject="Re: My hold")
        assert ("forward", "circulation@riverbend.example") in sent(talk.left())
        assert books.case(1).state == "open"


def test_who_reopened_a_question_and_takes_it_back_is_not_asked_whether_the_answer_helped(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, follow_up=FollowUp(after_days=1)) as (talk, _):
        talk.write(LUIS, "Here.", answers=talk.asked(), to="agnes.dow@example.com, ask@riverbend.example")
        talk.left()
        talk.write(PATRON, "It is not there.", subject="Re: My hold")
        talk.left()
        talk.write(PATRON, "Never mind, I found it.", subject="Re: My hold")
        only(talk.left(), "thanks")
        assert talk.left(hours=timedelta(days=2) / timedelta(hours=1)) == []


def test_a_message_about_harm_is_not_taken_back_by_a_word(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(PATRON, "A man at the computers keeps following me and touching me. I am afraid.", subject="Help")
        talk.left()
        talk.write(PATRON, "Never mind.", subject="Re: Help")
        talk.left()
        assert books.case(1).state == "open"
