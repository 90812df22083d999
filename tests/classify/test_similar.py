"""Earlier labelled questions most like a new one are pointed to by the ids they have in the store."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mailbot.classify import Example, Source, fit, load
from mailbot.classify.files import save, save_topics
from mailbot.classify.similar import remember
from mailbot.classify.text import tokenise
from mailbot.classify.topical import TopicModel
from tests.classify.shelves import DEPARTMENTS, asks

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
PAST = [
    Example(asks("Is the auditorium free for a piano recital in May?"), "reference", Source.CORRECTION, AT, id=11),
    Example(asks("Could we have the auditorium for our recital?"), "reference", Source.CORRECTION, AT, id=12),
    Example(asks("My toddler drew in the picture book"), "circulation", Source.CORRECTION, AT, id=13),
    Example(asks("The auditorium, for a recital, please"), "reference", Source.CONFIG),
]


def test_the_most_alike_come_first_and_what_is_not_alike_not_at_all(topic_model: TopicModel) -> None:
    fitted = fit(DEPARTMENTS, examples=PAST, topics=topic_model)
    recital, ship = fitted.predict([asks("a piano recital in May, in the auditorium"), asks("ships to Bohemia")])
    assert recital.similar == (11, 12)
    assert ship.similar == ()


def test_only_what_the_store_knows_can_be_pointed_to(topic_model: TopicModel) -> None:
    fitted = fit(DEPARTMENTS, examples=[replace(one, id=0) for one in PAST], topics=topic_model)
    assert fitted.predict([asks("a recital in the auditorium")])[0].similar == ()


def test_it_is_kept_with_the_model(tmp_path: Path, topic_model: TopicModel) -> None:
    save_topics(topic_model, tmp_path)
    save(fit(DEPARTMENTS, examples=PAST, topics=topic_model), tmp_path)
    assert load(tmp_path, DEPARTMENTS).predict([asks("a piano recital in May, in the auditorium")])[0].similar == (
        11,
        12,
    )


def test_no_word_of_a_message_is_kept(topic_model: TopicModel) -> None:
    fitted = fit(DEPARTMENTS, examples=PAST, topics=topic_model)
    assert fitted.pooled is not None
    assert fitted.pooled.own is not None
    earlier = remember([tokenise("recital")], [1], fitted.pooled.own.vocabulary)
    assert (earlier.rows.shape[0], earlier.ids.tolist()) == (1, [1])
    assert not any(isinstance(part, str) for part in (earlier.rows.data, earlier.rows.indices, earlier.ids))
