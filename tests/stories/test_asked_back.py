"""A colleague whose words were unclear is asked one plain question, and may answer it as plainly."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.stories.posts import Post
from tests.stories.talk import LUIS, Talk, only, sent, talking


def _asked_back(talk: Talk) -> EmailMessage:
    talk.write(LUIS, "I think this may be for Digital Services or so?", answers=talk.asked())
    return only(talk.left(), "receipt")


@pytest.mark.parametrize("words", ["Yes please.", "Digital", "digital services, please"])
def test_yes_or_the_name_moves_the_question(words: str, embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(LUIS, words, answers=_asked_back(talk))
        assert ("forward", "digital@riverbend.example") in sent(talk.left())
        assert books.case(1).holder == "digital"


@pytest.mark.parametrize("words", ["No", "No, it stays with us."])
def test_no_leaves_it_where_it_is(words: str, embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(LUIS, words, answers=_asked_back(talk))
        assert talk.left() == []
        assert (books.case(1).holder, books.case(1).state) == ("circulation", "open")


@pytest.mark.parametrize("words", ["I will have a look tomorrow.", "Who knows?"])
def test_triage_reads_any_other_answer(words: str, embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(LUIS, words, answers=_asked_back(talk))
        assert sent(talk.left()) == [("alert", "reference@riverbend.example")]
        assert books.case(1).holder == "circulation"
