"""Which words of a message are named as reasons."""

from mailbot.classify.reasons import telling_phrases
from mailbot.classify.text import tokenise


def named(text: str) -> list[str]:
    """What is named where every word speaks alike for a department."""
    tokens = tokenise(text)
    return [phrase.text for phrase in telling_phrases(tokens, [1.0] * len(tokens.forms))]


def test_numbers_and_addresses_are_no_reasons() -> None:
    assert named("pat@example.com 40417 telescope 305 microscope 2022") == ["telescope", "microscope"]


def test_neighbours_are_named_together_without_the_words_that_serve_others() -> None:
    assert named("the bulky telescope of the") == ["bulky telescope"]
