"""What must not wait is seen, in five languages; what only sounds like it mostly is not. Figures are printed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mailbot.writing.alarm import grave_in
from tests.writing.scenes import samples

ALARMS = tomllib.loads((Path(__file__).parent / "alarms.toml").read_text(encoding="utf-8"))


def seen(texts: list[str]) -> tuple[list[str], list[str]]:
    """Those that are marked, and those that are not."""
    return [text for text in texts if grave_in(text)], [text for text in texts if not grave_in(text)]


@pytest.mark.parametrize("language", ALARMS)
def test_nearly_every_message_that_must_not_wait_is_seen(language: str) -> None:
    texts = [text for concern, some in ALARMS[language].items() if concern != "calm" for text in some]
    marked, missed = seen(texts)
    print(f"{language}: {len(marked)} of {len(texts)} seen")
    assert len(marked) >= 0.95 * len(texts), missed


@pytest.mark.parametrize("concern", ["harm", "threat", "harassment", "flood", "barrier", "legal"])
def test_no_concern_is_seen_less_than_the_others(concern: str) -> None:
    marked, missed = seen([text for language in ALARMS.values() for text in language[concern]])
    assert len(marked) >= 0.95 * (len(marked) + len(missed)), missed


@pytest.mark.parametrize("language", ALARMS)
def test_what_only_sounds_like_it_is_left_alone(language: str) -> None:
    marked, calm = seen(ALARMS[language]["calm"])
    assert len(marked) <= 0.1 * (len(marked) + len(calm)), marked


def test_all_that_is_urgent_and_delicate_in_the_sample_mail_is_seen_and_little_else() -> None:
    both = [one.text for one in samples() if {"urgent", "delicate"} <= set(one.tags)]
    marked, missed = seen(both)
    assert (len(both) >= 5, missed) == (True, [])
    others, _ = seen([f"{one.subject}\n{one.text}" for one in samples() if "delicate" not in one.tags])
    print(f"sample mail: {len(marked)} of {len(both)} seen, {len(others)} of {len(samples())} others")
    assert len(others) <= len(samples()) // 50, others


def test_a_cry_is_heard_however_it_is_written() -> None:
    assert grave_in("I WANT TO\r\nDIE")
    assert grave_in("i don\u2019t want to live anymore")
    assert grave_in("ich moechte nicht mehr leben")
    assert grave_in("me esta siguiendo un hombre, me sigue a todas partes")
