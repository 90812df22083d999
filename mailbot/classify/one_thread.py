"""One thread for linear algebra on a batch of mail. Owns the pools of threads of the libraries behind NumPy.

They share out even small products, and their threads then spin in wait for the next: that took as much CPU again as
all else in a prediction, on every core, and was no faster. Neither are fits.
"""

from __future__ import annotations

from functools import cache

from threadpoolctl import threadpool_limits


@cache
def keep_to_one_thread() -> None:
    """From now on linear algebra stays on the thread that asks for it, in the whole process: these pools belong to all
    its threads, and a limit for a while, set by several at once, would be lifted in the wrong order.
    """
    threadpool_limits(limits=1, user_api="blas")
