"""What letters offer and ask in sample libraries whose advice was written without a look at their mail."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from mailbot.asking import question_of
from mailbot.classify import Classifier
from mailbot.library import Ask, Department, Library, Offer
from mailbot.mail.understood import Understood
from mailbot.writing import delicate, request_of
from mailbot.writing.advice import Advice
from tests.libraries import HERE, sample_library
from tests.writing.halves import as_read
from tests.writing.scenes import PAT

DEVELOPED_ON, KEPT_ASIDE = ("kestrel", "dunmore"), ("harcourt", "northgate", "marlow")
WORDED = {"en", "es", "fr", "de"}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as the worker reads it; ``department`` is the right one."""

    id: str
    department: str
    read: Understood


@dataclass(frozen=True, slots=True)
class Given:
    """What the letter to one mail says beside the answer to come: ``advice`` is "offer" or the question's key."""

    id: str
    advice: str
    words: str


def given(library: Library, mails: Sequence[Mail], classifier: Classifier) -> tuple[Given, ...]:
    """What the letters to these mails offer and ask where the right department has them; delicate ones get none."""
    asking = [one for one in mails if one.department and not delicate(one.read)]
    found: list[Given] = []
    for mail, guess in zip(asking, classifier.predict([question_of(one.read, library) for one in asking]), strict=True):
        advice, core = Advice(library.department(mail.department)), request_of(mail.read, library)
        language = mail.read.language if mail.read.language in WORDED else library.language
        asks = advice.asks(mail.read, core, language, guess.about)
        found += [Given(mail.id, ask.key, ask.ask[language]) for ask in asks]
        offer = advice.offer(mail.read, core, language, guess.about) if len(asks) < 2 else None
        if offer is not None:
            found.append(Given(mail.id, "offer", offer.offer[language]))
    return tuple(found)


@cache
def advised_library(name: str) -> Library:
    """The library of ``departments.toml``, with what ``advice.toml`` beside it says."""
    advice = tomllib.loads((HERE / name / "advice.toml").read_text("utf-8"))
    departments = tuple(_advised(one, advice.get(one.key, {})) for one in sample_library(name).departments)
    return Library(
        name=name.capitalize(),
        timezone=ZoneInfo("America/Chicago"),
        country="",
        subdivision="",
        language="en",
        website="",
        phone="",
        staff_domains=(f"{name}.example",),
        addresses=(f"library@{name}.example",),
        departments=departments,
    )


@cache
def mails(name: str) -> tuple[Mail, ...]:
    """All that was written to it."""
    library = advised_library(name)
    rows = [json.loads(line) for line in (HERE / name / "mail.jsonl").read_text("utf-8").splitlines() if line.strip()]
    return tuple(
        Mail(row["id"], row["department"] or "", as_read(row["id"], PAT, row["subject"], row["text"], library))
        for row in rows
    )


def judged(file: Path) -> dict[tuple[str, str], bool]:
    """Whether each offer ("offer") and question (its key) to a mail is right; only what has its reason counts."""
    rows = map(json.loads, file.read_text("utf-8").splitlines())
    return {(row["id"], row["advice"]): row["right"] for row in rows if row["why"]}


def _advised(department: Department, advice: dict[str, list[dict[str, str | list[str]]]]) -> Department:
    offers = (
        Offer(tuple(one["about"]), {"en": str(one["offer"])}, str(one.get("link", "")), str(one.get("phone", "")))
        for one in advice.get("meanwhile", ())
    )
    asks = (
        Ask(
            key=str(one["key"]),
            ask={"en": str(one["ask"])},
            why={"en": str(one["why"])} if "why" in one else {},
            when=tuple(one.get("when", ())),
            present=tuple(one.get("present", ())),
            caution={"en": str(one["caution"])} if "caution" in one else {},
        )
        for one in advice.get("asks", ())
    )
    return replace(department, meanwhile=tuple(offers), asks=tuple(asks))
