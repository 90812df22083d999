"""What `mailbot check` says: to a library that is ready, and to one that is not, with real servers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.accounts import Server
from mailbot.check import Finding, Level, check, check_mailbox
from mailbot.settings import Folders, MailboxSettings, Settings, StoreSettings, load
from tests.servers import Authority, Dovecot, SmtpSink

SHIPPED = Path(__file__).parents[2] / "config"
MAIL = b"From: pat@example.com\r\n\r\nHello\r\n"
Made = Callable[..., Settings]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models that all tests here share: making the first takes seconds."""
    return tmp_path_factory.mktemp("models")


def mailbox_of(imap: Server, smtp: Server) -> MailboxSettings:
    return MailboxSettings("ask", "ask@riverbend.example", (), imap, smtp)


def look(imap: Server, smtp: Server, folders: Folders | None = None, **environ: str) -> list[Finding]:
    """What is said of one mailbox."""
    return list(check_mailbox(mailbox_of(imap, smtp), folders or Folders(), environ))


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Settings of the sample library with these servers and a database of their own."""

    def make(imap: Server, smtp: Server) -> Settings:
        store = StoreSettings(f"sqlite:///{tmp_path}/mailbot.db")
        return replace(load(SHIPPED, {}), mailboxes=(mailbox_of(imap, smtp),), store=store)

    return make


@pytest.fixture(autouse=True)
def _to_ourselves() -> Iterator[None]:
    """Files made here are nobody else's, as the pages advise."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def about(findings: list[Finding], *words: str) -> Finding:
    """The one finding that is about this."""
    (found,) = [finding for finding in findings if all(word in finding.about for word in words)]
    return found


def unreachable() -> Server:
    return Server("localhost", 1, "none", timeout=2.0)


def test_a_library_that_is_ready_hears_that_everything_is(
    made: Made, models: Path, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    dovecot.put(user, MAIL)
    imap = replace(dovecot.server(user), password_file=None, password_env="ASK_PASSWORD")
    findings = check(made(imap, sink.server()), {"ASK_PASSWORD": dovecot.password}, models)
    assert [finding for finding in findings if finding.level is not Level.OK] == []
    reading = about(findings, "ask", "reading")
    assert all(words in reading.words for words in ("logged in", "1 in the inbox", "INBOX", "mailbot/Routed"))
    assert "can be handed in" in about(findings, "ask", "sending").words
    assert not any(finding.is_error for finding in findings)


def test_servers_that_are_down_hide_nothing_else(made: Made, models: Path) -> None:
    findings = check(made(unreachable(), unreachable()), {}, models)
    assert about(findings, "reading").is_error
    assert about(findings, "sending").is_error
    assert about(findings, "database").level is Level.OK
    assert about(findings, "classifier").level is Level.OK
    assert about(findings, "letters").level is Level.OK


def test_looking_changes_nothing_in_the_mailbox_and_sends_nothing(dovecot: Dovecot, user: str, sink: SmtpSink) -> None:
    dovecot.put(user, MAIL)
    before = dovecot.folders(user), dovecot.messages(user)
    look(dovecot.server(user), sink.server())
    assert (dovecot.folders(user), dovecot.messages(user)) == before
    assert sink.received == []


def test_folders_that_are_there_are_not_said_to_be_made(dovecot: Dovecot, user: str, sink: SmtpSink) -> None:
    with dovecot.login(user) as client:
        for name in ("done", "wait", "quiet", "bad"):
            client.create_folder(name)
    found = look(dovecot.server(user), sink.server(), Folders("done", "wait", "quiet", "bad"))
    assert "will be made" not in about(found, "reading").words


def test_a_wrong_password_is_told_with_the_place_where_it_is_kept(dovecot: Dovecot, user: str, sink: SmtpSink) -> None:
    imap = replace(dovecot.server(user), password_file=None, password_env="ASK_PASSWORD")
    reading = about(look(imap, sink.server(), ASK_PASSWORD="wr0ng"), "reading")
    assert reading.is_error
    assert "ASK_PASSWORD" in reading.words
    assert "wr0ng" not in str(reading)
    assert "is not set" in about(look(imap, sink.server()), "reading").words


def test_a_certificate_nobody_vouches_for_is_told(dovecot: Dovecot, user: str, authority: Authority) -> None:
    strange = authority.strange_ca_file
    with SmtpSink(authority) as smtp:
        found = look(dovecot.server(user, ca_file=strange), smtp.server(ca_file=strange))
    assert "certificate" in about(found, "reading").words
    assert "certificate" in about(found, "sending").words


def test_an_smtp_password_that_is_refused_is_told(authority: Authority) -> None:
    with SmtpSink(authority, user="ask") as smtp:
        server = smtp.server(user="ask", password_env="PW")
        right = about(look(unreachable(), server, PW=smtp.password), "sending")
        wrong = about(look(unreachable(), server, PW="wr0ng"), "sending")
    assert right.level is Level.OK
    assert wrong.is_error
    assert "wr0ng" not in str(wrong)


def test_a_file_with_a_password_that_others_may_read_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cret")
    (tmp_path / "password").chmod(0o644)
    server = replace(unreachable(), user="ask", password_file=tmp_path / "password")
    warned = about(look(server, server), "password")
    assert (warned.level, warned.cure) == (Level.WARNING, f"chmod 600 {tmp_path}/password")
    assert "s3cret" not in str(warned)


def test_what_is_wrong_with_database_and_wording_is_told_together(made: Made, models: Path, tmp_path: Path) -> None:
    (tmp_path / "templates" / "en").mkdir(parents=True)
    (tmp_path / "templates" / "en" / "greeting-full.txt").write_text("Dear {{ name }\n")
    (tmp_path / "file").write_text("no folder")
    store = StoreSettings(f"sqlite:///{tmp_path}/file/mailbot.db")
    findings = check(replace(made(unreachable(), unreachable()), folder=tmp_path, store=store), {}, models)
    assert about(findings, "database").is_error
    letters = about(findings, "letters")
    assert letters.is_error
    assert "greeting-full.txt, line 1" in letters.words


def test_what_makes_it_worse_at_its_work_is_a_warning(made: Made, models: Path, tmp_path: Path) -> None:
    (tmp_path / "mailbot.db").touch()
    (tmp_path / "mailbot.db").chmod(0o640)
    settings = made(unreachable(), unreachable())
    library = replace(settings.library, name="<Your Public Library>", country="", phone="")
    bare = tuple(replace(each, examples=(), usual_hours=True, phone="") for each in library.departments)
    library = replace(library, departments=bare, staff_domains=())
    findings = check(replace(settings, library=library), {}, models)
    said = " ".join(finding.words for finding in findings if finding.level is Level.WARNING)
    for words in ("placeholder", "public holidays", "staff domain", "opening hours", "examples", "phone", "may read"):
        assert words in said
    assert "and 6 more" in said


def test_departments_outside_the_librarys_domain_are_pointed_out(made: Made, models: Path) -> None:
    settings = made(unreachable(), unreachable())
    library = replace(settings.library, staff_domains=("elsewhere.example",))
    (found,) = [f for f in check(replace(settings, library=library), {}, models) if "own domain" in f.words]
    assert found.level is Level.WARNING


def test_a_finding_reads_as_a_line_and_its_cure() -> None:
    assert str(Finding(Level.OK, "database", "can be used")) == "ok       database: can be used"
    assert str(Finding(Level.ERROR, "letters", "broken", "mend it")).splitlines() == [
        "error    letters: broken",
        "         mend it",
    ]
