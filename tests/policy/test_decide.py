"""The policy, sentence by sentence: what happens to a message, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from mailbot.case import Case, Move, Standing, State
from mailbot.classify import Guess, Prediction
from mailbot.decision import Decision, Facts, Relay, ReturnedLetter
from mailbot.library import promise
from mailbot.mail import Address, Understood, understand
from mailbot.routing import decide
from mailbot.settings import load, ours
from mailbot.writing.letter import LetterKind, Occasion

LIBRARY = load(Path(__file__).parents[2] / "config", {}).library
NOW = datetime(2027, 2, 2, 10, 5, tzinfo=LIBRARY.timezone)
PAT = Address("Pat Ron", "pat.ron@example.com")
SURE = Prediction("reference", 0.97, sure=True, runners_up=(Guess("circulation", 0.02),))
UNSURE = replace(SURE, confidence=0.4, sure=False)
LINK = Prediction("special-collections", 1.0, sure=True, rule="riverbend.example/blog/performing-editions")
FACTS = Facts(message=7, new_ref="ref-0001")
CASE = Case(
    ref="ref-0001",
    patron=PAT,
    subject="Musical scores",
    language="en",
    holder="reference",
    held_by=("reference",),
    state=State.OPEN,
    opened=NOW,
    due=promise(LIBRARY.department("reference"), NOW, LIBRARY).due,
)


def mail(
    text: str = "Could you send me a list of your musical scores?",
    sender: str = "Pat Ron <pat.ron@example.com>",
    *headers: str,
    to: str = "ask@riverbend.example",
    subject: str = "Musical scores",
) -> Understood:
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", "Message-ID: <1@example.com>", *headers]
    return understand("\r\n".join([*lines, "", text, ""]).encode(), ours(LIBRARY))


def judge(message: Understood, facts: Facts = FACTS, prediction: Prediction = SURE) -> Decision:
    return decide(message, facts, prediction, LIBRARY, NOW)


def letters(decision: Decision) -> list[tuple[LetterKind, Occasion, str]]:
    return [(order.kind, order.occasion, order.to.address) for order in decision.orders]


def test_a_sure_question_goes_to_its_department_and_the_patron_is_told() -> None:
    decision = judge(mail())
    assert decision.standing is Standing.ROUTED
    assert letters(decision) == [
        (LetterKind.ACKNOWLEDGEMENT, Occasion.ROUTED, "pat.ron@example.com"),
        (LetterKind.FORWARD, Occasion.ROUTED, "reference@riverbend.example"),
    ]
    assert decision.case is not None
    assert decision.case.due == datetime(2027, 2, 3, 20, tzinfo=LIBRARY.timezone)


def test_an_unsure_question_goes_to_triage_with_no_department_named() -> None:
    decision = judge(mail(), prediction=replace(UNSURE, department="circulation"))
    assert (decision.standing, decision.case and decision.case.holder) == (Standing.HELD, "reference")
    assert {occasion for _, occasion, _ in letters(decision)} == {Occasion.UNSURE}


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied", "List-Id: <weekly.example.org>", "Return-Path: <>"],
)
def test_no_machine_is_ever_answered(header: str) -> None:
    decision = judge(mail("I am away.", "Pat Ron <pat.ron@example.com>", header), replace(FACTS, case=CASE))
    assert (decision.standing, decision.orders) == (Standing.UNANSWERED, ())
    assert decision.case == CASE


def test_a_sender_past_the_daily_limit_is_forwarded_but_not_written_to() -> None:
    decision = judge(mail(), replace(FACTS, letters_today=10, limit=10))
    assert letters(decision) == [(LetterKind.FORWARD, Occasion.ROUTED, "reference@riverbend.example")]


def test_beyond_the_limit_of_its_mailbox_a_message_is_forwarded_and_nobody_is_written_to() -> None:
    decision = judge(mail(), replace(FACTS, crowded=True))
    assert letters(decision) == [(LetterKind.FORWARD, Occasion.ROUTED, "reference@riverbend.example")]


def test_what_the_patron_adds_goes_to_the_holder_whatever_the_new_words_suggest() -> None:
    decision = judge(mail(), replace(FACTS, case=CASE), replace(SURE, department="circulation"))
    assert decision.case == CASE
    assert letters(decision) == [
        (LetterKind.UPDATE, Occasion.ADDED, "pat.ron@example.com"),
        (LetterKind.FORWARD, Occasion.ADDED, "reference@riverbend.example"),
    ]


def test_a_link_moves_the_case_with_its_whole_history() -> None:
    decision = judge(mail(), replace(FACTS, case=CASE, earlier=(3, 5)), LINK)
    assert decision.case is not None
    assert (decision.case.holder, decision.case.held_by) == (
        "special-collections",
        ("reference", "special-collections"),
    )
    assert decision.orders[1].carries == (3, 5, 7)
    assert letters(decision)[2] == (LetterKind.UPDATE, Occasion.TAKEN_OFF, "reference@riverbend.example")
    assert decision.label is not None
    assert decision.label.department == "special-collections"


def test_a_patron_who_asks_for_a_department_that_may_well_do_it_gets_it() -> None:
    asks = mail("Sorry, this is for Circulation.")
    decision = judge(asks, replace(FACTS, case=CASE, earlier=(3,)), UNSURE)
    assert decision.case is not None
    assert (decision.case.holder, decision.event) == ("circulation", Occasion.MOVED.value)
    assert decision.label is not None
    assert (decision.label.department, decision.label.source) == ("circulation", "words")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("This is for Administration.", id="what they want is hardly its business"),
        pytest.param("I think this is for Circulation?", id="they are not sure"),
        pytest.param("Circulation told me to ask you about the scores.", id="it is only spoken of"),
    ],
)
def test_a_patron_s_words_move_nothing_where(text: str) -> None:
    decision = judge(mail(text), replace(FACTS, case=CASE), UNSURE)
    assert (decision.case, decision.event) == (CASE, Occasion.ADDED.value)


def test_a_question_after_an_answer_opens_the_case_again_with_a_new_promise() -> None:
    decision = judge(mail(), replace(FACTS, case=CASE.answered()))
    assert decision.case is not None
    assert (decision.case.state, decision.case.due is not None) == (State.OPEN, True)


def test_thanks_reach_everyone_who_helped_and_start_nothing() -> None:
    case = replace(
        CASE, held_by=("reference", "special-collections"), passed_on_by=Address("Dan", "dan@riverbend.example")
    )
    thanks = mail("Thank you so much, that is exactly what I was hoping for.", subject="Re: Musical scores")
    decision = judge(thanks, replace(FACTS, case=case))
    assert decision.standing is Standing.UNANSWERED
    assert [to for _, _, to in letters(decision)] == [
        "special@riverbend.example",
        "reference@riverbend.example",
        "dan@riverbend.example",
    ]
    assert decision.case == case


LUIS_HIMSELF = "Luis Carrera <luis.carrera@riverbend.example>"


def staff(text: str, to: str = "ask@riverbend.example") -> Understood:
    return mail(text, LUIS_HIMSELF, to=to)


PROVEN = replace(FACTS, case=CASE, authority=True, earlier=(3,))


def test_a_route_line_of_a_colleague_moves_the_case_and_is_a_label() -> None:
    decision = judge(staff("route: Digital Services\r\n\r\nIt's an e-book."), PROVEN)
    assert decision.case is not None
    assert decision.case.holder == "digital"
    assert [kind for kind, _, _ in letters(decision)] == [LetterKind.UPDATE, LetterKind.FORWARD, LetterKind.RECEIPT]
    assert decision.label is not None
    assert decision.label.source == "correction"


@pytest.mark.parametrize(
    "text",
    [
        "Hi,\r\n\r\nroute: digital\r\n\r\nLuis",
        "Guten Tag zusammen,\r\nroute : Digital Services",
        "\u200b\r\n`route: digital`",
        "route\uff1a digital, please",
        "ROUTE:digital - it's an e-book",
    ],
)
def test_a_route_line_counts_below_a_greeting_and_however_it_is_set(text: str) -> None:
    decision = judge(mail(text, LUIS_HIMSELF, "Content-Type: text/plain; charset=utf-8"), PROVEN)
    assert decision.case is not None
    assert decision.case.holder == "digital"


@pytest.mark.parametrize(
    "facts", [PROVEN, replace(PROVEN, relay=Relay("She has a Kindle.", files=False, enough=False))]
)
def test_a_route_line_that_does_not_come_first_is_asked_about_and_never_sent_to_the_patron(facts: Facts) -> None:
    decision = judge(staff("She has a Kindle.\r\n\r\nroute: digital"), facts)
    assert letters(decision) == [(LetterKind.RECEIPT, Occasion.UNCLEAR, "luis.carrera@riverbend.example")]
    assert decision.candidates == ("digital",)


def test_a_route_line_proves_nothing_by_itself() -> None:
    decision = judge(staff("route: digital"), replace(PROVEN, authority=False))
    assert decision.case is None or decision.case.holder != "digital"


def test_a_patron_cannot_steer_the_mail() -> None:
    decision = judge(mail("route: administration"), replace(FACTS, case=CASE))
    assert decision.case == CASE


def test_a_department_nobody_knows_moves_nothing_and_only_the_colleague_hears() -> None:
    decision = judge(staff("route: digitel"), PROVEN)
    assert decision.case == CASE
    assert letters(decision) == [(LetterKind.RECEIPT, Occasion.NOT_KNOWN, "luis.carrera@riverbend.example")]


def test_a_colleagues_reply_to_the_patron_answers_the_case_and_no_letter_leaves() -> None:
    decision = judge(staff("Dear Ms. Ron, here is the list.", to="pat.ron@example.com, ask@riverbend.example"), PROVEN)
    assert (decision.case, decision.orders) == (CASE.answered(), ())


BOTH = "pat.ron@example.com, ask@riverbend.example"
TEACHES = replace(PROVEN, desk="reference", answers_teach=True)


def test_an_answer_of_the_desk_that_has_it_confirms_the_route_where_the_library_wants_that() -> None:
    label = judge(staff("Dear Ms. Ron, here is the list.", to=BOTH), TEACHES).label
    assert label is not None
    assert (label.department, label.source) == ("reference", "answer")


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(replace(TEACHES, answers_teach=False), id="the library does not want that"),
        pytest.param(replace(TEACHES, desk="digital"), id="another desk answered"),
        pytest.param(replace(TEACHES, authority=False, colleague=True), id="nothing proves who it was"),
        pytest.param(
            replace(
                TEACHES,
                moves=(
                    Move(NOW, "digital", "reference", Address("", "luis.carrera@riverbend.example"), corrected=True),
                ),
            ),
            id="a colleague said already whose it is",
        ),
    ],
)
def test_an_answer_teaches_nothing_where(facts: Facts) -> None:
    decision = judge(staff("Dear Ms. Ron, here is the list.", to=BOTH), facts)
    assert (decision.case, decision.label) == (CASE.answered(), None)


def test_a_colleagues_reply_that_reached_only_us_is_held_and_the_colleague_is_told() -> None:
    decision = judge(staff("Dear Ms. Ron, here is the list."), PROVEN)
    assert decision.standing is Standing.HELD
    assert letters(decision) == [(LetterKind.RECEIPT, Occasion.ONLY_US, "luis.carrera@riverbend.example")]


def test_a_mail_passed_on_whose_writer_nobody_can_tell_is_held_and_the_colleague_asked() -> None:
    decision = judge(replace(mail(), writer=None, passed_on_by=Address("Dan", "dan@riverbend.example")))
    assert decision.standing is Standing.HELD
    assert decision.case is None
    assert (LetterKind.RECEIPT, Occasion.WHOSE, "dan@riverbend.example") in letters(decision)


BOUNCE = (
    "Return-Path: <>\r\nAuto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status"
)


def returned(
    kind: LetterKind,
    *,
    to_patron: bool = False,
    department: str = "reference",
    permanent: bool = True,
    handled: bool = False,
    case: Case = CASE,
    admin: str = "",
) -> Decision:
    facts = replace(
        FACTS,
        case=case,
        earlier=(3,),
        admin=admin,
        returned=ReturnedLetter(kind, to_patron, department, "5.2.2", permanent, handled),
    )
    message = mail(
        "Final-Recipient: rfc822; special@riverbend.example\r\nAction: failed\r\nStatus: 5.2.2",
        "mailer-daemon@example.com",
        BOUNCE,
    )
    return judge(message, facts)


@pytest.mark.parametrize("kind", [LetterKind.FORWARD, LetterKind.NUDGE])
def test_a_forward_or_a_reminder_that_comes_back_goes_to_triage_with_an_alert_and_the_promise_stands(
    kind: LetterKind,
) -> None:
    decision = returned(kind, department="circulation", case=replace(CASE, holder="circulation"))
    assert decision.case is not None
    assert (decision.case.holder, decision.case.due) == ("reference", CASE.due)
    assert letters(decision) == [
        (LetterKind.ALERT, Occasion.BOUNCED, "reference@riverbend.example"),
        (LetterKind.UPDATE, Occasion.BOUNCED, "pat.ron@example.com"),
    ]


def test_where_triage_itself_cannot_be_reached_whoever_runs_mailbot_hears_of_it_and_the_patron_nothing_untrue() -> None:
    decision = returned(LetterKind.FORWARD, admin="admin@riverbend.example")
    assert letters(decision) == [(LetterKind.ALERT, Occasion.BOUNCED, "admin@riverbend.example")]
    assert decision.orders[0].carries == (3,)
    assert returned(LetterKind.FORWARD, admin="Reference@riverbend.example").orders == ()
    assert returned(LetterKind.FORWARD).orders == ()


def test_a_bounce_that_comes_twice_is_dealt_with_once() -> None:
    assert returned(LetterKind.FORWARD, handled=True).orders == ()


def test_an_alert_that_comes_back_makes_no_further_alert() -> None:
    assert returned(LetterKind.ALERT).orders == ()


def test_a_letter_that_did_not_reach_the_patron_is_told_to_the_holder() -> None:
    decision = returned(LetterKind.ACKNOWLEDGEMENT, to_patron=True)
    assert letters(decision) == [(LetterKind.ALERT, Occasion.UNREACHED, "reference@riverbend.example")]


def test_a_letter_that_did_not_reach_the_patron_of_an_answered_case_is_noted_and_no_more() -> None:
    decision = returned(LetterKind.FOLLOW_UP, to_patron=True, case=replace(CASE, state=State.ANSWERED))
    assert (decision.orders, decision.event) == ((), "noted")


def test_a_bounce_of_a_letter_we_never_sent_touches_nothing() -> None:
    decision = judge(mail("Status: 5.1.1", "mailer-daemon@example.com", BOUNCE))
    assert (decision.standing, decision.case, decision.orders) == (Standing.UNANSWERED, None, ())


def test_a_report_that_a_letter_is_only_late_changes_nothing() -> None:
    decision = returned(LetterKind.FORWARD, permanent=False)
    assert (decision.case, decision.orders) == (CASE, ())


def test_a_late_bounce_of_a_department_that_no_longer_has_the_case_changes_nothing() -> None:
    decision = returned(LetterKind.FORWARD, department="circulation")
    assert (decision.case, decision.orders) == (CASE, ())


def test_a_bounce_of_a_forward_after_the_answer_opens_nothing() -> None:
    decision = returned(LetterKind.FORWARD, case=CASE.answered())
    assert (decision.case, decision.orders) == (CASE.answered(), ())


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ms. Ron,\r\n\r\nThank you for your patience. The book is on the holds shelf by the window.",
        "Thank you for your patience, the book is here",
        "Thanks for waiting. Row 4.",
        "Vielen Dank für Ihre Geduld - die Noten liegen bereit",
    ],
)
def test_an_answer_that_begins_with_thanks_is_no_thank_you_of_a_colleague(text: str) -> None:
    assert letters(judge(staff(text), PROVEN)) == [
        (LetterKind.RECEIPT, Occasion.ONLY_US, "luis.carrera@riverbend.example")
    ]


@pytest.mark.parametrize("text", ["Great, thanks!\r\n\r\nLuis", "Hello,\r\nmany thanks for passing this on", "Merci !"])
def test_nothing_but_thanks_of_a_colleague_asks_nothing(text: str) -> None:
    assert letters(judge(staff(text), PROVEN)) == []


def test_a_colleagues_thank_you_is_noted_and_nobody_is_written_to() -> None:
    decision = judge(staff("Thank you!"), PROVEN)
    assert (decision.standing, decision.orders) == (Standing.UNANSWERED, ())


def test_a_machine_behind_a_staff_address_gets_no_endless_receipts() -> None:
    assert judge(staff("Your ticket was received."), replace(PROVEN, letters_today=10)).orders == ()


def test_what_a_colleague_answers_when_asked_about_no_case_is_read_by_triage() -> None:
    asked = replace(PROVEN, case=None, answers=LetterKind.RECEIPT)
    decision = judge(staff("It was Ida Kramer, ikramer@example.org"), asked)
    assert (decision.standing, decision.case) == (Standing.HELD, None)
    assert [to for _, _, to in letters(decision)] == ["reference@riverbend.example"]


def test_a_colleague_who_answers_a_digest_hears_that_nobody_reads_it() -> None:
    decision = judge(staff("We are done with these."), replace(PROVEN, case=None, answers=LetterKind.DIGEST))
    assert (decision.standing, decision.case) == (Standing.HELD, None)
    assert letters(decision) == [(LetterKind.RECEIPT, Occasion.NO_CASE, "luis.carrera@riverbend.example")]


def test_a_patron_who_may_not_be_answered_hears_of_no_correction_either() -> None:
    decision = judge(staff("route: digital"), replace(PROVEN, case=replace(CASE, answerable=False)))
    assert [kind for kind, _, _ in letters(decision)] == [LetterKind.FORWARD, LetterKind.RECEIPT]


def test_a_case_of_a_department_that_is_gone_is_triages() -> None:
    decision = judge(mail(), replace(FACTS, case=replace(CASE, holder="closed-desk")))
    assert letters(decision)[1] == (LetterKind.FORWARD, Occasion.ADDED, "reference@riverbend.example")


def test_plain_words_beyond_doubt_move_the_case_like_a_route_line() -> None:
    decision = judge(staff("Not ours, Digital Services please.\r\n\r\nThanks, Luis"), PROVEN)
    assert decision.case is not None
    assert decision.case.holder == "digital"
    assert decision.label is not None


def test_words_in_doubt_move_nothing_and_the_colleague_is_asked_once() -> None:
    decision = judge(staff("I think this is for Digital Services."), PROVEN)
    assert (decision.standing, decision.case) == (Standing.HELD, CASE)
    assert letters(decision) == [(LetterKind.RECEIPT, Occasion.UNCLEAR, "luis.carrera@riverbend.example")]
    assert decision.candidates == ("digital",)
    again = judge(staff("I think this is for Digital Services."), replace(PROVEN, asked=True))
    assert letters(again) == [(LetterKind.ALERT, Occasion.UNCLEAR, "reference@riverbend.example")]


def test_an_answer_to_the_patron_that_names_a_department_stays_an_answer() -> None:
    to = "pat.ron@example.com, ask@riverbend.example"
    decision = judge(
        staff("Dear Ms. Ron, this is for Special Collections; their number is 816-555-0103.", to=to), PROVEN
    )
    assert decision.case == CASE.answered()


def test_plain_words_of_a_forger_move_nothing() -> None:
    decision = judge(staff("This is for Digital Services."), replace(PROVEN, authority=False))
    assert decision.case is None or decision.case.holder != "digital"


LUIS = Address("Luis Carrera", "luis.carrera@riverbend.example")
MARA = Address("Mara Lind", "mara.lind@riverbend.example")
MOVED_ON = replace(CASE, holder="digital", held_by=("circulation", "digital"))
PASSED_ON = replace(
    PROVEN,
    case=MOVED_ON,
    moves=(Move(NOW, "", "circulation", None), Move(NOW, "circulation", "digital", MARA, corrected=True)),
    desk="digital",
)


def test_a_case_sent_back_to_a_desk_that_gave_it_up_goes_to_triage_and_teaches_nothing() -> None:
    decision = judge(staff("route: circulation"), PASSED_ON)
    assert decision.case is not None
    assert (decision.case.holder, decision.case.sure, decision.label) == ("reference", False, None)
    assert letters(decision) == [
        (LetterKind.UPDATE, Occasion.DISPUTED, "pat.ron@example.com"),
        (LetterKind.FORWARD, Occasion.DISPUTED, "reference@riverbend.example"),
        (LetterKind.RECEIPT, Occasion.TAKEN_OFF, "digital@riverbend.example"),
    ]


def test_a_second_colleague_of_the_desk_that_gave_it_up_contradicts_the_first() -> None:
    decision = judge(staff("route: outreach"), replace(PASSED_ON, desk="circulation"))
    assert decision.event == Occasion.DISPUTED.value


def test_who_named_the_wrong_desk_may_take_that_back_once() -> None:
    mistaken = replace(PASSED_ON, moves=(PASSED_ON.moves[0], replace(PASSED_ON.moves[1], by=LUIS)))
    decision = judge(staff("route: circulation"), mistaken)
    assert (decision.case and decision.case.holder, decision.event) == ("circulation", Occasion.CORRECTED.value)
    twice = replace(mistaken, moves=(*mistaken.moves, Move(NOW, "digital", "circulation", LUIS, corrected=True)))
    again = replace(twice, case=replace(MOVED_ON, holder="circulation"))
    assert judge(staff("route: digital"), again).event == Occasion.DISPUTED.value


def test_the_next_desk_may_pass_it_on_to_a_third() -> None:
    assert judge(staff("route: outreach"), PASSED_ON).event == Occasion.CORRECTED.value


def test_triage_decides_between_colleagues() -> None:
    facts = replace(PASSED_ON, case=replace(MOVED_ON, holder="reference"), desk="reference")
    assert judge(staff("route: circulation"), facts).event == Occasion.CORRECTED.value
