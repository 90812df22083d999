"""Colleagues who pass a question on in their own words, disagree about it, or leave open what they mean."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.stories.letters import comparable, plain_text, whole_text
from tests.stories.posts import Post
from tests.stories.talk import LUIS, MARA, PATRON, only, sent, talking
from tests.stories.test_relay import MULTIPART, together


def test_plain_words_move_the_question_and_are_learnt_from(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(LUIS, "Not ours, Digital Services please.\r\n\r\nThanks, Luis", answers=talk.asked())
        left = talk.left()
        assert sent(left) == [
            ("forward", "digital@riverbend.example"),
            ("receipt", "circulation@riverbend.example"),
            ("update", "agnes.dow@example.com"),
        ]
        assert books.labels(0) == {"digital"}


def test_a_link_in_what_a_patron_writes_is_not_followed_by_a_colleagues_answer(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        link = next(line for line in plain_text(talk.asked()).splitlines() if "mailto:" in line)
        subject = parse_qs(urlsplit(link[link.index("mailto:") :]).query)["subject"][0]
        assert "[" in subject
        talk.write("Bo Lund <bo@example.com>", f"Please see {subject}", subject=subject)
        forward = only(talk.left(), "forward")
        assert subject in str(forward["Subject"])
        talk.write(LUIS, "route: outreach", answers=forward)
        talk.write(LUIS, "Here you are.", subject=f"Fwd: {subject}")
        talk.write(LUIS, f"Bo wrote: {subject}", subject="What is this?")
        talk.left()
        assert [books.case(number).holder for number in (1, 2)] == ["circulation", "outreach"]


def test_who_gets_a_question_late_gets_what_colleagues_have_answered_too(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        talk.write(PATRON, "Where is the book I put on hold last week? The shelf is empty.")
        begun = talk.left()
        talk.write(
            LUIS,
            "It fell behind the trolley and is on the shelf now.",
            answers=only(begun, "forward"),
            to="agnes.dow@example.com, ask@riverbend.example",
        )
        assert sent(talk.left(hours=1)) == []
        talk.write(
            PATRON,
            "Thanks. Can I have it as an e-book, too?",
            answers=only(begun, "acknowledgement"),
        )
        talk.write(LUIS, "route: digital", answers=only(talk.left(hours=1), "forward"))
        moved = comparable(whole_text(only(talk.left(hours=1), "forward")))
        asked, said, more = (
            moved.rindex(words) for words in ("the shelf is empty.", "behind the trolley", "can i have it as an e-book")
        )
        assert asked < said < more


def test_a_doubt_is_asked_back_once_with_a_link_and_then_read_by_triage(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(LUIS, "I think this is for Digital Services.", answers=talk.asked())
        left = talk.left()
        assert sent(left) == [("receipt", "luis.carrera@riverbend.example")]
        asked = left[0]
        assert "route: digital" in plain_text(asked)
        assert "mailto:ask@riverbend.example?subject=route" in plain_text(asked)
        talk.write(LUIS, "Well, perhaps it is for Digital Services.", answers=asked)
        assert sent(talk.left()) == [("alert", "reference@riverbend.example")]
        assert books.labels(0) == set()
        talk.write(LUIS, "route: digital", answers=asked)
        assert ("forward", "digital@riverbend.example") in sent(talk.left())


def test_a_question_sent_in_a_circle_goes_to_triage_with_its_way(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(LUIS, "route: digital", answers=talk.asked())
        forward = only(talk.left(), "forward")
        talk.write(MARA, "route: circulation\r\n\r\nIt is about a paper book.", answers=forward)
        left = talk.left(hours=1)
        assert sent(left) == [
            ("forward", "reference@riverbend.example"),
            ("receipt", "digital@riverbend.example"),
            ("update", "agnes.dow@example.com"),
        ]
        receipt = comparable(whole_text(only(left, "receipt")))
        assert "colleagues disagree" in receipt
        assert "learns" not in receipt
        note = comparable(whole_text(only(left, "forward")))
        assert "luis carrera passed it from circulation to digital services" in note
        assert "mara lind passed it on from digital services" in note
        assert "route: circulation it is about a paper book." in note
        assert "where is the book i put on hold last week?" in note
        assert books.labels(0) == set()
        talk.write("Rosa Ref <rosa@riverbend.example>", "route: circulation", answers=only(left, "forward"))
        assert ("forward", "circulation@riverbend.example") in sent(talk.left(hours=1))
        assert books.labels(0) == {"circulation"}


def test_what_a_colleague_adds_to_a_correction_reaches_the_next_desk_whole(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        facts = " ".join(f"Fact number {number} I found out for you." for number in range(20))
        talk.write(LUIS, f"route: digital\r\n\r\n{facts}\r\n\r\nThat is all.", answers=talk.asked())
        forward = only(talk.left(), "forward")
        said = comparable(whole_text(forward))
        assert "fact number 19 i found out for you. that is all." in said
        assert "where is the book i put on hold last week?" in said
        parts = [
            ("text/plain", "", "route: reference"),
            ("application/pdf", 'attachment; filename="record.pdf"', "a record"),
        ]
        talk.write(MARA, together(parts), MULTIPART, answers=forward)
        files = [part.get_filename() for part in only(talk.left(hours=1), "forward").walk()]
        assert "record.pdf" in files


def test_a_patron_who_says_whom_it_is_for_moves_it_and_is_told_once(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.write(PATRON, "Where is the book I put on hold last week?")
        letter = only(talk.left(), "acknowledgement")
        talk.write(PATRON, "Sorry, this is for Digital Services.", answers=letter)
        left = talk.left(hours=1)
        assert sent(left) == [
            ("forward", "digital@riverbend.example"),
            ("update", "agnes.dow@example.com"),
            ("update", "circulation@riverbend.example"),
        ]
        told = next(plain_text(one) for one in left if "agnes" in one["To"])
        assert "Digital Services" in told
        assert books.labels(0) == {"digital"}


def test_staff_are_not_told_that_a_patron_was_told_who_was_not(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        talk.write(PATRON, "Where is the book I put on hold last week?", "X-Auto-Response-Suppress: All")
        left = talk.left()
        assert sent(left) == [("forward", "circulation@riverbend.example")]
        assert "has not been told" in comparable(whole_text(left[0]))
        talk.write(LUIS, "route: digital", answers=left[0])
        left = talk.left()
        assert sent(left) == [("forward", "digital@riverbend.example"), ("receipt", "circulation@riverbend.example")]
        for letter in left:
            told = comparable(whole_text(letter))
            assert "has not been told" in told
            assert "has been told" not in told


def test_a_receipt_says_by_when_the_patron_was_told_to_expect_an_answer(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, _):
        talk.write(LUIS, "Bonjour,\r\n\r\nroute : Digital Services, svp", answers=talk.asked())
        receipt = comparable(whole_text(only(talk.left(), "receipt")))
        assert "agnes dow has been told: an answer by wednesday, february 3" in receipt


def test_a_correction_of_an_old_letter_moves_the_question_in_which_the_talk_goes_on(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        forward = talk.asked()
        both = "agnes.dow@example.com, ask@riverbend.example"
        talk.write(LUIS, "It is on the shelf.", answers=forward, to=both, name="<luis@riverbend.example>")
        talk.left()
        talk.write(PATRON, "And where is it now?", "In-Reply-To: <luis@riverbend.example>", subject="Re: My hold")
        assert ("acknowledgement", "agnes.dow@example.com") in sent(talk.left(hours=24 * 100))
        talk.write(LUIS, "route: digital", answers=forward)
        left = talk.left(hours=1)
        assert ("forward", "digital@riverbend.example") in sent(left)
        assert "luis.carrera@riverbend.example" not in {to for _, to in sent(left)}
        assert (books.case(1).state, books.case(2).holder) == ("answered", "digital")
