"""The parts the simulated ISEC-like survey is made of, and how an answer is drawn.

Every question follows a cumulative logit: a respondent's category is the number of thresholds that the
sum of severity, scale trait and logistic noise exceeds. Thresholds are set so that *within a type, over
all severities*, the category shares are those written in the question tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
World = Literal["types", "severity", "independent"]

TYPE_NAMES = (
    "adapted",
    "inquisitive online",
    "risk-taking aggressive",
    "sexually inquisitive online",
)
"""The four planted types, named after the profiles of DeMarco et al. 2017."""

TYPE_SHARES = (0.50, 0.23, 0.15, 0.12)
"""INVENTED: the published abstract gives no shares."""

LOGISTIC_NORMAL = (16 * 3**0.5 / (15 * np.pi)) ** 2
"""Averaging a logit over N(0, v) shrinks it by about sqrt(1 + LOGISTIC_NORMAL * v)."""


@dataclass(frozen=True)
class Question:
    """One question of the survey.

    Attributes
    ----------
    name : str
    codes : tuple of float
        Codes in the data file, lowest category first; a yes/no question is ``(2, 1)``: 1 is yes.
    shares : float array, (4, k)
        Category shares within each planted type (rows as TYPE_NAMES), among those asked.
    load : float
        Logits per standard deviation of severity, within types.
    control_load : float
        The same in the severity-only control.
    sensitive : bool
        Refused more often, and more so by those who would have said yes.
    asked_if : tuple or None
        Gate question and the codes of it at which this question is asked.
    bands : tuple of (low, high) or None
        For counts: the whole numbers of each category; `codes` are not used then.
    """

    name: str
    codes: tuple[float, ...]
    shares: Floats
    load: float = 0.0
    control_load: float = 0.0
    sensitive: bool = False
    asked_if: tuple[str, tuple[float, ...]] | None = None
    bands: tuple[tuple[int, int], ...] | None = None

    def thresholds(self, world: World) -> Floats:
        """Logits of being at or above category 1..k-1 at severity 0: (4, k-1), or (1, k-1) in controls."""
        shares = self.shares if world == "types" else np.asarray(TYPE_SHARES)[None, :] @ self.shares
        above = np.clip(1 - np.cumsum(shares, axis=1)[:, :-1], 1e-9, 1 - 1e-9)
        logits: Floats = np.log(above / (1 - above)) * np.sqrt(1 + LOGISTIC_NORMAL * self.slope(world) ** 2)
        return logits

    def slope(self, world: World) -> float:
        """Logits per standard deviation of severity in this world."""
        return {"types": self.load, "severity": self.control_load, "independent": 0.0}[world]


@dataclass(frozen=True)
class Battery:
    """A multi-item scale: its items share a trait whose mean differs between types.

    Attributes
    ----------
    items : tuple of str
        Item names in the order of the questionnaire.
    flipped : tuple of str
        Items worded against the trait.
    codes : tuple of float
    shares : tuple of float
        Category shares of an item worded with the trait, in the first type.
    means : tuple of float
        Trait mean of each type; the trait's standard deviation within types is 1.
    load : float
        Logits per unit of trait.
    pull : float
        Correlation of the trait with severity in the severity-only control.
    """

    items: tuple[str, ...]
    flipped: tuple[str, ...]
    codes: tuple[float, ...]
    shares: tuple[float, ...]
    means: tuple[float, float, float, float]
    load: float
    pull: float

    def trait(self, kind: Ints, severity: Floats, world: World, rng: np.random.Generator) -> Floats:
        """Trait of every respondent; the controls keep its overall mean and spread."""
        noise = rng.standard_normal(severity.size)
        means = np.asarray(self.means)
        if world == "types":
            mixed: Floats = means[kind] + noise
            return mixed
        shares = np.asarray(TYPE_SHARES)
        centre = float(shares @ means)
        spread = float(np.sqrt(1 + shares @ (means - centre) ** 2))
        pull = self.pull if world == "severity" else 0.0
        moved: Floats = centre + spread * (pull * severity + np.sqrt(1 - pull**2) * noise)
        return moved

    def levels(self, trait: Floats, rng: np.random.Generator) -> Ints:
        """Category 0..k-1 of every item: (n, items)."""
        straight = np.asarray(self.shares)
        slopes = np.where([name in self.flipped for name in self.items], -self.load, self.load)
        noise = rng.logistic(size=(trait.size, len(self.items)))
        stretch = np.sqrt(1 + LOGISTIC_NORMAL * self.load**2)
        levels = np.zeros(noise.shape, dtype=np.int64)
        for j, slope in enumerate(slopes):
            above = 1 - np.cumsum(straight if slope > 0 else straight[::-1])[:-1]
            logits = np.log(above / (1 - above)) * stretch
            levels[:, j] = ((slope * trait + noise[:, j])[:, None] + logits[None, :] > 0).sum(axis=1)
        return levels


@dataclass(frozen=True)
class People:
    """Who answers: everything that is fixed before the first question is asked.

    Attributes
    ----------
    kind : int array, (n,)
        Planted type, 0-based; all 0 in the controls, where it means nothing.
    severity : float array, (n,)
    world : str
    """

    kind: Ints
    severity: Floats
    world: World
    columns: dict[str, npt.NDArray[np.generic]] = field(default_factory=dict)


def draw_levels(
    question: Question, people: People, rng: np.random.Generator, *, gate: Question | None = None
) -> Ints:
    """Category 0..k-1 of every respondent, as if everybody were asked and answered.

    Parameters
    ----------
    question : Question
    people : People
    rng : Generator
    gate : Question or None
        The question that `question` is routed by. In the controls it is needed to keep the shares
        *among those asked*, who are not like everybody: see `_routed_threshold`.
    """
    thresholds = question.thresholds(people.world)
    if gate is not None and people.world != "types":
        thresholds = _routed_threshold(question, gate, people.world)
    rows = people.kind if people.world == "types" else np.zeros_like(people.kind)
    pull = question.slope(people.world) * people.severity + rng.logistic(size=people.severity.size)
    levels: Ints = (pull[:, None] + thresholds[rows] > 0).sum(axis=1)
    return levels


def _routed_threshold(question: Question, gate: Question, world: World) -> Floats:
    """Threshold of a routed yes/no question in a control: (1, 1).

    Its share of yes among those asked is made what it is in the survey with types, given that severity
    also decides who is asked.
    """
    severity, weights = np.polynomial.hermite_e.hermegauss(31)
    _, codes = question.asked_if or ("", ())
    passed = [level for level, code in enumerate(gate.codes) if code in codes]
    opened = gate.shares[:, passed].sum(axis=1) * np.asarray(TYPE_SHARES)
    target = float(opened @ question.shares[:, 1] / opened.sum())
    asked = level_probabilities(gate, severity, world)[0][:, passed].sum(axis=1) * weights
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        share = asked @ (1 / (1 + np.exp(-middle - question.slope(world) * severity))) / asked.sum()
        low, high = (middle, high) if share < target else (low, middle)
    return np.array([[low]])


def level_probabilities(question: Question, severity: Floats, world: World = "types") -> Floats:
    """Category probabilities by type (one row in the controls) and severity: (types, severities, k)."""
    logits = question.thresholds(world)[:, None, :] + question.slope(world) * severity[None, :, None]
    above = 1 / (1 + np.exp(-logits))
    edges = np.concatenate([np.ones_like(above[..., :1]), above, np.zeros_like(above[..., :1])], axis=-1)
    probabilities: Floats = edges[..., :-1] - edges[..., 1:]
    return probabilities
