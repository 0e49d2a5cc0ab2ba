"""Values drawn evenly over all inputs, the same in every run: a low-discrepancy sequence, no chance."""

from __future__ import annotations

from collections.abc import Mapping
from math import isqrt

from ..formula.nodes import Value
from .inputs import Input

_WIDTH = 2**40


def drawn(inputs: Mapping[str, Input], count: int) -> list[dict[str, Value]]:
    """So many inputs. Each takes its own values by the fractions of n times the root of a prime (Weyl's sequence)."""
    steps = {name: isqrt(prime * _WIDTH * _WIDTH) % _WIDTH for name, prime in zip(inputs, _primes(len(inputs)), strict=True)}
    return [
        {name: one.values[number * steps[name] % _WIDTH * len(one.values) // _WIDTH] for name, one in inputs.items()}
        for number in range(1, count + 1)
    ]


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found
