"""`mailbot rehearse` and `mailbot letters --sample`, as typed."""

from __future__ import annotations

import json
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mailbot.cli import app
from mailbot.errors import MailbotError
from tests.faults.branch import question
from tests.rehearsal.conftest import Shelf
from tests.servers import Browser
from tests.stories.player import ENVIRON

NEWSLETTER = (
    b"From: news@shelf.example\r\nTo: ask@riverbend.example\r\nSubject: Ten labels\r\nList-Id: <w.shelf.example>\r\n"
)
NEWSLETTER += b"Precedence: bulk\r\nMessage-ID: <n@shelf.example>\r\n\r\nSpine labels.\r\n"


def mailbot(shelf: Shelf, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(shelf.branch.config)], env=dict(ENVIRON))


def text_of(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL).split())


@pytest.mark.slow
@pytest.mark.usefixtures("model")
def test_a_rehearsal_tells_all_and_changes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    shelf.lay(
        question(1, "Renewal", "Can I renew the two novels on my card? They are due on Friday."), now - timedelta(9)
    )
    shelf.lay(question(2, "<b>Fine</b>", "How much do I owe you for the late DVD?"), now - timedelta(3), "Circulation")
    shelf.lay(NEWSLETTER, now - timedelta(2))
    shelf.lay(question(3), now - timedelta(40))
    before = shelf.everything()
    done = mailbot(shelf, "rehearse", "--folder", "INBOX", "--folder", "Circulation")
    assert done.exit_code == 0, (done.output, done.exception)
    assert shelf.everything() == before
    assert shelf.branch.sink.received == []
    assert not Path(shelf.branch.store.removeprefix("sqlite:///")).exists()

    assert "3 messages" in done.output
    assert re.search(r"new questions +2\n", done.output)
    assert re.search(r"lists, newsletters, notices +1\n", done.output)
    assert "letters: 2 to patrons, 2 to staff" in done.output
    assert "1 of these lay in a folder named after a department" in done.output
    assert "delete it after reading" in done.output
    page = tmp_path / "var" / "rehearsal.html"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    said = text_of(page.read_text("utf-8"))
    for words in (
        "Renewal",
        "&lt;b&gt;Fine",
        "due on Friday",
        "Acknowledgement to",
        "Forward to",
        "Delete it after reading",
    ):
        assert words in said


def test_what_cannot_be_rehearsed_is_said_in_one_line(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    for words, what in (
        (("--mailbox", "aks"), "there is no mailbox 'aks' in mailbot.toml; there are: ask"),
        (("--out", "taken"), "taken cannot be written: it is a folder; name another place with --out"),
    ):
        refused = mailbot(shelf, "rehearse", *words)
        assert isinstance(refused.exception, MailbotError)
        assert str(refused.exception) == what


@pytest.mark.slow
@pytest.mark.usefixtures("model")
def test_the_sample_mails_make_a_page_that_a_browser_shows(shelf: Shelf, tmp_path: Path, browser: Browser) -> None:
    done = mailbot(shelf, "letters", "--sample")
    assert done.output == "the page: var/letters.html\n", (done.output, done.exception)
    page = tmp_path / "var" / "letters.html"
    seen = browser.document(page)
    for kind in ("acknowledgement", "forward"):
        assert f'aria-label="{kind} to ' in seen
    assert {"en", "es", "de", "fr"} <= set(re.findall(r'class="paper" lang="(..)"', seen))
    assert "directory: library.name" in seen
    assert "Dan Whitlock" in text_of(seen)
    assert len(browser.picture(page, 1100, 1400)) > 50_000  # one that shows nothing has a tenth of this


@pytest.mark.slow
@pytest.mark.usefixtures("model")
def test_letters_of_files_make_a_page_too_and_samples_come_as_json_too(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(question(1))
    assert "delete it after reading" in mailbot(shelf, "letters", "one.eml", "--out", "page.html").output
    assert "Old photographs 1" in text_of((tmp_path / "page.html").read_text("utf-8"))
    note = json.loads(mailbot(shelf, "letters", "one.eml", "--json").output)["forward"]["note"]
    assert "mailto:" in note
    assert "one.eml" not in note
    lines = mailbot(shelf, "letters", "--sample", "--json").output.splitlines()
    assert len(lines) > 40
    assert sum(json.loads(line)["acknowledgement"] is not None for line in lines) > 40


@pytest.mark.slow
@pytest.mark.usefixtures("model")
def test_letters_of_a_file_that_is_not_there_are_not_told_of_as_of_an_empty_mail(shelf: Shelf) -> None:
    assert mailbot(shelf, "letters", "none.eml").output == "=== none.eml: cannot be read: No such file or directory\n"


@pytest.mark.parametrize("words", [(), ("one.eml", "--sample"), ("--sample", "--json", "--out", "page.html")])
def test_letters_that_are_asked_for_in_two_ways_or_none_are_bad_usage(shelf: Shelf, words: tuple[str, ...]) -> None:
    assert mailbot(shelf, "letters", *words).exit_code == 2
