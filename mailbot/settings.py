"""``config/*.toml`` and the environment to frozen settings.

Owns every key of the configuration and every message about a mistake in it (departments.toml is read by
``directory``). No network; secrets are only named here and read when a server asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from mailbot.accounts import Server, server_of, variable_in
from mailbot.correction import LONGEST_LOCAL, case_address
from mailbot.directory import Hours, address, by_language, email, hours, language, read_departments, web_address
from mailbot.errors import ConfigError
from mailbot.library import USUAL_HOURS, Library, Urgent, has_calendar, holiday_names, subdivisions
from mailbot.mail.addresses import Address, is_everybodys, unplussed
from mailbot.mail.understood import Ours
from mailbot.tables import Mistakes, Table, did_you_mean, read_toml


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """One shared mailbox: where it is read and where its letters are handed in.

    ``plus_addressing``: its server delivers what is written to `ask+anything@...` to it as well, so that letters can
    name their case in the address for answers.
    """

    name: str
    address: str
    aliases: tuple[str, ...]
    imap: Server
    smtp: Server
    plus_addressing: bool = False

    def answers_to(self, key: bytes, ref: str) -> Address | None:
        """The address for answers about one case, signed with ``key``; None where they go to the mailbox's own."""
        signed = case_address(self.address, key, ref) if self.plus_addressing and key else ""
        return Address("", signed) if signed else None


@dataclass(frozen=True, slots=True)
class Folders:
    """Where handled messages are filed, by how they were booked; created on demand. ``departments`` is the folder whose
    subfolders are named after departments, which people move mail into.
    """

    routed: str = "mailbot/Routed"
    held: str = "mailbot/Held"
    unanswered: str = "mailbot/Unanswered"
    failed: str = "mailbot/Failed"
    departments: str = "Departments"


@dataclass(frozen=True, slots=True)
class Routing:
    """``precision``: route without a person only where right this often. ``start``: "guess" or "careful"."""

    precision: float = 0.95
    start: str = "guess"


@dataclass(frozen=True, slots=True)
class Corrections:
    """``by_folder``: whether moving a message into another department's folder moves its case."""

    by_folder: bool = False


@dataclass(frozen=True, slots=True)
class Classify:
    """``encoder``: the folder or name of a sentence encoder, "" for none. ``nightly``: whether a candidate is trained
    each night when there is something new, from that ``hour`` on. ``learn_from_answers``: whether a department's answer
    to a question confirms that it is theirs.
    """

    encoder: str = ""
    nightly: bool = True
    hour: int = 3
    learn_from_answers: bool = False


@dataclass(frozen=True, slots=True)
class Promises:
    """``remind_at``: the share of its time after which a department is reminded; ``from_figures``: see ``pace``."""

    remind_at: float = 0.75
    from_figures: bool = False


@dataclass(frozen=True, slots=True)
class FollowUp:
    """``after_days``: how long after an answer the patron is asked whether it helped, 0 for never."""

    after_days: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """Whether ``departments`` get a list of what they have open each day they are open, and at which address the
    ``admin`` hears each day, from that ``hour`` on, what came ("": not at all).
    """

    departments: bool = False
    admin: str = ""
    hour: int = 8


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """An SQLAlchemy URL and how many days mail is kept. A relative SQLite path is below the working directory."""

    url: str = "sqlite:///var/mailbot.db"
    retention_days: int = 180


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """``poll_seconds``: look at least this often. ``batch``: messages a fetch. ``attempts``: tries before a message
    is set aside. ``letters_per_sender_per_day`` and ``letters_per_mailbox_per_hour`` (to patrons): the last line of
    defence against loops. ``smtp_connections``: kept connections a mailbox. ``give_up_days``: how long a temporary
    failure is retried.
    ``largest_mail``: megabytes of a mail to staff, as it travels; files beyond that stay in the mailbox.
    """

    poll_seconds: int = 60
    batch: int = 50
    attempts: int = 3
    letters_per_sender_per_day: int = 10
    letters_per_mailbox_per_hour: int = 1000
    smtp_connections: int = 4
    give_up_days: int = 4
    largest_mail: int = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration, checked. ``folder`` is where it was read from."""

    folder: Path
    library: Library
    mailboxes: tuple[MailboxSettings, ...]
    routing: Routing
    store: StoreSettings
    folders: Folders
    worker: WorkerSettings
    classify: Classify = field(default_factory=Classify)
    promises: Promises = field(default_factory=Promises)
    follow_up: FollowUp = field(default_factory=FollowUp)
    digest: Digest = field(default_factory=Digest)
    corrections: Corrections = field(default_factory=Corrections)


_AUTHSERV = re.compile(r"^[^\s;=()\"<>,@]{1,255}$")
_DOMAIN = re.compile(r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$")


def load(folder: Path, environ: Mapping[str, str]) -> Settings:
    """The configuration in ``folder`` (mailbot.toml and departments.toml).

    Raises ConfigError with every mistake of both files, one a line, each naming file, key and cure.
    """
    mistakes = Mistakes()
    top = Table(folder / "mailbot.toml", "", "", read_toml(folder / "mailbot.toml"), mistakes)
    mailboxes = tuple(_mailbox(table, folder) for table in top.tables("mailboxes"))
    if not mailboxes:
        top.wrong("mailboxes", "names no mailbox; at least one [[mailboxes]] must be there")
    settings = Settings(
        folder=folder,
        library=_library(top, folder / "departments.toml", mailboxes, mistakes),
        mailboxes=mailboxes,
        routing=_routing(top.table("routing")),
        store=_store(top.table("store"), environ),
        folders=_folders(top.table("folders")),
        worker=_worker(top.table("worker")),
        classify=_classify(top.table("classify")),
        promises=_promises(top.table("promises")),
        follow_up=_follow_up(top.table("follow_up")),
        digest=_digest(top.table("digest"), mailboxes),
        corrections=_corrections(top.table("corrections")),
    )
    top.done()
    _each_mailbox_once(top, mailboxes)
    _no_loops(folder / "departments.toml", settings.library, mailboxes, mistakes)
    mistakes.raise_if_any()
    return settings


def ours(library: Library) -> Ours:
    """What of the world is the library's own, as ``mailbot.mail`` needs it."""
    return Ours(
        addresses=frozenset(address.lower() for address in library.addresses),
        departments=frozenset(
            each.lower()
            for each in (library.urgent.to, *(one for desk in library.departments for one in (desk.email, desk.head)))
            if each
        ),
        staff_domains=frozenset(library.staff_domains),
        lists=frozenset(library.lists),
        forms=frozenset(library.forms),
        trusted=frozenset(library.trusted_authserv),
    )


def _library(top: Table, departments: Path, mailboxes: tuple[MailboxSettings, ...], mistakes: Mistakes) -> Library:
    table = top.table("library")
    tongue = language(table, "language", table.text("language", "en"))
    usual: Hours = hours(table.table("hours")) or USUAL_HOURS
    country, subdivision = _calendar(table)
    library = Library(
        name=table.text("name"),
        timezone=_timezone(table),
        country=country,
        subdivision=subdivision,
        language=tongue,
        website=web_address(table, "website"),
        phone=table.text("phone", ""),
        staff_domains=_staff_domains(table),
        addresses=tuple(each for mailbox in mailboxes for each in (mailbox.address, *mailbox.aliases)),
        departments=read_departments(departments, tongue, usual, mistakes),
        lists=_addresses(table, "own_lists"),
        forms=_addresses(table, "forms"),
        closed=table.days("closed"),
        open_on=_open_on(table, country, subdivision, tongue),
        trusted_authserv=_trusted_authserv(table),
        urgent=_urgent(top.table("urgent"), tongue, mailboxes),
    )
    table.done()
    return library


def _timezone(table: Table) -> ZoneInfo:
    name = table.text("timezone")
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, KeyError):  # an unknown name is a KeyError; a name that is a path, one of the others
        known = available_timezones()
        if not known:
            raise ConfigError("this machine has no time zone data; install the package tzdata") from None
    cure = did_you_mean(name, known) or '; write it as "America/Chicago" or "Europe/Berlin"'
    table.wrong("timezone", f'"{name}" is no time zone{cure}')
    return ZoneInfo("UTC")


def _calendar(table: Table) -> tuple[str, str]:
    """Country and subdivision, or two empty strings where no calendar can be had for them."""
    country, subdivision = table.text("country", "").upper(), table.text("subdivision", "")
    if not country:
        if subdivision:
            table.wrong("subdivision", 'needs a country as well; write country = "US" for the United States')
    elif not has_calendar(country):
        table.wrong("country", f'no public holidays are known for "{country}"; write a two-letter code, such as "US"')
    elif not has_calendar(country, subdivision):
        known = ", ".join(subdivisions(country)) or "none"
        table.wrong("subdivision", f'"{subdivision}" is not known in {country}; known are {known}')
    else:
        return country, subdivision
    return "", ""


def _staff_domains(table: Table) -> tuple[str, ...]:
    domains = tuple(domain.lower().lstrip("@") for domain in table.texts("staff_domains"))
    for domain in domains:
        if is_everybodys(domain):
            cure = "anybody has an address there, and staff may move cases; leave it out"
            table.wrong("staff_domains", f'"{domain}" is not the library\'s alone: {cure}')
        elif not _DOMAIN.match(domain):
            table.wrong("staff_domains", f'"{domain}" is no domain; write what follows the @, as "library.example"')
    return domains


def _trusted_authserv(table: Table) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in table.texts("trusted_authserv"))
    for name in names:
        if not _AUTHSERV.match(name):
            cure = 'write what stands first in that header, up to the semicolon, as "mx.library.example"'
            table.wrong("trusted_authserv", f'"{name}" is no name that a server gives itself: {cure}')
    return names


def _addresses(table: Table, key: str) -> tuple[str, ...]:
    return tuple(address(table, key, value).lower() for value in table.texts(key))


def _open_on(table: Table, country: str, subdivision: str, tongue: str) -> tuple[str, ...]:
    """Public holidays on which the library is open, by the names the calendar gives them."""
    names = table.texts("open_on")
    known = holiday_names(country, subdivision, tongue) if country else frozenset()
    for name in names:
        if name.casefold() not in {each.casefold() for each in known}:
            cure = did_you_mean(name, known) or f"; known are {', '.join(sorted(known)) or 'none without a country'}"
            table.wrong("open_on", f'"{name}" is no public holiday here{cure}')
    return names


def _mailbox(table: Table, folder: Path) -> MailboxSettings:
    name = table.text("name")
    if name:
        table.named(name)
    mailbox = MailboxSettings(
        name=name,
        address=email(table, "address"),
        aliases=tuple(address(table, "aliases", value) for value in table.texts("aliases")),
        imap=server_of(table, "imap", "tls", folder),
        smtp=server_of(table, "smtp", "starttls", folder),
        plus_addressing=table.flag("plus_addressing"),
    )
    if mailbox.plus_addressing:
        _room_behind_a_plus(table, mailbox.address)
    table.done()
    return mailbox


def _room_behind_a_plus(table: Table, address: str) -> None:
    local = address.rpartition("@")[0]
    if "+" in local:
        table.wrong("plus_addressing", f'"{address}" has a plus already; take this key out, or the plus')
    elif len(local) > LONGEST_LOCAL:
        cure = f"what stands before the @ may have {LONGEST_LOCAL} characters with it; take this key out"
        table.wrong("plus_addressing", f'"{address}" is too long for that: {cure}')


def _routing(table: Table) -> Routing:
    routing = Routing(
        precision=table.number("precision", 0.95, 0.5, 1.0),
        start=table.choice("start", ("guess", "careful"), "guess"),
    )
    table.done()
    return routing


def _classify(table: Table) -> Classify:
    classify = Classify(
        encoder=table.text("encoder", ""),
        nightly=table.flag("nightly") if table.has("nightly") else True,
        hour=table.whole("hour", 3, 0, 23),
        learn_from_answers=table.flag("learn_from_answers"),
    )
    table.done()
    return classify


def _store(table: Table, environ: Mapping[str, str]) -> StoreSettings:
    store = StoreSettings(
        url=_store_url(table, environ),
        retention_days=table.whole("retention_days", 180, 1, 36500),
    )
    table.done()
    return store


def _store_url(table: Table, environ: Mapping[str, str]) -> str:
    variable = variable_in(table, "url_env")
    if not variable:
        url = table.text("url", StoreSettings().url)
        if _has_password(url):
            cure = 'keep the whole address in an environment variable and name that: url_env = "MAILBOT_STORE"'
            table.wrong("url", f"holds a password, and a secret does not belong in this file; {cure}")
            return ""
        _check_store_url(table, "url", url)
        return url
    if table.has("url"):
        table.wrong("url_env", "stands beside url; keep one of them")
    url = environ.get(variable, "")
    if url:
        _check_store_url(table, "url_env", url)
    else:
        table.wrong("url_env", f"the environment variable {variable} is not set; set it before starting mailbot")
    return url


def _has_password(url: str) -> bool:
    try:
        return bool(urlsplit(url).password) or "password=" in url
    except ValueError:
        return "@" in url


def _check_store_url(table: Table, key: str, url: str) -> None:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        if not rest.strip("/") or ":memory:" in rest:
            table.wrong(key, 'would keep nothing; name a file, as "sqlite:///var/mailbot.db"')
        elif not rest.startswith("/"):
            table.wrong(key, 'needs three slashes before the file: "sqlite:///var/mailbot.db"')
    elif scheme != "postgresql+psycopg":
        # The address itself is not repeated: it may hold a password.
        table.wrong(key, 'must begin with "sqlite:///" or "postgresql+psycopg://"')


def _folders(table: Table) -> Folders:
    usual = Folders()
    folders = Folders(
        routed=table.text("routed", usual.routed),
        held=table.text("held", usual.held),
        unanswered=table.text("unanswered", usual.unanswered),
        failed=table.text("failed", usual.failed),
        departments=table.text("departments", usual.departments),
    )
    named = [folders.routed, folders.held, folders.unanswered, folders.failed]
    for key, name in zip(("routed", "held", "unanswered", "failed"), named, strict=True):
        if not name or name.upper() == "INBOX":
            table.wrong(key, "must be a folder other than the inbox, or handled mail would be read again")
        elif named.count(name) > 1 and named.index(name) < ("routed", "held", "unanswered", "failed").index(key):
            table.wrong(key, f'"{name}" is used twice; give each kind of outcome its own folder')
    if not folders.departments.strip("/") or folders.departments.upper() == "INBOX" or folders.departments in named:
        table.wrong("departments", "must be a folder of its own, whose subfolders bear the names of departments")
    table.done()
    return folders


def _corrections(table: Table) -> Corrections:
    corrections = Corrections(by_folder=table.flag("by_folder"))
    table.done()
    return corrections


def _worker(table: Table) -> WorkerSettings:
    usual = WorkerSettings()
    worker = WorkerSettings(
        poll_seconds=table.whole("poll_seconds", usual.poll_seconds, 5, 3600),
        batch=table.whole("batch", usual.batch, 1, 500),
        attempts=table.whole("attempts", usual.attempts, 1, 100),
        letters_per_sender_per_day=table.whole("letters_per_sender_per_day", usual.letters_per_sender_per_day, 1, 1000),
        letters_per_mailbox_per_hour=table.whole(
            "letters_per_mailbox_per_hour", usual.letters_per_mailbox_per_hour, 10, 100_000
        ),
        smtp_connections=table.whole("smtp_connections", usual.smtp_connections, 1, 50),
        give_up_days=table.whole("give_up_days", usual.give_up_days, 1, 60),
        largest_mail=table.whole("largest_mail", usual.largest_mail, 1, 1000),
    )
    table.done()
    return worker


def _promises(table: Table) -> Promises:
    promises = Promises(table.number("remind_at", Promises().remind_at, 0.1, 1.0), table.flag("from_figures"))
    table.done()
    return promises


def _follow_up(table: Table) -> FollowUp:
    follow_up = FollowUp(after_days=table.whole("after_days", FollowUp().after_days, 0, 60))
    table.done()
    return follow_up


def _urgent(table: Table, tongue: str, mailboxes: tuple[MailboxSettings, ...]) -> Urgent:
    urgent = Urgent(to=_reader(table, "to", mailboxes), help=by_language(table, "help", tongue))
    table.done()
    return urgent


def _reader(table: Table, key: str, mailboxes: tuple[MailboxSettings, ...]) -> str:
    """The address of a person, "" where it is left out; what is sent there must not come back in."""
    value = table.text(key, "")
    if value.lower() in {each.lower() for mailbox in mailboxes for each in (mailbox.address, *mailbox.aliases) if each}:
        table.wrong(key, f'"{value}" is an address of the shared mailbox itself; name one that a person reads')
    return address(table, key, value) if value else ""


def _digest(table: Table, mailboxes: tuple[MailboxSettings, ...]) -> Digest:
    digest = Digest(
        departments=table.flag("departments"),
        admin=_reader(table, "admin", mailboxes),
        hour=table.whole("hour", Digest().hour, 0, 23),
    )
    table.done()
    return digest


def _each_mailbox_once(top: Table, mailboxes: tuple[MailboxSettings, ...]) -> None:
    names = [mailbox.name for mailbox in mailboxes]
    addresses = [each.lower() for mailbox in mailboxes for each in (mailbox.address, *mailbox.aliases)]
    for kind, values in (("name", names), ("address", addresses)):
        for value in sorted({value for value in values if value and values.count(value) > 1}):
            top.wrong("mailboxes", f'the {kind} "{value}" stands there twice; each mailbox and alias needs its own')


def _no_loops(file: Path, library: Library, mailboxes: tuple[MailboxSettings, ...], mistakes: Mistakes) -> None:
    """A department at a mailbox's own address would send each forward straight back in."""
    own = {address.lower() for address in library.addresses}
    plussed = {mailbox.address.lower() for mailbox in mailboxes if mailbox.plus_addressing}
    for number, department in enumerate(library.departments, start=1):
        written = department.email.lower()
        if written and (written in own or unplussed(written) in plussed):
            place = f"{file}: departments[{number}] ({department.key}): email"
            why = "is an address of the shared mailbox itself: its mail would come back for ever"
            mistakes.add(place, f'"{department.email}" {why}; give the department its own')
