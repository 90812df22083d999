"""Whose question it is, as a colleague says it in plain words: "this is for X", "not ours, X please".

Owns the words that staff use for it, in English, German, Spanish and French, and when they are beyond doubt. Pure:
reads text and the directory; whether the writer may decide, and what follows, is ``routing``'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.library import Department, Library

_LONGEST = 80  # words: who writes more than this does more than pass a question on
_MOST_READ = 4000  # characters
_WRAPPED = 55  # columns: a line as long as this may have been broken by the mail program
_NAME_OF_A_WRITER = 3  # words

_D = (
    r"(?:(?:my |our |the )?colleagues (?:in|at|from) )?"
    r"(?:the |our |la |le |les |el |los |las |die |das |den |der |dem |l')?"
    r"\x01(?: department| dept| desk| team| people| staff| abteilung| equipo)?"
)
_OWN = r"(?:for |für |para |pour )?\x01"
_IT = r"(?:(?:this|that|it|this one|the (?:question|message|inquiry|email|mail))(?: really| clearly)?)"

_NOT_OURS = rf"""
    (?:(?:{_IT} )?(?:is not|isn't|is no|'s not|not)|{_IT}'s not)(?: actually| really)? (?:ours|mine|us|for us|
        for me|one of ours|
        our (?:area|department|desk|question|job)|{_OWN})|
    wrong (?:desk|dept|department|place)|
    (?:(?:das|dies|es) ist )?nicht (?:für uns|unser(?:e|er|es|e?s)?(?: (?:bereich|abteilung|gebiet|frage|sache))?|
        meins|{_OWN})|
    (?:dafür |da )?sind wir nicht zuständig|wir sind (?:dafür |hier )?nicht zuständig|
    (?:das |es )?(?:ist )?(?:(?:hier |bei uns )falsch|falsch (?:hier|bei uns))|
    (?:(?:das|dies|es) )?(?:gehört |ist )?nicht (?:zu uns|bei uns|hierher)|
    (?:esto |eso )?no es (?:nuestro|nuestra|para nosotros|de nosotros|de nuestro departamento|mío|{_OWN})|
    (?:esto |eso )?no nos (?:toca|corresponde)(?: a nosotros)?|
    (?:ce n'est |c'est )?pas (?:pour (?:nous|moi)|à nous|chez nous|nous|de notre ressort|notre service|{_OWN})|
    (?:cela|ça|ceci) ne nous concerne pas
"""
_THERE = rf"""
    (?:{_IT} ?)?(?:is |'s |should go |goes |should be |should have gone |needs to go |has to go |must go |belongs )?
        (?:a question |a matter |a case |one |something )?(?:for|to|with) {_D}|
    (?:(?:can|could|would|will) you )?(?:send|forward|pass|move|re-?route|give|hand|redirect|transfer|reassign|
        assign|refer|fwd)
        (?: {_IT}| him| her| them)?(?: on| over| along)? to {_D}|
    {_D} (?:has|have|handles?|deals? with|takes? care of|looks? after|should (?:get|have|take|handle|answer)|needs?)
        (?: {_IT}| these| those)|
    {_IT}(?: is|'s) (?:an? )?{_D}(?:'s?)? (?:question|matter|thing|one|issue|inquiry)|{_IT}(?: is|'s) {_D}'s?|
    over to {_D}|
    (?:(?:das|dies|es|die (?:frage|anfrage|mail|nachricht)) )?(?:(?:ist|gehört|geht|muss|soll|sollte) )?(?:etwas |
        eine (?:frage|sache) )?
        (?:für|zu|zur|zum|an|in|bei|nach) {_D}(?: gehen| hin)?|
    (?:(?:das|dies|es|die (?:frage|anfrage|mail)) )?(?:an|zu|zur|zum) {_D} (?:weiterleiten|weitergeben|schicken|
        senden|geben|umleiten|verschieben)|
    (?:leiten|geben|schicken|senden|reichen|leite|gib|schicke?|leitet|gebt|schickt)(?: sie)?
        (?: das| dies| es| die (?:frage|anfrage|mail))? (?:an|zu|zur) {_D}(?: weiter)?|
    (?:dafür ist|zuständig ist|zuständig dafür ist) {_D}(?: zuständig)?|{_D} ist (?:dafür |hier )?zuständig|
    weiter an {_D}|das macht {_D}|darum kümmert sich {_D}|
    (?:(?:esto|eso|este|esta|la (?:pregunta|consulta)) )?(?:es|va|toca|le toca|corresponde|le corresponde|pertenece|
        debe ir|debería ir)
        (?: una (?:pregunta|consulta)| un asunto)? (?:para|a|al|de|del) {_D}|para {_D}|lo (?:lleva|atiende|ve) {_D}|
    (?:favor de )?
        (?:env[ií](?:e|en|a|ar|elo|enlo|arlo)|m[aá]nd(?:e|en|a|ar|elo|enlo|alo)|p[aá]s(?:e|en|a|ar|elo|enlo|alo|arlo)|
        reenv[ií](?:e|en|a|ar|elo|enlo|arlo)|rem[ií]t(?:a|an|ir|alo|anlo)|der[ií]v(?:e|en|ar|elo|enlo)|
        enviar|mandar|pasar|reenviar)
        (?: esto| este mensaje| la (?:pregunta|consulta))? (?:a|al|para) {_D}|
    de (?:esto|eso) se (?:ocupan?|encargan?) {_D}|
    (?:(?:c'est|ceci est|cela est|ça va|ceci va|cela va|ce message est|cette (?:question|demande) est) )?
        (?:une question )?(?:pour|à|au|aux|chez|destinée? (?:à|au|aux)|du ressort d[eu]|de celui d[eu]) {_D}|
    (?:[àa] |de )?(?:transmett(?:ez|re)|envoy(?:ez|er)|transfér(?:ez|er)|fai(?:tes|re) suivre|pass(?:ez|er)|
        adress(?:ez|er)|redirig(?:ez|er))
        (?:-l[ea]| ceci| cela| ça| la question| ce message)? (?:à|au|aux|vers|chez) {_D}|
    (?:[àa] |de )?l[ea] (?:transmettre|envoyer|faire suivre|passer) (?:à|au|aux|vers) {_D}|
    c'est {_D} qui s'en (?:occupe|charge)|(?:cela|ça|ceci) (?:concerne|relève de|revient à) {_D}
"""
_LINK = r"(?:but |rather |instead |sondern |sino |mais |it's |it is |this is |that's |that is |c'est |es ist )*"

_AGAIN = r"""
    (?:(?:can|could|would|will) you )?(?:send|forward|pass|move|re-?route|give|hand|redirect|transfer|refer|fwd)
        (?: (?:this|that|it))?(?: on| over| along)?(?: to (?:them|him|her)| there)?|
    (?:leiten|geben|schicken|senden)(?: sie)?(?: es| das)?(?: an sie| dorthin| dahin)?(?: weiter)?|
    (?:(?:es|das) )?(?:an sie |dorthin |dahin )?(?:weiterleiten|weitergeben|schicken|senden)|
    (?:env[ií]|mánd|pás|reenví)[ae]n?(?:se)?lo(?: a ellos| a ellas| allí)?|
    (?:(?:[àa] |de )?(?:le )?(?:leur )?(?:transmettre|envoyer|passer|faire suivre)|
        (?:transmettez|envoyez|passez)(?:-l[ea])?-leur)
"""
_YES = r"(?:yes|yep|yeah|yup|correct|exactly|ja|jawohl|genau|richtig|sí|si|correcto|exacto|oui|exact|tout à fait)"
_NO = r"(?:no|nope|non|nein|nee)"
_GOES = r"""
    (?:yes )?(?:it|this|that) (?:should|does|is|must)(?: go there)?|(?:yes )?that's (?:right|correct)|
    (?:move|send|pass) (?:it|this)(?: on| there)?|do|do so|go ahead|
    (?:ja )?(?:das|es) (?:soll|sollte|muss|gehört)(?: es)?(?: dorthin| dahin| dort hin)?|das stimmt|stimmt|so ist es|
    así es|es correcto|(?:sí |si )?(?:debe|debería) ir(?: allí| ahí)?|c'est (?:ça|exact|bien ça|juste)
"""
_STAYS = r"""
    (?:(?:it|this|that|this one) ?(?:'s|is|stays|should stay|can stay|remains|belongs) )?
        (?:with us|here|here with us|ours|mine|for us|our question)|
    (?:please )?(?:keep|leave) (?:it|this|that)(?: here| with us)?|
    (?:we|i)(?:'ll| will)? (?:keep|take|have) (?:it|this|that)|
    (?:it|this) stays|(?:(?:es|das) )?(?:bleibt|gehört) (?:bei uns|hier|zu uns)|(?:es|das) ist (?:für uns|unseres)|
    wir (?:behalten|übernehmen|machen) (?:es|das)|se queda(?: aquí| con nosotros)?|es (?:nuestro|nuestra|para nosotros)|
    lo (?:llevamos|atendemos|hacemos)(?: nosotros)?|(?:(?:il|elle|ça|cela) )?reste (?:chez nous|ici)|
    c'est (?:pour|à) nous|nous (?:le|la|nous en) (?:gardons|occupons)|on (?:le|la) garde
"""


def _pattern(words: str) -> str:
    return re.sub(r"\s*\n\s*", "", words)


_STATED = re.compile(
    rf"(?:{_NO} )?(?:(?:{_pattern(_NOT_OURS)}) {_LINK})?(?:{_pattern(_THERE)})"
    rf"(?: instead| (?:{_pattern(_NOT_OURS)})| (?:(?:and|so|und|y|et) )?(?:{_pattern(_AGAIN)}|{_pattern(_THERE)}))?"
)
_REFUSED_FOR = re.compile(rf"(?:{_pattern(_NOT_OURS)}) {_LINK}{_D}(?: instead)?")
_NAME = re.compile(_D)
_AGREED = re.compile(rf"{_YES}|(?:{_YES} )?(?:{_pattern(_GOES)})")
_KEPT = re.compile(rf"{_NO}|(?:{_NO} )?(?:{_pattern(_STAYS)})")
_NAMED = re.compile(rf"(?:(?P<yes>{_YES}) |(?P<no>{_NO}) )?(?:{_D}|{_pattern(_THERE)})(?: instead)?")
_REFUSED = re.compile(rf"(?<!\w)(?:{_pattern(_NOT_OURS)})(?!\w)")
_HINTED = re.compile(
    rf"(?<!\w)(?:(?:for|to|try|ask|für|zur?|zum|an|fragen sie|para|al?|pregunte a|pour|à|aux?|demandez à) {_D}|"
    rf"{_D} (?:handles?|deals? with|takes? care|should|is responsible|ist zuständig))(?!\w)"
)
_REQUEST = re.compile(r"^(?:can|could|would|will) you ")
_PLEASE = re.compile(r"(?<!\w)(?:please|pls|kindly|bitte|por favor|s'il (?:vous|te) pla[iî]t|svp|stp|merci de)(?!\w)")
_POLITE = re.compile(
    r"(?<!\w)(?:(?:hi|hello|hey|dear) (?:team|everyone|folks|colleagues?|all)|(?:i'm |i am )?sorry(?: but)?|"
    r"please|pls|kindly|hi|hello|thanks|thank you|many thanks|cheers|regards|"
    r"kind regards|bitte|hallo|danke|vielen dank|viele grüße|mfg|lg|gruß|grüße|hola|por favor|gracias|muchas gracias|"
    r"saludos|bonjour|merci|merci beaucoup|s'il (?:vous|te) pla[iî]t|svp|stp|cordialement)(?!\w)"
)
_HEDGED = re.compile(
    r"(?<!\w)(?:maybe|perhaps|probably|possibly|might|may|i (?:think|guess|believe|suppose)|not sure|unsure|or|if|"
    r"vielleicht|evtl|eventuell|wohl|vermutlich|wahrscheinlich|glaube|denke|oder|falls|wenn|könnte|"
    r"quizás?|tal vez|creo|puede que|probablemente|o|u|si|podría|"
    r"peut-être|je (?:pense|crois)|sans doute|probablement|ou|pourrait)(?!\w)"
)
_SALUTATION = re.compile(
    r"^\W*(?:dear(?! (?:all|colleagues?|team))|sehr geehrte[rs]?|estimad[oa]s?|"
    r"chère?s? (?:madame|monsieur)|madame|monsieur)\b",
    re.IGNORECASE | re.MULTILINE,
)
_REMARK = re.compile(r"\s+[-–—]\s*|\s*[(,;]|\.\s")  # what sets a remark off from a name
_ASIDE = re.compile(r"\([^()\n\x01]{0,120}\)")
_SVP = re.compile(r"\bs\.\s?[vt]\.\s?p\b\.?", re.IGNORECASE)
_MENTION = re.compile("\x02(\\d+)\x01")


@dataclass(frozen=True, slots=True)
class Instruction:
    """Which departments a colleague named as the right ones (keys, first to last), and whether it is beyond doubt.

    Beyond doubt means one department, stated without a condition or a guess. None named: "not ours", and no more.
    """

    departments: tuple[str, ...]
    sure: bool


def instruction_in(text: str, library: Library, holder: str, *, to_patron: bool) -> Instruction | None:
    """What a colleague's reply says about whose question it is, or None where it speaks of something else.

    ``text`` is what is new in the reply, ``holder`` the key of the department that has the case, ``to_patron`` whether
    the patron reads it too: then only a reply that says nothing else is an instruction; any other is an answer.
    """
    names = _Names(library)
    said = [one for one in _sentences(names.marked(text[:_MOST_READ])) if not one.is_filler]
    if not said or _SALUTATION.search(text):
        return None
    named = tuple(dict.fromkeys(key for one in said if (key := one.stated(names, holder))))
    beyond = len(named) == 1 and said[0].opens(names, holder) and not any(map(_in_doubt, said))
    if beyond and not (to_patron and len(said) > sum(one.opens(names, holder) for one in said)):
        others = {key for one in said for key in one.mentioned(names)} - {named[0], holder}
        words = sum(len(one.words.split()) for one in said)
        return Instruction(tuple(dict.fromkeys((*named, *sorted(others)))), not others and words <= _LONGEST)
    if to_patron:
        return None
    hinted = [one for one in said if one.hints or _in_doubt(one)]
    keys = dict.fromkeys(key for one in hinted for key in one.mentioned(names) if key != holder)
    return Instruction(tuple(keys), sure=False) if hinted and _may_pass_on(hinted, keys) else None


def answer_in(text: str, library: Library, holder: str, candidates: tuple[str, ...]) -> str | None:
    """Where a question goes by a colleague's answer to ours whether it is for ``candidates`` (keys), or, where these
    are none, for whom: the key of a department, ``holder``'s where it stays. None where that leaves a doubt.
    """
    names = _Names(library)
    said = [(one, one.answers(names, holder, candidates)) for one in _sentences(names.marked(text[:_MOST_READ]))]
    if any(one.asks or (key is None and one.may_be_more) for one, key in said):
        return None
    keys = [key for _, key in said if key is not None]
    others = set(keys) - {keys[0], holder} if keys else set()  # a colleague signs with their own desk's name
    return keys[0] if keys and not others else None


def department_in(named: str, library: Library) -> Department | None:
    """The department that a `route:` line names, with a remark or a courtesy behind it or not; None where it is not
    known, or where another one is named as well.
    """
    if (found := library.find(named)) is not None:
        return found
    names = _Names(library)
    first, *rest = _sentences(names.marked(_REMARK.sub("\n", named, count=1))) or (None,)
    if first is None or first.asks or any(one.mentioned(names) for one in rest) or not first.is_name:
        return None
    return library.find(first.mentioned(names)[0])


def _may_pass_on(hinted: list[_Sentence], keys: dict[str, None]) -> bool:
    return bool(keys) or any(_REFUSED.search(one.words) for one in hinted)


def _in_doubt(sentence: _Sentence) -> bool:
    """Whether a sentence that speaks of departments guesses, asks or sets a condition."""
    if "\x01" not in sentence.words:
        return False
    return bool(_HEDGED.search(sentence.words)) or (sentence.asks and not _REQUEST.match(sentence.words))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence in small letters, without courtesies and punctuation; departments are marks with a number."""

    words: str
    asks: bool
    pleads: bool

    @property
    def is_filler(self) -> bool:
        """Whether it is a greeting or a name, and says nothing."""
        short = len(self.words.split()) <= _NAME_OF_A_WRITER
        return short and not (self._states or self.hints or _in_doubt(self))

    @property
    def _bare(self) -> str:
        return _MENTION.sub("\x01", self.words)

    @property
    def is_name(self) -> bool:
        """Whether it is the name of a department and nothing else."""
        return bool(_NAME.fullmatch(self._bare))

    @property
    def _states(self) -> bool:
        bare = self._bare
        if self.is_name:
            return self.pleads  # without "please" it may be what the colleague signs with
        return bool(_STATED.fullmatch(bare) or _REFUSED_FOR.fullmatch(bare))

    @property
    def hints(self) -> bool:
        """Whether it may be about whose question it is."""
        return bool(_REFUSED.search(self._bare) or _HINTED.search(self._bare))

    def stated(self, names: _Names, holder: str) -> str:
        """The key of the department it gives the question to, or ""."""
        keys = tuple(dict.fromkeys(self.mentioned(names))) if self._states else ()
        return keys[-1] if len(keys) == 1 or (len(keys) == 2 and keys[0] == holder) else ""

    def opens(self, names: _Names, holder: str) -> bool:
        """Whether it is such a statement, or the refusal that leads to one."""
        return bool(self.stated(names, holder) or _REFUSED.fullmatch(self._bare))

    @property
    def may_be_more(self) -> bool:
        """Whether it may say more than who writes."""
        return not self.is_filler or bool(_HEDGED.search(self.words)) or "\x01" in self.words

    def answers(self, names: _Names, holder: str, candidates: tuple[str, ...]) -> str | None:
        """Where the question goes by this, said in answer to whether it is for ``candidates``; None where it is not."""
        bare, keys = self._bare, self.mentioned(names)
        if _KEPT.fullmatch(bare):
            return holder
        if _AGREED.fullmatch(bare):
            return candidates[0] if len(candidates) == 1 else None
        found = _NAMED.fullmatch(bare)
        if found is None or len(keys) != 1:
            return None
        agrees = not candidates or keys[0] in candidates
        return None if (found["yes"] and not agrees) or (found["no"] and candidates and agrees) else keys[0]

    def mentioned(self, names: _Names) -> tuple[str, ...]:
        """The departments it names, in order."""
        return tuple(names.keys[int(number)] for number in _MENTION.findall(self.words))


class _Names:
    """What the departments of a library are called: name, key, and the first part of the address where it is one's."""

    def __init__(self, library: Library) -> None:
        self.keys = [department.key for department in library.departments]
        called = {
            word.lower(): number
            for number, department in reversed(list(enumerate(library.departments)))
            for word in _called(department, library)
        }
        longest = sorted(called, key=len, reverse=True)
        pattern = "|".join(re.sub(r"(?:\\ |\\-|\s)+", r"[\\s-]+", re.escape(word)) for word in longest)
        self._called = {_spaced(word): number for word, number in called.items()}
        self._pattern = re.compile(rf"(?<![\w@-])(?:{pattern})(?![\w@]|-\w)", re.IGNORECASE)

    def marked(self, text: str) -> str:
        """The text with a mark in the place of each department."""
        plain = text.replace("\x01", " ").replace("\x02", " ").replace("\u2019", "'")
        return self._pattern.sub(self._mark, plain)

    def _mark(self, found: re.Match[str]) -> str:
        return f"\x02{self._called[_spaced(found[0].lower())]}\x01"


def _spaced(name: str) -> str:
    """A name with single blanks for whatever stands between its words."""
    return " ".join(re.split(r"[\s-]+", name))


def _called(department: Department, library: Library) -> Iterator[str]:
    yield department.name
    yield department.key
    yield department.email
    yield from library.aliases(department)


def _sentences(text: str) -> list[_Sentence]:
    return list(_each_sentence(_SVP.sub("svp", _ASIDE.sub(" ", text))))


def _each_sentence(text: str) -> Iterator[_Sentence]:
    lines: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith(">"):
            continue
        broken = bool(lines) and len(lines[-1]) >= _WRAPPED and bool(line.strip())
        lines[-1:] = [f"{lines[-1]} {line}"] if broken else [*lines[-1:], line]
    for piece in re.findall(r"[^.!?\n]+[.!?]*", "\n".join(lines)):
        low = piece.lower()
        words = re.sub(r"[^\w\x01\x02' -]|(?<!\w)-|-(?!\w)", " ", _POLITE.sub(" ", low))
        if words := " ".join(words.split()):
            yield _Sentence(words, "?" in piece, bool(_PLEASE.search(low)))
