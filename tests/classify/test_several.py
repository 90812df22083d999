"""Two requests in one message: both are seen, and the first one gets it."""

from hypothesis import given
from hypothesis import strategies as st

from mailbot.classify import fit
from mailbot.classify.fitting import fit_labels
from mailbot.classify.several import cuts
from mailbot.classify.text import tokenise
from mailbot.classify.topical import TopicModel
from tests.classify.shelves import DEPARTMENTS, asks

TWO = (
    "Please renew the three books on my card, they are due back tomorrow and I can't finish them. "
    "Also, do you hold old photographs and maps of the mill and the brewery that burned down in 1911?"
)


def test_a_message_may_be_cut_where_a_sentence_ends() -> None:
    tokens = tokenise("I lost my card last week. Hello. Can you send me the old map? Thanks")
    assert [tokens.forms[at] for at in cuts(tokens)] == ["hello"]
    assert cuts(tokenise("One sentence that goes on and on without an end")) == []
    assert len(cuts(tokenise("我的借书证丢了。请问有老照片吗？"))) == 1


@given(st.text(max_size=300))
def test_any_text_is_cut_between_its_tokens(text: str) -> None:
    tokens = tokenise(text)
    found = cuts(tokens)
    assert found == sorted(set(found))
    assert all(0 < at < len(tokens.forms) for at in found)


def test_two_requests_for_two_departments_are_both_seen(topic_model: TopicModel) -> None:
    (found,) = fit(DEPARTMENTS, topics=topic_model).predict([asks(TWO)])
    assert found.department == "circulation"
    assert found.also is not None
    assert found.also.department == "special-collections"
    assert found.also.words.startswith("Also, do you hold old photographs")
    assert any("second request" in reason and "Special Collections" in reason for reason in found.reasons)


def test_one_request_in_several_sentences_is_one(topic_model: TopicModel) -> None:
    one = "Please renew the books on my card. They are due tomorrow. I can't come in before Friday, and I hate fines."
    (found,) = fit(DEPARTMENTS, topics=topic_model).predict([asks(one)])
    assert (found.department, found.also) == ("circulation", None)


def test_two_requests_are_seen_where_labels_have_no_names() -> None:
    card, maps = "I want to renew the books on my card", "Do you hold old photographs and maps of the mill?"
    rows = [(asks(f"{text} ({n})"), key) for n in range(12) for key, text in (("a", card), ("b", maps))]
    (found,) = fit_labels(rows, 0.9).predict([asks(f"{card}. {maps}")])
    assert found.also is not None
    assert any("second request" in reason for reason in found.reasons)
