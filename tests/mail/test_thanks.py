"""What is a thank-you and nothing else, and what only begins or ends like one."""

from __future__ import annotations

import pytest

from mailbot.mail.thanks import only_thanks


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for the quick reply. The link does not work.",
        "Thanks, I can't open it.",
        "Thank you. The book was not there.",
        "Thank you! It never arrived.",
        "Gracias por la respuesta. El enlace no funciona.",
        "Muchas gracias. Falta el segundo tomo.",
        "Merci de votre réponse. Le lien ne marche pas.",
        "Merci. Le livre n'était pas là.",
        "Danke für die Antwort. Der Link funktioniert nicht.",
        "Vielen Dank! Das Buch war nicht da.",
    ],
)
def test_thanks_with_something_amiss_are_no_mere_thanks(text: str) -> None:
    assert not only_thanks(text, "My hold", is_reply=True)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for finding it. That was not easy.",
        "Muchas gracias, no lo esperaba.",
        "Merci, je n'ai pas de mots.",
    ],
)
def test_a_no_in_warm_thanks_takes_nothing_from_them(text: str) -> None:
    assert only_thanks(text, "My hold", is_reply=True)
