"""Requests of the starter collection as if written to the sample library: people's own words in each language."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from mailbot.classify import NOBODY
from mailbot.classify.starter import messages
from tests.libraries import sample_library
from tests.writing.scenes import PAT, Sample

_MOST = 200


@cache
def collected(language: str) -> tuple[Sample, ...]:
    """The first 200 of that language by the SHA-256 of their text, each for the department that covers its topic.

    What is meant for somebody else than a library is left out, and what nobody here covers.
    """
    owner = sample_library("riverbend").owner
    found = (
        Sample(
            id=sha256(message.question.text.encode()).hexdigest()[:12],
            writer=PAT,
            subject=message.question.subject,
            text=message.question.text,
            department=owner[message.topic],
            language=language,
            summary="",
            tags=(),
        )
        for message in messages()
        if message.question.language == language and owner[message.topic] != NOBODY
    )
    return tuple(sorted(found, key=lambda sample: sample.id)[:_MOST])
