"""Mails that only look like a colleague's: the library's own mail server says so, and nothing happens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.settings import Digest, Settings, load
from tests.stories.letters import comparable, plain_text, whole_text
from tests.stories.player import CONFIG, ENVIRON
from tests.stories.posts import Post
from tests.stories.talk import LUIS, only, sent, talking

TRUSTED = "Authentication-Results: mx.riverbend.example; spf=pass smtp.mailfrom=evil.example; "
FORGED = f"{TRUSTED}dmarc=fail header.from=riverbend.example"
OUTSIDE = (
    "Please see below.\r\n\r\n---------- Forwarded message ----------\r\nFrom: Carla Moss <carla.moss@example.com>\r\n"
    "Date: Mon, 1 Feb 2027 10:00:00 +0000\r\nSubject: maps\r\nTo: luis.carrera@riverbend.example\r\n\r\n"
    "Do you have maps of the river from before the dam?"
)


def trusting(**changes: object) -> dict[str, object]:
    settings: Settings = load(CONFIG, ENVIRON)
    return {"library": replace(settings.library, trusted_authserv=("mx.riverbend.example",)), **changes}


def test_a_forged_correction_moves_nothing_and_the_admin_is_told(embedded_post: Post, tmp_path: Path) -> None:
    admin = Digest(admin="admin@riverbend.example", hour=23)
    with talking(embedded_post, tmp_path, **trusting(digest=admin)) as (talk, books):
        forward = talk.asked()
        talk.write(LUIS, "route: digital", FORGED, answers=forward)
        (alert,) = talk.left()
        assert sent([alert]) == [("alert", "admin@riverbend.example")]
        said = comparable(plain_text(alert))
        assert "luis.carrera@riverbend.example asked to move the question of agnes dow to" in said
        assert "dmarc=fail" in said
        assert "route: digital" in comparable(whole_text(alert))
        assert (books.case(1).holder, books.labels(0)) == ("circulation", set())
        assert books.booked()[-1].standing == "held"


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ("dmarc=none; spf=fail smtp.mailfrom=riverbend.example; dkim=none", "spf=fail"),
        ("dmarc=none; spf=softfail smtp.mailfrom=riverbend.example; dkim=none", "spf=softfail"),
        ("dmarc=none; spf=pass smtp.mailfrom=evil.example; dkim=none", "spf=pass for another domain"),
    ],
)
def test_a_correction_that_nothing_vouches_for_and_one_check_refuses_moves_nothing(
    results: str, said: str, embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **trusting()) as (talk, books):
        header = f"Authentication-Results: mx.riverbend.example; {results}"
        talk.write(LUIS, "route: digital", header, answers=talk.asked())
        (alert,) = talk.left()
        assert sent([alert]) == [("alert", "reference@riverbend.example")]
        assert said in comparable(plain_text(alert))
        assert books.case(1).holder == "circulation"


def test_a_signed_link_is_no_more_than_its_sender(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **trusting()) as (talk, books):
        link = next(line for line in plain_text(talk.asked()).splitlines() if "mailto:" in line)
        token = link.partition("%5B")[2].partition("%5D")[0]
        talk.write(LUIS, "route: digital", FORGED, subject=f"route: digital [{token}]")
        assert sent(talk.left()) == [("alert", "reference@riverbend.example")]
        assert books.case(1).holder == "circulation"


def test_a_forged_answer_answers_nothing(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **trusting()) as (talk, books):
        forward = talk.asked()
        to = "agnes.dow@example.com, ask@riverbend.example"
        talk.write(LUIS, "Please send me your card number.", FORGED, answers=forward, to=to)
        assert sent(talk.left()) == [("alert", "reference@riverbend.example")]
        assert books.case(1).state == "open"


def test_what_a_forged_colleague_passes_on_writes_to_nobody(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **trusting()) as (talk, _):
        talk.write(LUIS, OUTSIDE, FORGED, subject="Fwd: maps")
        (alert,) = talk.left()
        assert sent([alert]) == [("alert", "reference@riverbend.example")]
        assert "passed on somebody's message" in comparable(plain_text(alert))


def test_the_alert_is_the_way_back_for_a_colleague_who_did_write(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **trusting()) as (talk, books):
        talk.write(LUIS, "route: digital", FORGED, answers=talk.asked())
        alert = only(talk.left(), "alert")
        talk.write("Rosa Ref <rosa@riverbend.example>", "route: digital", answers=alert)
        assert ("forward", "digital@riverbend.example") in sent(talk.left())
        assert books.case(1).holder == "digital"


def test_a_colleague_whose_mail_passes_or_was_not_checked_goes_on_as_before(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **trusting()) as (talk, books):
        forward = talk.asked()
        passed = "Authentication-Results: mx.riverbend.example; dmarc=pass header.from=riverbend.example"
        talk.write(LUIS, "route: digital", passed, FORGED, answers=forward)
        assert ("forward", "digital@riverbend.example") in sent(talk.left())
        talk.write(LUIS, "route: outreach", "Authentication-Results: mx.evil.example; dmarc=fail", answers=forward)
        assert ("forward", "outreach@riverbend.example") in sent(talk.left(hours=1))
        assert books.case(1).holder == "outreach"


def test_without_a_trusted_server_nobody_is_refused(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(LUIS, "route: digital", FORGED, answers=talk.asked())
        talk.left()
        assert books.case(1).holder == "digital"


def test_a_plain_question_from_an_address_of_the_house_is_anybodys(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **trusting()) as (talk, _):
        talk.write(LUIS, "Where can I renew my own card?", FORGED, subject="My card")
        assert ("forward", "circulation@riverbend.example") in sent(talk.left())
