"""Labels that are wrong, lopsided or hostile: what the model makes of them, and what the admin is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.classify import Example, Source, fit
from mailbot.classify.files import card, save_topics
from mailbot.classify.fitted import FittedClassifier
from mailbot.classify.keeping import load_or_fit
from mailbot.classify.topical import TopicModel
from mailbot.classify.train import train
from mailbot.library import Department
from tests.classify.shelves import CIRCULATION, DEPARTMENTS, REFERENCE, SPECIAL, asks, plain
from tests.classify.test_train import START, corrections, other

OUTREACH = Department("outreach", "Outreach", "outreach@riverbend.example", "The bookmobile and visits to schools.")
MILL = asks("Do you have a picture of the old mill?")
LOAN = asks("May I keep the novel two more days?")


def guessed(model: FittedClassifier, *questions: object) -> list[str | None]:
    return [guess.department for guess in model.predict(questions)]  # type: ignore[arg-type]


def labelled(text: str, department: str, number: int = 0) -> Example:
    """A correction by somebody of their own, on a day of its own."""
    at = START + timedelta(days=number)
    return Example(asks(text), department, Source.CORRECTION, at, f"patron{number}@example.com")


def test_one_label_in_ten_turned_round_changes_no_plain_guess() -> None:
    mail = [replace(one, at=START + timedelta(days=n)) for n, one in enumerate(corrections(200))]
    wrong = [replace(one, department=other(one.department)) if n % 10 == 0 else one for n, one in enumerate(mail)]
    assert guessed(plain(DEPARTMENTS, wrong), MILL, LOAN) == ["special-collections", "circulation"]


def test_a_department_flooded_with_labels_does_not_swallow_the_others() -> None:
    flood = [labelled(f"May I keep the atlas number {n} another week, please?", "circulation", n) for n in range(2000)]
    few = [labelled(f"A picture of the {place}", "special-collections", n) for n, place in enumerate(("mill", "levee"))]
    assert guessed(plain(DEPARTMENTS, [*flood, *few]), MILL, LOAN) == ["special-collections", "circulation"]


def test_ten_thousand_copies_of_one_mail_teach_no_more_than_a_few() -> None:
    copy = Example(asks("A picture of the mill"), "circulation", Source.CORRECTION, START, "one@example.com")
    copies = [replace(copy, at=START + timedelta(minutes=n)) for n in range(10_000)]
    mail = [replace(one, at=START + timedelta(days=n)) for n, one in enumerate(corrections(60))]
    assert guessed(plain(DEPARTMENTS, [*mail, *copies]), MILL) == ["special-collections"]


def test_a_department_without_a_label_is_still_found_by_what_it_says_of_itself(topic_model: TopicModel) -> None:
    mail = [replace(one, at=START + timedelta(days=n)) for n, one in enumerate(corrections(120))]
    model = fit((*DEPARTMENTS, OUTREACH), examples=mail, topics=topic_model)
    (ranked,) = model.rank([asks("When does the bookmobile visit our school?")])
    assert "outreach" in [guess.department for guess in ranked[:2]]


def test_a_single_label_is_enough_to_go_on_with(topic_model: TopicModel) -> None:
    model = fit(DEPARTMENTS, examples=[labelled("A picture of the mill", "special-collections")], topics=topic_model)
    assert guessed(model, MILL) == ["special-collections"]
    assert model.predict([MILL])[0].provisional


def test_labels_that_all_name_one_department_leave_the_others_where_they_were(topic_model: TopicModel) -> None:
    mail = [labelled(f"A picture of the mill in {1900 + n}", "special-collections", n) for n in range(40)]
    model = fit(DEPARTMENTS, examples=mail, topics=topic_model)
    assert guessed(model, asks("My library card expired, how do I renew it?")) == ["circulation"]


def trained(folder: Path, topics: TopicModel, departments: tuple[Department, ...], mail: list[Example]) -> str:
    save_topics(topics, folder)
    done = train(departments, mail, folder, at=datetime(2027, 3, 1, tzinfo=UTC))
    return card(folder, done.version) or ""


def test_the_card_names_what_the_model_can_know_little_of(tmp_path: Path, topic_model: TopicModel) -> None:
    told = trained(tmp_path, topic_model, (*DEPARTMENTS, OUTREACH), corrections(60))
    assert "Outreach" in told.split("it knows little yet", 1)[0].rsplit("Of ", 1)[1]


def test_the_card_names_labels_of_a_department_that_is_gone(tmp_path: Path, topic_model: TopicModel) -> None:
    told = trained(tmp_path, topic_model, (CIRCULATION, REFERENCE), corrections(60))
    assert '30 labels of "special-collections" could not be used' in told


@pytest.mark.parametrize(
    "now",
    [
        pytest.param((*DEPARTMENTS, OUTREACH), id="added"),
        pytest.param((CIRCULATION, replace(SPECIAL, key="archive", name="The Archive"), REFERENCE), id="renamed"),
        pytest.param((CIRCULATION, REFERENCE), id="removed"),
    ],
)
def test_when_departments_change_a_new_model_serves_and_says_so(
    now: tuple[Department, ...], tmp_path: Path, topic_model: TopicModel
) -> None:
    mail = corrections(60)
    trained(tmp_path, topic_model, DEPARTMENTS, mail)
    ready = load_or_fit(now, tmp_path, examples=lambda: mail)
    assert "fitted for other departments" in ready.said[0]
    assert ready.version == "v0002"
    known = {department.key for department in now}
    (found,) = ready.classifier.predict([MILL])
    assert {found.department, *(guess.department for guess in found.runners_up)} - {None} <= known


def test_a_text_of_five_megabytes_is_guessed_at_like_its_beginning() -> None:
    model = plain(DEPARTMENTS, corrections(60))
    long = asks("A picture of the mill, please. " + "lorem ipsum " * 400_000)
    (found,) = model.predict([long])
    assert found.department in {"special-collections", "circulation", "reference"}
    assert all(len(word) < 200 for word in found.words)


@pytest.mark.parametrize("text", ["🙂🙂🙂", "👩‍👩‍👧‍👦 🏳️‍🌈", "\u202e\u200b\ufeff", "....", "\x00\x01", ""])
def test_a_text_without_words_is_nobodys_to_guess(text: str) -> None:
    (found,) = plain(DEPARTMENTS, corrections(60)).predict([asks(text)])
    assert (found.department, found.sure) == (None, False)


def test_emoji_between_words_change_nothing_much() -> None:
    model = plain(DEPARTMENTS, corrections(60))
    assert guessed(model, asks("📚 A picture 📷 of the 🏚️ mill 🙏🙏🙏")) == ["special-collections"]


@given(text=st.text(max_size=400), subject=st.text(max_size=40))
def test_any_text_gets_a_guess_that_adds_up(text: str, subject: str) -> None:
    model = HARDENED
    (found,) = model.predict([asks(text, subject=subject)])
    shares = [found.confidence, *(guess.confidence for guess in found.runners_up)]
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert sum(shares) <= 1.0 + 1e-6


HARDENED = plain(DEPARTMENTS, corrections(60))
