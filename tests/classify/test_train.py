from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailbot.classify import NOBODY, Example, Source, load
from mailbot.classify.balance import MOST_LABELS, contradictions, fair
from mailbot.classify.compare import compare, judge, split
from mailbot.classify.files import learned, read_manifest, save_topics, serving, versions
from mailbot.classify.topical import TopicModel
from mailbot.classify.train import train
from tests.classify.shelves import DEPARTMENTS, asks, plain

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
THINGS = ("atlas", "novel", "cookbook", "globe", "puzzle", "record", "comic", "journal", "poster", "score")
PLACES = ("mill", "bridge", "church", "ferry", "depot", "hotel", "school", "market", "brewery", "levee")


def corrections(count: int) -> list[Example]:
    """Mail of two kinds, one an hour, each worded a little differently."""
    found = []
    for n in range(count):
        thing, place = THINGS[n % 10], PLACES[(n // 10 + n) % 10]
        loan = n % 2 == 0
        text = (
            f"I must keep the {thing} from the {place} {n} more days"
            if loan
            else f"A picture of the {place}, {n}, {thing}"
        )
        department = "circulation" if loan else "special-collections"
        found.append(
            Example(asks(text), department, Source.CORRECTION, START + timedelta(hours=n), f"patron{n}@example.com")
        )
    return found


def test_the_newest_fifth_is_kept_back_and_no_copy_of_it_is_learned_from() -> None:
    mail = corrections(120)
    copy = Example(mail[-1].question, "reference", Source.IMPORT, START - timedelta(days=9))
    older, tried = split([copy, *mail])
    assert tried == tuple(mail[-24:])
    assert set(older) == set(mail[:-24])


def test_where_there_is_little_nothing_is_kept_back() -> None:
    mail = corrections(30)
    assert split(mail) == (tuple(mail), ())


def test_a_model_that_knows_more_passes_and_one_that_was_misled_does_not() -> None:
    mail = corrections(200)
    older, tried = split(mail)
    fresh, taught = plain(DEPARTMENTS), plain(DEPARTMENTS, older)
    misled = plain(DEPARTMENTS, [Example(e.question, "reference", e.source, e.at, e.sender) for e in older])
    better = compare(fresh, taught, tried)
    assert better.candidate > better.champion
    assert judge(better).promote
    worse = compare(taught, misled, tried)
    assert not judge(worse).promote
    assert set(worse.fallen) == {"circulation", "special-collections"}
    assert "worse by more than chance" in judge(worse).reasons[1]
    assert {c.guessed for c in worse.confusions} == {"reference"}
    assert {m.candidate for m in worse.moved} == {"reference"}
    assert sum(r.messages for r in worse.recalls) == worse.messages == 40


def test_a_model_against_itself_is_no_worse() -> None:
    older, tried = split(corrections(120))
    taught = plain(DEPARTMENTS, older)
    same = compare(taught, taught, tried)
    assert (same.worst, same.best, same.moved, same.fallen) == (0.0, 0.0, (), ())
    assert judge(same).promote


def test_nothing_to_compare_on_is_said() -> None:
    taught = plain(DEPARTMENTS)
    assert "too little mail" in judge(compare(taught, taught, ())).reasons[0]


def test_the_first_training_serves_and_a_good_second_one_takes_over(tmp_path: Path, topic_model: TopicModel) -> None:
    save_topics(topic_model, tmp_path)
    mail = corrections(160)
    first = train(DEPARTMENTS, mail[:110], tmp_path, at=START)
    assert (first.version, first.promoted, first.comparison) == ("v0001", True, None)
    second = train(DEPARTMENTS, mail, tmp_path, at=START)
    assert second.promoted
    assert serving(tmp_path) == "v0002"
    assert second.comparison is not None
    assert read_manifest(tmp_path, "v0002").figures["newest labels"] == second.comparison.messages == 32
    assert load(tmp_path, DEPARTMENTS).predict([asks("a picture of the mill")])[0].department == "special-collections"


def test_flipped_labels_do_not_get_past_the_gate(tmp_path: Path, topic_model: TopicModel) -> None:
    save_topics(topic_model, tmp_path)
    mail = corrections(300)
    train(DEPARTMENTS, mail, tmp_path, at=START)
    flipped = [
        Example(asks(f"{e.question.text}."), other(e.department), Source.IMPORT, START - timedelta(days=n + 1))
        for n, e in enumerate(mail)
    ]
    second = train(DEPARTMENTS, [*mail, *flipped], tmp_path, at=START)
    assert not second.promoted
    assert serving(tmp_path) == "v0001"
    assert versions(tmp_path) == ("v0001", "v0002")


def other(department: str) -> str:
    return "circulation" if department == "special-collections" else "special-collections"


def test_what_a_version_learned_from_is_known_without_giving_it_away(tmp_path: Path, topic_model: TopicModel) -> None:
    save_topics(topic_model, tmp_path)
    train(DEPARTMENTS, corrections(4), tmp_path, at=START)
    assert len(learned(tmp_path, "v0001")) == 4
    assert "mill" not in (tmp_path / "v0001" / "learned.txt").read_text()


def test_one_sender_and_one_day_cannot_swamp_the_rest() -> None:
    flood = [Example(asks(f"spam {n}"), NOBODY, Source.CORRECTION, START, "one@example.com") for n in range(1000)]
    assert sum(example.weight for example in fair(flood)) == pytest.approx(10.0)
    day = [Example(asks(f"text {n}"), NOBODY, Source.CORRECTION, START, f"{n}@example.com") for n in range(1000)]
    assert sum(example.weight for example in fair(day)) == pytest.approx(40.0)


def test_ten_thousand_copies_count_once() -> None:
    copies = [Example(asks("Where is my  Book"), "circulation", Source.IMPORT) for _ in range(10_000)]
    assert len(fair(copies)) == 1


def test_what_stands_in_the_config_has_no_sender_and_no_day_and_is_left_alone() -> None:
    mail = [Example(asks(f"text {n}"), "circulation", Source.CONFIG) for n in range(100)]
    assert fair(mail) == tuple(mail)


def test_contradictions_are_listed_with_how_often() -> None:
    mail = [
        Example(asks("Is it ready?"), "circulation"),
        Example(asks("is it  READY?"), "reference"),
        Example(asks("Is it ready?"), "circulation"),
        Example(asks("another"), "reference"),
    ]
    (found,) = contradictions(mail)
    assert found.departments == (("circulation", 2), ("reference", 1))


def test_of_very_many_labels_the_newest_of_each_department_are_learned_from() -> None:
    many = [
        Example(asks(f"text {n}"), "circulation", Source.IMPORT, START + timedelta(hours=n)) for n in range(MOST_LABELS)
    ]
    few = [Example(asks(f"old {n}"), "reference", Source.IMPORT, START - timedelta(days=n)) for n in range(50)]
    taken = fair([*few, *many])
    assert len(taken) == MOST_LABELS
    assert sum(one.department == "reference" for one in taken) == 50
    assert any(one.question == many[-1].question for one in taken)
    assert not any(one.question == many[0].question for one in taken)
