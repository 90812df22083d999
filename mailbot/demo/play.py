"""The demo: a mailbox, patrons and departments on loopback, the real worker between them, and what happened.

    play(settings, folder, classifier, once=True)

Nothing outside this machine is written to. The letters are left as `.eml` files, to be opened with any mail program.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mailbot.accounts import Server
from mailbot.classify import Classifier
from mailbot.demo.sample import Step, letters_of_a_morning, story
from mailbot.demo.world import MailWorld
from mailbot.library import Library
from mailbot.recording import Handled
from mailbot.samples import raw
from mailbot.settings import Settings
from mailbot.show import status_lines
from mailbot.worker import Worker
from mailbot.writing.letter import Letter, LetterKind

MAILBOX, PASSWORD, WHERE = "ask", "demo", "DEMO"
COLORS = {"routed": "green", "added": "cyan", "held": "yellow", "unanswered": "bright_black", "failed": "red"}
DATABASE = "demo.db"
_LETTER = re.compile(rf"\d{{3,}}-(?:{'|'.join(LetterKind)}|None)-to-.+\.eml")


def play(settings: Settings, folder: Path, classifier: Classifier, *, once: bool) -> None:
    """Plays the sample mail through, shows what came of each message, and (unless ``once``) goes on until Ctrl-C."""
    console = Console()
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    with MailWorld({MAILBOX: PASSWORD}) as world:
        here = _on_loopback(settings, world, folder)
        handled: list[Handled] = []
        with Worker.open(here, classifier=classifier, environ={WHERE: PASSWORD}, heard=handled.append) as worker:
            stage = _Stage(console, world, worker, handled, here.library, folder)
            stage.morning()
            stage.story()
            stage.end()
            if not once:
                _stay(console, world, worker, here)


def _clear(folder: Path) -> None:
    """Removes what an earlier demo left; whatever else lies in the folder is not ours."""
    databases = {DATABASE + ending for ending in ("", "-wal", "-shm", "-journal")}
    for old in folder.iterdir():
        if old.is_file() and (old.name in databases or _LETTER.fullmatch(old.name)):
            old.unlink()


def _on_loopback(settings: Settings, world: MailWorld, folder: Path) -> Settings:
    def server(port: int) -> Server:
        return Server("127.0.0.1", port, "none", MAILBOX, password_env=WHERE)

    first = settings.mailboxes[0]
    smtp = replace(server(world.smtp_port), user="", password_env="")
    mailbox = replace(first, imap=server(world.imap_port), smtp=smtp)
    store = replace(settings.store, url=f"sqlite:///{folder / DATABASE}")
    worker = replace(settings.worker, poll_seconds=5)
    return replace(settings, mailboxes=(mailbox,), store=store, worker=worker)


class _Stage:
    """Delivers mail, lets the worker answer, and shows what happened."""

    def __init__(
        self,
        console: Console,
        world: MailWorld,
        worker: Worker,
        handled: list[Handled],
        library: Library,
        folder: Path,
    ) -> None:
        self._console = console
        self._world = world
        self._worker = worker
        self._handled = handled
        self._library = library
        self._folder = folder
        self._shown = 0

    def morning(self) -> None:
        """An ordinary morning's mail."""
        self._console.rule("[bold]A morning's mail")
        for mail in letters_of_a_morning(datetime.now(UTC)):
            self._world.deliver(MAILBOX, mail)
        self._worker.run_once()
        for one in self._handled:
            self._console.print(self._shown_as(one))
        self._handled.clear()

    def story(self) -> None:
        """The *Performing Editions* story, mail by mail, with the letters in full."""
        self._console.rule("[bold]The Performing Editions story")
        self._keep_letters()
        steps = story(datetime.now(UTC))
        if lacking := self._lacking(steps):
            self._console.print(f"left out: there is no department {lacking} in this configuration")
            return
        for number, step in enumerate(steps, start=1):
            answered = self._letter(*step.answers) if step.answers is not None else None
            if step.answers is not None and answered is None:
                self._console.print("The story ends here: no {} went to {}".format(*step.answers))
                return
            self._world.deliver(MAILBOX, self._mail(step, number, answered))
            self._worker.run_once()
            self._console.print(f"\n[bold]{number}. {step.what}[/bold]")
            for one in self._handled:
                self._console.print(Text(f"   {one.decision.standing.value}: {one.decision.why}", style="italic"))
                self._console.print(Group(*(_panel(letter) for letter in one.letters)))
            self._handled.clear()
            self._keep_letters()

    def end(self) -> None:
        """Where everything stands."""
        self._console.rule("[bold]mailbot status")
        with self._worker.store.reading() as session:
            self._console.print(Text(status_lines(session.sums())))
        self._console.print(f"\n{self._shown} letters lie in [bold]{self._folder}[/bold] as .eml files.")

    def _shown_as(self, one: Handled) -> Panel:
        """From whom, to which department, how sure, why, and what the patron was told."""
        message, decision, guess = one.understood, one.decision, one.prediction
        standing = Text(decision.standing.value, style=COLORS[decision.standing.value])
        holder = self._library.holder(decision.case.holder).name if decision.case else "nobody"
        told = next((letter.text for letter in one.letters if letter.to_patron), "")
        facts = Table.grid(padding=(0, 2))
        facts.add_row("goes to", Text.assemble((holder, "bold"), "  ", standing))
        if guess.department is not None:
            facts.add_row("how sure", "certain: a rule decided" if guess.rule else f"{guess.confidence:.0%}")
        facts.add_row("why", decision.why)
        facts.add_row("the patron", "was told:" if told else "is not written to")
        title = f"{message.writer.address if message.writer else '?'}: {message.subject or '(no subject)'}"
        words = [Padding(Text(told, style="green"), (1, 4, 0, 4))] if told else []
        return Panel(Group(facts, *words), title=Text(title), title_align="left")

    def _lacking(self, steps: tuple[Step, ...]) -> str:
        """The addresses of departments that the story needs and this library does not have."""
        needed = {to for kind, to in (step.answers for step in steps if step.answers) if kind == LetterKind.FORWARD}
        return ", ".join(sorted(needed - {department.email for department in self._library.departments}))

    def _mail(self, step: Step, number: int, answered: EmailMessage | None) -> bytes:
        headers = {"Cc": step.cc} if step.cc else {}
        if answered is not None:
            headers["In-Reply-To"] = headers["References"] = str(answered["Message-ID"])
        return raw(step.writer, step.to, step.subject, step.text, f"story-{number}", datetime.now(UTC), headers)

    def _letter(self, kind: str, to: str) -> EmailMessage | None:
        """The newest letter of a kind to somebody, as the SMTP server got it, or None."""
        for _, recipients, data in reversed(self._world.sent):
            letter = message_from_bytes(data, policy=policy.default)
            if letter["X-Mailbot-Letter"] == kind and parseaddr(str(recipients[0]))[1] == to:
                return letter
        return None

    def _keep_letters(self) -> None:
        for _, recipients, data in self._world.sent[self._shown :]:
            self._shown += 1
            kind = message_from_bytes(data)["X-Mailbot-Letter"]
            self._folder.joinpath(f"{self._shown:03}-{kind}-to-{recipients[0]}.eml").write_bytes(data)


def _panel(letter: Letter) -> Panel:
    color = "green" if letter.to_patron else "blue"
    return Panel(Text(letter.text), title=f"{letter.kind.value} to {letter.to.address}", border_style=color)


def _stay(console: Console, world: MailWorld, worker: Worker, settings: Settings) -> None:
    from mailbot.engine.embedded import Engine

    console.print(
        f"\nThe worker goes on until Ctrl-C. Write to it yourself: SMTP 127.0.0.1:{world.smtp_port}, "
        f"to {settings.mailboxes[0].address}; look into the mailbox: IMAP 127.0.0.1:{world.imap_port}, "
        f"user {MAILBOX}, password {PASSWORD}."
    )
    Engine(worker, settings).run()
