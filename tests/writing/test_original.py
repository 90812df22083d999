"""What staff see of an original: its HTML harmless, its pictures in place, and nothing of it lost."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.writing.original import shortened
from tests.writing.test_compose import PLAIN, TO_STAFF, bodies, read, sent

PICTURE = bytes(range(256)) * 40
SCAN = bytes(range(256)) * 50
PAGE = '<p>See the <b style="color: red; position: fixed">tables</b>: <img src="cid:pic"><br>Grüße</p>'


def html_mail(page: str, *, cte: str = "quoted-printable", charset: str = "utf-8", files: int = 0) -> bytes:
    """A mail as mail programs send it: text, and HTML with a picture inside."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "pat.ron@example.com", "with tables"
    mail.set_content("See the tables.")
    mail.add_alternative(page, subtype="html", cte=cte, charset=charset)
    shown = mail.get_body(("html",))
    assert isinstance(shown, EmailMessage)
    shown.add_related(PICTURE, maintype="image", subtype="png", cid="<pic>")
    for number in range(files):
        mail.add_attachment(SCAN, maintype="image", subtype="tiff", filename=f"flood-{number}.tif")
    return mail.as_bytes(policy=SMTP)


def page_of(data: bytes) -> str:
    """The HTML that a colleague's mail program shows."""
    (page,) = [part for part in read(data).walk() if part.get_content_type() == "text/html"]
    assert isinstance(page, EmailMessage)
    return str(page.get_content())


def names(data: bytes) -> list[str]:
    return [name for part in read(data).walk() if (name := part.get_filename())]


@pytest.mark.parametrize(
    ("cte", "charset"), [("quoted-printable", "utf-8"), ("base64", "utf-8"), ("8bit", "utf-8"), ("base64", "latin-1")]
)
def test_staff_see_the_html_that_was_sent_with_its_pictures_in_place(cte: str, charset: str) -> None:
    raw = html_mail(PAGE, cte=cte, charset=charset)
    data = sent(TO_STAFF, raw)
    page = page_of(data)
    assert re.search(r'<b style="color: ?red">tables</b>', page)
    assert '<img src="cid:pic">' in page
    assert "Grüße" in page
    assert PICTURE in bodies(read(data))
    assert not read(data).defects
    assert names(data) == []


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<a href="java&#115;cript:alert(1)">here</a>',
    "<form action='https://evil.example'><input name=pin></form>",
    "<iframe src='https://evil.example'></iframe>",
    "<svg onload=alert(1)>",
    '<base href="https://evil.example/">',
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_does_something_is_taken_out_and_kept_as_text_for_whoever_needs_it(hostile: str) -> None:
    data = sent(TO_STAFF, html_mail(f"<p>Hello</p>{hostile}"))
    page = page_of(data)
    assert "<p>Hello</p>" in page
    assert not re.search("alert|script|evil|onerror|onload|<form|<svg", page)
    assert names(data) == ["html-as-sent.txt"]
    assert any(hostile.encode() in body for body in bodies(read(data)))


def test_all_bytes_beside_the_html_stay_what_they_were() -> None:
    raw = html_mail(PAGE, files=1)
    data = sent(TO_STAFF, raw)
    head, _, rest = raw.partition(b"<p>")
    assert head.partition(b"\r\n\r\n")[2] in data
    assert rest.partition(b"</p>")[2].partition(b"\r\n--")[2] in data


def test_html_that_cannot_travel_as_it_is_can_be_read_beside_the_file() -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n<p>Hello \0 <script>alert(1)</script></p>\r\n"
    data = sent(TO_STAFF, raw)
    assert "Hello" in page_of(data)
    assert "alert" not in page_of(data)
    assert names(data) == ["original.eml"]
    assert raw in bodies(read(data))


def test_html_in_very_long_lines_arrives() -> None:
    page = page_of(sent(TO_STAFF, html_mail("<p>" + "<b>a</b>\n" * 400 + "</p>", cte="8bit")))
    assert page.count("<b>a</b>") == 400


@settings(deadline=None)
@given(page=st.text(max_size=200), cte=st.sampled_from(["quoted-printable", "base64"]))
def test_whatever_html_holds_nothing_active_is_left_and_the_mail_stays_whole(page: str, cte: str) -> None:
    hostile = f"{page}<script>alert(1)</script>{page}".encode("utf-8", "replace").decode()
    data = sent(TO_STAFF, html_mail(hostile, cte=cte), PLAIN)
    assert "<script" not in page_of(data).lower()
    assert any(b"list of your musical scores" in body for body in bodies(read(data)))


def test_a_mail_that_is_too_large_leaves_its_largest_files_behind_and_says_which() -> None:
    raw = html_mail(PAGE, files=2)
    kept, gone = shortened([PLAIN, raw], len(raw) - 10_000)
    assert [(one.original, one.name) for one in gone] == [(1, "flood-0.tif")]
    assert abs(gone[0].size - len(SCAN)) < 4
    assert kept[0] == PLAIN
    data = sent(TO_STAFF, *kept)
    assert names(data) == ["flood-1.tif"]
    assert b"[flood-0.tif]" in bodies(read(data))
    assert not read(data).defects


def test_what_is_too_large_without_any_file_is_cut_to_what_can_be_read() -> None:
    kept, gone = shortened([PLAIN + b"word and word\r\n" * 20_000], 100_000)
    assert [(one.original, one.name) for one in gone] == [(0, "")]
    assert len(kept[0]) < 100_000
    assert b"list of your musical scores" in bodies(read(sent(TO_STAFF, *kept)))[1]


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=3), st.integers(0, 500))
def test_any_bytes_can_be_shortened(originals: list[bytes], most: int) -> None:
    kept, _ = shortened(originals, most)
    assert len(kept) == len(originals)
    sent(TO_STAFF, *kept)
