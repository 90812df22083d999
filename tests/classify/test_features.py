import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion

from mailbot.classify.features import WORDS, Pieces, learn_vocabulary
from mailbot.classify.text import part, tokenise

TEXTS = ["renew my books renew", "photographs of the flood", "the old mill and the old bridge", "", "my pin"]
NEW = ["please renew the old photographs", "", "zzz qqq", "my my my books"]


def test_the_features_are_those_of_scikit_learn() -> None:
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+")
    inside = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    union = FeatureUnion([("words", words), ("inside", inside)], transformer_weights={"words": WORDS, "inside": 1.0})
    union.fit(TEXTS)
    vocabulary = learn_vocabulary([tokenise(text) for text in TEXTS])
    assert vocabulary.n_words == len(words.vocabulary_)
    ours = vocabulary.matrix([tokenise(text) for text in NEW]).toarray()
    theirs = union.transform(NEW).toarray()
    # Columns stand in another order here.
    assert np.sort(ours[:, : vocabulary.n_words]) == pytest.approx(np.sort(theirs[:, : vocabulary.n_words]), abs=1e-6)
    assert ours @ ours.T == pytest.approx(theirs @ theirs.T, abs=1e-5)


def test_every_number_is_shared_out_among_the_words_it_comes_from() -> None:
    vocabulary = learn_vocabulary([tokenise(text) for text in TEXTS])
    found = vocabulary.occurrences([tokenise(text) for text in NEW])
    assert np.bincount(found.cell, weights=found.share) == pytest.approx(np.ones(found.matrix.nnz))


def test_a_text_of_unknown_words_is_an_empty_row() -> None:
    vocabulary = learn_vocabulary([tokenise("abc")])
    assert vocabulary.matrix([tokenise("zzz"), tokenise("")]).nnz == 0
    assert vocabulary.matrix([]).shape == (0, len(vocabulary))


def test_rare_terms_can_be_left_out() -> None:
    vocabulary = learn_vocabulary([tokenise(text) for text in TEXTS], smallest=2)
    assert vocabulary.knows("my")
    assert not vocabulary.knows("flood")


@given(st.lists(st.sampled_from("my books old mill the renew zzz".split()), max_size=12), st.integers(0, 12))
def test_a_piece_of_a_text_has_the_features_of_a_text_of_its_own(words: list[str], at: int) -> None:
    vocabulary = learn_vocabulary([tokenise(text) for text in TEXTS])
    whole = tokenise(" ".join(words))
    at = min(at, len(words))
    reading = vocabulary.read([tokenise("the old mill"), whole])
    first = int(reading.first_token[1])
    pieces = Pieces.of([np.arange(first, first + at), np.arange(first + at, first + len(words))])
    alone = vocabulary.matrix([part(whole, 0, at), part(whole, at, len(words))])
    assert (vocabulary.matrix_of(reading, pieces) != alone).nnz == 0


def test_where_words_are_left_out_their_neighbours_make_no_pair() -> None:
    vocabulary = learn_vocabulary([tokenise(text) for text in TEXTS])
    reading = vocabulary.read([tokenise("the zzz old mill")])
    found = vocabulary.matrix_of(reading, Pieces.of([np.array([0, 2, 3])]))
    terms = {vocabulary.terms[i] for i in found.indices}
    assert "old mill" in terms
    assert "the old" in vocabulary.terms
    assert "the old" not in terms
