"""What the store promises: nothing lost, nothing twice, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from mailbot.case import Case, Standing, State
from mailbot.errors import ConfigError, ConstraintBroken, Overtaken, StoreError
from mailbot.mail.message import Address
from mailbot.promises import Reminded
from mailbot.store import Brought, Fetched, Imported, Session, Store, Written
from mailbot.store.database import connect
from mailbot.store.intake import COPY
from mailbot.store.tables import metadata
from mailbot.writing.letter import Letter, LetterKind, Occasion

NOW = datetime(2027, 2, 2, 16, 5, tzinfo=UTC)
PAT = Address("Pat Ron", "pat.ron@example.com")
ASK = Address("Riverbend Public Library", "ask@riverbend.example")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'mailbot.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    yield opened
    opened.close()


def mail(uid: int, message_id: str = "<1@example.com>", content: str = "a") -> Fetched:
    return Fetched(uid, f"Subject: {content}\r\n\r\n".encode(), message_id, content * 64)


def case(ref: str = "ref-0001") -> Case:
    return Case(
        ref=ref,
        patron=PAT,
        subject="Musical scores",
        language="en",
        holder="reference",
        held_by=("reference",),
        state=State.OPEN,
        opened=NOW,
        due=NOW + timedelta(days=1),
    )


def letter(kind: LetterKind, to: Address, *, to_patron: bool = False) -> Letter:
    return Letter(
        kind=kind,
        case_ref="ref-0001",
        sender=ASK,
        to=to,
        reply_to=(),
        subject="Musical scores",
        text="Dear Pat Ron,",
        language="en",
        in_reply_to="",
        references=(),
        carries=(),
        to_patron=to_patron,
    )


def acknowledgement(message_id: str = "<a.mailbot@riverbend.example>") -> Written:
    return Written(letter(LetterKind.ACKNOWLEDGEMENT, PAT, to_patron=True), message_id, "")


def keep(store: Store, *mails: Fetched, mailbox: str = "ask", uidvalidity: int = 1) -> None:
    with store.writing() as session:
        session.keep(mailbox, uidvalidity, mails, NOW)


def keep_and_fail(store: Store) -> None:
    with store.writing() as session:
        session.keep("ask", 1, [mail(7)], NOW)
        raise RuntimeError


def waiting(store: Store) -> list[int]:
    with store.reading() as session:
        return [one.id for one in session.waiting(50, 1_000_000)]


def settle(store: Store, message: int, standing: Standing = Standing.ROUTED) -> bool:
    with store.writing() as session:
        return session.settle(message, standing, "because")


def counts(store: Store) -> dict[str, int]:
    with store.reading() as session:
        sums = session.sums()
    assert sums.agree
    return {"received": sums.received, "waiting": sums.waiting} | {s.value: n for s, n in sums.by_standing if n}


def test_keeping_the_same_uid_twice_changes_nothing(store: Store) -> None:
    keep(store, mail(7))
    keep(store, mail(7))
    assert counts(store) == {"received": 1, "waiting": 1}
    with store.reading() as session:
        assert session.unknown("ask", 1, [6, 7, 8]) == [6, 8]


def test_a_second_copy_of_a_decided_mail_is_accounted_for_as_a_copy(store: Store) -> None:
    keep(store, mail(7))
    assert settle(store, waiting(store)[0])
    keep(store, mail(8))
    keep(store, mail(3), mailbox="kids")
    assert waiting(store) == []
    assert counts(store) == {"received": 3, "waiting": 0, "routed": 1, "unanswered": 2}


def test_two_copies_in_one_batch_are_one_message(store: Store) -> None:
    keep(store, mail(7), mail(8))
    assert len(waiting(store)) == 1
    settle(store, waiting(store)[0])
    assert counts(store) == {"received": 2, "waiting": 0, "routed": 1, "unanswered": 1}
    with store.reading() as session:
        copies = session.connection.execute(text("SELECT why FROM receipts WHERE standing = 'unanswered'")).scalars()
        assert list(copies) == [COPY]


def test_a_message_id_used_twice_for_different_mails_is_two_messages(store: Store) -> None:
    keep(store, mail(7, content="a"), mail(8, content="b"))
    assert len(waiting(store)) == 2


def test_a_server_that_numbers_its_uids_anew_makes_no_new_receipts_for_what_was_not_filed(store: Store) -> None:
    keep(store, mail(7))
    settle(store, waiting(store)[0])
    keep(store, mail(1), uidvalidity=2)
    assert counts(store) == {"received": 1, "waiting": 0, "routed": 1}
    with store.reading() as session:
        assert [(one.uidvalidity, one.uid) for one in session.unfiled("ask", 2)] == [(2, 1)]
        assert session.unfiled("ask", 1) == []


def test_a_failed_message_that_somebody_moves_back_is_tried_again(store: Store) -> None:
    keep(store, mail(7))
    message = waiting(store)[0]
    settle(store, message, Standing.FAILED)
    keep(store, mail(8))
    assert waiting(store) == [message]
    settle(store, message)
    assert counts(store) == {"received": 2, "waiting": 0, "routed": 1, "failed": 1}


def test_a_message_is_booked_once_whoever_asks(store: Store) -> None:
    keep(store, mail(7))
    message = waiting(store)[0]
    assert settle(store, message)
    assert not settle(store, message, Standing.HELD)


def test_letters_to_patrons_are_counted_by_mailbox_and_time_and_no_further_than_asked(store: Store) -> None:
    keep(store, mail(1), mail(2, "<2@example.com>", "b"))
    first, second = waiting(store)
    with store.writing() as session:
        session.post([acknowledgement()], "ask", None, first, NOW)
        session.post([acknowledgement("<b.mailbot@riverbend.example>")], "ask", None, second, NOW)
    with store.reading() as session:
        before = NOW - timedelta(hours=1)
        counted = [session.letters_to_patrons("ask", before, most) for most in (1, 2, 3)]
        assert counted == [1, 2, 2]
        assert session.letters_to_patrons("ask", NOW, 3) == session.letters_to_patrons("teens", before, 3) == 0


def test_one_message_cannot_cause_two_letters_to_the_patron(store: Store) -> None:
    keep(store, mail(7))
    message = waiting(store)[0]
    with store.writing() as session:
        number = session.open_case(case(), NOW)
        session.post([acknowledgement()], "ask", number, message, NOW)
    update = Written(letter(LetterKind.UPDATE, PAT, to_patron=True), "<b.mailbot@riverbend.example>", "")
    with pytest.raises(ConstraintBroken), store.writing() as session:
        session.post([update], "ask", number, message, NOW)


def test_a_letter_comes_out_of_the_outbox_as_it_went_in(store: Store) -> None:
    keep(store, mail(7))
    with store.writing() as session:
        session.post([acknowledgement()], "ask", session.open_case(case(), NOW), waiting(store)[0], NOW)
    with store.reading() as session:
        (outgoing,) = session.due("ask", NOW, 10)
    assert (outgoing.letter, outgoing.message_id, outgoing.written_at, outgoing.attempts) == (
        acknowledgement().letter,
        "<a.mailbot@riverbend.example>",
        NOW,
        0,
    )


def test_a_letter_in_hand_at_a_crash_is_due_again_at_once(store: Store) -> None:
    keep(store, mail(7))
    with store.writing() as session:
        session.post([acknowledgement()], "ask", session.open_case(case(), NOW), waiting(store)[0], NOW)
        (outgoing,) = session.due("ask", NOW, 10)
        session.trying([outgoing.id], NOW + timedelta(minutes=10))
    with store.writing() as session:
        assert session.due("ask", NOW, 10) == []
        assert session.resume(NOW) == 1
        assert [one.attempts for one in session.due("ask", NOW, 10)] == [1]


def test_a_case_comes_back_as_it_was_written(store: Store) -> None:
    with store.writing() as session:
        number = session.open_case(case(), NOW)
        moved = case().moved("special-collections", NOW + timedelta(days=2))
        session.change_case(number, moved, NOW)
    with store.reading() as session:
        assert session.case(number).case == moved
        assert [kept.case for kept in session.cases_of("pat.ron@example.com")] == [moved]


def test_the_newest_case_that_follows_an_old_one_is_found(store: Store) -> None:
    with store.writing() as session:
        session.open_case(case(), NOW)
        for ref in ("ref-0002", "ref-0003"):
            session.open_case(replace(case(), ref=ref, follows="ref-0001"), NOW)
        found = session.successor("ref-0001")
        assert found is not None
        assert (found.case.ref, found.case.follows) == ("ref-0003", "ref-0001")
        assert session.successor("ref-0003") is None
        assert session.successor("") is None


def test_cases_of_a_house_are_those_of_its_very_domain_and_not_too_old(store: Store) -> None:
    sam, far = Address("Sam", "Sam@example.com"), Address("Far", "far@not-example.com")
    with store.writing() as session:
        for ref, patron, touched in (("a1", sam, NOW), ("a2", far, NOW), ("a3", PAT, NOW - timedelta(days=40))):
            session.open_case(replace(case(), ref=ref, patron=patron), touched)
        found = session.cases_at("example.com", NOW - timedelta(days=30))
        assert [one.case.ref for one in found] == ["a1"]
        assert session.cases_at("e%ample.com", NOW - timedelta(days=30)) == []


def test_of_two_mails_under_one_id_the_newers_case_is_named(store: Store) -> None:
    keep(store, mail(7), mail(8, content="b"))
    first, second = waiting(store)
    with store.writing() as session:
        older, newer = (session.open_case(replace(case(), ref=ref), NOW) for ref in ("ref-0001", "ref-0002"))
        session.settle(second, Standing.ROUTED, "because", case_id=newer)
        session.settle(first, Standing.ROUTED, "because", case_id=older)
        assert session.cases_named(["<1@example.com>", "<2@example.com>"]) == {"<1@example.com>": newer}
        assert session.cases_named([]) == {}


def test_a_block_that_raises_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(RuntimeError):
        keep_and_fail(store)
    assert counts(store) == {"received": 0, "waiting": 0}


def test_two_workers_cannot_hold_one_store(store: Store, url: str) -> None:
    other = Store.open(url)
    with store.alone(), pytest.raises(StoreError, match="another mailbot"), other.alone():
        pass
    with other.alone():
        pass
    other.close()


def test_hostile_text_is_stored_without_what_a_database_refuses(store: Store) -> None:
    odd = Fetched(1, b"\0raw", "<" + "\0x" * 2000 + "\udc80>", "a" * 64)
    keep(store, odd)
    keep(store, odd)
    assert counts(store) == {"received": 1, "waiting": 1}


def test_the_migrations_make_the_tables_that_the_code_names(store: Store, url: str) -> None:
    engine = connect(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused_in_words(store: Store, url: str) -> None:
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(ConfigError, match="newer mailbot"):
        Store.open(url)


def test_what_people_wrote_goes_when_its_time_is_over_and_the_counts_stay(store: Store) -> None:
    keep(store, mail(7))
    message = waiting(store)[0]
    with store.writing() as session:
        number = session.open_case(case().answered(), NOW)
        session.settle(message, Standing.ROUTED, "because", writer=PAT, text="my question", case_id=number)
        session.tell(number, "routed", message, "reference", "reads like a question of Pat Ron's", NOW)
        session.learn(number, [message], "reference", "correction", NOW)
        session.post([acknowledgement()], "ask", number, message, NOW)
        session.sent([session.due("ask", NOW, 1)[0].id], NOW)
    with store.writing() as session:
        assert session.purge(NOW, NOW) == 0
        assert "Pat Ron" in everything(session)
        assert session.purge(NOW + timedelta(days=1), NOW) == 1
        assert session.purge(NOW + timedelta(days=1), NOW) == 0
        assert session.originals([message]) == []
        for private in ("Pat Ron", "pat.ron", "Musical scores", "because", "Dear"):
            assert private not in everything(session, but="examples")
        assert [label.text for label in session.labels()] == ["my question"]
        session.learn(number, [message], "special-collections", "correction", NOW)
        assert [(label.department, label.text) for label in session.labels()] == [
            ("special-collections", "my question")
        ]
    assert counts(store) == {"received": 1, "waiting": 0, "routed": 1}


def test_a_label_is_kept_masked(store: Store) -> None:
    keep(store, mail(7))
    message = waiting(store)[0]
    with store.writing() as session:
        number = session.open_case(case(), NOW)
        text = "Pat Ron here, card 2123 4000 5678 90, pat.ron@example.com"
        session.settle(message, Standing.ROUTED, "", writer=PAT, text=text, case_id=number)
        session.learn(number, [message], "reference", "correction", NOW)
        (label,) = session.labels()
    assert label.text == "… … here, card 0000 0000 0000 00, someone@example.invalid"


def brought(text: str, department: str = "digital") -> Brought:
    return Brought("", text, "en", department, sender="pat.ron@example.com", name="Pat Ron")


def test_what_is_brought_in_twice_is_there_once_and_the_last_label_counts(store: Store) -> None:
    with store.writing() as session:
        assert session.bring([brought("My Kindle"), brought("My  kindle"), brought("A hold")], NOW) == Imported(2, 0, 1)
        assert session.bring([brought("My Kindle", "circulation"), brought("A hold")], NOW) == Imported(0, 1, 1)
        assert [(one.text, one.department) for one in session.labels()] == [
            ("My Kindle", "circulation"),
            ("A hold", "digital"),
        ]


def test_what_two_patrons_wrote_alike_are_two_labels_and_one_can_be_forgotten(store: Store) -> None:
    with store.writing() as session:
        both = [brought("When do you open?"), replace(brought("When do you open?"), sender="kim@example.com")]
        assert session.bring(both, NOW) == Imported(2, 0, 0)
        assert session.label_counts() == {"digital": 2}
        assert (session.brought_as(both[0]), session.brought_as(brought("Other"))) == ("digital", None)
        assert len(session.forget("pat.ron@example.com").labels) == 1
        assert session.brought_as(both[1]) == "digital"


def everything(session: Session, *, but: str = "") -> str:
    """All that stands in the tables."""
    rows = [
        row
        for table in metadata.sorted_tables
        if table.name != but
        for row in session.connection.execute(table.select())
    ]
    return repr(rows)


def test_a_patron_who_is_forgotten_leaves_counts_and_nothing_else(store: Store) -> None:
    mails = [
        mail(7),
        mail(8, "<2@example.com>", "b"),
        mail(9, "<3@example.com>", "c"),
        mail(10, "<4@example.com>", "d"),
    ]
    mails.append(replace(mail(11, "<5@example.com>", "e"), raw=b"From: Pat.Ron@example.com\r\n\r\nStill waiting"))
    keep(store, *mails)
    first, second, colleagues, others, _ = waiting(store)
    other = Address("Kim", "kim@example.com")
    with store.writing() as session:
        number = session.open_case(case(), NOW)
        session.settle(first, Standing.ROUTED, "because", writer=PAT, text="my question", case_id=number)
        session.settle(second, Standing.UNANSWERED, "a thank-you", writer=PAT, text="thanks")
        session.settle(colleagues, Standing.ADDED, "", writer=ASK, text="we answered Pat Ron", case_id=number)
        kims = session.open_case(replace(case("ref-0002"), patron=other, passed_on_by=PAT), NOW)
        session.settle(others, Standing.ROUTED, "", writer=other, text="another question", case_id=kims)
        session.tell(number, "routed", first, "reference", "reads like a question", NOW)
        session.learn(number, [first], "reference", "correction", NOW)
        session.learn(kims, [others], "reference", "correction", NOW)
        session.bring([brought("from long ago"), replace(brought("of Kim"), sender=other.address)], NOW)
        session.post([acknowledgement()], "ask", number, first, NOW)
    before = counts(store)
    with store.writing() as session:
        found = session.forget(" Pat.Ron@EXAMPLE.com")
    assert (found.messages, found.undecided, found.cases, found.letters, found.unsent) == (4, 1, 1, 1, 1)
    assert sorted(label.text for label in found.labels) == ["from long ago", "my question"]
    store.wipe()
    assert counts(store) == {**before, "waiting": 0, "unanswered": before["unanswered"] + 1}
    with store.reading() as session:
        assert sorted(label.text for label in session.labels()) == ["another question", "of Kim"]
        for private in ("pat ron", "pat.ron", "question of", "my question", "thanks", "long ago", "ref-0001"):
            assert private not in everything(session).lower()
        assert "another question" in everything(session)
    with store.writing() as session:
        assert session.forget("pat.ron@example.com").nothing


def test_what_was_removed_is_not_left_in_the_file(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'mailbot.db'}")
    keep(store, *(replace(mail(n, f"<{n}@example.com>"), raw=b"From: pat.ron@example.com" * 400) for n in range(1, 9)))
    with store.writing() as session:
        assert session.forget("pat.ron@example.com").undecided == 8
    store.wipe()
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    store.close()
    assert b"pat.ron" not in left


def an_open_case(store: Store) -> int:
    """Asked at NOW, due a day later, forwarded and acknowledged."""
    keep(store, mail(7))
    message = waiting(store)[0]
    with store.writing() as session:
        number = session.open_case(case(), NOW)
        session.settle(message, Standing.ROUTED, "because", writer=PAT, text="my question", case_id=number)
        session.tell(number, "routed", message, "reference", "reads like a question of Pat Ron's", NOW)
        session.post([acknowledgement()], "ask", number, message, NOW)
        session.sent([session.due("ask", NOW, 1)[0].id], NOW)
    return number


def test_nothing_of_an_open_question_goes_however_long_ago_it_was_asked(store: Store) -> None:
    an_open_case(store)
    with store.writing() as session:
        before = everything(session)
        assert session.purge(NOW + timedelta(days=300), NOW) == 0
        assert everything(session) == before


def test_the_time_of_a_question_begins_when_it_is_answered(store: Store) -> None:
    number = an_open_case(store)
    with store.writing() as session:
        session.change_case(number, case().answered(), NOW + timedelta(days=99))
        before = everything(session)
        assert session.purge(NOW + timedelta(days=99), NOW) == 0
        assert everything(session) == before
        assert session.purge(NOW + timedelta(days=100), NOW) == 1
        assert "my question" not in everything(session)
        assert "Pat Ron" not in everything(session)


def test_a_question_that_nobody_ever_answers_goes_at_last_and_is_listed_no_more(store: Store) -> None:
    number = an_open_case(store)
    with store.writing() as session:
        due = case().due
        assert due is not None
        assert session.purge(NOW + timedelta(days=400), due) == 0
        assert [kept.id for kept in session.open_cases()] == [number]
        assert session.purge(NOW + timedelta(days=400), due + timedelta(seconds=1)) == 1
        assert "Pat Ron" not in everything(session)
        assert session.open_cases() == []


def test_the_last_of_several_corrections_is_the_label(store: Store) -> None:
    keep(store, mail(7))
    message = waiting(store)[0]
    with store.writing() as session:
        number = session.open_case(case(), NOW)
        session.settle(message, Standing.ROUTED, "because", text="my hold", case_id=number)
        for department in ("digital", "circulation", "digital"):
            session.learn(number, [message], department, "correction", NOW)
        assert [label.department for label in session.labels()] == ["digital"]


def test_a_case_that_somebody_else_has_changed_is_not_overwritten(store: Store) -> None:
    with store.writing() as session:
        number = session.open_case(case(), NOW)
        session.change_case(number, case().moved("digital", None), NOW + timedelta(seconds=1), seen=NOW)
    with pytest.raises(Overtaken), store.writing() as session:
        session.change_case(number, case().answered(), NOW + timedelta(seconds=2), seen=NOW)
    with store.reading() as session:
        assert session.case(number).case.holder == "digital"


def test_a_record_that_the_database_refuses_is_not_quoted(store: Store) -> None:
    keep(store, mail(7))
    private = replace(acknowledgement().letter, text="my daughter is in the shelter")
    twice = replace(acknowledgement(), letter=private)
    with pytest.raises(ConstraintBroken) as refused, store.writing() as session:
        session.post([twice, twice], "ask", session.open_case(case(), NOW), waiting(store)[0], NOW)
    assert "shelter" not in str(refused.value)
    assert "a.mailbot" not in str(refused.value)


def test_letters_of_a_mailbox_that_is_gone_leave_by_another(store: Store) -> None:
    keep(store, mail(7))
    with store.writing() as session:
        session.post([acknowledgement()], "old", session.open_case(case(), NOW), waiting(store)[0], NOW)
        session.adopt(["ask"], "ask")
        assert len(session.due("ask", NOW, 10)) == 1


def test_mail_of_a_mailbox_that_is_gone_is_decided_on_as_another_one_s(store: Store) -> None:
    keep(store, mail(7), mailbox="formerly")
    with store.writing() as session:
        session.adopt(["ask"], "ask")
        assert [one.mailbox for one in session.waiting(10, 10_000)] == ["ask"]


def test_mail_that_failed_and_is_moved_into_another_mailbox_is_tried_again_as_that_one_s(store: Store) -> None:
    keep(store, mail(7), mailbox="formerly")
    settle(store, waiting(store)[0], Standing.FAILED)
    keep(store, mail(8), mailbox="ask")
    with store.reading() as session:
        assert [one.mailbox for one in session.waiting(10, 10_000)] == ["ask"]


STEPS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2), st.sampled_from("abc"), st.booleans()), max_size=12)


@given(STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_arrives_in_whatever_order_the_sums_agree(steps: list[tuple[int, int, str, bool]]) -> None:
    store = Store.open("sqlite://")
    for uid, uidvalidity, content, decide in steps:
        keep(store, mail(uid, f"<{content}@example.com>", content), uidvalidity=uidvalidity)
        for message in waiting(store) if decide else ():
            settle(store, message, Standing.FAILED if uid == 4 else Standing.HELD)
    counts(store)
    store.close()


def test_the_database_is_made_for_its_own_user_only(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'mailbot.db'}")
    with store.writing() as session:
        session.keep("ask", 1, [mail(1)], NOW)
        modes = {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    store.close()
    assert modes == {0o600}


def test_what_was_done_about_a_promise_is_done_once(store: Store) -> None:
    done = Reminded(Occasion.LATE, NOW, "", NOW)
    with store.writing() as session:
        number = session.open_case(case(), NOW)
        session.reminded(number, done)
    with pytest.raises(ConstraintBroken), store.writing() as session:
        session.reminded(number, done)
    with store.reading() as session:
        watched = session.promised()
        assert [(one.kept.case.ref, one.past.reminded, one.mailbox) for one in watched] == [("ref-0001", (done,), "")]
        assert session.watched(number, NOW, 10).past.touched == NOW


def test_a_worker_whose_database_server_forgot_it_takes_hold_again(postgres_url: str) -> None:
    store, other = Store.open(postgres_url), Store.open(postgres_url)
    with store.alone():
        hang_up(postgres_url)
        store.still_alone()
        with pytest.raises(StoreError, match="another mailbot"), other.alone():
            pass
    store.close()
    other.close()


def test_a_worker_that_another_has_replaced_meanwhile_stops(postgres_url: str) -> None:
    store, other = Store.open(postgres_url), Store.open(postgres_url)
    with store.alone():
        hang_up(postgres_url)
        with other.alone(), pytest.raises(StoreError, match="another mailbot"):
            store.still_alone()
    store.close()
    other.close()


def hang_up(url: str) -> None:
    """Ends every other connection to the database, as a restart of the server does."""
    engine = connect(url)
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
        while connection.execute(text(f"SELECT count(*) {others}")).scalar():
            pass
    engine.dispose()
