"""The model as data: what each figure weighs, from which probability on it may accept, and how it was made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .features import FEATURES, VERSION
from .names import NORMALISER

MARGIN = 0.05  # two partners whose probabilities lie nearer than this are not told apart


@dataclass(frozen=True)
class Model:
    """A logistic regression whose probabilities were calibrated on names that it had not seen.

    ``weights``: of each figure, and the constant under ``""``. ``accept_from``: the least probability that accepts.
    ``calibration``: for each tenth of probability how many names lay there, the mean said and the share that was right.
    ``training``: where it comes from: how many names, how many decisions of people, the digest of both.
    """

    weights: Mapping[str, float]
    accept_from: float
    calibration: tuple[tuple[int, float, float], ...]
    training: Mapping[str, Any]
    normaliser: str = NORMALISER
    features: str = VERSION

    @property
    def digest(self) -> str:
        """SHA-256 of everything that decides what it accepts."""
        told = [dict(sorted(self.weights.items())), self.accept_from, self.normaliser, self.features]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    @property
    def usable(self) -> bool:
        """Whether it was made with the normal form and the figures that this release computes."""
        return self.normaliser == NORMALISER and self.features == VERSION and {*FEATURES, ""} == set(self.weights)

    def logits(self, figures: NDArray[np.float32]) -> NDArray[np.float64]:
        """The log odds of each pair."""
        weights = np.array([self.weights[name] for name in FEATURES])
        found: NDArray[np.float64] = figures.astype(np.float64) @ weights + self.weights[""]
        return found

    def as_data(self) -> dict[str, Any]:
        """What `from_data` reads."""
        return asdict(self) | {"weights": dict(self.weights), "training": dict(self.training), "digest": self.digest}


def from_data(data: Mapping[str, Any]) -> Model:
    """A model that was stored."""
    kept = {name: data[name] for name in ("weights", "accept_from", "training", "normaliser", "features")}
    return Model(calibration=tuple((int(many), said, right) for many, said, right in data["calibration"]), **kept)


def probability(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds as probabilities."""
    found: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(logits, -40, 40)))
    return found
