"""Phrases that never appear in a letter to a patron, by language."""

from __future__ import annotations

import re

_EVERYWHERE = ("no-reply", "noreply", "ticket", "AI-powered")
_BANNED = {
    "en": (
        "case number",
        "request ID",
        "reference number",
        "queue",
        "has been logged",
        "has been assigned",
        "do not reply",
        "not monitored",
        "important to us",
        "value your feedback",
        "appreciate your patience",
        "we have received your",
        "thank you for",
        "apologize for any",
        "due to high volume",
        "unfortunately",
        "as soon as possible",
        "shortly",
        "in a timely manner",
        "within 48 hours",
        "within 24 hours",
        "business day",
        "appropriate department",
        "relevant team",
        "our experts",
        "our agents",
        "customer",
        "great question",
        "what a lovely",
        "we are excited",
        "happy to help",
        "hope this helps",
        "have a great day",
        "I have read",
        "we have read",
        "we have looked into",
        "I understand how",
        "our system",
        "confidence",
        "algorithm",
        "% sure",
        "per our policy",
        "please be advised",
        "kindly",
        "pursuant to",
        "at your earliest",
        "patron",
        "misrouted",
        "by mistake",
        "Sir or Madam",
        "inconvenience",
    ),
    "es": (
        "número de caso",
        "no responda",
        "importante para nosotros",
        "molestias",
        "lo antes posible",
        "a la brevedad",
        "gracias por",
        "usuario",
        "cliente",
        "días hábiles",
        "día hábil",
        "algoritmo",
        "nuestro sistema",
        "departamento correspondiente",
    ),
    "fr": (
        "numéro de dossier",
        "ne pas répondre",
        "important pour nous",
        "désagrément",
        "dans les plus brefs délais",
        "merci pour votre",
        "usager",
        "client",
        "jours ouvrables",
        "algorithme",
        "notre système",
        "service concerné",
    ),
    "de": (
        "Vorgangsnummer",
        "Fallnummer",
        "bitte nicht antworten",
        "ist uns wichtig",
        "Unannehmlichkeit",
        "schnellstmöglich",
        "so bald wie möglich",
        "zeitnah",
        "vielen Dank für Ihre",
        "Kunde",
        "Werktage",
        "Algorithmus",
        "unser System",
        "zuständige Abteilung",
    ),
}


def banned_in(text: str, language: str) -> list[str]:
    """The banned phrases in a text."""
    plain = " ".join(text.split())
    return [
        phrase
        for phrase in (*_EVERYWHERE, *_BANNED.get(language, ()))
        if re.search(rf"(?<!\w){re.escape(phrase)}", plain, re.IGNORECASE)
    ]


def shouting_in(text: str) -> list[str]:
    """Exclamation marks, emoji, and words in capitals."""
    return re.findall(r"[!¡]|[\U0001F300-\U0001FAFF]|(?<![\w/.])[A-ZÄÖÜÉ]{5,}(?![\w/.])", text)
