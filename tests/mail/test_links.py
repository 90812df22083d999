"""Which links a mail points to: all of them, but in an answer only those in its new part."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from mailbot.mail import understand
from tests.mail.sample import RIVERBEND

PAGE = "https://riverbend.example/blog/performing-editions-come-home"
PICK_UP = "Could I pick it up on Saturday?"
SAID = "On Mon, Mar 8, 2027 at 4:00 PM Ask <ask@riverbend.example> wrote:"
BLOCK = (
    "-----Original Message-----\nFrom: Ask <ask@riverbend.example>\nSent: Monday, March 8, 2027 4:00 PM\n"
    "To: Pat Ron <patron@example.org>\nSubject: Musical scores\n"
)
ANCHOR = f'<a href="{PAGE}">this collection</a>'


def links(
    text: str, html: str = "", *, sender: str = "patron@example.org", subject: str = "Re: Scores", answers: bool = True
) -> tuple[str, ...]:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "ask@riverbend.example", subject
    if answers:
        mail["In-Reply-To"] = "<letter@riverbend.example>"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return understand(mail.as_bytes(), RIVERBEND).links


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (f"{PICK_UP}\n\n{SAID}\n> It is in {PAGE}\n", ""),
        (f"> It is in {PAGE}\n> It has come.\n\n{PICK_UP}\n\n> We close at six.\n\nThat is fine.\n", ""),
        (f"{PICK_UP}\n\n{BLOCK}\nIt is in {PAGE}\n", ""),
        (f"> It is in {PAGE}\n", ""),
        (f"{PICK_UP}\n\n{SAID}\n> in this collection\n", f"<p>{PICK_UP}</p>{SAID}<blockquote>in {ANCHOR}</blockquote>"),
        (f"{PICK_UP}\n", f"<p>{PICK_UP}</p><hr>{BLOCK.replace(chr(10), '<br>')}<br>It is in {ANCHOR}"),
    ],
    ids=["below", "between", "Outlook", "nothing else", "HTML", "HTML from Outlook"],
)
def test_a_link_that_is_only_quoted_in_an_answer_is_none(text: str, html: str) -> None:
    assert links(text, html) == ()
    assert links(text, html, answers=False) == ()


def test_a_link_in_the_new_part_of_an_answer_counts() -> None:
    assert links(f"It is {PAGE}\n\n{SAID}\n> Which one? https://riverbend.example/account\n") == (PAGE,)


def test_a_link_that_is_quoted_and_said_again_counts() -> None:
    assert links(f"I do mean {PAGE}.\n\n{SAID}\n> Do you mean {PAGE}?\n") == (PAGE,)


def test_a_link_behind_words_in_the_new_part_of_an_answer_counts() -> None:
    quote = '<blockquote><a href="https://riverbend.example/account">your account</a></blockquote>'
    text = f"It is this collection.\n\n{SAID}\n> your account\n"
    assert links(text, f"<p>It is {ANCHOR}.</p>{SAID}{quote}") == (PAGE,)


def test_a_link_behind_words_counts_where_the_address_has_a_blank_in_it() -> None:
    assert links("this one\n", '<p><a href="https://riverbend.example/a b">this one</a></p>') == (
        "https://riverbend.example/a%20b",
    )


def test_in_a_fresh_mail_what_is_quoted_counts() -> None:
    assert links(f"I have read this:\n> {PAGE}\n", subject="Scores", answers=False) == (PAGE,)


def test_what_a_patron_forwards_counts_although_it_names_the_mail_it_came_in() -> None:
    assert links(f"About this:\n\n{BLOCK}\nIt is in {PAGE}\n", subject="Fwd: Scores") == (PAGE,)


def test_a_link_in_what_staff_pass_on_counts() -> None:
    dan = "dan@riverbend.example"
    block = BLOCK.replace("Original", "Forwarded").replace("Ask <ask@riverbend.example>", "Pat <patron@example.org>")
    assert links(f"Yours?\n\n{block}\nIs it in {PAGE}?\n", sender=dan, subject="Fwd: Scores", answers=False) == (PAGE,)


def test_a_link_in_a_form_counts() -> None:
    form = f"Name: Pat Ron\nEmail: patron@example.org\nMessage:\n> {PAGE}\n"
    assert links(form, sender="noreply-forms@riverbend.example") == (PAGE,)
