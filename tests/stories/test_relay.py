"""A department that answers the mailbox: its words go on to the patron, and nothing of the house with them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailbot.settings import load
from mailbot.store import Store
from tests.stories.letters import plain_text
from tests.stories.player import CONFIG, ENVIRON
from tests.stories.posts import Post
from tests.stories.talk import LUIS, PATRON, only, sent, talking

ANSWER = "Dear Agnes,\r\n\r\nit is on the holds shelf by the window, under D. Ask at the desk for row 4.\r\n\r\n"
SIGNED = "Best,\r\nLuis\r\n-- \r\nLuis Carrera, Circulation\r\n"


def relaying(*keys: str) -> dict[str, object]:
    """The sample library, of which these departments answer the mailbox."""
    library = load(CONFIG, ENVIRON).library
    desks = tuple(replace(one, reply_mode="relay") if one.key in keys else one for one in library.departments)
    return {"library": replace(library, departments=desks)}


def quoted(letter: EmailMessage) -> str:
    lines = plain_text(letter).splitlines()
    return "\r\n".join(["On Tue, Feb 2, 2027 at 10:00 AM Agnes Dow via Riverbend <ask@riverbend.example> wrote:",
                        *(f"> {line}" for line in lines)])  # fmt: skip


def test_an_answer_is_sent_on_in_the_patrons_thread_without_anything_of_the_house(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, books):
        forward = talk.asked()
        assert forward["Reply-To"] == "ask@riverbend.example"
        assert "are sent on to Agnes Dow" in plain_text(forward).replace(" \n", " ")
        talk.write(LUIS, ANSWER + SIGNED + "\r\n" + quoted(forward), answers=forward)
        (letter,) = talk.left()
        assert sent([letter]) == [("relay", "agnes.dow@example.com")]
        assert letter["From"] == "Riverbend Public Library <ask@riverbend.example>"
        assert (letter["Subject"], letter["In-Reply-To"]) == ("Re: My hold", "<talk1@example.com>")
        assert letter["References"] == "<talk1@example.com>"
        assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]) == (None, None)
        assert embedded_post.left()[-1].sender == "ask@riverbend.example"
        text = plain_text(letter)
        assert text.split() == (ANSWER + SIGNED.replace("-- ", "")).split()
        assert all(word not in letter.as_string() for word in ("mailto:", "route:", str(forward["Message-ID"])))
        assert books.case(1).state == "answered"


def test_what_the_patron_replies_goes_to_who_has_the_case(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, books):
        talk.write(LUIS, ANSWER, answers=talk.asked())
        answer = only(talk.left(), "relay")
        talk.write(PATRON, "It is not on that shelf. Could it be at Northgate?", answers=answer)
        left = talk.left(hours=1)
        assert sent(left) == [("forward", "circulation@riverbend.example"), ("update", "agnes.dow@example.com")]
        assert (books.case(1).state, len({one.case for one in books.booked()})) == ("open", 1)


def test_files_go_with_it_and_a_mail_of_ours_among_them_does_not(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, _):
        forward = talk.asked()
        parts = [
            ("text/plain; charset=utf-8", "", ANSWER),
            ('image/png; name="shelf plan.png"', 'attachment; filename="shelf plan.png"', PICTURE.decode()),
            ("message/rfc822", 'attachment; filename="forward.eml"', forward.as_string()),
        ]
        talk.write(LUIS, together(parts), MULTIPART, answers=forward)
        letter = only(talk.left(), "relay")
        files = {part.get_filename(): part.get_payload(decode=True) for part in letter.walk() if part.get_filename()}
        assert files == {"shelf plan.png": b"a picture of the shelf"}
        assert plain_text(letter).split() == ANSWER.split()


@pytest.mark.parametrize(
    ("disposition", "letters"),
    [('attachment; filename="shelf.png"', ["relay"]), ("inline\r\nContent-ID: <logo@riverbend.example>", [])],
    ids=["a photograph", "the logo of a signature"],
)
def test_thanks_with_a_photograph_are_an_answer_and_with_a_logo_they_are_only_thanks(
    disposition: str, letters: list[str], embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, _):
        parts = [
            ("text/plain; charset=utf-8", "", "Thank you!"),
            ("image/png", disposition, PICTURE.decode()),
        ]
        talk.write(LUIS, together(parts), MULTIPART, answers=talk.asked())
        assert [letter["X-Mailbot-Letter"] for letter in talk.left()] == letters


def test_a_quote_that_is_answered_line_by_line_keeps_only_what_the_patron_said(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, _):
        forward = talk.asked()
        text = (
            "> For Circulation: a new question.\r\nGood morning Agnes,\r\n\r\n"
            "> Where is the book I put on hold last week?\r\n"
            "It is at the desk.\r\n\r\n> The shelf is empty.\r\nIt is, since Monday.\r\n"
        )
        talk.write(LUIS, text, answers=forward)
        said = plain_text(only(talk.left(), "relay"))
        assert "> Where is the book I put on hold last week?" in said.replace("\n >", "\n>").strip()
        assert "new question" not in said


def test_an_empty_answer_is_not_sent_and_the_colleague_is_told(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, books):
        forward = talk.asked()
        for empty in ("\r\n" + quoted(forward), "-- \r\nLuis Carrera\r\nCirculation\r\n\r\n" + quoted(forward)):
            talk.write(LUIS, empty, answers=forward)
            (told,) = talk.left()
            assert sent([told]) == [("receipt", "luis.carrera@riverbend.example")]
            assert "no words of your own" in plain_text(told).replace(" \n", " ")
        assert books.case(1).state == "open"


def test_an_answer_that_begins_with_thanks_is_an_answer(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, books):
        forward = talk.asked()
        talk.write(LUIS, "Thank you!\r\n\r\nLuis\r\n\r\n" + quoted(forward), answers=forward)
        assert talk.left() == []
        assert books.case(1).state == "open"
        text = "Dear Agnes,\r\n\r\nThank you for your patience. The book is on the holds shelf by the window.\r\n\r\n"
        talk.write(LUIS, text + SIGNED + "\r\n" + quoted(forward), answers=forward)
        assert "on the holds shelf by the window" in plain_text(only(talk.left(), "relay")).replace(" \n", " ")
        assert books.case(1).state == "answered"


@pytest.mark.parametrize(
    ("writer", "headers"),
    [
        (LUIS, ("mara.lind@riverbend.example, ask@riverbend.example", "")),
        ("Circulation <circulation@riverbend.example>", ("ask@riverbend.example", f"Cc: {LUIS}")),
        (LUIS, ("ask@riverbend.example", "Cc: circulation@riverbend.example")),
    ],
    ids=["to a colleague", "copy to a colleague", "copy to the desk"],
)
def test_what_other_staff_get_too_is_not_sent_on_and_the_colleague_is_told(
    writer: str, headers: tuple[str, str], embedded_post: Post, tmp_path: Path
) -> None:
    to, copy = headers
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, books):
        forward = talk.asked()
        text = "Mara, can you take this one? She complains every week, and she owes 85 dollars."
        talk.write(writer, text, *([copy] if copy else []), answers=forward, to=to)
        (told,) = talk.left()
        assert sent([told]) == [("receipt", writer.partition("<")[2].rstrip(">"))]
        said = plain_text(told).replace(" \n", " ")
        assert "it was not sent on to Agnes Dow" in said
        assert "to ask@riverbend.example alone" in said
        assert books.case(1).state == "open"
        talk.write(writer, ANSWER, answers=forward)
        assert sent(talk.left()) == [("relay", "agnes.dow@example.com")]


def test_a_department_that_is_away_says_nothing_to_the_patron(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, books):
        forward = talk.asked()
        talk.write(LUIS, "I am out of the office until Monday.", "Auto-Submitted: auto-replied", answers=forward)
        suppressed = "X-Auto-Response-Suppress: All"
        talk.write(
            LUIS, "I am out of the office until Monday.", suppressed, answers=forward, subject="Automatic reply: x"
        )
        assert talk.left() == []
        assert books.case(1).state == "open"


def test_a_correction_is_still_one_and_an_answer_beside_it_waits(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation", "digital")) as (talk, books):
        forward = talk.asked()
        talk.write(LUIS, "Not ours, Digital Services please.\r\n\r\nThanks, Luis", answers=forward)
        left = talk.left()
        assert ("relay", "agnes.dow@example.com") not in sent(left)
        assert only(left, "forward")["Reply-To"] == "ask@riverbend.example"
        assert books.case(1).holder == "digital"


def test_a_patron_who_is_on_copy_gets_it_once(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, books):
        talk.write(LUIS, ANSWER, answers=talk.asked(), to="ask@riverbend.example, agnes.dow@example.com")
        assert talk.left() == []
        assert books.case(1).state == "answered"


def test_only_an_answer_to_our_own_letter_is_sent_on(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, _):
        talk.asked()
        talk.write("Mallory <mallory@example.net>", ANSWER, subject="Re: My hold")
        assert all(kind != "relay" for kind, _ in sent(talk.left()))


def test_an_answer_beyond_the_patrons_limit_is_not_sent_and_the_colleague_hears_it(
    embedded_post: Post, tmp_path: Path
) -> None:
    worker = replace(load(CONFIG, ENVIRON).worker, letters_per_sender_per_day=1)
    with talking(embedded_post, tmp_path, worker=worker, **relaying("circulation")) as (talk, books):
        talk.write(LUIS, ANSWER, answers=talk.asked())
        assert sent(talk.left()) == [("receipt", "luis.carrera@riverbend.example")]
        assert books.case(1).state == "open"


def test_an_answer_that_comes_back_opens_the_question_again(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, books):
        talk.write(LUIS, ANSWER, answers=talk.asked())
        answer = only(talk.left(), "relay")
        status = (
            "Reporting-MTA: dns; mx.example.com\r\n\r\n"
            "Final-Recipient: rfc822; agnes.dow@example.com\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        )
        report = [
            ("text/plain", "", "Your message could not be delivered."),
            ("message/delivery-status", "", status),
            ("text/rfc822-headers", "", f"Message-ID: {answer['Message-ID']}\r\nSubject: x\r\n"),
        ]  # fmt: skip
        head = 'Content-Type: multipart/report; report-type=delivery-status; boundary="cut"'
        talk.write("Mail Delivery System <mailer-daemon@mx.example.com>", together(report), head, subject="Undelivered")
        (alert,) = talk.left()
        assert sent([alert]) == [("alert", "circulation@riverbend.example")]
        assert "The question is open again" in plain_text(alert).replace(" \n", " ")
        assert books.case(1).state == "open"


def test_an_answer_that_no_server_takes_opens_the_question_again(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, books):
        talk.write(LUIS, ANSWER, answers=talk.asked())
        talk.worker.collect("ask")
        store = Store.rehearsal(talk.settings.store.url)
        with store.reading() as session:
            (answer,) = session.due("ask", talk.now, 10)
        store.close()
        talk.worker._handler.undeliverable(answer, "550 5.1.1 No such user")
        (alert,) = talk.left()
        assert sent([alert]) == [("alert", "circulation@riverbend.example")]
        assert books.case(1).state == "open"


MULTIPART = 'Content-Type: multipart/mixed; boundary="cut"'
PICTURE = b64encode(b"a picture of the shelf")


def together(parts: list[tuple[str, str, str]]) -> str:
    lines: list[str] = []
    for kind, disposition, body in parts:
        lines += ["--cut", f"Content-Type: {kind}"]
        lines += [f"Content-Disposition: {disposition}"] if disposition else []
        lines += ["Content-Transfer-Encoding: base64"] if kind.startswith("image") else []
        lines += ["", body]
    return "\r\n".join([*lines, "--cut--"])


@pytest.mark.parametrize(
    "note",
    [
        "I am away until Monday 8 February. In urgent cases please contact Mara Lind, mara.lind@riverbend.example.",
        "I no longer work at Riverbend Public Library. Please contact reference@riverbend.example.",
    ],
)
def test_a_note_that_the_desk_is_away_is_no_answer_that_is_sent_on(
    embedded_post: Post, tmp_path: Path, note: str
) -> None:
    with talking(embedded_post, tmp_path, **relaying("circulation")) as (talk, books):
        talk.write(LUIS, note, answers=talk.asked())
        assert talk.left() == []
        assert books.case(1).state == "open"
