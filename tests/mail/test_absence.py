"""Who answers that nobody is there, with no header that says so, is a program; who wants something is not."""

from __future__ import annotations

import pytest

from mailbot.mail import Kind, Ours, understand

OURS = Ours(frozenset({"ask@riverbend.example"}), frozenset(), frozenset({"riverbend.example"}))


def kind_of(text: str, subject: str) -> Kind:
    lines = [
        "From: Agnes Dow <agnes.dow@example.com>",
        "To: ask@riverbend.example",
        f"Subject: {subject}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
    ]
    return understand("\r\n".join(lines).encode(), OURS).kind


@pytest.mark.parametrize(
    "text",
    [
        "I am away until Monday 8 February. In urgent cases please contact Mara Lind, mara.lind@riverbend.example.",
        "Hi,\n\nI'm on annual leave this week and will get back to you when I return on Monday.\n\nLuis",
        "Thanks for your email. I'm on parental leave. My colleague Mara will reply to you.",
        "I no longer work at Riverbend Public Library. Please contact reference@riverbend.example.",
        "This mailbox is no longer monitored. Please write to ask@riverbend.example.",
        "Ich bin im Urlaub und ab dem 8. Februar wieder erreichbar.",
        "Ich bin bis zum 8. Mai nicht im Büro. Bitte wenden Sie sich an Mara Lind.\n\nMit freundlichen Grüßen\nLuis",
        "Ich arbeite nicht mehr für die Bücherei Riverbend. Bitte schreiben Sie an info@riverbend.example.",
        "Estoy de vacaciones hasta el 8 de febrero. Por favor, escriba a mara.lind@riverbend.example.",
        "Ya no trabajo en Riverbend. Por favor, escriba a reference@riverbend.example.",
        "Je suis absente jusqu'au 8 février. En cas d'urgence, veuillez contacter Mara Lind.",
        "Je suis en congé, de retour le 8 février.",
        "我目前不在办公室，将于2月8日返回。",
        "我已离职，请联系 reference@riverbend.example。",
    ],
)
def test_an_answer_that_only_says_that_nobody_is_there_is_a_programs(text: str) -> None:
    assert kind_of(text, "Re: My hold") is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "text",
    [
        "I am away until Monday, please hold my book.",
        "I am away until Monday 8 February.",
        "I'll be back on Monday and will pick it up then.",
        "I'm on vacation until Monday. Please call my husband.",
        "I no longer work there. Please write to me at agnes@example.org.",
        "No longer at this address. I left the company.",
        "Yes. I am away and back on Monday.",
        "Ich bin bis Montag im Urlaub und hole das Buch danach ab.",
        "Ich bin im Urlaub und ab dem 8. Februar wieder da. Bitte so lange verlängern.",
        "Estoy de viaje hasta el lunes, ¿pueden guardarlo?",
        "Je suis en vacances jusqu'à lundi, merci de garder le livre.",
        "我出差，2月8日回来再借。",
    ],
)
def test_a_person_who_is_away_and_says_more_is_a_person(text: str) -> None:
    assert kind_of(text, "Re: My hold") in {Kind.INQUIRY, Kind.THANKS}


def test_who_begins_by_saying_that_they_are_away_is_a_person() -> None:
    assert kind_of("I am on holiday and will be back on Monday.", "My hold") is Kind.INQUIRY
