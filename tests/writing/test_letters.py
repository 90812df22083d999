"""The acknowledgements of all sample mails, read one by one: length, words, dates, sources, what must stay private."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from mailbot.library import promise
from mailbot.writing import Writer, delicate, request_of, urgent
from mailbot.writing.letter import Letter, LetterKind, Occasion, Scene
from tests.writing.collected import collected
from tests.writing.phrases import banned_in, shouting_in
from tests.writing.scenes import Sample, acknowledgement, guess, opened, riverbend, samples, to_desk, understood

CHICAGO = ZoneInfo("America/Chicago")
FIRST = datetime(2026, 11, 20, 8, 0, tzinfo=CHICAGO)
MONTHS = (
    "January February March April May June July August September October November December "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
).split()


def asking() -> tuple[Sample, ...]:
    return tuple(sample for sample in samples() if not {"thanks", "spam"} & set(sample.tags))


@cache
def written() -> tuple[tuple[Sample, Scene, Letter, Letter], ...]:
    writer = Writer()
    return tuple(_letters(writer))


def _letters(writer: Writer) -> Iterator[tuple[Sample, Scene, Letter, Letter]]:
    for number, sample in enumerate(asking()):
        links = tuple(re.findall(r"https?://\S+", sample.text))
        said = understood(
            sample.text,
            subject=sample.subject,
            writer=sample.writer,
            language=sample.language,
            links=links,
            number=number,
        )
        at = FIRST + timedelta(hours=7.3 * number)
        sure = bool(sample.department)
        prediction = guess(sample.department or "circulation", "digital", sure=sure)
        scene = opened(said, sample.department or "reference", at, prediction, ref=sample.id)
        occasion = Occasion.ROUTED if sure else Occasion.UNSURE
        forward = writer.write(to_desk(scene, LetterKind.FORWARD, occasion), scene)
        yield sample, scene, writer.write(acknowledgement(scene), scene), forward


def test_no_letter_runs_on() -> None:
    for sample, _, letter, _ in written():
        said = re.sub(r"[“«].*?[”»]", "", letter.text, flags=re.DOTALL)
        assert len(said.split()) <= 130, sample.id
        assert len(letter.text.split()) <= 160, sample.id


def test_no_letter_holds_a_phrase_that_never_appears() -> None:
    for sample, _, letter, _ in written():
        assert not banned_in(letter.text, letter.language), (sample.id, letter.text)
        assert not shouting_in(letter.text.replace(letter.text.split("\n")[0], "")), (sample.id, letter.text)


def test_notes_to_staff_are_safe_for_a_patrons_eyes_and_short() -> None:
    for sample, _, _, note in written():
        lines = [line for line in note.text.split("\n") if line and "mailto:" not in line]
        assert len(lines) <= 12, sample.id
        assert "!" not in note.text
        for word in ("vague", "confused", "confidence", "rude", "angry", "misrouted"):
            assert word not in re.sub(r"“.*?”", "", note.text), sample.id
        assert "route:" in note.text


def test_each_sentence_has_a_source() -> None:
    for sample, _, letter, note in written():
        for one in (letter, note):
            rest = one.text
            for words, source in one.sources:
                assert source, sample.id
                rest = rest.replace(words, "", 1)
            assert not rest.strip(), (sample.id, rest)


def test_each_letter_names_its_writer_and_how_to_answer() -> None:
    for sample, _, letter, _ in written():
        assert re.search("mail assistant|asistente de correo", letter.text), sample.id
        assert re.search("program", letter.text), sample.id
        assert re.search("reply to this|answer this mail|conteste|contestar", letter.text), sample.id


def test_each_date_is_the_calendars() -> None:
    for sample, scene, letter, note in written():
        due = promise(riverbend().department(scene.case.holder), scene.now, riverbend()).due.date()
        for text in (letter.text, note.text):
            prose = re.sub(r"[“«].*?[”»]", "", text, flags=re.DOTALL)
            for found in days_in(prose):
                assert found in {(due.month, due.day), *deadlines(scene), *closed(scene)}, (sample.id, text)
            assert (due.month, due.day) in list(days_in(prose)), (sample.id, text)
        if letter.language == "en" and due == scene.now.date() + timedelta(days=1):
            assert "tomorrow, " in letter.text, sample.id


def days_in(text: str) -> Iterator[tuple[int, int]]:
    for month, day in re.findall(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}})\b", text):
        yield MONTHS.index(month) % 12 + 1, int(day)
    for day, month in re.findall(rf"\b(\d{{1,2}}) de ({'|'.join(MONTHS)})\b", text):
        yield MONTHS.index(month) % 12 + 1, int(day)


def closed(scene: Scene) -> Iterator[tuple[int, int]]:
    assert scene.promise is not None
    for found in scene.promise.closed:
        yield found.day.month, found.day.day


def deadlines(scene: Scene) -> Iterator[tuple[int, int]]:
    """Days of the coming week: a patron's own deadline is one of them."""
    today: date = scene.now.date()
    for ahead in range(8):
        day = today + timedelta(days=ahead)
        if re.search(f"{day:%A}|today|tonight|tomorrow|tmrw".lower()[:9], scene.understood.text.lower()):
            yield day.month, day.day


def test_nothing_private_is_repeated() -> None:
    for sample, scene, letter, _ in written():
        ours = {riverbend().phone, *(found.phone for found in riverbend().departments)}
        ours |= {offer.phone for found in riverbend().departments for offer in found.meanwhile}
        for number in re.findall(r"(?<!\d)(?:\d[ -]?){7,}\d", letter.text):
            assert number.strip() in ours, (sample.id, number)
        assert scene.case.patron.address not in letter.text


def test_delicate_messages_get_the_quiet_form() -> None:
    for sample, _, letter, _ in written():
        if "delicate" in sample.tags:
            neutral = {"en": "Your message to Riverbend Public Library", "es": "Su mensaje a Riverbend Public Library"}
            assert letter.subject == neutral[letter.language], sample.id
            assert not re.search("[“«]", letter.text), sample.id
            assert not re.search("It would help|Could you tell|write back with", letter.text), sample.id


@pytest.mark.parametrize(
    "text",
    [
        "Do you have books for a boy whose father killed himself last month?",
        "My sister killed herself. What is there to read?",
        "A friend says she wants to end her life. Have you anything on helping her?",
    ],
)
def test_a_death_by_ones_own_hand_is_delicate_however_it_is_said(text: str) -> None:
    assert delicate(understood(text))


def test_the_quiet_form_is_kept_for_delicate_messages() -> None:
    """A message that is quiet without need hides what was understood: at most one in twenty."""
    loud = [sample for sample, scene, _, _ in written() if delicate(scene.understood) and "delicate" not in sample.tags]
    assert len(loud) <= len(written()) // 20, [sample.id for sample in loud]


def test_urgent_messages_are_seen_as_such() -> None:
    tagged = [(sample, urgent(scene.understood)) for sample, scene, _, _ in written() if "urgent" in sample.tags]
    assert sum(found for _, found in tagged) >= 0.8 * len(tagged), [sample.id for sample, found in tagged if not found]
    others = [
        sample.id for sample, scene, _, _ in written() if urgent(scene.understood) and "urgent" not in sample.tags
    ]
    assert len(others) <= len(written()) // 25, others


def test_nearly_every_request_is_mirrored() -> None:
    silent = [
        sample.id
        for sample, scene, _, _ in written()
        if not delicate(scene.understood) and not request_of(scene.understood, riverbend())
    ]
    assert len(silent) <= len(written()) // 20, silent


def test_each_letter_speaks_the_patrons_language() -> None:
    for sample, _, letter, _ in written():
        assert letter.language == sample.language, sample.id


@pytest.mark.parametrize("language", ["en", "es", "fr", "de"])
@pytest.mark.parametrize("number", range(3))
def test_no_two_letters_of_one_patron_open_alike(number: int, language: str) -> None:
    writer = Writer()
    told: tuple[tuple[LetterKind, str], ...] = ()
    openings: list[str] = []
    texts: list[str] = []
    for at, sample in enumerate(collected(language)[number * 7 : number * 7 + 5]):
        said = understood(sample.text, subject=sample.subject, language=language, number=at)
        scene = opened(said, "reference", FIRST + timedelta(days=at), ref=f"{number}-{at}", told=told)
        letter = writer.write(acknowledgement(scene), scene)
        told = (*told, (letter.kind, letter.text))
        opening = letter.text.split("\n\n")[1]
        openings.append(" ".join(re.sub(r"“[^”]*”|«[^»]*»|„[^“]*“", "“”", opening).split()[:5]))
        texts.append(letter.text)
    assert len(set(openings)) == len(openings)
    assert len({text.split("\n\n")[-2] for text in texts}) >= 4, "the assistant's line varies too"


def test_a_letter_written_again_is_the_same_letter() -> None:
    writer, other = Writer(), Writer()
    for _, scene, letter, _ in written()[:20]:
        assert writer.write(acknowledgement(scene), scene) == other.write(acknowledgement(scene), scene) == letter


def test_a_promise_not_kept_by_the_calendar_is_never_made() -> None:
    """Without a promise on record no day is named."""
    _, scene, _, _ = written()[0]
    bare = replace(scene, promise=None)
    letter = Writer().write(acknowledgement(bare), bare)
    assert not list(days_in(letter.text))


def test_which_wordings_a_case_falls_on_does_not_decide_what_the_patron_is_told() -> None:
    writer = Writer()
    for sample, scene, letter, _ in written()[::3]:
        told = [source for _, source in letter.sources]
        for ref in ("another", "a third"):
            other = replace(scene, case=replace(scene.case, ref=ref))
            assert [source for _, source in writer.write(acknowledgement(other), other).sources] == told, sample.id
