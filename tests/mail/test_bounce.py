"""What is read out of delivery reports."""

from __future__ import annotations

from mailbot.mail import parse
from mailbot.mail.bounce import Bounce, bounce_of
from tests.mail.sample import raw


def test_a_report_names_the_letter_that_came_back() -> None:
    assert bounce_of(parse(raw("robot/dsn.eml"))) == Bounce(
        "outreach@riverbend.example", "5.2.2", "552 5.2.2 mailbox full", "<letter-1@riverbend.example>", True
    )


def test_a_flattened_report_says_the_same() -> None:
    found = bounce_of(parse(raw("robot/dsn-flattened.eml")))
    assert found is not None
    assert (found.recipient, found.status, found.permanent) == ("outreach@riverbend.example", "5.2.2", True)


def test_a_flattened_report_is_tied_to_the_letter_by_what_it_answers() -> None:
    mail = raw("robot/dsn-flattened.eml").replace(b"To: ask", b"In-Reply-To: <letter-1@riverbend.example>\nTo: ask", 1)
    found = bounce_of(parse(mail))
    assert found is not None
    assert found.original_message_id == "<letter-1@riverbend.example>"


def test_a_server_that_goes_on_trying_has_not_failed() -> None:
    found = bounce_of(parse(raw("robot/bounce-delayed.eml")))
    assert found is not None
    assert not found.permanent


def test_a_report_of_failure_is_final_whatever_its_status_says() -> None:
    for status in (b"4.2.2", b"4.4.1"):
        found = bounce_of(parse(raw("robot/dsn.eml").replace(b"Status: 5.2.2", b"Status: " + status)))
        assert found is not None
        assert (found.status.encode(), found.permanent) == (status, True)


def test_a_bounce_in_plain_words_gives_what_is_in_it() -> None:
    found = bounce_of(parse(raw("robot/bounce-german.eml")))
    assert found is not None
    assert (found.recipient, found.status) == ("niemand@firma.example", "5.1.1")
    assert found.diagnostic.startswith("550 5.1.1")


def test_a_patrons_mail_is_no_bounce() -> None:
    assert bounce_of(parse(raw("person/form-text.eml"))) is None
