"""The demo runs to its end, with the library it was made for and with another one, and keeps to its own files."""

from __future__ import annotations

import fcntl
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from mailbot.classify import Classifier, load_or_fit
from mailbot.demo.play import play
from mailbot.init import write_starter
from mailbot.settings import Settings, load
from tests.stories.player import CONFIG, ENVIRON

pytestmark = pytest.mark.slow


def classifier_for(settings: Settings, models: Path) -> Classifier:
    """What the worker of that library starts with, fitted from what all test processes of a run share."""
    departments, routing = settings.library.departments, settings.routing
    with (models / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return load_or_fit(departments, folder=models, precision=routing.precision, start=routing.start).classifier


def test_the_demo_plays_to_its_end_and_leaves_its_letters_and_what_others_laid_there(
    tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load(CONFIG, ENVIRON)
    of_a_patron, of_last_time = tmp_path / "2027-from-a-patron.eml", tmp_path / "999-thanks-to-pat@example.com.eml"
    (tmp_path / "demo.db.backup").touch()
    for path in (of_a_patron, of_last_time, tmp_path / "demo.db-wal"):
        path.touch()
    play(settings, tmp_path, classifier_for(settings, models), once=True)
    assert (of_a_patron.exists(), of_last_time.exists(), (tmp_path / "demo.db.backup").exists()) == (True, False, True)
    letters = sorted(tmp_path.glob("[0-9][0-9][0-9]-*.eml"))
    kinds = {str(message_from_bytes(path.read_bytes())["X-Mailbot-Letter"]) for path in letters}
    assert kinds >= {"acknowledgement", "forward", "update", "thanks"}
    shown = " ".join(capsys.readouterr().out.split())
    assert "5. Pat says thank you" in shown
    assert f"{len(letters)} letters lie in" in shown


def test_with_a_library_that_lacks_a_department_of_the_story_the_demo_leaves_the_story_out(
    tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_starter(tmp_path / "config")
    settings = load(tmp_path / "config", ENVIRON)
    play(settings, tmp_path / "demo", classifier_for(settings, models), once=True)
    shown = " ".join(capsys.readouterr().out.split())
    assert "left out: there is no department special@riverbend.example" in shown
    assert "letters lie in" in shown
    assert list((tmp_path / "demo").glob("001-*.eml"))


def test_where_the_story_takes_another_turn_the_demo_ends_it_there(
    tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load(CONFIG, ENVIRON)
    nobodys = replace(settings, library=replace(settings.library, staff_domains=()))
    play(nobodys, tmp_path, classifier_for(settings, models), once=True)
    shown = " ".join(capsys.readouterr().out.split())
    assert "The story ends here: no acknowledgement went to pat.ron@example.com" in shown
    assert "2. Pat corrects herself" not in shown
    assert "letters lie in" in shown
