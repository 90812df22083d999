"""What a look at a raw message says of it is what would become of it."""

from __future__ import annotations

import pytest

from mailbot.asking import NoGuess
from mailbot.preview import inspections
from mailbot.settings import load
from tests.stories.player import CONFIG, ENVIRON


@pytest.mark.parametrize(
    ("text", "answerable", "urgent"),
    [
        ("Where is the book I put on hold?", True, False),
        ("Thank you so much for your help!", False, False),
        ("Thank you so much for everything you did. I am going to kill myself tonight.", True, True),
    ],
)
def test_a_thank_you_is_answered_only_where_it_is_grave(text: str, answerable: bool, urgent: bool) -> None:
    raw = f"From: Agnes <agnes@example.com>\r\nTo: ask@riverbend.example\r\nSubject: Re: My hold\r\n\r\n{text}\r\n"
    (seen,) = inspections([("one.eml", raw.encode(), "")], load(CONFIG, ENVIRON), NoGuess())
    assert (seen.answerable, seen.urgent) == (answerable, urgent)
