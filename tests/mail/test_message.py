"""What ``parse`` reads out of single fields and parts."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

import pytest

from mailbot.mail import Address, parse
from mailbot.mail.addresses import parse_addresses
from mailbot.mail.charsets import base64_bytes, decode, decode_words
from mailbot.mail.links import links_in
from mailbot.mail.markup import render
from mailbot.mail.mime import take_apart
from tests.mail.tnef import winmail


def _mail(*fields: str, body: str = "hello") -> bytes:
    return "\n".join([*fields, "", body]).encode()


def test_ids_keep_their_angle_brackets() -> None:
    message = parse(_mail("Message-ID: <a@b>", "In-Reply-To: <c@d>", "References: <e@f>\n <c@d>"))
    assert (message.message_id, message.in_reply_to, message.references) == ("<a@b>", ("<c@d>",), ("<e@f>", "<c@d>"))


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("Tue, 02 Feb 2027 10:05:00 -0600", datetime(2027, 2, 2, 16, 5, tzinfo=UTC)),
        ("Tue, 02 Feb 2027 10:05:00", datetime(2027, 2, 2, 10, 5, tzinfo=UTC)),
        ("2 Feb 27 10:05 GMT", datetime(2027, 2, 2, 10, 5, tzinfo=UTC)),
        ("Yesterday", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        ("", None),
    ],
)
def test_dates_are_aware_or_missing(value: str, date: datetime | None) -> None:
    assert parse(_mail(f"Date: {value}")).date == date


@pytest.mark.parametrize(("value", "path"), [("<>", ""), ("", ""), ("<pat@example.com>", "pat@example.com")])
def test_a_null_return_path_is_told_from_a_missing_one(value: str, path: str) -> None:
    assert parse(_mail(f"Return-Path: {value}")).return_path == path
    assert parse(_mail("Subject: x")).return_path is None


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        ("Pat Ron <p@example.com>", [("Pat Ron", "p@example.com")]),
        ('"Ron, Pat" <p@example.com>, q@example.com', [("Ron, Pat", "p@example.com"), ("", "q@example.com")]),
        ("p@example.com (Pat Ron)", [("Pat Ron", "p@example.com")]),
        ("Friends: Pat <p@example.com>, q@example.com;", [("Pat", "p@example.com"), ("", "q@example.com")]),
        ("unlisted-recipients:; (no To-header on input)", []),
        ("undisclosed-recipients:;", []),
        ('"Pat <p@example.com>', [("Pat", "p@example.com")]),
        ("=?utf-8?q?Ren=C3=A9=2C_Jos=C3=A9?= <r@example.com>", [("René, José", "r@example.com")]),
        ("<@a.example,@b.example:p@example.com>", [("", "p@example.com")]),
        ("<mailto:p@example.com>", [("", "p@example.com")]),
        ("p@example.com; q@example.com", [("", "p@example.com"), ("", "q@example.com")]),
        ("", []),
    ],
)
def test_addresses_are_read_as_people_write_them(value: str, addresses: list[tuple[str, str]]) -> None:
    assert parse_addresses(value) == tuple(Address(name, address) for name, address in addresses)


def test_no_line_end_can_be_smuggled_in_by_an_encoded_name() -> None:
    [address] = parse_addresses("=?utf-8?q?Pat=0D=0ABcc:_x=40y.example=00?= <=?utf-8?q?p=0A?=@example.com>")
    assert address == Address("Pat Bcc: x@y.example", "p@example.com")
    assert "\n" not in parse(_mail("Subject: =?utf-8?q?a=0D=0Ab?=")).subject


def test_half_characters_are_not_passed_on() -> None:
    message = parse(b"Subject: s\nContent-Type: text/plain; charset=utf-7\n\n+2AA- and +3AA-")
    assert " and " in message.text.encode("utf-8").decode("utf-8")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?B?w4k=?=", "É"),
        ("=?utf-8?Q?=C3?= =?utf-8?Q?=89t=C3=A9?=", "Été"),
        ("=?iso-8859-1?Q?=C9t=E9?= =?utf-8?B?w6k=?=", "Étéé"),
        ("=?utf-8*fr?Q?=C3=A9t=C3=A9?=", "été"),
        ("=?gb2312?B?u7bTrQ==?=", "欢迎"),
        ("=?iso-2022-jp?B?GyRCP14bKEI=?=", "図"),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?q?What??=", "What?"),
        ("=?nonsense", "=?nonsense"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
    ],
)
def test_encoded_words_are_decoded(value: str, text: str) -> None:
    assert decode_words(value) == text


@pytest.mark.parametrize("label", ["zlib", "punycode", "idna", "unicode_escape", "rot13", "hex", "undefined", "\0"])
def test_codecs_that_are_no_character_sets_are_not_used(label: str) -> None:
    assert decode("Bäume".encode(), label)[0] == "Bäume"


@pytest.mark.parametrize("length", [9, 10, 11, 3_000_001, 3_000_002])
def test_broken_base64_is_read_as_far_as_it_goes(length: int) -> None:
    data = bytes(number % 251 for number in range(length))
    coded = base64.b64encode(data).rstrip(b"=")
    assert base64_bytes(coded[:5] + b"!?\n" + coded[5:]) == data
    assert data.startswith(base64_bytes(coded[: len(coded) - 1]))
    assert len(base64_bytes(coded[: len(coded) - 1])) >= length - 2


def test_links_are_found_without_the_sentence_around_them() -> None:
    text = "See https://a.example/x(1), (www.b.example/y) or c.example/z/. Not pat@d.example or and/or."
    assert links_in(text) == ("https://a.example/x(1)", "www.b.example/y", "c.example/z/")


def test_html_is_shown_as_a_reader_sees_it() -> None:
    page = (
        "<head><title>t</title></head><p>One&nbsp;two<br>three</p><blockquote><p>said</p></blockquote>"
        "<ul><li>a<li>b</ul><script>x</script><a href='https://x.example/?a=1&amp;b=2'>here</a>"
    )
    text, links = render(page)
    assert text.split("\n") == ["One two", "three", "", "> said", "", "- a", "- b", "here"]
    assert links == ("https://x.example/?a=1&b=2",)


def test_an_attachment_is_weighed_as_it_arrives() -> None:
    data = bytes(range(256)) * 40
    raw = (
        b"From: pat@example.com\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n"
        b"Content-Type: image/png; name=map.png\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(data)
        + b"--b--\n"
    )
    message = parse(raw)
    assert [(one.name, one.type, one.bytes) for one in message.attachments] == [("map.png", "image/png", len(data))]
    assert message.text == "hello"


def test_what_outlook_packed_into_a_winmail_dat_is_read() -> None:
    packed = base64.encodebytes(winmail("Haben Sie Bücher über Bäume?", "Liste.doc", b"a list")).decode()
    message = parse(
        _mail(
            "From: pat@example.com",
            "Content-Type: application/ms-tnef; name=winmail.dat",
            "Content-Transfer-Encoding: base64",
            body=packed,
        )
    )
    assert message.text == "Haben Sie Bücher über Bäume?"
    assert ("Liste.doc", 6) in [(one.name, one.bytes) for one in message.attachments]


@pytest.mark.parametrize("line", ["=C3=A4 and\n", "a soft =\nbreak\n", "no end "])
def test_quoted_printable_of_any_length_is_read_as_in_one_go(line: str) -> None:
    data = (line * 200_000).encode()
    raw = b"From: p@example.com\nContent-Type: application/x\nContent-Transfer-Encoding: quoted-printable\n\n" + data
    [part] = take_apart(raw).parts
    assert part.body() == binascii.a2b_qp(data)
    assert part.size() == len(part.body())


def test_a_sender_who_uses_a_message_id_twice_has_sent_two_mails() -> None:
    first, second = (
        _mail("From: pat@example.com", "Message-ID: <same@example.com>", body=text) for text in ("one", "two")
    )
    assert parse(first).content_hash != parse(second).content_hash


def test_a_long_text_is_read_to_a_bound_and_says_so() -> None:
    message = parse(_mail("From: pat@example.com", body="a line\n" * 100_000))
    assert len(message.text) <= 200_000
    assert any("very long" in problem for problem in message.problems)
