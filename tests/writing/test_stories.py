"""The letters of the stories say what the stories ask and nothing that they forbid, whichever wordings are chosen."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mailbot.mail.message import Address
from mailbot.writing import Writer
from mailbot.writing.letter import Letter, LetterKind, Occasion, Order, Scene
from tests.writing.scenes import (
    ROOT,
    acknowledgement,
    guess,
    later,
    message,
    opened,
    to_desk,
    understood,
    update,
)

CHICAGO = ZoneInfo("America/Chicago")
REFS = [f"case-{number}" for number in range(24)]


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer()


@cache
def story(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / f"tests/riverbend/stories/{name}.toml").read_text(encoding="utf-8"))


def asked_of(name: str, letter_id: str) -> dict[str, Any]:
    return next(
        letter
        for step in story(name)["steps"]
        for letter in step.get("then", {}).get("letters", [])
        if letter["id"] == letter_id
    )


def holds(letter: Letter, name: str, letter_id: str) -> None:
    """The letter says all that the story asks of it, and nothing that it forbids."""
    wanted = asked_of(name, letter_id)
    text = " ".join(letter.text.lower().split())
    for one in wanted.get("says", []):
        options = one if isinstance(one, list) else [one]
        assert any(option.lower() in text for option in options), f"{options} not in:\n{letter.text}"
    forbidden = list(wanted.get("says_not", []))
    if letter.to_patron:
        forbidden += story(name)["never"]
    for one in forbidden:
        assert one.lower() not in text, f"{one!r} in:\n{letter.text}"
    assert letter.kind.value == wanted["letter"]
    if "subject" in wanted:
        assert letter.subject == wanted["subject"]


def mail(name: str, step: int) -> dict[str, Any]:
    return next(found["mail"] for found in story(name)["steps"] if found["n"] == step)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=CHICAGO)  # type: ignore[arg-type,misc]


def heard(scene: Scene, letter: Letter) -> tuple[tuple[LetterKind, str], ...]:
    return (*scene.told, (letter.kind, letter.text))


@pytest.mark.parametrize("ref", REFS)
def test_performing_editions(writer: Writer, ref: str) -> None:
    name = "performing-editions"
    dan = Address("Dan Whitlock", "dan.whitlock@riverbend.example")
    first = understood(mail(name, 1)["text"], subject="Musical scores", passed_on_by=dan)
    sure = guess("reference", "special-collections", "programs-and-rooms", words=("list", "scores"))
    scene = opened(first, "reference", at(2027, 2, 2, 10, 5), sure, ref=ref)
    ack = writer.write(acknowledgement(scene), scene)
    holds(ack, name, "ack")
    holds(writer.write(to_desk(scene, LetterKind.FORWARD, Occasion.ROUTED), scene), name, "to-reference")

    second = understood(mail(name, 3)["text"], subject="Re: Musical scores", number=2)
    added = later(
        scene, second, at(2027, 2, 2, 11, 52), prediction=guess("special-collections", "reference", words=("parts",))
    )
    added = replace(added, told=heard(scene, ack))
    put_with = writer.write(update(added, Occasion.ADDED), added)
    holds(put_with, name, "added")
    holds(writer.write(to_desk(added, LetterKind.FORWARD, Occasion.ADDED), added), name, "added-to-reference")

    link = "https://riverbend.example/blog/performing-editions-come-home"
    third = understood(mail(name, 4)["text"], subject="Re: Musical scores", number=3, links=(link,))
    decided = guess("special-collections", "reference", rule=link.removeprefix("https://"))
    moved = later(added, third, at(2027, 2, 2, 15, 20), holder="special-collections", prediction=decided)
    moved = replace(moved, told=heard(added, put_with))
    holds(writer.write(update(moved, Occasion.MOVED), moved), name, "moved")
    holds(writer.write(to_desk(moved, LetterKind.FORWARD, Occasion.MOVED), moved), name, "to-special")
    off = writer.write(to_desk(moved, LetterKind.UPDATE, Occasion.TAKEN_OFF, "reference", ()), moved)
    holds(off, name, "off-your-desk")

    fourth = understood(mail(name, 6)["text"], subject="Re: Musical scores", number=4)
    thanked = later(moved, fourth, at(2027, 2, 3, 16, 33))
    holds(writer.write(to_desk(thanked, LetterKind.THANKS, Occasion.THANKED), thanked), name, "thanks-special")
    holds(writer.write(Order(LetterKind.THANKS, Occasion.THANKED, dan), thanked), name, "thanks-dan")


@pytest.mark.parametrize("ref", REFS)
def test_unsure(writer: Writer, ref: str) -> None:
    name = "unsure"
    bev = Address("Bev Lofton", "bevlofton@example.net")
    first = understood(mail(name, 1)["text"], subject="Is it ready?", writer=bev)
    unsure = guess("circulation", "programs-and-rooms", "friends-and-volunteering", sure=False)
    scene = opened(first, "reference", at(2027, 2, 23, 14, 30), unsure, ref=ref)
    ack = writer.write(acknowledgement(scene), scene)
    holds(ack, name, "ack")
    holds(writer.write(to_desk(scene, LetterKind.FORWARD, Occasion.UNSURE), scene), name, "to-triage")

    second = understood(mail(name, 2)["text"], subject="Re: Is it ready?", writer=bev, number=2)
    added = later(scene, second, at(2027, 2, 23, 14, 41), prediction=guess("programs-and-rooms", "circulation"))
    added = replace(added, told=heard(scene, ack))
    put_with = writer.write(update(added, Occasion.ADDED), added)
    holds(put_with, name, "added")
    holds(writer.write(to_desk(added, LetterKind.FORWARD, Occasion.ADDED), added), name, "added-to-triage")

    ellen = Address("Ellen Marsh", "ellen.marsh@riverbend.example")
    routed = understood(mail(name, 3)["text"], subject="Re: Is it ready?", writer=ellen, number=3)
    moved = later(added, routed, at(2027, 2, 23, 15, 5), holder="programs-and-rooms")
    moved = replace(moved, told=heard(added, put_with))
    holds(writer.write(update(moved, Occasion.CORRECTED), moved), name, "moved")
    holds(writer.write(to_desk(moved, LetterKind.FORWARD, Occasion.CORRECTED), moved), name, "to-programs")
    holds(writer.write(to_desk(moved, LetterKind.RECEIPT, Occasion.TAKEN_OFF, "reference", ()), moved), name, "receipt")

    carol = Address("Carol Whitt", "cwhitt@example.net")
    quiet = understood(mail(name, 4)["text"], subject="Brother in the county jail", writer=carol)
    torn = opened(
        quiet,
        "reference",
        at(2027, 2, 23, 18, 20),
        guess("administration", "outreach", "reference", sure=False),
        ref=ref,
    )
    assert torn.urgent
    holds(writer.write(acknowledgement(torn), torn), name, "ack-carol")
    holds(writer.write(to_desk(torn, LetterKind.FORWARD, Occasion.UNSURE), torn), name, "to-triage-carol")


@pytest.mark.parametrize("ref", REFS)
def test_two_addresses(writer: Writer, ref: str) -> None:
    name = "two-addresses"
    lorena = Address("Lorena Pineda", "lorenapineda@example.com")
    first = understood(mail(name, 1)["text"], subject="imprimir", writer=lorena, language="es")
    scene = opened(first, "digital", at(2027, 4, 5, 13, 2), ref=ref, on_copy=("digital",))
    ack = writer.write(acknowledgement(scene), scene)
    holds(ack, name, "ack")
    holds(writer.write(to_desk(scene, LetterKind.FORWARD, Occasion.ROUTED), scene), name, "to-digital")

    third = understood(mail(name, 3)["text"], subject="imprimir", writer=lorena, language="es", number=3)
    again = later(scene, third, at(2027, 4, 6, 8, 5), prediction=guess("digital"))
    again = replace(again, told=heard(scene, ack))
    holds(writer.write(update(again, Occasion.ADDED), again), name, "added")
    holds(writer.write(to_desk(again, LetterKind.FORWARD, Occasion.ADDED), again), name, "added-to-digital")


@pytest.mark.parametrize("ref", REFS)
def test_corrected_by_reply(writer: Writer, ref: str) -> None:
    name = "corrected-by-reply"
    agnes = Address("Agnes Dow", "agnesdow@example.org")
    luis = Address("Luis Carrera", "luis.carrera@riverbend.example")
    first = understood(mail(name, 1)["text"], subject="Hold", writer=agnes)
    scene = opened(
        first, "circulation", at(2027, 3, 8, 10, 12), guess("circulation", "digital", words=("hold",)), ref=ref
    )
    ack = writer.write(acknowledgement(scene), scene)
    holds(ack, name, "ack")
    holds(writer.write(to_desk(scene, LetterKind.FORWARD, Occasion.ROUTED), scene), name, "to-circulation")

    mistyped = understood(mail(name, 2)["text"], subject="Re: Hold", writer=luis, number=2)
    unknown = later(scene, mistyped, at(2027, 3, 8, 10, 40), named="digitel")
    holds(writer.write(Order(LetterKind.RECEIPT, Occasion.NOT_KNOWN, luis), unknown), name, "not-known")

    routed = understood(mail(name, 3)["text"], subject="Re: Hold", writer=luis, number=3)
    moved = later(scene, routed, at(2027, 3, 8, 10, 44), holder="digital")
    moved = replace(moved, told=heard(scene, ack))
    told = writer.write(update(moved, Occasion.CORRECTED), moved)
    holds(told, name, "moved")
    holds(writer.write(to_desk(moved, LetterKind.FORWARD, Occasion.CORRECTED), moved), name, "to-digital")
    holds(
        writer.write(to_desk(moved, LetterKind.RECEIPT, Occasion.TAKEN_OFF, "circulation", ()), moved), name, "receipt"
    )

    fourth = understood(mail(name, 4)["text"], subject="Re: Hold", writer=agnes, number=4)
    added = replace(later(moved, fourth, at(2027, 3, 8, 12, 15), prediction=guess("digital")), told=heard(moved, told))
    holds(writer.write(update(added, Occasion.ADDED), added), name, "added")
    holds(writer.write(to_desk(added, LetterKind.FORWARD, Occasion.ADDED), added), name, "added-to-digital")


@pytest.mark.parametrize("ref", REFS)
@pytest.mark.parametrize(
    ("step", "writer_name", "holder", "ack", "forward"),
    [
        (1, "Hugh Danziger", "special-collections", "ack-hugh", "to-special"),
        (2, "Glenn Abbot", "friends-and-volunteering", "ack-glenn", "to-friends"),
        (3, "Tamsin Gray", "collections", "ack-tamsin", "to-collections"),
        (4, "Walt", "reference", "ack-walt", "to-reference"),
    ],
)
def test_holiday_eve(
    writer: Writer, ref: str, step: int, writer_name: str, holder: str, ack: str, forward: str
) -> None:
    name = "holiday-eve"
    found = next(each for each in story(name)["steps"] if each["n"] == step)
    links = ("https://riverbend.example/suggest",) if step == 3 else ()
    patron = Address(writer_name, "someone@example.com")
    said = understood(found["mail"]["text"], subject=found["mail"]["subject"], writer=patron, links=links)
    scene = opened(said, holder, found["at"], ref=ref)
    holds(writer.write(acknowledgement(scene), scene), name, ack)
    holds(writer.write(to_desk(scene, LetterKind.FORWARD, Occasion.ROUTED), scene), name, forward)


@pytest.mark.parametrize("ref", REFS)
def test_department_bounces(writer: Writer, ref: str) -> None:
    name = "department-bounces"
    ida = Address("Ida Kramer", "ikramer@example.org")
    first = understood(mail(name, 1)["text"], subject="my neighbor", writer=ida)
    scene = opened(first, "outreach", at(2027, 4, 13, 9, 15), ref=ref)
    ack = writer.write(acknowledgement(scene), scene)
    holds(ack, name, "ack")

    returned = replace(first, message=message(mail(name, 2)["text"], number=9), text=mail(name, 2)["text"])
    bounced = later(
        scene, returned, at(2027, 4, 13, 9, 16), holder="reference", failure="552 5.2.2 mailbox full", keep_due=True
    )
    bounced = replace(bounced, told=heard(scene, ack))
    holds(writer.write(to_desk(bounced, LetterKind.ALERT, Occasion.BOUNCED), bounced), name, "alert")
    honest = writer.write(update(bounced, Occasion.BOUNCED), bounced)
    holds(honest, name, "honest")

    ellen = Address("Ellen Marsh", "ellen.marsh@riverbend.example")
    handed = understood(mail(name, 5)["text"], subject="Re: my neighbor", writer=ellen, number=5)
    back = later(bounced, handed, at(2027, 4, 13, 10, 20), holder="outreach", keep_due=True)
    back = replace(back, told=heard(bounced, honest), history=back.history[:1])
    holds(writer.write(to_desk(back, LetterKind.FORWARD, Occasion.CORRECTED), back), name, "to-outreach-again")
    holds(writer.write(update(back, Occasion.CORRECTED), back), name, "back")
    holds(writer.write(to_desk(back, LetterKind.RECEIPT, Occasion.TAKEN_OFF, "reference", ()), back), name, "receipt")


@pytest.mark.parametrize("ref", REFS)
def test_the_first_letters_of_the_other_stories(writer: Writer, ref: str) -> None:
    ravi = Address("Ravi Menon", "ravi@menonfoods.example")
    truck = understood(mail("out-of-office", 1)["text"], subject="Starting a food truck", writer=ravi)
    scene = opened(truck, "reference", at(2027, 1, 20, 17, 35), ref=ref)
    ack = writer.write(acknowledgement(scene), scene)
    holds(ack, "out-of-office", "ack")
    more = understood(mail("out-of-office", 5)["text"], subject="Re: Starting a food truck", writer=ravi, number=2)
    added = replace(later(scene, more, at(2027, 1, 20, 21, 10), prediction=guess("reference")), told=heard(scene, ack))
    holds(writer.write(update(added, Occasion.ADDED), added), "out-of-office", "added")

    roberta = Address("Roberta Lynch", "roberta@riverbendgardeners.example")
    room = understood(mail("promise-at-risk", 1)["text"], subject="Second Tuesdays", writer=roberta)
    lost = opened(room, "programs-and-rooms", at(2027, 1, 14, 11, 0), ref=ref)
    holds(writer.write(acknowledgement(lost), lost), "promise-at-risk", "ack")
    holds(writer.write(to_desk(lost, LetterKind.FORWARD, Occasion.ROUTED), lost), "promise-at-risk", "to-programs")
