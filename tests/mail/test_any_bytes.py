"""Whatever the bytes are: nothing raises, every promised field holds, and the work grows with the size alone."""

from __future__ import annotations

import json
from datetime import UTC

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mailbot.mail import Kind, Message, Understood, parse, understand
from mailbot.mail.bounce import bounce_of
from mailbot.mail.reply import new_text
from tests.mail.hostile import hostile
from tests.mail.sample import RIVERBEND

_NAMES = st.sampled_from(
    "From To Cc Reply-To Subject Date Message-ID In-Reply-To References Return-Path Content-Type Auto-Submitted "
    "List-Id Content-Transfer-Encoding Content-Disposition X-Loop Resent-From Delivered-To X-Forwarded-For Precedence "
    "MIME-Version X-Original-From".split()
)
_TELLING_VALUES = """\
Pat Ron <pat.ron@example.com>
dan.whitlock@riverbend.example
"
<
=?utf-8?q?=C3?= =?utf-8?b?Zg=
;;;;;;;;;;;;;;;;;;;;
multipart/mixed; boundary=b1
multipart/alternative; boundary="b1
multipart/report
message/rfc822
text/html; charset=utf-16
text/plain; charset=utf-7
text/plain; format=flowed; delsp=yes
text/calendar
application/ms-tnef
base64
quoted-printable
x-uuencode
Tue, 99 Foo 20270 25:61:61 +9999
<>
<a@b> <c@d>
Re: Fwd: [x] AW: y
attachment; filename*0*=utf-8''%FF; filename*1=x
noreply-forms@riverbend.example
auto-replied""".split("\n")
_TELLING_LINES = """\
--b1
--b1--

-- \n\
> quoted
>> deeper
On Tue, Feb 2, 2027 at 9:41 AM Pat <p@example.com> wrote:
From: Pat Ron <pat.ron@example.com>
Sent: Tuesday
Subject: x
To: y
---------- Forwarded message ---------
Begin forwarded message:
Final-Recipient: rfc822; x@y.example
Status: 5.1.1
<blockquote><p>
<!--
</p
Kind regards,
Sent from my iPhone
Name: Pat
E-mail: pat@example.com
Message: hello?
Thank you!""".split("\n")
_VALUES = st.one_of(st.text(max_size=60), st.sampled_from(_TELLING_VALUES))
_LINES = st.one_of(st.text(max_size=80), st.sampled_from(_TELLING_LINES))


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    """Something like a mail: header lines out of order, and lines that mean something to the reader."""
    fields = draw(st.lists(st.tuples(_NAMES, _VALUES), max_size=12))
    lines = draw(st.lists(_LINES, max_size=25))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = end.join([*(f"{name}: {value}" for name, value in fields), "", *lines])
    return text.encode(draw(st.sampled_from(["utf-8", "utf-16", "cp1252"])), "replace")


def _holds(found: Understood) -> None:
    message = found.message
    assert found.kind in Kind
    assert (found.why_not is None) == found.answerable
    assert not found.answerable or (found.writer is not None and "@" in found.writer.address)
    assert message.date is None or message.date.tzinfo is UTC
    assert len(message.content_hash) == 64
    shown = json.dumps(
        [found.text, found.subject, found.hint, found.why_not, found.problems, message.headers], ensure_ascii=False
    )
    shown.encode("utf-8")
    assert "\0" not in found.text + found.subject


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=3000))
@example(b"")
@example(b"\n")
@example(b":")
@example(b"From ")
@example(b"Content-Type: multipart/mixed; boundary=\n\n--\n--\n")
def test_any_bytes_are_understood(data: bytes) -> None:
    _holds(understand(data, RIVERBEND))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(mails())
def test_anything_like_a_mail_is_understood(data: bytes) -> None:
    _holds(understand(data, RIVERBEND))
    bounce_of(parse(data))


@settings(max_examples=60, deadline=None)
@given(mails())
def test_the_raw_bytes_are_kept_as_they_came(data: bytes) -> None:
    assert parse(data).raw == data


@settings(max_examples=60, deadline=None)
@given(mails())
def test_nothing_is_said_that_was_not_written(data: bytes) -> None:
    message = parse(data)
    written = set("".join(message.text.split()).replace(">", ""))
    assert set("".join(new_text(message.text).text.split()).replace(">", "")) <= written


@settings(max_examples=60, deadline=None)
@given(mails())
def test_an_address_is_never_invented(data: bytes) -> None:
    found = understand(data, RIVERBEND)
    everywhere = "".join(value for _, value in found.message.headers) + found.message.text
    if found.writer is not None:
        assert _squeezed(found.writer.address) in _squeezed(everywhere)


def _squeezed(text: str) -> str:
    return "".join(character for character in text if character.isascii() and character.isalnum())


@settings(max_examples=60, deadline=None)
@given(mails(), st.sampled_from([b"\r\n", b"\n"]))
def test_copies_that_came_by_other_ways_have_the_same_content(data: bytes, end: bytes) -> None:
    body = b"From: pat@example.com\nSubject: s\n\n" + data.replace(b"\r", b"")
    way = b"Received: from elsewhere\nDelivered-To: ask@riverbend.example\n" + body + b"\n"
    assert parse(body.replace(b"\n", end)).content_hash == parse(way).content_hash


@pytest.mark.parametrize("name", sorted(hostile(1000)))
def test_a_hostile_mail_of_any_size_is_understood(name: str) -> None:
    for size in (1000, 30_000):
        _holds(understand(hostile(size)[name], RIVERBEND))


def test_depth_is_bounded() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000))
    message = parse(b"From: pat@example.com\n" + nested + b"\nhello")
    assert any("too deep" in problem for problem in message.problems)
    attached = parse(b"From: pat@example.com\n" + b"Content-Type: message/rfc822\n\n" * 5000)
    assert _attached_depth(attached) < 10


def _attached_depth(message: Message) -> int:
    return 1 + max((_attached_depth(one) for one in message.attached), default=0)
