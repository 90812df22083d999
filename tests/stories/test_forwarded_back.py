"""Colleagues who press Forward where they mean Reply: what comes back is ours, and what stands above it is theirs."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.stories.letters import plain_text, whole_text
from tests.stories.posts import Post
from tests.stories.talk import LUIS, only, sent, talking
from tests.stories.test_relay import MULTIPART, relaying, together

VIA = "Agnes Dow via Riverbend Public Library <ask@riverbend.example>"
DATE = "Tue, Feb 2, 2027 at 10:00 AM"
GMAIL = (
    f"---------- Forwarded message ---------\r\nFrom: {VIA}\r\nDate: {DATE}\r\nSubject: My hold\r\n"
    "To: Circulation <circulation@riverbend.example>\r\n\r\n\r\n"
)
OUTLOOK = (
    f"________________________________\r\nFrom: {VIA}\r\nSent: Tuesday, February 2, 2027 10:00 AM\r\n"
    "To: Circulation <circulation@riverbend.example>\r\nSubject: My hold\r\n\r\n"
)
THUNDERBIRD = (
    f"-------- Forwarded Message --------\r\nSubject: \tMy hold\r\nDate: \t{DATE}\r\nFrom: \t{VIA}\r\n"
    f"Reply-To: \tagnes.dow@example.com, ask@riverbend.example\r\n"
    "To: \tCirculation <circulation@riverbend.example>\r\n\r\n\r\n"
)
MARA_FIRST = (
    "---------- Forwarded message ---------\r\nFrom: Mara Lind <mara.lind@riverbend.example>\r\n"
    f"Date: {DATE}\r\nSubject: Fwd: My hold\r\nTo: {LUIS}\r\n\r\nCan you tell them?\r\n\r\n{GMAIL}"
)
MOVED = [
    ("forward", "digital@riverbend.example"),
    ("receipt", "circulation@riverbend.example"),
    ("update", "agnes.dow@example.com"),
]
each_program = pytest.mark.parametrize(
    "shape", [GMAIL, OUTLOOK, THUNDERBIRD, MARA_FIRST], ids=["Gmail", "Outlook", "Thunderbird", "by a colleague"]
)


def shown(letter: EmailMessage) -> str:
    return "\r\n".join(whole_text(letter).splitlines())


@each_program
@pytest.mark.parametrize("words", ["route: digital", "This is for Digital Services."])
@pytest.mark.parametrize("kept", [True, False], ids=["thread kept", "thread lost"])
def test_a_forward_of_our_forward_is_the_colleagues_reply(
    shape: str, words: str, kept: bool, embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        forward = talk.asked()
        text = f"{words}\r\n\r\n{shape}{shown(forward)}"
        talk.write(LUIS, text, answers=forward if kept else None, subject="Fwd: My hold")
        assert sent(talk.left()) == MOVED
        assert books.case(1).holder == "digital"


def test_our_forward_attached_to_a_colleagues_words_is_their_reply(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        forward = talk.asked()
        parts = [("text/plain", "", "route: digital"), ("message/rfc822", "attachment", forward.as_string())]
        talk.write(LUIS, together(parts), MULTIPART, subject="Fwd: My hold")
        assert sent(talk.left()) == MOVED


@each_program
def test_a_forward_without_a_word_moves_nothing_and_the_colleague_is_told(
    shape: str, embedded_post: Post, tmp_path: Path
) -> None:
    for number, changes in enumerate(({}, relaying("circulation"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        with talking(embedded_post, folder, **changes) as (talk, books):
            talk._seen = len(embedded_post.left())
            forward = talk.asked()
            talk.write(LUIS, shape + shown(forward), answers=forward, subject="Fwd: My hold")
            assert sent(talk.left()) == [("receipt", "luis.carrera@riverbend.example")]
            assert (books.case(1).holder, books.case(1).state) == ("circulation", "open")


def test_an_answer_above_a_forward_is_sent_on_without_what_stands_below(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, _):
        forward = talk.asked()
        talk.write(
            LUIS, f"Dear Agnes, it is at the desk.\r\n\r\n{GMAIL}{shown(forward)}", answers=forward, subject="Fwd: x"
        )
        assert plain_text(only(talk.left(), "relay")).strip() == "Dear Agnes, it is at the desk."


def test_without_any_proof_the_patron_who_wrote_nothing_hears_nothing(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        forward = talk.asked()
        bare = "\r\n".join(line for line in shown(forward).splitlines() if "mailto:" not in line)
        talk.write(LUIS, f"route: digital\r\n\r\n{GMAIL}{bare}", subject="Fwd: My hold")
        assert all("agnes" not in str(letter["To"]) for letter in talk.left())
        assert books.case(1).holder == "circulation"
