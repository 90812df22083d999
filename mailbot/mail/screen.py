"""May this mail be answered, and if not, why not: one predicate, read from top to bottom.

Owns the policy against answering robots: RFC 3834 section 2 and its cousins in real mail, RFC 3464, 3798, 5965,
2369, 5230. ``RULES`` is the table; each rule asks one question and names its reason. A person is never turned
away for what they quote: the words are judged on what is new in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from mailbot.mail import robots
from mailbot.mail.absence import is_notice
from mailbot.mail.addresses import parse_addresses
from mailbot.mail.forwarded import true_sender
from mailbot.mail.kinds import Kind, Verdict
from mailbot.mail.lexicon import late
from mailbot.mail.message import Message
from mailbot.mail.mime import take_apart
from mailbot.mail.ours import Ours
from mailbot.mail.spam import looks_like_spam, may_be_genuine
from mailbot.mail.subjects import Prefix, read_subject

_SAMPLE = 6000
_DAEMON = late(
    r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|postmaster|postmast|mail(?:er|[-_.]?system|[-_.]?delivery|"
    r"[-_.]?admin|[-_.]?subsystem)|maildaemon|daemon|bounces?|bounce[-_+].*|mailrobot|smtpd?|uucp|mmdf|"
    r"amavis(?:d)?|virus\w*|antivirus|mailscanner|mail-?sweeper|interscan|postoffice|undeliver\w*|"
    r"system[-_.]?administrator|mail-?gateway|dsn|nobody)$",
    re.I,
)
_DAEMON_NAME = late(
    r"mail(?:er)? ?(?:delivery|administrator|[- ]?daemon)|delivery (?:subsystem|system|notification|status)|"
    r"system administrator|postmaster|mail system|internet mail|mailer-daemon",
    re.I,
)
_NO_REPLY = late(
    r"^(?:.*[-_.+])?(?:no[-_.]?re?pl[yi](?:es)?|do[-_.]?not[-_.]?(?:reply|respond|answer)|dont[-_.]?reply|"
    r"noresponder?|no[-_.](?:respond(?:er|a)?|response|answer|contestar|contest[ea])|no[-_.]?contest(?:ar|e)|"
    r"ne[-_.]?pas[-_.]?repondre|nepasrepondre|pas[-_.]?de[-_.]?reponse|sans[-_.]?reponse|"
    r"nao[-_.]?respond[ae]r?|n[aã]o[-_.]?responda|non[-_.]?rispond(?:ere|ete)|norispon\w*|nicht[-_.]?antworten|"
    r"keine[-_.]?antwort|bitte[-_.]?nicht[-_.]?antworten|niet[-_.]?(?:beantwoorden|reageren)|noantwoord|"
    r"svara[-_.]?inte|ej[-_.]?svar|ikke[-_.]?svar|ala[-_.]?vastaa|nie[-_.]?odpowiadaj|neodpovidat|"
    r"ne[-_.]?valaszolj|"
    r"unattended|unmonitored|donotreply|auto[-_.]?(?:reply|responder|respond|response|mailer|notify|confirm|"
    r"message)|autoresponder|automat(?:ed|ic|isch)?|robot|noc?reply)(?:[-_.+\d].*)?$",
    re.I,
)
_MACHINE = late(
    r"^(?:.*[-_.])?(?:notifications?|notify|newsletters?|alerts?|listserv|listproc|majordomo|mailman|ezmlm|"
    r"mailings?|mailinglist|announcements?)(?:[-_.+\d].*)?$|"
    r"^(?:root|cron|nagios|www-data|apache|wwwrun|owner[-_.].*|.*[-_.](?:request|bounces|owner)|.*-(?:un)?subscribe)$",
    re.I,
)
_LIST_PATH = re.compile(r"^(?:bounces?(?:[-+=._\d].*)?|owner-.*|msprvs1=.*|.*-(?:bounces?|owner|errors)(?:[-+=].*)?)$")
_NO = frozenset({"no", "no;", ""})
_YES = frozenset({"yes", "true", "y", "1"})
_SUPPRESS = re.compile(r"\b(?:all|oof|autoreply|auto-?reply)\b", re.I)
_DSN_FIELD = re.compile(
    r"^[ \t]*(?:final-recipient|original-recipient|diagnostic-code|reporting-mta|remote-mta|action|status|"
    r"arrival-date|last-attempt-date)[ \t]*:",
    re.I | re.M,
)
_ARF_FIELD = re.compile(
    r"^[ \t]*(?:feedback-type|user-agent|source-ip|original-mail-from|original-rcpt-to|reported-domain|"
    r"abuse-type)[ \t]*:",
    re.I | re.M,
)
_MDN_FIELD = re.compile(r"^[ \t]*(?:disposition|reporting-ua|original-message-id|mdn-gateway)[ \t]*:", re.I | re.M)
_STATEMENT = late(
    r".{0,200}\b(?:your|this|the following) (?:message|mail|e-?mail)\b[^?]{0,120}(?:could|can|has|was|were|"
    r"is)(?: ?not|n't) (?:been |be )?(?:delivered|sent|accepted)",
    re.I,
)
_FAILURE = re.compile(
    r"deliver\w* (?:fail|status|problem|error)|undeliver|not delivered|non remis|returned mail|failure notice|"
    r"unzustellbar",
    re.I,
)
_COMPLAINT = re.compile(
    r"^\W*(?:complaint about (?:message|mail)|(?:e-?mail )?(?:feedback|abuse|spam) (?:report|complaint|"
    r"notification)|feedback loop)",
    re.I,
)
_RECEIPT_SUBJECT = late(
    r"^\W{0,3}(?:read(?: receipt)?:|gelesen:|lu\s?:|leído:|letto:|lido:|gelezen:|läst:|lest:|return receipt|"
    r"disposition notification|not read:|ungelesen gelöscht|přečteno:|przeczytane:|прочитано:|已读|開封済み|읽음)",
    re.I,
)
_SPAM_HEADER = re.compile(r"^\s*(?:yes|spam)\b", re.I)
_ANSWERS_INVITATION = frozenset({"reply", "counter"})  # methods of text/calendar
_REACTION = re.compile(r"^\W*.{1,60} reacted via gmail\b", re.I)
_REACTION_SUBJECT = re.compile(r"^.{1,80} reacted to your (?:message|mail|e-?mail)\b", re.I)
_RECALL = re.compile(r"would like to recall the message", re.I)
_GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"

_AUTO_HEADERS = frozenset({
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-auto-response", "x-autoreply-from",
    "x-mail-autoreply", "x-ms-exchange-inbox-rules-loop-autoreply", "auto-replied", "x-vacation", "x-autogenerated",
    "x-auto-generated", "x-cron-env",
})  # fmt: skip
_LIST_HEADERS = frozenset({
    "list-id", "list-post", "list-unsubscribe", "list-help", "list-subscribe", "list-owner", "list-archive",
    "mailing-list", "x-mailing-list", "x-beenthere", "x-mailman-version", "x-list", "x-listname", "x-ml-name",
    "x-list-id", "list-software", "x-listserver", "x-list-host", "x-ml-count", "x-mdmailing-list",
    "x-mdaemon-deliver-list", "x-google-group-id", "x-loop-list", "x-listmember", "x-list-unsubscribe", "list",
})  # fmt: skip
_BULK_HEADERS = frozenset({
    "feedback-id", "x-campaign", "x-campaignid", "x-campaign-id", "x-mailchimp-campaign", "x-mc-user", "x-bulkmail",
    "x-bulk", "x-mass-mailing", "x-newsletter", "x-csa-complaints", "x-report-abuse-to-list", "x-mailer-recptid",
    "x-job", "x-jobid", "x-cid-campaign", "x-elist", "x-ems", "x-sfmc-stack", "x-sg-campaign", "x-mandrill-user",
    "x-roving-id", "x-ac-weight", "x-facebook", "x-facebook-notify", "x-linkedin-template", "x-github-reason",
    "x-gitlab-project", "x-jira-fingerprint", "x-redmine-host", "x-bugzilla-type", "x-launchpad-bug",
    "x-trac-version", "x-request-tracker", "x-otrs-loop", "rt-originator", "x-rt-loop-prevention", "x-nagios",
    "x-notification",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a rule may look at.

    ``names`` are the headers there are; ``new`` is the new text with its signature, ``low`` the same in lower
    case; ``passed_on`` says whether staff sent it on.
    """

    message: Message
    ours: Ours
    names: frozenset[str]
    new: str
    low: str
    passed_on: bool
    is_form: bool
    from_own_list: bool
    prefix: Prefix

    @property
    def local(self) -> str:
        """The local part of the sender's address, in lower case."""
        return self.message.sender.key.partition("@")[0].rstrip("\\") if self.message.sender else ""


Rule = Callable[[Candidate], Verdict | None]


def screen(message: Message, ours: Ours, new: str, *, passed_on: bool = False) -> Verdict:
    """What sort of mail it is and whether it may be answered. ``new`` is the new text, its signature included.

    Where staff passed the mail on (``passed_on``) the headers are theirs and the text is the patron's: the rules
    about robots' words and about the sender's address don't apply.
    """
    is_form = message.sender is not None and message.sender.key in ours.forms
    names = frozenset(name for name, _ in message.headers)
    new = new[:_SAMPLE]
    candidate = Candidate(
        message,
        ours,
        names,
        new,
        new.lower(),
        passed_on,
        is_form,
        _is_own_list(message, names, ours),
        read_subject(message.subject)[0],
    )
    for rule in RULES:
        verdict = rule(candidate)
        if verdict is not None:
            return verdict
    return Verdict(Kind.INQUIRY, True)


def _no(kind: Kind, reason: str) -> Verdict:
    return Verdict(kind, False, reason, meant=False)


def _unless_genuine(candidate: Candidate, kind: Kind, reason: str) -> Verdict:
    """Nobody may be answered, and yet somebody may have written it: by a program, or taken for one, or for spam."""
    return Verdict(kind, False, reason, meant=may_be_genuine(candidate.message, candidate.new))


def _is_own_list(message: Message, names: frozenset[str], ours: Ours) -> bool:
    """Whether the list it came through is one that only feeds our mailbox (a Google Group in front of it)."""
    if _LIST_HEADERS.isdisjoint(names):
        return False
    own = ours.lists | ours.addresses
    named = {one.replace("@", ".") for one in own}
    for name in ("list-id", "list-post", "mailing-list", "x-beenthere", "list-unsubscribe"):
        value = message.header(name).lower()
        if value and (any(one in value for one in own) or any(f"<{one}>" in value for one in named)):
            return True
    return False


def _no_mail(candidate: Candidate) -> Verdict | None:
    message = candidate.message
    return _no(Kind.EMPTY, "this is not a mail message") if not message.is_mail else None


def _own(candidate: Candidate) -> Verdict | None:
    message, ours = candidate.message, candidate.ours
    sender = message.sender
    from_us = sender is not None and ours.is_own(sender)
    if message.header("x-mailbot-letter"):
        return _no(Kind.OWN if from_us else Kind.AUTO_REPLY, "it is a letter that mailbot wrote")
    if ours.gave(message.message_id):
        return _no(Kind.OWN, "it bears a Message-ID that mailbot gave")
    if any(ours.is_own(address) for value in message.all("x-loop") for address in parse_addresses(value)):
        return _no(Kind.OWN, "it has been through this mailbox before (X-Loop)")
    if from_us and not candidate.is_form and true_sender(message, ours) == sender:
        return _no(Kind.OWN, "it comes from this mailbox's own address")
    return None


def _report(candidate: Candidate) -> Verdict | None:
    """By structure: what servers send each other."""
    message = candidate.message
    types = set(message.content_types)
    kind = message.header("content-type").lower()
    if any(
        "disposition-notification" in one for one in types
    ) or "report-type=disposition-notification" in kind.replace('"', ""):
        return _no(Kind.AUTO_REPLY, "it is a receipt that the mail was read (RFC 3798)")
    if "message/feedback-report" in types or "feedback-report" in kind:
        return _no(Kind.BULK, "it is an abuse report (RFC 5965)")
    if types & {"message/delivery-status", "message/global-delivery-status"} or "delivery-status" in kind:
        return _no(Kind.BOUNCE, "it is a delivery report (RFC 3464)")
    if message.content_types[:1] == ("multipart/report",):
        return _no(Kind.BOUNCE, "it is a report of a mail server (RFC 6522)")
    return None


def _bounce(candidate: Candidate) -> Verdict | None:
    """Delivery reports that say so only in words, or were flattened on the way."""
    message = candidate.message
    if "x-failed-recipients" in candidate.names:
        return _no(Kind.BOUNCE, "it is a delivery report (X-Failed-Recipients)")
    name = message.sender.name.lower() if message.sender else ""
    null_path = message.return_path == ""
    daemon = _DAEMON.match(candidate.local) is not None
    called_daemon = daemon or _DAEMON_NAME.search(name) is not None or (candidate.local == "" and null_path)
    subject = robots.BOUNCE_SUBJECT.match(message.subject.lower()) is not None
    if called_daemon and (subject or null_path or _tells_of_failure(message)):
        return _no(Kind.BOUNCE, "a mail server reports that a mail could not be delivered")
    if daemon:
        return _no(Kind.AUTO_REPLY, f"the sender is a mail server ({candidate.local or name})")
    if (
        "?" not in candidate.new
        and _FAILURE.search(message.subject)
        and _STATEMENT.match(" ".join(candidate.new[:1000].split()))
    ):
        return _no(Kind.BOUNCE, "a mail server reports that a mail could not be delivered")
    if candidate.prefix is not Prefix.NONE or candidate.passed_on:
        return None
    fields = 0
    if "-recipient" in candidate.low or "status" in candidate.low:
        fields = len({match.group().strip(" \t:").lower() for match in _DSN_FIELD.finditer(candidate.new)})
    if fields >= 3:
        return _no(Kind.BOUNCE, "it is a delivery report that lost its structure on the way")
    if (subject or null_path) and (
        fields >= 2
        or ("@" in candidate.new and _tells_of_failure(message) and robots.MACHINE_TALK.search(candidate.low))
    ):
        return _no(Kind.BOUNCE, "a mail server reports that a mail could not be delivered")
    return None


def _tells_of_failure(message: Message) -> bool:
    text = (message.text if message.text.strip() else message.html)[:_SAMPLE].lower()
    return robots.BOUNCE_TEXT.search(text) is not None or robots.BOUNCE_TEXT.search(" ".join(text.split())) is not None


def _other_reports(candidate: Candidate) -> Verdict | None:
    """Receipts and complaints that were flattened on the way."""
    if candidate.prefix is not Prefix.NONE or candidate.passed_on:
        return None
    message = candidate.message
    if (
        "feedback-type" in candidate.low
        and len({match.group().strip().lower() for match in _ARF_FIELD.finditer(candidate.new)}) >= 3
    ):
        return _no(Kind.BULK, "it is an abuse report that lost its structure on the way")
    if message.attached and _COMPLAINT.match(message.subject):
        return _no(Kind.BULK, "it is a complaint about somebody's mail")
    if "disposition" in candidate.low:
        fields = len({match.group().strip().lower() for match in _MDN_FIELD.finditer(candidate.new)})
        if fields >= 2 or (fields and _RECEIPT_SUBJECT.match(message.subject)):
            return _no(Kind.AUTO_REPLY, "it is a receipt that lost its structure on the way")
    return None


def _gesture(candidate: Candidate) -> Verdict | None:
    """What a program sends for a click: a reaction, the answer to an invitation (RFC 5546), a mail taken back."""
    message = candidate.message
    if candidate.passed_on:
        return None
    said = " ".join(candidate.new[:300].split())
    reacts = "text/vnd.google.email-reaction+json" in message.content_types
    if reacts or _REACTION.match(said) or _REACTION_SUBJECT.match(message.subject):
        return _no(Kind.AUTO_REPLY, "it is a reaction to a mail, with no words")
    if "text/calendar" in message.content_types and any(
        part.type == "text/calendar" and part.parameter("method").lower() in _ANSWERS_INVITATION
        for part in take_apart(message.raw).parts
    ):
        return _no(Kind.AUTO_REPLY, "it answers an invitation (RFC 5546)")
    if message.subject.lower().startswith("recall: ") and _RECALL.search(said):
        return _no(Kind.AUTO_REPLY, "a mail program takes a mail back")
    return None


def _auto_headers(candidate: Candidate) -> Verdict | None:
    message = candidate.message
    submitted = message.header("auto-submitted").partition(";")[0].strip().lower()
    tolerated = (candidate.passed_on and submitted == "auto-forwarded") or (
        candidate.is_form and submitted == "auto-generated"
    )
    if submitted not in _NO and not tolerated:
        return _unless_genuine(candidate, Kind.AUTO_REPLY, f"a program sent it (Auto-Submitted: {submitted[:40]})")
    for name in sorted(_AUTO_HEADERS & candidate.names):
        value = message.header(name).strip().lower()
        if value and value not in ("no", "false"):
            return _unless_genuine(candidate, Kind.AUTO_REPLY, f"a program sent it ({name})")
    if message.header("precedence").strip().lower() in ("auto_reply", "auto-reply", "autoreply"):
        return _unless_genuine(candidate, Kind.AUTO_REPLY, "a program sent it (Precedence)")
    if message.header("x-precedence").strip().lower() == "auto_reply" or message.header(
        "x-post-messageclass"
    ).startswith("9; Autoresponder"):
        return _unless_genuine(candidate, Kind.AUTO_REPLY, "a program sent it")
    if message.header("delivered-to").lower().startswith("autoresponder") or message.header(
        "x-mailer"
    ).lower().startswith(("vacation", "autorespond")):
        return _unless_genuine(candidate, Kind.AUTO_REPLY, "a program sent it")
    return None


def _auto_subject(candidate: Candidate) -> Verdict | None:
    message, low = candidate.message, candidate.low
    subject = message.subject.lower()
    if candidate.passed_on:
        return None
    declared = "x-auto-response-suppress" in candidate.names or message.return_path == ""
    if robots.SUBJECT.match(subject):
        robot = declared or "?" not in low or _signs(low) > 0
    elif robots.AWAY_SUBJECT.match(subject):
        robot = declared or _signs(low) >= (1 if message.in_reply_to else 2)
    else:
        return None
    return _no(Kind.AUTO_REPLY, "it is an automatic reply, by its subject") if robot else None


def _bulk_headers(candidate: Candidate) -> Verdict | None:
    message = candidate.message
    if candidate.from_own_list or candidate.is_form:
        return None
    for name in sorted(_LIST_HEADERS & candidate.names):
        if message.header(name).strip():
            return _no(Kind.BULK, f"it came through a mailing list ({name})")
    precedence = message.header("precedence").strip().lower()
    if precedence in ("bulk", "list", "junk"):
        return _no(Kind.BULK, f"it was sent to many (Precedence: {precedence})")
    for name in sorted(_BULK_HEADERS & candidate.names):
        if message.header(name).strip():
            return _no(Kind.BULK, f"it was sent by a program to many ({name})")
    path = (message.return_path or "").lower().partition("@")[0]
    if _LIST_PATH.match(path):
        return _no(Kind.BULK, "its bounces go to a list server")
    return None


def _no_reply_address(candidate: Candidate) -> Verdict | None:
    message = candidate.message
    if candidate.passed_on or candidate.is_form or message.sender is None:
        return None
    for address in message.reply_to[:1] or (message.sender,):
        if _NO_REPLY.match(address.key.partition("@")[0]):
            return _unless_genuine(candidate, Kind.BULK, f"nobody reads replies to {address.address}")
    local = candidate.local
    if _NO_REPLY.match(local) and not message.reply_to:
        return _unless_genuine(candidate, Kind.BULK, f"nobody reads replies to {message.sender.address}")
    if _MACHINE.match(local):
        return _unless_genuine(candidate, Kind.BULK, f"the sender is a program ({message.sender.address})")
    return None


def _null_path(candidate: Candidate) -> Verdict | None:
    if candidate.message.return_path == "" and not candidate.passed_on and not candidate.is_form:
        return _unless_genuine(
            candidate, Kind.AUTO_REPLY, "it was sent so that nobody would answer it (empty return path)"
        )
    return None


def _robot_words(candidate: Candidate) -> Verdict | None:
    if candidate.passed_on or candidate.is_form:
        return None
    message, low = candidate.message, candidate.low
    sure = robots.SURE.search(low) or (
        robots.SURE.search(message.subject.lower()) if candidate.prefix is Prefix.NONE else None
    )
    signs = _signs(low)
    recipients = {address.key for address in message.to}
    echoes = "@" in low and any(match[1].strip("<>()[],;.") in recipients for match in robots.FORM_ECHO.finditer(low))
    if sure and (signs or echoes or len(low) < 1500):
        return _unless_genuine(
            candidate, Kind.AUTO_REPLY, f"it is an automatic reply, by its words ({sure.group().strip()[:60]!r})"
        )
    asks = "?" in low or "？" in low
    if signs + echoes >= (3 if asks and not echoes else 2):
        return _unless_genuine(candidate, Kind.AUTO_REPLY, "it is an automatic reply, by its words")
    return None


def _notice(candidate: Candidate) -> Verdict | None:
    """An answer that says that nobody is there, and nothing else."""
    message = candidate.message
    answers = bool(message.in_reply_to) or candidate.prefix is Prefix.REPLY
    if candidate.passed_on or candidate.is_form or not answers or not is_notice(candidate.new):
        return None
    return _unless_genuine(candidate, Kind.AUTO_REPLY, "it only says that nobody is there, as programs answer")


def _signs(low: str) -> int:
    """How many different signs there are; the last is not looked for where it could make no second."""
    found = sum(sign.search(low) is not None for sign in robots.SIGNS[:-1])
    return found + (robots.SIGNS[-1].search(low) is not None) if found else 0


def _spam(candidate: Candidate) -> Verdict | None:
    """What a filter before us has marked; its judgement is not ours to repeat."""
    message = candidate.message
    if candidate.passed_on:
        return None
    if (
        message.header("x-spam-flag").strip().lower() in _YES
        or _SPAM_HEADER.match(message.header("x-spam-status"))
        or _SPAM_HEADER.match(message.header("x-spam"))
    ):
        return _unless_genuine(candidate, Kind.SPAM, "the mail server marked it as spam")
    if _GTUBE in message.text:
        return _no(Kind.SPAM, "it carries the spam filters' test mark")
    return None


def _unmarked_spam(candidate: Candidate) -> Verdict | None:
    message = candidate.message
    if candidate.passed_on or candidate.is_form or message.in_reply_to or candidate.prefix is not Prefix.NONE:
        return None
    if message.sender is not None and candidate.ours.is_staff(message.sender):
        return None
    return _no(Kind.SPAM, "it bears several marks of spam") if looks_like_spam(message, candidate.new) else None


def _suppressed(candidate: Candidate) -> Verdict | None:
    value = candidate.message.header("x-auto-response-suppress")
    if value and not (candidate.passed_on or candidate.is_form) and _SUPPRESS.search(value):
        return Verdict(
            Kind.INQUIRY,
            False,
            f"the sender's program asks for no automatic answers (X-Auto-Response-Suppress: {value.strip()[:40]})",
        )
    return None


def _nobody(candidate: Candidate) -> Verdict | None:
    message = candidate.message
    if (
        not candidate.new.strip()
        and not message.subject.strip()
        and not message.attachments
        and not message.text.strip()
        and not message.html.strip()
    ):
        return _no(Kind.EMPTY, "there is nothing in it")
    if message.sender is None and not candidate.passed_on:
        return Verdict(Kind.INQUIRY, False, "it says nowhere who wrote it")
    return None


RULES: tuple[Rule, ...] = (
    _no_mail, _own, _report, _bounce, _other_reports, _gesture, _auto_headers, _auto_subject, _spam, _bulk_headers,
    _no_reply_address, _null_path, _robot_words, _notice, _unmarked_spam, _suppressed, _nobody,
)  # fmt: skip
"""In order; the first that has something to say decides."""


def robotic(address: str) -> bool:
    """Whether nobody reads what is sent to this address."""
    local = address.lower().rpartition("@")[0]
    return any(pattern.match(local) for pattern in (_NO_REPLY, _DAEMON, _MACHINE))
