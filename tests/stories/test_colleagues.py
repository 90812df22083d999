"""Colleagues who write to a patron at another address, or are patrons themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.settings import load
from tests.stories.letters import comparable, plain_text
from tests.stories.player import CONFIG, ENVIRON
from tests.stories.posts import Post
from tests.stories.talk import LUIS, MARA, PATRON, only, sent, talking

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


def test_staff_answer_where_the_patron_wants_the_answer(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(PATRON, "Where is the book I put on hold last week?", "Reply-To: Agnes <agnes@home.example>")
        forward = only(talk.left(), "forward")
        assert forward["Reply-To"] == "agnes@home.example, ask@riverbend.example"
        talk.write(LUIS, "Dear Agnes, it is on the shelf.", answers=forward)
        (told,) = talk.left()
        assert "please send it to agnes@home.example as well" in plain_text(told).replace(" \n", " ")
        talk.write(LUIS, "route: digital", answers=forward)
        moved = only(talk.left(), "forward")
        assert moved["Reply-To"] == "agnes@home.example, ask@riverbend.example"
        to = "agnes@home.example, ask@riverbend.example"
        talk.write(LUIS, "Dear Agnes, it is on the shelf.", answers=moved, to=to)
        assert talk.left() == []
        assert books.case(1).state == "answered"


def test_an_answer_to_an_address_that_the_patron_named_is_an_answer(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(PATRON, "Where is the book I put on hold? Please answer to my private address agnes@home.example.")
        to = "agnes@home.example, ask@riverbend.example"
        talk.write(LUIS, "Dear Agnes, it is on the shelf.", answers=only(talk.left(), "forward"), to=to)
        assert talk.left() == []
        assert books.case(1).state == "answered"


@pytest.mark.parametrize("given", ["ask@riverbend.example", "circulation@riverbend.example", "agnes.dow@EXAMPLE.com"])
def test_an_address_of_the_library_is_never_a_patrons(given: str, embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(PATRON, "I wrote to mara.lind@riverbend.example before. Where is my book?", f"Reply-To: {given}")
        forward = only(talk.left(), "forward")
        assert forward["Reply-To"] == "agnes.dow@example.com, ask@riverbend.example"
        talk.write(LUIS, "Do you know?", answers=forward, to="mara.lind@riverbend.example, ask@riverbend.example")
        assert talk.left() == []
        assert books.case(1).state == "open"


def test_what_colleagues_write_to_each_other_about_a_case_is_noted_and_no_more(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        forward = talk.asked()
        words = "Please do not write to her before I have spoken with the police."
        talk.write(MARA, words, "Cc: ask@riverbend.example", answers=forward, to="circulation@riverbend.example")
        assert talk.left() == []
        assert books.case(1).state == "open"
        assert [one.standing for one in books.booked()][-1] == "unanswered"
        talk.write(MARA, words, answers=forward, to="mara.lind@riverbend.example, ask@riverbend.example")
        assert sent(talk.left()) == [("receipt", "mara.lind@riverbend.example")]


VOUCHED = "Authentication-Results: mx.riverbend.example; dmarc=pass header.from=riverbend.example"


@pytest.mark.parametrize(("header", "state"), [(VOUCHED, "answered"), ("X-Nothing: vouches", "open")])
def test_an_answer_that_names_no_letter_counts_where_the_mail_server_vouches_for_the_colleague(
    header: str, state: str, embedded_post: Post, tmp_path: Path
) -> None:
    library = replace(load(CONFIG, ENVIRON).library, trusted_authserv=("mx.riverbend.example",))
    with talking(embedded_post, tmp_path, library=library) as (talk, books):
        talk.asked()
        to = "agnes.dow@example.com, ask@riverbend.example"
        talk.write(LUIS, "Dear Agnes, it is on the shelf.", header, to=to, subject="Re: My hold")
        left = talk.left()
        assert books.case(1).state == state
        if state == "answered":
            assert left == []
        else:
            assert "may belong to: “my hold”" in comparable(plain_text(only(left, "forward")))


def test_what_a_colleague_writes_to_a_patron_about_something_else_answers_nothing(
    embedded_post: Post, tmp_path: Path
) -> None:
    library = replace(load(CONFIG, ENVIRON).library, trusted_authserv=("mx.riverbend.example",))
    with talking(embedded_post, tmp_path, library=library) as (talk, books):
        talk.asked()
        to = "agnes.dow@example.com, ask@riverbend.example"
        talk.write(LUIS, "Dear Agnes, the club meets on Friday.", VOUCHED, to=to, subject="Re: Book club")
        talk.left()
        assert books.case(1).state == "open"


def test_thanks_of_somebody_else_in_the_thread_bear_their_name(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        talk.asked()
        ids = ["In-Reply-To: <talk1@example.com>", "References: <talk1@example.com>"]
        talk.write("Bob Dow <bob@example.org>", "Thank you so much!", *ids, subject="Re: My hold")
        thanks = only(talk.left(), "thanks")
        assert str(thanks["Subject"]).startswith("Thank you from Bob Dow")
        assert str(thanks["From"]).startswith("Bob Dow via")
        assert thanks["Reply-To"] == "bob@example.org, ask@riverbend.example"
        assert "Bob Dow wrote to say thank you" in plain_text(thanks)
        assert "Agnes" not in plain_text(thanks)
        talk.write(PATRON, "Thank you so much!", *ids, subject="Re: My hold")
        assert str(only(talk.left(), "thanks")["Subject"]).startswith("Thank you from Agnes Dow")
