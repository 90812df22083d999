"""What a colleague writes on top when passing a message on counts beside what the patron wrote."""

from dataclasses import replace
from pathlib import Path

from mailbot.asking import question_of
from mailbot.classify import fit
from mailbot.classify.topical import TopicModel
from mailbot.mail import Understood, understand
from mailbot.settings import load, ours
from tests.classify.shelves import DEPARTMENTS, asks

LIBRARY = load(Path(__file__).parents[2] / "config", {}).library
UNCLEAR = asks("Hello, somebody told me you might help with this. Best wishes, Ann")


def test_a_department_named_beyond_doubt_gets_it(topic_model: TopicModel) -> None:
    fitted = fit(DEPARTMENTS, topics=topic_model)
    hinted = replace(UNCLEAR, hint="This is for Special Collections.", named=("special-collections",), certain=True)
    before, after = fitted.predict([UNCLEAR, hinted])
    assert before.department != "special-collections" or not before.sure
    assert (after.department, after.sure) == ("special-collections", True)
    assert after.named == ("special-collections",)
    assert "The colleague who passed it on named Special Collections." in after.reasons


def test_a_guess_of_a_colleague_counts_and_does_not_decide(topic_model: TopicModel) -> None:
    fitted = fit(DEPARTMENTS, topics=topic_model)
    renewal = asks("Please renew my three books until Friday, my card number is on file")
    hinted = replace(renewal, hint="Maybe one for Special Collections?", named=("special-collections",))
    ranked = [
        {guess.department: guess.confidence for guess in rank} for rank in fitted.rank([UNCLEAR, renewal, hinted])
    ]
    assert ranked[2]["special-collections"] > ranked[1]["special-collections"]
    assert fitted.predict([hinted])[0].department == "circulation"


def test_words_that_name_nobody_are_read_for_what_they_are_about(topic_model: TopicModel) -> None:
    fitted = fit(DEPARTMENTS, topics=topic_model)
    hinted = replace(UNCLEAR, hint="She was asking at the desk about old photographs of the mill and family history.")
    plain, told = ({guess.department: guess.confidence for guess in rank} for rank in fitted.rank([UNCLEAR, hinted]))
    assert told["special-collections"] > plain["special-collections"]


def test_what_stands_above_a_forward_is_read_for_names() -> None:
    asked = question_of(passed_on("This is for Special Collections."), LIBRARY)
    assert (asked.named, asked.certain) == (("special-collections",), True)
    unsure = question_of(passed_on("Maybe this is for Special Collections or Reference?"), LIBRARY)
    assert set(unsure.named) == {"special-collections", "reference"}
    assert not unsure.certain
    assert question_of(passed_on("FYI"), LIBRARY).named == ()


def passed_on(remark: str) -> Understood:
    """A patron's mail, as a colleague passes it on with a remark above it."""
    lines = [
        "From: Dan Whitlock <dan@riverbend.example>",
        "To: ask@riverbend.example",
        "Subject: Fwd: Hello",
        "Message-ID: <1@riverbend.example>",
        "",
        remark,
        "",
        "---------- Forwarded message ---------",
        "From: Ann Stone <ann@example.org>",
        "Date: Tue, Feb 2, 2027 at 10:00 AM",
        "Subject: Hello",
        "To: <dan@riverbend.example>",
        "",
        "Somebody told me you might help with this.",
        "",
    ]
    return understand("\r\n".join(lines).encode(), ours(LIBRARY))
