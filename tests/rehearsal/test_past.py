"""The past weeks of a mailbox, played through the bot on a real Dovecot, with no effect on anything."""

from __future__ import annotations

import mailbox
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailbot.case import Standing
from mailbot.decision import Decision
from mailbot.demo.world import MailWorld
from mailbot.errors import MailbotError
from mailbot.mailbox import Mailbox
from mailbot.rehearsal import Archive, in_files, played
from mailbot.settings import load
from mailbot.writing import Writer
from tests.faults.branch import ENVIRON, Branch, question
from tests.rehearsal.conftest import MONDAY, SURE, Shelf, ago
from tests.servers import Authority, Dovecot, SmtpSink
from tests.stories.player import CONFIG, settings_for
from tests.stories.posts import PASSWORD, EmbeddedPost


def answer(number: int, text: str) -> bytes:
    """The same patron writes again, in the thread of their first mail."""
    first = question(number).decode()
    head = first.split("\r\n\r\n")[0].replace("<question.", "<again.").replace("Subject: ", "Subject: Re: ")
    return f"{head}\r\nIn-Reply-To: <question.{number}@patron.example>\r\n\r\n{text}\r\n".encode()


def decisions(shelf: Shelf, *folders: str) -> list[Decision]:
    return [one.handled.decision for one in shelf.play(shelf.archive(*folders)) if one.handled is not None]


def test_each_mail_is_judged_at_its_own_time(shelf: Shelf) -> None:
    shelf.lay(question(1), ago(20))
    shelf.lay(question(2), ago(6))
    first, second = decisions(shelf)
    assert first.case is not None
    assert second.case is not None
    assert (first.case.opened, second.case.opened) == (ago(20), ago(6))
    for decision, at in ((first, ago(20)), (second, ago(6))):
        assert decision.promise is not None
        assert at < decision.promise.due < at + timedelta(days=5)


def test_a_patrons_second_mail_joins_the_first_and_is_answered_as_a_second_one(shelf: Shelf) -> None:
    shelf.lay(answer(1, "I forgot to say: those of the bridge above all."), ago(3))
    shelf.lay(question(1), ago(4))
    first, second = shelf.play(shelf.archive())
    assert first.handled is not None
    assert second.handled is not None
    assert [letter.kind.value for letter in first.handled.letters] == ["acknowledgement", "forward"]
    assert second.handled.decision.standing is Standing.ADDED
    assert [letter.kind.value for letter in second.handled.letters] == ["update", "forward"]


def test_folders_are_read_as_one_past_oldest_first(shelf: Shelf) -> None:
    for number, (days, folder) in enumerate(((1, "INBOX"), (9, "Archive/2027"), (5, "INBOX"), (7, "Archive/2027"))):
        shelf.lay(question(number), ago(days), folder)
    found = list(shelf.archive("INBOX", "Archive/2027"))
    assert [(one.place, one.at) for one in found] == [
        ("Archive/2027", ago(9)),
        ("Archive/2027", ago(7)),
        ("INBOX", ago(5)),
        ("INBOX", ago(1)),
    ]


def test_only_the_weeks_that_were_asked_for_are_read(shelf: Shelf) -> None:
    shelf.lay(question(1), ago(14) - timedelta(minutes=1))
    shelf.lay(question(2), ago(14))
    assert [one.at for one in shelf.archive(weeks=2)] == [ago(14)]


def test_more_mails_than_are_fetched_at_once_stay_in_order(shelf: Shelf) -> None:
    for number in range(60):
        shelf.lay(question(number), ago(20) + timedelta(hours=(number * 7) % 60), ("INBOX", "Old")[number % 2])
    times = [one.at for one in shelf.archive("INBOX", "Old")]
    assert (len(times), times) == (60, sorted(times))


def test_a_mail_that_lies_in_two_folders_is_played_once(shelf: Shelf) -> None:
    shelf.lay(question(1), ago(5))
    shelf.lay(question(1), ago(5), "Archive")
    first, copy = shelf.play(shelf.archive("INBOX", "Archive"))
    assert (first.handled is None, copy.handled, copy.problem) == (False, None, "")


def test_a_mail_that_the_server_cannot_read_is_told_of_and_holds_up_no_other(
    authority: Authority, sink: SmtpSink, tmp_path: Path
) -> None:
    with Dovecot(authority) as dovecot:
        shelf = Shelf(Branch(tmp_path / "branch", dovecot, sink))
        for number in range(3):
            shelf.lay(question(number), ago(3 - number))
        (file,) = (path for path in dovecot.folder.glob("mail/*/Maildir/*/*") if b"question.1@" in path.read_bytes())
        file.chmod(0)
        assert ["does not hand it out" in one.problem for one in shelf.play(shelf.archive())] == [False, True, False]


def test_a_folder_that_is_not_there_is_named_beside_those_that_are(shelf: Shelf) -> None:
    shelf.lay(question(1), ago(1), "Archive")
    archive = shelf.archive("Archiv")
    assert list(archive) == []
    (problem,) = archive.problems
    assert "there is no folder “Archiv”; there are Archive, INBOX" in problem
    assert not archive.by_itself


def test_a_server_that_is_down_is_a_problem_that_may_pass(authority: Authority, sink: SmtpSink, tmp_path: Path) -> None:
    with Dovecot(authority) as dovecot:
        shelf = Shelf(Branch(tmp_path / "branch", dovecot, sink))
        dovecot.stop()
        archive = shelf.archive()
        assert (list(archive), archive.by_itself, len(archive.problems)) == ([], True, 1)


def test_an_examined_mailbox_opens_for_work_again(shelf: Shelf) -> None:
    shelf.lay(question(1), ago(1), "Archive")
    inbox = Mailbox(shelf.branch.settings().mailboxes[0].imap, lambda: PASSWORD)
    inbox.examine("Archive")
    assert len(inbox.lying(ago(3).date())) == 1
    assert inbox.open() > 0
    assert inbox.uids() == []
    shelf.branch.put(question(2))
    inbox.move(inbox.uids(), "mailbot/Routed")
    inbox.close()
    assert len(shelf.branch.dovecot.messages(shelf.branch.user, "mailbot/Routed")) == 1


def test_the_embedded_servers_can_be_rehearsed_on_too(tmp_path: Path) -> None:
    with MailWorld({"ask": PASSWORD}) as world:
        world.deliver("ask", question(1))
        settings = settings_for(EmbeddedPost(world), tmp_path)
        archive = Archive(settings.mailboxes, ("INBOX",), ago(4000), ENVIRON)
        (one,) = played(archive, settings, SURE, Writer())
    assert one.handled is not None
    assert len(one.handled.letters) == 2


def test_files_and_mboxes_are_played_by_their_date(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "old.mbox")
    box.add(question(1).replace(b"Tue, 02 Feb", b"Thu, 04 Feb"))
    box.add(question(2))
    box.close()
    (tmp_path / "one.eml").write_bytes(question(3).replace(b"Tue, 02 Feb", b"Wed, 03 Feb"))
    before = (tmp_path / "old.mbox").read_bytes()
    settings = load(CONFIG, ENVIRON)
    past = in_files([tmp_path / "old.mbox", tmp_path / "one.eml"], "ask", datetime(2027, 3, 8, tzinfo=UTC))
    found = [one.handled for one in played(past, settings, SURE, Writer())]
    assert [one.understood.message.message_id[10:11] for one in found if one is not None] == ["2", "3", "1"]
    assert (tmp_path / "old.mbox").read_bytes() == before


def test_a_sentence_that_begins_with_from_ends_no_mail_of_an_mbox(tmp_path: Path) -> None:
    first = (
        question(1).replace(b"\r\n", b"\n")
        + b"From the reading room I would like to order more.\n>From now on, too.\n\n"
    )
    box = tmp_path / "old.mbox"
    box.write_bytes(
        b"From pat@patron.example Tue Feb  2 10:00:00 2027\n" + first + b"From MAILER-DAEMON\n" + question(2)
    )
    one, two = in_files([box], "ask", MONDAY)
    assert one.raw == first.replace(b">From", b"From")
    assert two.raw == question(2)


def test_a_file_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(MailbotError, match="there is no such file"):
        list(in_files([tmp_path / "nothing.mbox"], "ask", MONDAY))


def test_maildirs_and_folders_of_mboxes_are_played_as_import_reads_them(tmp_path: Path) -> None:
    maildir = tmp_path / "past" / "Maildir"
    for leaf in ("cur", "new", "tmp"):
        (maildir / leaf).mkdir(parents=True)
    (maildir / "cur" / "1:2,S").write_bytes(question(1))
    (maildir / "new" / "2").write_bytes(question(2).replace(b"Tue, 02 Feb", b"Mon, 01 Feb"))
    box = mailbox.mbox(tmp_path / "past" / "old.mbox")
    box.add(question(3).replace(b"Tue, 02 Feb", b"Sun, 31 Jan"))
    box.close()
    past = list(in_files([tmp_path / "past"], "ask", datetime(2027, 3, 8, tzinfo=UTC)))
    assert [b"Patron %d" % number in one.raw for number, one in zip((3, 2, 1), past, strict=True)] == [True] * 3
    assert [one.problem for one in past] == ["", "", ""]


def test_a_mail_that_is_moved_within_its_maildir_meanwhile_is_said_to_be_gone(tmp_path: Path) -> None:
    for leaf in ("cur", "new", "tmp"):
        (tmp_path / leaf).mkdir()
    for name, number in (("1", 1), ("2", 2)):
        (tmp_path / "new" / name).write_bytes(question(number))
    past = in_files([tmp_path], "ask", MONDAY)
    first = next(past)
    (tmp_path / "new" / "2").rename(tmp_path / "cur" / "2:2,S")
    assert (first.problem, [one.problem for one in past]) == ("", ["it is no longer in the file"])


def test_a_folder_without_mail_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(MailbotError, match="holds no maildir"):
        list(in_files([tmp_path], "ask", MONDAY))
