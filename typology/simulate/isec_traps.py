"""What happens between the true answer and the data file: refusals, routing, careless answering."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from typology.simulate.isec_model import Question

Floats = npt.NDArray[np.float64]

NOT_SURE, REFUSED = 98.0, 99.0
COUNT_NOT_SURE, COUNT_REFUSED = 998.0, 999.0
STRAIGHT_LINERS = 12
BREAK_OFFS = 14


def leave_unanswered(
    answers: pd.DataFrame, questions: tuple[Question, ...], rng: np.random.Generator
) -> None:
    """Replace some answers to single questions by "not sure" and "refused", in place.

    Refusal is informative: on sensitive questions it is likelier, and likelier still for those whose
    true answer is yes.
    """
    for question in questions:
        count = question.bands is not None
        answer = answers[question.name].to_numpy(copy=True)
        endorsed = answer == question.codes[-1]
        refuse = np.where(endorsed & question.sensitive, 2.0, 1.0) * (0.02 if question.sensitive else 0.004)
        unsure = 0.03 if count else 0.008
        chance = rng.random(answer.size)
        answer[chance < refuse] = COUNT_REFUSED if count else REFUSED
        answer[chance > 1 - unsure] = COUNT_NOT_SURE if count else NOT_SURE
        answers[question.name] = answer


def skip_scale_items(answers: pd.DataFrame, items: tuple[str, ...], rng: np.random.Generator) -> None:
    """Refuse single items of scales at random, in place: scores must then be prorated."""
    kept = answers[list(items)].to_numpy(copy=True)
    kept[rng.random(kept.shape) < 0.006] = REFUSED
    answers[list(items)] = kept


def answer_carelessly(
    answers: pd.DataFrame,
    codes: dict[str, tuple[float, ...]],
    rows: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> None:
    """Let some respondents tick the same position of every question, in place.

    The printed order of a yes/no question is yes, no; that of a rating is low to high.
    """
    position = (rng.random(rows.size) < 0.7).astype(int)
    for name, listed in codes.items():
        printed = np.sort(np.asarray(listed))
        answers.loc[answers.index[rows], name] = printed[position]


def route(answers: pd.DataFrame, questions: tuple[Question, ...]) -> None:
    """Blank what was not asked, in place: the gate's *recorded* answer decides, as in the interview."""
    for question in questions:
        if question.asked_if is not None:
            gate, codes = question.asked_if
            answers.loc[~answers[gate].isin(codes), question.name] = np.nan


def break_off(
    answers: pd.DataFrame,
    rows: npt.NDArray[np.int64],
    rng: np.random.Generator,
    *,
    first: int,
    last: int,
) -> None:
    """Blank everything after a random column between `first` and `last`, in place."""
    stops = rng.integers(first, last, size=rows.size)
    for row, stop in zip(rows, stops, strict=True):
        answers.iloc[row, stop:] = np.nan
