"""What every story needs: the two posts it can be played on, and a classifier that is fitted once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.classify import Classifier, load_or_fit
from mailbot.demo.world import MailWorld
from mailbot.settings import load
from tests.stories.player import CONFIG, ENVIRON
from tests.stories.posts import PASSWORD, EmbeddedPost, Post, RealPost


@pytest.fixture(scope="session")
def classifier(models: Path) -> Classifier:
    """What the worker of the sample library starts with; fitted once for all test processes of a run."""
    settings = load(CONFIG, ENVIRON)
    departments, routing = settings.library.departments, settings.routing
    with (models / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return load_or_fit(departments, folder=models, precision=routing.precision, start=routing.start).classifier


@pytest.fixture
def embedded_post() -> Iterator[Post]:
    """The embedded servers of the demo, with nothing in them."""
    with MailWorld({"ask": PASSWORD}) as world:
        yield EmbeddedPost(world)


@pytest.fixture(params=["dovecot and postfix", "embedded"])
def post(request: pytest.FixtureRequest) -> Post:
    """A fresh mailbox: on private real servers, and on the embedded ones of the demo."""
    if request.param == "embedded":
        embedded: Post = request.getfixturevalue("embedded_post")
        return embedded
    return RealPost(*(request.getfixturevalue(name) for name in ("dovecot", "postfix", "sink")))
