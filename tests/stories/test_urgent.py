"""What must not wait: a copy at once to whom the library names, the quiet letter with its help, no question later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.library import Urgent
from mailbot.settings import FollowUp, load
from tests.stories.letters import comparable, parsed, plain_text, whole_text
from tests.stories.player import CONFIG, ENVIRON
from tests.stories.posts import Post
from tests.stories.talk import LUIS, PATRON, only, sent, talking

HELP = {"en": "If anybody is in danger, please call 911.", "es": "Si alguien corre peligro, llame al 911."}
WATER = "Water is pouring through the ceiling over the large print shelf, and my hold is under it."
DUTY = ("alert", "duty@riverbend.example")


def with_duty(to: str = "duty@riverbend.example", **changes: object) -> dict[str, object]:
    settings = load(CONFIG, ENVIRON)
    return {"library": replace(settings.library, urgent=Urgent(to, HELP)), **changes}


def test_a_copy_goes_at_once_to_whom_the_library_names(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, books):
        talk.write(PATRON, WATER)
        left = talk.left()
        assert sent(left) == [
            ("acknowledgement", "agnes.dow@example.com"), DUTY, ("forward", "circulation@riverbend.example"),
        ]  # fmt: skip
        alert, forward = only(left, "alert"), only(left, "forward")
        assert str(alert["Subject"]).startswith("Urgent: ")
        assert "a copy for you" in comparable(plain_text(alert))
        assert "water is pouring" in comparable(whole_text(alert))
        assert "Urgent, please read today. Delicate" in plain_text(forward)
        assert books.booked()[-1].standing == "routed"


def test_the_patron_gets_the_quiet_letter_and_the_librarys_own_help(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, _):
        talk.write(PATRON, WATER)
        letter = only(talk.left(), "acknowledgement")
        said = comparable(plain_text(letter))
        assert letter["Subject"] == "Your message to Riverbend Public Library"
        assert "if anybody is in danger, please call 911." in said
        assert "whoever here sees to urgent messages" in said
        assert "nobody else" not in said
        assert "ceiling" not in said
        assert "meanwhile" not in said


def test_help_is_said_in_the_patrons_language(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, _):
        talk.write(PATRON, "Estoy en la biblioteca y entra agua por el techo encima de los libros infantiles.")
        assert "si alguien corre peligro, llame al 911." in comparable(plain_text(only(talk.left(), "acknowledgement")))


def test_what_turns_grave_later_reaches_them_too_and_keeps_its_mark_when_it_moves(
    embedded_post: Post, tmp_path: Path
) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, _):
        forward = talk.asked()
        talk.write(PATRON, "A man followed me to my car when I looked for it. I don't feel safe.", answers=forward)
        left = talk.left(hours=1)
        assert DUTY in sent(left)
        talk.write(LUIS, "route: digital", answers=only(left, "forward"))
        moved = only(talk.left(hours=1), "forward")
        assert str(moved["Subject"]).startswith("Urgent: ")


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for nothing. I will burn the library down.",
        "Thank you so much for everything you did. I am going to kill myself tonight.",
    ],
)
def test_a_thank_you_that_is_grave_is_no_mere_thank_you(embedded_post: Post, tmp_path: Path, text: str) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, books):
        forward = talk.asked()
        talk.write(LUIS, "It is here.", answers=forward, to="agnes.dow@example.com, ask@riverbend.example")
        talk.left()
        talk.write(PATRON, text, answers=forward)
        left = talk.left()
        assert sent(left) == [DUTY, ("forward", "circulation@riverbend.example"), ("update", "agnes.dow@example.com")]
        assert plain_text(only(left, "forward")).startswith("Urgent, please read today.")
        assert "if anybody is in danger, please call 911." in comparable(plain_text(only(left, "update")))
        assert books.case(1).state == "open"


def test_thanks_for_a_grave_matter_stay_thanks(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, _):
        talk.write(PATRON, WATER, subject="Flood: water through the ceiling")
        forward = only(talk.left(), "forward")
        talk.write(PATRON, "Thank you so much!", answers=forward)
        assert [kind for kind, _ in sent(talk.left())] == ["thanks"]


def test_a_threat_instead_of_an_opinion_on_the_answer_reaches_them(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **with_duty(follow_up=FollowUp(after_days=1))) as (talk, _):
        forward = talk.asked()
        talk.write(LUIS, "It is here.", answers=forward, to="agnes.dow@example.com, ask@riverbend.example")
        talk.left()
        asked = only(talk.left(hours=48), "follow-up")
        talk.write(PATRON, "No. I will come and burn the library down.", answers=asked)
        assert DUTY in sent(talk.left())


@pytest.mark.parametrize(
    ("sender", "text", "header"),
    [
        (PATRON, "I am going to kill myself tonight. I have the pills here.", "X-Spam-Flag: YES"),
        (
            "Law <noreply@law.example>",
            "This is a notice of copyright infringement. We will take legal action.",
            "X-Mailer: Case 1",
        ),
        ("House <alarm@house.example>", "Water is coming through the ceiling.", "Auto-Submitted: auto-generated"),
    ],
)
def test_what_a_person_may_have_written_is_shown_to_them_though_nobody_is_answered(
    embedded_post: Post, tmp_path: Path, sender: str, text: str, header: str
) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, books):
        talk.write(sender, text, header)
        left = talk.left()
        assert sent(left) == [DUTY]
        assert "nobody else has been shown it" in plain_text(left[0])
        assert "duty@riverbend.example has a copy" in books.booked()[-1].why


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Beloved friend, we will take legal action. Claim the inheritance of 5 million dollars.", "X-Spam-Flag: YES"),
        ("This week: what to do when a patron says that they will kill themselves.", "List-Id: <news.example.org>"),
    ],
)
def test_neither_scam_nor_what_went_to_many_is_shown_to_them(
    embedded_post: Post, tmp_path: Path, text: str, header: str
) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, _):
        talk.write(PATRON, text, header)
        assert talk.left() == []


def test_a_machine_that_repeats_our_letter_is_not_shown_to_them(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **with_duty()) as (talk, _):
        talk.write(PATRON, WATER)
        alert = only(talk.left(), "alert")
        for sender in ("Duty <duty@riverbend.example>", "Night <night@watch.example>"):
            talk.write(sender, f"I am away. {WATER}", "Auto-Submitted: auto-replied", answers=alert)
        assert talk.left() == []


@pytest.mark.parametrize("at_once", [5, 1])
def test_a_flood_of_what_passes_for_spam_ends_where_letters_to_one_sender_do(
    at_once: int, embedded_post: Post, tmp_path: Path
) -> None:
    few = replace(load(CONFIG, ENVIRON).worker, letters_per_sender_per_day=2)
    with talking(embedded_post, tmp_path, **with_duty(worker=few)) as (talk, _):
        most = talk.settings.worker.letters_per_sender_per_day
        for number in range(5):
            talk.write(f"a{number}@example.net", f"I will burn the library down {number}.", "X-Spam-Flag: YES")
            if (number + 1) % at_once == 0:
                talk.left()
        talk.write(PATRON, WATER)
        assert DUTY in sent(talk.left())
        alerts = [one for one in map(parsed, embedded_post.left()) if one["X-Mailbot-Letter"] == "alert"]
        assert len(alerts) == most + 1


def test_nobody_is_asked_whether_it_helped(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **with_duty(follow_up=FollowUp(after_days=1))) as (talk, _):
        talk.write(PATRON, WATER)
        forward = only(talk.left(), "forward")
        talk.write(LUIS, "It is mended.", answers=forward, to="agnes.dow@example.com, ask@riverbend.example")
        talk.left()
        talk.now += timedelta(days=2)
        assert "follow-up" not in {kind for kind, _ in sent(talk.left())}


def test_the_department_that_is_named_itself_gets_it_once(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **with_duty("Circulation@riverbend.example")) as (talk, _):
        talk.write(PATRON, WATER)
        left = talk.left()
        assert [kind for kind, _ in sent(left)] == ["acknowledgement", "forward"]


def test_a_wrong_mark_changes_nothing_but_the_tone(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, **with_duty("")) as (talk, books):
        talk.asked()
        talk.write("Bo Lee <bo.lee@example.com>", "Which novel has a man with a gun on its cover?", subject="A cover")
        left = talk.left()
        assert sent(left) == [("acknowledgement", "bo.lee@example.com"), ("forward", "circulation@riverbend.example")]
        assert books.case(1).due == books.case(2).due
