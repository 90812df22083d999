"""Subjects: what stands in front of them ("Re:", "WG:", "转发:", "[EXTERNAL]"), what is left, and when two are one.

Owns every prefix that mail programs put there, and every mark that gateways do.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

# What several programs mean differently by one prefix is read so:
# - "VS:" answers in Finnish (vastaus) and forwards in Danish and Norwegian (videresendt): it stands in both tables.
# - "RV:" forwards in Spanish (reenviado: Outlook), and some programs put it on answers as well. A colleague's is a
#   forward, or no mail passed on from a Spanish Outlook would be unwrapped; ``may_answer`` holds for it all the same,
#   since there the sender and the subject must agree too.
# - "R:" and "I:" are Italian (risposta, inoltro). "TR:" is French (transférer), "ENC:" Portuguese, "PD:" Polish,
#   "VB:" Swedish, "VL:" Finnish, "WG:" German: forwards, all of them.
# - "Réf :" and "Ref:" are what French Lotus Notes puts on answers; who only means "concerning" is read as answering.
_REPLY = frozenset(
    """
    re aw sv antw antwort ref odp res rép rep réf yanıt ynt vs vá válasz r rif bls αa απ σχετ отг отв отвт ответ na
    отговор відповідь 回复 答复 回覆 答覆 回 返信 回信 답장 회신 رد ردّ השב תשובה پاسخ trả ตอบ ตอบกลับ balas bals
    ats odg odpověď svar reply vastaus rsp atb vas répon risposta resposta respuesta पुनः
    """.split()
)
_FORWARD = frozenset(
    """
    fwd fw wg weitergeleitet tr trans rv reenv renv enc i doorst doorgestuurd vb vidarebefordrat vl välitetty pd
    przekazane fs vs videresendt továbbítás továbbítva tov továbbít redirecționat pres prosl пересл пересылка
    переслано пер фв пп препратено πρθ πρ ilet ilt iletildi إعادة هـ 转发 轉寄 轉發 转寄 転送 전달 fyi הועבר העברה
    נע chuyển ct ส่งต่อ trs terusan diteruskan बढ़ाया edasi überm forward forwarded inoltro inoltrato reenviado rvd
    encaminhada reenvio préposlané fp odovzdané posredováno posred pers persiųsta pārsūtīts
    """.split()
)
_FORWARDS_OR_ANSWERS = frozenset({"rv"})

_MARKS = (
    r"(?:sender )?(?:external|externe?r?|externo|esterno|ext|extern(?:al)? (?:sender|e-?mail|mail)|outside|caution|"
    r"(?:(?:possible|probable|suspected|potential|likely|marked as) )?(?:spam|junk|phish(?:ing)?)|bulk|"
    r"spam-?verdacht|外部|外部邮件|垃圾邮件|encrypted|secure|verschlüsselt|virus ?checked)"
)
_BRACKETED = rf"(?:\[\s*{_MARKS}\s*[?!:]*\s*\]|\{{\s*{_MARKS}\s*[?!]*\s*\}}|"
_BRACKETED += rf"\*{{2,5}}\s*{_MARKS}\s*[?!]*\s*\*{{2,5}}|<\s*{_MARKS}\s*[?!]*\s*>|【\s*{_MARKS}\s*】)"
_MARK = re.compile(rf"^\s*(?:{_BRACKETED}|(?:external|ext|caution|spam)(?=\s?:)\s?:)\s*", re.IGNORECASE)
_MARK_BEHIND = re.compile(rf"\s*{_BRACKETED}\s*$", re.IGNORECASE)
_TAG = re.compile(r"^\s*(?:\[[^\]\n]{1,60}\]\s*|\([^)\n]{1,30}\)\s*(?=\w{1,15}\s?[:：]))")
_PREFIX = re.compile(
    r"^\s*([^\W\d_][^\s:：\[\]()]{0,20})\s?(?:[\[(]\d{1,3}[\])]|\^\d{1,3}|\*\d{1,3}|\d{1,2})?\s*[:：]\s*"
)
_MOST = 20
_WORD = re.compile(r"\w+")
_CUT = re.compile(r"\s*(?:\.{2,}|…)$")
_SHORT_BUT_CUT = 10  # characters that a subject which ends in an ellipsis must at least keep
_LONG_ENOUGH = 24  # and one that was cut without a trace

_SAYS_NOTHING = frozenset(
    unicodedata.normalize("NFKC", each.strip()).casefold()
    for each in """
    question|questions|a question|one question|quick question|another question|library|the library|library question|
    help|help please|please help|hello|hi|hi there|inquiry|enquiry|general inquiry|request|information|info|contact|
    message|mail|email|e mail|no subject|none|untitled|urgent|
    frage|fragen|eine frage|anfrage|bibliothek|bücherei|hallo|hilfe|information|kein betreff|ohne betreff|
    kein thema|nachricht|bitte|
    pregunta|preguntas|una pregunta|consulta|biblioteca|hola|ayuda|información|sin asunto|sin tema|ninguno|mensaje|
    demande|une question|bibliothèque|médiathèque|bonjour|aide|renseignement|renseignements|sans objet|pas d objet|
    aucun objet|
    domanda|una domanda|richiesta|ciao|aiuto|informazioni|nessun oggetto|senza oggetto|
    pytanie|biblioteka|pomoc|brak tematu|bez tematu|
    fråga|en fråga|bibliotek|biblioteket|hej|inget ämne|utan ämne|
    pergunta|dúvida|sem assunto|olá|ajuda|vraag|een vraag|bibliotheek|geen onderwerp|
    问题|咨询|图书馆|你好|您好|无主题|没有主题|求助
    """.replace("\n", "").split("|")
)
"""Subjects, as ``comparable`` gives them, that thousands write and that say nothing of what is asked."""


class Prefix(StrEnum):
    """What the outermost prefix makes of a subject. "VS:" is a reply in Finnish and a forward in Danish: either."""

    NONE = "none"
    REPLY = "reply"
    FORWARD = "forward"
    EITHER = "either"


def read_subject(subject: str) -> tuple[Prefix, str]:
    """The outermost prefix, and the subject without any; gateways' marks, and tags before a prefix, go with it."""
    words, bare = _taken_apart(subject)
    return _kind(words[0]) if words else Prefix.NONE, bare


def may_answer(subject: str) -> bool:
    """Whether the outermost prefix may be that of an answer."""
    words = _taken_apart(subject)[0]
    return bool(words) and (words[0] in _FORWARDS_OR_ANSWERS or _kind(words[0]) in (Prefix.REPLY, Prefix.EITHER))


def comparable(subject: str) -> str:
    """What is left of a subject when case, marks, prefixes and punctuation are taken away."""
    bare = unicodedata.normalize("NFKC", _taken_apart(subject)[1]).casefold()
    return " ".join(_WORD.findall(bare))


def says_nothing(subject: str) -> bool:
    """Whether a subject is one that says nothing of what is asked: "Question", "(no subject)", or nothing at all."""
    return (words := comparable(subject)) == "" or words in _SAYS_NOTHING


def was_shortened(short: str, long: str) -> bool:
    """Whether ``short`` is what a program that cuts subjects would have made of ``long``."""
    bare = _taken_apart(short)[1]
    cut = _CUT.sub("", bare)
    least = _SHORT_BUT_CUT if cut != bare else _LONG_ENOUGH
    mine, whole = comparable(cut), comparable(long)
    return len(mine) >= least and len(mine) < len(whole) and whole.startswith(mine)


def _taken_apart(subject: str) -> tuple[list[str], str]:
    """The words of all prefixes, outermost first, and what is left."""
    words: list[str] = []
    bare = _unmarked(subject.strip())
    for _ in range(_MOST):
        tag = _TAG.match(bare)
        match = _PREFIX.match(bare[tag.end() :] if tag else bare)
        word = _folded(match[1]) if match else ""
        if match is None or _kind(word) is Prefix.NONE:
            break
        words.append(word)
        bare = _unmarked(bare[(tag.end() if tag else 0) + match.end() :].strip())
    return words, bare


def _unmarked(subject: str) -> str:
    """Without the marks of gateways; a subject that is nothing else stays as it is."""
    bare = subject
    for _ in range(_MOST):
        shorter = _MARK_BEHIND.sub("", _MARK.sub("", bare))
        if shorter == bare:
            break
        bare = shorter
    return bare or subject


def _folded(word: str) -> str:
    """A prefix in lower case; of the Turkish "İ" nothing but the letter is kept."""
    return word.lower().replace("\u0307", "").rstrip(".")


def _kind(word: str) -> Prefix:
    if word in _REPLY:
        return Prefix.EITHER if word in _FORWARD else Prefix.REPLY
    return Prefix.FORWARD if word in _FORWARD else Prefix.NONE
