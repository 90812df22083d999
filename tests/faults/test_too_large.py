"""Mail that is larger than servers take: staff get all but the largest files, and hear where those lie."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

from sqlalchemy import update

from mailbot.store import tables
from mailbot.worker import Worker
from tests.faults.branch import ENVIRON, Branch
from tests.faults.test_poison import NobodyKnows
from tests.servers import SmtpSink
from tests.stories.letters import parsed, plain_text


def test_a_file_that_no_server_would_take_stays_in_the_mailbox_and_the_note_says_where(
    found: Callable[..., Branch], sink: SmtpSink
) -> None:
    branch = found(more="[worker]\nlargest_mail = 1\n")
    branch.put(large_mail())
    with Worker.open(branch.settings(), classifier=NobodyKnows(), environ=ENVIRON) as worker:
        assert worker.run_once().problems == ()
    forward = next(one for one in map(parsed, sink.received) if one["X-Mailbot-Letter"] == "forward")
    note = " ".join(plain_text(forward).split())
    assert "Too large to send on, so left out here: flood.tif (2 MB)." in note
    assert "ask@riverbend.example, folder mailbot/Held, Message-ID <flood@patron.example>" in note
    assert [part.get_filename() for part in forward.walk() if part.get_filename()] == ["map.png"]
    (filed,) = branch.dovecot.messages(branch.user, "mailbot/Held")
    assert b"flood.tif" in filed


def test_where_its_mailbox_is_no_longer_read_the_note_says_what_that_was_called(
    found: Callable[..., Branch], sink: SmtpSink
) -> None:
    branch = found(more="[worker]\nlargest_mail = 1\n")
    branch.put(large_mail())
    with Worker.open(branch.settings(), classifier=NobodyKnows(), environ=ENVIRON) as worker:
        worker.run_once()
        with worker.store.writing() as session:
            session.connection.execute(update(tables.messages).values(mailbox="formerly"))
            ref = session.cases()[0].case.ref
    with Worker.open(branch.settings(), classifier=NobodyKnows(), environ=ENVIRON) as worker:
        worker._handler.reroute(ref, "special")
        assert worker.run_once().problems == ()
    moved = [one for one in map(parsed, sink.received) if one["X-Mailbot-Letter"] == "forward"][-1]
    assert "formerly, folder mailbot/Held" in " ".join(plain_text(moved).split())


def large_mail() -> bytes:
    """A question with a small file, and with one that no server would take."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Pat <pat@patron.example>", "ask@riverbend.example", "The flood"
    mail["Message-ID"] = "<flood@patron.example>"
    mail.set_content("Is this the flood of 1951?")
    mail.add_attachment(b"small", maintype="image", subtype="png", filename="map.png")
    mail.add_attachment(bytes(2_000_000), maintype="image", subtype="tiff", filename="flood.tif")
    return mail.as_bytes(policy=SMTP)
