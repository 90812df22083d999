"""Whether a mail is a notice that nobody is there and nothing else, as a program sends it with no header that says so.

For answers only: each clause must belong to such a notice. A person who is away says what they want as well ("please
hold my book"), and who says more than that they are away is taken for a person. Knows nothing of headers.
"""

from __future__ import annotations

import re

from mailbot.mail.lexicon import late, lexicon
from mailbot.mail.phrases import CLOSING, GRATITUDE

_LONGEST = 900
_AWAY = lexicon(
    r"\b(?:i am|i['’]m|i will be|i['’]ll be|currently|we are)\b.{0,30}\b(?:away|"
    r"out of (?:the )?(?:office|town|country)|"
    r"on (?:\w+ )?(?:leave|vacation|holidays?|sabbatical|pto)|not in the office|absent|unavailable)\b|"
    r"\b(?:estoy|estaré|me encuentro|me encontraré)\b.{0,30}(?:de vacaciones|de baja|ausente|fuera|de viaje|"
    r"de licencia|de permiso)|"
    r"\bje (?:suis|serai)\b.{0,30}(?:absente?|en congés?|en vacances|en déplacement|hors du bureau)|"
    r"\b(?:ich (?:bin|befinde mich)|(?:bin|befinde) ich)\b.{0,50}(?:im urlaub|nicht im (?:büro|haus|dienst)|abwesend|"
    r"außer haus|auf dienstreise|in elternzeit|nicht erreichbar)|"
    r"不在(?:办公室|辦公室)|休假|出差|外出|度假|请假|請假",
)
_BACK = lexicon(
    r"\b(?:(?:be|am) back|return|returning|back (?:in the office|at work|on)|get back to you|(?:reply|respond|answer) "
    r"(?:to you|to your|when|after|upon|as soon))\b|"
    r"\b(?:regres|volver|vuelvo|de vuelta\b|(?:le|te|les) (?:responder|contestar))|"
    r"\b(?:de retour|reviens|reviendrai|(?:vous|te) répondrai)\b|"
    r"\bwieder (?:da|erreichbar|im (?:büro|haus|dienst)|zurück)\b|\bzurück\b|\b(?:melde mich|beantworte)\b|"
    r"返回|回来|回來|回到|回复|回覆",
)
_DEPUTY = lexicon(
    r"\b(?:please|you (?:can|may)|kindly)\b.{0,30}\b(?:contact|write to|e-?mail|call|reach|turn to)\b|"
    r"\b(?:in|for|if|during)\b.{0,40}\b(?:urgent|emergenc(?:y|ies)|absence|meantime)\b|\bmy colleagues?\b|"
    r"\b(?:escriba|contacte|diríjase)\b|\b(?:urgencias?|casos? urgentes?|asuntos urgentes|mi ausencia)\b|"
    r"\b(?:veuillez|merci de|vous pouvez).{0,30}(?:contacter|écrire|adresser)|\b(?:d['’]urgence|mon absence)\b|"
    r"\bwenden sie sich\b|\b(?:schreiben|kontaktieren) sie\b|\b(?:dringenden|eiligen) (?:fällen|angelegenheiten)\b|"
    r"\bmeiner abwesenheit\b|\bmeine (?:kollegin|kollegen)\b|\bvertritt mich\b|"
    r"(?:请|請)(?:联系|聯繫|发邮件|寄信|致电)|(?:急事|紧急|緊急)",
)
_LEFT = lexicon(
    r"\bno longer (?:work|with\b|employed|a member|part of)|\bi (?:have |['’]ve )?(?:left the|retired)\b|"
    r"\bya no trabajo\b|\bne travaille plus\b|\bai quitté\b|\b(?:arbeite|bin) nicht mehr\b|\bnicht mehr .{0,60}tätig\b|"
    r"\bim ruhestand\b|已(?:经)?(?:离职|退休)|已(?:經)?(?:離職|退休)|不再(?:任职|工作)",
)
_POLITE = lexicon(
    r"\bthanks? (?:you )?(?:very much )?for (?:your|contacting|getting|writing)|"
    r"\b(?:sorry|apologi[sz]e) for (?:any|the) (?:inconvenience|delay)|\b(?:limited|no) access to (?:my )?(?:e-?mails?|"
    r"phone)|\bgracias por (?:su|tu)\b|\bmerci (?:de|pour) votre\b|\bdank für (?:ihre|deine)\b|感谢您?的|谢谢您的|"
    r"^\W*por favor\W*$",
)
_GREETING = late(
    r"^\W*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|hola|buen[oa]s (?:d[íi]as|tardes)|bonjour|bonsoir|"
    r"hallo|liebe[rs]?|sehr geehrte[rs]?|guten (?:tag|morgen)|您好|你好)(?!\w).{0,40}$"
)
_MATTER = lexicon(
    r"[?？]|\b(?:(?:it|them|me)\b|books?\b|holds?|items?|cards?|loans?|renew|reserv|pick|collect|fines?|dvds?|"
    r"my (?!colleagues?\b|absence\b|return\b|e-?mails?\b|office\b|desk\b|inbox\b|mailbox\b|deputy\b|leave\b)|"
    r"libros?\b|tarjeta|pr[ée]stamos?|r[ée]serv|livres?\b|carte\b|prêts?\b|buch\b|bücher\b|ausweis|ausleih|vormerk|abhol|"
    r"verlänger|mich an\b|mir\b)|[书書]|预约|預約|借|续|續|我的(?!同事)",
)
_ADDRESS = re.compile(r"\S+@[\w.-]*\w|https?://\S+|\+?\d[\d ()/-]{5,}\d")
_DAY_DOT = re.compile(r"(?<=\d)\.(?=\s?\w)")
_CLAUSE = re.compile(r"[.!\n,;:，。；：！、|]+|\s[-–—]+\s|(?<!\w)(?:and|und|y|et)(?!\w)", re.I)
_WHEN = re.compile(
    r"\d+(?:st|nd|rd|th)?|\b(?:until|till|from|on|to|the|through|this|next|week|bis|zum|vom|am|ab|dem|den|hasta|desde|"
    r"del?|al?|el|au|du|le|jusqu['’]au|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)"
    r"tag|mittwoch|lunes|martes|miércoles|jueves|viernes|lundi|mardi|mercredi|jeudi|vendredi|"
    r"(?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zé]*|inclusive|einschließlich)\b|[年月日号至到]",
    re.I,
)
_ANSWERS = frozenset("yes no ja nein sí si oui non ok okay please bitte".split())
_NAME_WORDS = 6


def is_notice(text: str) -> bool:
    """Whether a text says that its writer is away and when they are back or who stands in, or that they have left and
    who is to be written to; and nothing beside.
    """
    if len(text) > _LONGEST:
        return False
    plain = _DAY_DOT.sub(" ", _ADDRESS.sub("@", text))
    if _MATTER.search(plain.lower()):
        return False
    away = back = deputy = left = False
    for clause in _CLAUSE.split(plain):
        low = clause.lower()
        found = [family.search(low) is not None for family in (_AWAY, _BACK, _DEPUTY, _LEFT)]
        if not any(found) and not _says_nothing(clause):
            return False
        away, back, deputy, left = away | found[0], back | found[1], deputy | found[2], left | found[3]
    return (away and (back or deputy)) or (left and deputy)


def _says_nothing(clause: str) -> bool:
    """Whether a clause is only polite, a name, an address or a date."""
    low = clause.lower().strip()
    if any(pattern.search(low) for pattern in (_POLITE, _GREETING, CLOSING, GRATITUDE)):
        return True
    words = _WHEN.sub(" ", clause).replace("@", " ").split()
    named = all(word[:1].isupper() or not word[:1].isalpha() for word in words)
    return named and len(words) <= _NAME_WORDS and _ANSWERS.isdisjoint(word.lower() for word in words)
