"""Bytes that leave: whatever strangers wrote, a letter is one well-formed mail, and originals arrive as they were."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage, Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.mail.message import Address
from mailbot.writing import compose
from mailbot.writing.letter import Letter, LetterKind

DATE = datetime(2027, 2, 2, 16, 5, tzinfo=UTC)
OURS = Address("Riverbend Public Library", "ask@riverbend.example")
PAT = Address("Pat Ron", "pat.ron@example.com")
TO_PATRON = Letter(
    kind=LetterKind.ACKNOWLEDGEMENT,
    case_ref="c4se",
    sender=OURS,
    to=PAT,
    reply_to=(),
    subject="Re: Musical scores",
    text="Hello Pat,\n\nYou asked for a list.\n\nRiverbend Public Library",
    language="en",
    in_reply_to="<m1@example.com>",
    references=("<m0@example.com>", "<m1@example.com>"),
    carries=(),
    to_patron=True,
)
TO_STAFF = replace(
    TO_PATRON,
    kind=LetterKind.FORWARD,
    sender=Address("Pat Ron via Riverbend Public Library", "ask@riverbend.example"),
    to=Address("Reference", "reference@riverbend.example"),
    reply_to=(PAT, OURS),
    text="For Reference: a new question.",
    to_patron=False,
)
PLAIN = (
    b"Received: from x\r\nFrom: Pat Ron <pat.ron@example.com>\r\nDate: Tue, 2 Feb 2027 09:41:00 -0600\r\n"
    b"To: ask@riverbend.example\r\nSubject: =?utf-8?q?M=C3=BAsica?=\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"Could you send me a list of your musical scores? Caf=C3=A9\r\n"
)


def sent(letter: Letter, *originals: bytes) -> bytes:
    data = compose(letter, message_id="<abc.1@riverbend.example>", date=DATE, originals=originals)
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r"), "line ends"
    assert max(map(len, data.split(b"\r\n"))) <= 998
    head = data.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))
    return data


def read(data: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def bodies(part: Message) -> list[bytes]:
    return [leaf.get_payload(decode=True) for leaf in part.walk() if not leaf.is_multipart()]  # type: ignore[misc]


def test_a_letter_to_a_patron_says_by_its_headers_that_a_program_wrote_it() -> None:
    mail = read(sent(TO_PATRON))
    assert mail["From"] == "Riverbend Public Library <ask@riverbend.example>"
    assert mail["To"] == "Pat Ron <pat.ron@example.com>"
    assert mail["Subject"] == "Re: Musical scores"
    assert mail["Message-ID"] == "<abc.1@riverbend.example>"
    assert mail["Date"] == "Tue, 02 Feb 2027 16:05:00 +0000"
    assert mail["In-Reply-To"] == "<m1@example.com>"
    assert mail["References"] == "<m0@example.com> <m1@example.com>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["X-Mailbot-Letter"] == "acknowledgement"
    assert mail["X-Mailbot-Case"] == "c4se"
    assert mail["Reply-To"] is None
    assert mail.get_content_type() == "text/plain"


def test_a_letter_to_staff_speaks_for_the_patron_without_using_their_address() -> None:
    data = sent(TO_STAFF, PLAIN)
    assert b'\r\nFrom: "Pat Ron via Riverbend Public Library" <ask@riverbend.example>\r\n' in b"\r\n" + data
    mail = read(data)
    assert mail["Reply-To"] == "pat.ron@example.com, ask@riverbend.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] is None


def test_the_same_letter_composed_again_is_the_same_bytes() -> None:
    assert sent(TO_STAFF, PLAIN, PLAIN) == sent(TO_STAFF, PLAIN, PLAIN)


def test_long_paragraphs_are_wrapped_and_read_as_they_were() -> None:
    text = "word " * 60 + "https://riverbend.example/" + "x" * 120 + "\n\n> not a quotation\nFrom here on\n plain"
    data = sent(replace(TO_PATRON, text=text))
    body = data.partition(b"\r\n\r\n")[2].decode()
    assert all(len(line) <= 76 or "https://" in line for line in body.split("\r\n"))
    assert unflowed(body) == text


def unflowed(body: str) -> str:
    """RFC 3676 section 4.1, as a reader's program joins the lines."""
    lines: list[str] = []
    joins = False
    for raw in body.removesuffix("\r\n").split("\r\n"):
        line = raw.removeprefix(" ")
        if joins:
            lines[-1] += line
        else:
            lines.append(line)
        joins = line.endswith(" ")
    return "\n".join(lines)


def test_an_original_travels_byte_for_byte_with_its_main_headers_in_sight() -> None:
    data = sent(TO_STAFF, PLAIN)
    assert PLAIN.partition(b"\r\n\r\n")[2] in data
    assert (
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nCould" in data
    )
    note = read(data).get_payload(0)
    assert isinstance(note, EmailMessage)
    shown = note.get_content()
    for line in ("From: Pat Ron <pat.ron@example.com>", "Date: Tue, 2 Feb 2027 09:41:00 -0600", "Subject: Música"):
        assert line in shown


def test_a_history_travels_whole_and_in_order() -> None:
    second = PLAIN.replace(b"Could you send me", b"Not scores: I mean")
    mail = read(sent(TO_STAFF, PLAIN, second))
    texts = [body.decode() for body in bodies(mail)]
    assert [("Could you send me" in text, "Not scores" in text) for text in texts] == [
        (False, False),
        (True, False),
        (False, False),
        (False, True),
    ]
    assert "Subject: Música" in texts[2]


def test_parts_and_attachments_of_an_original_stay_what_they_were() -> None:
    original = EmailMessage()
    original["From"], original["Subject"] = "pat.ron@example.com", "with a picture"
    original.set_content("see the picture")
    original.add_alternative("<p>see the <b>picture</b></p>", subtype="html")
    original.add_attachment(bytes(range(256)), maintype="image", subtype="png", filename="pic.png")
    raw = original.as_bytes(policy=email.policy.SMTP)
    mail = read(sent(TO_STAFF, raw))
    assert raw.partition(b"\r\n\r\n")[2] in sent(TO_STAFF, raw)
    assert [part.get_filename() for part in mail.walk() if part.get_filename()] == ["pic.png"]
    assert bytes(range(256)) in bodies(mail)
    assert not mail.defects


@pytest.mark.parametrize(
    "original",
    [
        b"From: a@b.example\r\n\r\nnul \0 inside\r\n",
        b"From: a@b.example\r\n\r\nbare \r return\r\n",
        b"From: a@b.example\r\n\r\n" + b"x" * 1200 + b"\r\n",
        b"From: a@b.example\r\nContent-Type: text/pl\xe4in\r\n\r\nhello\r\n",
        b"From: a@b.example\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nhello\r\n",
        b"From: a@b.example\r\nContent-Type: nonsense\r\n\r\nhello\r\n",
        b"From: a@b.example\r\nContent-Type: multipart/mixed\r\n\r\nhello\r\n",
        b"From: a@b.example\r\n\r\nno charset: \xe4\xf6\xfc\r\n",
        b"",
    ],
)
def test_what_cannot_travel_as_it_is_goes_whole_inside_base64_and_can_be_read(original: bytes) -> None:
    mail = read(sent(TO_STAFF, original))
    carried = next((part for part in mail.walk() if part.get_filename() == "original.eml"), None)
    if original:
        assert carried is not None
        assert carried.get_payload(decode=True) == original
        assert b"hello" not in original or any(b"hello" in body for body in bodies(mail))


def test_line_feeds_alone_become_line_ends() -> None:
    assert b"list of your musical scores" in sent(TO_STAFF, PLAIN.replace(b"\r\n", b"\n"))


def test_a_boundary_that_the_original_contains_is_not_used() -> None:
    first = sent(TO_STAFF, PLAIN)
    boundary = first.partition(b'boundary="')[2].partition(b'"')[0]
    hostile = PLAIN + b"--" + boundary + b"--\r\nContent-Type: text/html\r\n\r\n<script>\r\n"
    mail = read(sent(TO_STAFF, hostile))
    assert boundary not in mail["Content-Type"].encode()
    assert len(mail.get_payload()) == 2


HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(alphabet='ab \r\n\t:,;<>@"\\\x00\x1b=?.\u202e\u2066\u00adé漢😀', max_size=300),
    st.sampled_from(["a\r\nBcc: x@y.example", "=?utf-8?q?Bcc=3A?=", "x" * 5000, '"', "\\", "\ud800", "é" * 3000]),
)


@settings(deadline=None)
@given(name=HOSTILE, subject=HOSTILE, ref=HOSTILE, text=HOSTILE)
def test_no_value_from_outside_becomes_a_header_of_its_own(name: str, subject: str, ref: str, text: str) -> None:
    letter = replace(
        TO_STAFF,
        sender=Address(f"{name} via Riverbend", "ask@riverbend.example"),
        to=Address(name, "reference@riverbend.example"),
        subject=subject,
        case_ref=ref,
        text=text,
        in_reply_to=subject,
        references=(subject, ref, "<ok@example.com>"),
    )
    plain = read(sent(TO_STAFF))
    mail = read(sent(letter))
    assert set(mail.keys()) <= set(plain.keys())
    assert len(mail.keys()) == len(set(mail.keys()))
    addresses = mail["From"].addresses
    assert [found.addr_spec for found in addresses] == ["ask@riverbend.example"]
    assert [found.addr_spec for found in mail["To"].addresses] == ["reference@riverbend.example"]


@settings(deadline=None)
@given(address=HOSTILE)
def test_an_address_that_mail_cannot_carry_is_left_out(address: str) -> None:
    mail = read(sent(replace(TO_STAFF, reply_to=(Address("", address), OURS))))
    assert mail["Reply-To"].addresses[-1].addr_spec == "ask@riverbend.example"
    assert len(mail["Reply-To"].addresses) <= 2


@settings(deadline=None)
@given(subject=st.text(alphabet=st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=120))
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    assert read(sent(replace(TO_PATRON, subject=subject)))["Subject"] == subject


@settings(deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_at_all_can_be_carried(original: bytes) -> None:
    mail = read(sent(TO_STAFF, original))
    whole = [part.get_payload(decode=True) for part in mail.walk() if part.get_filename() == "original.eml"]
    body = original.partition(b"\r\n\r\n")[2] or original.partition(b"\n\n")[2]
    assert original in whole or body.replace(b"\r\n", b"\n") in sent(TO_STAFF, original).replace(b"\r\n", b"\n")


@settings(deadline=None)
@given(
    head=st.lists(
        st.sampled_from(
            [
                b"Content-Type: text/html; charset=utf-8",
                b"Content-Type: multipart/mixed; boundary=abc",
                b'Content-Type: multipart/mixed; boundary="=_"',
                b"Content-Transfer-Encoding: base64",
                b"Content-Transfer-Encoding: 8bit",
                b"Content-Type:\r\n text/plain",
                b'Content-Disposition: attachment; filename="a\r\n b.txt"',
                b"Subject: =?x?q?=FF?=",
                b" folded",
                b"Content-Type: message/rfc822",
            ]
        ),
        max_size=5,
    ),
    body=st.sampled_from(
        [b"", b"--abc\r\n\r\nhi\r\n--abc--\r\n", b"--abc\r\n\r\nhi", b"\xc3\xa9\r\n", b"aGVsbG8=\r\n"]
    ),
)
def test_odd_content_headers_never_break_the_mail_around_them(head: list[bytes], body: bytes) -> None:
    original = b"\r\n".join((*head, b"From: a@b.example")) + b"\r\n\r\n" + body
    mail = read(sent(TO_STAFF, original, PLAIN))
    assert any(b"list of your musical scores" in (found or b"") for found in bodies(mail))
