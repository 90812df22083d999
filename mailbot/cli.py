"""The commands. No logic: each reads its arguments, calls one function, and says in words what came of it.

Everything heavy is imported inside the command that needs it, so that `mailbot --help` is instant.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mailbot.classify import Classifier
    from mailbot.recording import Handled
    from mailbot.rehearsal import Played
    from mailbot.serving import Service
    from mailbot.settings import Settings

EXIT_ERROR, EXIT_LEFT = 1, 75

app = typer.Typer(
    help="Sorts a library's mail, hands it to the people who can help, and tells the patron what happens next.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # Rich's markdown takes longer to import than all else together
)
cases_app = typer.Typer(help="Look at cases.", rich_markup_mode=None)
app.add_typer(cases_app, name="cases")
models_app = typer.Typer(help="Look at the model's versions, choose which one serves.", rich_markup_mode=None)
app.add_typer(models_app, name="models")
encoder_app = typer.Typer(help="Sentence encoders, for better guesses.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(encoder_app, name="encoder")
Config = Annotated[
    Path, typer.Option("--config", envvar="MAILBOT_CONFIG", help="The folder of mailbot.toml and departments.toml.")
]
CONFIG = Path("config")
MODELS = Path("models")
LETTERS_PAGE = Path("var/letters.html")


@app.callback()
def the_whole(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=_print_version,
            help="Say which version this is.",
        ),
    ] = False,
) -> None:
    """Takes what may be said before a command; the sentence that people read is the app's own."""


def main() -> None:
    """The entry point: a MailbotError becomes one line on stderr and exit status 1, or 75 where waiting may be all that
    it needs; never a traceback.
    """
    from mailbot.errors import MailbotError, Unreachable

    try:
        app()
    except MailbotError as error:
        print(f"mailbot: {error}", file=sys.stderr)
        sys.exit(EXIT_LEFT if isinstance(error, Unreachable) else EXIT_ERROR)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Where the new configuration goes.")]) -> None:
    """Write a commented starter configuration."""
    from mailbot.init import write_starter

    write_starter(folder)
    print(f"Written to {folder}: mailbot.toml and departments.toml. Edit them, then: mailbot check --config {folder}")


@app.command()
def check(config: Config = CONFIG) -> None:
    """Check the configuration, log in to every server, and say what is wrong and how to mend it."""
    from mailbot.check import check as look

    findings = look(_settings(config), os.environ)
    for finding in findings:
        print(finding)
    raise typer.Exit(EXIT_ERROR if any(finding.is_error for finding in findings) else 0)


@app.command()
def run(
    config: Config = CONFIG,
    once: Annotated[bool, typer.Option("--once", help="Handle all that is waiting, then end.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide and print; change nothing anywhere.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what happens to each message.")] = False,
) -> None:
    """Read the mailboxes, hand the messages on, answer the patrons."""
    from mailbot.worker import Worker

    settings = _settings(config)
    _log_to_stderr(verbose)
    heard = _print_handled if dry_run or verbose else lambda _: None
    service, classifier = _service(settings)
    with Worker.open(settings, classifier=classifier, heard=heard, rehearsal=dry_run) as worker:
        if not once and not dry_run:
            from mailbot.engine.embedded import Engine
            from mailbot.night import Night

            Engine(worker, settings, service.renewed, Night(settings, service, worker).run).run()
            return
        left = worker.rehearse() if dry_run else worker.run_once()
    for problem in left.problems:
        print(f"mailbot: {problem}", file=sys.stderr)
    raise typer.Exit(0 if not left.problems else EXIT_LEFT if left.by_itself else EXIT_ERROR)


@app.command()
def inspect(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Raw messages; - reads one from stdin.")],
    config: Config = CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say what would be decided for raw messages, with no side effect."""
    from mailbot.preview import inspections
    from mailbot.show import inspection_lines

    settings = _settings(config)
    for one in inspections(_read(files), settings, _classifier(settings)):
        print(one.as_json() if as_json else inspection_lines(one, settings.library))


@app.command()
def letters(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Raw messages; - reads one from stdin.")
    ] = None,
    config: Config = CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Take the sample mails instead; write a page.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where a page of them goes; of --sample: var/letters.html.")
    ] = None,
) -> None:
    """Show the letters that would go out for raw messages, with the source of each fact."""
    from datetime import UTC, datetime

    from mailbot.page import check_place, letters_page, write_page
    from mailbot.preview import previews
    from mailbot.samples import sample_mails
    from mailbot.show import page_lines, preview_lines
    from mailbot.writing import Writer

    if sample == bool(files):
        raise typer.BadParameter("name the files of raw messages, or say --sample, one of the two")
    if as_json and out is not None:
        raise typer.BadParameter("--json prints, --out writes a page; say one of the two")
    settings, now = _settings(config), datetime.now(UTC)
    place = out or (LETTERS_PAGE if sample and not as_json else None)
    if place is not None:
        check_place(place)
    mails = ((name, raw, "") for name, raw in sample_mails(settings, now)) if sample else _read(files or [])
    found = previews(mails, settings, _classifier(settings), Writer(settings.folder / "templates"), now)
    if place is not None:
        write_page(place, letters_page(list(found), settings.library, now, sample=sample))
        typer.echo(page_lines(place, private=not sample))
        return
    for one in found:
        print(one.as_json() if as_json else preview_lines(one))


@app.command()
def rehearse(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...", help="Raw messages, mboxes, maildirs, or folders of them, instead of the mailboxes."
        ),
    ] = None,
    config: Config = CONFIG,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How many weeks back.")] = 4,
    folder: Annotated[list[str] | None, typer.Option(help="A folder to read [INBOX]; may be said again.")] = None,
    mailbox: Annotated[str | None, typer.Option(help="Only the mailbox of this name.")] = None,
    out: Annotated[Path, typer.Option(help="Where the page goes.")] = Path("var/rehearsal.html"),
) -> None:
    """Play the past weeks of the mailboxes through the bot, with no effect: for a look before going live.

    It says how much came and what would have become of it, and writes a page with all the letters.
    """
    from datetime import UTC, datetime, timedelta

    from mailbot.page import check_place, of_played, rehearsal_page, write_page
    from mailbot.rehearsal import Archive, chosen, in_files, played
    from mailbot.show import page_lines, rehearsal_lines
    from mailbot.writing import Writer

    if files and folder:
        raise typer.BadParameter("name files or folders, one of the two")
    settings, now = _settings(config), datetime.now(UTC)
    check_place(out)
    boxes = chosen(settings, mailbox)
    archive = Archive(boxes, folder or ["INBOX"], now - timedelta(weeks=weeks), os.environ)
    past = in_files(files, boxes[0].name, now) if files else archive
    found = played(past, settings, _classifier(settings), Writer(settings.folder / "templates"))
    shown = [of_played(one, settings.library) for one in _counted(found)]
    for problem in archive.problems:
        print(f"mailbot: {problem}", file=sys.stderr)
    if shown or not archive.problems:
        page = rehearsal_page(shown, settings.library, None if files else archive.since)
        write_page(out, page)
        typer.echo(f"{rehearsal_lines(page)}\n{page_lines(out, private=True)}")
    raise typer.Exit(0 if not archive.problems else EXIT_LEFT if archive.by_itself else EXIT_ERROR)


@app.command()
def status(config: Config = CONFIG) -> None:
    """Show where every message stands, that the sums agree, and how the guesses of the last weeks went."""
    from datetime import UTC, datetime

    from mailbot.classify import files
    from mailbot.oversight import LOOKED_BACK
    from mailbot.show import guess_lines, reading_lines, status_lines
    from mailbot.store import Store

    settings = _settings(config)
    store = Store.rehearsal(settings.store.url)
    with store.reading() as session:
        sums, verdicts, readings = session.sums(), session.verdicts(), session.readings()
        guesses = session.guessed(datetime.now(UTC) - LOOKED_BACK)
        raised = session.raised(files.serving(MODELS) or "")
    store.close()
    print(status_lines(sums, verdicts, settings.library))
    names = {mailbox.name for mailbox in settings.mailboxes}
    if watched := {name: one for name, one in readings.items() if name in names}:
        print(f"\n{reading_lines(watched, settings.library)}")
    if guesses:
        print(f"\n{guess_lines(guesses, settings.library, raised)}")
    raise typer.Exit(0 if sums.agree else EXIT_ERROR)


@cases_app.callback(invoke_without_command=True)
def cases(context: typer.Context, config: Config = CONFIG) -> None:
    """Look at cases."""
    context.obj = config
    if context.invoked_subcommand is None:
        _show_cases(config)


@cases_app.command("list")
def cases_list(
    context: typer.Context, config: Annotated[Path | None, typer.Option("--config", hidden=True)] = None
) -> None:
    """List the cases, newest first."""
    _show_cases(config or context.obj)


@cases_app.command("show")
def cases_show(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(help="The case's reference.")],
    config: Annotated[Path | None, typer.Option("--config", hidden=True)] = None,
) -> None:
    """Show one case with its history."""
    from mailbot.show import case_lines
    from mailbot.store import Store

    store = Store.rehearsal(_settings(config or context.obj).store.url)
    with store.reading() as session:
        print(case_lines(session, ref))
    store.close()


@app.command()
def reroute(
    ref: Annotated[str, typer.Argument(help="The case's reference.")],
    department: Annotated[str, typer.Argument(help="The department that is to have it: its key or its name.")],
    config: Config = CONFIG,
) -> None:
    """Move a case to another department, as a colleague's correction does."""
    from mailbot.show import rerouted_lines
    from mailbot.worker import reroute as move

    settings = _settings(config)
    typer.echo(rerouted_lines(move(settings, ref, department), settings.library))


@app.command()
def forget(address: Annotated[str, typer.Argument(help="The patron's mail address.")], config: Config = CONFIG) -> None:
    """Remove a patron's mail and what was learned from it, and say what was removed."""
    from mailbot.learning import forget as remove
    from mailbot.show import farewell_lines
    from mailbot.store import Store

    store = Store.rehearsal(_settings(config).store.url)
    try:
        typer.echo(farewell_lines(remove(store, address, MODELS)))
    finally:
        store.close()


@app.command("import")
def import_past(
    source: Annotated[
        str, typer.Argument(help="An mbox, a maildir, a folder of them, a CSV, or imap (or imap:FOLDER).")
    ],
    department: Annotated[str, typer.Option("--department", help="Whose mail it is, where no name says so.")] = "",
    mailbox: Annotated[str, typer.Option("--mailbox", help="With imap: the mailbox to look through; else all.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it; keep nothing.")] = False,
    config: Config = CONFIG,
) -> None:
    """Learn from mail that the library already has: folders named after departments, or a CSV of labelled mail."""
    from datetime import UTC, datetime

    from mailbot.bringing import bring
    from mailbot.show import import_lines

    settings, now = _settings(config), datetime.now(UTC)
    past = bring(
        settings, source, environ=os.environ, now=now, department=department, mailbox=mailbox, rehearsal=dry_run
    )
    typer.echo(import_lines(past, settings.library))
    for problem in past.problems:
        print(f"mailbot: {problem}", file=sys.stderr)
    raise typer.Exit(0 if not past.problems else EXIT_LEFT if past.by_itself else EXIT_ERROR)


@app.command()
def topics(config: Config = CONFIG) -> None:
    """Show what each department covers of what people write to libraries, with the doubts to settle."""
    from mailbot.classify import load_topics, topic_assignment
    from mailbot.show import topics_lines

    library = _settings(config).library
    assignment = topic_assignment(library.departments, load_topics(MODELS))
    typer.echo(topics_lines(assignment, library))


@app.command()
def train(
    data: Annotated[list[Path] | None, typer.Option("--data", help="CSV of labelled mail: text,label,subject.")] = None,
    config: Config = CONFIG,
    if_new: Annotated[bool, typer.Option("--if-new", help="Only where there is something new to learn.")] = False,
) -> None:
    """Fit a candidate from the departments, the corrections and data; promote it only if it passes the gate."""
    from datetime import UTC, datetime

    from mailbot.classify.measuring import examples_from
    from mailbot.learning import train as fit_candidate
    from mailbot.show import training_lines

    settings = _settings(config)
    examples = [one for path in data or () for one in examples_from(path, settings.library.departments)]
    training = fit_candidate(settings, MODELS, examples, now=datetime.now(UTC), if_new=if_new)
    if training is None:
        typer.echo("nothing new to learn since the last training")
        return
    typer.echo(training_lines(training, settings.library))


# Taken so that no command is an exception; the models lie in ./models, whichever configuration it is.
@models_app.callback(invoke_without_command=True)
def models(context: typer.Context, _config: Config = CONFIG) -> None:
    """Look at the model's versions, choose which one serves."""
    if context.invoked_subcommand is None:
        _show_models()


@models_app.command("list")
def models_list(_config: Config = CONFIG) -> None:
    """List the versions, and which one serves."""
    _show_models()


@models_app.command("show")
def models_show(
    version: Annotated[str, typer.Argument(help="The version, such as v0001.")], _config: Config = CONFIG
) -> None:
    """Show what is known of one version: its card, in Markdown; its plots lie beside it."""
    from mailbot.classify import files
    from mailbot.show import manifest_lines

    manifest = files.read_manifest(MODELS, version)
    typer.echo(files.card(MODELS, version) or manifest_lines(manifest))


@models_app.command("promote")
def models_promote(
    version: Annotated[str, typer.Argument(help="The version, such as v0001.")], _config: Config = CONFIG
) -> None:
    """Let a version serve from the next message on."""
    from mailbot.classify import files

    files.promote(MODELS, version)
    typer.echo(f"{version} serves now")


@models_app.command("rollback")
def models_rollback(_config: Config = CONFIG) -> None:
    """Let the version serve again that served before."""
    from mailbot.classify import files

    typer.echo(f"{files.rollback(MODELS)} serves again")


@encoder_app.command("list")
def encoder_list() -> None:
    """List the encoders that can be fetched by name."""
    from mailbot.classify.fetching import known_encoders

    for name, about in known_encoders():
        typer.echo(f"{name}\n    {about}")


@encoder_app.command("get")
def encoder_get(name: Annotated[str, typer.Argument(help="The encoder's name, as `list` shows it.")]) -> None:
    """Fetch an encoder from its model hub. Nothing else that mailbot does ever fetches one."""
    from mailbot.classify.fetching import fetch

    place = fetch(name, MODELS)
    typer.echo(f'{name} is in {place}; write encoder = "{name}" into [classify] of mailbot.toml')


@app.command()
def evaluate(
    test: Annotated[Path, typer.Option("--test", help="CSV to measure on: text,label and optionally subject.")],
    train: Annotated[Path | None, typer.Option("--train", help="CSV to fit on; else the departments file.")] = None,
    predictions: Annotated[Path | None, typer.Option("--predictions", help="Where each guess goes, as JSON.")] = None,
    config: Config = CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Measure how well it guesses: fit on one file, measure on another; no stored model is touched."""
    from mailbot.classify import open_encoder
    from mailbot.classify.measuring import check_writable, keep_predictions, measured
    from mailbot.show import evaluation_lines

    if predictions is not None:
        check_writable(predictions)
    settings = None if train is not None and not config.is_dir() else _settings(config)
    encoder = open_encoder(settings.classify.encoder, MODELS) if settings else None
    departments = settings.library.departments if settings and train is None else ()
    found = measured(train, test, departments, MODELS, encoder)
    if predictions is not None:
        keep_predictions(predictions, found)
    typer.echo(found.to_json() if as_json else evaluation_lines(found))


@app.command()
def demo(
    config: Config = CONFIG,
    once: Annotated[bool, typer.Option("--once", help="Play the sample mail through, then end.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the letters are left as .eml files.")] = Path("var/demo"),
) -> None:
    """Play a sample library's mail through a mailbox of its own, and show what happens."""
    from mailbot.demo.play import play

    settings = _settings(config)
    play(settings, folder, _classifier(settings), once=once)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"mailbot {version('mailbot')}")
        raise typer.Exit


def _show_models() -> None:
    from mailbot.classify import files
    from mailbot.errors import ModelError
    from mailbot.show import models_lines

    manifests, unfit = [], []
    for version in files.versions(MODELS):
        try:
            manifests.append(files.read_manifest(MODELS, version))
        except ModelError as error:
            unfit.append(f"  {error}")
    typer.echo("\n".join([models_lines(manifests, files.serving(MODELS)), *unfit]))


def _show_cases(config: Path) -> None:
    from mailbot.show import cases_lines
    from mailbot.store import Store

    settings = _settings(config)
    store = Store.rehearsal(settings.store.url)
    with store.reading() as session:
        print(cases_lines(session.cases(), settings.library))
    store.close()


def _settings(config: Path) -> Settings:
    from mailbot.settings import load

    return load(config, os.environ)


def _service(settings: Settings) -> tuple[Service, Classifier]:
    """What gives the classifier that serves, and that classifier; what there is to say of it goes to stderr."""
    from mailbot.serving import Service

    service = Service(settings, MODELS)
    classifier = service.current()
    for line in service.said:
        print(f"mailbot: {line}", file=sys.stderr)
    return service, classifier


def _classifier(settings: Settings) -> Classifier:
    return _service(settings)[1]


def _read(files: list[str]) -> Iterator[tuple[str, bytes, str]]:
    """Each file's name, bytes, and why it could not be read; an unreadable file is no reason to stop."""
    for name in files:
        try:
            yield name, sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes(), ""
        except OSError as error:
            yield name, b"", f"cannot be read: {error.strerror}"


def _counted(found: Iterator[Played]) -> Iterator[Played]:
    """The same, with a count on stderr for whoever watches."""
    watched = sys.stderr.isatty()
    for number, one in enumerate(found, 1):
        if watched:
            print(f"\r{number} messages, up to {one.past.at:%Y-%m-%d} ", end="", file=sys.stderr, flush=True)
        yield one
    if watched:
        print(file=sys.stderr)


def _print_handled(handled: Handled) -> None:
    from mailbot.show import handled_line

    print(handled_line(handled), flush=True)


def _log_to_stderr(verbose: bool) -> None:
    import logging

    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    for noisy in ("apscheduler", "imapclient", "aiosmtplib", "alembic", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


if __name__ == "__main__":
    main()
