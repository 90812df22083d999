"""The page itself: whatever a mail says, it is words on the page and nothing more."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.asking import NoGuess
from mailbot.errors import ConfigError
from mailbot.page import check_place, letters_page, rehearsal_page, write_page
from mailbot.page.html import rendered
from mailbot.page.shown import Came, Fate, Said, Shown, ShownLetter
from mailbot.preview import previews
from mailbot.samples import sample_mails
from mailbot.settings import load
from mailbot.writing import Writer
from tests.stories.player import CONFIG, ENVIRON

NOW = datetime(2027, 3, 8, 16, tzinfo=UTC)
SETTINGS = load(CONFIG, ENVIRON)
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from([
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</style><script>", "<!--", "]]>", "{{ 7*7 }}",
        "' onmouseover='x", "&lt;b&gt;", "\u202egnirts", "\ud800", "\x00", "javascript:alert(1)", "</details></main>",
    ]),
)  # fmt: skip


class Outline(HTMLParser):
    """The tags and attribute names of a document in order, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def shown(text: str) -> Shown:
    """A message in which every word from outside is this."""
    letter = ShownLetter("acknowledgement", True, text, text, "en", text, ((Said("", text, text),),))
    return Shown(
        text, NOW, Came.QUESTION, Fate.TRIAGE, text, text, text, "en", "reference", "reference", 0.4,
        suggestions=((text, 0.4), (text, 0.2)), why=text, reasons=(text,), why_not=text, letters=(letter,),
    )  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(HOSTILE.filter(bool))
def test_what_a_mail_says_never_becomes_part_of_the_page(text: str) -> None:
    calm, hostile = (Outline(rendered(rehearsal_page([shown(one)], SETTINGS.library, None))) for one in ("calm", text))
    assert hostile.tags == calm.tags
    assert hostile.words.count(text) >= 8 or not text.isprintable()


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    page = rendered(rehearsal_page([shown("calm")], SETTINGS.library, None))
    tags = Outline(page).tags
    assert {tag for tag, _ in tags} & {"script", "img", "link", "iframe", "form", "object", "base"} == set()
    assert [(tag, names) for tag, names in tags if {"style", "src", "srcset"} & set(names)] == []
    assert "default-src 'none'" in page
    assert "url(" not in page


def test_every_message_is_counted_once_and_stands_in_one_section() -> None:
    asked = replace(shown("calm"), ruled=True)
    every = [replace(shown("calm"), fate=fate, came=came) for fate in Fate for came in Came]
    every += [replace(asked, fate=Fate.ALONE), replace(shown("calm"), guess="", confidence=0.0)]
    page = rehearsal_page(every, SETTINGS.library, None)
    tally = page.tally
    for sums in (tally.came, tally.fates):
        assert sum(count for _, count in sums) == len(every) == tally.messages
    for rows in (tally.desks, tally.bands):
        assert sum(one.questions for one in rows) == tally.questions
        assert sum(one.alone for one in rows) == dict(tally.fates)[Fate.ALONE]
    assert sorted(map(id, every)) == sorted(id(one) for section in page.sections for one in section.shown)


def test_headings_go_down_one_level_at_a_time() -> None:
    levels = [int(tag[1]) for tag, _ in Outline(rendered(rehearsal_page([shown("calm")], SETTINGS.library, None))).tags
              if tag in {"h1", "h2", "h3", "h4"}]  # fmt: skip
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_word_of_a_letter_is_on_the_page_with_the_source_of_each_fact() -> None:
    mails = [(name, raw, "") for name, raw in sample_mails(SETTINGS, NOW)]
    found = list(previews(mails, SETTINGS, NoGuess(), Writer(), NOW))
    page = letters_page(found, SETTINGS.library, NOW, sample=True)
    for preview, one in zip(found, page.shown, strict=True):
        for letter, seen in zip(preview.letters, one.letters, strict=True):
            text = "".join(said.before + said.words for paragraph in seen.paragraphs for said in paragraph)
            assert "".join(text.split()) == "".join(letter.text.split())
            assert [(said.words, said.source) for paragraph in seen.paragraphs for said in paragraph] == [
                *letter.sources
            ]


def test_only_its_owner_may_read_a_page_even_where_an_older_one_was_open_to_all(tmp_path: Path) -> None:
    place = tmp_path / "page.html"
    place.write_text("older")
    place.chmod(0o644)
    write_page(place, rehearsal_page([shown("\ud800")], SETTINGS.library, None))
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


def test_a_page_that_shows_nothing_says_so(tmp_path: Path) -> None:
    write_page(tmp_path / "page.html", rehearsal_page([], SETTINGS.library, NOW))
    assert "no messages since 08 March 2027" in (tmp_path / "page.html").read_text("utf-8")


def test_a_place_that_no_page_can_lie_in_is_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be written"):
        check_place(tmp_path / "file" / "page.html")
