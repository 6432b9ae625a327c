"""An attacker who puts everything that a release says into one system of inequalities.

Unknown are the sizes of types, of the unassigned and of those set aside; how many of each gave each answer to
each variable, and how many none; two-by-two tables of predictors and outcomes; parts of outcomes; latent
classes by type; complete answers. Nothing of the package's own attack is used. Every inequality is first held
against the true counts of the survey, so that an attack which is wrong is found out and recovers nothing by
luck.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

from tests.disclose.small_surveys import Small, T, half_step, near, whole_half_step
from typology.pipeline.summary import _respondents

ASIDE, UNASSIGNED, EVERYONE = "set aside", "unassigned", "everyone"
Name = Hashable
_FAR = 1e6


@dataclass(frozen=True)
class Hidden:
    """A suppressed count: what it is, its true value, and the unknowns it is the sum of."""

    what: str
    true: float
    parts: Sequence[Name]


@dataclass
class Everything:
    """Inequalities over named unknown counts, none negative, with the true counts beside."""

    true: dict[Name, float] = field(default_factory=dict)
    rows: list[tuple[dict[Name, float], float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    told: set[frozenset[Name]] = field(default_factory=set)

    def at_most(self, row: Mapping[Name, float], limit: float, why: str) -> None:
        if not np.isfinite(limit):
            return
        if sum(weight * self.true[name] for name, weight in row.items()) > limit + 1e-6:
            self.wrong.append(why)
        self.rows.append((dict(row), limit))

    def between(self, parts: Iterable[Name], low: float, high: float, why: str) -> None:
        names = list(parts)
        self.at_most(dict.fromkeys(names, 1.0), high, why)
        self.at_most(dict.fromkeys(names, -1.0), -low, why)

    def less(self, one: Iterable[Name], other: Iterable[Name], why: str, more: float = 0.0) -> None:
        """Know that a sum is at most another and some more."""
        row = dict.fromkeys(other, -1.0)
        for name in one:
            row[name] = row.get(name, 0.0) + 1.0
        self.at_most(row, more, why)

    def share(self, part: Iterable[Name], whole: Iterable[Name], low: float, high: float, why: str) -> None:
        inside, of = list(part), list(whole)
        for sign, value in ((1.0, high), (-1.0, low)):
            row = dict.fromkeys(of, -sign * value)
            for name in inside:
                row[name] = row.get(name, 0.0) + sign
            self.at_most(row, 0.0, why)

    def shown(self, part: Sequence[Name], whole: Sequence[Name], count: float, why: str) -> None:
        """A count that is shown: rounded, and it and the rest of its base reach the threshold."""
        self.between(part, *near(count), why)
        self.between([name for name in whole if name not in set(part)], T, np.inf, why)
        self.told.add(frozenset(part))

    def bounds(self, hidden: Sequence[Hidden], *, width: int) -> list[tuple[int, int]]:
        """Bounds of every hidden count; inner ones where they are seen to be wider than `width`."""
        places = {name: position for position, name in enumerate(self.true)}
        entries = [(r, places[n], w) for r, (row, _) in enumerate(self.rows) for n, w in row.items()]
        r, c, w = (np.array(each) for each in zip(*entries, strict=True))
        a = csr_array((w, (r, c)), shape=(len(self.rows), len(places)))
        b = np.array([limit for _, limit in self.rows]) + 1e-7
        masks = np.zeros((len(hidden), len(places)))
        for position, each in enumerate(hidden):
            masks[position, [places[name] for name in each.parts]] = 1.0
        low, high = np.full(len(hidden), np.inf), np.full(len(hidden), -np.inf)

        def look(objective: np.ndarray) -> None:
            found = linprog(objective, A_ub=a, b_ub=b, bounds=(0, _FAR), method="highs")
            assert found.status == 0, f"what is shown must be consistent: {found.message}"
            np.minimum(low, masks @ found.x, out=low)
            np.maximum(high, masks @ found.x, out=high)

        def whole() -> tuple[np.ndarray, np.ndarray]:
            return np.ceil(low - 1e-4), np.floor(high + 1e-4)

        for position in range(len(hidden)):
            for sign in (1.0, -1.0):
                ends = whole()
                if not ends[1][position] - ends[0][position] > width:
                    look(sign * masks[position])
        return [(int(one), int(other)) for one, other in zip(*whole(), strict=True)]


def about(shown: float) -> tuple[float, float]:
    """Counts that are rounded to the one shown, whether they reach the threshold or not."""
    return shown - T / 2, shown + T / 2 - 1


class Attack:
    """Reads the released tables of one survey."""

    def __init__(self, small: Small, raw: dict[str, pd.DataFrame], safe: dict[str, pd.DataFrame]) -> None:
        self.small, self.raw, self.safe = small, raw, safe
        self.all, self.hidden = Everything(), list[Hidden]()
        self.n = dict(zip(safe["participation"]["step"], safe["participation"]["n"], strict=True))
        self.types = list(safe["types"]["id"])
        self.late = [step for step in self.n if step.startswith("set aside")]
        self.withheld = bool(np.isnan(self.n["clustered"]))
        # whether so many are withheld that those set aside need not be few
        self.any_number = self.withheld and bool(np.isnan(self.n[UNASSIGNED]))
        self.groups = [*self.types, UNASSIGNED]
        self.sizes()
        self.answers()
        self.missing()
        self.places()
        self.elsewhere()

    @property
    def secret(self) -> list[Hidden]:
        """Suppressed counts that no other table shows: a row goes as a whole, also for one of its sides."""
        return [each for each in self.hidden if frozenset(each.parts) not in self.all.told]

    # -- how many are in which group

    def size(self, group: str) -> list[Name]:
        return [("size", step) for step in self.late] if group == ASIDE else [("size", group)]

    @property
    def clustered(self) -> list[Name]:
        return [("size", group) for group in self.groups]

    def sizes(self) -> None:
        every, flow, types = self.all, self.raw["participation"], self.raw["types"]
        true = {**flow.set_index("step")["n"], **types.set_index("id")["n"]}
        for name in [*self.groups, *self.late]:
            every.true["size", name] = float(true[name])
        every.between(
            [*self.clustered, *self.size(ASIDE)], self.n["respondents"], self.n["respondents"], "read"
        )
        for step in [*self.late, UNASSIGNED]:
            one, n = [("size", step)], self.n[step]
            if np.isfinite(n):
                every.between(one, n, n, step)
            else:
                # nobody may be without a type where all is withheld; a reason that nobody had has no row
                fewest = 0 if self.any_number and step == UNASSIGNED else 1
                every.between(one, fewest, np.inf if self.any_number else T - 1, step)
                self.hidden.append(Hidden(f"size of {step}", float(true[step]), one))
        if not self.withheld:
            every.between(self.clustered, self.n["clustered"], self.n["clustered"], "clustered")
        shown = self.safe["types"].set_index("id")
        # then shares of types, and counts of everybody else, are made from other numbers shown
        self.coarse = rounded = bool(self.safe["participation"]["n"].isna().any() or shown["n"].isna().any())
        for name in self.types:
            one, n = [("size", name)], shown["n"][name]
            if not np.isfinite(n):
                self.hidden.append(Hidden(f"size of {name}", float(true[name]), one))
            elif rounded:
                every.between(one, *about(n), name)
            else:
                every.between(one, n, n, name)

    # -- prevalence, and the tables that count its answers again

    def answers(self) -> None:
        raw = self.raw["prevalence"].assign(category=self.raw["prevalence"]["category"].astype(str))
        self.count = raw.set_index(["variable", "category", "group"])["count"]
        self.base = raw.drop_duplicates(["variable", "group"]).set_index(["variable", "group"])["base"]
        self.codes = {v: list(rows["category"].unique()) for v, rows in raw.groupby("variable", sort=False)}
        for variable, codes in self.codes.items():
            self.unknown(variable, codes)
        gates = raw.drop_duplicates("variable").set_index("variable")["_asked_if"]
        for variable, gate in gates.items():
            for asker, values in gate.items():  # who answered gave an answer of the gate that leads there
                for group in [*self.groups, ASIDE]:
                    self.all.less(
                        self.x(variable, self.codes[variable], group), self.x(asker, values, group), "routing"
                    )
        for row, true in zip(self.safe["prevalence"].to_dict("records"), raw["count"], strict=True):
            self.row(row, float(true))
        self.sides("factors", "variable")
        self.sides("outcome_models", "outcome")
        for row, before in self.pairs("outcomes"):
            part = self.x(row["outcome"], before["_categories"], row["type"])
            self.one(row, part, (row["outcome"], row["type"]), before["count"], "prevalence")
        self.countries()

    def groups_of(self, variable: str) -> list[str]:
        """Groups of which the release has rows."""
        return [g for v, g in self.base.index if v == variable]

    def unknown(self, variable: str, codes: Sequence[str]) -> None:
        """Answers and no answer by group add up to the size of the group."""
        every, present = self.all, self.groups_of(variable)
        for group in [*self.groups, ASIDE]:
            size = sum(every.true[name] for name in self.size(group))
            for code in codes:
                inside = [self.count[variable, code, g] for g in self.groups if g in present]
                here = self.count[variable, code, group] if group in present else 0
                here = self.count[variable, code, EVERYONE] - sum(inside) if group == ASIDE else here
                every.true["x", variable, code, group] = float(here)
            given = sum(every.true["x", variable, code, group] for code in codes)
            every.true["none", variable, group] = size - given
            whole = [*self.x(variable, codes, group), ("none", variable, group)]
            every.less(whole, self.size(group), f"{variable} in {group}")
            every.less(self.size(group), whole, f"{variable} in {group}")

    def x(self, variable: str, codes: Iterable[str], group: str) -> list[Name]:
        groups = [*self.groups, ASIDE] if group == EVERYONE else [group]
        return [("x", variable, code, g) for code in codes for g in groups]

    def rest(self, variable: str, codes: Iterable[str], group: str) -> list[Name]:
        inside = self.x(variable, codes, group)
        return [name for name in self.x(variable, codes, EVERYONE) if name not in inside]

    def row(self, row: Mapping[str, object], true: float) -> None:
        variable, code, group = str(row["variable"]), str(row["category"]), str(row["group"])
        self.one(row, self.x(variable, [code], group), (variable, group), true, "share")

    def one(
        self, row: Mapping[str, object], part: Sequence[Name], of: tuple[str, str], true: float, share: str
    ) -> None:
        """A row that counts some answers of a variable in a group."""
        variable, group = of
        why = f"{share}: {variable} {row.get('category', 'endorsed')} in {group}"
        shown = float(row["count"])  # type: ignore[arg-type]
        if not np.isfinite(shown):
            self.hidden.append(Hidden(why, true, part))
            return
        whole = self.x(variable, self.codes[variable], group)
        self.all.shown(part, whole, shown, why)
        self.given(whole, variable, group, float(row["base"]), why)  # type: ignore[arg-type]
        if group == EVERYONE:
            self.told_share(part, whole, row.get(share), why, whole_half_step(float(row["base"])))  # type: ignore[arg-type]
        elif not self.coarse:
            self.told_share(part, whole, row.get(share), why)

    def told_share(
        self, part: Sequence[Name], whole: Sequence[Name], share: object, why: str, half: float = 0.005
    ) -> None:
        if not self.small.weighted and share is not None and np.isfinite(float(share)):  # type: ignore[arg-type]
            self.all.share(part, whole, float(share) - half, float(share) + half, f"{why}: share")  # type: ignore[arg-type]

    def given(self, whole: Sequence[Name], variable: str, group: str, base: float, why: str) -> None:
        """A base: the size less those without an answer in whole steps, rounded but for everyone."""
        if group == EVERYONE:
            self.all.between(whole, base - T + 1, base, f"{why}: base")
            return
        size = self.n[group] if group in self.n else self.safe["types"].set_index("id")["n"].get(group)
        steps = [base - T / 2 + offset for offset in range(T)]
        if group != "rest" and not self.coarse and np.isfinite(size):
            steps = [step for step in steps if (size - step) % T == 0] or steps
        self.all.between(whole, min(steps) - T + 1, max(steps), f"{why}: base")

    def sides(self, table: str, column: str) -> None:
        """A type against everybody else."""
        for row, before in self.pairs(table):
            variable, group, codes = row[column], row["type"], before["_categories"]
            everybody = self.codes[variable]
            sides = (
                ("type", self.x(variable, codes, group), self.x(variable, everybody, group), group),
                ("rest", self.rest(variable, codes, group), self.rest(variable, everybody, group), "rest"),
            )
            for side, part, whole, place in sides:
                why, shown = f"{table}: {variable} {side} {group}", row[f"exposed_{side}"]
                if not np.isfinite(shown):
                    self.hidden.append(Hidden(why, float(before[f"exposed_{side}"]), part))
                    continue
                if side == "rest" and self.coarse:
                    self.all.between(part, T, np.inf, why)
                    self.all.between([name for name in whole if name not in part], T, np.inf, why)
                    continue
                self.all.shown(part, whole, shown, why)
                self.given(whole, variable, place, row[f"base_{side}"], why)
                if self.coarse:
                    continue
                self.told_share(part, whole, row[f"prevalence_{side}"], why)

    def pairs(self, table: str) -> list[tuple[dict, dict]]:
        after, before = (each[table].to_dict("records") for each in (self.safe, self.raw))
        return list(zip(after, before, strict=True))

    def countries(self) -> None:
        """Types by country, of those clustered: the same people as country by type."""
        rows = self.safe["prevalence"][self.safe["prevalence"]["variable"] == "country"]
        codes = dict(zip(rows["category_label"], rows["category"].astype(str), strict=True))
        for row, before in self.pairs("replication"):
            part = self.x("country", [codes[row["group"]]], row["type"])
            whole = [name for g in self.groups for name in self.x("country", [codes[row["group"]]], g)]
            if not np.isfinite(row["n"]):
                self.hidden.append(Hidden(f"{row['type']} in {row['group']}", float(before["n"]), part))
                continue
            self.all.shown(part, whole, row["n"], "replication")
            self.all.between(whole, *about(row["base"]), "replication: base")
            if not self.small.weighted and not self.coarse:
                low, high = row["share"] - half_step(row["base"]), row["share"] + half_step(row["base"])
                self.all.share(part, whole, low, high, "replication: share")

    # -- missing answers

    def missing(self) -> None:
        """Reasons of missing answers are some of those who gave none; reasons of a few are left out."""
        kinds = self.safe["missingness"]
        for variable, rows in kinds.groupby("variable", sort=False):
            if variable not in self.codes:
                continue
            none: list[Name] = [("none", variable, group) for group in [*self.groups, ASIDE]]
            answered = rows[rows["kind"] == "answered"].iloc[0]
            if np.isfinite(answered["n"]):
                few = answered["base"] - answered["n"]
                self.all.between(none, few, few + T - 1, f"{variable}: missing")
            told = rows.loc[rows["kind"] != "answered", "n"].sum()
            self.all.between(none, told, np.inf, f"{variable}: kinds of missing")

    def places(self) -> None:
        """Missing answers by country: kinds, and those who answered, add up to the people of the country."""
        codes = dict(zip(("UK", "Ireland", "Italy"), self.codes["country"], strict=True))
        rows, raw = self.safe["missingness_groups"], self.raw["missingness_groups"]
        true = raw.set_index(["variable", "kind", "group"])["n"]
        for variable, here in rows.groupby("variable", sort=False):
            if variable in self.codes and variable != "country":
                self.placed(str(variable), here, codes, true)

    def placed(self, variable: str, here: pd.DataFrame, codes: dict[str, str], true: pd.Series) -> None:
        every, none = self.all, [("none", variable, group) for group in [*self.groups, ASIDE]]
        gone: list[Name] = []
        for place, code in codes.items():
            rows = here[here["group"] == place].to_dict("records")
            own = {kind: n for (v, kind, g), n in true.items() if v == variable and g == place}
            cells: dict[str, Name] = {
                kind: ("kind", variable, kind, place) for kind in ["answered", "left out"]
            }
            cells |= {row["kind"]: ("kind", variable, row["kind"], place) for row in rows}
            for kind, cell in cells.items():
                every.true[cell] = float(own.get(kind, 0))
            every.true[cells["left out"]] = sum(n for kind, n in own.items() if kind not in cells)
            people = self.x("country", [code], EVERYONE)
            every.less(cells.values(), people, "places")
            every.less(people, cells.values(), "places")
            missing = [cell for kind, cell in cells.items() if kind != "answered"]
            gone += missing
            for row in rows:
                self.kind(row, cells[row["kind"]], missing)
        every.less(gone, none, "places")  # some told no country

    def kind(self, row: Mapping[str, object], cell: Name, missing: list[Name]) -> None:
        n, base = float(row["n"]), float(row["base"])  # type: ignore[arg-type]
        if not np.isfinite(n):
            self.hidden.append(Hidden(f"{row['variable']} {row['kind']}", self.all.true[cell], [cell]))
        elif row["kind"] == "answered":
            self.all.between(missing, base - n, base - n + T - 1, "places: answered")
        else:
            self.all.between([cell], n, n + T - 1, "places: kind")

    # -- everything else that counts the same people

    def elsewhere(self) -> None:
        self.clustered_elsewhere()
        self.classes()
        self.complete()
        self.risk()
        self.summary()

    def clustered_elsewhere(self) -> None:
        """Bands of severity, criteria of models, hexagons, analyses: how many were clustered."""
        every, aside = self.all, self.size(ASIDE)
        counted = [*self.clustered, *(aside if self.withheld else [])]
        for table in ("severity", "sensitivity", "correlations"):
            base = self.safe[table]["base"].max()
            if np.isfinite(base):
                every.between(counted, *about(base), f"{table}: base")
        for table in ("candidates", "latent_classes"):
            for row in self.safe[table].to_dict("records"):
                logarithm = (row["bic"] + 2 * row["log_likelihood"]) / row["parameters"]
                doubt = 1.5 / row["parameters"]
                every.between(counted, np.exp(logarithm - doubt), np.exp(logarithm + doubt), table)
        hexes = self.safe["map_density"]
        every.between(self.clustered, float(hexes["n"].sum()), np.inf, "map")
        for name in self.types:
            here = hexes.loc[hexes["type"] == name, "n"]
            every.between([("size", name)], float(np.maximum(here / 2, T).sum()), np.inf, "map by type")

    def classes(self) -> None:
        """Types against latent classes, with the bands that withheld shares are told in."""
        ends = {
            "under 10%": (0, 0.1),
            "10% to half": (0.1, 0.5),
            "half to 90%": (0.5, 0.9),
            "over 90%": (0.9, 1),
        }
        for row, before in self.pairs("crosswalk"):
            self.all.true["class", row["type"], row["latent_class"]] = float(before["count"])
        for name in self.types:
            mine = [key for key in self.all.true if key[:2] == ("class", name)]  # type: ignore[index]
            self.all.less(mine, self.size(name), "classes")
            self.all.less(self.size(name), mine, "classes")
        for row, before in self.pairs("crosswalk"):
            one: list[Name] = [("class", row["type"], row["latent_class"])]
            if row["band"]:
                self.all.share(one, self.size(row["type"]), *ends[row["band"]], "classes: band")
            if not np.isfinite(row["count"]):
                self.hidden.append(
                    Hidden(f"{row['type']} {row['latent_class']}", float(before["count"]), one)
                )
                continue
            self.all.shown(one, self.size(row["type"]), row["count"], "classes: count")
            self.all.between(self.size(row["type"]), *about(row["base"]), "classes: base")

    def complete(self) -> None:
        """Who answered everything: of all respondents, and of the clustered."""
        every = self.all
        found = self.raw["sensitivity"].set_index("analysis")["n"]
        every.true["complete"] = float(found.get("complete cases", 0))
        every.true["incomplete"] = float(found.get("multiple imputation", 0))
        if not len(found):
            return
        every.less(["complete", "incomplete"], self.clustered, "complete")
        every.less(self.clustered, ["complete", "incomplete"], "complete")
        more = self.size(ASIDE) if self.withheld else []
        parts = {"complete cases": ["complete"], "multiple imputation": ["incomplete", *more]}
        for row in self.safe["sensitivity"].to_dict("records"):
            if np.isfinite(row["n"]):
                every.between(parts[row["analysis"]], *about(row["n"]), "sensitivity")
        told = self.safe["quality"].iloc[0]
        everybody = [*self.clustered, *self.size(ASIDE)]
        if np.isfinite(told["n"]):
            every.between(["complete"], *near(told["n"]), "quality")
            every.share(["complete"], everybody, told["share"] - 0.005, told["share"] + 0.005, "quality")
        else:
            self.hidden.append(Hidden("complete answers", every.true["complete"], ["complete"]))

    def risk(self) -> None:
        """Outcome by predictor, by number of behaviours and by group of the calibration."""
        every = self.all
        model = self.safe["risk_models"].iloc[0]
        yes, given = self.x("met", ["1"], EVERYONE), self.x("met", self.codes["met"], EVERYONE)
        if np.isfinite(model["events"]):
            every.shown(yes, given, model["events"], "risk_models")
            every.between(given, model["base"] - T + 1, model["base"], "risk_models: base")
        for table, key, share in (("risk_dose", "band", "share"), ("risk_calibration", "bin", "observed")):
            whole: list[Name] = []
            for row, before in self.pairs(table):
                events, rest = ("events", table, row[key]), ("others", table, row[key])
                every.true[events] = float(before["events"])
                every.true[rest] = float(before["base"] - before["events"])
                whole += [events, rest]
            for part, of in (([n for n in whole if n[0] == "events"], yes), (whole, given)):  # type: ignore[index]
                every.less(part, of, table)
                every.less(of, part, table)
            for row, before in self.pairs(table):
                self.two(table, row, before, row[key], ("events", "base", share))
        for row, before in self.pairs("risk_predictors"):
            self.predictor(row, before, yes, given)

    def two(self, table: str, row: dict, before: dict, key: str, columns: tuple[str, str, str]) -> None:
        events, rest = ("events", table, key), ("others", table, key)
        count, base, share = (row[name] for name in columns)
        if not np.isfinite(count):
            for name, one in (("events", events), ("others", rest)):
                self.hidden.append(Hidden(f"{table} {key}: {name}", self.all.true[one], [one]))
            return
        self.all.shown([events], [events, rest], count, table)
        self.all.between([events, rest], *about(base), f"{table}: base")
        self.told_share([events], [events, rest], share, table)

    def predictor(self, row: dict, before: dict, yes: list[Name], given: list[Name]) -> None:
        """Margins of a two-by-two table are those of its variables but for who did not answer the other."""
        every, name = self.all, row["predictor"]
        parts: dict[tuple[str, str], Name] = {}
        for side in ("exposed", "unexposed"):
            key = f"{name} {side}"
            parts[side, "events"], parts[side, "others"] = ("events", "rp", key), ("others", "rp", key)
            every.true["events", "rp", key] = float(before[f"events_{side}"])
            every.true["others", "rp", key] = float(before[f"base_{side}"] - before[f"events_{side}"])
        exposed = self.x(name, ["1"], EVERYONE)
        margins = (
            ([parts[s, "events"] for s in ("exposed", "unexposed")], yes, name),
            ([parts[s, "others"] for s in ("exposed", "unexposed")],
             [n for n in given if n not in yes], name),
            ([parts["exposed", k] for k in ("events", "others")], exposed, "met"),
            ([parts["unexposed", k] for k in ("events", "others")],
             [n for n in self.x(name, self.codes[name], EVERYONE) if n not in exposed], "met"),
        )  # fmt: skip
        for mine, whole, other in margins:
            every.less(mine, whole, "predictor")
            none: list[Name] = [("none", other, group) for group in [*self.groups, ASIDE]]
            every.less(whole, [*mine, *none], "predictor")
        for side in ("exposed", "unexposed"):
            columns = (f"events_{side}", f"base_{side}", f"risk_{side}")
            self.two("rp", row, before, f"{name} {side}", columns)

    def summary(self) -> None:
        """``summary.json``: the headline counts, and sizes and shares of types."""
        told = self.safe["summary"].iloc[0]
        every = self.all
        names = {
            "set_aside": self.size(ASIDE),
            "clustered": self.clustered,
            "unassigned": self.size(UNASSIGNED),
        }
        for key, parts in names.items():
            if told[key] is not None and np.isfinite(float(told[key])):
                every.between(parts, told[key], told[key], f"summary: {key}")


def attacked(
    small: Small, raw: dict[str, pd.DataFrame], safe: dict[str, pd.DataFrame], *, within: int
) -> tuple[list[tuple[Hidden, int, int]], list[str]]:
    """Bounds of every suppressed count, and what the attacker believes that is not true."""
    told = _respondents(safe["participation"], threshold=T)
    attack = Attack(small, raw, {**safe, "summary": pd.DataFrame([told])})
    found = attack.all.bounds(attack.secret, width=2 * within)
    return [(h, low, high) for h, (low, high) in zip(attack.secret, found, strict=True)], attack.all.wrong
