"""Mail of the past on disk: every message of an mbox, a maildir, a CSV, whatever else lies around it."""

from __future__ import annotations

import mailbox
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailbot import sources
from mailbot.errors import MailbotError
from mailbot.mail import parse
from mailbot.sources import Item, folders_at, rows_of

ZONE = ZoneInfo("America/Chicago")


def mail(number: int, text: str = "Do you have scores?") -> bytes:
    return f"From: pat@patron.example\nSubject: Question {number}\n\n{text}\n".encode()


def read(path: Path) -> list[Item]:
    """All that lies there, folder after folder."""
    return [item for folder in folders_at(path) for item in folder.items()]


def subjects(items: list[Item]) -> list[str]:
    return [parse(item.raw).subject for item in items]


def refused(path: Path) -> str:
    with pytest.raises(MailbotError) as error:
        read(path)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_an_mbox_that_python_wrote_is_read_as_it_was(tmp_path: Path) -> None:
    texts = ["One", "From the start:\nwe met\n\nFrom here on\n>From there", "", "Drei\n\n\n"]
    box = mailbox.mbox(tmp_path / "Reference.mbox")
    for number, text in enumerate(texts):
        box.add(mail(number, text))
    box.close()
    (folder,) = folders_at(tmp_path / "Reference.mbox")
    items = list(folder.items())
    assert folder.name == "Reference"
    assert subjects(items) == ["Question 0", "Question 1", "Question 2", "Question 3"]
    assert "From the start:\nwe met\n\nFrom here on" in parse(items[1].raw).text
    assert items[0].at is not None
    assert items[2].place.endswith("Reference.mbox, message 3")


@pytest.mark.parametrize(
    "separator",
    [
        "From pat@patron.example Tue Feb  2 10:00:00 2027",
        "From - Tue Feb 02 10:00:00 2027",
        "From 1650@xxx Tue Feb 02 10:00:00 +0000 2027",
        "From Pat Ron Tue, 2 Feb 2027 10:00:00 +0000",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_separators_of_many_programs_are_known(tmp_path: Path, separator: str, end: str) -> None:
    lines = [separator, "Subject: a", "", "From what I hear, all is well.", "", separator, "Subject: b", "", "text", ""]
    (tmp_path / "x").write_bytes(end.join(lines).encode())
    items = read(tmp_path / "x")
    assert subjects(items) == ["a", "b"]
    assert {item.at for item in items} == {datetime(2027, 2, 2, 10, tzinfo=UTC)}


def test_a_separator_without_a_date_counts_where_a_mail_follows(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(
        b"From pat\nSubject: a\n\nFrom me to you.\n\nFrom pat\nReceived: b\nSubject: b\n\ntext\n"
    )
    assert subjects(read(tmp_path / "x")) == ["a", "b"]


def test_of_a_message_that_is_too_large_the_beginning_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_BYTES", 1000)
    big = b"From x Tue Feb  2 10:00:00 2027\nSubject: a\n\n" + b"x" * 300_000 + b"\n"
    (tmp_path / "x").write_bytes(big + mail(2).join([b"\nFrom x Tue Feb  2 10:00:00 2027\n", b""]))
    first, second = read(tmp_path / "x")
    assert (len(first.raw), parse(second.raw).subject) == (1000, "Question 2")


@given(
    st.lists(st.sampled_from([b"From ", b">From ", b"\n", b"\r\n", b"\0\xff", b"a: b", b"Subject: x", b"Tue Feb  2 1"]))
)
@example([b"From "])
@example([b"From \n", b"From \n\nFrom "])
def test_any_bytes_after_the_first_line_are_messages_and_none_is_lost(parts: list[bytes]) -> None:
    body = b"".join(parts)
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"From x\n" + body)
        file.flush()
        items = read(Path(file.name))
    kept = b"".join(item.raw for item in items)
    marks = (len(items) - 1) * len(b"From ") + len(re.findall(rb"(?m)^>+From ", body))
    assert items
    assert len(body) >= len(kept) >= len(body) - marks - 60 * len(items)
    if b"From " not in body:
        assert kept == body


@given(st.binary(max_size=300))
def test_a_file_that_is_no_mbox_is_refused_or_read_but_never_raises_anything_else(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        if data.lstrip(b"\r\n") and not data.lstrip(b"\r\n").startswith(b"From "):
            assert "is no mbox" in refused(Path(file.name))
        else:
            read(Path(file.name))


def test_a_maildir_is_read_with_its_folders_and_trashed_mail_is_not(tmp_path: Path) -> None:
    top = mailbox.Maildir(tmp_path / "Maildir")
    top.add(mail(1))
    gone = mailbox.MaildirMessage(mail(2))
    gone.set_flags("ST")
    seen = mailbox.MaildirMessage(mail(3))
    seen.set_subdir("cur")
    seen.set_flags("S")
    top.add(gone)
    top.add(seen)
    for name, number in (("Archive.Special Collections", 4), ("Kinder &- Jugend &APw-ber 12", 5)):
        top.add_folder(name).add(mail(number))
    for file in (tmp_path / "Maildir" / "new").iterdir():
        os.utime(file, (1_800_000_000, 1_800_000_000))
    folders = folders_at(tmp_path / "Maildir")
    assert [folder.name for folder in folders] == ["Maildir", "Special Collections", "Kinder & Jugend über 12"]
    items = list(folders[0].items())
    assert sorted(subjects(items)) == ["Question 1", "Question 3"]
    assert datetime.fromtimestamp(1_800_000_000, UTC) in [item.at for item in items]


def test_a_folder_of_mboxes_and_maildirs_is_read_and_other_files_are_passed_over(tmp_path: Path) -> None:
    separator = b"From x Tue Feb  2 10:00:00 2027\n"
    (tmp_path / "Digital Services.mbox").write_bytes(separator + mail(1))
    (tmp_path / "Apple.mbox").mkdir()
    (tmp_path / "Apple.mbox" / "mbox").write_bytes(separator + mail(2))
    (tmp_path / "Inbox.sbd").mkdir()
    (tmp_path / "Inbox.sbd" / "Outreach").write_bytes(separator + mail(3))
    (tmp_path / "Inbox.msf").write_bytes(b"// an index\n")
    (tmp_path / "empty").write_bytes(b"")
    mailbox.Maildir(tmp_path / "circulation").add(mail(4))
    assert sorted(folder.name for folder in folders_at(tmp_path)) == [
        "Apple",
        "Digital Services",
        "Outreach",
        "circulation",
    ]
    assert sorted(subjects(read(tmp_path))) == ["Question 1", "Question 2", "Question 3", "Question 4"]


def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path) -> None:
    assert "there is no such file or folder" in refused(tmp_path / "none")
    assert "holds no maildir" in refused(tmp_path)
    (tmp_path / "letter.eml").write_bytes(mail(1).replace(b"From:", b"To:"))
    assert "letter.eml is no mbox: its first line" in refused(tmp_path / "letter.eml")
    os.mkfifo(tmp_path / "pipe")
    assert "is neither a file nor a folder" in refused(tmp_path / "pipe")


def test_a_link_that_leads_to_itself_is_said_in_one_line(tmp_path: Path) -> None:
    """A link to itself: root, who may read everything, can't read that either."""
    (tmp_path / "x").symlink_to(tmp_path / "x")
    assert "x can't be read: Too many levels of symbolic links" in refused(tmp_path / "x")


def test_a_file_that_vanished_from_a_maildir_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "reference")
    box.add(mail(1))
    (tmp_path / "reference" / "cur" / "0:2,S").symlink_to(tmp_path / "nowhere")
    gone, there = read(tmp_path / "reference")
    assert "moved meanwhile" in gone.problem
    assert parse(there.raw).subject == "Question 1"


def rows(tmp_path: Path, text: str | bytes) -> Iterator[Item]:
    path = tmp_path / "past.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8-sig"))
    return rows_of(path, ZONE)


def test_the_rows_of_a_csv_are_mails(tmp_path: Path) -> None:
    one, two, three = rows(
        tmp_path,
        "Text,label,subject,date,sender\r\n"
        '"Wo ist,\n""er""?",digital,Größe — 東京,2025-11-30,"""Ron, Pat"" <p@b.example>"\r\n'
        '"x",,,"Tue, 02 Feb 2027 10:00:00 +0000",\r\n\r\n'
        '"From: a@b.example\r\n\r\ny","Special Collections",,2025-11-30T10:00:00Z,nobody\r\n',
    )
    read = parse(one.raw)
    assert (read.text.strip(), read.subject, one.label) == ('Wo ist,\n"er"?', "Größe — 東京", "digital")
    assert read.sender is not None
    assert (read.sender.name, read.sender.address) == ("Ron, Pat", "p@b.example")
    assert (one.at, two.at) == (datetime(2025, 11, 30, 6, tzinfo=UTC), datetime(2027, 2, 2, 10, tzinfo=UTC))
    assert (two.label, three.label) == ("", "Special Collections")
    unknown = parse(three.raw).sender
    assert unknown is not None
    assert unknown.address == sources.UNKNOWN
    assert three.place.endswith("past.csv, line 6")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: there should be the names of the columns: text,label"),
        ("text;label\na;b\n", "line 1: column 'text;label' is none of text, label, subject, date, sender; commas"),
        ("text\na\n", "line 1: there should be one column 'label'"),
        ("text,label\na,b\na,b,c\n", "line 3: 3 fields where the first line has 2"),
        ('text,label\na,b\n"a,b\nc,d\n', "line 3: unexpected end of data; is a quotation mark left open?"),
        ("text,label,date\na,b,soon\n", "line 2: 'soon' is no date; write it as 2025-11-30, or leave it empty"),
        (b"text,label\na,b\n\xfc,b\n", "or shortly below: not UTF-8; save it as UTF-8"),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused_with_the_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(MailbotError) as error:
        list(rows(tmp_path, text))
    assert said in str(error.value)
    assert "past.csv" in str(error.value)
