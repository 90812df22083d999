"""Every client, language and trap that has a mail in ``eml/``."""

from __future__ import annotations

from typing import Any

import pytest

from mailbot.mail import Understood, understand
from tests.mail.sample import RIVERBEND, expected, raw


def _address(value: Any) -> str:
    return value.address if value else ""


def _seen(found: Understood) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "answerable": found.answerable,
        "writer": _address(found.writer),
        "passed_on_by": _address(found.passed_on_by),
        "subject": found.subject,
        "text": found.text,
        "hint": found.hint,
        "links": list(found.links),
    }


@pytest.mark.parametrize("mail", expected(), ids=lambda mail: mail["file"])
def test_a_sample_mail_is_understood(mail: dict[str, Any]) -> None:
    found = understand(raw(mail["file"]), RIVERBEND)
    seen = _seen(found)
    wanted = {key: value for key, value in mail.items() if key in seen}
    assert {key: seen[key] for key in wanted} == wanted
    assert (found.why_not is None) == found.answerable
    if "contains" in mail:
        assert mail["contains"] in found.text
    if "problem" in mail:
        assert mail["problem"] in "; ".join(found.problems)
    if "attachment" in mail:
        assert mail["attachment"] in [attachment.name for attachment in found.attachments]
