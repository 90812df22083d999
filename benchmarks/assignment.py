"""How well topics are assigned to departments, against an assignment by hand; and the weights that do it best.

For each of the seven libraries: the share of topics that come out as by hand, with the weights in use, and with weights
fitted on the six other libraries. ``python -m benchmarks.assignment``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from mailbot.classify import NOBODY
from mailbot.classify.features import Doubles, Longs
from mailbot.classify.model import fit_topics
from mailbot.classify.starter import ASTRAY, messages, topics
from mailbot.classify.topics import EVIDENCE, NEIGHBOURS, NOBODYS, evidence, settled
from tests.libraries import NAMES, sample_library

RESTRAINT = 0.005
"""Of the squared weights, in the loss: there are few libraries."""
SUBJECTS = tuple(topic for topic in topics() if topic.key != ASTRAY)


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """The evidence for each topic and department of a library, and the column that is right by hand."""

    name: str
    evidence: Doubles
    right: Longs


def main() -> None:
    """Prints the shares and the weights."""
    model = fit_topics(messages())
    libraries = []
    for name in NAMES:
        library = sample_library(name)
        keys = [*(department.key for department in library.departments), NOBODY]
        right = np.array([keys.index(library.owner[topic.key]) for topic in SUBJECTS])
        libraries.append(Assigned(name, evidence(SUBJECTS, library.departments, model), right))
    now = np.array([*EVIDENCE, NEIGHBOURS, NOBODYS])
    shares = []
    for one in libraries:
        others = fitted([other for other in libraries if other is not one])
        shares.append((agreement(one, now), agreement(one, others)))
        print(f"{one.name:12} in use {shares[-1][0]:6.1%}   fitted on the others {shares[-1][1]:6.1%}", flush=True)
    print(
        f"{'mean':12} in use {np.mean(shares, axis=0)[0]:6.1%}   fitted on the others {np.mean(shares, axis=0)[1]:6.1%}"
    )
    print("in use            ", np.round(now, 2))
    print("fitted on all     ", np.round(fitted(libraries), 2))


def fitted(libraries: Sequence[Assigned]) -> Doubles:
    """The weights at which the assignments by hand are most likely."""

    def loss(weights: Doubles) -> float:
        off = [-np.log(_chances(one, weights)[np.arange(len(one.right)), one.right] + 1e-12) for one in libraries]
        return float(np.mean([each.mean() for each in off]) + RESTRAINT * np.mean(weights[:-1] ** 2))

    found: Doubles = minimize(loss, np.array([*EVIDENCE, NEIGHBOURS, NOBODYS]), method="Nelder-Mead").x
    return found


def agreement(one: Assigned, weights: Doubles) -> float:
    """The share of topics that come out as by hand."""
    return float((_chances(one, weights).argmax(axis=1) == one.right).mean())


def _chances(one: Assigned, weights: Doubles) -> Doubles:
    kinds = len(EVIDENCE)
    return settled(one.evidence, SUBJECTS, weights[:kinds].tolist(), float(weights[kinds]), float(weights[kinds + 1]))


if __name__ == "__main__":
    main()
