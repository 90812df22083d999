"""A department that can't be reached: its questions go to somebody who can be, and no letter says otherwise."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from mailbot.settings import load
from tests.stories.letters import comparable, parsed, plain_text, whole_text
from tests.stories.player import CONFIG, ENVIRON
from tests.stories.posts import Post
from tests.stories.talk import PATRON, Sure, Talk, only, sent, talking
from tests.stories.test_urgent import DUTY, WATER, with_duty

REPORT = """--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; gone@riverbend.example
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {name}

--b--"""


def comes_back(talk: Talk, letter: EmailMessage) -> list[EmailMessage]:
    """The mail server returns a letter of ours; the letters that leave by it."""
    talk.write(
        "mailer-daemon@mx.example",
        REPORT.format(name=letter["Message-ID"]).replace("\n", "\r\n"),
        "Return-Path: <>",
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        subject="Undelivered Mail Returned to Sender",
    )
    return talk.left()


def test_where_a_department_cannot_be_reminded_triage_has_the_question_and_the_patron_knows(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.asked()
        nudge = only(talk.left(hours=32), "nudge")
        left = comes_back(talk, nudge)
        assert sent(left) == [("alert", "reference@riverbend.example"), ("update", "agnes.dow@example.com")]
        said = comparable(plain_text(only(left, "update")))
        assert "reference" in said
        assert "hasn't reached" not in said
        assert "the shelf is empty" in comparable(whole_text(only(left, "alert")))
        assert books.case(1).holder == "reference"
        assert comes_back(talk, nudge) == []


def test_where_triage_cannot_be_reached_whoever_runs_mailbot_gets_the_question(post: Post, tmp_path: Path) -> None:
    digest = replace(load(CONFIG, ENVIRON).digest, admin="admin@riverbend.example")
    with talking(post, tmp_path, digest=digest) as (talk, _):
        talk.worker.use(Sure("reference"))
        left = comes_back(talk, talk.asked())
        assert sent(left) == [("alert", "admin@riverbend.example")]
        assert "the shelf is empty" in comparable(whole_text(only(left, "alert")))
        assert comes_back(talk, only(left, "alert")) == []


def test_a_forward_that_any_mail_server_returns_reaches_triage_with_all_that_was_written(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        talk.write(PATRON, "Where is my book? The shelf is empty.", "Reply-To: agnes@home.example")
        talk.left()
        talk.write(PATRON, "I need it by Friday for my class.", subject="Re: My hold")
        alert = only(comes_back(talk, only(talk.left(), "forward")), "alert")
        said = comparable(whole_text(alert))
        assert "the shelf is empty" in said
        assert "by friday for my class" in said
        assert str(alert["Reply-To"]).startswith("agnes@home.example")


def test_what_is_delicate_stays_so_where_its_forward_comes_back(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        subject = "My ex husband wants to kill me"
        talk.write(PATRON, "He knows that I come to the library on Fridays. I am afraid.", subject=subject)
        left = comes_back(talk, only(talk.left(), "forward"))
        assert [letter["Subject"] for letter in left if "ex husband" in letter["Subject"].lower()] == []
        assert "on fridays" in comparable(whole_text(only(left, "alert")))


def test_a_copy_of_an_urgent_message_that_comes_back_is_told_to_triage_once(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, _):
        talk.write(PATRON, WATER)
        left = talk.left()
        assert DUTY in sent(left)
        (told,) = comes_back(talk, only(left, "alert"))
        assert sent([told]) == [("alert", "reference@riverbend.example")]
        said = comparable(whole_text(told))
        assert "that went to duty@riverbend.example came back" in said
        assert "through the ceiling" in said
        assert comes_back(talk, told) == []


def test_the_questions_of_a_department_that_left_the_directory_go_to_triage_whole(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        talk.worker.use(Sure("digital"))
        talk.asked()
    library = load(CONFIG, ENVIRON).library
    left_over = tuple(one for one in library.departments if one.key != "digital")
    with talking(embedded_post, tmp_path, library=replace(library, departments=left_over)) as (talk, books):
        before = len(embedded_post.left())
        talk.left(hours=1)
        left = [parsed(one) for one in embedded_post.left()[before:]]
        assert sent(left) == [("forward", "reference@riverbend.example"), ("update", "agnes.dow@example.com")]
        assert "the shelf is empty" in comparable(whole_text(only(left, "forward")))
        assert "no longer in the directory" in comparable(plain_text(only(left, "forward")))
        assert "reference" in comparable(plain_text(only(left, "update")))
        assert books.case(1).holder == "reference"
        talk.left(hours=1)
        assert len(embedded_post.left()) == before + 2
