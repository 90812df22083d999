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
    assert len(others) <= 7, others


def test_a_cry_is_heard_however_it_is_written() -> None:
    assert grave_in("I WANT TO\r\nDIE")
    assert grave_in("i don\u2019t want to live anymore")
    assert grave_in("ich moechte nicht mehr leben")
    assert grave_in("me esta siguiendo un hombre, me sigue a todas partes")


@pytest.mark.parametrize(
    "cry",
    [
        "I am going to kill myself tonight, please cancel the novel I reserved",
        "The crime novel you lent me is on the table, I have taken all the pills and it is too late now",
        "A man with a gun is in the room where the film club meets",
        "My husband beats me, that is why I want the book about divorce",
        "Someone is following me since the course ended, he waits outside the exhibition",
        "I feel suicidal and the seminar on prevention did not help",
        "He stalks me, he was in the book club and won't stop",
        "A man at the poetry workshop harassed my daughter",
        "A woman collapsed in the middle of the lecture",
        "Quiere suicidarse, estaba leyendo un libro sobre eso",
        "Mi marido me pega, necesito el libro sobre divorcio",
        "Me acosa un compañero del club de lectura, me sigue hasta casa",
        "Je veux mourir, rendez le roman pour moi",
        "Mon mari me frappe, c'est pour ça que je cherche un livre sur le divorce",
        "Je suis harcelée par quelqu'un de l'atelier d'écriture",
        "Ich will sterben, der Roman liegt auf dem Tisch",
        "Mein Mann schlägt mich, deshalb suche ich ein Buch über Scheidung",
        "Einer aus dem Kurs stalkt mich und wartet vor der Tür auf mich",
        "我想自杀，借的小说请帮我还",
        "我丈夫打我，所以想借离婚的书",
        "讲座现场有个男的拿着刀",
    ],
)
def test_a_cry_is_heard_though_it_mentions_a_book_or_a_course(cry: str) -> None:
    assert grave_in(cry)


@pytest.mark.parametrize(
    "asked",
    [
        "Do you have books about suicide prevention for my course?",
        "My dissertation is about overdoses in crime fiction",
        "Busco una novela sobre el suicidio de un poeta",
        "Une bibliographie sur le suicide pour mon mémoire",
        "Ein Roman über einen Stalker, türkiser Einband",
        "有没有家暴题材的小说",
    ],
)
def test_the_mere_name_of_a_thing_is_left_alone_where_a_book_or_a_course_is_about_it(asked: str) -> None:
    assert not grave_in(asked)


def test_what_belongs_together_is_seen_in_either_order() -> None:
    assert grave_in("the socket at desk 9 sparks")
    assert grave_in("it sparks, the socket at desk 9")
