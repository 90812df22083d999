"""Machines that give no sign of being one: whoever says the same to each letter gets no further one."""

from __future__ import annotations

from pathlib import Path

from tests.stories.posts import Post
from tests.stories.talk import LUIS, PATRON, only, talking

STANDBY = "The unit is in standby and takes down what was said. Beep."


def test_a_patron_who_answers_each_letter_in_the_same_words_gets_no_further_one(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        talk.write(PATRON, "Where is the book I put on hold last week?")
        letters = [only(talk.left(), "acknowledgement")]
        heard = 0
        while letters and heard < 5:
            heard += 1
            talk.write(PATRON, STANDBY, answers=letters[0])
            letters = [one for one in talk.left() if "agnes" in one["To"]]
        assert heard == 2


def test_a_colleague_who_answers_each_receipt_gets_two(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        letters = [talk.asked()]
        heard = 0
        while letters and heard < 5:
            heard += 1
            talk.write(LUIS, STANDBY, answers=letters[0])
            letters = [one for one in talk.left() if "luis" in one["To"]]
        assert heard == 3
        assert books.case(1).state == "open"
