"""What letters offer and ask in libraries whose advice was written without a look at their mail, and what fits of it.

``python -m benchmarks.advice`` prints, for each library, who is offered or asked what, with the verdict on record.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.classify import fit
from mailbot.classify.model import fit_topics
from mailbot.classify.starter import messages
from tests.libraries import HERE
from tests.libraries.advice import DEVELOPED_ON, KEPT_ASIDE, Given, advised_library, given, judged, mails

VERDICTS = {True: "right", False: "wrong", None: "not judged"}


def main() -> None:
    """Prints a line an offer or question, and what they come to in each library."""
    topics = fit_topics(messages())
    for name in (*DEVELOPED_ON, *KEPT_ASIDE):
        library, verdicts = advised_library(name), judged(HERE / name / "judged-advice.jsonl")
        found = given(library, mails(name), fit(library.departments, topics=topics))
        for one in found:
            print(f"{name:10} {one.id} {VERDICTS[verdicts.get((one.id, one.advice))]:10} {one.advice}: {one.words}")
        print(f"{name:10} {len({one.id for one in found})} of {len(mails(name))} mails get something")
        for kind, some in _kinds(found):
            right = sum(verdicts.get((one.id, one.advice), False) for one in some)
            print(f"{name:10} {kind} that fit: {right} of {len(some)}", flush=True)


def _kinds(found: Sequence[Given]) -> tuple[tuple[str, list[Given]], ...]:
    offers = [one for one in found if one.advice == "offer"]
    return ("offers", offers), ("questions", [one for one in found if one.advice != "offer"])


if __name__ == "__main__":
    main()
