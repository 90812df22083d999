"""`mailbot forget`: a patron asks to be forgotten, and is; the counts stay, and the models that knew are named."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from mailbot.classify import files
from mailbot.learning import examples_in
from mailbot.store import Store
from tests.commands.conftest import MONDAY, Desk
from tests.faults.branch import question


def a_model_of(store: str, version: str) -> None:
    """A folder that says it was fitted on all that is labelled now."""
    opened = Store.open(store)
    digests = [files.example_digest(one) for one in examples_in(opened)]
    opened.close()
    place = Path("models") / version
    place.mkdir(parents=True)
    (place / files.LEARNED).write_text("".join(f"{digest}\n" for digest in digests))


def test_a_patron_is_forgotten_and_what_knew_them_is_named(desk: Desk) -> None:
    desk.run(
        question(1, "Hold", "My hold came in on the small Kindle."), question(2, "Parts", "Orchestral parts, please.")
    )
    (ref,) = [line.split()[0] for line in desk.says("cases").splitlines() if "patron1@" in line]
    (Path("models") / "v0001").mkdir(parents=True)
    (Path("models") / "v0001" / files.LEARNED).write_text("")
    desk.says("reroute", ref, "digital")
    a_model_of(desk.branch.store, "v0002")
    before = desk.says("status")
    said = desk.says("forget", "Patron1@Patron.example")
    assert "removed of patron1@patron.example:\n     1 messages\n     1 cases" in said
    assert "5 letters, 3 of which had not left" in said
    assert "1 labelled texts" in said
    assert "trained with some of it: models/v0002; " in said
    after = desk.says("status")
    assert "the sums agree: 2 received" in before
    assert "the sums agree: 2 received" in after
    assert "patron1@" not in desk.says("cases")
    assert "patron2@" in desk.says("cases")
    desk.run()
    assert len(desk.branch.sink.received) == 4, "what had not left does not leave any more"
    assert desk.says("forget", "patron1@patron.example") == "nothing is on record of patron1@patron.example\n"


def test_what_is_no_address_is_said_in_one_line(desk: Desk) -> None:
    desk.run()
    assert "is no mail address" in desk.refuses("forget", "Pat Ron")


def test_a_case_whose_patron_is_gone_from_the_record_is_neither_moved_nor_continued(desk: Desk) -> None:
    desk.run(question(1))
    (ref,) = desk.refs()
    store = Store.open(desk.branch.store)
    with store.writing() as session:
        kept = session.case_by_ref(ref)
        assert kept is not None
        session.change_case(kept.id, kept.case.answered(), MONDAY)
    store.close()
    desk.run(at=MONDAY + timedelta(days=400))
    assert "patron1" not in desk.says("cases")
    assert "nothing is kept of case" in desk.refuses("reroute", ref, "digital")
    answer = question("again", "Re: Old photographs 1").replace(
        b"To:", b"In-Reply-To: <question.1@patron.example>\r\nTo:"
    )
    desk.run(answer, at=MONDAY + timedelta(days=401))
    assert len(desk.says("cases").splitlines()) == 2
