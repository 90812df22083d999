"""From a colleague's correction to a model that knows it: `train`, `models`, `topics`, `evaluate`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailbot.case import Case, Standing, State
from mailbot.cli import app
from mailbot.errors import ConfigError
from mailbot.mail import Address
from mailbot.masks import fingerprint
from mailbot.store import Fetched, Store
from tests.commands.conftest import mailbot

NOW = datetime(2027, 3, 8, 16, tzinfo=UTC)
AGNES = Address("Agnes Dow", "agnesdow@example.org")


def corrected(store: Store, text: str, *departments: str) -> None:
    """A question whose case colleagues have moved, to one department after the other."""
    with store.writing() as session:
        session.keep("ask", 1, [Fetched(1, text.encode(), "<1@example.org>", "a" * 64)], NOW)
        (waiting,) = session.waiting(1, 1_000)
        case = Case("ref-0001", AGNES, "Hold", "en", "circulation", ("circulation",), State.OPEN, NOW, NOW)
        number = session.open_case(case, NOW)
        session.settle(waiting.id, Standing.ROUTED, "", writer=AGNES, text=text, case_id=number)
        for department in departments:
            session.learn(number, [waiting.id], department, "correction", NOW)


def test_what_a_colleague_corrected_is_a_label_and_the_last_word_counts(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'mailbot.db'}")
    corrected(store, "My hold came in on the small Kindle.", "reference", "digital")
    with store.reading() as session:
        (label,) = session.labels()
    store.close()
    assert (label.department, label.writer, label.subject) == ("digital", fingerprint("AgnesDow@example.org"), "Hold")


def test_a_trained_version_is_listed_shown_promoted_and_rolled_back(library: Path) -> None:
    (library / "var").mkdir()
    store = Store.open("sqlite:///var/mailbot.db")
    corrected(store, "My hold came in on the small Kindle.", "digital")
    store.close()
    assert "1 labelled messages" in mailbot("train")
    data = library / "past.csv"
    data.write_text("text,label\nWhere do I park the bookmobile?,outreach\n", encoding="utf-8")
    assert "2 labelled messages" in mailbot("train", "--data", str(data))
    assert "v0002" in mailbot("models", "list")
    assert "# Model v0001" in mailbot("models", "show", "v0001")
    assert "v0001 serves" in mailbot("models", "promote", "v0001")
    assert "* v0001" in mailbot("models")
    assert "serves again" in mailbot("models", "rollback")


def test_topics_names_what_each_department_covers(library: Path) -> None:
    said = mailbot("topics")
    assert "Interlibrary Loan: interlibrary-requests" in said
    assert "In doubt:" in said
    assert "  administration: covers = [" in said


def test_evaluate_measures_from_the_departments_alone(library: Path) -> None:
    test = library / "test.csv"
    test.write_text("text,label\nWhat is the wifi password?,digital\nWhen is trash day?,oos\n", encoding="utf-8")
    figures = json.loads(mailbot("evaluate", "--test", str(test), "--predictions", "out.jsonl", "--json"))
    assert (figures["n_test"], figures["accuracy"]) == (2, 1.0)
    assert len((library / "out.jsonl").read_text().splitlines()) == 2


def test_a_label_that_is_no_department_is_an_error_in_words(library: Path) -> None:
    (library / "past.csv").write_text("text,label\nHello,digitel\n", encoding="utf-8")
    ran = CliRunner().invoke(app, ["train", "--data", "past.csv"])
    assert ran.exit_code != 0
    assert "digitel" in str(ran.exception)


def test_models_and_all_that_is_under_it_take_the_folder_of_the_configuration(library: Path) -> None:
    mailbot("train")
    mailbot("train")
    mailbot("models", "--config", "config", "promote", "v0001")
    for words in (("promote", "v0002"), ("show", "v0001"), ("list",), (), ("rollback",)):
        assert "v000" in mailbot("models", *words, "--config", "config")


@pytest.mark.parametrize("place", ["nodir/out.jsonl", "config"])
def test_predictions_that_cannot_be_written_are_an_error_in_words_before_anything_is_read(
    library: Path, place: str
) -> None:
    ran = CliRunner().invoke(app, ["evaluate", "--test", "none.csv", "--predictions", place])
    assert isinstance(ran.exception, ConfigError)
    assert str(ran.exception).startswith(f"{place} cannot be written: ")
    assert "\n" not in str(ran.exception)


def test_predictions_of_an_earlier_measurement_outlast_one_that_fails(library: Path) -> None:
    (library / "out.jsonl").write_text("{}\n", encoding="utf-8")
    ran = CliRunner().invoke(app, ["evaluate", "--test", "none.csv", "--predictions", "out.jsonl"])
    assert "none.csv" in str(ran.exception)
    assert (library / "out.jsonl").read_text(encoding="utf-8") == "{}\n"
