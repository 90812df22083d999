"""What must not wait: a copy at once to whom the library names, the quiet letter with its help, no question later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from mailbot.library import Urgent
from mailbot.settings import FollowUp, load
from tests.stories.letters import comparable, plain_text, whole_text
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
