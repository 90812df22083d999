"""What a mail program sends for a click is nobody's message."""

from __future__ import annotations

import pytest

from mailbot.mail import Kind, understand
from tests.mail.sample import RIVERBEND

HEAD = "From: Agnes Dow <agnes.dow@example.com>\r\nTo: ask@riverbend.example\r\nMIME-Version: 1.0\r\n"


def _kind(subject: str, text: str, kind: str = "text/plain; charset=utf-8") -> Kind:
    mail = f"{HEAD}Subject: {subject}\r\nContent-Type: {kind}\r\n\r\n{text}\r\n"
    return understand(mail.encode(), RIVERBEND).kind


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("Re: My hold", "\U0001f44d Agnes Dow reacted via Gmail", "text/plain; charset=utf-8"),
        ("Agnes Dow reacted to your message: My hold", "Open it in Outlook", "text/plain"),
        ("Re: My hold", '{"emoji": "x", "version": 1}', "text/vnd.google.email-reaction+json"),
        ("Accepted: A talk", "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR", "text/calendar; method=REPLY"),
        ("Recall: My hold", 'Agnes Dow would like to recall the message, "My hold".', "text/plain"),
    ],
)
def test_what_is_sent_for_a_click_is_a_programs(subject: str, text: str, kind: str) -> None:
    assert _kind(subject, text, kind) is Kind.AUTO_REPLY


def test_an_invitation_is_a_persons() -> None:
    text = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR"
    assert _kind("A talk", text, "text/calendar; method=REQUEST") is Kind.INQUIRY
