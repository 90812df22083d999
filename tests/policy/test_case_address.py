"""The signed address of a case: short, in lower case, no use to anybody but the case's patron."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.correction import LONGEST_LOCAL, case_address, ref_at
from mailbot.mail import Address, Kind, Ours, understand

KEY, REF = b"k" * 32, "k3v0q8s1m5x7z2ab"
ADDRESS = case_address("ask@riverbend.example", KEY, REF)
OURS = Ours(frozenset({"ask@riverbend.example"}), frozenset(), frozenset({"riverbend.example"}))


def test_the_address_says_its_case_whatever_a_program_does_to_the_letters() -> None:
    assert ADDRESS.lower() == ADDRESS
    for written in (ADDRESS, ADDRESS.upper(), ADDRESS.title()):
        assert ref_at(written, KEY) == REF


def test_an_address_that_was_not_signed_here_says_nothing() -> None:
    flipped = ADDRESS.replace("@", "0@")[:-1]
    guessed = ADDRESS[: ADDRESS.index("@") - 1] + ("0" if ADDRESS[ADDRESS.index("@") - 1] != "0" else "1")
    for written in (f"{guessed}@riverbend.example", flipped, "ask@riverbend.example", "ask+c-@riverbend.example"):
        assert ref_at(written, KEY) is None
    assert ref_at(ADDRESS, b"another key") is None


def test_a_reference_that_would_not_survive_gets_no_address() -> None:
    assert case_address("ask@riverbend.example", KEY, "Mixed_Case-Reference") == ""


def test_the_longest_local_part_still_fits_into_an_address() -> None:
    longest = case_address(f"{'a' * LONGEST_LOCAL}@riverbend.example", KEY, REF)
    assert len(longest.partition("@")[0]) <= 64


def test_the_case_address_is_the_mailboxs_own_and_never_a_colleagues() -> None:
    own = Address("", ADDRESS)
    assert OURS.is_own(own)
    assert not OURS.is_staff(own)
    department = replace(OURS, departments=frozenset({"ask+reference@riverbend.example"}))
    assert department.is_staff(Address("", "ask+reference@riverbend.example"))


@pytest.mark.parametrize("header", [f"From: {ADDRESS}", f"From: pat@example.com\r\nX-Loop: {ADDRESS}"])
def test_mail_from_the_case_address_is_our_own(header: str) -> None:
    raw = f"{header}\r\nTo: ask@riverbend.example\r\nSubject: Scores\r\n\r\nDo you have scores?\r\n"
    assert understand(raw.encode(), OURS).kind is Kind.OWN


def test_the_case_address_in_an_envelope_header_makes_nobody_a_colleague_who_passed_it_on() -> None:
    raw = f"Delivered-To: {ADDRESS}\r\nFrom: pat@example.com\r\nTo: {ADDRESS}\r\nSubject: Re: Scores\r\n\r\nParts?\r\n"
    read = understand(raw.encode(), OURS)
    assert read.passed_on_by is None
    assert read.writer == Address("", "pat@example.com")
