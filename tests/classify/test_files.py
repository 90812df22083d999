import json
import os
import pickle
import stat
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from mailbot.classify import Example, Source, fit, load, load_or_fit
from mailbot.classify.files import (
    MANIFEST,
    MODEL,
    SERVING,
    data_fingerprint,
    departments_fingerprint,
    load_topics,
    promote,
    read_manifest,
    rollback,
    save,
    save_topics,
    serving,
    topics_name,
    versions,
)
from mailbot.classify.topical import TopicModel
from mailbot.errors import ModelError
from tests.classify.shelves import DEPARTMENTS, asks, plain

QUESTIONS = [asks("renew my card"), asks("photographs of the flood"), asks("")]


def test_what_is_loaded_predicts_what_was_saved(tmp_path: Path, topic_model: TopicModel) -> None:
    fitted = fit(DEPARTMENTS, topics=topic_model)
    save_topics(topic_model, tmp_path)
    assert save(fitted, tmp_path) == tmp_path / "v0001"
    loaded = load(tmp_path, DEPARTMENTS)
    assert loaded.version == "v0001"
    assert replace(loaded, version="").predict(QUESTIONS) == fitted.predict(QUESTIONS)
    assert (loaded.threshold, loaded.regime) == (fitted.threshold, fitted.regime)


def test_links_and_names_come_from_the_config_of_the_day(tmp_path: Path) -> None:
    save(plain(DEPARTMENTS), tmp_path)
    moved = [replace(d, links=("new.example/*",) if d.key == "circulation" else ()) for d in DEPARTMENTS]
    assert load(tmp_path, moved).predict([asks("", links=("http://new.example/x",))])[0].department == "circulation"


def test_nothing_to_learn_from_can_be_kept_too(tmp_path: Path) -> None:
    save(plain(()), tmp_path)
    assert load(tmp_path, ()).predict(QUESTIONS)[0].department is None


def test_a_changed_department_needs_another_model(tmp_path: Path) -> None:
    save(plain(DEPARTMENTS), tmp_path)
    changed = [replace(DEPARTMENTS[0], description="Telescopes."), *DEPARTMENTS[1:]]
    with pytest.raises(ModelError, match=r"other departments.*mailbot train"):
        load(tmp_path, changed)


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no model yet"):
        load(tmp_path / "models", DEPARTMENTS)


def test_a_damaged_model_is_refused_and_kept(tmp_path: Path) -> None:
    place = save(plain(DEPARTMENTS), tmp_path)
    content = bytearray((place / MODEL).read_bytes())
    content[len(content) // 2] ^= 1
    (place / MODEL).write_bytes(content)
    with pytest.raises(ModelError, match=r"hash of model\.npz differs"):
        load(tmp_path, DEPARTMENTS)
    assert (place / MODEL).read_bytes() == content


@pytest.mark.parametrize("text", ["", "{", "[]", '{"sha256": 1}', '{"sha256": "", "libraries": []}', "\x00"])
def test_a_damaged_manifest_is_refused(tmp_path: Path, text: str) -> None:
    place = save(plain(DEPARTMENTS), tmp_path)
    (place / MANIFEST).write_text(text)
    with pytest.raises(ModelError, match="v0001"):
        load(tmp_path, DEPARTMENTS)


def test_a_model_of_another_scikit_learn_is_refused(tmp_path: Path) -> None:
    place = save(plain(DEPARTMENTS), tmp_path)
    edit(place, lambda table: table["libraries"].update({"scikit-learn": "0.24.0"}))
    with pytest.raises(ModelError, match=r"made by scikit-learn 0\.24\.0"):
        load(tmp_path, DEPARTMENTS)


def test_a_model_of_another_format_is_refused(tmp_path: Path) -> None:
    place = save(plain(DEPARTMENTS), tmp_path)
    edit(place, lambda table: table.update({"format": 99}))
    with pytest.raises(ModelError, match="format 99"):
        load(tmp_path, DEPARTMENTS)


def test_a_model_file_that_holds_anything_but_numbers_and_strings_is_refused(tmp_path: Path) -> None:
    place = save(plain(DEPARTMENTS), tmp_path)
    code = np.array([os.system, LinearSVC()], object)
    text = np.frombuffer(b'{"threshold": 0.5, "regime": "guess", "keys": ["a"]}', np.uint8)
    for smuggled in ({"keys": code}, {"plain": code}, {"keys": text}, {"plain": text}, {"plain": text, "a/b": text}):
        np.savez(place / MODEL, **smuggled)
        digest = sha256((place / MODEL).read_bytes()).hexdigest()
        edit(place, partial(dict.update, sha256=digest))
        with pytest.raises(ModelError, match="v0001"):
            load(tmp_path, DEPARTMENTS)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    place = save(plain(DEPARTMENTS), tmp_path)
    one_array = BytesIO()
    np.save(one_array, np.arange(3))
    for content in (
        b"",
        b"PK\x03\x04",
        pickle.dumps(LinearSVC()),
        one_array.getvalue(),
        (place / MODEL).read_bytes()[:-40],
    ):
        (place / MODEL).write_bytes(content)
        edit(place, partial(dict.update, sha256=sha256(content).hexdigest()))
        with pytest.raises(ModelError, match="v0001"):
            load(tmp_path, DEPARTMENTS)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    place = save(plain(DEPARTMENTS), tmp_path)
    (place / MODEL).unlink()
    with pytest.raises(ModelError, match="can't be read"):
        load(tmp_path, DEPARTMENTS)


def test_versions_are_promoted_and_rolled_back(tmp_path: Path) -> None:
    for _ in range(3):
        save(plain(DEPARTMENTS), tmp_path)
    assert versions(tmp_path) == ("v0001", "v0002", "v0003")
    assert serving(tmp_path) == "v0003"
    promote(tmp_path, "v0001")
    assert serving(tmp_path) == "v0001"
    promote(tmp_path, "v0002")
    assert rollback(tmp_path) == serving(tmp_path) == "v0001"
    assert rollback(tmp_path) == serving(tmp_path) == "v0003"
    with pytest.raises(ModelError, match="only one version has served"):
        rollback(tmp_path)


def test_a_version_that_is_not_there_is_not_promoted(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        promote(tmp_path, "v0009")
    assert not (tmp_path / SERVING).exists()


def test_figures_are_kept_with_the_version(tmp_path: Path) -> None:
    save(plain(DEPARTMENTS), tmp_path, figures={"accuracy": 0.81})
    assert read_manifest(tmp_path, "v0001").figures == {"accuracy": 0.81}


def test_the_first_start_fits_and_the_second_one_loads(tmp_path: Path, topic_model: TopicModel) -> None:
    save_topics(topic_model, tmp_path)
    first = load_or_fit(DEPARTMENTS, folder=tmp_path).classifier
    written = (tmp_path / "v0001" / MODEL).stat().st_mtime_ns
    second = load_or_fit(DEPARTMENTS, folder=tmp_path).classifier
    assert second.predict(QUESTIONS) == first.predict(QUESTIONS)
    assert versions(tmp_path) == ("v0001",)
    assert (tmp_path / "v0001" / MODEL).stat().st_mtime_ns == written


def test_a_new_correction_means_a_new_version(tmp_path: Path, topic_model: TopicModel) -> None:
    save_topics(topic_model, tmp_path)
    load_or_fit(DEPARTMENTS, folder=tmp_path)
    example = Example(asks("the telescope"), "reference", Source.CORRECTION)
    load_or_fit(DEPARTMENTS, folder=tmp_path, examples=lambda: [example])
    assert versions(tmp_path) == ("v0001", "v0002")


def test_a_damaged_version_is_passed_over_at_start(tmp_path: Path, topic_model: TopicModel) -> None:
    save_topics(topic_model, tmp_path)
    load_or_fit(DEPARTMENTS, folder=tmp_path)
    (tmp_path / "v0001" / MODEL).write_bytes(b"damaged")
    assert load_or_fit(DEPARTMENTS, folder=tmp_path).classifier.predict(QUESTIONS)[0].department == "circulation"
    assert versions(tmp_path) == ("v0001", "v0002")


def test_a_folder_that_cannot_be_written_to_is_no_obstacle(tmp_path: Path, topic_model: TopicModel) -> None:
    save_topics(topic_model, tmp_path)
    blocked = tmp_path / "v0001"
    blocked.write_text("a file where the folder should be")
    assert load_or_fit(DEPARTMENTS, folder=tmp_path).classifier.predict(QUESTIONS)[0].department == "circulation"


def test_the_model_of_topics_is_checked_as_well(tmp_path: Path, topic_model: TopicModel) -> None:
    save_topics(topic_model, tmp_path)
    assert load_topics(tmp_path).linear.labels == topic_model.linear.labels
    edit(tmp_path / topics_name(), lambda table: table.update({"sha256": "0" * 64}))
    with pytest.raises(ModelError):
        load_topics(tmp_path)


def test_fingerprints_change_with_what_is_learned_and_with_nothing_else() -> None:
    base = departments_fingerprint(DEPARTMENTS)
    assert departments_fingerprint([replace(d, phone="1", links=()) for d in DEPARTMENTS]) == base
    assert departments_fingerprint([replace(d, covers=("fees",)) for d in DEPARTMENTS]) != base
    one, two = (Example(asks(text), "reference") for text in ("one", "two"))
    assert data_fingerprint(DEPARTMENTS, [one, two], 0.95, "guess") == data_fingerprint(
        DEPARTMENTS, [two, one], 0.95, "guess"
    )
    assert data_fingerprint(DEPARTMENTS, [one], 0.95, "guess") != data_fingerprint(DEPARTMENTS, [two], 0.95, "guess")


def test_no_draft_is_left_behind(tmp_path: Path) -> None:
    save(plain(DEPARTMENTS), tmp_path)
    promote(tmp_path, "v0001")
    assert sorted(item.name for item in tmp_path.iterdir()) == [SERVING, "v0001"]
    assert stat.S_ISREG((tmp_path / SERVING).stat().st_mode)


def edit(place: Path, change: Callable[[dict[str, Any]], None]) -> None:
    table = json.loads((place / MANIFEST).read_text())
    change(table)
    (place / MANIFEST).write_text(json.dumps(table))
