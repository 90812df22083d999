"""Subjects, languages and the word tables."""

from __future__ import annotations

import re

import pytest

from mailbot.mail.language import language_of
from mailbot.mail.lexicon import beginnings, lexicon, openings, split
from mailbot.mail.subjects import Prefix, read_subject


@pytest.mark.parametrize(
    ("subject", "prefix", "bare"),
    [
        ("Scores", Prefix.NONE, "Scores"),
        ("Re: Scores", Prefix.REPLY, "Scores"),
        ("RE: Fwd: [staff] AW: Scores", Prefix.REPLY, "Scores"),
        ("Fwd: Re: Scores", Prefix.FORWARD, "Scores"),
        ("[ask] WG: Scores", Prefix.FORWARD, "Scores"),
        ("Re[2]: Scores", Prefix.REPLY, "Scores"),
        ("RE : Scores", Prefix.REPLY, "Scores"),
        ("转发：Scores", Prefix.FORWARD, "Scores"),
        ("VS: Scores", Prefix.EITHER, "Scores"),
        ("Question: Scores", Prefix.NONE, "Question: Scores"),
        ("Re:", Prefix.REPLY, ""),
        ("", Prefix.NONE, ""),
    ],
)
def test_prefixes_are_told_from_the_subject(subject: str, prefix: Prefix, bare: str) -> None:
    assert read_subject(subject) == (prefix, bare)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Do you have the new novel on the shelf, and may I reserve it for Saturday?", "en"),
        ("¿Me podrían dar dos semanas más con los cuentos de mis hijos?", "es"),
        ("Je voudrais emprunter un livre de cuisine pour mon fils.", "fr"),
        ("Können Sie mir sagen, wann die Bibliothek am Montag öffnet?", "de"),
        ("我想借一本关于中国历史的书。", "zh"),
        ("図書館は何時に開きますか。", "ja"),
        ("도서관은 몇 시에 여나요?", "ko"),
        ("У вас есть книги для детей на русском языке?", "ru"),
        ("Tôi muốn mượn sách cho con gái tôi", "vi"),
        ("https://riverbend.example/blog", ""),
        ("12345", ""),
        ("", ""),
    ],
)
def test_the_language_is_told_or_left_open(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_lexicon_finds_what_its_alternatives_find() -> None:
    pattern = r"thank|\bthx\b|gracias por (?:su|tu)|谢谢|[45]\.\d"
    texts = ["many thanks", "thx.", "athx", "gracias por su carta", "非常谢谢你", "status 5.1", "nothing"]
    found = [bool(lexicon(pattern).search(text)) for text in texts]
    assert found == [bool(re.search(pattern, text)) for text in texts]


def test_openings_are_found_one_within_another() -> None:
    found = openings(r"a (?:man|boy)|man\b|boys?").finditer("a man, a boy, mankind")
    assert [one.start() for one in found] == [0, 2, 7, 9]


def test_beginnings_are_what_stands_for_itself() -> None:
    phrases = r"(?:water|we) runs|colou?r|boy?|\d+ days|天花板漏水"
    assert beginnings(phrases) == {"wat", "we", "col", "bo", "", "天花板"}


def test_alternatives_are_split_at_the_outermost_level_only() -> None:
    assert split(r"a|(?:b|c)|[|]|\||d") == ["a", "(?:b|c)", "[|]", r"\|", "d"]


def test_what_may_be_left_out_at_the_beginning_and_what_must_not_stand_before_hide_no_beginning() -> None:
    phrases = r"(?:please )?(?:call|write)|(?<!扫)盲|(?<!(?:a|b)) ?cat"
    assert beginnings(phrases) == {"ple", "cal", "wri", "盲", ""}
    texts = ["please write", "call", "扫盲", "色盲", "acat", "a cat", "nothing"]
    found = [bool(lexicon(phrases).search(text)) for text in texts]
    assert found == [bool(re.search(phrases, text)) for text in texts]
