"""Whether a mail is spam that the mail server's filter let through.

A filter normally stands before this and judges better; here only mail is held back that shows three different marks
of the trade at once. A reply is never spam: somebody was written to first. All patterns are for lower case.
"""

from __future__ import annotations

import re

from mailbot.mail.lexicon import lexicon
from mailbot.mail.message import Message

_SAMPLE = 8000
_ENOUGH = 3

_MONEY = lexicon(
    r"million (?:us |united states )?dollars|(?:usd?|us\$|\$) ?\d[\d.,]* ?(?:m\b|million)|united states dollars|"
    r"next of kin|bank (?:particulars|account details)|transfer (?:the|of|this) (?:sum|funds?|money)|beneficiary|"
    r"inheritance|barrister|executor of|lottery|claim (?:it|the fund|your (?:prize|fund))|atm card|western union"
)
_FLATTERY = lexicon(
    r"dear (?:beloved|friend|sir/madam|sir or madam|winner|customer|home ?owner|e-?mail user|investor|fellow)|"
    r"beloved|god bless|in confidence|utmost (?:confidence|secrecy|trust)|strictly confidential|mutual benefit|"
    r"business proposal|urgent (?:response|reply)|kindly send"
)
_PRESSURE = lexicon(
    r"click (?:here|below|on the link|the link)|visit (?:our|the|this) (?:web ?)?site|call (?:now|toll|today|us)|"
    r"order (?:now|today|online)|act (?:now|fast|today)|reply yes|apply (?:now|online|today)|sign up (?:now|today|"
    r"free)|book a \S+ demo|buy now"
)
_REMOVAL = lexicon(
    r"(?:to )?be removed|remove (?:you|me|your|yourself|in the subject)|unsubscribe|opt(?:ed)?[- ](?:out|in)|"
    r"removal (?:instructions|requests?)|no longer (?:wish|want) to receive|further mailings|mailing list|"
    r"take you off|future (?:e-?mails?|mailings|offers)"
)
_PROMISES = lexicon(
    r"100% (?:free|guaranteed|safe|satisfaction|natural)|money[- ]back|(?:satisfaction )?guaranteed?|risk[- ]free|"
    r"no (?:obligation|risk|cost|contract|credit check|fees?)|limited[- ]time|special (?:offer|promotion)|"
    r"absolutely free|free (?:trial|quote|audit|samples?|consultation|gift|information|report|membership|access|"
    r"demo|shipping)|lowest (?:rates?|prices?)|best prices?|discount|as (?:low|seen) (?:as|on)|"
    r"save (?:up to )?(?:\d|\$)|bargain"
)
_WARES = lexicon(
    r"viagra|cialis|weight loss|lose weight|mortgage|re-?financ|credit card debt|debt|work (?:from|at) home|"
    r"earn (?:\$|money|extra|up to)|make money|extra (?:cash|income)|financial (?:freedom|independence)|mlm|"
    r"multi-?level|casinos?|xxx|porn|adult|penis|breasts?|hot (?:girls|teens|babes)|sexual?|hair loss|toner|"
    r"ink ?jet|hgh|human growth|anti-?aging|pills?|prescription|diplomas?|insurance|life insurance|investment|"
    r"stock (?:alert|pick)|penny stocks?|offshore|marketing|bulk e-?mail|e-?mail addresses|traffic|"
    r"search engines?|google rank|seo\b|web ?hosting|leads|herbal|cable descrambler|spy|detective|cigars?|rolex|"
    r"replica|dating|singles|loans?|bad credit|unlimited|subscribers?|downline|opportunity"
)
_WORDS = (_MONEY, _FLATTERY, _PRESSURE, _REMOVAL, _PROMISES, _WARES)
_NUMBERED = re.compile(r"\d{3,}")


def looks_like_spam(message: Message, text: str) -> bool:
    """Whether the mail shows at least three marks, one of them a mark that letters to a library do not bear."""
    low = _low(message, text)
    marks = _marks(low)
    if sum(marks) < _ENOUGH - 1 or not (marks[0] or marks[2] or marks[3]):
        return False
    return sum(marks) + _looks(message, low) >= _ENOUGH


def may_be_genuine(message: Message, text: str) -> bool:
    """Whether a mail that is to be left alone bears so few marks that somebody may have written it to the library.

    Who is in need may name pills or a debt; the scams that threaten and sue bear two marks and more.
    """
    low = _low(message, text)
    return sum(_marks(low)) + _looks(message, low) < _ENOUGH - 1


def _low(message: Message, text: str) -> str:
    return f"{message.subject}\n{text}"[:_SAMPLE].lower()


def _marks(low: str) -> list[bool]:
    return [words.search(low) is not None for words in _WORDS]


def _looks(message: Message, low: str) -> int:
    """How many of the outward signs there are: shouting, HTML alone, a numbered sender."""
    subject = message.subject
    shouts = "!!" in subject or "!!!" in low or "$$" in low or (len(subject) > 8 and subject.isupper())
    numbered = message.sender is not None and _NUMBERED.search(message.sender.address.partition("@")[0]) is not None
    return shouts + (message.content_types[:1] == ("text/html",)) + numbered
