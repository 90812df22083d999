"""Conversations in which time passes or threads get lost, on the embedded servers, with the right first guess."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.classify import Classifier
from mailbot.settings import FollowUp
from tests.stories.player import Player, settings_for
from tests.stories.posts import Post
from tests.stories.story import read_story

FOLDER = Path(__file__).parent / "of_time"
ASKED_AFTER = {"did-it-help": 2}  # days
PLUS_ADDRESSING = {"the-cases-own-address"}
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_story_of_time_comes_out_as_told(
    name: str, embedded_post: Post, classifier: Classifier, tmp_path: Path
) -> None:
    settings = replace(settings_for(embedded_post, tmp_path), follow_up=FollowUp(after_days=ASKED_AFTER.get(name, 0)))
    mailbox = replace(settings.mailboxes[0], plus_addressing=name in PLUS_ADDRESSING)
    settings = replace(settings, mailboxes=(mailbox,))
    Player(read_story(name, FOLDER), embedded_post, settings, classifier, guess_right=True).play()
