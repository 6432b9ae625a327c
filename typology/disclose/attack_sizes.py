"""What a reader could derive of how many are in a type, unassigned or set aside."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from typology.disclose.answers import EVERYONE, UNASSIGNED
from typology.disclose.attack_answers import ANSWERED, Sizes
from typology.disclose.puzzle import Bounds, Contradiction, Puzzle, rounded
from typology.disclose.rules import nearest
from typology.discover.everyone import MOST_SEARCHED
from typology.evidence.sensitivity import LARGEST_SAMPLE

_REST = "no group"
_NOT_CLUSTERED = "not clustered"
_CRITERIA = (("candidates", "bic"), ("latent_classes", "bic"))
_CLUSTERED, _AMONG_THEM = ("severity", "sensitivity"), ("short_form", "correlations")


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
        self.everything = all(np.isnan(self.n.get(name, np.nan)) for name in ("clustered", UNASSIGNED))
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
            self.puzzle.know(self.cells(name), 1.0 if name in self.n else 0.0, most)
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

    def know_bases(self) -> None:
        """Bases of types in other tables: the size less those without an answer in whole steps."""
        missing = _steps_missing(self.tables)
        if "prevalence" in self.tables and self.types:
            rows = self.tables["prevalence"]
            rows = rows[rows["group"].isin(self.types) & rows["count"].notna()]
            for (variable, group), part in rows.groupby(["variable", "group"], sort=False):
                more = missing.get(str(variable), np.inf)
                base = nearest(part["base"].max(), self.threshold)
                self.puzzle.know(self.cells(str(group)), base[0], base[1] + more)
                # the answers that are shown are some of them
                least = sum(rounded(count, self.threshold)[0] for count in part["count"])
                self.puzzle.know(self.cells(str(group)), least, np.inf)
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


def sizes_told(tables: Mapping[str, pd.DataFrame], *, threshold: int) -> Sizes:
    """Return what a reader knows of the size of every group."""
    return size_leaks(tables, threshold=threshold)[1]


def size_leaks(tables: Mapping[str, pd.DataFrame], *, threshold: int) -> tuple[list[str], Sizes]:
    """Try to work out hidden sizes.

    Returns
    -------
    leaks : list of str
    sizes : Sizes
        What a reader knows of the size of every group.
    """
    if not {"step", "n", "note"} <= set(tables.get("participation", pd.DataFrame()).columns):
        return [], Sizes({})  # nothing tells a size
    flow = _Flow(tables, threshold)
    flow.know_flow()
    flow.know_types()
    flow.know_bases()
    flow.know_elsewhere()
    after = flow.clustered + flow.cells(*flow.late)
    targets = [[cell] for cell in range(len(flow.names))] + [flow.cells(*flow.late), flow.clustered, after]
    try:
        found = flow.puzzle.extremes(targets, lambda *_: False)
    except Contradiction as error:
        return [f"participation: {error}"], Sizes({}, coarse=flow.rounded)
    hidden = [
        name for name in (*flow.late, *flow.early, UNASSIGNED) if name in flow.n and np.isnan(flow.n[name])
    ]
    hidden += [] if "types" not in tables else list(tables["types"].loc[tables["types"]["n"].isna(), "id"])
    leaks = [
        f"participation: {name} lies between {low:.0f} and {high:.0f}"
        for name in hidden
        for low, high in [found[flow.names.index(str(name))]]
        if high - low < threshold // 2
    ]
    bounds = dict(zip(flow.names[: len(flow.types) + 1], found[: len(flow.types) + 1], strict=True))
    return leaks, Sizes({**bounds, _REST: found[-3], EVERYONE: found[-1]}, coarse=flow.rounded)
