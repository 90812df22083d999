"""However a large mail is packed, reading it takes up about twice its size beside its own bytes."""

from __future__ import annotations

import base64
import binascii
import tracemalloc
from collections.abc import Callable

import pytest

from mailbot.mail import understand
from tests.mail.sample import RIVERBEND
from tests.mail.tnef import winmail

STRANGE = "From: pat@example.com\n\nVorrei sapere se la biblioteca è aperta.".encode()
SIZE = 10_000_000
FROM = b"From: Dan <dan.whitlock@riverbend.example>\nTo: ask@riverbend.example\nSubject: Fwd: maps\n"
MIXED = FROM + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nCan you help?\n--b\n"
LINE = bytes(range(45, 102)) * 20 + b"\n"


def _of(size: int) -> bytes:
    return LINE * (size // len(LINE))


def _file(encoding: bytes, data: bytes, kind: bytes = b"application/zip") -> bytes:
    return (
        MIXED + b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: " + encoding + b"\n\n" + data + b"\n--b--\n"
    )


def _nested(size: int) -> bytes:
    mail = FROM + b"\n" + _of(size)
    for _ in range(6):
        mail = _file(b"8bit", mail, b"message/rfc822")
    return mail


def _nested_in_base64(size: int) -> bytes:
    mail = FROM + b"\n" + _of(size // 3)
    for _ in range(3):
        mail = _file(b"base64", base64.encodebytes(mail), b"message/rfc822")
    return mail


PACKED: dict[str, Callable[[], bytes]] = {
    "text": lambda: FROM + b"\n" + _of(SIZE),
    "base64": lambda: _file(b"base64", base64.encodebytes(_of(SIZE * 3 // 4))),
    "broken base64": lambda: _file(
        b"base64", base64.encodebytes(FROM + b"\n" + _of(SIZE * 3 // 4)).rstrip(b"=\n") + b"A==A", b"message/rfc822"
    ),
    "quoted-printable": lambda: _file(b"quoted-printable", b"=41=42=43=\n" * (SIZE // 11)),
    "plain text in quoted-printable": lambda: _file(b"quoted-printable", b"word word word\n" * (SIZE // 15)),
    "attached mail in quoted-printable": lambda: _file(
        b"quoted-printable", FROM + b"\n" + _of(SIZE), b"message/rfc822"
    ),
    "uuencoded": lambda: _file(b"x-uuencode", binascii.b2a_uu(LINE[:45]) * (SIZE // 62)),
    "attached mail": lambda: _file(b"8bit", FROM + b"\n" + _of(SIZE), b"message/rfc822"),
    "attached mail in base64": lambda: _file(
        b"base64", base64.encodebytes(FROM + b"\n" + _of(SIZE * 3 // 4)), b"message/rfc822"
    ),
    "mails in mails": lambda: _nested(SIZE),
    "mails in mails, each in base64": lambda: _nested_in_base64(SIZE),
    "one header": lambda: FROM + b"X-Long: " + b"a\n " * (SIZE // 3) + b"\n\nhello",
    "winmail.dat": lambda: _file(
        b"base64", base64.encodebytes(winmail("x", "y", _of(SIZE * 3 // 4))), b"application/ms-tnef"
    ),
}

PACKED_SMALL = _file(b"base64", base64.encodebytes(winmail("x", "y", b"z")), b"application/ms-tnef")


@pytest.mark.parametrize("way", PACKED)
def test_a_large_mail_is_read_in_about_three_times_its_size(way: str) -> None:
    raw = PACKED[way]()
    for small in (STRANGE, PACKED_SMALL):  # word lists, libraries and the like are read once, whatever the size
        understand(small, RIVERBEND)
    tracemalloc.start()
    try:
        understand(raw, RIVERBEND)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * len(raw) + 4_000_000
