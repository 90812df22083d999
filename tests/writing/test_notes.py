"""How long a note to staff may get, whatever there is to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from mailbot.case import Move
from mailbot.classify.prediction import Also, Prediction
from mailbot.mail.message import Address
from mailbot.writing import Writer, delicate
from mailbot.writing.facts import Record, Source
from mailbot.writing.letter import Alike, LetterKind, Occasion, Scene
from mailbot.writing.staff_facts import NoteLeftOut
from tests.writing.scenes import guess, later, links_to, opened, riverbend, to_desk, understood

TUESDAY = datetime(2027, 2, 2, 10, 0, tzinfo=ZoneInfo("America/Chicago"))
COLLEAGUE = Address("Dan Whitlock", "dan@riverbend.example")
LONG = "Could you tell me whether the history room keeps the programs of the spring concerts of those years? "
WRITER = Writer()
OPENS = (Occasion.ROUTED, Occasion.UNSURE)
GOES_ON = (Occasion.ADDED, Occasion.MOVED, Occasion.CORRECTED, Occasion.DISPUTED, Occasion.REOPENED)
USEFUL_LAST = [
    "Much like", "Also open", "On copy:", "The second guess", "It is written in", "also wrote to you directly",
    "passed it on to the shared mailbox", "a first guess", "It is with you because", ", who passed it on, named",
]  # fmt: skip


@some.composite
def guessed(draw: some.DrawFn) -> Prediction:
    """A guess with any of the things that a note can tell about one."""
    yes = some.booleans()
    made = guess("circulation", "digital", "special-collections", words=("hold", "cancel", "Monday"))
    return replace(
        made,
        rule="riverbend.example/account" if draw(yes) else None,
        suggestions=("circulation", "digital", "reference") if draw(yes) else (),
        against=("app", "sign in"),
        provisional=draw(yes),
        also=Also("special-collections", LONG * draw(some.integers(1, 4))) if draw(yes) else None,
        named=("circulation", "outreach") if draw(yes) else (),
    )


@some.composite
def scenes(draw: some.DrawFn) -> tuple[Scene, Occasion]:
    """A scene in which much, or all, is to be told."""
    yes, occasion, prediction = some.booleans(), draw(some.sampled_from(OPENS + GOES_ON)), draw(guessed())
    words = draw(some.sampled_from(["Could you cancel my hold tonight? ", "My husband passed away. ", ""]))
    first = understood(
        words + LONG * draw(some.integers(0, 4)),
        subject="Holds",
        language=draw(some.sampled_from(["en", "es"])),
        passed_on_by=COLLEAGUE if draw(yes) else None,
    )
    scene = opened(first, "reference" if occasion is Occasion.UNSURE else "circulation", TUESDAY, prediction)
    other = replace(scene.case, ref="ref-2", subject="Another matter")
    if occasion in GOES_ON:
        hand = (
            understood("route: digital\n" + LONG * 5, writer=COLLEAGUE)
            if occasion in {Occasion.CORRECTED, Occasion.DISPUTED}
            else first
        )
        scene = later(scene, hand, TUESDAY + timedelta(hours=1), holder="digital", prediction=prediction)
    moved = Move(TUESDAY, "circulation", "digital", COLLEAGUE)
    full = replace(
        scene,
        open_cases=(other,) if draw(yes) else (),
        on_copy=("circulation", "digital", "outreach") if draw(yes) else (),
        alike=(Alike(LONG[:80], "circulation", TUESDAY),) * draw(some.integers(0, 3)),
        moves=tuple(moved for _ in range(draw(some.integers(0, 12)))),
        links=links_to(guess("circulation", "digital", "outreach"), "programs"),
        urgent=draw(yes),
    )  # fmt: skip
    return full, occasion


@settings(max_examples=150, deadline=None)
@given(scenes())
def test_a_note_has_at_most_twelve_short_lines_beside_its_links_whatever_there_is_to_tell(
    found: tuple[Scene, Occasion],
) -> None:
    scene, occasion = found
    note = WRITER.write(to_desk(scene, LetterKind.FORWARD, occasion), scene).text
    lines = [line for line in note.split("\n") if line and "mailto:" not in line]
    assert len(lines) <= 12, lines
    assert max(len(line) for line in lines) <= 320, lines


@settings(max_examples=50, deadline=None)
@given(scenes())
def test_a_note_never_does_without_what_it_is_for(found: tuple[Scene, Occasion]) -> None:
    scene, occasion = found
    note = WRITER.write(to_desk(scene, LetterKind.FORWARD, occasion), scene).text
    assert note.count("mailto:") == 3
    assert "Pat Ron" in note
    assert "\nroute: " in note
    assert "an answer by" in note
    tells = scene.prediction is not None and scene.prediction.also is not None and occasion in OPENS
    assert ("nobody else has it yet" in note) == (tells and not delicate(scene.understood))


def test_what_had_to_be_left_out_is_said_on_no_line_of_its_own() -> None:
    letter = WRITER.write(to_desk(everything(), LetterKind.FORWARD, Occasion.ROUTED), everything())
    left = NoteLeftOut(
        files=("a.tif (30 MB)",),
        mailbox="ask",
        folder="Routed",
        name="<a@b>",
        sources=(Source(Record.MESSAGE, "size"),),
    )
    longer = WRITER.amended(letter, left)
    assert "a.tif (30 MB)" in longer.text
    assert len(longer.text.splitlines()) == len(letter.text.splitlines())


def everything() -> Scene:
    """A new question about which all there is can be told."""
    prediction = replace(
        guess("circulation", "digital", words=("hold",)),
        provisional=True,
        named=("circulation",),
        also=Also("special-collections", "the old town maps"),
    )
    said = understood("Could you cancel my hold?", language="es", passed_on_by=COLLEAGUE)
    scene = opened(said, "circulation", TUESDAY, prediction, on_copy=("circulation", "digital"))
    return replace(
        scene,
        open_cases=(replace(scene.case, ref="ref-2", subject="Another matter"),),
        alike=(Alike("a hold to cancel", "circulation", TUESDAY),),
    )


@pytest.mark.parametrize("at", range(1, len(USEFUL_LAST)))
def test_what_is_least_useful_goes_first(at: int) -> None:
    note = WRITER.write(to_desk(everything(), LetterKind.FORWARD, Occasion.ROUTED), everything()).text
    assert USEFUL_LAST[at - 1] not in note or USEFUL_LAST[at] in note, note


def test_a_note_that_has_room_tells_all_of_it() -> None:
    scene = replace(everything(), open_cases=(), on_copy=(), links=())
    prediction = replace(guess("circulation", words=("hold",)), named=("circulation",))
    scene = replace(scene, prediction=prediction)
    note = WRITER.write(to_desk(scene, LetterKind.FORWARD, Occasion.ROUTED), scene).text
    for said in ("Much like", "It is written in", "passed it on", "It is with you because", "named Circulation"):
        assert said in note, said
    assert riverbend().department("circulation").name in note
