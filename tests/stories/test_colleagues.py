"""Colleagues who write to a patron at another address, or are patrons themselves."""

from __future__ import annotations

from pathlib import Path

from tests.stories.posts import Post
from tests.stories.talk import LUIS, only, sent, talking

ROSA = "Rosa Ref <rosa@riverbend.example>"


def test_a_colleague_who_asks_something_is_the_patron_of_that_question(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(ROSA, "Where is the book I put on hold last week? The shelf is empty.")
        forward = only(talk.left(), "forward")
        to = "rosa@riverbend.example, ask@riverbend.example"
        talk.write(LUIS, "On the holds shelf.", answers=forward, to=to, name="<luis1@riverbend.example>")
        assert talk.left() == []
        assert books.case(1).state == "answered"
        ids = [
            "In-Reply-To: <luis1@riverbend.example>",
            f"References: {forward['Message-ID']} <luis1@riverbend.example>",
        ]
        to = "luis.carrera@riverbend.example, ask@riverbend.example"
        talk.write(ROSA, "It is not on that shelf. Could it be at Northgate?", *ids, subject="Re: My hold", to=to)
        assert ("forward", "circulation@riverbend.example") in sent(talk.left(hours=1))
        assert books.case(1).state == "open"
