"""The SMTP edge against a sink in all its moods, against Postfix, and through a line that breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.accounts import Server
from mailbot.delivery import Delivery, Parcel, _dotted
from mailbot.errors import DeliveryFailure, Refused, Unreachable
from tests.servers import Authority, Dovecot, FaultProxy, Faults, Postfix, SmtpSink
from tests.servers.sink import DROP, HANG

ASK = "ask@riverbend.example"


def parcel(number: int, to: str = "special@riverbend.example", sender: str = ASK, body: str = "Scores") -> Parcel:
    return Parcel(number, sender, to, f"Subject: {number}\r\n\r\n{body}\r\n".encode())


@contextmanager
def delivery(server: Server, secret: str = "secret", connections: int = 4) -> Iterator[Delivery]:
    made = Delivery(server, lambda: secret, fallback_sender=ASK, connections=connections)
    try:
        yield made
    finally:
        made.close()


def deliver(through: Delivery, *parcels: Parcel) -> dict[int, DeliveryFailure | None]:
    outcome: dict[int, DeliveryFailure | None] = {}

    def report(parcel: Parcel, failure: DeliveryFailure | None) -> None:
        assert parcel.letter_id not in outcome
        outcome[parcel.letter_id] = failure

    through.deliver(parcels, report)
    return outcome


def permanence(outcome: dict[int, DeliveryFailure | None]) -> dict[int, bool | None]:
    return {number: None if failure is None else failure.permanent for number, failure in outcome.items()}


def subjects(sink: SmtpSink) -> list[str]:
    return sorted(mail.data.split(b"\r\n")[0].decode().removeprefix("Subject: ") for mail in sink.received)


def test_a_letter_arrives_as_it_was_written(sink: SmtpSink) -> None:
    with delivery(sink.server()) as through:
        assert deliver(through, parcel(1)) == {1: None}
    (mail,) = sink.received
    assert (mail.sender, mail.recipients, mail.data) == (ASK, ("special@riverbend.example",), parcel(1).data)


def test_connections_are_kept_between_rounds_and_never_more_than_allowed(sink: SmtpSink) -> None:
    with delivery(sink.server(), connections=3) as through:
        for round_ in range(3):
            assert len(deliver(through, *[parcel(round_ * 10 + number) for number in range(10)])) == 10
    assert (len(sink.received), sink.connections) == (30, 3)


def test_one_letter_takes_one_connection(sink: SmtpSink) -> None:
    with delivery(sink.server()) as through:
        deliver(through, parcel(1))
    assert sink.connections == 1


def test_parcels_are_taken_only_when_there_is_a_hand_free(sink: SmtpSink) -> None:
    taken: list[int] = []
    reported: list[int] = []
    most: list[int] = []

    def parcels() -> Iterator[Parcel]:
        for number in range(12):
            taken.append(number)
            most.append(len(taken) - len(reported))
            yield parcel(number)

    with delivery(sink.server(), connections=2) as through:
        through.deliver(parcels(), lambda parcel, _: reported.append(parcel.letter_id))
    assert sorted(reported) == list(range(12))
    assert max(most) <= 2


@pytest.mark.parametrize(
    ("stage", "code", "permanent"),
    [
        *((stage, "451 4.3.0 Later", False) for stage in ("MAIL", "RCPT", "DATA")),
        ("MAIL", "552 5.3.4 Message size exceeds fixed limit", True),
        ("MAIL", "550 5.3.4 Message too big for system", True),
        ("MAIL", "555 5.5.4 Unsupported option: BODY=8BITMIME", True),
        ("RCPT", "550 5.7.1 No", True),
        ("RCPT", "554 5.7.1 <ask@riverbend.example>: Sender address rejected: Access denied", True),
        ("DATA", "550 5.7.1 No", True),
    ],
)
def test_a_refusal_is_temporary_or_permanent_by_its_code_and_spoils_nothing_else(
    sink: SmtpSink, stage: str, code: str, permanent: bool
) -> None:
    with delivery(sink.server(), connections=1) as through:
        sink.answer(stage, code, times=1)
        outcome = deliver(through, parcel(1), parcel(2), parcel(3))
    failure = outcome[1]
    assert failure is not None
    assert (failure.permanent, failure.code) == (permanent, int(code[:3]))
    assert code in str(failure)
    assert (subjects(sink), sink.connections) == (["2", "3"], 1)


def test_one_bad_recipient_among_good_ones(sink: SmtpSink) -> None:
    with delivery(sink.server(), connections=1) as through:
        bad = parcel(2, "permfail@x.example")
        outcome = deliver(through, parcel(1), bad, parcel(3, "tempfail@x.example"), parcel(4))
    assert permanence(outcome) == {1: None, 2: True, 3: False, 4: None}
    assert subjects(sink) == ["1", "4"]


def test_a_server_that_takes_leave_is_greeted_anew(sink: SmtpSink) -> None:
    with delivery(sink.server(), connections=1) as through:
        sink.answer("RCPT", "421 4.3.2 Shutting down", times=1)
        outcome = deliver(through, parcel(1), parcel(2))
        first = outcome[1]
        assert first is not None
        assert (first.permanent, first.code, outcome[2]) == (False, 421, None)
    assert sink.connections == 2


def test_a_kept_connection_that_died_meanwhile_is_replaced_unnoticed(sink: SmtpSink) -> None:
    with delivery(sink.server(), connections=2) as through:
        deliver(through, parcel(1), parcel(2))
        sink.stop()
        sink.start()
        assert deliver(through, parcel(3), parcel(4), parcel(5)) == {3: None, 4: None, 5: None}
        sink.answer("MAIL", "421 4.4.2 Idle for too long", times=1)
        assert deliver(through, parcel(6)) == {6: None}
    assert len(sink.received) == 6


def test_a_line_that_breaks_after_the_letter_was_sent_is_a_temporary_failure(sink: SmtpSink) -> None:
    with delivery(sink.server(), connections=1) as through:
        sink.answer("KEPT", DROP, times=1)
        outcome = deliver(through, parcel(1), parcel(2))
        first = outcome[1]
        assert first is not None
        assert (first.permanent, first.code, outcome[2]) == (False, None, None)
    assert subjects(sink) == ["1", "2"]


def test_a_lost_reply_is_a_temporary_failure(sink: SmtpSink, proxy_to: Callable[[int], FaultProxy]) -> None:
    proxy = proxy_to(sink.port)
    with delivery(sink.server(port=proxy.port), connections=1) as through:
        proxy.faults = Faults(cut_down=b"queued as")
        assert permanence(deliver(through, parcel(1))) == {1: False}
        proxy.faults = Faults()
        assert deliver(through, parcel(1)) == {1: None}
    assert subjects(sink) == ["1", "1"]


def test_a_server_that_falls_silent_is_left_after_a_while(sink: SmtpSink) -> None:
    for stage in ("MAIL", "RCPT", "DATA", "KEPT"):
        with delivery(sink.server(timeout=1.5), connections=1) as through:
            sink.answer(stage, HANG, times=1)
            assert permanence(deliver(through, parcel(1))) == {1: False}
            assert deliver(through, parcel(2)) == {2: None}


def test_a_silent_server_does_not_make_every_letter_wait(sink: SmtpSink) -> None:
    reported: list[int] = []
    sink.answer("MAIL", HANG)
    with delivery(sink.server(timeout=1.5), connections=2) as through:
        letters = [parcel(number) for number in range(20)]
        with pytest.raises(Unreachable, match="no answer"):
            through.deliver(letters, lambda parcel, _: reported.append(parcel.letter_id))
        assert sorted(reported) == [0, 1]
        sink.reset()
        assert set(deliver(through, *letters).values()) == {None}


def test_one_address_at_which_the_server_falls_silent_does_not_stop_the_others(sink: SmtpSink) -> None:
    sink.answer("RCPT", HANG, only="tarpit")
    with delivery(sink.server(timeout=1.5), connections=2) as through:
        outcome = deliver(through, parcel(0, "tarpit@x.example"), *[parcel(number) for number in range(1, 10)])
    assert permanence(outcome) == {0: False, **dict.fromkeys(range(1, 10))}


def test_a_black_hole_before_the_greeting_is_unreachable(sink: SmtpSink, proxy_to: Callable[[int], FaultProxy]) -> None:
    proxy = proxy_to(sink.port)
    proxy.faults = Faults(black_hole="both")
    with delivery(sink.server(port=proxy.port, timeout=1.5)) as through, pytest.raises(Unreachable, match="no answer"):
        deliver(through, parcel(1))


def test_a_line_broken_into_single_bytes_carries_letters(sink: SmtpSink, proxy_to: Callable[[int], FaultProxy]) -> None:
    proxy = proxy_to(sink.port)
    proxy.faults = Faults(fragment=1)
    with delivery(sink.server(port=proxy.port), connections=2) as through:
        assert deliver(through, parcel(1), parcel(2, "permfail@x.example")).keys() == {1, 2}
    assert subjects(sink) == ["1"]


@pytest.mark.parametrize("after", [1, 40, 60, 90, 120, 150, 200, 250])
def test_a_line_reset_anywhere_ends_in_a_report_or_in_no_connection(
    sink: SmtpSink, proxy_to: Callable[[int], FaultProxy], after: int
) -> None:
    proxy = proxy_to(sink.port)
    proxy.faults = Faults(reset_after_up=after)
    with delivery(sink.server(port=proxy.port, timeout=2.0), connections=2) as through:
        try:
            outcome = deliver(through, *[parcel(number) for number in range(4)])
        except Unreachable:
            outcome = {}
        assert not any(failure.permanent for failure in outcome.values() if failure is not None)
        proxy.faults = Faults()
        missing = [parcel(number) for number in range(4) if outcome.get(number, ...) is not None]
        assert all(failure is None for failure in deliver(through, *missing).values())
    assert set(subjects(sink)) == {"0", "1", "2", "3"}


def test_a_server_that_is_down_leaves_every_parcel_untouched(sink: SmtpSink) -> None:
    sink.stop()
    with delivery(sink.server()) as through:
        with pytest.raises(Unreachable, match="nobody listens"):
            through.deliver(iter([parcel(1), parcel(2)]), lambda *_: pytest.fail("no parcel was tried"))
        sink.start()
        assert deliver(through, parcel(1)) == {1: None}


def test_a_server_that_turns_everybody_away_for_now_is_unreachable(sink: SmtpSink) -> None:
    with delivery(sink.server()) as through:
        sink.answer("CONNECT", "421 4.7.0 Too busy")
        with pytest.raises(Unreachable, match="Too busy"):
            deliver(through, parcel(1))
        sink.reset()
        sink.answer("CONNECT", "554 5.7.1 Go away")
        with pytest.raises(Refused, match="Go away"):
            deliver(through, parcel(1))


def test_a_server_that_grants_few_connections_still_gets_everything(sink: SmtpSink) -> None:
    with delivery(sink.server(), connections=4) as through:
        deliver(through, parcel(0))
        sink.answer("CONNECT", "421 4.7.0 Too many connections")
        assert deliver(through, *[parcel(number) for number in range(1, 20)]) == dict.fromkeys(range(1, 20))
    assert (len(sink.received), len({mail.connection for mail in sink.received})) == (20, 1)


def test_a_refused_null_path_is_replaced_from_then_on(sink: SmtpSink) -> None:
    sink.answer("MAIL", "550 5.7.1 A sender is wanted", only="<>")
    with delivery(sink.server(), connections=1) as through:
        letters = [parcel(number, sender="") for number in (1, 2)]
        assert deliver(through, *letters) == {1: None, 2: None}
        assert [mail.sender for mail in sink.received] == [ASK, ASK]
        sink.reset()
        deliver(through, parcel(3, sender=""))
        assert [mail.sender for mail in sink.received] == [ASK]


def test_a_server_that_judges_the_null_path_at_the_recipient_is_understood(sink: SmtpSink) -> None:
    sink.answer("RCPT", "553 5.7.1 <>: Sender address rejected: not owned by user", times=1)
    with delivery(sink.server()) as through:
        assert deliver(through, parcel(1, sender="")) == {1: None}
    assert [mail.sender for mail in sink.received] == [ASK]


@pytest.mark.parametrize("sender", [ASK, ""])
@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("MAIL", "553 5.7.1 <ask@riverbend.example>: Sender address rejected: not owned by user ask"),
        ("MAIL", "550 5.7.1 Sender address rejected: not owned by user ask"),
        ("MAIL", "554 Not from you"),
        ("MAIL", "501 5.1.7 Bad sender address syntax"),
        ("RCPT", "553 5.7.1 <ask@riverbend.example>: Sender address rejected: not owned by user ask"),
        ("RCPT", "553 5.7.1 <ask@riverbend.example>: Sender address rejected: not logged in"),
        ("RCPT", "550 5.1.8 <ask@riverbend.example>: Sender address rejected: Domain not found"),
    ],
)
def test_a_server_that_refuses_our_own_sender_leaves_every_letter_untouched(
    sink: SmtpSink, stage: str, words: str, sender: str
) -> None:
    sink.answer(stage, words)
    reported: list[Parcel] = []
    letters = [parcel(number, sender=sender) for number in range(6)]
    with delivery(sink.server(), connections=2) as through:
        with pytest.raises(Refused, match=ASK) as refused:
            through.deliver(letters, lambda one, _: reported.append(one))
        assert words in str(refused.value)
        assert (reported, sink.received) == ([], [])
        sink.reset()
        assert set(deliver(through, *letters).values()) == {None}
    assert len(sink.received) == 6


def test_the_null_path_is_used_where_the_server_takes_it(sink: SmtpSink) -> None:
    with delivery(sink.server()) as through:
        outcome = deliver(through, parcel(1, sender=""), parcel(2, "permfail@x.example", sender=""))
    assert permanence(outcome) == {1: None, 2: True}
    assert [mail.sender for mail in sink.received] == [""]


def test_leading_dots_bare_line_ends_and_eight_bit_text_arrive(sink: SmtpSink) -> None:
    odd = b"Subject: caf\xe9\n\n.\n..two\r.three\r\n\xff\xfe"
    with delivery(sink.server()) as through:
        assert deliver(through, Parcel(1, ASK, "a@b.example", odd)) == {1: None}
    assert sink.received[0].data == b"Subject: caf\xe9\r\n\r\n.\r\n..two\r\n.three\r\n\xff\xfe\r\n"


def test_eight_bit_text_reaches_a_server_that_does_not_speak_of_it() -> None:
    with SmtpSink(hidden=("8BITMIME", "SMTPUTF8", "SIZE")) as plain, delivery(plain.server()) as through:
        letter = Parcel(1, ASK, "a@b.example", "Subject: Größe\r\n\r\nGrüße\r\n".encode())
        assert deliver(through, letter) == {1: None}
        assert plain.received[0].data == letter.data
        failure = deliver(through, parcel(2, "jörg@patron.example"))[2]
        assert failure is not None
        assert failure.permanent
        assert deliver(through, parcel(3, "pat@bücherei.example")) == {3: None}
        assert plain.received[1].recipients == ("pat@xn--bcherei-n2a.example",)


def test_an_address_with_letters_beyond_ascii_is_served(sink: SmtpSink) -> None:
    with delivery(sink.server()) as through:
        assert deliver(through, parcel(1, "jörg@bücherei.example")) == {1: None}
    assert sink.received[0].recipients == ("jörg@xn--bcherei-n2a.example",)


@pytest.mark.parametrize(
    "to", ["", "a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "a\x00@b.example", "a\nb@c"]
)
def test_what_is_no_address_is_a_permanent_failure_and_never_reaches_the_server(sink: SmtpSink, to: str) -> None:
    with delivery(sink.server()) as through:
        assert permanence(deliver(through, parcel(1, to), parcel(2))) == {1: True, 2: None}
    assert [mail.recipients for mail in sink.received] == [("special@riverbend.example",)]


def test_a_big_letter_arrives_whole(sink: SmtpSink) -> None:
    line = b"." + b"x" * 70 + b"\r\n"
    big = Parcel(1, ASK, "a@b.example", b"Subject: 1\r\n\r\n" + line * 200_000)
    with delivery(sink.server()) as through:
        assert deliver(through, big) == {1: None}
    assert sink.received[0].data == big.data


def test_a_login_by_password_over_starttls(authority: Authority) -> None:
    with SmtpSink(authority, user="ask") as server:
        with delivery(server.server()) as through:
            assert deliver(through, parcel(1), parcel(2)) == {1: None, 2: None}
        settings = replace(server.server(), password_env="ASK_PASSWORD")
        with delivery(settings, "hunter2") as through, pytest.raises(Refused, match="ASK_PASSWORD") as refusal:
            deliver(through, parcel(3))
        assert "hunter2" not in str(refusal.value)
        with delivery(replace(settings, user="")) as through, pytest.raises(Refused, match="login"):
            deliver(through, parcel(4))


def test_logging_in_sends_nothing_and_keeps_the_connection(authority: Authority) -> None:
    with SmtpSink(authority, user="ask") as server, delivery(server.server()) as through:
        through.log_in()
        assert server.received == []
        assert deliver(through, parcel(1)) == {1: None}
        assert server.connections == 1


def test_certificates_are_checked(authority: Authority, dovecot: Dovecot, postfix: Postfix) -> None:
    for security in ("tls", "starttls"):
        settings = replace(postfix.server("pat", security), ca_file=authority.strange_ca_file)
        with delivery(settings) as through, pytest.raises(Refused, match="certificate"):
            deliver(through, parcel(1))


def test_a_server_without_starttls_gets_no_letter(sink: SmtpSink) -> None:
    with delivery(sink.server(security="starttls")) as through, pytest.raises(Refused, match="no encryption"):
        deliver(through, parcel(1))
    assert sink.received == []


def test_tls_on_a_port_that_speaks_none_is_explained(sink: SmtpSink) -> None:
    with delivery(sink.server(security="tls")) as through, pytest.raises(Refused, match="no TLS is spoken"):
        deliver(through, parcel(1))


def test_unencrypted_is_for_this_machine_only() -> None:
    server = Server("smtp.riverbend.example", 25, "none")
    with delivery(server) as through, pytest.raises(Refused, match="only for this machine"):
        deliver(through, parcel(1))


def test_an_unknown_host_is_unreachable() -> None:
    with delivery(Server("smtp.invalid", 587, "starttls")) as through, pytest.raises(Unreachable, match="no address"):
        deliver(through, parcel(1))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_postfix_takes_letters_over_every_kind_of_line(
    dovecot: Dovecot, postfix: Postfix, sink: SmtpSink, user: str, security: str
) -> None:
    with delivery(postfix.server(user, security)) as through:
        outside = [parcel(number, f"pat{number}@patron.example", sender="") for number in range(6)]
        bad = parcel(6, "no-such-user@library.test", sender="a@b@c@")
        outcome = deliver(through, *outside, bad, parcel(7, f"{user}@library.test"))
        assert {number: outcome[number] for number in (0, 1, 2, 3, 4, 5, 7)} == dict.fromkeys((0, 1, 2, 3, 4, 5, 7))
    assert {mail.sender for mail in sink.wait(6)} == {""}


def test_postfix_is_found_again_after_a_restart(dovecot: Dovecot, sink: SmtpSink, user: str) -> None:
    with Postfix(dovecot, sink.port) as server, delivery(server.server(user), connections=2) as through:
        deliver(through, parcel(1), parcel(2))
        server.stop()
        with pytest.raises(Unreachable):
            deliver(through, parcel(3))
        server.start()
        assert deliver(through, parcel(3)) == {3: None}
        sink.wait(3)


def test_a_failure_of_the_caller_ends_the_round_and_leaves_the_connections_sound(sink: SmtpSink) -> None:
    class Mistake(Exception):
        pass

    def parcels() -> Iterator[Parcel]:
        yield parcel(1)
        yield parcel(2)
        raise Mistake

    reported: list[int] = []
    with delivery(sink.server(), connections=2) as through:
        with pytest.raises(Mistake):
            through.deliver(parcels(), lambda parcel, _: reported.append(parcel.letter_id))
        assert sorted(reported) == [1, 2]
        assert deliver(through, parcel(3)) == {3: None}


def test_closing_never_fails_and_a_closed_delivery_can_be_used_again(sink: SmtpSink) -> None:
    through = Delivery(sink.server(), str, fallback_sender=ASK)
    through.close()
    assert deliver(through, parcel(1)) == {1: None}
    sink.stop()
    through.close()
    through.close()


@given(st.binary())
def test_what_travels_ends_once_and_undoes_to_what_was_sent(data: bytes) -> None:
    travels = _dotted(data)
    assert travels.endswith(b"\r\n.\r\n") or travels == b".\r\n"
    body = travels[:-3]
    assert b"\r\n.\r\n" not in b"\r\n" + body
    lines = body.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    undone = b"\r\n".join(line.removeprefix(b".") for line in lines)
    assert undone.replace(b"\r\n", b"\n").rstrip(b"\n") == (
        data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")
    )
