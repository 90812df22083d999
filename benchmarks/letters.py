"""How alike the acknowledgements of the sample mails are, how hard to read, how long, and what they cost.

``python -m benchmarks.letters`` prints the figures; ``--page FILE`` writes all letters one below the other, to be read.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from statistics import mean
from zoneinfo import ZoneInfo

from mailbot.writing import Writer, compose, delicate, request_of
from mailbot.writing.letter import Letter, LetterKind, Occasion, Scene
from tests.writing.scenes import Sample, acknowledgement, guess, opened, riverbend, samples, to_desk, understood

_FIRST = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("America/Chicago"))
_DAY = re.compile(
    r"\b(?:(?:today|tomorrow), )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?:, [A-Z][a-z]+ \d+)?"
    r"|\b\d+(?::\d\d)? [ap]\.m\.|\bnoon\b|\b\d{3}-\d{3}-\d{4}\b"
)


def scenes(*, sure: bool = True) -> Iterator[tuple[Sample, Scene]]:
    """A scene for each sample mail that asks for something, hours apart; ``sure``: as if every guess were right."""
    asking = [sample for sample in samples() if not {"thanks", "spam"} & set(sample.tags)]
    for number, sample in enumerate(asking):
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
    kept = [sentence for sentence in re.split(r"(?<=[.?”])\s+", prose) if "mail assistant" not in sentence]
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


def main(arguments: Sequence[str] = ()) -> None:
    """Prints the figures, or writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path)
    options = parser.parse_args(arguments)
    writer = Writer()
    found = list(scenes())
    letters = [writer.write(acknowledgement(scene), scene) for _, scene in found]
    if options.page:
        options.page.write_text(page(found, letters), encoding="utf-8")
        return
    english = [letter for letter in letters if letter.language == "en"]
    unsure = [writer.write(acknowledgement(scene), scene) for one, scene in scenes(sure=False) if one.language == "en"]
    lengths = sorted(len(letter.text.split()) for letter in letters)
    half, long = lengths[len(lengths) // 2], lengths[len(lengths) * 95 // 100]
    quiet = [scene for _, scene in found if delicate(scene.understood)]
    silent = [
        scene for _, scene in found if not delicate(scene.understood) and not request_of(scene.understood, riverbend())
    ]
    figures = {
        "letters": str(len(letters)),
        "sameness, mean share of 5-grams (first 200 in English)": f"{sameness(english[:200]):.3f}",
        "the same where none was sure": f"{sameness(unsure[:200]):.3f}",
        "Flesch-Kincaid grade, mean in English": f"{mean(grade(letter.text) for letter in english):.1f}",
        "words, median / 95th of a hundred / most": " / ".join(map(str, (half, long, lengths[-1]))),
        "quiet letters": str(len(quiet)),
        "not mirrored": str(len(silent)),
        "CPU ms for both letters, composed (best of 5)": f"{min(cost(writer, found) for _ in range(5)):.2f}",
    }
    sys.stdout.write("".join(f"{name:<60} {value}\n" for name, value in figures.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
