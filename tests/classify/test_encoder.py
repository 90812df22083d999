"""A sentence encoder from a folder: words that no lexical model has seen are understood, and nothing is fetched."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from mailbot.classify import Example, Source, embedded, fit, load, load_or_fit, open_encoder
from mailbot.classify.encoder import Encoder, place_of
from mailbot.classify.evaluate import Row, evaluate
from mailbot.classify.features import Floats
from mailbot.classify.fetching import fetch
from mailbot.classify.files import meant_topics_name, save, save_meant_topics, save_topics, versions
from mailbot.classify.keeping import encoding_of
from mailbot.classify.meaning import Encoding, fit_meant_topics
from mailbot.classify.starter import messages
from mailbot.classify.topical import TopicModel
from mailbot.errors import ConfigError, ModelError
from tests.classify.shelves import DEPARTMENTS, asks
from tests.classify.tiny import WIDTH, make_encoder

pytest.importorskip("fastembed")

TRAIN = [
    *(Row(f"please renew my {word}", "loans") for word in ("loan", "book", "item")),
    *(Row(f"photographs of the {word}", "pictures") for word in ("flood", "river", "water")),
]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_encoder(tmp_path_factory.mktemp("encoder") / "tiny")


@pytest.fixture(scope="session")
def encoder(folder: Path) -> Encoder:
    found = open_encoder(str(folder), folder.parent)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def encoding(encoder: Encoder, topic_model: TopicModel) -> Encoding:
    return Encoding(encoder, fit_meant_topics(messages(), topic_model, encoder))


def test_texts_become_vectors_of_length_one_in_order(encoder: Encoder) -> None:
    texts = ["renew the loan", "", "pictures of the flood " * 40, "prolong the book"]
    vectors = encoder.embed(texts)
    assert vectors.shape == (4, WIDTH)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert vectors[0] @ vectors[3] > 0.9
    assert vectors[0] @ vectors[2] < 0.5
    assert encoder.embed(texts[::-1])[::-1] == pytest.approx(vectors, abs=1e-6)


def test_it_knows_words_that_no_label_has(encoder: Encoder) -> None:
    test = [Row("extend, prolong, longer", "loans")]
    alone = evaluate(TRAIN, test, (), lambda: None, clock=lambda: 0.0)
    helped = evaluate(TRAIN, test, (), lambda: None, clock=lambda: 0.0, encoding=lambda: Encoding(encoder, None))
    assert helped.accuracy == 1.0
    assert helped.predictions[0].confidence > alone.predictions[0].confidence


def test_what_is_loaded_predicts_what_was_saved(tmp_path: Path, topic_model: TopicModel, encoding: Encoding) -> None:
    fitted = fit(DEPARTMENTS, topics=topic_model, encoding=encoding)
    save_topics(topic_model, tmp_path)
    assert encoding.topics is not None
    save_meant_topics(encoding.topics, tmp_path)
    save(fitted, tmp_path)
    loaded = load(tmp_path, DEPARTMENTS, None, encoding.encoder)
    questions = [asks("prolong my novel"), asks("snapshots of the levee"), asks("Fotos vom Hochwasser")]
    assert replace(loaded, version="").predict(questions) == fitted.predict(questions)


def test_a_model_with_an_encoder_is_refused_without_it_and_the_other_way_round(
    tmp_path: Path, topic_model: TopicModel, encoding: Encoding
) -> None:
    save_topics(topic_model, tmp_path)
    save(fit(DEPARTMENTS, topics=topic_model, encoding=encoding), tmp_path)
    save(fit(DEPARTMENTS, topics=topic_model), tmp_path)
    for version, wrong in (("v0001", None), ("v0002", encoding.encoder)):
        with pytest.raises(ModelError, match=r"another \[classify\] encoder"):
            load(tmp_path, DEPARTMENTS, version, wrong)


def test_the_collection_is_embedded_once_an_encoder(tmp_path: Path, topic_model: TopicModel, encoder: Encoder) -> None:
    save_topics(topic_model, tmp_path)
    first = load_or_fit(DEPARTMENTS, folder=tmp_path, encoder=encoder)
    written = (tmp_path / meant_topics_name(encoder)).stat().st_mtime_ns
    second = load_or_fit(DEPARTMENTS, folder=tmp_path, encoder=encoder)
    assert (first.version, second.version, versions(tmp_path)) == ("v0001", "v0001", ("v0001",))
    assert encoding_of(tmp_path, encoder).topics is not None
    assert (tmp_path / meant_topics_name(encoder)).stat().st_mtime_ns == written


def test_a_label_is_embedded_once_and_its_vector_kept_with_it(encoder: Encoder) -> None:
    class Counting:
        name = encoder.name
        asked = 0

        def embed(self, texts: Sequence[str]) -> Floats:
            self.asked += len(texts)
            return encoder.embed(texts)

    counting = Counting()
    labels = [Example(asks(text), "circulation", Source.CORRECTION) for text in ("renew it", "prolong it")]
    done = embedded(labels, counting)
    again = embedded([*done, Example(asks("extend it"), "circulation", Source.CORRECTION)], counting)
    assert counting.asked == 3
    assert again[:2] == done
    assert len(done[0].vector) == 2 * WIDTH


def test_languages_that_it_does_not_know_are_left_to_the_words(encoding: Encoding, topic_model: TopicModel) -> None:
    """The tiny one knows sixteen English words: it can't make a Chinese message any clearer."""
    assert encoding.topics is not None
    assert "zh" not in encoding.topics.languages
    plain, helped = (fit(DEPARTMENTS, topics=topic_model, encoding=one) for one in (None, encoding))
    chinese = replace(asks("我想续借这本书"), language="zh")
    assert helped.predict([chinese])[0].confidence == pytest.approx(plain.predict([chinese])[0].confidence)


def test_the_reasons_are_true_of_what_the_encoder_says_too(topic_model: TopicModel, encoding: Encoding) -> None:
    fitted = fit(DEPARTMENTS, topics=topic_model, encoding=encoding)
    for message in messages()[5::900]:
        text = f"{message.question.subject}\n{message.question.text}"
        before = fitted.predict([asks(text)])[0]
        if not before.words or not before.runners_up or before.department is None:
            continue
        for word in before.words:
            text = text.replace(word, "")
        after = {guess.department: guess.confidence for guess in fitted.rank([asks(text)])[0]}
        rival = before.runners_up[0]
        assert after[before.department] / after[rival.department] < before.confidence / rival.confidence


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_folder_that_lacks_something_is_refused_with_what_it_lacks(tmp_path: Path, missing: str) -> None:
    make_encoder(tmp_path / "tiny")
    (tmp_path / "tiny" / missing).unlink()
    with pytest.raises(ConfigError, match=missing):
        open_encoder(str(tmp_path / "tiny"), tmp_path)


def test_an_encoder_that_was_not_fetched_is_not_fetched_now(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="mailbot encoder get some/encoder"):
        open_encoder("some/encoder", tmp_path)
    make_encoder(place_of("some/encoder", tmp_path))
    assert open_encoder("some/encoder", tmp_path) is not None
    assert open_encoder("", tmp_path) is None


def test_a_name_that_no_encoder_has_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean sentence-transformers/all-MiniLM-L6-v2"):
        fetch("sentence-transformers/all-MiniLM-L6", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_onnxruntime_is_told_to_tell_nobody(encoder: Encoder) -> None:
    encoder.embed(["renew"])
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"


class Watched:
    """An encoder that notes on how many threads linear algebra may run whenever it is asked."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.name = encoder.name
        self.threads: list[int] = []

    def embed(self, texts: Sequence[str]) -> Floats:
        self.threads += blas_threads()
        return self.encoder.embed(texts)


def blas_threads() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_a_prediction_keeps_to_one_thread(topic_model: TopicModel, encoding: Encoding) -> None:
    watched = Watched(encoding.encoder)
    fitted = replace(fit(DEPARTMENTS, topics=topic_model, encoding=encoding), encoder=watched)
    fitted.predict([asks("please renew the loan")])
    assert set(watched.threads) == {1}
