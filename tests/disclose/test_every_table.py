"""An attacker of its own against all tables of random small surveys: sizes, risk, replication.

`test_attack_suite` attacks the answers by type as if nothing were rounded; here the attacker reads what is
released, in all tables that count the same people, and knows the rules of suppression. Bounds come from one
system of inequalities a problem, written down here anew; the package's own attack is not used.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from tests.disclose.small_surveys import Small, T, half_step, near, small_survey, whole_half_step
from typology.disclose import protect
from typology.disclose.attack import attack

SEEDS = range(40)
WITHIN = 2
"""A count is recovered if it is known within so many."""


@functools.cache
def drawn(seed: int) -> tuple[Small, dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """A survey, and its tables before and after protection."""
    small = small_survey(seed)
    safe, _ = protect(small.raw, threshold=T)
    raw = {table.name: table.frame.reset_index(drop=True) for table in small.raw}
    return small, raw, {table.name: table.frame.reset_index(drop=True) for table in safe}


@dataclass
class System:
    """Inequalities over named counts."""

    places: dict[object, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float]] = field(default_factory=list)

    def at(self, names: list[object]) -> list[int]:
        return [self.places.setdefault(name, len(self.places)) for name in names]

    def between(self, names: list[object], low: float, high: float) -> None:
        cells = self.at(names)
        if np.isfinite(high):
            self.rows.append((dict.fromkeys(cells, 1.0), high))
        self.rows.append((dict.fromkeys(cells, -1.0), -low))

    def share(self, part: list[object], whole: list[object], low: float, high: float) -> None:
        inside, cells = self.at(part), self.at(whole)
        for sign, value in ((1.0, high), (-1.0, low)):
            row = dict.fromkeys(cells, -sign * value)
            for cell in inside:
                row[cell] += sign
            self.rows.append((row, 0.0))

    def bounds(self, names: list[object]) -> tuple[int, int]:
        """Whole numbers that a sum of counts may be."""
        target = np.zeros(len(self.places))
        target[self.at(names)] = 1.0
        a = np.zeros((len(self.rows), len(self.places)))
        for position, (row, _) in enumerate(self.rows):
            a[position, list(row)] = list(row.values())
        b = np.array([limit for _, limit in self.rows]) + 1e-7
        ends = []
        for sign in (1, -1):
            found = linprog(sign * target, A_ub=a, b_ub=b, bounds=(0, 1e6), method="highs")
            assert found.status == 0, "what is shown must be consistent"
            ends.append(sign * found.fun)
        return int(np.ceil(ends[0] - 1e-4)), int(np.floor(ends[1] + 1e-4))


def size_numbers(
    raw: dict[str, pd.DataFrame], safe: dict[str, pd.DataFrame]
) -> Iterator[tuple[str, int, System, list]]:
    """Hidden rows of participation and types."""
    system, flow, types = System(), safe["participation"], safe["types"]
    n = dict(zip(flow["step"], flow["n"], strict=True))
    parts = [*types["id"], "unassigned"]
    aside = [step for step in n if step.startswith("set aside")]
    rounded = flow["n"].isna().any() or types["n"].isna().any()
    system.between([*parts, *aside], n["read"], n["read"])
    for step in [*aside, "unassigned"]:
        if np.isfinite(n[step]):
            system.between([step], n[step], n[step])
        else:
            both = np.isnan([n["clustered"], n["unassigned"]]).all()  # then neither need be small
            fewest = 0 if both and step == "unassigned" else 1  # a reason that nobody had has no row
            system.between([step], fewest, np.inf if both else T - 1)
    if np.isfinite(n["clustered"]):
        system.between(parts, n["clustered"], n["clustered"])
    for row in types.itertuples():
        if np.isfinite(row.n):
            system.between([row.id], row.n - T / 2 * rounded, row.n + (T / 2 - 1) * rounded)
            if not rounded:
                system.share([row.id], parts, row.share - 1e-6, row.share + 1e-6)
    low, high = safe["severity"]["base"].max() - T / 2, safe["severity"]["base"].max() + T / 2 - 1
    # those set aside are counted in where the clustered are withheld: a few, or any number
    counted_in = 0 if np.isfinite(n["clustered"]) else np.inf if np.isnan(n["unassigned"]) else T - 1
    system.between(parts, max(low - counted_in, 0), high)
    if np.isfinite(n["clustered"]):  # else the bands are parts of all respondents
        total = safe["severity"]["n"].dropna()
        system.between(parts, (total - T / 2).sum(), np.inf)
    for name in ("candidates", "latent_classes"):
        for row in safe[name].itertuples():
            logarithm, doubt = (row.bic + 2 * row.log_likelihood) / row.parameters, 1.5 / row.parameters
            system.between(parts, max(np.exp(logarithm - doubt) - counted_in, 0), np.exp(logarithm + doubt))
    true = {**raw["participation"].set_index("step")["n"], **raw["types"].set_index("id")["n"]}
    for name in [*parts, *aside]:
        hidden = not np.isfinite(n[name]) if name in n else not np.isfinite(types.set_index("id")["n"][name])
        if hidden:
            yield f"size of {name}", int(true[name]), system, [name]


def risk_numbers(
    raw: dict[str, pd.DataFrame], safe: dict[str, pd.DataFrame], *, weighted: bool
) -> Iterator[tuple[str, int, System, list]]:
    """Hidden bands of behaviours and groups of the calibration, and hidden two-by-two tables."""
    model = safe["risk_models"].iloc[0]
    for name, key, share in (("risk_dose", "band", "share"), ("risk_calibration", "bin", "observed")):
        system, rows = System(), safe[name]
        events, rest = [("e", each) for each in rows[key]], [("r", each) for each in rows[key]]
        if np.isfinite(model["events"]):
            system.between(events, *near(model["events"]))
            system.between([*events, *rest], model["base"] - T + 1, model["base"])
        for e, r, row in zip(events, rest, rows.to_dict("records"), strict=True):
            if np.isfinite(row["events"]):
                system.between([e], *near(row["events"]))
                system.between([r], T, np.inf)
                system.between([e, r], *near(row["base"]))
                if not weighted:
                    system.share([e], [e, r], row[share] - 0.005, row[share] + 0.005)
        system.at([*events, *rest])
        for e, row, true in zip(events, rows.to_dict("records"), raw[name]["events"], strict=True):
            if not np.isfinite(row["events"]):
                yield f"{name} {e}", int(true), system, [e]


def country_numbers(
    raw: dict[str, pd.DataFrame], safe: dict[str, pd.DataFrame], *, weighted: bool, rounded: bool = True
) -> Iterator[tuple[str, int, System, list]]:
    """Hidden cells of country by type: prevalence, replication, types and participation together.

    Without `rounded` the shares are those of the raw counts whatever is withheld.
    """
    rows = safe["prevalence"]
    mine = rows["variable"] == "country"
    rows, true = rows[mine], raw["prevalence"].loc[mine, "count"]
    labels = dict(zip(rows["category_label"], rows["category"], strict=True))
    codes, groups = list(labels.values()), [g for g in rows["group"].unique() if g != "everyone"]
    everywhere = [*groups, "elsewhere"]
    system = System()
    # where a size is withheld, shares of types are made from the rounded counts
    coarse = rounded and bool(safe["participation"]["n"].isna().any() or safe["types"]["n"].isna().any())
    system.at([(c, g) for c in codes for g in everywhere])
    for row in rows[rows["count"].notna()].itertuples():
        of = everywhere if row.group == "everyone" else [row.group]
        part, whole = [(row.category, g) for g in of], [(c, g) for c in codes for g in of]
        system.between(part, *near(row.count_))
        if row.group == "everyone":
            system.between(whole, row.base - T + 1, row.base)
        else:
            system.between(whole, row.base - 1.5 * T + 1, row.base + T / 2 - 1)
        if not weighted and (row.group == "everyone" or not coarse):
            half = whole_half_step(row.base) if row.group == "everyone" and rounded else 0.005
            system.share(part, whole, row.share - half, row.share + half)
    again = safe["replication"]
    for row in again[again["n"].notna()].itertuples():
        code = labels[row.group]
        system.between([(code, row.type)], *near(row.n))
        if not weighted and not coarse:
            half, whole = half_step(row.base), [(code, g) for g in groups]
            system.share([(code, row.type)], whole, row.share - half, row.share + half)
            system.between(whole, row.base - T / 2, row.base + T / 2 - 1)
    for position, row in zip(rows.index, rows.itertuples(), strict=True):
        if not np.isfinite(row.count_) and row.group != "everyone":
            yield (
                f"{row.category_label} in {row.group}",
                int(true[position]),
                system,
                [(row.category, row.group)],
            )


def hidden_numbers(seed: int) -> Iterator[tuple[str, int, System, list]]:
    """Every hidden count with its true value and what is known of it."""
    small, raw, safe = drawn(seed)
    named = {**safe, "prevalence": safe["prevalence"].rename(columns={"count": "count_"})}
    named["prevalence"]["count"] = named["prevalence"]["count_"]
    yield from size_numbers(raw, safe)
    yield from risk_numbers(raw, safe, weighted=small.weighted)
    yield from country_numbers(raw, named, weighted=small.weighted)


def drawn_size(seed: int, cells: list) -> float:
    """Respondents in the group of a cell of country by type; no bound for other numbers."""
    if not (isinstance(cells[0], tuple) and cells[0][1] == "unassigned"):
        return np.inf
    rows = drawn(seed)[1]["prevalence"]
    return float(rows.loc[(rows["variable"] == "country") & (rows["group"] == "unassigned"), "base"].iloc[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_no_suppressed_count_of_any_table_is_recovered(seed: int) -> None:
    for what, value, system, cells in hidden_numbers(seed):
        low, high = system.bounds(cells)
        assert low <= value <= high, f"{what} = {value}: the attack is wrong, {low} to {high}"
        # of so few as there are in a tiny group without a type, a count cannot be open by more
        least = min(2 * WITHIN + 1, drawn_size(seed, cells))
        assert high - low >= least, f"{what} = {value} is known: {low} to {high}"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_package_s_own_attack_finds_nothing_either(seed: int) -> None:
    small, _, safe = drawn(seed)
    tables = {
        name: frame.assign(suppressed=frame["suppressed"].replace("", np.nan)) for name, frame in safe.items()
    }
    settings = {"provenance": {"settings": {"weights": small.weighted}}}
    assert attack(tables, threshold=T, summary=settings) == []


COUNTED = {
    "types": [("n", "base")], "severity": [("n", "base")], "crosswalk": [("count", "base")],
    "replication": [("n", "base")], "risk_dose": [("events", "base")], "risk_models": [("events", "base")],
    "risk_calibration": [("events", "base")], "prevalence": [("count", "base")],
    "outcomes": [("count", "base")],
    "factors": [("exposed_type", "base_type"), ("exposed_rest", "base_rest")],
    "outcome_models": [("exposed_type", "base_type"), ("exposed_rest", "base_rest")],
    "risk_predictors": [("events_exposed", "base_exposed"), ("events_unexposed", "base_unexposed")],
}  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_no_number_shown_rests_on_few(seed: int) -> None:
    _, raw, safe = drawn(seed)
    for name, pairs in COUNTED.items():
        rows = raw[name][safe[name]["suppressed"].eq("").to_numpy()]
        for count, base in pairs:
            assert (rows[count] >= T).all(), name
            assert (rows[base] - rows[count] >= T).all() or name == "types", name
    for name in ("missingness", "missingness_groups"):
        keys = ["variable", "kind", *(["group"] if name.endswith("groups") else [])]
        true = raw[name].set_index(keys)["n"]
        listed = safe[name].set_index(keys)
        assert (true[listed.index[listed["n"].notna()]] >= T).all()
        left_out = true.index.difference(listed.index)
        assert len(left_out)
        # a reason that few gave; and every reason where few answered, in a group of rounded size
        answered = [(variable, "answered", *group) for variable, _, *group in left_out]
        assert ((true[left_out] < T).to_numpy() | (true[answered] < 1.5 * T).to_numpy()).all()
    clustered = raw["participation"].set_index("step")["n"]["clustered"]
    for name in ("candidates", "latent_classes"):
        small = raw[name]["smallest_share"] * clustered < T
        assert safe[name]["smallest_share"].isna().eq(small).all()
    noise = safe["runs"]["noise"].iloc[0]
    assert noise == 0 or raw["runs"]["noise"].iloc[0] * clustered >= T


def test_the_attacker_recovers_what_is_hidden_without_complements() -> None:
    """The attack has teeth: with only the small rows hidden, and nothing rounded, counts are recovered."""
    found = 0
    for seed in (0, 4, 8):
        _, raw, safe = drawn(seed)
        rows = raw["prevalence"]
        small = (rows["count"] < T) | (rows["base"] - rows["count"] < T)
        naive = rows.assign(count=rows["count"].where(~small), count_=rows["count"].where(~small))
        tables = {**safe, "prevalence": naive}
        for _, _, system, cells in country_numbers(raw, tables, weighted=False, rounded=False):
            low, high = system.bounds(cells)
            found += high - low <= 2 * WITHIN
    assert found
