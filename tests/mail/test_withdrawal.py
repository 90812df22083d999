"""Who takes a question back says nothing beside; in any doubt it is not taken back."""

from __future__ import annotations

import pytest

from mailbot.mail.withdrawal import takes_back


@pytest.mark.parametrize(
    "text",
    [
        "Never mind, I found it.",
        "Please ignore my last mail, I found the book at home. Sorry for the trouble!",
        "Thanks, I found it!",
        "Nevermind!\n\nAgnes",
        "Hi, please disregard my previous message. Thank you, and have a nice day",
        "Hat sich erledigt, danke.",
        "Guten Tag,\nmeine Frage hat sich inzwischen erledigt. Entschuldigung für die Störung.\nViele Grüße\nAgnes Dow",
        "Bitte ignorieren Sie meine letzte Mail.",
        "Ya lo encontré, no hace falta. ¡Gracias!",
        "Por favor, ignoren mi mensaje anterior. Perdón por las molestias.",
        "C'est bon, j'ai trouvé.",
        "Bonjour, ne tenez pas compte de mon message. Merci",
        "已经找到了，不用了",
        "不用了，谢谢！",
        "never mind\nagnes dow",
    ],
)
def test_a_question_is_taken_back(text: str) -> None:
    assert takes_back(text, "Agnes Dow")


@pytest.mark.parametrize(
    "text",
    [
        "Never mind, I found it. Can you renew it?",
        "I found it, but it is damaged.",
        "I found the book at home.",
        "I found it on the shelf at the East Branch. Please cancel the hold.",
        "Never mind the hold, I need the other one.",
        "Never mind him, he is always like that.",
        "I no longer need the book.",
        "Thank you!",
        "No, I found it",
        "Never mind, 4711",
        "Hat sich nicht erledigt.",
        "Ya lo encontré, está roto.",
        "C'est bon.",
        "没找到，不用了",
        "已经找到了吗？",
        "",
    ],
)
def test_what_may_want_anything_is_no_withdrawal(text: str) -> None:
    assert not takes_back(text, "Agnes Dow")
