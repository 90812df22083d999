"""In-Reply-To and References as mail programs and gateways really write them."""

from __future__ import annotations

import pytest

from mailbot.mail.message import ids_in, parse

ONE, TWO = "<k3v0.mailbot@riverbend.example>", "<pat.1@example.com>"


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        (ONE, (ONE,)),
        (f"{TWO} {ONE}", (TWO, ONE)),
        (f"{TWO}{ONE}", (TWO, ONE)),
        (f"{TWO},{ONE}", (TWO, ONE)),
        (f"{ONE} (Pat Ron's message of Tue, 2 Feb)", (ONE,)),
        (f"Your message of Tue, 2 Feb. {ONE}", (ONE,)),
        ("k3v0.mailbot@riverbend.example", (ONE,)),
        ("k3v0.mailbot@riverbend.example (from pat@example.com)", (ONE,)),
        ("<k3v0.\t mailbot@riverbend.example>", (ONE,)),
        ("=?utf-8?q?=3Ck3v0=2Emailbot=40riverbend=2Eexample=3E?=", (ONE,)),
        ("Tuesday's mail", ()),
        ("", ()),
    ],
)
def test_the_ids_are_found_however_they_are_written(value: str, ids: tuple[str, ...]) -> None:
    assert ids_in(value) == ids


def test_an_id_folded_inside_is_put_together_again() -> None:
    raw = f"From: pat@example.com\r\nReferences: {TWO}\r\n <k3v0.mailbot\r\n @riverbend.example>\r\n\r\nParts.\r\n"
    assert parse(raw.encode()).references == (TWO, ONE)
