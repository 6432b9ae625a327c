"""What is not wrong in a survey but makes one look twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from typology.letters import visible
from typology.results import Survey
from typology.schema.codebook import DESIGN_ROLES, Variable
from typology.schema.study import Study
from typology.survey.careless import lowest_code
from typology.survey.codes import NOT_ASKED, SYSTEM, fingerprint
from typology.survey.missing_codes import MISSING_CODES, REFUSAL, looks_apart, sounds_missing
from typology.survey.reliability import item_rest_correlations
from typology.survey.routing import closed_gate
from typology.survey.scales import keyed_items

REFUSAL_SHARE = 0.10
DESIGN_EFFECT = 3.0
WRONG_WAY = -0.05
ENOUGH = 30
FEWEST_UNUSUAL = 5
CHANCE = 0.05
PRIOR = 20


@dataclass(frozen=True)
class Suspicion:
    """Something to look at: a variable, what was seen, what to consider, and where it is described.

    `respondents` are the ids it is about. They are no part of its text, which may be passed on.
    """

    variable: str
    message: str
    advice: str
    value: str = ""
    place: str = ""
    respondents: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line: place: variable: message (found: value). Advice."""
        found = f" (found: {self.value})" if self.value else ""
        place = f"{self.place}: " if self.place else ""
        return visible(f"{place}{self.variable}: {self.message}{found}. {self.advice}")


def suspicions(study: Study, survey: Survey) -> list[Suspicion]:
    """Everything in the survey that is allowed but unlikely to be meant.

    Parameters
    ----------
    study : Study
    survey : Survey
        As `read_survey` gives it.

    Returns
    -------
    list of Suspicion
        About the data file as a whole, then by variable in the order of the codebook.
    """
    codebook = study.config.survey.codebook
    order = {name: i for i, name in enumerate(survey.codebook.variables)}
    found = [
        replace(one, place=f"{codebook}:{study.lines[one.variable]}") if one.variable in study.lines else one
        for one in _all_found(study, survey)
    ]
    return sorted(found, key=lambda one: order.get(one.variable, -1))


def _all_found(study: Study, survey: Survey) -> list[Suspicion]:
    found: list[Suspicion] = []
    if len(survey.set_aside):
        message = f"{len(survey.set_aside)} rows repeat a respondent and were set aside"
        found.append(
            Suspicion(survey.codebook.name_of("id") or "id", message, "Check how the file was put together.")
        )
    advice = "Check a few labels and numbers against the original."
    found += [Suspicion("data file", note, advice) for note in survey.notes]
    for name in (str(column) for column in survey.answers.columns):
        variable = survey.codebook.variables[name]
        found += _constant(name, variable, survey)
        found += _refusals(name, survey)
        found += _missing_looks(name, variable, survey)
        found += _contradictions(name, variable, survey)
        found += _meaningless(name, variable, study)
        if variable.role == "weight":
            found += _weights(name, survey.answers[name])
    found += _identical(survey)
    found += _wrong_way(survey)
    found += repeated_answers(survey)
    return found


def _constant(name: str, variable: Variable, survey: Survey) -> Iterator[Suspicion]:
    if variable.role not in ("typology", "risk", "outcome", "demographic", "group"):
        return
    answers = survey.answers[name].dropna()
    if answers.nunique() != 1:
        return
    only = answers.iloc[0]
    text = variable.values.get(only, f"{only}")
    if variable.type == "binary" and only == lowest_code(variable):
        yield Suspicion(
            name, "nobody endorses this item", "Is `positive` the right code? Else drop it.", text
        )
    else:
        advice = "It tells respondents apart in nothing: check its codes, or drop it."
        yield Suspicion(name, "everyone gives the same answer", advice, text)


def _refusals(name: str, survey: Survey) -> Iterator[Suspicion]:
    counts = survey.missing[name].value_counts()
    asked = int(counts.sum()) - int(counts.get(NOT_ASKED, 0))
    refused = sum(int(n) for kind, n in counts.items() if REFUSAL.search(str(kind)))
    if asked and refused / asked > REFUSAL_SHARE:
        advice = "Refusal on sensitive items is rarely at random: report it beside the results."
        yield Suspicion(name, f"{refused} of {asked} asked refused", advice, f"{refused / asked:.0%}")


def _missing_looks(name: str, variable: Variable, survey: Survey) -> Iterator[Suspicion]:
    """Answers whose label or code looks like a missing code."""
    advice = f"If it is not an answer, move it to `missing` of {name}."
    if variable.role in DESIGN_ROLES:
        return
    if variable.type != "numeric":
        others = sorted(code for code in variable.values if not isinstance(code, str))
        for code, label in variable.values.items():
            apart = looks_apart(code, others, spread=False)
            if sounds_missing(label, apart=apart):
                yield Suspicion(
                    name, "the label of an answer sounds like a missing code", advice, f"{code}: {label}"
                )
            elif code in MISSING_CODES and apart:
                yield Suspicion(
                    name, "an answer's code looks like a missing code", advice, f"{code}: {label}"
                )
        return
    counts = survey.answers[name].value_counts()
    values = sorted(counts.index)
    for code in (
        value for value in values if value in MISSING_CODES and looks_apart(value, values, spread=True)
    ):
        yield Suspicion(name, "a number looks like a missing code", advice, f"{code:g} ({counts[code]}x)")


def _contradictions(name: str, variable: Variable, survey: Survey) -> Iterator[Suspicion]:
    """Answers to questions that the routing says were not put."""
    answered = survey.answers[name].notna().to_numpy()
    for gate in variable.asked_if:
        unknown = survey.missing[gate].eq(SYSTEM).to_numpy(dtype=bool)
        closed = closed_gate(survey.answers, unknown, survey.codebook, name=name, gate=gate)
        n = int((answered & closed).sum())
        if n:
            advice = f"Check `asked_if` of {name}: the answers are kept as they are."
            yield Suspicion(name, f"{n} answers although {gate} says it was not asked", advice, str(n))


def _meaningless(name: str, variable: Variable, study: Study) -> Iterator[Suspicion]:
    """Missing codes of the data file that neither it nor the codebook gives a meaning."""
    declared = study.codebook.variables[name]
    added = [
        f"{code}: {meaning}" for code, meaning in variable.missing.items() if code not in declared.missing
    ]
    unlabelled = [text for text in added if ": user-missing " in text]
    if unlabelled:
        advice = f"Give their meaning under `missing` of {name}."
        yield Suspicion(
            name, "the data file has missing codes without a meaning", advice, ", ".join(unlabelled[:6])
        )


def _weights(name: str, weights: pd.Series) -> Iterator[Suspicion]:
    values = weights.to_numpy(dtype=float)
    zero = int((values == 0).sum())
    if zero:
        advice = "They count in no estimate: is that meant?"
        yield Suspicion(name, f"{zero} respondents have a weight of zero", advice, "0")
    effect = float(len(values) * np.square(values).sum() / np.square(values.sum()))
    if effect > DESIGN_EFFECT:
        advice = "A few respondents decide the estimates: consider trimming the weights."
        yield Suspicion(
            name, "the weights are very unequal: Kish's design effect is above 3", advice, f"{effect:.1f}"
        )


def _identical(survey: Survey) -> Iterator[Suspicion]:
    seen: dict[str, str] = {}
    for name in survey.codebook.names("typology", "risk", "outcome"):
        answers = survey.answers[name]
        if answers.nunique() < 2:
            continue
        key = fingerprint(answers) + fingerprint(survey.missing[name])
        if key in seen:
            advice = "Is one a copy of the other? Two copies count double."
            yield Suspicion(name, f"has the same answers as {seen[key]} throughout", advice, seen[key])
        seen.setdefault(key, name)


def _wrong_way(survey: Survey) -> Iterator[Suspicion]:
    """Scale items that go against the rest of their scale."""
    for name, scale in survey.codebook.scales.items():
        keyed = keyed_items(survey, scale)
        if len(keyed.dropna()) < ENOUGH:
            continue
        for item, r in item_rest_correlations(keyed).items():
            if r < WRONG_WAY:
                change = "remove it from" if item in scale.reverse else "add it to"
                advice = f"Compare the item's wording, then maybe {change} `reverse` of {name}."
                message = f"goes against the rest of the scale {name}"
                yield Suspicion(str(item), message, advice, f"r = {r:.2f}")


def repeated_answers(survey: Survey) -> Iterator[Suspicion]:
    """Respondents of different ids who gave the same answers throughout, which chance can hardly do.

    Many share the commonest answers, and those with many experiences resemble each other. So only patterns
    count that hold at least five answers that are not the commonest, and that hardly anybody would be
    expected to share if answers were independent among respondents with as many uncommon answers: in all,
    less than one pair in twenty surveys.
    """
    names = survey.codebook.names("typology", "risk", "outcome", "demographic")
    n = len(survey.answers)
    coded = np.zeros((n, len(names)), dtype=np.int64)
    unusual = np.zeros(n, dtype=np.int64)
    for i, name in enumerate(names):
        answer, _ = pd.factorize(survey.answers[name], use_na_sentinel=True)
        kind, _ = pd.factorize(survey.missing[name])
        coded[:, i] = np.where(answer >= 0, answer, -1 - kind)
        if (answer >= 0).any():
            unusual += (answer >= 0) & (answer != np.bincount(answer[answer >= 0]).argmax())
    _, pattern, copies = np.unique(coded, axis=0, return_inverse=True, return_counts=True)
    repeated = (copies[pattern.ravel()] > 1) & (unusual >= FEWEST_UNUSUAL)
    for count in np.unique(unusual[repeated]):
        alike = unusual == count
        repeated[alike] &= _expected_copies(coded, alike) < CHANCE / n
    ids = survey.answers.index[repeated]
    if len(ids):
        message = f"{len(ids)} respondents gave the same answers throughout as another"
        advice = "Compare these rows: was a questionnaire entered twice, or copied?"
        name = survey.codebook.name_of("id") or "row"
        yield Suspicion(name, message, advice, respondents=tuple(map(str, ids)))


def _expected_copies(coded: npt.NDArray[np.int64], alike: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """How many of the respondents marked alike would share each one's pattern if answers were independent.

    Shares of answers among few are drawn towards those among everybody. Missing answers (below 0) count as
    shared: whole blocks of questions are left out in some places.
    """
    logs = np.zeros(int(alike.sum()))
    for answers in coded.T:
        given, own = answers[answers >= 0], answers[alike]
        if not len(given):
            continue
        overall = np.bincount(given) / len(given)
        among = np.bincount(own[own >= 0], minlength=len(overall))
        share = (among + PRIOR * overall) / (among.sum() + PRIOR)
        logs[own >= 0] += np.log(share[own[own >= 0]])
    return np.asarray(alike.sum() * np.exp(logs), dtype=np.float64)
