from hypothesis import given
from hypothesis import strategies as st

from mailbot.classify.text import LONGEST_TEXT, compose, form, tokenise
from tests.classify.shelves import asks


def forms(text: str) -> list[str]:
    return list(tokenise(text).forms)


def test_case_and_accents_do_not_matter() -> None:
    assert forms("Dvořák's PHOTOS") == ["dvorak's", "photos"]
    assert form("don’t") == form("DON'T") == "don't"


def test_numbers_are_masked_but_years_and_names_with_a_digit_stay_apart() -> None:
    assert forms("card 21234500012345 of 1951, 3D, mp3, 12") == [
        "card",
        "<number>",
        "of",
        "<year>",
        "3d",
        "mp3",
        "<small>",
    ]


def test_a_url_is_read_as_host_and_path_and_its_query_is_left_out() -> None:
    url = "https://www.riverbend.example/blog/performing-editions?utm=4711"
    assert forms(f"see {url}!") == ["see", "riverbend.example", "blog", "performing", "editions"]


def test_an_address_is_private() -> None:
    assert forms("write to pat.ron@example.com please") == ["write", "to", "<email>", "please"]


def test_chinese_is_read_character_by_character() -> None:
    assert forms("我的PIN忘了") == ["我", "的", "pin", "忘", "了"]


def test_the_subject_comes_first() -> None:
    assert compose(asks("the text", subject="The subject")) == "The subject\nthe text"


def test_only_so_much_of_a_message_is_looked_at() -> None:
    assert len(compose(asks("x" * 5_000_000))) == LONGEST_TEXT


@given(st.text())
def test_every_token_stands_in_the_text_where_it_says(text: str) -> None:
    tokens = tokenise(text)
    assert len(tokens.forms) == len(tokens.starts) == len(tokens.ends)
    end = 0
    for start, stop in zip(tokens.starts, tokens.ends, strict=True):
        assert end <= start < stop <= len(text)
        end = stop
    assert all(tokens.forms)
