"""What the commands print for people. Words and columns only; nothing is decided here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mailbot.bringing import Past, named
from mailbot.classify import NOBODY
from mailbot.classify.prediction import Guessed
from mailbot.classify.tally import Count, by_department, by_week
from mailbot.decision import Decision
from mailbot.errors import MailbotError
from mailbot.library import Library
from mailbot.mail import Address
from mailbot.page import Page, Tally
from mailbot.preview import Inspection, Preview
from mailbot.recording import Handled
from mailbot.store import Kept, Reading, Session, Sums, Verdict
from mailbot.writing.letter import Letter

if TYPE_CHECKING:
    from mailbot.classify.evaluate import Evaluation
    from mailbot.classify.files import Manifest
    from mailbot.classify.topics import Assignment, Coverage
    from mailbot.classify.training import Training
    from mailbot.learning import Farewell


MOST_LISTED = 10
UNLIKELY = 0.1
"""The chance below which a department is not named among those that may cover a topic."""


def handled_line(handled: Handled) -> str:
    """One line for one decided message."""
    message, decision = handled.understood, handled.decision
    to = f" -> {decision.case.holder}" if decision.case is not None else ""
    told = (
        ", ".join(f"{letter.kind.value} to {letter.to.address}" for letter in handled.letters) or "nobody is written to"
    )
    what = f"{_who(message.writer)}: {message.subject or '(no subject)'}{to}"
    return f"{what} [{decision.standing.value}: {decision.why}] {told}"


def inspection_lines(one: Inspection, library: Library) -> str:
    """What was understood of a message, line by line."""
    message, guess = one.understood, one.prediction
    names = {department.key: department.name for department in library.departments}
    lines = [
        one.file,
        f"  kind         {message.kind.value}" + ("" if one.answerable else f" (no answer: {message.why_not})"),
        f"  writer       {_who(message.writer)}",
        f"  subject      {message.subject}",
        f"  new text     {' '.join(message.text.split())[:200]}",
    ]
    if message.passed_on_by is not None:
        lines.insert(3, f"  passed on by {_who(message.passed_on_by)}")
    if guess.department is not None:
        sure = "sure" if guess.sure else "not sure"
        lines.append(f"  department   {names[guess.department]} ({guess.confidence:.0%}, {sure})")
        lines += [f"               {names[other.department]} ({other.confidence:.0%})" for other in guess.runners_up]
    lines += [f"  because      {reason}" for reason in guess.reasons]
    lines += [f"  problem      {problem}" for problem in (one.problem, *message.problems) if problem]
    return "\n".join(lines)


def preview_lines(one: Preview) -> str:
    """The letters of a message, each with the source of its facts below."""
    if one.inspection.problem:
        return f"=== {one.file}: {one.inspection.problem}"
    head = f"=== {one.file}: {one.decision.standing.value}, {one.decision.why}"
    return "\n\n".join([head, *(letter_lines(letter) for letter in one.letters)])


def letter_lines(letter: Letter) -> str:
    """A letter as its reader sees it, then where each fact comes from."""
    sources = "\n".join(f"    {fact}  <-  {record}" for fact, record in letter.sources)
    head = f"--- {letter.kind.value} to {letter.to.address} ({letter.language}): {letter.subject}"
    return f"{head}\n\n{letter.text}\n\n  where it comes from\n{sources}"


def rehearsal_lines(page: Page) -> str:
    """What a rehearsal came to."""
    tally = page.tally
    lines = [
        page.about[0],
        "",
        *_columns("what came", tally.came),
        "",
        *_columns("what would have become of it", tally.fates),
        *(_of_questions(tally) if tally.questions else ()),
        "",
        f"letters: {tally.to_patrons} to patrons, {tally.to_staff} to staff",
    ]
    if tally.unwritten:
        lines.append(f"{tally.unwritten} who asked something new would have got none; the page says why")
    lines += [f"not handled: {one.place}, {one.at:%Y-%m-%d %H:%M}: {one.why}" for one in tally.failed]
    return "\n".join(lines)


def page_lines(path: Path, *, private: bool) -> str:
    """Where a page is, and what to do about it."""
    return f"the page: {path}" + ("; it holds private mail: delete it after reading" if private else "")


def _of_questions(tally: Tally) -> list[str]:
    lines = ["", f"{'new questions, by department':36} alone  suggested"]
    lines += [f"  {one.name or 'no suggestion':32} {one.alone:7} {one.suggested:10}" for one in tally.desks]
    lines += ["", f"{'new questions, by how sure':36}   all      alone"]
    lines += [f"  {one.name:32} {one.questions:7} {one.alone:10}" for one in tally.bands]
    if (lay := tally.agreement).questions:
        lines.append(
            f"{lay.questions} of these lay in a folder named after a department: {lay.guessed} were guessed so, "
            f"{lay.right} of the {lay.alone} sent on alone would have gone there"
        )
    return lines


def _columns(title: str, rows: Sequence[tuple[str, int]]) -> list[str]:
    return [title, *(f"  {name:38} {count:5}" for name, count in rows)]


def reading_lines(readings: Mapping[str, Reading], library: Library) -> str:
    """Until when each mailbox was read, on the library's clock."""
    moments = {name: one.read.astimezone(library.timezone) for name, one in sorted(readings.items())}
    return "\n".join(f"{f'read {name}':12} until {moment:%Y-%m-%d %H:%M}" for name, moment in moments.items())


def status_lines(sums: Sums, verdicts: Sequence[Verdict] = (), library: Library | None = None) -> str:
    """Where every message and letter stands, and by month and department whether answers helped."""
    rows = [("received", sums.received), ("waiting", sums.waiting)]
    rows += [(standing.value, count) for standing, count in sums.by_standing]
    lines = [f"{name:12} {count:7}" for name, count in rows]
    added = sum(count for _, count in rows[1:])
    verdict = "the sums agree" if sums.agree else "THE SUMS DO NOT AGREE: please report this"
    lines.append(f"{verdict}: {sums.received} received = {added} accounted for")
    if sums.unfiled:
        lines.append(f"{sums.unfiled} decided, not yet moved out of the inbox")
    lines.append("letters      " + (", ".join(f"{count} {state}" for state, count in sums.letters) or "none"))
    lines.append(f"open cases   {sums.cases_open}")
    if verdicts and library is not None:
        lines += ["", "did the answer help?", *_satisfaction(verdicts, library)]
    return "\n".join(lines)


def guess_lines(guesses: Sequence[Guessed], library: Library, raised: float | None = None) -> str:
    """How the guesses went by week and department; "" where none are on record. ``raised`` is the threshold that the
    model in use had to be raised to.
    """
    if not guesses:
        return ""
    head = f"{'':24} {'guesses':>8} {'sure':>6} {'corrected':>10} {'right where sure':>17}"
    weeks = [_count_line(f"week of {monday}", count) for monday, count in by_week(guesses, library.timezone).items()]
    desks = [_count_line(key or "(none fits)", count) for key, count in by_department(guesses).items()]
    lines = ["how the guesses went", head, *weeks, "", *desks]
    if raised is not None:
        lines.append(f"the model was right too seldom: it is called sure from {raised:.0%} on, not before")
    return "\n".join(lines)


def _count_line(name: str, count: Count) -> str:
    judged = count.right + count.wrong
    right = "nobody has said" if count.precision is None else f"{count.precision:.0%} of {judged}"
    return f"{name:24} {count.guesses:8} {count.share_sure:6.0%} {count.corrected:10.0%} {right:>17}"


def _satisfaction(verdicts: Sequence[Verdict], library: Library) -> list[str]:
    """A line a month and department, oldest month first; of each case the last word counts."""
    counted: Counter[tuple[str, str, bool]] = Counter(
        (f"{one.at.astimezone(library.timezone):%Y-%m}", one.department, one.helped)
        for one in {one.case_id: one for one in verdicts}.values()
    )
    return [
        f"{month}  {department:24} {counted[month, department, True]:4} yes {counted[month, department, False]:4} no"
        for month, department in sorted({(month, department) for month, department, _ in counted})
    ]


def rerouted_lines(decision: Decision, library: Library) -> str:
    """What a move by hand came to."""
    names = {department.key: department.name for department in library.departments}
    now = names.get(decision.case.holder, decision.case.holder) if decision.case else ""
    if not decision.orders:
        return f"it was with {now} already; that it belongs there is noted, and learned from"
    told = ", ".join(f"{order.kind.value} to {order.to.address}" for order in decision.orders)
    return f"{now} has it now; with the next round of `mailbot run` leave: {told}"


def farewell_lines(farewell: Farewell) -> str:
    """What was removed of a patron, and what mailbot can't remove."""
    found = farewell.found
    if found.nothing:
        return f"nothing is on record of {farewell.address}"
    lines = [
        f"removed of {farewell.address}:",
        f"  {found.messages:4} messages" + (f", {found.undecided} not decided on yet" if found.undecided else ""),
        f"  {found.cases:4} cases with their history",
        f"  {found.letters:4} letters" + (f", {found.unsent} of which had not left" if found.unsent else ""),
        f"  {len(found.labels):4} labelled texts: the next training is without them",
    ]
    if farewell.models:
        folders = ", ".join(f"models/{version}" for version in farewell.models)
        lines.append(f"trained with some of it: {folders}; run `mailbot train`, then remove these folders")
    lines.append("not in mailbot's hands: the mailbox's folders, the departments' mail, the log, backups")
    return "\n".join(lines)


def import_lines(past: Past, library: Library) -> str:
    """What came of each department's mail, what was passed over, which departments are thin, and what to do next."""
    names = _names_of(library)
    lines = [f"{'':28} {'read':>6} {'taken':>6} {'left out':>8}  labels now"]
    for one in past.tallies:
        left = sum(count for _, count in one.left)
        lines.append(f"{names[one.department]:28} {one.read:6} {one.taken:6} {left:8}  {one.labels:10}")
        lines += [f"    {count:6} {why.value}" for why, count in one.left]
    if moved := sum(one.moved for one in past.tallies):
        lines.append(f"{moved} of those taken were another department's label before; the last word counts")
    if past.strangers:
        lines.append(f"passed over, named after no department: {named(past.strangers)}")
    lines += [f"unreadable: {one}" for one in past.unreadable]
    if past.thin:
        thin = [f"{names[one.department]} ({one.labels})" for one in past.tallies if one.department in past.thin]
        lines.append(f"thin, fewer than {past.few} labels: {', '.join(thin)}")
        lines.append("    bring more of their mail, or add examples to them in departments.toml")
    return "\n".join([*lines, _next_step(past)])


def _next_step(past: Past) -> str:
    taken = sum(one.taken for one in past.tallies)
    if past.rehearsed:
        return "nothing was kept: this was a rehearsal; without --dry-run it is"
    return "next: `mailbot train` learns from it" if taken else "nothing new was found"


def _names_of(library: Library) -> dict[str, str]:
    return {NOBODY: "(nobody's)", **{department.key: department.name for department in library.departments}}


def evaluation_lines(found: Evaluation) -> str:
    """The figures, a line each."""
    sure = found.sure
    rows = (
        ("trained on", f"{found.n_train}"),
        ("measured on", f"{found.n_test} ({found.labels} labels)"),
        ("right", _share(found.accuracy)),
        ("macro F1", _share(found.macro_f1)),
        ("sure of", f"{sure.coverage:.1%}, right in {_share(sure.precision)} of these"),
        ("left alone", f"{_share(found.oos_recall)} of what belongs to no department"),
        ("calibration error", _share(found.ece)),
        ("fit", f"{found.fit_seconds:.1f} s"),
        ("a guess", "-" if found.ms_per_message is None else f"{found.ms_per_message:.2f} ms"),
    )
    return "\n".join(f"{name:18} {value}" for name, value in rows)


def training_lines(training: Training, library: Library) -> str:
    """What a training came to, and why."""
    names = {department.key: department.name for department in library.departments}
    lines = [f"{training.version}: fitted on the departments and {training.labels} labelled messages"]
    if (compared := training.comparison) is not None and compared.messages:
        lines.append(
            f"on the newest {compared.messages} labels: the candidate is right in {compared.candidate:.1%}, "
            f"the model before in {compared.champion:.1%}"
        )
        lines += [
            f"  {names.get(one.department, 'nobody')}: {one.candidate} of {one.messages}, before {one.champion}"
            for one in compared.recalls
        ]
        lines += [
            f"  {names.get(one.right, 'nobody')} taken for {names.get(one.guessed, 'nobody')}: {one.messages}"
            for one in compared.confusions[:MOST_LISTED]
        ]
    lines += [f"  {reason}" for reason in training.verdict.reasons]
    if training.elsewhere:
        lines.append(f"of last week's mail {len(training.elsewhere)} would go elsewhere:")
        lines += [
            f"  {one.summary or '(not repeated here)'}: {names.get(one.before, 'nobody')} -> "
            f"{names.get(one.now, 'nobody')}"
            for one in training.elsewhere[:MOST_LISTED]
        ]
    for one in training.contradictions[:MOST_LISTED]:
        said = ", ".join(f"{name} ({times})" for name, times in one.departments)
        lines.append(f"labelled in two ways: {' '.join(one.text.split())[:60]!r}: {said}")
    lines.append("it serves now" if training.promoted else "it does not serve: the model before goes on")
    lines.append(f"more of it: mailbot models show {training.version}")
    return "\n".join(lines)


def models_lines(manifests: Sequence[Manifest], serving: str | None) -> str:
    """One line a version, oldest first."""
    if not manifests:
        return "no models yet; `mailbot train` makes one"
    return "\n".join(
        f"{'*' if one.version == serving else ' '} {one.version}  {one.regime:12} sure from {one.threshold:.2f}  "
        + ", ".join(f"{name} {value:.3g}" for name, value in one.figures.items())
        for one in manifests
    )


def manifest_lines(one: Manifest) -> str:
    """What is known of a version."""
    rows = [("version", one.version), ("regime", one.regime), ("sure from", f"{one.threshold:.3f}")]
    rows += [(name, f"{value:.4g}") for name, value in one.figures.items()]
    rows += [(name, version) for name, version in one.libraries.items()]
    return "\n".join(f"{name:32} {value}" for name, value in [*rows, ("sha256 of the model", one.sha256)])


def topics_lines(assignment: Assignment, library: Library) -> str:
    """What each department covers, then what nobody covers, then the doubts, and how to settle them."""
    lines: list[str] = []
    for key, name in (*((one.key, one.name) for one in library.departments), (NOBODY, "Nobody")):
        lines.append(f"{name}: {', '.join(_covered(assignment, key)) or '-'}")
    doubts = [one for one in assignment.coverages if one.doubtful]
    if doubts:
        lines.append("\nIn doubt:")
        lines += [f"  {one.topic}: {_shares(one)}" for one in doubts]
        lines.append("\nTo settle a doubt, say in departments.toml all that a department covers; as it stands now:")
        settled = {department.key for department in library.departments if department.covers}
        concerned = dict.fromkeys(key for one in doubts for key, _ in _likely(one))
        lines += [
            f"  {key}: covers = {json.dumps(_covered(assignment, key))}"
            for key in concerned
            if key != NOBODY and key not in settled
        ]
    return "\n".join(lines)


def _covered(assignment: Assignment, key: str) -> list[str]:
    return [one.topic for one in assignment.coverages if one.department == key]


def _shares(one: Coverage) -> str:
    return " or ".join(f"{'nobody' if key == NOBODY else key} ({chance:.0%})" for key, chance in _likely(one))


def _likely(one: Coverage) -> list[tuple[str, float]]:
    """The departments (or nobody) that come into question, with how likely each is."""
    return [(one.department, one.chance), *((key, chance) for key, chance in one.rivals if chance >= UNLIKELY)]


def cases_lines(cases: list[Kept], library: Library) -> str:
    """One line a case, newest first."""
    if not cases:
        return "no cases yet"
    names = {department.key: department.name for department in library.departments}
    return "\n".join(
        f"{kept.case.ref}  {kept.case.state.value:8}  {names.get(kept.case.holder, kept.case.holder):24}  "
        f"{_due(kept, library):17}  {kept.case.patron.address}  {kept.case.subject}"
        for kept in cases
    )


def case_lines(session: Session, ref: str) -> str:
    """One case with its history."""
    kept = session.case_by_ref(ref)
    if kept is None:
        raise MailbotError(f"there is no case {ref}; `mailbot cases list` shows the references")
    case = kept.case
    lines = [
        f"{case.ref}: {case.subject}",
        f"  from     {_who(case.patron)}",
        f"  with     {case.holder} ({case.state.value})",
        *((f"  follows  {case.follows}",) if case.follows else ()),
        *(f"  {event.at:%Y-%m-%d %H:%M}  {event.event:10} {event.why}" for event in session.history(kept.id)),
    ]
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _due(kept: Kept, library: Library) -> str:
    due = kept.case.due
    return f"{due.astimezone(library.timezone):%Y-%m-%d %H:%M}" if due else "-"


def _who(address: Address | None) -> str:
    if address is None:
        return "(nobody can tell)"
    return f"{address.name} <{address.address}>" if address.name else address.address
