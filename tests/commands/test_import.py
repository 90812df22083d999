"""`mailbot import`: a library brings its own past, and what is in it becomes labels, and nothing else."""

from __future__ import annotations

import json
import mailbox
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailbot.cli import app, main
from mailbot.errors import ConfigError, MailbotError
from mailbot.mail import understand
from mailbot.masks import fingerprint
from mailbot.settings import load, ours
from mailbot.store import Session, Store
from tests.commands.conftest import Desk, mailbot
from tests.faults.branch import ENVIRON, question
from tests.servers import Dovecot

RIVERBEND = Path(__file__).parents[1] / "riverbend" / "mail.jsonl"
STORE = "sqlite:///var/mailbot.db"
SAMPLES = Path(__file__).parents[1] / "mail" / "eml"


def past_of(department: str, most: int = 5) -> list[bytes]:
    """Mail that was written to the sample library and is surely this department's."""
    rows = [json.loads(line) for line in RIVERBEND.read_text(encoding="utf-8").splitlines()]
    return [_mail(row) for row in rows if row["acceptable"] == [department]][:most]


def _mail(row: dict[str, str]) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{row['from_name']} <{row['from_address']}>"
    mail["To"], mail["Subject"] = row["to"], row["subject"]
    mail["Date"] = "Mon, 01 Dec 2025 10:00:00 -0600"
    mail["Message-ID"] = f"<{row['id']}@patron.example>"
    mail.set_content(row["text"])
    return mail.as_bytes()


def mbox(path: Path, raws: Iterable[bytes]) -> Path:
    box = mailbox.mbox(path)
    for raw in raws:
        box.add(raw)
    box.close()
    return path


@contextmanager
def labels() -> Iterator[Session]:
    store = Store.open(STORE)
    with store.reading() as session:
        yield session
    store.close()


def refused(*words: str) -> str:
    ran = CliRunner().invoke(app, ["import", *words])
    assert isinstance(ran.exception, MailbotError), (ran.output, ran.exception)
    assert "\n" not in str(ran.exception)
    assert not Path("var").exists(), "a source that can't be used leaves nothing behind"
    return str(ran.exception)


def row_of(said: str, department: str) -> list[int]:
    """The figures in a department's row: read, taken, left out, labels now."""
    (line,) = [line for line in said.splitlines() if line.startswith(department)]
    return [int(word) for word in line.removeprefix(department).split()]


def test_an_mbox_named_after_a_department_becomes_its_labels(home: Path) -> None:
    said = mailbot("import", str(mbox(home / "Special Collections.mbox", past_of("special-collections"))))
    assert row_of(said, "Special Collections") == [5, 5, 0, 5]
    assert "thin, fewer than 10 labels: Reference (0), Circulation (0)" in said
    assert "next: `mailbot train` learns from it" in said
    with labels() as session:
        found = session.labels()
    assert {(one.department, one.source) for one in found} == {("special-collections", "import")}
    assert {one.at for one in found} == {datetime(2025, 12, 1, 16, tzinfo=UTC)}
    assert all(one.writer and one.text and one.language == "en" for one in found)


def test_the_same_again_changes_nothing(home: Path) -> None:
    source = str(mbox(home / "special-collections", past_of("special-collections")))
    mailbot("import", source)
    with labels() as session:
        before = session.labels()
    said = mailbot("import", source)
    assert row_of(said, "Special Collections") == [5, 0, 5, 5]
    assert "5 known already" in said
    assert "nothing new was found" in said
    with labels() as session:
        assert session.labels() == before


def test_a_rehearsal_says_the_same_and_keeps_nothing(home: Path) -> None:
    mails = past_of("circulation")
    (home / "past").mkdir()
    mbox(home / "past" / "circulation", mails)
    mbox(home / "past" / "Outreach", [mails[0], mails[0], *past_of("outreach")])
    rehearsed = mailbot("import", "past", "--dry-run")
    assert "nothing was kept" in rehearsed
    assert not Path("var").exists()
    assert rehearsed.splitlines()[:-1] == mailbot("import", "past").splitlines()[:-1]
    assert "nothing was kept" in mailbot("import", "past", "--dry-run")


def test_a_maildir_and_its_folders_are_read_and_stay_as_they_are(home: Path) -> None:
    box = mailbox.Maildir(home / "Maildir")
    for name, department in (("INBOX.Digital-Services", "digital"), ("interlibrary loan", "interlibrary-loan")):
        folder = box.add_folder(name)
        for raw in past_of(department, 3):
            folder.add(raw)
    box.add_folder("Circulaton").add(past_of("circulation", 1)[0])
    before = sorted(str(path) for path in (home / "Maildir").rglob("*"))
    said = mailbot("import", "Maildir")
    assert (row_of(said, "Digital Services"), row_of(said, "Interlibrary Loan")) == ([3, 3, 0, 3], [3, 3, 0, 3])
    assert "named after no department: Circulaton (did you mean circulation?), Maildir" in said
    assert sorted(str(path) for path in (home / "Maildir").rglob("*")) == before


def test_what_is_no_patrons_question_is_left_out_with_the_reason(home: Path) -> None:
    staff = question(1).replace(b"patron1@patron.example", b"dan.whitlock@riverbend.example")
    robot = question(2).replace(b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:")
    news = question(3).replace(b"Subject:", b"List-Unsubscribe: <https://x.example>\r\nSubject:")
    own = question(4).replace(b"patron4@patron.example", b"ask@riverbend.example")
    thanks = question(5, "Re: Photographs", "Thank you so much!")
    empty = question(6, text="")
    malformed = b"\x00\xff\xfe not a mail"
    raws = [staff, robot, news, own, thanks, empty, malformed, question(7), question(7)]
    said = mailbot("import", str(mbox(home / "reference", raws)))
    assert row_of(said, "Reference") == [9, 1, 8, 1]
    for reason in (
        "1 automatic replies",
        "1 lists and newsletters",
        "1 mailbot's own",
        "1 colleagues' own mail and answers",
        "1 thank-yous",
        "1 without words",
        "1 unreadable",
        "1 known already",
    ):
        assert reason in said
    assert "unreadable: " in said
    assert "reference, message 7: this is no mail message" in said


def test_what_a_colleague_passed_on_is_the_patrons_and_what_is_said_on_top_is_not_learned(home: Path) -> None:
    forward = (SAMPLES / "forward" / "gmail-en.eml").read_bytes()
    mailbot("import", str(mbox(home / "x.mbox", [forward])), "--department", "Special Collections")
    read = understand(forward, ours(load(home / "config", ENVIRON).library))
    assert read.passed_on_by is not None
    assert read.writer is not None
    with labels() as session:
        (label,) = session.labels()
    assert label.writer == fingerprint(read.writer.address)
    assert (label.department, label.subject) == ("special-collections", read.subject)
    assert label.text.split()[:4] == read.text.split()[:4]


def test_quotes_signature_and_private_numbers_are_gone_before_a_label_is_kept(home: Path) -> None:
    text = (
        "My card 2123 4000 5678 90 does not work.\r\n\r\n-- \r\nPatron 1, 5 Elm Street\r\n\r\n"
        "On Tue, Feb 2, 2027 at 9:41 AM Reference <reference@riverbend.example> wrote:\r\n> Which card?\r\n"
    )
    mailbot("import", str(mbox(home / "circulation", [question(1, "Re: Card", text)])))
    with labels() as session:
        (label,) = session.labels()
    assert (label.subject, label.text) == ("Card", "My card 0000 0000 0000 00 does not work.")


def test_the_same_mail_under_two_departments_counts_for_the_last(home: Path) -> None:
    (home / "past").mkdir()
    for name in ("Circulation", "Digital"):
        mbox(home / "past" / name, past_of("digital", 1))
    said = mailbot("import", "past")
    assert (row_of(said, "Circulation"), row_of(said, "Digital Services")) == ([1, 1, 0, 0], [1, 1, 0, 1])
    assert "1 of those taken were another department's label before; the last word counts" in said
    with labels() as session:
        assert [one.department for one in session.labels()] == ["digital"]


def test_a_label_is_dated_as_the_mail_is_and_never_in_the_future(home: Path) -> None:
    box = mailbox.mbox(home / "reference")
    for number, date in enumerate((b"Tue, 02 Feb 2999 10:00:00 +0000", b"Thu, 01 Jan 1970 00:00:00 +0000", b"soon")):
        raw = question(number, text=f"Question {number} is this one?")
        message = mailbox.mboxMessage(raw.replace(b"Tue, 02 Feb 2027 10:00:00 -0600", date))
        message.set_from("pat Mon Dec  1 10:00:00 2025")
        box.add(message)
    box.close()
    began = datetime.now(UTC)
    mailbot("import", "reference")
    with labels() as session:
        future, *others = [one.at for one in session.labels()]
    assert began <= future <= datetime.now(UTC)
    assert others == [datetime(2025, 12, 1, 10, tzinfo=UTC)] * 2


def test_a_csv_teaches_by_key_or_name_and_names_what_it_passes_over(home: Path) -> None:
    (home / "past.csv").write_text(
        "text,label,subject,date,sender\n"
        "My hold came in on the small Kindle.,Digital services,Hold,2025-11-30,pat.ron@example.com\n"
        "When is trash day?,,,,\n"
        "When is the street swept?,oos,,,\n"
        "Where do I park the bookmobile?,outreach,,,\n"
        "Do you have scores?,Refrence,,,\n",
        encoding="utf-8",
    )
    said = mailbot("import", "past.csv")
    assert "passed over, named after no department: Refrence (did you mean reference?)" in said
    assert row_of(said, "(nobody's)") == [2, 2, 0, 2]
    with labels() as session:
        found = [(one.department, one.subject, one.writer) for one in session.labels()]
    assert found == [
        ("digital", "Hold", fingerprint("pat.ron@example.com")),
        ("oos", "", ""),
        ("oos", "", ""),
        ("outreach", "", ""),
    ]
    assert "1 labelled texts" in mailbot("forget", "pat.ron@example.com")


def test_a_mistake_in_the_last_line_of_a_csv_is_told_before_anything_is_kept(home: Path) -> None:
    (home / "past.csv").write_text("text,label\nWhere is it?,digital\nx,y,z\n", encoding="utf-8")
    assert "past.csv, line 3: 3 fields where the first line has 2" in refused("past.csv")


def test_a_source_that_cannot_be_used_is_said_in_one_line(home: Path) -> None:
    source = str(mbox(home / "archive.mbox", past_of("digital", 1)))
    assert "none.mbox: there is no such file or folder" in refused("none.mbox")
    assert "is named after a department (archive); --department KEY says whose it is" in refused(source)
    assert "there is no department 'digitel'; did you mean digital?" in refused(source, "--department", "digitel")
    assert "--mailbox ask goes with `imap`" in refused(source, "--mailbox", "ask")
    assert "--department says whose one folder is" in refused("imap", "--department", "digital")
    assert "there is no mailbox 'aks'" in refused("imap", "--mailbox", "aks")
    (home / "past.csv").write_text("text,label\nWhere is it?,digitel\n", encoding="utf-8")
    assert "digitel (did you mean digital?)); write keys" in refused("past.csv")
    assert "in its column label; leave --department out" in refused("past.csv", "--department", "digital")


def test_after_an_import_and_a_training_the_model_has_learned_from_it(library: Path) -> None:
    new = library / "new.eml"
    new.write_bytes(question(99, "Zither", "Could I borrow the zither on Tuesday?"))
    before = json.loads(mailbot("inspect", str(new), "--json"))
    (library / "past").mkdir()
    for key in ("administration", "circulation", "digital", "reference"):
        mbox(library / "past" / key, past_of(key, 12))
    zithers = [question(number, f"Zither {number}", f"May I borrow zither number {number}?") for number in range(12)]
    mbox(library / "past" / "administration", zithers)
    said = mailbot("import", "past")
    assert "it serves now" in mailbot("train")
    brought = row_of(said, "Administration")[3]
    assert f"| Administration | 0 | 0 | {brought} |" in mailbot("models", "show", "v0002")
    after = json.loads(mailbot("inspect", str(new), "--json"))
    assert (before["department"] == "administration", after["department"]) == (False, "administration")


def test_a_patron_whose_mail_was_brought_in_is_forgotten(home: Path) -> None:
    mailbot("import", str(mbox(home / "reference", [question(1), question(2)])))
    said = mailbot("forget", "patron1@patron.example")
    assert "1 labelled texts: the next training is without them" in said
    with labels() as session:
        assert [one.writer for one in session.labels()] == [fingerprint("patron2@patron.example")]


# -- IMAP -------------------------------------------------------------------------------------------------------------


def filled(dovecot: Dovecot, user: str, folders: dict[str, list[bytes]]) -> None:
    with dovecot.login(user) as client:
        for name in folders:
            if name != "INBOX":
                client.create_folder(name)
    for name, raws in folders.items():
        dovecot.put(user, *raws, folder=name)


def everything_in(dovecot: Dovecot, user: str) -> dict[str, object]:
    """Every folder with its UIDVALIDITY, and every message's UID, flags, date and bytes, looked at without a trace."""
    found: dict[str, object] = {}
    with dovecot.login(user) as client:
        for name in [name for flags, _, name in client.list_folders() if b"\\Noselect" not in flags]:
            opened = client.select_folder(name, readonly=True)
            mails = client.fetch(client.search(), ["FLAGS", "INTERNALDATE", "BODY.PEEK[]"])
            found[name] = (opened[b"UIDVALIDITY"], {uid: sorted(one.items(), key=str) for uid, one in mails.items()})
    return found


def test_imap_folders_named_after_departments_are_read_and_nothing_there_changes(desk: Desk) -> None:
    branch = desk.branch
    filled(
        branch.dovecot,
        branch.user,
        {
            "INBOX": past_of("outreach", 2),
            "Old mail/Special Collections": past_of("special-collections"),
            "digital-services": [*past_of("digital", 3), b"\xff\xfenot a mail"],
            "Circulaton": past_of("circulation", 1),
            "mailbot": [],  # mailbot's own as well, as the folder above its others
            "mailbot/Routed": past_of("collections", 1),
            "Departments": [],
            "Old mail": [],
        },
    )
    with branch.dovecot.login(branch.user) as client:
        client.select_folder("digital-services")
        client.add_flags([1], [b"\\Flagged", b"\\Seen"])
    before = everything_in(branch.dovecot, branch.user)
    rehearsed = desk.says("import", "imap", "--dry-run")
    said = desk.says("import", "imap")
    assert rehearsed.splitlines()[:-1] == said.splitlines()[:-1]
    assert (row_of(said, "Special Collections"), row_of(said, "Digital Services")) == ([5, 5, 0, 5], [4, 3, 1, 3])
    assert (row_of(said, "Outreach"), row_of(said, "Collections")) == ([0, 0, 0, 0], [0, 0, 0, 0])
    assert "unreadable: ask, digital-services, UID 4: this is no mail message" in said
    assert "named after no department: Circulaton (did you mean circulation?), Old mail\n" in said
    assert everything_in(branch.dovecot, branch.user) == before
    assert row_of(desk.says("import", "imap:digital-services"), "Digital Services") == [4, 0, 4, 3]


def test_one_folder_can_be_named_with_whose_it_is(desk: Desk) -> None:
    branch = desk.branch
    filled(branch.dovecot, branch.user, {"Questions of old": [question(1), question(2)], "digital": [question(3)]})
    said = desk.says("import", "imap:Questions of old", "--department", "reference", "--mailbox", "ask")
    assert row_of(said, "Reference") == [2, 2, 0, 2]
    assert row_of(said, "Digital Services") == [0, 0, 0, 0]
    assert "did you mean 'Questions of old'?" in desk.refuses("import", "imap:Question of old")


def test_where_no_folder_is_named_after_a_department_the_names_are_told(desk: Desk) -> None:
    filled(desk.branch.dovecot, desk.branch.user, {"Archive": [question(1)], "Refrence": [question(2)]})
    said = desk.refuses("import", "imap")
    assert "nothing in it is named after a department (Refrence (did you mean reference?), Archive)" in said
    assert "mailbot import imap:FOLDER --department KEY" in said


def test_a_label_of_a_mail_without_a_date_is_dated_as_the_server_got_it(desk: Desk) -> None:
    raw = question(1).replace(b"Date: Tue, 02 Feb 2027 10:00:00 -0600\r\n", b"")
    at = datetime(2025, 12, 1, 10, tzinfo=UTC)
    with desk.branch.dovecot.login(desk.branch.user) as client:
        client.create_folder("Reference")
        client.append("Reference", raw, msg_time=at)
    desk.says("import", "imap")
    with desk.store() as session:
        assert [one.at for one in session.labels()] == [at]


def test_a_server_that_fails_is_named_and_the_others_are_read(desk: Desk) -> None:
    branch = desk.branch
    filled(branch.dovecot, branch.user, {"Reference": [question(1)]})
    config = branch.config / "mailbot.toml"
    text = config.read_text(encoding="utf-8")
    start = text.index("[[mailboxes]]")
    other = text[start : text.index("[routing]")].replace("@riverbend", "@other").replace('"ask"', '"other"')
    other = other.replace(f"port = {branch.dovecot.imaps_port}", "port = 1").replace("OTHER", "ASK")
    config.write_text(f"{text[:start]}{other}\n{text[start:]}", encoding="utf-8")
    ran = CliRunner().invoke(app, ["import", "imap", "--config", str(branch.config)], env=dict(ENVIRON))
    assert ran.exit_code == 75, (ran.output, ran.exception)
    assert row_of(ran.output, "Reference") == [1, 1, 0, 1]
    assert "nobody listens there" in ran.stderr


def test_a_server_that_is_down_is_said_in_one_line_and_another_time_may_do(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = desk.branch.config / "mailbot.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f"port = {desk.branch.dovecot.imaps_port}", "port = 1"), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["mailbot", "import", "imap", "--config", str(desk.branch.config)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 75
    (line,) = capsys.readouterr().err.splitlines()
    assert "nobody listens there" in line


def test_a_password_that_is_missing_is_said_before_anything_is_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASK_PASSWORD", raising=False)
    ran = CliRunner().invoke(app, ["import", "imap", "--config", str(desk.branch.config)])
    assert isinstance(ran.exception, ConfigError)
    assert "ASK_PASSWORD is not set" in str(ran.exception)
