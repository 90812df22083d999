"""Promises, sentence by sentence: who is reminded, who hears that one was not kept, and what never happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.case import Case, State
from mailbot.library import ReplyWithin, hours_on, is_open, promise, reminder_at
from mailbot.mail import Address
from mailbot.mail.verdict import verdict_in
from mailbot.promises import GRACE, MOST_BROKEN, NOT_LATER, Past, Reminded, Reminding, follow_up, remind
from mailbot.settings import load
from mailbot.writing.letter import LetterKind, Occasion

LIBRARY = load(Path(__file__).parents[2] / "config", {}).library
ROOMS = LIBRARY.department("programs-and-rooms")
ASKED = datetime(2027, 1, 14, 11, tzinfo=LIBRARY.timezone)  # a Thursday; Monday is a holiday
DUE = promise(ROOMS, ASKED, LIBRARY).due
CASE = Case(
    ref="ref-0001",
    patron=Address("Roberta Lynch", "roberta@example.com"),
    subject="Second Tuesdays",
    language="en",
    holder=ROOMS.key,
    held_by=(ROOMS.key,),
    state=State.OPEN,
    opened=ASKED,
    due=DUE,
)
PAST = Past(touched=ASKED, messages=(7,))


def at(now: datetime, case: Case = CASE, past: Past = PAST, read: datetime | None = None) -> Reminding | None:
    return remind(case, past, LIBRARY, 0.75, now, read or now)


def late(past: Past = PAST, case: Case = CASE, after: timedelta = GRACE) -> Reminding:
    found = at(DUE + after, case, past)
    assert found is not None
    return found


def letters(found: Reminding | None) -> list[tuple[LetterKind, str]]:
    return [(order.kind, order.to.address) for order in found.orders] if found else []


def test_the_department_is_reminded_when_three_quarters_of_its_time_are_over() -> None:
    moment = datetime(2027, 1, 19, 14, tzinfo=LIBRARY.timezone)  # two days of eight hours, less four
    assert reminder_at(ROOMS, DUE, 0.75, LIBRARY) == moment
    assert at(moment - timedelta(minutes=1)) is None
    assert letters(at(moment)) == [(LetterKind.NUDGE, ROOMS.email)]


def test_a_reminder_changes_neither_the_case_nor_the_promise() -> None:
    found = at(DUE - timedelta(hours=1))
    assert found is not None
    assert found.case == found.was == CASE


@given(
    st.sampled_from(LIBRARY.departments),
    st.floats(0.1, 0.99),
    st.integers(0, 60 * 24 * 400),
    st.sampled_from([ReplyWithin(4, "hours"), ReplyWithin(5, "business days")]),
)
def test_the_moment_to_remind_lies_in_open_hours_before_the_promise(
    department: object, share: float, minutes: int, within: ReplyWithin
) -> None:
    desk = replace(LIBRARY.department(getattr(department, "key", "")), reply_within=within)
    due = promise(desk, ASKED + timedelta(minutes=minutes), LIBRARY).due
    moment = reminder_at(desk, due, share, LIBRARY)
    assert moment <= due
    span = hours_on(moment.date(), desk, LIBRARY)
    assert span is not None
    assert span[0] <= moment <= span[1]
    assert is_open(moment, desk, LIBRARY) or moment == span[1]


@pytest.mark.parametrize(
    ("past", "now"),
    [
        (replace(PAST, reminded=(Reminded(Occasion.NUDGED, DUE, ROOMS.key, ASKED),)), DUE - timedelta(hours=1)),
        (replace(PAST, touched=DUE - timedelta(minutes=90)), DUE - timedelta(hours=1)),
    ],
    ids=["again", "just after they got it"],
)
def test_nobody_is_reminded(past: Past, now: datetime) -> None:
    assert at(now, past=past) is None


def test_one_department_reminded_is_not_the_other() -> None:
    past = replace(PAST, reminded=(Reminded(Occasion.NUDGED, DUE, "outreach", ASKED),))
    assert letters(at(DUE - timedelta(hours=1), past=past)) == [(LetterKind.NUDGE, ROOMS.email)]


def test_who_never_wants_reminders_gets_none() -> None:
    assert remind(CASE, PAST, LIBRARY, 1.0, DUE - timedelta(minutes=1), DUE) is None


def test_a_broken_promise_is_told_to_the_patron_the_department_and_triage() -> None:
    found = late()
    assert letters(found) == [
        (LetterKind.UPDATE, "roberta@example.com"),
        (LetterKind.NUDGE, ROOMS.email),
        (LetterKind.ALERT, LIBRARY.triage.email),
    ]
    assert found.case.due == datetime(2027, 1, 21, 18, tzinfo=LIBRARY.timezone)
    assert found.orders[2].carries == (7,)


def test_an_answer_that_may_be_on_its_way_or_lie_unread_is_waited_for() -> None:
    assert at(DUE + GRACE - timedelta(seconds=1)) is None
    assert at(DUE + timedelta(days=3), read=DUE) is None


def test_a_broken_promise_is_told_once() -> None:
    assert at(DUE + timedelta(hours=1), past=replace(PAST, reminded=(late().done,))) is None


def test_after_a_week_of_standstill_there_is_one_letter_with_a_day_that_can_be_kept() -> None:
    found = late(after=timedelta(days=7, hours=-4))
    assert found.done.occasion is Occasion.LATE
    assert found.case.due == promise(ROOMS, DUE + timedelta(days=7, hours=-4), LIBRARY).due
    again = at(DUE + timedelta(days=7), found.case, replace(PAST, reminded=(found.done,)))
    assert again is None


def test_a_patron_who_may_not_be_written_to_is_not() -> None:
    for past, case in ((PAST, replace(CASE, answerable=False)), (replace(PAST, letters_today=10), CASE)):
        found = late(past, case)
        assert (LetterKind.UPDATE, "roberta@example.com") not in letters(found)
        assert (LetterKind.NUDGE, ROOMS.email) in letters(found)


def test_the_head_hears_of_it_and_nobody_twice() -> None:
    heads = {ROOMS.key: "head@riverbend.example", LIBRARY.triage.key: LIBRARY.triage.email}
    library = replace(
        LIBRARY, departments=tuple(replace(one, head=heads.get(one.key, "")) for one in LIBRARY.departments)
    )
    found = remind(CASE, PAST, library, 0.75, DUE + GRACE, DUE + GRACE)
    assert (LetterKind.ALERT, "head@riverbend.example") in letters(found)
    mine = replace(CASE, holder=library.triage.key)
    assert letters(remind(mine, PAST, library, 0.75, DUE + GRACE, DUE + GRACE))[1:] == [
        (LetterKind.NUDGE, library.triage.email)
    ]


def test_no_day_is_named_any_more_after_several_were_missed() -> None:
    past = replace(PAST, reminded=tuple(Reminded(Occasion.LATE, ASKED, "", ASKED) for _ in range(MOST_BROKEN - 1)))
    found = late(past)
    assert (found.broken, found.promise, found.case) == (MOST_BROKEN, None, CASE)
    assert (LetterKind.UPDATE, "roberta@example.com") in letters(found)


def test_an_answer_in_between_begins_the_count_anew() -> None:
    reminded = tuple(Reminded(Occasion.LATE, ASKED, "", ASKED) for _ in range(MOST_BROKEN - 1))
    assert late(replace(PAST, reminded=reminded, answered=ASKED + timedelta(hours=1))).broken == 1


@pytest.mark.parametrize("case", [CASE.answered(), replace(CASE, due=None)], ids=["answered", "without a promise"])
def test_nothing_is_owed(case: Case) -> None:
    assert at(DUE + timedelta(days=1), case) is None


ANSWERED = Past(touched=ASKED, answered=ASKED)
WEEK = timedelta(days=7)


def test_so_many_days_after_an_answer_the_patron_is_asked_once() -> None:
    assert follow_up(CASE.answered(), ANSWERED, 7, ASKED + WEEK - timedelta(seconds=1)) is None
    found = follow_up(CASE.answered(), ANSWERED, 7, ASKED + WEEK)
    assert letters(found) == [(LetterKind.FOLLOW_UP, "roberta@example.com")]
    assert found is not None
    assert follow_up(CASE.answered(), replace(ANSWERED, reminded=(found.done,)), 7, ASKED + WEEK) is None


@pytest.mark.parametrize(
    ("case", "past"),
    [
        (CASE.answered(), replace(ANSWERED, delicate=True)),
        (CASE.answered(), replace(ANSWERED, thanked=ASKED + timedelta(hours=1))),
        (replace(CASE, answerable=False).answered(), ANSWERED),
        (CASE, ANSWERED),
        (CASE.answered(), replace(ANSWERED, letters_today=10)),
        (CASE.answered(), replace(ANSWERED, answered=ASKED - NOT_LATER)),
    ],
    ids=["delicate", "said thank you", "may not be written to", "asks again", "has had enough", "long ago"],
)
def test_who_is_not_asked_whether_it_helped(case: Case, past: Past) -> None:
    assert letters(follow_up(case, past, 7, ASKED + WEEK)) == []


def test_nobody_is_asked_where_the_library_does_not_want_it() -> None:
    assert follow_up(CASE.answered(), ANSWERED, 0, ASKED) is None


@pytest.mark.parametrize(
    ("text", "helped"),
    [
        ("Yes", True), ("sí.", True), ("Oui\n\nRoberta", True), ("Ja, vielen Dank", True), ("yes thank you", True),
        ("Yes, it did!", True), ("Ja, das hat mir sehr geholfen.", True), ("Sí, me sirvió mucho, gracias", True),
        ("Oui, c'est parfait, merci", True),
        ("No", False), ("Nein.", False), ("non\nRoberta Lynch", False), ("NO!!", False),
        ("No, it did not", False), ("Nein, leider nicht.", False), ("Non, pas vraiment", False),
        ("No, todavía no puedo entrar en mi cuenta.", False), ("No. The link is dead.", False),
        ("No, thanks", None), ("No, that was all, thank you", None), ("No problem", None),
        ("No hay más preguntas", None),
        ("Nein, das war nicht sehr hilfreich.", False), ("Non, ça ne m'a pas beaucoup aidé", False),
        ("No, all good", None), ("Nein, alles gut", None), ("Non, tout est parfait", None), ("No, it was great", None),
        ("Yes, but what about June?", None), ("No, is there another?", None), ("Yes and I have another wish", None),
        ("No, the book was not there. Thanks anyway.", False), ("No, it did not help at all, thank you.", False),
        ("No, no funciona, gracias", False), ("Non, le lien ne marche pas. Merci", False),
        ("Nein, das Buch war nicht da. Trotzdem danke", False),
        ("Nothing came", None), ("", None),
        ("No complaints!", None), ("no complaints, all is well", None), ("no no all is well", None),
        ("No longer at this address. I left the company.", None), ("Nein, alles in Ordnung", None),
        ("No no, it did not help", False), ("No, that is not all fine: the link is dead", False),
        ("没有", False), ("没有。", False), ("不是\nRoberta Lynch", False), ("是的！", True), ("对。", True),
        ("没有问题", None), ("没有，还有一个问题", None), ("有吗？", None), ("是鲁迅写的那本。", None),
    ],
)  # fmt: skip
def test_the_first_word_says_whether_it_helped(text: str, helped: bool | None) -> None:
    assert verdict_in(text, "Roberta Lynch") is helped


def test_a_late_letter_counts_only_the_days_that_letters_had_named() -> None:
    unknown = replace(PAST, unnamed=frozenset({DUE}))
    assert late().broken == 1
    assert late(unknown).broken == 0
    earlier = Reminded(Occasion.LATE, DUE - timedelta(days=7), "", ASKED)
    assert late(replace(PAST, reminded=(earlier,))).broken == 2
    assert late(replace(PAST, reminded=(earlier,), unnamed=frozenset({earlier.due}))).broken == 1
