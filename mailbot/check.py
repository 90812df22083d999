"""What `mailbot check` looks at before a library goes live, and what it says about it in plain words.

Owns the questions and their wording. It sends no mail, moves nothing, and decides nothing: it logs in, looks, and
says what it found. The mistakes in the files themselves have been told by ``settings`` before it begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mailbot.accounts import secret
from mailbot.delivery import Delivery
from mailbot.errors import ConfigError, MailbotError
from mailbot.library import Library
from mailbot.mailbox import Mailbox
from mailbot.serving import Service
from mailbot.settings import Folders, MailboxSettings, Settings
from mailbot.store import Store
from mailbot.writing import Writer

FEW_EXAMPLES = 3


class Level(StrEnum):
    """How much a finding matters: an ERROR keeps mailbot from its work, a WARNING makes it worse at it."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``about`` names it, ``words`` say what was found, ``cure`` what to do, or ""."""

    level: Level
    about: str
    words: str
    cure: str = ""

    @property
    def is_error(self) -> bool:
        """Whether mailbot can't do its work before this is mended."""
        return self.level is Level.ERROR

    def __str__(self) -> str:
        cure = f"\n         {self.cure}" if self.cure else ""
        return f"{self.level:<8} {self.about}: {self.words}{cure}"


def check(settings: Settings, environ: Mapping[str, str], models: Path = Path("models")) -> list[Finding]:
    """Everything that was looked at, in order; an error in one thing never hides the next.

    ``models`` is the folder of stored models; the first look makes the one that the first run would have to make.
    """
    return [
        *_library(settings.library),
        *_departments(settings.library),
        *_store(settings),
        *_words(settings),
        *_model(settings, models),
        *(found for mailbox in settings.mailboxes for found in check_mailbox(mailbox, settings.folders, environ)),
    ]


def _library(library: Library) -> Iterator[Finding]:
    about = "library"
    yield Finding(
        Level.OK,
        about,
        f"{library.name}, {len(library.departments)} departments; what mailbot is not sure of goes to "
        f"{library.triage.name}",
    )
    if "<" in library.name:
        yield Finding(Level.WARNING, about, "its name is still the placeholder", "write the name in [library] name")
    if not library.country:
        cure = 'write country = "US" (and subdivision = "MO", say) under [library]'
        yield Finding(Level.WARNING, about, "no public holidays are known, so answers are promised on them too", cure)
    if not library.staff_domains:
        cure = 'write staff_domains = ["library.example"] under [library]'
        words = "no staff domain is named: only the departments' own addresses may pass mail on, answer and correct"
        yield Finding(Level.WARNING, about, words, cure)
    if not library.phone and not all(department.phone for department in library.departments):
        cure = "write phone under [library], or for each department"
        yield Finding(Level.WARNING, about, "letters have no phone number for those who can't wait", cure)


def _departments(library: Library) -> Iterator[Finding]:
    about = "departments"
    assumed = [department.name for department in library.departments if department.usual_hours]
    if assumed:
        cure = "give each its hours, or the library's under [library] hours: answers are promised by them"
        yield Finding(Level.WARNING, about, f"the usual opening hours are assumed for {_listed(assumed)}", cure)
    thin = [department.name for department in library.departments if len(department.examples) < FEW_EXAMPLES]
    if thin:
        cure = "add a few real questions to each: nothing else makes the guesses better so quickly"
        yield Finding(Level.WARNING, about, f"there are hardly any examples for {_listed(thin)}", cure)
    domains = tuple(library.staff_domains)
    outside = [
        department.email
        for department in library.departments
        if not any(_within(department.email.rpartition("@")[2].lower(), domain) for domain in domains)
    ]
    if domains and outside:
        cure = "if that is right, nothing need be done; else mend the address, or add its domain to staff_domains"
        yield Finding(
            Level.WARNING, about, f"patrons' mail would leave the library's own domain for {_listed(outside)}", cure
        )


def _within(domain: str, parent: str) -> bool:
    return domain == parent or domain.endswith(f".{parent}")


def _listed(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _store(settings: Settings) -> Iterator[Finding]:
    shown = settings.store.url.rpartition("@")[2]
    try:
        store = Store.open(settings.store.url)
        with store.reading() as session:
            session.sums()
        store.close()
    except MailbotError as error:
        cure = "is the path right, may mailbot write there, is the disk full? ([store] url)"
        yield Finding(Level.ERROR, "database", _first_line(error), cure)
        return
    yield Finding(Level.OK, "database", f"{shown} can be used")
    kind, _, name = settings.store.url.partition(":///")
    if kind == "sqlite" and _open_to_others(Path(name)):
        words = f"others on this machine may read {name}, where what patrons wrote is kept"
        yield Finding(Level.WARNING, "database", words, f"chmod 600 {name}")


def _words(settings: Settings) -> Iterator[Finding]:
    folder = settings.folder / "templates"
    try:
        writer = Writer(folder if folder.is_dir() else None)
        writer.proof()
    except ConfigError as error:
        yield Finding(
            Level.ERROR, "letters", _first_line(error), "mend that line; the file says which wordings it holds"
        )
        return
    spoken = ", ".join(sorted(writer.wordings.languages))
    yield Finding(Level.OK, "letters", f"the wordings are in order; languages: {spoken}")
    if settings.library.language not in writer.wordings.languages:
        words = f'there are no wordings in the library\'s own language, "{settings.library.language}"'
        yield Finding(
            Level.WARNING, "letters", f"{words}; letters will be in English", f"write {spoken} as [library] language"
        )


def _model(settings: Settings, models: Path) -> Iterator[Finding]:
    try:
        service = Service(settings, models)
        service.current()
    except (MailbotError, ValueError) as error:
        cure = "look at the descriptions and examples of the departments"
        yield Finding(Level.ERROR, "classifier", _first_line(error), cure)
    else:
        for problem in service.said:
            cure = "`mailbot train` makes a new version, `mailbot models` lists them"
            yield Finding(Level.WARNING, "classifier", problem, cure)
        yield Finding(Level.OK, "classifier", "knows the departments and is ready")


def check_mailbox(mailbox: MailboxSettings, folders: Folders, environ: Mapping[str, str]) -> Iterator[Finding]:
    """What is found when one mailbox's servers are asked to let mailbot in. Nothing is moved, made or sent."""
    for path in dict.fromkeys((mailbox.imap.password_file, mailbox.smtp.password_file)):
        if path and _open_to_others(path):
            words = f"others on this machine may read the password in {path}"
            yield Finding(Level.WARNING, f"mailbox {mailbox.name}, password", words, f"chmod 600 {path}")
    yield _reading(mailbox, folders, environ)
    yield _sending(mailbox, environ)


def _reading(mailbox: MailboxSettings, folders: Folders, environ: Mapping[str, str]) -> Finding:
    about = f"mailbox {mailbox.name}, reading"
    inbox = Mailbox(mailbox.imap, lambda: secret(mailbox.imap, environ))
    try:
        inbox.open()
        waiting, there = len(inbox.uids()), inbox.folders()
    except MailbotError as error:
        return Finding(Level.ERROR, about, _first_line(error))
    finally:
        inbox.close()
    wanted = (folders.routed, folders.held, folders.unanswered, folders.failed)
    missing = [name for name in wanted if name not in there]
    made = f"; {_listed(missing)} will be made when first needed" if missing else ""
    words = f"logged in to {mailbox.imap.host}, {waiting} in the inbox, folders: {_listed(there)}{made}"
    return Finding(Level.OK, about, words)


def _sending(mailbox: MailboxSettings, environ: Mapping[str, str]) -> Finding:
    about = f"mailbox {mailbox.name}, sending"
    try:
        delivery = Delivery(mailbox.smtp, lambda: secret(mailbox.smtp, environ), fallback_sender=mailbox.address)
        try:
            delivery.log_in()
        finally:
            delivery.close()
    except MailbotError as error:
        return Finding(Level.ERROR, about, _first_line(error))
    return Finding(Level.OK, about, f"letters can be handed in at {mailbox.smtp.host}; none was")


def _open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False  # whoever reads it will say so


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
