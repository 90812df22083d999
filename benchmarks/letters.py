"""How alike acknowledgements are in each language, how hard to read, how long, and what they cost.

``python -m benchmarks.letters`` prints the figures; ``--page FILE`` writes all letters to the sample mails one below
the other, to be read, and with ``--language`` those to requests of the starter collection that were written in it.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from statistics import mean
from zoneinfo import ZoneInfo

from mailbot.writing import Writer, compose, delicate, request_of
from mailbot.writing.letter import Letter, LetterKind, Occasion, Scene
from tests.writing.collected import collected
from tests.writing.scenes import Sample, acknowledgement, guess, opened, riverbend, samples, to_desk, understood

_FIRST = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("America/Chicago"))
_LANGUAGES = ("en", "es", "fr", "de")
_ASSISTANT = re.compile("mail assistant|asistente de correo|assistant de courrier|Postassistent")
_QUOTED = re.compile("“[^”]*”|«[^»]*»|„[^“]*“")
_SENTENCE = re.compile(r"(?<=[.?”»“])\s+")
_DAY = re.compile(
    r"\b(?:(?:today|tomorrow), )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?:, [A-Z][a-z]+ \d+)?"
    r"|\b\d+(?::\d\d)? [ap]\.m\.|\bnoon\b|\b\d{3}-\d{3}-\d{4}\b"
    r"|\b(?:(?:hoy|mañana), |el )?(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)(?: \d+ de [a-z]+)?"
    r"|\blas? \d+(?::\d\d)? de la (?:mañana|tarde|noche)|\blas 12 del mediodía"
    r"|\b(?:(?:aujourd'hui|demain), |le )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
    r"(?: \d+(?:er)? [a-zéû]+)?|\b\d+ h(?: \d\d)?\b|\bmidi\b"
    r"|\b(?:(?:heute|morgen), )?(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag)(?:, \d+\. [A-Z]\w+)?"
    r"|\b\d+(?:\.\d\d)? Uhr\b"
)


def sample_mails() -> list[Sample]:
    """The sample mails that ask for something."""
    return [sample for sample in samples() if not {"thanks", "spam"} & set(sample.tags)]


def scenes(mails: Sequence[Sample], *, sure: bool = True) -> Iterator[tuple[Sample, Scene]]:
    """A scene for each mail, hours apart; ``sure``: as if every guess were right."""
    for number, sample in enumerate(mails):
        links = tuple(re.findall(r"https?://\S+", sample.text))
        said = understood(
            sample.text,
            subject=sample.subject,
            writer=sample.writer,
            language=sample.language,
            links=links,
            number=number,
        )
        known = sample.department if sure else ""
        prediction = guess(known or "circulation", "digital", sure=bool(known))
        at = _FIRST + timedelta(hours=7.3 * number)
        yield sample, opened(said, known or "reference", at, prediction, ref=sample.id)


def runs(letter: Letter, names: Sequence[str]) -> set[tuple[str, ...]]:
    """The runs of five words of a letter, without names, dates, and the sentences that name the assistant."""
    prose = " ".join(letter.text.split("\n\n")[1:-1])
    kept = [sentence for sentence in _SENTENCE.split(prose) if not _ASSISTANT.search(sentence)]
    text = _DAY.sub("DAY", " ".join(kept))
    for name in names:
        text = text.replace(name, "NAME")
    words = text.lower().split()
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def sameness(letters: Sequence[Letter]) -> float:
    """The mean share of runs that two letters have in common (twice the shared over the sum of both)."""
    names = sorted((department.name for department in riverbend().departments), key=len, reverse=True)
    found = [runs(letter, names) for letter in letters]
    return mean(2 * len(one & other) / max(1, len(one) + len(other)) for one, other in combinations(found, 2))


def opening(text: str) -> tuple[str, ...]:
    """The first five words of a letter after its greeting, whatever is quoted in them."""
    return tuple(_QUOTED.sub("“”", text.split("\n\n")[1]).split()[:5])


def opened_alike(writer: Writer, found: Sequence[Scene]) -> int:
    """How many patrons, five letters each, see two of them open alike."""
    fives = [found[at : at + 5] for at in range(0, len(found), 5)]
    return sum(len(set(map(opening, _letters_to_one(writer, five)))) < len(five) for five in fives)


def _letters_to_one(writer: Writer, found: Sequence[Scene]) -> list[str]:
    told: list[tuple[LetterKind, str]] = []
    for scene in found:
        seen = replace(scene, told=tuple(told))
        told.append((LetterKind.ACKNOWLEDGEMENT, writer.write(acknowledgement(seen), seen).text))
    return [text for _, text in told]


def grade(text: str) -> float:
    """The Flesch-Kincaid grade, with syllables counted as groups of vowels."""
    prose = re.sub(r"https?://\S+|\d{3}-\d{3}-\d{4}", "", text).replace("p.m.", "pm").replace("a.m.", "am")
    words = re.findall(r"[A-Za-z']+", prose)
    ends = max(1, len(re.findall(r"[.?:;](?=[\s”’]|$)|\n\n", prose)))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / ends + 11.8 * syllables / len(words) - 15.59


def cost(writer: Writer, found: Sequence[tuple[Sample, Scene]]) -> float:
    """Milliseconds of CPU for all letters of one inquiry: acknowledgement and forward, worded and composed."""
    began = time.process_time()
    for sample, scene in found:
        occasion = Occasion.ROUTED if sample.department else Occasion.UNSURE
        letter = writer.write(acknowledgement(scene), scene)
        compose(letter, message_id="<a@riverbend.example>", date=scene.now, originals=())
        note = writer.write(to_desk(scene, LetterKind.FORWARD, occasion), scene)
        compose(note, message_id="<b@riverbend.example>", date=scene.now, originals=[scene.understood.message.raw])
    return (time.process_time() - began) / len(found) * 1000


def page(found: Sequence[tuple[Sample, Scene]], letters: Sequence[Letter]) -> str:
    """All letters with the mails they answer."""
    parts = [
        f"=== {sample.id}  {scene.now:%A, %B %d, %H:%M}  {sample.department or 'none'}\n"
        f"[{sample.subject}] {sample.text}\n\n"
        f"Subject: {letter.subject}\n\n{letter.text}\n"
        for (sample, scene), letter in zip(found, letters, strict=True)
    ]
    return "\n\n".join(parts)


def spread(letters: Sequence[Letter]) -> str:
    """Words of a letter: median, 95th of a hundred, most."""
    lengths = sorted(len(letter.text.split()) for letter in letters)
    return " / ".join(map(str, (lengths[len(lengths) // 2], lengths[len(lengths) * 95 // 100], lengths[-1])))


def figures(writer: Writer, mails: Sequence[Sample]) -> Mapping[str, str]:
    """What is measured of any set of mails."""
    found = [scene for _, scene in scenes(mails)]
    unsure = [scene for _, scene in scenes(mails, sure=False)]
    letters = [writer.write(acknowledgement(scene), scene) for scene in found]
    loud = [scene for scene in found if not delicate(scene.understood)]
    return {
        "letters": str(len(letters)),
        "sameness, mean share of 5-grams": f"{sameness(letters):.3f}",
        "the same where none was sure": f"{sameness([writer.write(acknowledgement(one), one) for one in unsure]):.3f}",
        "patrons of five letters, two of which open alike": str(opened_alike(writer, found)),
        "words, median / 95th of a hundred / most": spread(letters),
        "of 60 to 130 words": str(sum(60 <= len(letter.text.split()) <= 130 for letter in letters)),
        "quiet letters": str(len(found) - len(loud)),
        "not mirrored": str(sum(not request_of(scene.understood, riverbend()) for scene in loud)),
    }


def main(arguments: Sequence[str] = ()) -> None:
    """Prints the figures, or writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--language", choices=_LANGUAGES)
    options = parser.parse_args(arguments)
    writer = Writer()
    mails = collected(options.language) if options.language else sample_mails()
    found = list(scenes(mails))
    letters = [writer.write(acknowledgement(scene), scene) for _, scene in found]
    if options.page:
        options.page.write_text(page(found, letters), encoding="utf-8")
        return
    english = [sample for sample in mails if sample.language == "en"]
    graded = mean(grade(letter.text) for letter in letters if letter.language == "en")
    columns = [figures(writer, english[:200]), *(figures(writer, collected(language)) for language in _LANGUAGES)]
    sys.stdout.write(f"{'':<50} {'samples, en':>16}{''.join(f'{language:>16}' for language in _LANGUAGES)}\n")
    for name in columns[0]:
        sys.stdout.write(f"{name:<50} {''.join(f'{column[name]:>16}' for column in columns)}\n")
    rest = {
        "words, all sample mails": spread(letters),
        "Flesch-Kincaid grade, mean in English": f"{graded:.1f}",
        "CPU ms for both letters, composed (best of 5)": f"{min(cost(writer, found) for _ in range(5)):.2f}",
    }
    sys.stdout.write("".join(f"{name:<50} {value:>16}\n" for name, value in rest.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
