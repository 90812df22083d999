"""What letters repeat of a message and what they never do: grammar of the quotation, and nothing private."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mailbot.writing import Writer, delicate
from mailbot.writing.facts import Assistant, Quiet, Record, Said, Source
from mailbot.writing.mirror import Form, about_whom, mirrored, request_in, said_by
from mailbot.writing.words import Wordings
from tests.writing.scenes import acknowledgement, guess, opened, understood

MADE_UP = (Source(Record.CASE, "made up"),)


@pytest.fixture(scope="module")
def wordings() -> Wordings:
    return Wordings()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("My late husband Robert had eleven books out. Please stop the letters.", "husband"),
        ("My mother passed away in May and I need to close her account.", "mother"),
        ("My husband hits me and I am afraid of him. Do you have books on a protection order?", ""),
        ("I'm pregnant and my mother must not find out. Where are the books about that?", ""),
        ("My daughter was assaulted at school. Which lawyer can I ask?", ""),
        ("My husband died and my brother wants custody of the children.", ""),
        ("My son is in jail. Can you send him books?", "son"),
        ("My brother says that he wants to kill himself. What can I give him to read?", "brother"),
        ("My brother is in jail for what he did to me. He must not find out where I live.", ""),
        ("My son is gay and my father, who is dying, doesn't know. Is there a book for both?", ""),
        ("What do you have on breast cancer? My sister has it.", ""),
    ],
)
def test_a_quiet_letter_names_whom_a_patron_mourns_or_worries_about_and_nobody_they_fear(text: str, who: str) -> None:
    assert about_whom(understood(text)) == who


@pytest.mark.parametrize(
    ("language", "text", "who"),
    [
        ("es", "Mi difunto esposo tenía once libros prestados. Ya no manden cartas, por favor.", "esposo"),
        ("es", "Falleció mi mamá en mayo y necesito cerrar su cuenta.", "mamá"),
        ("es", "Mi hermano está en la cárcel. ¿Le pueden mandar libros?", "hermano"),
        ("es", "Mi hija dice que quiere morirse. ¿Qué le doy a leer?", "hija"),
        ("es", "Mi esposo me pega y murió mi papá. ¿Hay libros sobre una orden de protección?", ""),
        ("es", "Murió mi abuela y mi hermano pide la custodia de los niños.", ""),
        ("es", "Mi tío se está muriendo y no sabe que soy gay.", ""),
        ("fr", "Mon mari est décédé le 8. Je souhaite que son abonnement soit annulé.", "mari"),
        ("fr", "Ma sœur Louise est morte en mai. Comment rendre ses livres ?", "sœur"),
        ("fr", "Depuis la mort de ma mère, je trouve vos livres partout.", "mère"),
        ("fr", "Mon fils est en prison. Peut-on lui envoyer des livres ?", "fils"),
        ("fr", "Mon frère dit qu'il a envie de mourir. Que lui donner à lire ?", "frère"),
        ("fr", "Mon mari me frappe et mon père est décédé.", ""),
        ("fr", "Ma mère est décédée et mon mari ne doit pas savoir où je suis.", ""),
        ("de", "Mein verstorbener Mann hatte noch elf Bücher.", "mann"),
        ("de", "Meine Mutter ist im Mai gestorben, und ich möchte ihr Konto auflösen.", "mutter"),
        ("de", "Nach dem Tod meines Bruders fand ich Ihre Bücher.", "bruder"),
        ("de", "Mein Sohn sitzt im Gefängnis. Können Sie ihm Bücher schicken?", "sohn"),
        ("de", "Meine Schwester sagt, dass sie nicht mehr leben will. Was kann sie lesen?", "schwester"),
        ("de", "Mein Mann schlägt mich, und mein Vater ist gestorben.", ""),
        ("de", "Mein Vater ist gestorben, und meine Mutter darf nicht erfahren, wo ich bin.", ""),
    ],
)
def test_so_does_a_quiet_letter_in_another_language(language: str, text: str, who: str) -> None:
    message = understood(text, language=language)
    assert delicate(message)
    assert about_whom(message) == who


@pytest.mark.parametrize(
    ("language", "word", "said"),
    [
        ("en", "brother", "your brother"),
        ("es", "mamá", "su mamá"),
        ("fr", "sœur", "votre sœur"),
        ("de", "bruder", "Ihren Bruder"),
        ("de", "mutter", "Ihre Mutter"),
        ("de", "neffe", "Ihren Neffen"),
        ("de", "kind", "Ihr Kind"),
    ],
)
def test_whom_it_is_about_is_said_as_grammar_wants_it(wordings: Wordings, language: str, word: str, said: str) -> None:
    fact = Quiet(desk="Reference", about=word, unsure=False, sources=MADE_UP)
    assert all(said in words for words in wordings.every(fact, language, date(2027, 2, 2)))


def test_a_letter_that_others_may_see_gives_nobody_away() -> None:
    text = "My husband hits me and I am afraid of him. Do you have books on getting a protection order?"
    writer, at = Writer(), datetime(2027, 2, 2, 10, 0, tzinfo=UTC)
    for number in range(12):
        scene = opened(understood(text), "reference", at, guess("reference", "circulation"), ref=f"ref-{number}")
        assert "husband" not in writer.write(acknowledgement(scene), scene).text


@pytest.mark.parametrize(
    ("language", "text", "words", "said"),
    [
        ("es", "Buenos días, mi mamá está en el hospital; libros.", ("hospital", "Buenos días", "libros"), "libros"),
        ("en", "Hello, my book on cancer treatment is overdue.", ("Hello", "cancer treatment", "overdue"), "overdue"),
        ("fr", "Bonjour, je suis enceinte et cherche un livre.", ("Bonjour", "enceinte", "livre"), "livre"),
        ("de", "Guten Tag, mein Mann hat Krebs, ich suche Bücher.", ("Guten Tag", "Krebs", "Bücher"), "Bücher"),
    ],
)  # fmt: skip
def test_why_a_message_went_where_it_did_is_said_with_nothing_private_and_no_greeting(
    language: str, text: str, words: tuple[str, ...], said: str
) -> None:
    assert said_by(understood(text, language=language), words) == (said,)


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("fr", "Il n'y en a que trois dans tout le réseau ! Pourriez-vous en acheter d'autres ?",
         "Il n'y en a que trois dans tout le réseau. Pourriez-vous en acheter d'autres ?"),
        ("fr", "Je cherche comment consulter la doctrine (La référence, peut-être ?) depuis chez moi.",
         "Je cherche comment consulter la doctrine (La référence, peut-être ?) depuis chez moi."),
        ("fr", "Pouvez-vous commander « Peindre la toundra » pour moi ?",
         "Pouvez-vous commander ‘Peindre la toundra’ pour moi ?"),
        ("es", "Estimados señores: publiqué mi tesis en 2021. ¿Se puede volver a cerrar?",
         "Publiqué mi tesis en 2021. ¿Se puede volver a cerrar?"),
        ("es", "hola buen dia como puedo renovar mis libros desde la casa?",
         "como puedo renovar mis libros desde la casa?"),
        ("es", "Buenas tardes, ¿sigue abierta la plaza de auxiliar de biblioteca?",
         "¿Sigue abierta la plaza de auxiliar de biblioteca?"),
        ("de", "Besitzen Sie „Stahl und Eisen“ Jg. 52, Heft 8, im Original?",
         "Besitzen Sie ‘Stahl und Eisen‘ Jg. 52, Heft 8, im Original?"),
        ("zh", "您好！家里有八本书要到期了。可以帮我延期吗？卡号最后四位是2207。",
         "家里有八本书要到期了。可以帮我延期吗?"),
        ("de", "Sehr geehrte Damen und Herren, wie kann ich die Dissertation ausleihen?",
         "Wie kann ich die Dissertation ausleihen?"),
    ],
)  # fmt: skip
def test_a_request_is_repeated_without_its_greeting_and_set_as_one_sets_it(language: str, text: str, said: str) -> None:
    assert request_in(text, language) == said


def test_a_question_in_brackets_at_the_end_gets_no_second_mark() -> None:
    said = "Do you lend maps (the large ones, perhaps?)"
    assert mirrored(said, "en", "en").words == said


@pytest.mark.parametrize(
    ("language", "inside"), [("en", "‘Dune’"), ("es", "“Dune”"), ("fr", "“Dune”"), ("de", "‚Dune‘")]
)
def test_a_quotation_in_a_quotation_has_the_marks_of_its_language(
    wordings: Wordings, language: str, inside: str
) -> None:
    fact = Said(form=Form.STATEMENT, words="It’s about ‘Dune’.", sources=MADE_UP)
    for said in wordings.every(fact, language, date(2027, 2, 2)):
        assert f"It’s about {inside}." in said


def test_spanish_joins_with_e_before_the_same_sound(wordings: Wordings) -> None:
    for words, joined in ((("saqué", "igual"), "«saqué» e «igual»"), (("agua", "hielo"), "«agua» y «hielo»")):
        fact = Assistant(by="words", words=words, sources=MADE_UP)
        assert all(joined in said for said in wordings.every(fact, "es", date(2027, 2, 2)))


def test_two_words_are_called_words(wordings: Wordings) -> None:
    fact = Assistant(by="words", words=("Fourth Wing",), sources=MADE_UP)
    assert not any("the word “" in said for said in wordings.every(fact, "en", date(2027, 2, 2)))
