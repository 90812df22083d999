"""Which case a message continues: doubt never merges."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.case import Case, State
from mailbot.mail import Address, Ours, Understood, understand
from mailbot.threads import OLD_AFTER, Candidate, Thread, Traces, neighbour_of, neighbours, thread_of

NOW = datetime(2027, 2, 2, 18, tzinfo=UTC)
OURS = Ours(frozenset({"ask@riverbend.example"}), frozenset(), frozenset({"riverbend.example"}))
QUESTION = "Could you send me a list of your musical scores? I play in a small orchestra."
LETTER = "Dear Pat Ron,\n\nYou would like a list of our musical scores. Reference have it now and answer by Wednesday."
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
ONE = Candidate(CASE, NOW - timedelta(hours=2), (QUESTION,), ("Re: Musical scores",), (LETTER,))
RECENT = Traces(recent=(ONE,))
NAMED = Traces(named=(ONE,), recent=(ONE,))
CONTINUES, NEW, DOUBT = Thread(case=CASE), Thread(), Thread(maybe=CASE)


def mail(subject: str, text: str, *headers: str, sender: str = "pat.ron@example.com") -> Understood:
    top = "".join(f"{header}\r\n" for header in headers)
    raw = f"From: {sender}\r\nTo: ask@riverbend.example\r\nSubject: {subject}\r\n{top}\r\n{text}\r\n"
    return understand(raw.encode(), OURS)


def old(by: timedelta, one: Candidate = ONE) -> Candidate:
    return replace(one, touched=NOW - by)


def test_a_reference_decides_whatever_the_subject_says() -> None:
    assert thread_of(mail("Re: something else", "And the parts?"), NAMED, NOW) == CONTINUES


def test_a_reference_of_another_patrons_case_is_a_doubt() -> None:
    theirs = mail("Re: Musical scores", "Is there anything for two pianos?", sender="sam@example.org")
    assert thread_of(theirs, Traces(named=(ONE,)), NOW) == DOUBT


def test_of_two_cases_that_are_named_the_writers_own_counts() -> None:
    other = replace(ONE, case=replace(CASE, ref="ref-0002", patron=Address("Sam", "sam@example.org")))
    assert thread_of(mail("Re: Musical scores", "Parts."), Traces(named=(other, ONE)), NOW) == CONTINUES


def test_a_reply_to_a_very_old_case_opens_one_that_follows_it() -> None:
    reply = mail("Re: Musical scores", "Is there more by now?")
    assert thread_of(reply, Traces(named=(old(OLD_AFTER + timedelta(days=1)),)), NOW) == Thread(earlier=CASE)
    assert thread_of(reply, Traces(named=(old(OLD_AFTER),)), NOW) == CONTINUES


def test_an_old_mail_taken_to_write_of_something_else_is_a_doubt() -> None:
    assert thread_of(mail("Parking", "Where can I leave the car on Sunday?"), NAMED, NOW) == DOUBT


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Parking", "Where can I leave the car on Sunday?"),
        ("Orchestral parts", "Not scores: what I mean are parts, for a small orchestra."),
        ("More scores", "Two further things came to my mind."),
        ("", "Where can I leave the car on Sunday?"),
        ("Musical scores", "Where can I leave the car on Sunday?"),
    ],
    ids=["answers", "the text goes on", "the subject goes on", "no subject", "the old subject"],
)
def test_a_reply_that_goes_on_in_any_way_continues(subject: str, text: str) -> None:
    assert thread_of(mail(subject, text), NAMED, NOW) == CONTINUES


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Musical scores", "RE: musical scores", "AW: Musical scores", "Re[2]: Musical scores",
        "RE : Musical scores", "SV: Musical scores", "VS: Musical scores", "Antw: Musical scores",
        "Odp: Musical scores", "R: Musical scores", "RIF: Musical scores", "RES: Musical scores",
        "YNT: Musical scores", "ΑΠ: Musical scores", "ΣΧΕΤ: Musical scores", "回复：Musical scores",
        "答复: Musical scores", "RV: Musical scores", "[EXTERNAL] Re: Musical scores", "Re: [EXT] Musical scores",
        "[SPAM?] AW: Re: Musical scores", "***SPAM*** Re: Musical scores", "EXTERNAL: Re: Musical scores",
        "AW: [ask] Re: Musical scores",
    ],
)  # fmt: skip
def test_an_answer_by_subject_alone_finds_the_patrons_recent_case(subject: str) -> None:
    assert thread_of(mail(subject, "Not scores: parts."), RECENT, NOW) == CONTINUES


@pytest.mark.parametrize("prefix", ["WG", "TR", "FW", "Fwd", "I", "ENC", "VB", "VL", "PD", "转发"])
def test_a_forward_continues_only_with_what_was_said_before(prefix: str) -> None:
    subject = f"{prefix}: Musical scores"
    assert thread_of(mail(subject, "For you."), RECENT, NOW) == DOUBT
    brought = f"Did you get this?\r\n\r\n---- Forwarded ----\r\n{QUESTION}"
    assert thread_of(mail(subject, brought), RECENT, NOW) == CONTINUES


def test_a_program_that_keeps_only_its_thread_index_answers_all_the_same() -> None:
    answer = b64encode(bytes(27)).decode()
    first = b64encode(bytes(22)).decode()
    assert thread_of(mail("Musical scores", "Parts.", f"Thread-Index: {answer}"), RECENT, NOW) == CONTINUES
    assert thread_of(mail("Musical scores", "Parts.", f"Thread-Index: {first}"), RECENT, NOW) == DOUBT


def test_an_id_that_a_gateway_has_changed_still_says_that_it_is_an_answer() -> None:
    changed = "In-Reply-To: <0100018f-000000@email.amazonses.com>"
    assert thread_of(mail("Musical scores", "Parts.", changed), RECENT, NOW) == CONTINUES


def test_a_quoted_letter_ties_an_answer_whose_subject_is_gone() -> None:
    quote = "".join(f"> {line}\r\n" for line in LETTER.split("\n"))
    assert thread_of(mail("", f"Parts, I mean.\r\n\r\n{quote}"), RECENT, NOW) == CONTINUES


def test_a_subject_that_was_cut_short_is_known_again() -> None:
    long = replace(ONE, case=replace(CASE, subject="A list of your musical scores for small orchestras"), subjects=())
    traces = Traces(recent=(long,))
    assert thread_of(mail("Re: A list of your musical scores", "Parts."), traces, NOW).case == long.case
    assert thread_of(mail("Re: A list of your...", "Parts."), traces, NOW).case == long.case
    assert thread_of(mail("Re: A list", "Parts."), traces, NOW) == NEW


def test_the_subject_of_our_letter_is_a_subject_of_the_case() -> None:
    neutral = replace(ONE, case=replace(CASE, subject=""), subjects=("Your message to Riverbend Public Library",))
    reply = mail("Re: Your message to Riverbend Public Library", "Parts.")
    assert thread_of(reply, Traces(recent=(neutral,)), NOW).case == neutral.case


def test_the_same_subject_without_re_is_a_new_question_and_staff_hear_of_the_other() -> None:
    assert thread_of(mail("Musical scores", "Another thing: do you lend metronomes?"), RECENT, NOW) == DOUBT


@pytest.mark.parametrize("subject", ["Question", "(no subject)", "Library", "Frage", "Sin asunto", "问题", ""])
def test_two_questions_under_a_subject_that_says_nothing_are_two_cases(subject: str) -> None:
    one = replace(ONE, case=replace(CASE, subject=subject), subjects=())
    assert thread_of(mail(subject, "Do you lend metronomes?"), Traces(recent=(one,)), NOW) == NEW


def test_an_answer_that_two_cases_could_have_is_a_doubt_unless_it_quotes_one() -> None:
    letter = "Dear Pat Ron,\n\nYou ask whether we lend metronomes. Programs and Rooms have it now and answer by Friday."
    second = replace(ONE, case=replace(CASE, ref="ref-0002"), letters=(letter,), texts=("Do you lend metronomes?",))
    both = Traces(recent=(ONE, second))
    assert thread_of(mail("Re: Musical scores", "Yes please."), both, NOW) == DOUBT
    quote = "".join(f"> {line}\r\n" for line in letter.split("\n"))
    assert thread_of(mail("Re: Musical scores", f"Yes please.\r\n\r\n{quote}"), both, NOW).case == second.case


def test_the_same_mail_sent_once_more_with_a_line_on_top_continues_the_case() -> None:
    assert thread_of(mail("Musical scores", f"Did this reach you?\r\n\r\n{QUESTION}"), RECENT, NOW) == CONTINUES


def test_the_same_mail_through_a_list_that_adds_a_tag_and_a_footer_continues_the_case() -> None:
    copied = mail("[friends] Musical scores", f"{QUESTION}\r\n\r\nFriends list", "Message-ID: <1@example.com>")
    known = Traces(recent=(replace(ONE, names=("<1@example.com>",)),))
    assert thread_of(copied, known, NOW) == CONTINUES
    assert thread_of(copied, RECENT, NOW) == NEW


def test_a_colleague_who_answers_by_subject_alone_counts_where_the_mail_server_vouches_for_them() -> None:
    answer = mail("Re: Musical scores", "Here is the list.", sender="luis@riverbend.example")
    written_to = Traces(colleague=True, addressed=(ONE,), vouched=True)
    assert thread_of(answer, written_to, NOW) == CONTINUES
    assert thread_of(answer, replace(written_to, vouched=False), NOW) == DOUBT


def test_another_subject_is_another_question() -> None:
    assert thread_of(mail("Re: Parking", "Where can I park?"), RECENT, NOW) == NEW


def test_a_number_in_a_subject_opens_nothing() -> None:
    assert thread_of(mail("ref-0001", "What about it?"), RECENT, NOW) == NEW


@pytest.mark.parametrize("days", [60, 200])
def test_an_answer_by_subject_alone_after_many_weeks_is_a_doubt(days: int) -> None:
    traces = Traces(recent=(old(timedelta(days=days)),))
    assert thread_of(mail("Re: Musical scores", "Still looking."), traces, NOW) == DOUBT


def test_an_empty_subject_ties_nothing_together() -> None:
    unnamed = replace(ONE, case=replace(CASE, subject=""), subjects=(), letters=())
    assert thread_of(mail("Re:", "Still looking."), Traces(recent=(unnamed,)), NOW).case is None


def test_thanks_and_colleagues_find_the_case_whatever_its_age() -> None:
    traces = Traces(named=(old(timedelta(days=400)),))
    thanks = mail("Re: Musical scores", "Thank you so much, that is all I hoped for.")
    assert thread_of(thanks, traces, NOW) == CONTINUES
    assert thread_of(mail("Re: Musical scores", "route: digital"), replace(traces, colleague=True), NOW) == CONTINUES


def test_an_answer_from_the_same_house_is_a_doubt_and_from_everybodys_domain_is_none() -> None:
    sam = mail("Re: Musical scores", "We need the parts.", sender="sam@example.com")
    assert neighbours(sam) == "example.com"
    assert neighbour_of(sam, [replace(CASE, subject="Parking"), CASE]) == CASE
    assert neighbours(mail("Re: Musical scores", "Parts.", sender="sam@gmail.com")) == ""
    assert neighbours(mail("Musical scores", "Parts.", sender="sam@example.com")) == ""
    assert neighbours(mail("Re: Question", "Parts.", sender="sam@example.com")) == ""
