"""What a guess costs beside the plain scikit-learn pipeline: time a message, to load, to fit; and memory.

``python -m benchmarks.cost``. The plain pipeline: TF-IDF of words 1-2 and char_wb 2-5, LinearSVC balanced, its
temperature calibrated.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from mailbot.classify import NOBODY, Example, Question, Source, fit, save
from mailbot.classify.files import save_topics
from mailbot.classify.model import fit_topics
from mailbot.classify.starter import messages
from tests.libraries import SampleLibrary, sample_library

BATCH, ROUNDS = 50, 5
BEGAN = datetime(2017, 1, 2, tzinfo=UTC)
LOADED = """
import sys, time, psutil
from pathlib import Path
from mailbot.classify import Question, load
from tests.libraries import sample_library
departments = sample_library("riverbend").departments
began = time.process_time()
model = load(Path(sys.argv[1]), departments)
took = time.process_time() - began
model.predict([Question("", "Where is my hold?")] * 50)
print(took, psutil.Process().memory_info().rss / 1e6)
"""
MANY = """
import resource, sys, time
from benchmarks.cost import many_examples
from mailbot.classify import fit, load_topics
from pathlib import Path
from tests.libraries import sample_library
departments = sample_library("riverbend").departments
examples = many_examples(int(sys.argv[2]))
topics = load_topics(Path(sys.argv[1]))
began = time.process_time()
fit(departments, examples=examples, topics=topics)
print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> None:
    """Prints each figure, ours and the plain pipeline's."""
    library = sample_library("riverbend")
    questions = [mail.row.question for mail in library.mail]
    batches = [questions[i : i + BATCH] for i in range(0, len(questions) - BATCH + 1, BATCH)]
    topics = fit_topics(messages())
    ours = fit(library.departments, topics=topics)
    plain = _plain(library)
    seconds = _side_by_side(
        [
            lambda: [ours.predict(batch) for batch in batches],
            lambda: [plain.predict_proba([_text(one) for one in batch]) for batch in batches],
        ]
    )
    each = [1000 * one / (len(batches) * BATCH) for one in seconds]
    print(f"a guess with its reasons, in batches of {BATCH}: {each[0]:.2f} ms of CPU a message")
    print(f"the plain pipeline, no reasons:               {each[1]:.2f} ms ({each[0] / each[1]:.2f} times)")
    with tempfile.TemporaryDirectory() as folder:
        save_topics(topics, Path(folder))
        place = save(ours, Path(folder))
        sizes = [sum(f.stat().st_size for f in one.iterdir()) / 1e6 for one in sorted(Path(folder).iterdir())]
        print(f"on disk: {', '.join(f'{size:.1f} MB' for size in sizes)} (topics, {place.name})")
        took, resident = map(float, _in_a_process(LOADED, folder))
        print(f"loaded in {took:.2f} s, {resident:.0f} MB resident after a batch")
        for number in (1_000, 10_000, 100_000):
            took, peak = map(float, _in_a_process(MANY, folder, str(number)))
            print(f"fit on {number:,} labels: {took:.0f} s of CPU, {peak:.0f} MB at most", flush=True)


def many_examples(number: int) -> list[Example]:
    """So many different labelled texts in the words of the collection, by patrons of their own, over ten years."""
    collection = [one for one in messages() if one.question.language == "en"]
    library = sample_library("riverbend")
    owner = {topic: key for topic, key in library.owner.items() if key != NOBODY}
    owned = [one for one in collection if one.topic in owner]
    found = []
    for n in range(number):
        first, second = owned[n % len(owned)], owned[(n * 7919 + n // len(owned)) % len(owned)]
        text = f"{first.question.text} {second.question.text}"
        at = BEGAN + timedelta(hours=0.8 * n)
        found.append(Example(Question("", text), owner[first.topic], Source.CORRECTION, at, f"{n}@example.org"))
    return found


def _plain(library: SampleLibrary) -> Any:
    """The pipeline, fitted on the starter collection's English messages, each for the department that covers it."""
    collection = [one for one in messages() if one.question.language == "en"]
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode")
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, strip_accents="unicode")
    svm = CalibratedClassifierCV(LinearSVC(class_weight="balanced"), method="temperature", ensemble=False)
    labels = [library.owner.get(one.topic, NOBODY) for one in collection]
    return make_pipeline(make_union(words, characters), svm).fit([_text(one.question) for one in collection], labels)


def _text(question: Question) -> str:
    return f"{question.subject} {question.text}"


def _side_by_side(works: Sequence[Callable[[], object]]) -> list[float]:
    """The least CPU seconds of each, taken in turns."""
    found = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for i, work in enumerate(works):
            began = time.process_time()
            work()
            found[i] = min(found[i], time.process_time() - began)
    return found


def _in_a_process(script: str, *words: str) -> list[str]:
    ran = subprocess.run([sys.executable, "-c", script, *words], check=True, capture_output=True, text=True)
    return ran.stdout.split()


if __name__ == "__main__":
    main()
