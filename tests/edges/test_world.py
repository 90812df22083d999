"""The mail world of the demo, seen through the edges that real servers are seen through."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from imapclient import IMAPClient

from mailbot.accounts import Server
from mailbot.delivery import Delivery, Parcel
from mailbot.demo.world import MailWorld, Sent
from mailbot.errors import DeliveryFailure, Refused, Unreachable
from mailbot.mailbox import Mailbox

ASK = "ask@riverbend.example"


def mail(number: int = 1) -> bytes:
    return f"From: pat@patron.example\r\nTo: {ASK}\r\nSubject: {number}\r\n\r\nScores?\r\n".encode()


@pytest.fixture
def world() -> Iterator[MailWorld]:
    with MailWorld({"ask": "demo", "special@riverbend.example": "demo"}) as made:
        yield made


def server(port: int, user: str = "", security: str = "none") -> Server:
    return Server("127.0.0.1", port, security, user, timeout=5.0)


@pytest.fixture
def mailbox(world: MailWorld) -> Iterator[Mailbox]:
    made = Mailbox(server(world.imap_port, "ask"), lambda: "demo")
    made.open()
    yield made
    made.close()


@pytest.fixture
def delivery(world: MailWorld) -> Iterator[Delivery]:
    made = Delivery(server(world.smtp_port), str, fallback_sender=ASK)
    yield made
    made.close()


def deliver(through: Delivery, *parcels: Parcel) -> list[DeliveryFailure | None]:
    outcome: list[DeliveryFailure | None] = []
    through.deliver(parcels, lambda _, failure: outcome.append(failure))
    return outcome


def test_mail_is_read_and_filed(world: MailWorld, mailbox: Mailbox) -> None:
    uids = [world.deliver("ask", mail(number)) for number in (1, 2)]
    assert mailbox.uids() == uids
    first, second = mailbox.fetch(uids)
    assert (first.raw, second.raw) == (mail(1), mail(2))
    assert abs((first.internal_date - datetime.now(UTC)).total_seconds()) < 3600
    mailbox.move([first.uid], "mailbot/Größe")
    assert mailbox.uids() == [second.uid]
    assert world.letters("ask", "mailbot/Größe") == [mail(1)]
    assert mailbox.folders() == ["INBOX", "mailbot", "mailbot/Größe"]


def test_odd_bytes_come_as_they_were_sent(world: MailWorld, mailbox: Mailbox) -> None:
    odd = [b"", b"\r\n", b"no header", b"Subject: caf\xe9\xff\r\n\r\n\x00\xfe\r\n.\r\n", b"a: b\n\nbare\rends\n"]
    for raw in odd:
        world.deliver("ask", raw)
    assert [arrival.raw for arrival in mailbox.fetch(mailbox.uids())] == odd
    assert world.letters("ask") == odd


def test_waiting_ends_when_mail_comes(world: MailWorld, mailbox: Mailbox) -> None:
    assert mailbox.supports_idle
    mailbox.uids()
    later = threading.Timer(0.3, world.deliver, ("ask", mail()))
    later.start()
    assert mailbox.wait(30, threading.Event())
    later.join()
    assert len(mailbox.uids()) == 1


def test_letters_reach_the_mailboxes_of_staff_and_of_patrons_nobody_knew(world: MailWorld, delivery: Delivery) -> None:
    letters = [
        Parcel(1, ASK, "special@riverbend.example", mail(1)),
        Parcel(2, "", "pat@patron.example", mail(2)),
        Parcel(3, "pat@patron.example", "Ask@Riverbend.example", mail(3)),
    ]
    assert deliver(delivery, *letters) == [None, None, None]
    assert sorted(world.sent) == sorted(Sent(letter.sender, (letter.to,), letter.data) for letter in letters)
    assert world.letters("special@riverbend.example")[0].endswith(mail(1))
    assert world.letters("pat@patron.example")[0].startswith(b"Return-Path: <>\r\n")
    assert world.letters("ask")[0].endswith(mail(3))
    patron = Mailbox(server(world.imap_port, "pat@patron.example"), lambda: "demo")
    patron.open()
    assert len(patron.uids()) == 1
    patron.close()


def test_keywords_are_kept(world: MailWorld, mailbox: Mailbox) -> None:
    world.deliver("ask", mail())
    with IMAPClient("127.0.0.1", world.imap_port, ssl=False) as client:
        client.login("ask", "demo")
        client.select_folder("INBOX")
        client.add_flags(client.search(), ["$Forwarded", "circulation"])
    with IMAPClient("127.0.0.1", world.imap_port, ssl=False) as client:
        client.login("ask", "demo")
        client.select_folder("INBOX")
        assert len(client.search(["KEYWORD", "circulation"])) == 1


def test_mail_and_uidvalidity_outlast_a_stop(world: MailWorld, mailbox: Mailbox, delivery: Delivery) -> None:
    validity = mailbox.open()
    uid = world.deliver("ask", mail())
    deliver(delivery, Parcel(1, ASK, "pat@patron.example", mail()))
    ports = world.imap_port, world.smtp_port
    world.stop()
    with pytest.raises(Unreachable):
        mailbox.uids()
    with pytest.raises(Unreachable):
        deliver(delivery, Parcel(2, ASK, "pat@patron.example", mail()))
    world.start()
    assert (world.imap_port, world.smtp_port) == ports
    assert (mailbox.open(), mailbox.uids()) == (validity, [uid])
    assert deliver(delivery, Parcel(2, ASK, "pat@patron.example", mail())) == [None]


def test_a_new_world_has_new_uidvalidities(mailbox: Mailbox) -> None:
    with MailWorld({"ask": "demo"}) as other:
        elsewhere = Mailbox(server(other.imap_port, "ask"), lambda: "demo")
        assert elsewhere.open() != mailbox.open()
        elsewhere.close()


def test_a_wrong_password_is_refused(world: MailWorld) -> None:
    with pytest.raises(Refused, match="could not log in"):
        Mailbox(server(world.imap_port, "ask"), lambda: "guess").open()


def test_a_server_without_starttls_gets_no_password(world: MailWorld) -> None:
    with pytest.raises(Refused, match="no encryption"):
        Mailbox(server(world.imap_port, "ask", "starttls"), lambda: pytest.fail("asked for the password")).open()


def test_a_port_that_is_taken_is_an_error(world: MailWorld) -> None:
    other = MailWorld({}, imap_port=world.imap_port)
    with pytest.raises(OSError, match="in use"):
        other.start()
    other.close()


def test_a_hundred_letters_and_a_hundred_messages(world: MailWorld, mailbox: Mailbox, delivery: Delivery) -> None:
    letters = [Parcel(number, "pat@patron.example", ASK, mail(number)) for number in range(100)]
    assert deliver(delivery, *letters) == [None] * 100
    arrivals = mailbox.fetch(mailbox.uids())
    assert len(arrivals) == 100
    mailbox.move([arrival.uid for arrival in arrivals], "mailbot/Routed")
    assert (mailbox.uids(), len(world.letters("ask", "mailbot/Routed"))) == ([], 100)
