"""The chaos runs `mailbot` as the tests of single faults do."""

from __future__ import annotations

from tests.faults.conftest import found, nursery

__all__ = ["found", "nursery"]
