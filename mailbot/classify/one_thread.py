"""One thread for linear algebra on a batch of mail. Owns the pools of threads of the libraries behind NumPy.

They share out even small products, and their threads then spin in wait for the next: that took as much CPU again as
all else in a prediction, on every core, and was no faster.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[object]:
    """Within it linear algebra stays on the thread that asks for it; afterwards it is as it was."""
    found: AbstractContextManager[object] = _pools().limit(limits=1, user_api="blas")
    return found


@cache
def _pools() -> ThreadpoolController:
    return ThreadpoolController()  # some 20 ms, so looked for once
