"""What a reader could derive of how many are in a type, unassigned or set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from typology.disclose.answers import EVERYONE, NO_GROUP, UNASSIGNED
from typology.disclose.attack_answers import ANSWERED, Answers, Sizes
from typology.disclose.puzzle import Bounds, Contradiction, Puzzle, Source
from typology.disclose.rules import nearest
from typology.discover.everyone import MOST_SEARCHED
from typology.evidence.sensitivity import LARGEST_SAMPLE

_NOT_CLUSTERED = "not clustered"
_CRITERIA = (("candidates", "bic"), ("latent_classes", "bic"))
_CLUSTERED, _AMONG_THEM = ("severity", "sensitivity"), ("short_form", "correlations")


class SizeTold(NamedTuple):
    """A withheld size that is known too well, and the rows of prevalence this rests on."""

    group: str
    bounds: Bounds
    sources: frozenset[Source] = frozenset()
    contradiction: str = ""

    def __str__(self) -> str:
        if self.contradiction:
            return f"participation: {self.contradiction}"
        return f"participation: {self.group} lies between {self.bounds[0]:.0f} and {self.bounds[1]:.0f}"


class _Flow:
    """Types, unassigned and those set aside after reading, as unknown counts."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], threshold: int) -> None:
        self.tables, self.threshold = tables, threshold
        flow = tables["participation"]
        step, note = flow["step"].astype(str), flow["note"].fillna("").astype(str)
        self.n = dict(zip(step, flow["n"].astype(float), strict=True))
        late = step.str.startswith("set aside") & note.eq(_NOT_CLUSTERED)
        early = step.str.startswith("set aside") & ~late
        types = tables.get("types", pd.DataFrame({"id": []}))
        self.types = [str(each) for each in types["id"]]
        self.names = [*self.types, UNASSIGNED, *step[late], *step[early]]
        self.late, self.early = list(step[late]), list(step[early])
        # types are rounded wherever a size is withheld
        self.rounded = bool(flow["n"].isna().any() or types.get("n", flow["n"]).isna().any())
        # a survey without types has no row of the unassigned, so there the clustered are withheld for the few
        self.everything = all(np.isnan(self.n.get(name, 0.0)) for name in ("clustered", UNASSIGNED))
        self.puzzle = Puzzle(len(self.names))

    def cells(self, *names: str) -> list[int]:
        return [self.names.index(name) for name in names]

    @property
    def clustered(self) -> list[int]:
        return self.cells(*self.types, UNASSIGNED)

    def know_flow(self) -> None:
        """Rows of the participation table; a reason that nobody gave has no row."""
        reasons = len(self.late) + len(self.early)
        for name in [*self.late, *self.early, UNASSIGNED]:
            n = self.n.get(name, np.nan)
            if np.isfinite(n):
                self.puzzle.know(self.cells(name), n, n)
                continue
            # withheld for its own sake, unless it may be for another reason's
            small = name in self.n and not (self.everything or (name != UNASSIGNED and reasons > 1))
            most = self.threshold - 1.0 if small else np.inf
            # nobody without a type is a row too, which is withheld where everything is
            some = name in self.n and not (self.everything and name == UNASSIGNED)
            self.puzzle.know(self.cells(name), float(some), most)
        if np.isfinite(self.n.get("clustered", np.nan)):
            self.puzzle.know(self.clustered, self.n["clustered"], self.n["clustered"])
        everybody = self.n.get("respondents", np.nan)
        after = self.clustered + self.cells(*self.late)
        if np.isfinite(everybody):
            self.puzzle.know(after, everybody, everybody)
        if np.isfinite(self.n.get("read", np.nan)):
            self.puzzle.know(after + self.cells(*self.early), self.n["read"], self.n["read"])

    def know_types(self) -> None:
        """Sizes of types: exact, or rounded where the rest is small."""
        if not self.types:
            return
        for row in self.tables["types"].to_dict("records"):
            cell = self.cells(str(row["id"]))
            if pd.notna(row["n"]):
                size = float(row["n"])
                self.puzzle.know(cell, *(nearest(size, self.threshold) if self.rounded else (size, size)))
                if pd.notna(row.get("share")) and not self.rounded:  # else it is made from the rounded size
                    self.puzzle.know_share(cell, self.clustered, row["share"] - 1e-6, row["share"] + 1e-6)

    def know_classes(self) -> None:
        """Bases of types among the latent classes."""
        if "crosswalk" in self.tables:
            rows = self.tables["crosswalk"]
            # of many respondents the search, and so this table, takes a sample
            sampled = not self.n.get("respondents", np.inf) <= MOST_SEARCHED
            for row in rows[rows["base"].notna() & rows["type"].isin(self.types)].to_dict("records"):
                low, high = nearest(row["base"], self.threshold)
                self.puzzle.know(self.cells(row["type"]), low, np.inf if sampled else high)

    def know_elsewhere(self) -> None:
        """Bases of other tables that are, or are within, the clustered; and the criteria of models."""
        told = np.isfinite(self.n.get("clustered", np.nan))
        # where the number of the clustered is withheld, those set aside are counted in: a few, if not both
        # they and the unassigned are withheld, which may be for the sake of the others
        counted_in = 0.0 if told else np.inf if self.everything else self.threshold - 1.0
        for name in (*_CLUSTERED, *_AMONG_THEM):
            base = self.tables[name]["base"].max() if name in self.tables else np.nan
            if pd.notna(base):
                exact = bool(base % self.threshold)
                low, high = (base, base) if exact else nearest(base, self.threshold)
                # of many respondents the missing-answers analyses take a sample
                all_of_them = name in _CLUSTERED and not (name == "sensitivity" and base >= LARGEST_SAMPLE)
                self.puzzle.know(
                    self.clustered, low - (0.0 if exact else counted_in), high if all_of_them else np.inf
                )
        for name, column in () if told else _CRITERIA:
            for low, high in _respondents_behind(self.tables.get(name, pd.DataFrame()), column):
                self.puzzle.know(self.clustered, low - counted_in, high)
        if "map_density" in self.tables:
            hexes = self.tables["map_density"]
            self.puzzle.know(self.clustered, float(hexes["n"].sum()), np.inf)

    def withheld(self) -> list[str]:
        """Groups the release names without their size."""
        steps = [name for name in (*self.late, *self.early, UNASSIGNED) if np.isnan(self.n.get(name, 0.0))]
        if not self.types:
            return steps
        types = self.tables["types"]
        return [*steps, *types.loc[types["n"].isna(), "id"].astype(str)]

    def sizes(self) -> Sizes:
        """Bounds on the size of every group, of those in no group and of everyone."""
        names = [*self.names, NO_GROUP, EVERYONE]
        after = self.clustered + self.cells(*self.late)
        targets = [*([cell] for cell in range(len(self.names))), self.cells(*self.late), after]
        found = self.puzzle.extremes(targets, lambda *_: False)
        return Sizes(dict(zip(names, found, strict=True)), coarse=self.rounded)

    def know_answers(self, sizes: Sizes, *, weighted: bool) -> None:
        """Every variable: its answers by group are some of the group; the others gave none."""
        prevalence = self.tables["prevalence"]
        everyone, late = self.clustered + self.cells(*self.late), self.cells(*self.late)
        missing = _steps_missing(self.tables)
        for _, rows in prevalence.assign(category=prevalence["category"].astype(str)).groupby("variable"):
            answers = Answers(rows, sizes, self.threshold, self.puzzle)
            answers.read(self.tables, weighted=weighted)
            for group in answers.groups:
                apart = {NO_GROUP: late, EVERYONE: everyone}
                size = apart[group] if group in apart else self.cells(group)
                self.puzzle.know_less(answers.cells(answers.categories, group), size)
            given, few = answers.cells(answers.categories, EVERYONE), missing.get(answers.name, np.nan)
            if np.isfinite(few):  # those who gave none are told in whole steps
                self.puzzle.know_less(everyone, given, few + self.threshold - 1)
                self.puzzle.know_less(given, everyone, -few)


def _flow_of(tables: Mapping[str, pd.DataFrame], threshold: int) -> _Flow:
    flow = _Flow(tables, threshold)
    flow.know_flow()
    flow.know_types()
    flow.know_classes()
    flow.know_elsewhere()
    return flow


def _with_answers(
    tables: Mapping[str, pd.DataFrame], sizes: Sizes, *, weighted: bool, threshold: int
) -> tuple[_Flow, Sizes]:
    """Take the answers in; shares that contradict the counts are weighted ones and tell nothing."""
    flow = _flow_of(tables, threshold)
    flow.know_answers(sizes, weighted=weighted)
    try:
        return flow, flow.sizes()
    except Contradiction:
        if weighted:
            raise
    return _with_answers(tables, sizes, weighted=True, threshold=threshold)


def _steps_missing(tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """By variable, how many gave no answer, in whole steps of the threshold."""
    if "missingness" not in tables:
        return {}
    rows = tables["missingness"]
    rows = rows[rows["kind"] == ANSWERED]
    missing = rows["base"].astype(float) - rows["n"].astype(float)
    return dict(zip(rows["variable"], missing, strict=True))


def _respondents_behind(fits: pd.DataFrame, criterion: str) -> list[Bounds]:
    """Number of respondents that a BIC holds: minus two log-likelihoods plus parameters times its log."""
    if not {"log_likelihood", criterion} <= set(fits.columns):
        return []
    found = []
    digits = _last_digit(pd.concat([fits["log_likelihood"], fits[criterion]]))
    for row in fits.to_dict("records"):
        values = [row["log_likelihood"], row[criterion]]
        parameters = row.get("parameters")
        if parameters is None:
            parameters = round((row["aic"] + 2 * row["log_likelihood"]) / 2)
        if any(pd.isna(value) for value in values) or not parameters or parameters < 1:
            continue
        logarithm = (row[criterion] + 2 * row["log_likelihood"]) / parameters
        doubt = 1.5 * digits / parameters
        found.append((float(np.exp(logarithm - doubt)), float(np.exp(min(logarithm + doubt, 30.0)))))
    return found


def _last_digit(values: pd.Series) -> float:
    """Coarsest unit that all numbers are multiples of, down to a thousandth."""
    return next((unit for unit in (10.0, 1.0) if (values.dropna() % unit == 0).all()), 1e-3)


def size_leaks(
    tables: Mapping[str, pd.DataFrame], *, threshold: int, weighted: bool, least: float | None = None
) -> tuple[list[SizeTold], Sizes]:
    """Try to work out withheld sizes.

    Sizes alone leave much open; the answers to all variables, which add up to them, are taken in where one is
    withheld.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Protected, as read from the CSV files.
    threshold : int
    weighted : bool
        Whether shares are weighted, and so tell no count.
    least : float, optional
        A size is known too well if it is not open within so many; half the threshold unless told.

    Returns
    -------
    leaks : list of SizeTold
    sizes : Sizes
        What a reader knows of the size of every group.
    """
    if not {"step", "n", "note"} <= set(tables.get("participation", pd.DataFrame()).columns):
        return [], Sizes({})  # nothing tells a size
    flow = _flow_of(tables, threshold)
    hidden = flow.withheld()
    try:
        sizes = flow.sizes()
        if hidden and "prevalence" in tables:
            flow, sizes = _with_answers(tables, sizes, weighted=weighted, threshold=threshold)
    except Contradiction as error:
        return [SizeTold("", (0.0, np.inf), contradiction=str(error))], Sizes({}, coarse=flow.rounded)
    least = threshold // 2 if least is None else least
    found = ((name, sizes.of(name)) for name in hidden)
    leaks = [
        SizeTold(name, bounds, frozenset(flow.puzzle.sources_of(flow.cells(name))))
        for name, bounds in found
        if bounds[1] - bounds[0] < least
    ]
    return leaks, sizes
