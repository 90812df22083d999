"""A grave message that moves its own case, or opens it again: the help is said, and nothing untrue of who has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.settings import FollowUp
from tests.stories.letters import comparable, plain_text
from tests.stories.posts import Post
from tests.stories.talk import LUIS, PATRON, only, sent, talking
from tests.stories.test_relay import relaying
from tests.stories.test_urgent import DUTY, with_duty

HELP = "if anybody is in danger, please call 911."


def test_a_threat_that_names_a_department_moves_the_case_and_brings_the_help(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, _):
        talk.asked()
        text = "Please pass this on to Digital Services. Somebody writes in your chat that he will kill me."
        talk.write(PATRON, text, subject="Re: My hold")
        left = talk.left()
        assert DUTY in sent(left)
        said = comparable(next(plain_text(one) for one in left if "agnes" in one["To"]))
        assert HELP in said
        assert "digital services" in said
        assert "nowhere else" not in said
        assert "kill" not in said


@pytest.mark.parametrize(
    ("text", "alone"),
    [("A man follows me and says he will kill me.", False), ("My brother is in jail and I am ill.", True)],
)
def test_a_quiet_correction_says_that_nobody_else_has_it_only_where_that_is_so(
    text: str, alone: bool, embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, _):
        talk.write(PATRON, text)
        talk.write(LUIS, "route: digital", answers=only(talk.left(), "forward"))
        assert ("nowhere else" in comparable(plain_text(only(talk.left(), "update")))) is alone


def test_a_no_with_a_threat_is_quiet_and_stands_on_top(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **with_duty(follow_up=FollowUp(after_days=1))) as (talk, _):
        both = "agnes.dow@example.com, ask@riverbend.example"
        talk.write(LUIS, "It is on the shelf.", answers=talk.asked(), to=both)
        talk.left()
        asked = only(talk.left(hours=25), "follow-up")
        talk.write(PATRON, "No. The man at the desk grabbed me and said he will kill me.", answers=asked)
        left = talk.left()
        assert DUTY in sent(left)
        update = only(left, "update")
        assert HELP in comparable(plain_text(update))
        assert "hold" not in str(update["Subject"]).lower()
        note = comparable(plain_text(only(left, "forward")).split("-----")[0])
        assert "delicate" in note
        assert "where is the book" not in note


def test_the_reasons_behind_a_no_are_on_top_of_the_forward(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, follow_up=FollowUp(after_days=1)) as (talk, _):
        both = "agnes.dow@example.com, ask@riverbend.example"
        talk.write(LUIS, "It is on the shelf.", answers=talk.asked(), to=both)
        talk.left()
        asked = only(talk.left(hours=25), "follow-up")
        talk.write(PATRON, "No. There are only cookbooks on that shelf and nobody could tell me more.", answers=asked)
        note = comparable(plain_text(only(talk.left(), "forward")).split("-----")[0])
        assert "only cookbooks on that shelf" in note


def test_letters_name_the_question_and_not_the_number_that_was_missing(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        forward = talk.asked()
        talk.write(PATRON, "My card number ends in 4711.", subject="Re: My hold")
        talk.left()
        talk.write(LUIS, "route: digital", answers=forward)
        said = comparable(plain_text(only(talk.left(), "update")))
        assert "4711" not in said
        assert "the book i put on hold" in said


@pytest.mark.parametrize("answered", [True, False])
def test_a_remark_on_a_thank_you_is_never_sent_to_the_patron(
    answered: bool, embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, books):
        forward = talk.asked()
        if answered:
            talk.write(LUIS, "Dear Agnes,\r\n\r\nIt is on the holds shelf by the window.", answers=forward)
            talk.left()
        talk.write(PATRON, "Thank you so much!", subject="Re: My hold")
        thanks = only(talk.left(), "thanks")
        talk.write(LUIS, "Haha, first time she is friendly.", answers=thanks)
        left = talk.left()
        assert "relay" not in {kind for kind, _ in sent(left)}
        assert books.case(1).state == ("answered" if answered else "open")
