"""Nothing private is kept to learn from, or logged; and a model sees the same in a masked text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.classify.text import LONGEST_TEXT, tokenise
from mailbot.masks import LONGEST, fingerprint, masked, masked_for_log

PRIVATE = [
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111111111111111",
    "816-555-0100",
    "(816) 555 0100",
    "+49 (0)89 / 123 456",
    "06.12.34.56.78",
    "21234000567890",
    "2 1234 00056 7890",
    "D12345678",
    "DE89 3704 0044 0532 0130 00",
    "123-45-6789",
    "PIN 4711",
    "1984-03-12",
]


@pytest.mark.parametrize("number", PRIVATE)
def test_no_number_that_names_somebody_is_kept(number: str) -> None:
    kept = masked(f"My card is {number}, please renew.")
    assert kept.startswith("My card is ")
    assert kept.endswith(", please renew.")
    assert set(re.findall(r"\d{3,}", kept)) <= {"000", "0000", "2000", *re.findall(r"0+", kept)}


def test_what_says_nothing_of_anybody_stays() -> None:
    told = "Are you open 10:00-17:00 on May 5, for 3 children under 12? It is the 2nd time I ask."
    assert masked(told) == told


def test_addresses_links_and_the_writers_own_name_go_too() -> None:
    kept = masked(
        "I am Agnes Dow <agnes.dow@example.org>, see https://cat.example/item?user=agnes&pin=1#top today.", "Agnes Dow"
    )
    assert kept == "I am … … <someone@example.invalid>, see https://cat.example/item today."


@given(st.text(alphabet=st.sampled_from("0123456789 .-/()+,;:\n\u00a0\u2013"), max_size=60))
def test_a_model_sees_the_same_in_masked_numbers(text: str) -> None:
    assert tokenise(masked(text)).forms == tokenise(text).forms


@given(st.text(max_size=200) | st.text(alphabet="a1@.+-?#/: 0\u0661", max_size=80), st.text(max_size=20))
def test_masking_twice_changes_nothing_and_never_fails(text: str, name: str) -> None:
    once = masked(text, name)
    assert masked(once, name) == once
    masked_for_log(text)


@given(st.text(alphabet=st.sampled_from("ab 0123456789-."), max_size=80))
def test_no_number_of_four_digits_outlives_the_mask(text: str) -> None:
    for number in re.findall(r"\d{4,}", masked(text)):
        assert number == "2000" or set(number) == {"0"}


@pytest.mark.parametrize("character", ["a", "1", "1-", "a@", "http://", "("])
def test_hostile_lengths_take_no_time(character: str) -> None:
    assert len(masked(character * 1_000_000)) <= LONGEST
    masked_for_log(character * 1_000_000)


def test_what_is_kept_is_as_much_as_a_model_looks_at() -> None:
    assert LONGEST == LONGEST_TEXT


def test_a_logged_error_keeps_what_an_administrator_needs() -> None:
    refusal = "550 5.1.1 <pat.ron@example.com> unknown at 192.168.100.200:2525, call 816-555-0100 or 4111111111111111"
    assert masked_for_log(refusal) == (
        "550 5.1.1 <***@example.com> unknown at 192.168.100.200:2525, call ***-***-**** or ****************"
    )
    assert masked_for_log("IBAN DE89 3704 0044 0532 0130 00") == "IBAN **** **** **** **** **** **"


def test_a_fingerprint_is_of_the_address_however_it_is_written() -> None:
    assert fingerprint(" Pat@Example.org") == fingerprint("pat@example.org") != fingerprint("pat@example.com")
