"""Stories whose question the model is not sure of: triage gets it, sends it on with one line, and the rest is as told.

Nothing is assumed of the guess. All that a story demands is demanded here too, but for its first question: that is held
for triage, and what the story says of its right desk must be true once triage has named that desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.classify import Classifier
from tests.stories.not_yet import WITH_THE_MODEL
from tests.stories.player import Player, settings_for
from tests.stories.posts import Post
from tests.stories.story import ExpectedLetter, Mail, Step, Story, Then, read_story

TRIAGE = "reference"
DESK = f"{TRIAGE}@riverbend.example"
ROSA = "rosa.triage@riverbend.example"
UNSURE_AT = {"holiday-eve": 4, "promise-at-risk": 1}
SOON = timedelta(seconds=20)


def by_way_of_triage(story: Story, unsure: int) -> Story:
    """The same story, in which the model was not sure at that step and somebody in triage sets it right."""
    steps = [one for step in story.steps for one in (_in_two(step) if step.n == unsure else [step])]
    return replace(story, steps=tuple(steps))


def _in_two(step: Step) -> Iterator[Step]:
    then = step.then
    assert step.mail is not None
    assert then is not None
    assert then.holder is not None
    if then.holder == TRIAGE:  # the right people have it, and only say so
        forward = next(one.id for one in then.letters if one.kind == "forward")
        yield replace(step, then=replace(then, accounted="held"))
        yield _says_whose(step, step.mail, then, forward, ())
        return
    told = next(one for one in then.letters if one.kind == "acknowledgement")
    first = replace(told, id="first", says=(("Reference",), ("mail assistant",)))
    yield replace(step, then=_held(then, first, step.n))
    yield _says_whose(step, step.mail, then, "to-triage", tuple(_once_it_is_known(then)))


def _held(then: Then, acknowledgement: ExpectedLetter, n: int) -> Then:
    forward = replace(acknowledgement, id="to-triage", kind="forward", to=DESK, says=(), says_not=(), carries=(n,))
    return replace(then, holder=TRIAGE, promise=None, accounted="held", letters=(acknowledgement, forward))


def _once_it_is_known(then: Then) -> Iterator[ExpectedLetter]:
    """What the acknowledgement would have said of the desk, the update says now; the desk gets the same forward."""
    for one in then.letters:
        yield replace(one, kind="update") if one.kind == "acknowledgement" else one
        if one.kind == "acknowledgement":
            yield replace(one, id="off-desk", kind="receipt", to=DESK, says=(), says_not=())


def _says_whose(step: Step, asked: Mail, then: Then, forward: str, letters: tuple[ExpectedLetter, ...]) -> Step:
    order = f"route: {then.holder}"
    mail = Mail(ROSA, ("ask@riverbend.example",), (), f"Re: {asked.subject}", order, (), forward, quotes=False)
    after = Then(
        kind=None, answerable=None, writer=None, passed_on_by=None, urgent=None, case="same", holder=then.holder,
        state=then.state, promise=then.promise, label=then.holder, accounted="added", letters=letters,
    )  # fmt: skip
    return Step(step.n + 100, step.at + SOON, "Triage says whose it is", "mailbox", mail, None, after)


@pytest.mark.parametrize("name", WITH_THE_MODEL)
def test_a_story_comes_out_as_told_by_way_of_triage(
    name: str, embedded_post: Post, classifier: Classifier, tmp_path: Path
) -> None:
    story = by_way_of_triage(read_story(name), UNSURE_AT[name])
    Player(story, embedded_post, settings_for(embedded_post, tmp_path), classifier).play()
