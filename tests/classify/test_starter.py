import re
from dataclasses import replace

import numpy as np
import pytest

from mailbot.classify import NOBODY, Example, Source, fit
from mailbot.classify.starter import ASTRAY, FIRST_PARTS, fingerprint, messages, topics
from mailbot.classify.topical import TopicModel
from mailbot.classify.topics import assign
from mailbot.library import Department
from tests.classify.shelves import DEPARTMENTS, asks

UNIVERSITY = tuple(
    Department(key, name, f"{key}@college.example", description)
    for key, name, description in (
        ("access", "Access Services", "Borrowing, renewals, holds, fines, course reserves, laptops and lost property."),
        ("ill", "Document Delivery", "Books and articles from other libraries."),
        ("research", "Research Help", "Finding sources, citing, meeting a subject librarian."),
        ("archives", "Archives and Special Collections", "Manuscripts, rare books, university records, photographs."),
        ("eresources", "Electronic Resources", "Databases, journals and e-books: logging in, broken links."),
        (
            "scholcomm",
            "Scholarly Communication",
            "Open access, repository deposit, theses, copyright, ORCID and metrics.",
        ),
        ("facilities", "Facilities", "Rooms, noise, heating, lights, furniture."),
    )
)


def test_every_message_belongs_to_a_topic_and_no_text_comes_twice() -> None:
    known = {topic.key for topic in topics()}
    assert {message.topic for message in messages()} == known
    texts = [re.sub(r"\W+", " ", message.question.text.lower()) for message in messages()]
    assert len(set(texts)) == len(texts)
    assert all(text.strip() for text in texts)


def test_each_topic_is_written_by_every_hand_and_in_five_languages() -> None:
    english: dict[str, set[int]] = {}
    others: dict[str, set[tuple[str, int]]] = {}
    for message in messages():
        if message.question.language == "en":
            english.setdefault(message.topic, set()).add(message.hand)
        else:
            others.setdefault(message.topic, set()).add((message.question.language, message.hand))
    assert all(hands == set(range(len(FIRST_PARTS))) for hands in english.values())
    several = {(language, hand) for language in ("es", "fr", "de", "zh") for hand in (0, 1, 2, 7)}
    assert all(found == several for found in others.values())


def test_the_fingerprint_is_stable() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 64


def test_topics_go_to_the_departments_that_speak_of_them(topic_model: TopicModel) -> None:
    owner = assign(topics(), DEPARTMENTS, topic_model).owner
    assert owner["renewals"] == owner["holds"] == owner["fees"] == "circulation"
    assert owner["genealogy"] == owner["local-history"] == owner["archives"] == "special-collections"
    assert owner["research-help"] == owner["citations"] == "reference"


def test_a_university_library_with_other_names_is_understood_too(topic_model: TopicModel) -> None:
    owner = assign(topics(), UNIVERSITY, topic_model).owner
    expected = {
        "renewals": "access",
        "course-reserves": "access",
        "interlibrary-requests": "ill",
        "citations": "research",
        "archives": "archives",
        "database-access": "eresources",
        "open-access": "scholcomm",
        "research-metrics": "scholcomm",
        "building-problems": "facilities",
    }
    assert {topic: owner[topic] for topic in expected} == expected


def test_mail_gone_astray_is_nobodys_and_so_is_what_no_department_speaks_of(topic_model: TopicModel) -> None:
    owner = assign(topics(), DEPARTMENTS, topic_model).owner
    assert owner[ASTRAY] == NOBODY
    assert owner["vendors"] == owner["jobs"] == NOBODY


def test_what_the_config_says_holds(topic_model: TopicModel) -> None:
    garden = Department("garden", "Garden", "g@x.example", "Seeds and tools.", covers=("fees", "music"))
    assignment = assign(topics(), (*DEPARTMENTS, garden), topic_model)
    assert assignment.owner["fees"] == assignment.owner["music"] == "garden"
    assert "garden" not in {assignment.owner[topic] for topic in ("renewals", "holds", "archives")}
    told = [coverage for coverage in assignment.coverages if coverage.told]
    assert [coverage.topic for coverage in told] == ["fees", "music"]
    assert not any(coverage.doubtful for coverage in told)


def test_a_close_call_is_kept_as_a_doubt(topic_model: TopicModel) -> None:
    twins = [Department(key, "Loans", f"{key}@x.example", "Loans and renewals.") for key in ("a", "b")]
    coverage = next(c for c in assign(topics(), twins, topic_model).coverages if c.topic == "renewals")
    assert coverage.doubtful
    assert coverage.rivals[0][0] == "b"


def test_the_first_message_is_served_by_what_libraries_know(topic_model: TopicModel) -> None:
    """No word of these stands in any department's description."""
    fitted = fit(DEPARTMENTS, topics=topic_model)
    wet, census = fitted.predict(
        [
            asks("My toddler drew all over page ten with a crayon, what happens now? Will you bill me?"),
            asks("My great-grandfather came over from Bohemia about 1890 and I'd like to trace his ship."),
        ]
    )
    assert wet.department == "circulation"
    assert census.department == "special-collections"
    assert census.reasons[0] == "Reads like a question about: Genealogy."


def test_other_languages_are_served(topic_model: TopicModel) -> None:
    fitted = fit(DEPARTMENTS, topics=topic_model)
    spanish, chinese = fitted.predict(
        [asks("Quiero renovar mis libros, ¿puedo tenerlos más semanas?"), asks("我想续借这本书")]
    )
    assert spanish.department == chinese.department == "circulation"


def test_the_reasons_are_true_with_topics_as_well(topic_model: TopicModel) -> None:
    """Without the words named, the odds against the first runner-up fall."""
    fitted = fit(DEPARTMENTS, topics=topic_model)
    for message in messages()[3::400]:
        text = f"{message.question.subject}\n{message.question.text}"
        before = fitted.predict([asks(text)])[0]
        if not before.words or not before.runners_up:
            continue
        for word in before.words:
            text = text.replace(word, "")
        after = {guess.department: guess.confidence for guess in fitted.rank([asks(text)])[0]}
        rival = before.runners_up[0]
        assert before.department is not None
        assert after[before.department] / after[rival.department] < before.confidence / rival.confidence


def test_before_there_is_evidence_a_provisional_threshold_lets_good_guesses_through(topic_model: TopicModel) -> None:
    fitted = fit(UNIVERSITY, topics=topic_model)
    assert fitted.regime == "guess"
    assert 0.3 < fitted.threshold < 1.0
    careful = fit(DEPARTMENTS, topics=topic_model, start="careful")
    assert careful.regime == "careful"
    assert careful.threshold > 1.0


def observatory(source: Source) -> list[Example]:
    """Labels that no collection could know of."""
    odd = [Example(asks(f"Where is the telescope for the night of the {n}th?"), "reference", source) for n in range(30)]
    return odd + [Example(asks(f"Please renew number {n} on my card"), "circulation", source) for n in range(30)]


def test_the_librarys_own_labels_take_over(topic_model: TopicModel) -> None:
    fitted = fit(DEPARTMENTS, examples=observatory(Source.IMPORT), topics=topic_model)
    assert fitted.regime == "evidence"
    prediction = fitted.predict([asks("Where is the telescope for the night of the 35th?")])[0]
    assert prediction.department == "reference"
    assert prediction.sure


def test_corrections_alone_are_learned_from_and_prove_nothing(topic_model: TopicModel) -> None:
    """They come from what went wrong or was in doubt; of what went right nobody says a word."""
    fitted = fit(DEPARTMENTS, examples=observatory(Source.CORRECTION), topics=topic_model)
    assert (fitted.regime, fitted.proof) == ("guess", None)
    assert fitted.predict([asks("Where is the telescope for the night of the 35th?")])[0].department == "reference"
    confirmed = [*observatory(Source.CORRECTION), *observatory(Source.CONFIRMATION)]
    confirmed = [replace(one, question=asks(f"{one.question.text} ({n})")) for n, one in enumerate(confirmed)]
    assert fit(DEPARTMENTS, examples=confirmed, topics=topic_model).regime == "evidence"


def test_each_topic_is_shared_out_and_little_is_nobodys(topic_model: TopicModel) -> None:
    chances = assign(topics(), DEPARTMENTS, topic_model).chances
    assert chances.sum(axis=1) == pytest.approx(np.ones(len(topics())))
    fitted = fit(DEPARTMENTS, topics=topic_model)
    assert fitted.pooled is not None
    assert fitted.pooled.topical is not None
    cover = fitted.pooled.topical.cover
    assert cover[:, 3].mean() / cover.mean(axis=0).sum() < 0.1


def test_a_label_says_who_gets_what_reads_like_it(topic_model: TopicModel) -> None:
    """Whoever was given one question about a topic is more likely to be given the next."""
    makes = asks("Can I use the laser cutter on Saturday? I have a file in SVG format.")
    other = asks("Is the 3D printer free this week, and what does the plastic cost?")
    labels = [Example(makes, "special-collections", Source.CORRECTION, weight=4.0)]
    before, after = (
        {guess.department: guess.confidence for guess in fitted.rank([other])[0]}
        for fitted in (fit(DEPARTMENTS, examples=taught, topics=topic_model) for taught in ((), labels))
    )
    assert after["special-collections"] > 2.0 * before["special-collections"]


def test_a_library_that_covers_no_topic_at_all_is_still_served(topic_model: TopicModel) -> None:
    odd = [Department(key, name, f"{key}@x.example", name) for key, name in (("a", "Qqq"), ("b", "Zzz"))]
    prediction = fit(odd, topics=topic_model).predict([asks("Please renew my book")])[0]
    assert not prediction.sure
    assert {guess.department for guess in prediction.runners_up} <= {"a", "b"}
