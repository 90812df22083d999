"""`mailbot reroute`: what a colleague's correction does, from the command line."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.commands.conftest import Desk
from tests.faults.branch import question
from tests.stories.letters import parsed, whole_text


def test_a_case_is_moved_by_hand_with_the_letters_and_the_label_of_a_correction(desk: Desk) -> None:
    desk.run(question(1, "Hold", "My hold came in on the small Kindle."))
    (ref,) = desk.refs()
    said = desk.says("reroute", ref, "Digital Services")
    assert "Digital Services has it now" in said
    desk.run(at=datetime.now(UTC))  # the command took the moment it was given
    letters = [parsed(one) for one in desk.branch.sink.received][2:]
    assert sorted((one["X-Mailbot-Letter"], one["To"].split("<")[-1].strip(">")) for one in letters) == [
        ("forward", "digital@riverbend.example"),
        ("receipt", "circulation@riverbend.example"),
        ("update", "patron1@patron.example"),
    ]
    forward = next(one for one in letters if one["X-Mailbot-Letter"] == "forward")
    assert "a colleague moved it" in whole_text(forward)
    assert "My hold came in" in whole_text(forward)
    update = next(one for one in letters if one["X-Mailbot-Letter"] == "update")
    assert update["In-Reply-To"] == "<question.1@patron.example>"
    with desk.store() as session:
        assert [(one.department, one.source) for one in session.labels()] == [("digital", "correction")]
    assert "a colleague moved the case to Digital Services" in desk.says("cases", "show", ref)


def test_a_move_by_hand_counts_where_colleagues_disagree(desk: Desk) -> None:
    desk.run(question(1, "Hold", "My hold came in on the small Kindle."))
    (ref,) = desk.refs()
    desk.says("reroute", ref, "Digital Services")
    with desk.store() as session:
        kept = session.case_by_ref(ref)
        assert kept is not None
        assert [(move.to, move.by, move.corrected) for move in session.way(kept.id).moves] == [
            ("circulation", None, False),
            ("digital", None, True),
        ]


def test_a_case_that_is_there_already_stays_and_is_learned_from(desk: Desk) -> None:
    desk.run(question(1))
    (ref,) = desk.refs()
    assert "it was with Circulation already" in desk.says("reroute", ref, "circulation")
    desk.run()
    assert len(desk.branch.sink.received) == 2
    with desk.store() as session:
        assert [one.department for one in session.labels()] == ["circulation"]


def test_a_case_or_department_that_is_not_known_is_said_in_one_line(desk: Desk) -> None:
    desk.run(question(1))
    assert "there is no case nothing-1" in desk.refuses("reroute", "nothing-1", "digital")
    assert "did you mean digital?" in desk.refuses("reroute", desk.refs()[0], "digitel")


def test_no_reference_could_be_taken_for_an_option(desk: Desk) -> None:
    desk.run(*(question(number) for number in range(1, 60)))
    assert [ref for ref in desk.refs() if ref.startswith("-")] == []
