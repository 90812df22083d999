"""The player itself: it must notice what a story says and the letters don't."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mailbot.classify import Classifier
from tests.stories.player import Player, StoryBroken, settings_for
from tests.stories.posts import Post
from tests.stories.story import Assumed, Story, Then, read_story

SURE = Assumed("reference", sure=True, runners_up=())


def beginning(change: Callable[[Then], Then]) -> Story:
    """The first two steps of the story, with something else demanded of the second."""
    story = read_story("performing-editions")
    first, second = story.steps[:2]
    assert second.then is not None
    return replace(story, steps=(first, replace(second, then=change(second.then), assume=SURE)))


def ack_with(**changes: Any) -> Callable[[Then], Then]:
    def change(then: Then) -> Then:
        ack, *others = then.letters
        return replace(then, letters=(replace(ack, **changes), *others))

    return change


NOTICED: dict[str, tuple[Callable[[Then], Then], str]] = {
    "another holder": (lambda then: replace(then, holder="digital"), "holder: expected digital, is reference"),
    "another state": (lambda then: replace(then, state="answered"), "state: expected answered, is open"),
    "another promise": (
        lambda then: replace(then, promise=then.promise and then.promise + timedelta(hours=1)),
        "promise: expected 2027-02-03 21:00:00-06:00, is 2027-02-03 20:00:00-06:00",
    ),
    "another booking": (lambda then: replace(then, accounted="held"), "accounted: expected held, is routed"),
    "another case": (lambda then: replace(then, case="same"), "case: expected same"),
    "a label": (lambda then: replace(then, label="digital"), "label: expected digital, kept is nothing"),
    "another kind": (lambda then: replace(then, kind="bulk"), "kind: expected bulk, is inquiry"),
    "another writer": (lambda then: replace(then, writer="noor"), "writer: expected noor.haddad@riverbend.example"),
    "a letter too few": (lambda then: replace(then, letters=then.letters[:1]), "the story does not tell of: forward"),
    "a letter too many": (
        lambda then: replace(then, letters=(*then.letters, *then.letters[:1])),
        "letter ack: no acknowledgement left",
    ),
    "words that are missing": (ack_with(says=(("oboe", "bassoon"),)), "does not say 'oboe' or 'bassoon'"),
    "words that are there": (ack_with(says_not=("REFERENCE",)), "says 'REFERENCE'"),
    "another subject": (ack_with(subject="Scores"), "subject: expected 'Scores'"),
    "another header": (ack_with(headers=(("Auto-Submitted", "no"),)), "Auto-Submitted: expected 'no'"),
    "a mail that is not carried": (ack_with(carries=(2,)), "does not carry the whole of mail 2"),
}


@pytest.mark.parametrize(("change", "message"), NOTICED.values(), ids=list(NOTICED))
def test_a_false_demand_breaks_the_story(
    change: Callable[[Then], Then], message: str, embedded_post: Post, classifier: Classifier, tmp_path: Path
) -> None:
    story = beginning(change)
    with pytest.raises(StoryBroken) as broken:
        Player(story, embedded_post, settings_for(embedded_post, tmp_path), classifier).play()
    assert message in str(broken.value)
    assert "Dan passes the mail on" in str(broken.value)


def test_what_may_never_be_said_is_noticed(embedded_post: Post, classifier: Classifier, tmp_path: Path) -> None:
    story = replace(beginning(lambda then: then), never=("Mail Assistant",))
    with pytest.raises(StoryBroken, match="says what no letter to a patron may: 'Mail Assistant'"):
        Player(story, embedded_post, settings_for(embedded_post, tmp_path), classifier).play()


def test_a_key_that_means_nothing_is_a_mistake_in_the_story(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text('title = "x"\nsteps = []\nalways = ["?"]\n')
    with pytest.raises(ValueError, match="the story says what nobody checks: always"):
        read_story("odd", tmp_path)
