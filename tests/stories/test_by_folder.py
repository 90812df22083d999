"""Corrections by moving a message in the shared mailbox: where the library wants that, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from mailbot.settings import Corrections
from tests.stories.letters import comparable, plain_text
from tests.stories.posts import FOLDERS, Post
from tests.stories.talk import LUIS, MARA, only, sent, talking

WANTED = Corrections(by_folder=True)
MOVED = [
    ("forward", "digital@riverbend.example"), ("receipt", "circulation@riverbend.example"),
    ("update", "agnes.dow@example.com"),
]  # fmt: skip


def test_a_message_moved_into_another_departments_folder_moves_its_question(post: Post, tmp_path: Path) -> None:
    with talking(post, tmp_path, corrections=WANTED) as (talk, books):
        talk.asked()
        post.tidy(FOLDERS.routed, "Departments/digital")
        left = talk.left()
        assert sent(left) == MOVED
        assert "where is the book i put on hold last week?" in comparable(plain_text(only(left, "forward")))
        assert "circulation" not in comparable(plain_text(only(left, "update")))  # nobody knows who moved it
        assert (books.case(1).holder, books.labels(0)) == ("digital", {"digital"})
        assert talk.left() == []
        talk.write("Bo Lee <bo.lee@example.com>", "May I renew my books?", subject="Renewal")
        assert ("forward", "circulation@riverbend.example") in sent(talk.left())


def test_the_folder_may_bear_the_departments_name(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, corrections=WANTED) as (talk, _):
        talk.asked()
        embedded_post.tidy(FOLDERS.routed, "Departments/Digital Services")
        assert sent(talk.left()) == MOVED


def test_tidying_is_no_verdict_unless_the_library_says_so(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path) as (talk, books):
        talk.asked()
        embedded_post.tidy(FOLDERS.routed, "Departments/digital")
        assert talk.left() == []
        assert (books.case(1).holder, books.labels(0)) == ("circulation", set())


def test_no_other_folder_means_anything(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, corrections=WANTED) as (talk, books):
        talk.asked()
        for before, after in (
            (FOLDERS.routed, "Departments/Circulation"), ("Departments/Circulation", "Departments/done"),
            ("Departments/done", "digital"),
        ):  # fmt: skip
            embedded_post.tidy(before, after)
            assert talk.left() == []
        assert (books.case(1).holder, books.labels(0)) == ("circulation", set())


def test_a_message_counts_once_a_folder_and_again_in_a_third(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, corrections=WANTED) as (talk, books):
        talk.asked()
        embedded_post.tidy(FOLDERS.routed, "Departments/digital")
        forward = only(talk.left(), "forward")
        talk.write(LUIS, "route: reference", answers=forward)
        talk.left(hours=1)
        talk.worker._posts["ask"].looked.clear()  # as after a new start
        assert talk.left(hours=1) == []
        assert books.case(1).holder == "reference"
        embedded_post.tidy("Departments/digital", "Departments/outreach")
        assert ("forward", "outreach@riverbend.example") in sent(talk.left(hours=1))
        assert (books.case(1).holder, books.labels(0)) == ("outreach", {"outreach"})


def test_back_to_a_desk_that_a_colleague_took_it_from_is_for_triage(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, corrections=WANTED) as (talk, books):
        talk.write(LUIS, "route: digital", answers=talk.asked())
        talk.left()
        embedded_post.tidy(FOLDERS.routed, "Departments/circulation")
        assert ("forward", "reference@riverbend.example") in sent(talk.left(hours=1))
        assert (books.case(1).holder, books.labels(0)) == ("reference", set())


def test_a_circle_is_seen_though_a_part_of_it_went_by_folder(embedded_post: Post, tmp_path: Path) -> None:
    for number, back in enumerate(("by folder", "by a reply")):
        folder = tmp_path / str(number)
        folder.mkdir()
        with talking(embedded_post, folder, corrections=WANTED) as (talk, books):
            talk._seen = len(embedded_post.left())
            talk.asked()
            embedded_post.tidy(FOLDERS.routed, "Departments/digital")
            forward = only(talk.left(), "forward")
            if back == "by folder":
                embedded_post.tidy("Departments/digital", "Departments/circulation")
            else:
                talk.write(MARA, "route: circulation", answers=forward)
            left = talk.left(hours=1)
            assert ("forward", "reference@riverbend.example") in sent(left), back
            way = comparable(plain_text(only(left, "forward")))
            assert "went from circulation to digital services" in way
            assert (books.case(1).holder, books.labels(0)) == ("reference", set())


def test_what_is_answered_is_only_tidied(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, corrections=WANTED) as (talk, books):
        forward = talk.asked()
        talk.write(LUIS, "On the shelf.", answers=forward, to="agnes.dow@example.com, ask@riverbend.example")
        talk.left()
        embedded_post.tidy(FOLDERS.routed, "Departments/digital")
        assert talk.left() == []
        assert (books.case(1).holder, books.case(1).state) == ("circulation", "answered")


def test_mail_that_mailbot_did_not_file_is_nobodys_business(embedded_post: Post, tmp_path: Path) -> None:
    with talking(embedded_post, tmp_path, corrections=WANTED) as (talk, _):
        talk.asked()
        talk.write("Bo Lee <bo.lee@example.com>", "A mail that somebody moved before it was read.", subject="Early")
        embedded_post.tidy("INBOX", "Departments/digital")
        assert talk.left() == []
