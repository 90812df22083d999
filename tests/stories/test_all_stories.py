"""Every conversation of the sample library, on real servers.

With the guesses of the model; those of which it is not sure also as if it had been, and by way of triage elsewhere.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.classify import Classifier
from tests.stories.not_yet import WITH_THE_MODEL, WITH_THE_RIGHT_GUESS, marks
from tests.stories.player import Player, settings_for
from tests.stories.posts import Post
from tests.stories.story import STORIES, read_story

NAMES = sorted(path.stem for path in STORIES.glob("*.toml"))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=marks(name, WITH_THE_RIGHT_GUESS)) for name in sorted(WITH_THE_MODEL)]
)
def test_a_story_comes_out_as_told_once_the_guess_is_right(
    name: str, post: Post, classifier: Classifier, tmp_path: Path
) -> None:
    Player(read_story(name), post, settings_for(post, tmp_path), classifier, guess_right=True).play()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITH_THE_MODEL])
def test_a_story_comes_out_as_told(name: str, post: Post, classifier: Classifier, tmp_path: Path) -> None:
    Player(read_story(name), post, settings_for(post, tmp_path), classifier).play()


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=marks(name, WITH_THE_MODEL)) for name in sorted(WITH_THE_MODEL)]
)
def test_a_story_with_the_models_own_guesses(
    name: str, embedded_post: Post, classifier: Classifier, tmp_path: Path
) -> None:
    Player(read_story(name), embedded_post, settings_for(embedded_post, tmp_path), classifier).play()


@pytest.mark.parametrize("variant", read_story("performing-editions").variants, ids=lambda told: f"{told[0]}-{told[1]}")
def test_a_variant_ends_with_the_same_letters(
    variant: tuple[int, str], post: Post, classifier: Classifier, tmp_path: Path
) -> None:
    story = read_story("performing-editions")
    Player(story, post, settings_for(post, tmp_path), classifier, variant).play()
