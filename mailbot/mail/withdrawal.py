"""Whether somebody takes their question back ("Never mind, I found it") and says nothing beside.

Each clause must be one of those known here: one more word of anything else may be what has to be done. That a thing is
needed no longer takes nothing back, for then something may have to be cancelled.
"""

from __future__ import annotations

import re

from mailbot.mail.lexicon import Words, late
from mailbot.mail.phrases import CLOSING, GRATITUDE
from mailbot.mail.thanks import nothing_but_thanks


def _whole(alternatives: str) -> Words:
    """These phrases, where nothing stands beside them."""
    return late(rf"\W*(?:{alternatives})\W*$")


_LONGEST = 300
_NAME_WORDS = 3
_WHERE = r"(?: (?:at home|(?:on|in|under|behind) (?:the|my) (?:\w+ )?(?:shelf|shelves|bag|car|desk|bed|drawer|house)))?"
_AFTER = r"(?: (?:now|already|myself|after all|again|in the end|just now|meanwhile|in the meantime))?"
_TAKEN_BACK = _whole(
    r"(?:please )?(?:never ?mind|nvm)(?: (?:that|this|my (?:last |previous |earlier )?(?:e-?mail|message|question)))?|"
    r"(?:please |you can |kindly )?(?:ignore|disregard|forget) (?:this|that|it|(?:my|the) (?:last |previous |earlier )?"
    r"(?:e-?mail|mail|message|question|request|note))(?: (?:from|of) \w+)?|"
    rf"(?:i )?(?:have |['’]ve |just |already |now |finally )*found (?:it|them|the answer){_AFTER}{_WHERE}{_AFTER}|"
    r"(?:i )?(?:have |['’]ve |just |already |now |finally )*(?:solved|sorted|figured|worked) it(?: out)?(?: myself)?|"
    r"(?:it(?:['’]s| is| has been)|this is|(?:my|the) (?:question|problem) (?:is|has been)|problem|all) "
    r"(?:now |already )?(?:solved|resolved|sorted(?: out)?|answered)|"
    r"(?:there is )?no need to (?:reply|answer|look(?: for it)?|do anything)(?: any ?more)?|"
    r"(?:ya )?no hace falta(?: nada)?|ya (?:lo|la|los|las) (?:he encontrado|encontré|encontramos|tengo)|"
    r"(?:por favor )?ignor(?:e|en|a) mi (?:mensaje|correo|pregunta)(?: anterior)?|"
    r"ya está (?:resuelto|solucionado|arreglado)|ya lo (?:resolví|solucioné)|"
    r"j['’]ai (?:enfin |déjà |finalement )?trouvé|je l['’]ai (?:enfin |déjà |finalement )?(?:re)?trouvée?|"
    r"(?:veuillez )?(?:ne (?:tenez|tenir) pas|ne pas tenir) compte de mon (?:dernier |précédent )?(?:message|mail|"
    r"courriel)(?: précédent)?|oubliez mon (?:dernier )?(?:message|mail|courriel)|c['’]est (?:réglé|résolu)|"
    r"(?:(?:das|es|die sache|(?:die|meine) (?:frage|anfrage|mail|nachricht)) )?hat sich "
    r"(?:(?:schon|bereits|inzwischen|mittlerweile|jetzt|damit) )*(?:erledigt|geklärt)|(?:schon |bereits )?erledigt|"
    r"(?:bitte )?(?:ignorieren|vergessen) sie (?:bitte )?meine (?:letzte |vorige )?(?:e-?mail|mail|nachricht|anfrage)|"
    r"(?:ich )?habe? (?:es|sie|ihn) (?:(?:schon|inzwischen|mittlerweile|doch|jetzt|selbst|zu hause|wieder) )*gefunden|"
    r"我?(?:已经|已經|自己|刚刚|刚)*找到了?(?:它|书|書)?了?|不用了|不必了|(?:请|請)忽略(?:我的?)?(?:上一?封|之前的?|刚才的?)?"
    r"(?:邮件|郵件|信)|问题(?:已经|已)?解决了|問題(?:已經|已)?解決了"
)
_BESIDE = _whole(
    r"(?:i['’]?m |i am |so |very )*sorry(?: (?:to (?:bother|trouble) you|(?:for|about) (?:the (?:trouble|bother|"
    r"inconvenience|confusion|noise)|that|bothering you)))?|my (?:bad|mistake)|please|all (?:is )?(?:good|well|fine)|"
    rf"(?:i )?(?:have |['’]ve |just )*found (?:the|my) (?:book|books|dvd|card){_AFTER}{_WHERE}{_AFTER}|"
    r"(?:perdón|disculpen?|lo siento)(?: (?:por )?la(?:s)? molestias?)?|por favor|todo bien|"
    r"désolée?(?: (?:pour|de) (?:le|vous avoir) (?:dérangement|dérangée?s?))?|c['’]est bon|tout va bien|"
    r"(?:entschuldigung|entschuldigen sie|sorry)(?: (?:bitte )?(?:für )?die (?:störung|mühe|umstände))?|alles gut|"
    r"schon gut|bitte|抱歉|不好意思|对不起|對不起|麻烦(?:您|你)了?|打扰了"
)
_GREETING = _whole(
    r"(?:hi|hello|hey|dear|hola|bonjour|hallo|liebe[rs]?|guten (?:tag|morgen)|您好|你好)(?: [\w.-]+){0,3}"
)
_CLAUSE = re.compile(r"[.!\n,;:，。；：！、]+|\s[-–—]+\s|(?<!\w)(?:and|und|y|et)(?!\w)", re.I)
_ANSWERS = frozenset("yes no ja nein sí si oui non ok okay".split())


def takes_back(text: str, name: str) -> bool:
    """Whether a text takes a question back; ``name`` is the writer's own, which may stand below."""
    if len(text) > _LONGEST or any(mark in text for mark in "?？¿"):
        return False
    clauses = [" ".join(clause.split()) for clause in _CLAUSE.split(text) if clause.strip()]
    back = [clause for clause in clauses if _TAKEN_BACK.match(clause.lower())]
    return bool(back) and all(clause in back or _says_nothing(clause, name) for clause in clauses)


def _says_nothing(clause: str, name: str) -> bool:
    """Whether a clause is polite, says where a thing was, or is a name."""
    low = clause.lower()
    if nothing_but_thanks(clause) or any(kind.match(low) for kind in (_BESIDE, _GREETING, CLOSING, GRATITUDE)):
        return True
    words = clause.split()
    own = {word.lower() for word in words} <= set(re.findall(r"\w+", name.lower()))
    named = len(words) <= _NAME_WORDS and all(word[:1].isupper() for word in words)
    return own or (named and _ANSWERS.isdisjoint(low.split()))
