"""What every story needs: a post to be played on, real or the demo's own, and a classifier that is fitted once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.classify import Classifier, load_or_fit
from mailbot.demo.world import MailWorld
from mailbot.settings import load
from tests.servers import Dovecot, Postfix, SmtpSink
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


@pytest.fixture
def post(dovecot: Dovecot, postfix: Postfix, sink: SmtpSink) -> Post:
    """A fresh mailbox on private real servers."""
    return RealPost(dovecot, postfix, sink)
