"""What a mail server found out about a sender, and which of it counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mail.authentication import failing_check, results_of
from mailbot.mail.message import parse

TRUSTED = frozenset({"mx.riverbend.example"})
LUIS = "Luis <luis@riverbend.example>"
ELSEWHERE = "spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example"


def check(*fields: str, sender: str = LUIS) -> str:
    lines = [*(f"Authentication-Results: {field}" for field in fields), f"From: {sender}", "Subject: x", "", "route: x"]
    return failing_check(parse("\r\n".join(lines).encode()), TRUSTED)


BOTH_ELSEWHERE = "spf=pass for another domain, dkim=pass for another domain"


@pytest.mark.parametrize(
    ("results", "failing"),
    [
        ("dmarc=fail header.from=riverbend.example", "dmarc=fail"),
        ("dkim=pass header.d=riverbend.example; DMARC = FAIL (p=reject dis=none)", "dmarc=fail"),
        ("dmarc=pass header.from=riverbend.example; spf=fail; dkim=fail", ""),
        ("spf=fail smtp.mailfrom=luis@riverbend.example; dkim=fail header.d=riverbend.example", "spf=fail, dkim=fail"),
        ("spf=softfail smtp.mailfrom=riverbend.example; dkim=fail", "spf=softfail, dkim=fail"),
        (ELSEWHERE, "spf=pass for another domain, dkim=pass for another domain"),
        (f"dmarc=none; {ELSEWHERE}", "spf=pass for another domain, dkim=pass for another domain"),
        ("dmarc=pass header.from=evil.example; spf=fail", "dmarc=pass for another domain, spf=fail"),
        ("dmarc=none; spf=fail smtp.mailfrom=riverbend.example; dkim=none", "spf=fail"),
        ("dmarc=none; spf=softfail smtp.mailfrom=riverbend.example; dkim=none", "spf=softfail"),
        ("spf=softfail", "spf=softfail"),
        ("spf=fail; dkim=none", "spf=fail"),
        ("spf=fail; dkim=temperror header.d=riverbend.example", "spf=fail"),
        ("spf=fail; dkim=permerror; dmarc=permerror", "spf=fail"),
        ("spf=none; dkim=fail header.d=riverbend.example; dmarc=none", "dkim=fail"),
        ("spf=pass smtp.mailfrom=evil.example; dkim=none; dmarc=none", "spf=pass for another domain"),
        ("spf=pass smtp.mailfrom=evil.example smtp.helo=mx.riverbend.example", "spf=pass for another domain"),
        ("spf=pass smtp.mailfrom=<> smtp.helo=evil.example", "spf=pass for another domain"),
        ("spf=pass smtp.helo=evil.example", "spf=pass for another domain"),
        ("spf=pass smtp.mailfrom=<>; dkim=pass header.d=evil.example", BOTH_ELSEWHERE),
        ("spf=fail smtp.mailfrom=evil.example; dkim=pass header.b=abc", "spf=fail"),
        ("spf=pass smtp.helo=mail.riverbend.example", ""),
        ("spf=fail; dkim=pass header.d=riverbend.example", ""),
        ("spf=softfail; dkim=pass header.d=mail.riverbend.example; dmarc=none", ""),
        ("spf=fail; dkim=fail header.d=old.example; dkim=pass header.i=@mail.riverbend.example", ""),
        ("spf=pass smtp.mailfrom=bounce.riverbend.example; dkim=fail", ""),
        ("spf=pass smtp.mailfrom=luis@riverbend.example; dkim=fail header.d=riverbend.example; dmarc=none", ""),
        ("spf=pass smtp.mailfrom=riverbend.example; dkim=fail; dmarc=fail header.from=riverbend.example", "dmarc=fail"),
        ("spf=none; dkim=none; dmarc=none", ""),
        ("spf=neutral; dkim=neutral; dmarc=none", ""),
        ("spf=temperror; dkim=temperror; dmarc=temperror", ""),
        ("none", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_dmarc_decides_and_where_it_does_not_one_failure_needs_a_pass_beside_it(results: str, failing: str) -> None:
    assert check(f"mx.riverbend.example; {results}") == failing


@pytest.mark.parametrize(
    ("fields", "failing"),
    [
        (["MX.Riverbend.Example 1; dmarc=fail", "mx.riverbend.example; dmarc=pass"], "dmarc=fail"),
        (["mx.riverbend.example; dmarc=pass", "mx.riverbend.example; dmarc=fail"], ""),
        (["mx.riverbend.example; spf=fail; dkim=none", "mx.riverbend.example; dmarc=pass"], "spf=fail"),
        (["mx.riverbend.example; spf=fail", "mx.riverbend.example; dkim=pass header.d=riverbend.example"], "spf=fail"),
        (["mx.evil.example; dmarc=fail"], ""),
        (["mx.evil.example; dmarc=pass", "mx.riverbend.example; dmarc=fail"], "dmarc=fail"),
        (["mx.evil.example; spf=pass; dkim=pass", "mx.riverbend.example; spf=softfail; dkim=none"], "spf=softfail"),
        (["mx.riverbend.example.evil.example; dmarc=fail"], ""),
    ],
)
def test_only_the_topmost_field_of_a_trusted_server_speaks_for_a_sender(fields: list[str], failing: str) -> None:
    assert check(*fields) == failing


@pytest.mark.parametrize(
    "fields",
    [
        ["mx.riverbend.example; dkim=none", "mx.riverbend.example; spf=none", "mx.riverbend.example; dmarc=fail"],
        ["mx.riverbend.example; dmarc=none", "mx.other.example; spf=pass", "mx.riverbend.example; dmarc=fail"],
        ["mx.riverbend.example; none", "mx.riverbend.example; dmarc=fail", "mx.riverbend.example; dmarc=pass"],
    ],
)
def test_a_server_that_writes_a_field_for_each_method_is_heard_where_it_says_fail(fields: list[str]) -> None:
    assert check(*fields) == "dmarc=fail"


def test_nothing_is_held_against_a_mail_that_nobody_has_checked() -> None:
    assert check() == ""
    mail = b"Authentication-Results: mx.riverbend.example; dmarc=fail\r\nFrom: luis@riverbend.example\r\n\r\nx"
    assert failing_check(parse(mail), frozenset()) == ""


def test_a_sender_cannot_write_results_into_what_the_server_repeats() -> None:
    fail = "dmarc=fail header.from=riverbend.example"
    for repeated in (
        'spf=fail smtp.mailfrom="a; dmarc=pass header.from=riverbend.example"@evil.example',
        r"spf=fail (of \( a; dmarc=pass\) b) smtp.mailfrom=evil.example",
        "spf=fail (((; dmarc=pass) ) \"; dmarc=pass) smtp.mailfrom=evil.example",
        "spf=fail smtp.mailfrom==?utf-8?q?x=3B_dmarc=3Dpass?=@evil.example",
    ):  # fmt: skip
        name, results = results_of(f"mx.riverbend.example; {repeated}; {fail}")
        assert name == "mx.riverbend.example"
        assert [(one.method, one.result) for one in results] == [("spf", "fail"), ("dmarc", "fail")], repeated
        assert check(f"mx.riverbend.example; {repeated}; {fail}") == "dmarc=fail"


def test_a_field_is_read_though_it_is_folded_and_commented() -> None:
    value = (
        "mx.riverbend.example (our own);\r\n\tdkim = pass (2048-bit key) header.d = riverbend.example\r\n"
        ' header.b="abc\\"d";\r\n spf/1=fail reason="no; way" smtp.mailfrom=evil.example'
    )
    name, results = results_of(value)
    assert name == "mx.riverbend.example"
    dkim, spf = results
    assert (dkim.result, dkim.properties["header.d"], dkim.properties["header.b"]) == (
        "pass", "riverbend.example", 'abc"d',
    )  # fmt: skip
    assert (spf.method, spf.result, spf.properties["reason"]) == ("spf", "fail", "no; way")


@given(st.text(alphabet='ab=;()"\\ /.\r\n\u00e9', max_size=200))
def test_no_field_is_too_broken_to_be_read(value: str) -> None:
    name, results = results_of(value)
    assert name == name.lower()
    assert all(one.result == one.result.lower() for one in results)


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_stands_in_a_comment_or_in_quotes_changes_no_result(comment: str, quoted: str) -> None:
    inside = "".join(f"\\{sign}" if sign in '()\\"' else sign for sign in comment)
    text = "".join(f"\\{sign}" if sign in '\\"' else sign for sign in quoted)
    value = f'mx.example ({inside}); spf=fail ({inside}) reason="{text}"; dmarc=pass ({inside})'
    _, results = results_of(value)
    assert [(one.method, one.result) for one in results] == [("spf", "fail"), ("dmarc", "pass")]
    assert results[0].properties["reason"] == quoted


@pytest.mark.parametrize(
    "junk", ["(" * 50_000, '"' * 50_000, "a=" * 25_000, "\\" * 50_000, '"\\' * 25_000, ";" * 50_000]
)
def test_a_hostile_field_is_read_all_the_same(junk: str) -> None:
    assert results_of(f"mx.example; dmarc=fail; {junk}")[1][0].result == "fail"
