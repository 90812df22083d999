"""Every wording of every language can be rendered, and reads as a sentence should."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mailbot.errors import ConfigError
from mailbot.library import ClosedDay
from mailbot.mail.message import Address
from mailbot.writing import Writer
from mailbot.writing.facts import By, Closed, Record, Source
from mailbot.writing.letter import LetterKind, Occasion, Order
from mailbot.writing.specimens import TODAY, specimens
from mailbot.writing.words import Wordings
from tests.writing.phrases import banned_in, shouting_in
from tests.writing.scenes import (
    acknowledgement,
    guess,
    later,
    opened,
    riverbend,
    samples,
    to_desk,
    understood,
    update,
)

LANGUAGES = ("de", "en", "es", "fr")
SOURCE = (Source(Record.CALENDAR, "test"),)
UNTIDY = re.compile(r"[{}#]|  |None|(?<!\.)\.\.(?!\.)|,,|,\.| ,| \.(?!\.)|\( | \)")
TO_STAFF = (
    "note-",
    "off-desk",
    "not-known",
    "lost",
    "unreached",
    "undelivered",
    "failed",
    "only-us",
    "whose",
    "thanks",
)
# What may stand right below the greeting.
OPENS_A_LETTER = (
    "opening", "said", "quiet", "added", "moved", "corrected", "late", "asked", "reopened", "disputed", "bounced",
    "unknown",
)  # fmt: skip
# Said inside other sentences rather than by a fact.
FRAGMENTS = {"day", "near-day", "weekday", "hour", "closed-day", "whom"}


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer()


@pytest.fixture(scope="module")
def wordings(writer: Writer) -> Wordings:
    return writer.wordings


def test_the_shipped_languages_are_complete(wordings: Wordings) -> None:
    assert sorted(wordings.languages) == list(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_belongs_to_a_fact_and_every_fact_has_its_file(wordings: Wordings, language: str) -> None:
    wanted = {fact.wording for fact in specimens(language)} | FRAGMENTS
    assert wordings.names(language) == wanted


@pytest.mark.parametrize("language", ["es", "fr", "de"])
def test_what_a_patron_is_told_has_as_many_wordings_in_every_language(wordings: Wordings, language: str) -> None:
    for name in wordings.names(language):
        if not name.startswith(("greeting", *TO_STAFF)):
            assert len(wordings.templates(language, name)) >= len(wordings.templates("en", name)), name


def test_a_german_letter_begins_with_a_word_that_is_written_large_after_the_comma_of_its_greeting(
    wordings: Wordings,
) -> None:
    """„Guten Tag, Pat Ron,“ is followed by a small letter, unless a noun, a name or "Sie" and "Ihr" come next."""
    beginnings = r"„|Ihr(?:e[mnrs]?)?\b|Ihnen\b|Sie\b|Reference\b|Outreach\b|Antworten auf\b|Menschen bei\b"
    for fact in specimens("de"):
        if fact.wording.startswith(OPENS_A_LETTER):
            for words in wordings.every(fact, "de", TODAY):
                assert re.match(beginnings, words), words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_renders_to_clean_sentences(wordings: Wordings, language: str) -> None:
    for fact in specimens(language):
        rendered = wordings.every(fact, language, TODAY)
        assert rendered, fact.wording
        for words in rendered:
            assert not re.search(r"[{}#]|  |None|\.\.(?!\.)|,,|,\.| ,| \.(?!\.)|\( | \)", words), (
                f"{fact.wording}: {words}"
            )
            assert words == words.strip()
            assert not shouting_in(words), f"{fact.wording}: {words}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_to_a_patron_holds_a_phrase_that_never_appears(wordings: Wordings, language: str) -> None:
    for fact in specimens(language):
        if not fact.wording.startswith(tuple(one for one in TO_STAFF if one != "thanks")):
            for words in wordings.every(fact, language, TODAY):
                assert not banned_in(words, language), f"{fact.wording}: {words}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_acknowledgements_name_the_assistant_and_how_to_answer(wordings: Wordings, language: str) -> None:
    names = {"en": "mail assistant", "es": "asistente de correo", "fr": "assistant de courrier", "de": "Postassistent"}
    answer = {"en": r"repl(y|ies)|answer", "es": "contest", "fr": "répond", "de": "antwort"}
    for fact in specimens(language):
        if fact.wording.startswith("assistant"):
            for words in wordings.every(fact, language, TODAY):
                assert names[language] in words
                assert re.search(answer[language], words, re.IGNORECASE)


@pytest.mark.parametrize(
    ("language", "due", "said"),
    [
        ("en", datetime(2027, 2, 3, 20, 0, tzinfo=UTC), "tomorrow, Wednesday, February 3, at 8 p.m."),
        ("en", datetime(2027, 2, 2, 12, 0, tzinfo=UTC), "today, Tuesday, February 2, at noon"),
        ("en", datetime(2027, 2, 4, 16, 30, tzinfo=UTC), "Thursday, February 4, at 4:30 p.m."),
        ("es", datetime(2027, 2, 3, 18, 0, tzinfo=UTC), "mañana, miércoles 3 de febrero, a las 6 de la tarde"),
        ("es", datetime(2027, 2, 5, 13, 0, tzinfo=UTC), "el viernes 5 de febrero, a la 1 de la tarde"),
        ("fr", datetime(2027, 3, 1, 16, 30, tzinfo=UTC), "le lundi 1er mars, à 16 h 30"),
        ("de", datetime(2027, 2, 3, 16, 30, tzinfo=UTC), "morgen, Mittwoch, 3. Februar, 16.30 Uhr"),
    ],
)
def test_days_are_said_as_people_say_them(wordings: Wordings, language: str, due: datetime, said: str) -> None:
    found = " ".join(wordings.every(By(due=due, still=False, sources=SOURCE), language, date(2027, 2, 2)))
    assert said in found


def test_closed_days_are_named_together(wordings: Wordings) -> None:
    saturday = date(2027, 2, 6)
    days = (ClosedDay(saturday, ""), ClosedDay(saturday + timedelta(days=1), ""))
    said = wordings.every(Closed(days_closed=days, sources=SOURCE), "en", date(2027, 2, 2))
    assert "They are closed on Saturday and Sunday." in said
    holiday = (*days, ClosedDay(saturday + timedelta(days=2), "Presidents' Day"))
    said = wordings.every(Closed(days_closed=holiday, sources=SOURCE), "en", date(2027, 2, 2))
    assert any("on Saturday, Sunday, and on Monday for Presidents' Day" in words for words in said)


def test_a_fact_without_a_record_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no record"):
        By(due=datetime(2027, 2, 3, tzinfo=UTC), still=False, sources=())


# --- a library's own words -------------------------------------------------------------------------------------------


def own(folder: Path, name: str, text: str) -> Path:
    (folder / "en").mkdir(exist_ok=True)
    (folder / "en" / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_a_library_may_word_it_otherwise(tmp_path: Path) -> None:
    writer = Writer(own(tmp_path, "signature", "The people of {{ library }}"))
    scene = opened(understood("Do you have maps?", subject="maps"), "reference", datetime(2027, 2, 2, 16, tzinfo=UTC))
    assert writer.write(acknowledgement(scene), scene).text.endswith("The people of Riverbend Public Library")
    writer.proof()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("fine\n---\n{{ libary }}\n", 3),
        ("fine\n---\nfine {% if %}\n", 3),
        ("{{ library.__class__.__mro__ }}\n", 1),
        ("one\n\n{{ library | nonsense }}", 3),
        ("one\n---\n{{ library + 1 }}", 3),
    ],
)
def test_a_mistake_in_a_wording_names_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    writer = Writer(own(tmp_path, "signature", text))
    with pytest.raises(ConfigError, match=rf"templates/en/signature\.txt, line {line}"):
        writer.proof()


def test_a_file_that_no_letter_would_use_is_an_error_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"templates/en/signatur\.txt .* nearest name is signature\.txt"):
        Writer(own(tmp_path, "signatur", "The people of {{ library }}"))


def test_a_language_is_used_only_once_it_is_complete(tmp_path: Path) -> None:
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "greeting-full.txt").write_text("Buongiorno {{ name }},", encoding="utf-8")
    wordings = Wordings(tmp_path)
    assert "it" not in wordings.languages
    assert "signature" in wordings.missing("it")


# --- every plan in every language ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", ["m136", "m240", "m182"], ids=["plain", "delicate", "link"])
def test_every_occasion_has_a_letter_in_every_language(writer: Writer, language: str, sample: str) -> None:
    kept = next(each for each in samples() if each.id == sample)
    dan = Address("Dan Whitlock", "dan.whitlock@riverbend.example")
    at = datetime(2027, 2, 5, 17, 0, tzinfo=UTC)
    said = understood(kept.text, subject=kept.subject, writer=kept.writer, language=language, passed_on_by=dan)
    scene = opened(said, "circulation", at, guess("circulation", "outreach", words=("renew",)), on_copy=("outreach",))
    scene = replace(scene, library=replace(riverbend(), language=language))
    moved = replace(later(scene, said, at, holder="outreach", failure="full", named="x"), library=scene.library)
    orders = [
        *(update(moved, occasion) for occasion in TO_PATRONS),
        *(to_desk(moved, LetterKind.FORWARD, occasion) for occasion in Occasion if occasion not in TO_PATRONS_ALONE),
        *(Order(LetterKind.RECEIPT, occasion, dan) for occasion in Occasion if occasion not in TO_PATRONS_ALONE),
        to_desk(moved, LetterKind.ALERT, Occasion.WHOSE),
    ]
    letters = [writer.write(order, moved) for order in orders]
    letters += [writer.write(replace(acknowledgement(scene), occasion=found), scene) for found in FIRST]
    for letter in letters:
        assert letter.language == language
        assert letter.subject
        assert letter.text
        assert letter.sources


TO_PATRONS_ALONE = {Occasion.ASKED, Occasion.RELAYED}
FIRST = (Occasion.ROUTED, Occasion.UNSURE)
TO_PATRONS = {
    Occasion.ROUTED, Occasion.UNSURE, Occasion.ADDED, Occasion.MOVED, Occasion.CORRECTED, Occasion.BOUNCED,
    Occasion.LATE, Occasion.ASKED, Occasion.REOPENED,
}  # fmt: skip


def test_a_language_we_lack_is_answered_in_ours_with_a_line_that_says_so() -> None:
    said = understood("Vocês têm mapas antigos da cidade?", subject="mapas", language="pt")
    scene = opened(said, "special-collections", datetime(2027, 2, 2, 16, tzinfo=UTC))
    letter = Writer().write(acknowledgement(scene), scene)
    assert letter.language == "en"
    assert "português" in letter.text
    assert "Vocês têm mapas antigos da cidade?" in letter.text


def test_wordings_are_many_enough(wordings: Wordings) -> None:
    """What stands in every acknowledgement must not read as a form to one who gets several."""
    counts = Counter({name: len(wordings.templates("en", name)) for name in wordings.names("en")})
    for name in ("opening-question", "opening-statement", "opening-whether", "opening-wish", "by-first", "offered"):
        assert counts[name] >= 5, name
