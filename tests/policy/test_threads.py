"""Which case a message continues: doubt never merges."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.case import Case, State
from mailbot.mail import Address, Ours, Understood, understand
from mailbot.threads import Candidate, Traces, case_for

NOW = datetime(2027, 2, 2, 18, tzinfo=UTC)
OURS = Ours(frozenset({"ask@riverbend.example"}), frozenset(), frozenset({"riverbend.example"}))
QUESTION = "Could you send me a list of your musical scores? I play in a small orchestra."
CASE = Case(
    ref="ref-0001",
    patron=Address("Pat Ron", "pat.ron@example.com"),
    subject="Musical scores",
    language="en",
    holder="reference",
    held_by=("reference",),
    state=State.OPEN,
    opened=NOW,
    due=NOW + timedelta(days=1),
)
RECENT = Traces(recent=(Candidate(CASE, NOW - timedelta(hours=2), (QUESTION,)),))


def mail(subject: str, text: str) -> Understood:
    raw = f"From: pat.ron@example.com\r\nTo: ask@riverbend.example\r\nSubject: {subject}\r\n\r\n{text}\r\n"
    return understand(raw.encode(), OURS)


def test_a_reference_decides_whatever_the_subject_says() -> None:
    traces = Traces(answered=CASE)
    assert case_for(mail("something else", "And the parts?"), traces, NOW) == CASE


@pytest.mark.parametrize(
    "subject", ["Re: Musical scores", "RE: musical scores", "AW: Musical scores", "Re[2]: Musical scores"]
)
def test_an_answer_by_subject_alone_finds_the_patrons_recent_case(subject: str) -> None:
    assert case_for(mail(subject, "Not scores: parts."), RECENT, NOW) == CASE


def test_the_same_subject_without_re_is_a_new_question() -> None:
    assert case_for(mail("Musical scores", "Another thing: do you lend metronomes?"), RECENT, NOW) is None


def test_the_same_mail_sent_once_more_with_a_line_on_top_continues_the_case() -> None:
    assert case_for(mail("Musical scores", f"Did this reach you?\r\n\r\n{QUESTION}"), RECENT, NOW) == CASE


def test_another_subject_is_another_question() -> None:
    assert case_for(mail("Re: Parking", "Where can I park?"), RECENT, NOW) is None


def test_a_number_in_a_subject_opens_nothing() -> None:
    assert case_for(mail("ref-0001", "What about it?"), RECENT, NOW) is None


def test_an_answer_after_many_weeks_is_a_new_case() -> None:
    old = replace(RECENT.recent[0], touched=NOW - timedelta(days=60))
    assert case_for(mail("Re: Musical scores", "Still looking."), Traces(recent=(old,)), NOW) is None


def test_an_empty_subject_ties_nothing_together() -> None:
    unnamed = replace(RECENT.recent[0], case=replace(CASE, subject=""))
    assert case_for(mail("Re:", "Still looking."), Traces(recent=(unnamed,)), NOW) is None
