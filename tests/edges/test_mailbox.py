"""The IMAP edge against a real Dovecot, in all its moods."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.errors import Refused, Unreachable
from mailbot.mailbox import Mailbox, _Names, reconnect_after
from mailbot.settings import Server
from tests.servers import Authority, Dovecot, FaultProxy, Faults


def mail(number: int = 1, body: str = "Do you have scores?") -> bytes:
    return f"From: pat@patron.example\r\nSubject: Question {number}\r\n\r\n{body}\r\n".encode()


def opened(server: Server, secret: str = Dovecot.password) -> Mailbox:
    mailbox = Mailbox(server, lambda: secret)
    mailbox.open()
    return mailbox


@pytest.fixture
def mailbox(dovecot: Dovecot, user: str) -> Iterator[Mailbox]:
    made = opened(dovecot.server(user))
    yield made
    made.close()


@pytest.fixture
def through(dovecot: Dovecot, user: str, proxy_to: Callable[[int], FaultProxy]) -> tuple[FaultProxy, Server]:
    """A proxy before the user's mailbox, and the way through it, with little patience."""
    proxy = proxy_to(dovecot.imaps_port)
    return proxy, replace(dovecot.server(user), port=proxy.port, timeout=2.0)


def test_mail_is_listed_fetched_and_stays_unread(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    assert mailbox.uids() == []
    dovecot.put(user, mail(1), mail(2))
    first, second = mailbox.fetch(mailbox.uids())
    assert (first.raw, second.raw) == (mail(1), mail(2))
    assert abs(first.internal_date - datetime.now(UTC)).total_seconds() < 3600
    with dovecot.login(user) as client:
        client.select_folder("INBOX")
        assert len(client.search("UNSEEN")) == 2


def test_uidvalidity_is_the_same_after_reconnecting(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    validity = mailbox.open()
    mailbox.close()
    assert validity > 0
    assert mailbox.open() == validity


def test_opening_an_open_mailbox_keeps_the_connection(through: tuple[FaultProxy, Server]) -> None:
    proxy, server = through
    mailbox = opened(server)
    mailbox.open()
    mailbox.uids()
    mailbox.open()
    mailbox.close()
    assert proxy.connections == 1


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_every_kind_of_line_carries_mail(dovecot: Dovecot, user: str, security: str) -> None:
    mailbox = opened(dovecot.server(user, security))
    dovecot.put(user, mail())
    assert [arrival.raw for arrival in mailbox.fetch(mailbox.uids())] == [mail()]
    mailbox.close()


def test_vanished_messages_are_just_missing(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    dovecot.put(user, mail(1), mail(2))
    first, second = mailbox.uids()
    with dovecot.login(user) as client:
        client.select_folder("INBOX")
        client.delete_messages([first])
        client.expunge()
    assert mailbox.uids() == [second]
    assert [arrival.uid for arrival in mailbox.fetch([first, second, 9999])] == [second]
    mailbox.move([first, second, 9999], "mailbot/Routed")
    assert mailbox.uids() == []
    assert dovecot.messages(user, "mailbot/Routed") == [mail(2)]


def test_of_a_message_larger_than_the_limit_only_its_beginning_is_fetched(
    dovecot: Dovecot, user: str, mailbox: Mailbox
) -> None:
    big = mail(1, "x" * 70 + "\r\n" + "y" * 5_000_000)
    dovecot.put(user, big, mail(2))
    first, second = mailbox.fetch(mailbox.uids(), limit=1000)
    assert (first.raw, second.raw) == (big[:1000], mail(2))
    assert mailbox.fetch([first.uid])[0].raw == big


def test_mail_is_portioned_by_number_and_size(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    small, large = mail(1), mail(2, "x" * 10_000)
    dovecot.put(user, small, small, small, large, small, small)
    uids = mailbox.uids()
    portions = mailbox.portions([*uids, 9999], messages=2, octets=5000)
    assert portions == [uids[:2], uids[2:3], uids[3:4], uids[4:]]
    assert mailbox.portions([], messages=2, octets=5000) == []


def test_very_many_messages_are_listed_by_ranges(dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.mailbox._CROWD", 10)
    dovecot.put(user, *[mail(number) for number in range(35)])
    mailbox = opened(dovecot.server(user))
    uids = mailbox.uids()
    assert len(uids) == 35
    mailbox.move(uids[5:30], "mailbot/Routed")
    assert mailbox.uids() == uids[:5] + uids[30:]
    mailbox.close()


def test_eight_bit_and_odd_bytes_come_as_they_lie_there(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    odd = b"Subject: caf\xe9 \xff\r\n\r\nna\xefve\r\n.\r\n) A1 OK done\r\n* 1 EXISTS\r\n{5}\r\n"
    dovecot.put(user, odd, b"Subject: empty\r\n\r\n")
    assert [arrival.raw for arrival in mailbox.fetch(mailbox.uids())] == [odd, b"Subject: empty\r\n\r\n"]


def test_a_folder_that_is_only_read_keeps_every_flag_and_lets_nothing_be_moved(dovecot: Dovecot, user: str) -> None:
    with dovecot.login(user) as client:
        client.create_folder("Old mail/Reference")
    dovecot.put(user, mail(1), mail(2), folder="Old mail/Reference")
    box = Mailbox(dovecot.server(user), lambda: Dovecot.password, folder="Old mail/Reference", read_only=True)
    validity = box.open()
    assert [arrival.raw for arrival in box.fetch(box.uids())] == [mail(1), mail(2)]
    with pytest.raises(Refused, match="opened to be read"):
        box.move(box.uids(), "Elsewhere")
    assert (box.open(), len(box.uids())) == (validity, 2)
    box.close()
    with dovecot.login(user) as client:
        client.select_folder("Old mail/Reference", readonly=True)
        flags = client.fetch(client.search(), ["FLAGS"])
    assert [one[b"FLAGS"] for one in flags.values()] == [(b"\\Recent",)] * 2


def test_more_messages_than_fit_one_command(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    sent = [mail(number) for number in range(450)]
    dovecot.put(user, *sent)
    uids = mailbox.uids()
    assert [arrival.raw for arrival in mailbox.fetch(reversed(uids))] == sent
    mailbox.move(uids, "mailbot/Routed")
    assert (mailbox.uids(), len(dovecot.messages(user, "mailbot/Routed"))) == ([], 450)


def test_folders_are_made_with_all_above_them_and_subscribed(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    dovecot.put(user, mail())
    mailbox.move(mailbox.uids(), "mailbot/Größe & Ähnliches/日本")
    names = ["mailbot", "mailbot/Größe & Ähnliches", "mailbot/Größe & Ähnliches/日本"]
    assert mailbox.folders() == ["INBOX", *names]
    with dovecot.login(user) as client:
        assert sorted(name for _, _, name in client.list_sub_folders()) == names
    assert dovecot.messages(user, names[-1]) == [mail()]


def test_a_folder_removed_meanwhile_is_made_again(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    dovecot.put(user, mail(1), mail(2))
    first, second = mailbox.uids()
    mailbox.move([first], "mailbot/Held")
    with dovecot.login(user) as client:
        client.delete_folder("mailbot/Held")
    mailbox.move([second], "mailbot/Held")
    assert dovecot.messages(user, "mailbot/Held") == [mail(2)]


@pytest.mark.parametrize(("separator", "prefix"), [(".", ""), (".", "INBOX."), ("/", "INBOX/")])
def test_the_servers_own_separator_and_prefix_are_used(authority: Authority, separator: str, prefix: str) -> None:
    with Dovecot(authority, separator=separator, prefix=prefix) as server:
        mailbox = opened(server.server("pat"))
        server.put("pat", mail(1), mail(2))
        first, second = mailbox.uids()
        mailbox.move([first], "mailbot/Routed")
        mailbox.move([second], f"{prefix}mailbot{separator}Routed")
        assert "mailbot/Routed" in mailbox.folders()
        mailbox.close()
        assert server.messages("pat", f"{prefix}mailbot{separator}Routed") == [mail(1), mail(2)]


@pytest.mark.parametrize(
    "hidden", [("MOVE",), ("MOVE", "UIDPLUS"), ("MOVE", "UIDPLUS", "NAMESPACE", "IDLE", "LITERAL+", "CONDSTORE")]
)
def test_servers_that_can_do_less_still_file_mail(authority: Authority, hidden: tuple[str, ...]) -> None:
    with Dovecot(authority, hidden=hidden) as server:
        server.put("pat", mail(1), mail(2))
        mailbox = opened(server.server("pat"))
        first, second = mailbox.uids()
        mailbox.move([first], "mailbot/Routed")
        assert mailbox.uids() == [second]
        assert server.messages("pat") == [mail(2)]
        assert server.messages("pat", "mailbot/Routed") == [mail(1)]
        mailbox.close()


def test_what_staff_marked_as_deleted_is_not_expunged_with_ours(authority: Authority) -> None:
    with Dovecot(authority, hidden=("MOVE", "UIDPLUS")) as server:
        server.put("pat", mail(1), mail(2))
        mailbox = opened(server.server("pat"))
        first, second = mailbox.uids()
        with server.login("pat") as client:
            client.select_folder("INBOX")
            client.delete_messages([second])
        mailbox.move([first], "mailbot/Routed")
        assert mailbox.uids() == []
        assert server.messages("pat") == [mail(1), mail(2)]
        mailbox.close()


def test_a_message_of_our_own_is_put_into_a_folder(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    mailbox.append("mailbot/Letters", mail())
    mailbox.append("INBOX", mail(2))
    assert (dovecot.messages(user, "mailbot/Letters"), len(mailbox.uids())) == ([mail()], 1)


def test_waiting_ends_when_mail_comes(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    mailbox.uids()
    assert mailbox.supports_idle
    later = threading.Timer(0.5, dovecot.put, (user, mail()))
    later.start()
    assert mailbox.wait(60, threading.Event())
    assert len(mailbox.uids()) == 1
    later.join()


def test_mail_that_was_announced_during_other_commands_is_not_slept_over(
    dovecot: Dovecot, user: str, mailbox: Mailbox
) -> None:
    dovecot.put(user, mail(1))
    uids = mailbox.uids()
    dovecot.put(user, mail(2))
    mailbox.move(uids, "mailbot/Routed")
    assert mailbox.wait(60, threading.Event())


def test_mail_is_announced_once(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    dovecot.put(user, mail(1))
    assert mailbox.wait(60, threading.Event())
    assert not mailbox.wait(0.2, threading.Event())
    later = threading.Timer(0.3, dovecot.put, (user, mail(2)))
    later.start()
    assert mailbox.wait(60, threading.Event())
    later.join()
    assert not mailbox.wait(0.2, threading.Event())


def test_waiting_ends_when_it_is_told_to_or_the_time_is_over(mailbox: Mailbox) -> None:
    mailbox.uids()
    stop = threading.Event()
    later = threading.Timer(0.3, stop.set)
    later.start()
    assert not mailbox.wait(60, stop)
    later.join()
    assert not mailbox.wait(0.3, threading.Event())
    assert mailbox.uids() == []


def test_without_idle_waiting_looks_once_at_the_end(authority: Authority) -> None:
    with Dovecot(authority, hidden=("IDLE",)) as server:
        mailbox = opened(server.server("pat"))
        assert not mailbox.supports_idle
        mailbox.uids()
        later = threading.Timer(0.2, server.put, ("pat", mail()))
        later.start()
        assert mailbox.wait(1.5, threading.Event())
        later.join()
        mailbox.uids()
        stop = threading.Event()
        stop.set()
        assert not mailbox.wait(60, stop)
        mailbox.close()


def test_a_line_broken_into_single_bytes_carries_everything(
    dovecot: Dovecot, user: str, through: tuple[FaultProxy, Server]
) -> None:
    proxy, server = through
    proxy.faults = Faults(fragment=1)
    mailbox = opened(server)
    mailbox.uids()
    later = threading.Timer(0.3, dovecot.put, (user, mail()))
    later.start()
    assert mailbox.wait(30, threading.Event())
    later.join()
    assert [arrival.raw for arrival in mailbox.fetch(mailbox.uids())] == [mail()]
    mailbox.close()


@pytest.mark.parametrize("way", ["up", "down", "both"])
def test_a_line_that_swallows_everything_is_given_up_and_opened_again(
    through: tuple[FaultProxy, Server], way: str
) -> None:
    proxy, server = through
    mailbox = opened(server)
    proxy.faults = Faults(black_hole=way)
    with pytest.raises(Unreachable, match="no answer within 2 seconds"):
        mailbox.uids()
    with pytest.raises(Unreachable, match="no answer within 2 seconds"):
        mailbox.open()
    proxy.faults = Faults()
    mailbox.open()
    assert mailbox.uids() == []
    mailbox.close()


def test_a_line_cut_while_waiting_is_noticed(through: tuple[FaultProxy, Server]) -> None:
    proxy, server = through
    mailbox = opened(server)
    mailbox.uids()
    later = threading.Timer(0.4, proxy.cut)
    later.start()
    with pytest.raises(Unreachable, match="the line broke"):
        mailbox.wait(60, threading.Event())
    later.join()
    with pytest.raises(Unreachable, match="opened again"):
        mailbox.uids()
    mailbox.open()
    assert mailbox.uids() == []
    mailbox.close()


def test_a_line_cut_while_nobody_looked_is_replaced_by_open(through: tuple[FaultProxy, Server]) -> None:
    proxy, server = through
    mailbox = opened(server)
    proxy.cut()
    mailbox.open()
    assert (mailbox.uids(), proxy.connections) == ([], 2)
    mailbox.close()


@pytest.mark.parametrize("bytes_passed", [1, 100, 700, 2000, 5000])
def test_a_line_reset_at_any_point_is_unreachable(
    dovecot: Dovecot, user: str, through: tuple[FaultProxy, Server], bytes_passed: int
) -> None:
    dovecot.put(user, *[mail(number, "Scores? " * 300) for number in range(50)])
    proxy, server = through
    proxy.faults = Faults(reset_after_down=bytes_passed)
    mailbox = Mailbox(server, lambda: Dovecot.password)
    with pytest.raises(Unreachable):  # noqa: PT012 - where it breaks depends on the server's chattiness
        mailbox.open()
        mailbox.fetch(mailbox.uids())
    proxy.faults = Faults()
    mailbox.open()
    assert len(mailbox.fetch(mailbox.uids())) == 50
    mailbox.close()


@pytest.mark.parametrize("bytes_passed", [20, 60, 90, 120, 150, 180, 210, 260, 320, 400])
def test_a_line_reset_while_filing_loses_and_doubles_nothing(
    dovecot: Dovecot, user: str, through: tuple[FaultProxy, Server], bytes_passed: int
) -> None:
    sent = [mail(number) for number in range(20)]
    dovecot.put(user, *sent)
    proxy, server = through
    mailbox = opened(server)
    uids = mailbox.uids()
    proxy.faults = Faults(reset_after_up=proxy.passed_up + bytes_passed)
    with suppress(Unreachable):
        mailbox.move(uids, "mailbot/Routed")
    proxy.faults = Faults()
    mailbox.open()
    mailbox.move(mailbox.uids(), "mailbot/Routed")
    mailbox.close()
    assert (dovecot.messages(user), sorted(dovecot.messages(user, "mailbot/Routed"))) == ([], sorted(sent))


@pytest.mark.parametrize(
    ("separator", "prefix"), [("/", ""), (".", ""), (".", "INBOX."), ("/", "INBOX/"), ("|", "Mail|")]
)
@given(parts=st.lists(st.text("abcXYZ äß日&-_ ", min_size=1).filter(str.strip), min_size=1, max_size=4))
def test_a_folder_has_one_name_here_and_there(separator: str, prefix: str, parts: list[str]) -> None:
    names, folder = _Names(prefix, separator), "/".join(parts)
    target = names.theirs(folder)
    assert target.startswith(prefix)
    assert names.ours(target) == folder
    assert names.theirs(target) == target
    assert names.levels(target)[-1] == target
    assert len(names.levels(target)) == len(parts)


def test_a_server_restarted_in_the_middle_is_found_again(authority: Authority) -> None:
    with Dovecot(authority) as server:
        server.put("pat", mail())
        mailbox = opened(server.server("pat"))
        validity, uids = mailbox.open(), mailbox.uids()
        server.stop()
        with pytest.raises(Unreachable):
            mailbox.move(uids, "mailbot/Routed")
        with pytest.raises(Unreachable, match="nobody listens"):
            mailbox.open()
        server.start()
        assert mailbox.open() == validity
        mailbox.move(uids, "mailbot/Routed")
        assert mailbox.uids() == []
        mailbox.close()


def test_a_wrong_password_is_refused_and_never_shown(dovecot: Dovecot, user: str) -> None:
    settings = replace(dovecot.server(user), password_file=None, password_env="ASK_PASSWORD")
    with pytest.raises(Refused, match="ASK_PASSWORD") as refusal:
        Mailbox(settings, lambda: "hunter2").open()
    assert "hunter2" not in str(refusal.value)
    assert f"“{user}”" in str(refusal.value)


def test_a_password_of_any_characters_is_handed_over_whole(authority: Authority) -> None:
    odd = 'pä"ss\\ wörd%'
    server = Dovecot(authority)
    users = server.folder / "users"
    users.write_text(f"pat:{{PLAIN}}{odd}::::::\n", encoding="utf-8")
    users.chmod(0o644)
    server.more = f"passdb {{\n driver = passwd-file\n args = scheme=PLAIN {users}\n}}"
    with server:
        opened(server.server("pat"), odd).close()


def test_a_token_opens_the_mailbox_and_a_bad_one_does_not(dovecot: Dovecot, user: str) -> None:
    server = dovecot.server(user, token=True)
    mailbox = opened(server, f"good-{user}")
    assert mailbox.uids() == []
    mailbox.close()
    with pytest.raises(Refused, match="token") as refusal:
        opened(server, "bad-token")
    assert "bad-token" not in str(refusal.value)


def test_a_token_is_taken_by_oauthbearer_where_there_is_nothing_else(authority: Authority) -> None:
    with Dovecot(authority, more="auth_mechanisms = plain oauthbearer") as server:
        opened(server.server("pat", token=True), "good-pat").close()
        with pytest.raises(Refused, match="token"):
            opened(server.server("pat", token=True), "bad-token")


def test_a_certificate_of_a_strange_authority_is_refused(dovecot: Dovecot, user: str, authority: Authority) -> None:
    for security in ("tls", "starttls"):
        with pytest.raises(Refused, match="certificate"):
            opened(dovecot.server(user, security, ca_file=authority.strange_ca_file))


def test_a_certificate_for_another_host_is_refused(authority: Authority) -> None:
    with Dovecot(authority, other_name=True) as server, pytest.raises(Refused, match="certificate"):
        opened(server.server("pat"))


def test_tls_on_a_port_that_speaks_none_is_explained(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(Refused, match="no TLS is spoken"):
        opened(replace(dovecot.server(user), port=dovecot.imap_port))


def test_unencrypted_is_for_this_machine_only() -> None:
    with pytest.raises(Refused, match="only for this machine"):
        Mailbox(Server("imap.riverbend.example", 143, "none"), str).open()


def test_a_ca_file_that_is_none_is_refused(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(Refused, match="ca_file"):
        opened(dovecot.server(user, ca_file=dovecot.folder / "nowhere.pem"))


def test_a_server_that_wants_a_login_says_so_where_none_is_configured(dovecot: Dovecot) -> None:
    with pytest.raises(Refused, match="asks for a login"):
        opened(dovecot.server(""))


def test_an_unknown_host_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="no address is known"):
        Mailbox(Server("imap.invalid", 993, "tls"), str).open()


def test_a_server_that_speaks_something_else_is_no_mailbox(sink_port: int) -> None:
    with pytest.raises(Unreachable):
        Mailbox(Server("localhost", sink_port, "none", timeout=2.0), str).open()


@pytest.fixture
def sink_port(sink: object) -> int:
    return int(sink.port)  # type: ignore[attr-defined]


def test_one_message_that_the_server_cannot_read_does_not_hold_up_the_others(
    dovecot: Dovecot, user: str, mailbox: Mailbox
) -> None:
    dovecot.put(user, mail(1), mail(2), mail(3))
    first, second, third = mailbox.uids()
    (file,) = [path for path in (dovecot.folder / "mail" / user / "Maildir").glob("*/*") if _holds(path, mail(2))]
    file.chmod(0)
    try:
        reached = []
        for uid in (first, second, third):
            try:
                mailbox.open()
                reached += [arrival.uid for arrival in mailbox.fetch([uid])]
            except (Refused, Unreachable):
                continue
        assert reached == [first, third]
    finally:
        file.chmod(0o600)


def _holds(path: Path, raw: bytes) -> bool:
    return path.read_bytes() == raw.replace(b"\r\n", b"\n")


def test_a_folder_that_may_not_be_made_is_refused(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    dovecot.put(user, mail())
    home = dovecot.folder / "mail" / user / "Maildir"
    home.chmod(0o500)
    try:
        with pytest.raises((Refused, Unreachable), match="mailbot/Routed"):
            mailbox.move(mailbox.uids(), "mailbot/Routed")
    finally:
        home.chmod(0o700)
    mailbox.open()
    assert len(mailbox.uids()) == 1


def test_closing_never_fails(dovecot: Dovecot, user: str, through: tuple[FaultProxy, Server]) -> None:
    proxy, server = through
    mailbox = opened(server)
    proxy.stop()
    mailbox.close()
    mailbox.close()


def test_waiting_longer_after_each_failure_but_never_too_long() -> None:
    assert [reconnect_after(attempt) for attempt in (1, 2, 3, 9, 10, 1000)] == [1, 2, 4, 256, 300, 300]


@given(st.integers())
def test_any_number_of_failures_has_its_wait(attempt: int) -> None:
    assert 1 <= reconnect_after(attempt) <= 300


def test_a_thousand_rounds_leave_nothing_behind_in_memory(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    for number in range(30):
        dovecot.put(user, mail(number))
        mailbox.move(mailbox.uids(), "mailbot/Routed")
    client = mailbox._client
    assert client is not None
    assert client._imap.untagged_responses == {}
