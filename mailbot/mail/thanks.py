"""Whether somebody only says thank you.

A thank-you with a question is a question, one with news is news: in doubt it is not a thank-you, for an answer too
many is a smaller wrong than a patron who was not heard.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import Enum, auto

from mailbot.mail.lexicon import late, lexicon

_MAX_CHARACTERS = 700
_MAX_OTHER = 2
_LONGEST_CLAUSE = 8  # words of thanks that leave no room for anything beside
_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？]+|\n|$)")
_CLAUSE = re.compile(r"[.!?。！？\n,;:，；：、]+|\s[-–—]+\s?|(?<!\w)(?:and|und|y|et)(?!\w)", re.I)

_THANKS = lexicon(
    r"\bthank|\bthx\b|\bthanx\b|\btnx\b|\bty\b|\bappreciat|\bgrateful\b|\bgratitude\b|\bbless (?:you|u)\b|"
    r"\bmuch obliged\b|\bcheers\b|"
    r"\bgracias\b|\bagradec|\bagradezco|\bmerci\b|\bremerci|\bdank(?:e|eschön|bar)?\b|\bvielen dank|\bgrazie\b|"
    r"\bringrazi|\bobrigad[oa]|"
    r"\bbedankt\b|\bdank (?:je|u)\b|\btack\b|\btakk?\b|\bkiitos|\bdziękuj|\bdzięki\b|\bděkuj|\bdíky\b|\bďakuj|"
    r"\bköszön|\bmulțumesc|\bmultumesc|\bhvala\b|"
    r"спасибо|благодар|дякую|ευχαριστ|\bteşekkür|\bsağ ?ol|شكر|תודה|متشکر|ممنون|谢谢|謝謝|多谢|感谢|感謝|"
    r"ありがとう|감사|고맙|"
    r"\bcảm ơn|\bcám ơn|ขอบคุณ|\bterima kasih|\bsalamat\b|\basante\b|\bmèsi\b",
)
_PRAISE = lexicon(
    r"\b(?:you|u)(?:'re| are|r| people are| folks are| guys are| all are)? (?:the )?(?:best|wonderful|amazing|"
    r"great|awesome|terrific|a (?:gem|star|treasure|lifesaver|life saver|marvel))\b|"
    r"\b(?:made|saved) my (?:day|week|life|bacon)\b|exactly (?:what|the)\b.{0,40}\b(?:hop|need|look|want|after)|"
    r"(?:could|couldn't|couldn’t) (?:not )?have (?:wished|asked|hoped) for|"
    r"\b(?:you )?should (?:hear|know)\b|\bwanted .{0,40}\b(?:to know|you to know)\b|\b(?:i(?:'|’)ve|have|i have|"
    r"there are) no words\b|\bno words\b|\bworked (?:perfectly|great|like|fine)|\bthe trick\b.{0,40}\bworked\b|"
    r"\b(?:asked|asks) me to (?:say|tell)\b|\bthat(?:'|’)?s the one\b|\bperfect\b[.!]|\b(?:don't|don’t|"
    r"do not) need a thing\b|\bgot an? [ab][+-]?(?:\W|$)|"
    r"^\W*(?:please )?tell (?:the (?:young|nice|kind|tall|lady|man|woman|lad|girl|fellow|gentleman|people|staff)|"
    r"marcus|mr|mrs|ms|miss|everyone|everybody|your|him|her|them\b)|"
    r"(?:sois|son|es usted|eres) (?:los|las|el|la) mejor|\bqué amable|\bmuy amable|vous êtes (?:formidable|génia|"
    r"au top)|ihr seid (?:die besten|spitze|toll)|太好了|太棒了|辛苦了",
)
_CLOSING_ONLY = late(
    r"^\W*(?:(?:many |so many )?thanks?(?: you)?(?: (?:again|so much|very much|a lot|in advance|both|all|kindly|"
    r"for (?:reading|your (?:time|help|attention|consideration))[^.!?\n]{0,40}))?|thx|ty|gracias|(?:mil|"
    r"muchas) gracias|merci(?: (?:d'avance|beaucoup))?|"
    r"(?:vielen |besten )?dank(?:e)?(?: im voraus)?|谢谢|謝謝|grazie(?: mille)?|obrigad[oa]|bedankt|tack|"
    r"tak)\W*(?:,\s*[\w .'-]{1,40})?\W*$",
)
_REQUEST = lexicon(
    r"[?？¿؟]|\b(?:can|could|would|will|may|might|shall|should) (?:you|u|i|we|someone|somebody|it|they)\b|\b(?:how|"
    r"where|when|why|which|who) (?:do|does|did|can|is|are|to|much|many|would|should)\b|"
    r"\b(?:i|we)(?:'d| would|’d)? (?:need|want|wish to|like to|would like|am looking|are looking|was wondering|"
    r"look forward|hope you|still|also|forgot|don't know|haven't|have not|can't|cannot)\b|\blooking for\b|"
    r"\bwondering\b|"
    r"\bplease (?!(?:thank|tell|pass|give|accept|convey|extend|say|send (?:my|our) (?:thanks|regards|love)))|"
    r"\bpls\b|\bkindly\b|\blet me know\b|\bcancel|\brenew\b|\border\b|\brefund|\bbut\b|\bhowever\b|\bexcept\b|"
    r"\balthough\b|\bunfortunately\b|"
    r"\bwould be (?:great|nice|lovely|helpful|good|wonderful|perfect|appreciated)\b|\bnot (?:yet|what|"
    r"the (?:right|one))\b|\bwrong\b|\bproblem|\bbroken|\berror|\binstead\b|\bone more\b|\banother\b|"
    r"\bby the way\b|\bbtw\b|\bnext time\b|\bactually\b|\bstill\b|\balso\b|\bforgot\b|\bquestion\b(?! lol)|"
    r"\b(?:podr[íi]an?|puede[ns]?|quisiera|quiero|necesito|necesitamos|me gustar[íi]a|por favor|dónde|cuándo|cómo|"
    r"cuánto|pero|todavía|aún|también|otra)\b|"
    r"\b(?:pourriez|pouvez|voudrais|souhaite|besoin|s'il vous plaît|svp|comment|où|quand|mais|aussi|encore|"
    r"encore une)\b|"
    r"\b(?:könn(?:t|en|te)|würde|möchte|brauche|bitte|wann|wo|wie|aber|noch|auch|leider)\b|"
    r"请问|吗|怎么|哪里|什么时候|能否|可以|想|需要|但是|还|\b(?:potrei|potreste|vorrei|per favore|poderia|"
    r"gostaria|preciso|kunt|kunnen|"
    r"graag|alstublieft|kan|skulle|vill)\b",
)
_AMISS = lexicon(
    r"\b(?:do|does|did)(?:n['’]t| not) (?:work|open|help|load|arrive|come|appear|show|let|print|fit|match|get|"
    r"receive|find|see|answer|solve|exist|play|download|have (?!to\b|words))|"
    r"\b(?:is|are|was|were)(?:n['’]t| not) (?:there|here|available|in\b|on\b|at\b|working|helpful|found|shown|"
    r"listed|right|correct|possible|able|mine|ready|enough|it\b|any)|\b(?:has|have|had)(?:n['’]t| not) (?:come|arrived|"
    r"worked|helped|been (?:there|found|sent|answered))|\b(?:can['’]t|cannot|can not|couldn['’]t|could not) (?:find|"
    r"open|see|read|get|log|sign|access|use|print|download|reach|enter)|\bwon['’]t (?:open|work|load|let|play|print)|"
    r"\bnever (?:came|arrived|got|showed|worked|received|heard)|\b(?:is|are|was|were) (?:missing|dead|gone|empty)|"
    r"\bno luck\b|\bto no avail\b|\bfail(?:s|ed)\b|\bnothing (?:came|happen|work)|"
    r"\bno (?:me |se |nos )?(?:funcion|sirv|abr|est[áa]|lleg|aparec|encuentr|encontr|carg|pued|pude|ayud|deja)|"
    r"\b(?:me )?faltan?\b|\bnunca (?:lleg|recib)|\bnada (?:lleg|funcion)|"
    r"\bne (?:marche|fonctionne|s['’]ouvre|trouve|peux|peut|m['’]aide)|\bn['’](?:[ée]tait|est|y (?:est|[ée]tait)|"
    r"arrive|ouvre|a) (?:toujours )?(?:pas|plus|rien)\b|\bn['’](?:ai|avons|a) (?:rien|pas|jamais) (?:pu|trouvé|reçu|"
    r"fonctionné|marché|aidé)|\b(?:m|nous |vous )['’]a pas (?:du tout )?aid|\bne m['’]a (?:pas|rien)|"
    r"\bil manque|\bintrouvable|"
    r"\b(?:geht|funktioniert|klappt|ging|funktionierte|klappte|hilft|half|stimmt|öffnet sich) (?:\w+ ){0,2}nicht\b|"
    r"\bnicht (?:da\b|dort\b|mehr da\b|im regal|auffind|gefunden|geöffnet|öffnen|angekommen|gekommen|geholfen|"
    r"funktioniert|geklappt|möglich|finden|erhalten|bekommen|verfügbar)|\bfehl(?:t|en|te)\b|\bkaputt\b|\bdefekt\b|"
    r"\bvergeblich\b",
)
_NOT_A_QUESTION = re.compile(
    r"\b(?:not a question|no question|no reply needed|no need to (?:reply|answer)|no answer needed|"
    r"nothing (?:else|more) needed)\b"
)
_NEWS = re.compile(r"\d{3,}|https?://|www\.|\b\d{1,2}[:/]\d{2}\b")
_GREETING = late(
    r"^\W*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|hola|buenos d[íi]as|buenas tardes|bonjour|"
    r"bonsoir|hallo|liebe|guten (?:tag|morgen)|ciao|你好|您好)\b[^.!?\n]{0,40}$"
)


def only_thanks(signed: str, subject: str, is_reply: bool) -> bool:
    """Whether the new text, signature and all, is a thank-you and nothing else.

    In a reply up to two sentences may say what it is for; a mail that begins a conversation must be all thanks, its
    subject too: "Is Dune back?" may be asked there, with "Thanks" below.
    """
    text = signed.strip()
    if not text or len(text) > _MAX_CHARACTERS or not (is_reply or not subject or _THANKS.search(subject.lower())):
        return False
    low = _NOT_A_QUESTION.sub(" ", text.lower())
    if "?" in low or not (_THANKS.search(low) or _PRAISE.search(low)):
        return False
    said = Counter(_said(match.group().strip()) for match in _SENTENCE.finditer(text))
    if said[_Said.MORE]:
        return False
    if not is_reply:
        return said[_Said.OTHER] == 0
    return said[_Said.OTHER] <= (_MAX_OTHER if said[_Said.THANKS] else 0)


def nothing_but_thanks(text: str) -> bool:
    """Whether each clause of a text thanks, greets or is a name: what it may be for is said nowhere, as news would be.

    For a writer whose answers are waited for: "Thank you for your patience, the book is here" is one.
    """
    clauses = [clause for part in _CLAUSE.split(text) if (clause := part.strip())]
    if any(map(str.isdigit, text)) or any(len(clause.split()) > _LONGEST_CLAUSE for clause in clauses):
        return False
    said = Counter(map(_said, clauses))
    return bool(said[_Said.THANKS] + said[_Said.CLOSING]) and not said[_Said.OTHER] + said[_Said.MORE]


def went_wrong(text: str) -> bool:
    """Whether something did not work, is missing or did not help, in English, Spanish, French or German."""
    return _AMISS.search(text.lower()) is not None


class _Said(Enum):
    """What one sentence says. ``CLOSING``: "Thanks, Pat" under something else; ``MORE``: a request, or news."""

    NOTHING = auto()
    THANKS = auto()
    CLOSING = auto()
    OTHER = auto()
    MORE = auto()


def _said(sentence: str) -> _Said:
    low = _NOT_A_QUESTION.sub(" ", sentence.lower())
    if not any(character.isalnum() for character in low) or _GREETING.match(low):
        return _Said.NOTHING
    if _REQUEST.search(low) or _AMISS.search(low):
        return _Said.MORE
    if _CLOSING_ONLY.match(low):
        return _Said.CLOSING
    if _THANKS.search(low) or _PRAISE.search(low):
        return _Said.THANKS
    if _is_name(sentence):
        return _Said.NOTHING
    return _Said.MORE if _NEWS.search(low) else _Said.OTHER


def _is_name(sentence: str) -> bool:
    words = sentence.split()
    return len(words) <= 4 and all(word[:1].isupper() or not word[:1].isalpha() for word in words)
