"""What names a case beyond doubt, and what only looks like it: `route:` lines and the links of notes."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from mailbot.correction import Token, holds, later_route, link, route_line, token_in

KEY = b"k" * 32
LINK = link("ask@riverbend.example", KEY, "k3v0q8s1m5x7z2ab", "music")
SUBJECT = parse_qs(urlsplit(LINK).query)["subject"][0]


def opened(subject: str) -> Token:
    found = token_in(subject)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "subject",
    [
        SUBJECT,
        f"[EXTERNAL] {SUBJECT}",
        f"[Staff] [Ext] {SUBJECT}",
        f"{SUBJECT} [SEC=OFFICIAL]",
        SUBJECT.replace("route:", "Route :"),
    ],
)
def test_a_mail_begun_with_a_link_says_its_case_whatever_a_gateway_adds(subject: str) -> None:
    token = opened(subject)
    assert (token.ref, token.department, holds(token, KEY)) == ("k3v0q8s1m5x7z2ab", "music", True)


@pytest.mark.parametrize(
    "subject",
    [f"Re: {SUBJECT}", f"[EXTERNAL] Re: {SUBJECT}", f"AW: {SUBJECT}", f"Fwd: {SUBJECT}", f"{SUBJECT} please", ""],
)
def test_an_answer_to_such_a_mail_is_no_order(subject: str) -> None:
    assert token_in(subject) is None


def test_a_token_signed_for_another_department_does_not_hold() -> None:
    assert not holds(opened(SUBJECT.replace(".music.", ".maps.")), KEY)


def test_a_route_further_down_is_found_where_the_text_speaks_of_mail_links_in_general() -> None:
    text = "The mailto: link on that page is broken.\n\nroute: digital"
    assert route_line(text) is None
    assert later_route(text) == "digital"


def test_a_route_in_a_note_of_ours_that_stands_there_unquoted_is_nobodys_order() -> None:
    assert later_route(f"I don't know either.\n\nroute: digital\nIf it is for Music: {LINK}") is None
