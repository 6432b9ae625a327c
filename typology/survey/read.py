"""Read a survey and apply its codebook: every cell ends as a valid code or as a kind of missing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from typology.errors import InputFault, InputFaults
from typology.results import Survey
from typology.schema.codebook import Codebook, Role, Variable, code_text
from typology.schema.study import SIMULATED, Study
from typology.schema.translate import closest
from typology.survey.codes import RawColumn, Resolved, looks_like_date, quoted, resolve
from typology.survey.files import read_table
from typology.survey.notes import file_notes
from typology.survey.routing import apply_routing
from typology.survey.table import FileMissing, RawTable

DUPLICATE = "duplicate respondent"
DESIGN: tuple[Role, ...] = ("weight", "stratum", "psu")


def read_survey(study: Study) -> Survey:
    """Read the study's survey.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Survey
        Rows sorted by id (numeric ids numerically); without an id variable the row number in the file
        is the id. Columns are the variables in use: `ignore` variables are left out unless a scale or
        the routing needs them. Identical rows of one id are kept once, the others set aside.

    Raises
    ------
    InputFaults
        With every fault of the data: columns missing, codes not declared, ids not unique, weights
        that are missing or negative.
    """
    survey, faults = examine_survey(study)
    if faults or survey is None:
        raise InputFaults(faults)
    return survey


def examine_survey(study: Study, *, columns_only: bool = False) -> tuple[Survey | None, list[InputFault]]:
    """Read the study's survey as far as it can be read, with all faults found.

    Parameters
    ----------
    study : Study
    columns_only : bool
        Look at each variable by itself only: for a study whose codebook breaks rules, so that its faults
        and those of the data are told together.

    Returns
    -------
    survey : Survey or None
        None when the file cannot be read or only columns were wanted. Cells at fault are missing in it.
    faults : list of InputFault
    """
    try:
        table, truth = _load(study)
    except InputFaults as refused:
        return None, list(refused.faults)
    reader = _Reader(study, table, study.config.survey.data)
    resolved = reader.resolve_all()
    if columns_only or not resolved:
        return None, reader.faults
    survey = reader.assemble(resolved)
    if truth is not None:
        by_id = pd.Series(truth.to_numpy(), index=[code_text(key) for key in truth.index])
        survey = replace(survey, truth=by_id.reindex(survey.answers.index))
    return survey, reader.faults


def used_variables(codebook: Codebook) -> list[str]:
    """Names of the variables that are read: those with a role, scale items, and their gates."""
    known = set(codebook.variables)
    used = {name for name, variable in codebook.variables.items() if variable.role != "ignore"}
    used |= {item for scale in codebook.scales.values() for item in scale.items} & known
    queue = list(used)
    while queue:
        gates = (set(codebook.variables[queue.pop()].asked_if) & known) - used
        used |= gates
        queue += gates
    return [name for name in codebook.variables if name in used]


def _load(study: Study) -> tuple[RawTable, pd.Series | None]:
    """Read the raw table; a simulated survey comes with its planted types."""
    if study.data_path is not None:
        return read_table(study.data_path, shown=study.config.survey.data), None
    # Here, so that reading a real survey does not load the simulator.
    from typology.simulate.isec import simulate_survey

    kind = study.config.survey.data
    if kind not in SIMULATED:
        raise InputFaults(
            [InputFault(str(study.path), "unknown simulated survey", "Use `simulated`.", value=kind)]
        )
    frame, truth = simulate_survey(kind, seed=study.config.seed)  # type: ignore[arg-type]
    return RawTable(frame.reset_index(drop=True)), truth


@dataclass
class _Reader:
    """Applies the codebook to a raw table, collecting faults."""

    study: Study
    table: RawTable
    shown: str
    faults: list[InputFault] = field(default_factory=list)

    def fault(self, name: str, message: str, remedy: str, *, value: object = "") -> None:
        place = self.place(name)
        if name in self.study.lines and place not in remedy:
            remedy = f"{remedy} See {place}."
        self.faults.append(InputFault(self.shown, message, remedy, variable=name, value=str(value)))

    def place(self, name: str) -> str:
        """Where the codebook describes the variable."""
        line = self.study.lines.get(name)
        codebook = self.study.config.survey.codebook
        return codebook if line is None else f"{codebook}:{line}"

    def resolve_all(self) -> dict[str, Resolved]:
        """Every variable in use that the file holds."""
        if self.table.frame.empty:
            self.fault("", "holds no respondents", "Export the survey again: one respondent a row.")
            return {}
        names = used_variables(self.study.codebook)
        if not self._fits(names):
            return {}
        resolved = {}
        for name in names:
            if name in self.table.frame.columns:
                resolved[name] = self._resolve(name, self.study.codebook.variables[name])
        return resolved

    def _fits(self, names: list[str]) -> bool:
        """Whether the codebook is that of the data; single variables the data do not hold are faults."""
        columns = list(self.table.frame.columns)
        absent = [name for name in names if name not in columns]
        if len(absent) > 5 and len(absent) > 0.8 * len(names):
            message = f"holds only {len(names) - len(absent)} of the {len(names)} variables of the codebook"
            remedy = f"Is {self.study.config.survey.codebook} the codebook of another survey?"
            found = ", ".join(columns[:5]) + (", ..." if len(columns) > 5 else "")
            self.fault("", message, remedy, value=found)
            return False
        for name in absent:
            remedy = (
                f"{closest(name, columns)} Else remove it from {self.place(name)} or give it `role: ignore`."
            )
            self.fault(name, "the codebook describes a variable the data do not hold", remedy, value=name)
        return True

    def _resolve(self, name: str, variable: Variable) -> Resolved:
        table = self.table
        if name in table.dates:
            known = Counter(table.frame[name].dropna().astype(str))
            self._date_fault(name, quoted(known, often=self.study.config.disclosure.threshold))
        column = RawColumn(
            table.frame[name], table.value_labels.get(name, {}), table.missing.get(name, FileMissing())
        )
        resolved = resolve(column, variable)
        if resolved.problem:
            self.fault(name, resolved.problem, f"Correct it in the data or in {self.place(name)}.")
        elif resolved.undeclared and name not in table.dates:
            self._undeclared_fault(name, resolved)
        return resolved

    def _date_fault(self, name: str, found: object) -> None:
        remedy = f"Compute a number from it, such as age, or use `role: ignore` in {self.place(name)}."
        self.fault(name, "is a date, which cannot be analysed", remedy, value=found)

    def _undeclared_fault(self, name: str, resolved: Resolved) -> None:
        """One line that names the codes, how often they occur, and the likeliest way out."""
        variable = resolved.variable
        labels = {label.casefold(): code for code, label in variable.values.items()}
        found = quoted(resolved.undeclared, often=self.study.config.disclosure.threshold, known=labels)
        if all(looks_like_date(text) for text in resolved.undeclared):
            self._date_fault(name, found)
            return
        if variable.type == "numeric":
            message, remedy = "holds cells that are not numbers", "Correct them, or list them under `missing`"
        elif all(text.casefold() in labels for text in resolved.undeclared):
            message = "holds the labels instead of the codes"
            remedy = "Export the survey with codes, or write the labels as the codes"
        else:
            message = "holds codes the codebook does not declare"
            remedy = "Add them to `values`, or to `missing` with their meaning,"
        self.fault(name, message, f"{remedy} in {self.place(name)}.", value=found)

    def assemble(self, resolved: dict[str, Resolved]) -> Survey:
        """Put the columns together: routing, weights, ids, duplicates, order."""
        codebook = self._merged(resolved)
        answers = pd.DataFrame({name: one.answers for name, one in resolved.items()})
        kinds = pd.DataFrame({name: one.missing for name, one in resolved.items()}, dtype=object)
        missing = apply_routing(answers, kinds, codebook)
        self._check_design(answers, codebook)
        ids = self._ids(answers, missing, codebook)
        repeated = ids.duplicated(keep="first")
        if repeated.any():
            self._check_repeated(ids, answers, missing)
        rows = np.flatnonzero(repeated)
        set_aside = pd.Series(
            DUPLICATE, index=[f"{ids.iloc[row]} (row {row + 1})" for row in rows], dtype=str, name="set_aside"
        )
        order = sorted(np.flatnonzero(~repeated).tolist(), key=_sort_key(ids))
        index = pd.Index(ids.iloc[order].to_numpy(), name="id")
        return Survey(
            answers.iloc[order].set_axis(index),
            missing.iloc[order].set_axis(index),
            codebook,
            len(answers),
            set_aside,
            notes=(*self.table.notes, *file_notes(self.table, resolved)),
        )

    def _merged(self, resolved: dict[str, Resolved]) -> Codebook:
        variables = {
            name: resolved[name].variable if name in resolved else variable
            for name, variable in self.study.codebook.variables.items()
        }
        return self.study.codebook.model_copy(update={"variables": variables})

    def _check_design(self, answers: pd.DataFrame, codebook: Codebook) -> None:
        """Weights, strata and PSUs must be there for everyone."""
        told = {fault.variable for fault in self.faults}
        for role in DESIGN:
            name = codebook.name_of(role)
            if name is None or name not in answers or name in told:
                continue
            empty = int(answers[name].isna().sum())
            if empty:
                remedy = (
                    f"Fill it in or remove these rows; without it use `role: ignore` in {self.place(name)}."
                )
                self.fault(name, f"the {role} is missing for {empty} respondents", remedy)
            if role == "weight" and (negative := answers[name] < 0).any():
                remedy = (
                    "A weight says how many people a respondent stands for: correct or remove these rows."
                )
                message = f"the weight is negative for {int(negative.sum())} respondents"
                self.fault(name, message, remedy, value=f"{answers[name].min():g}")
            elif role == "weight" and not empty and not (answers[name] > 0).any():
                self.fault(name, "every weight is zero", "Check the weight column.", value=0)

    def _ids(self, answers: pd.DataFrame, missing: pd.DataFrame, codebook: Codebook) -> pd.Series:
        name = codebook.name_of("id")
        if name is None or name not in answers:
            return pd.Series([str(row + 1) for row in range(len(answers))], dtype=str)
        empty = int((missing[name] != "").sum())
        if empty:
            remedy = f"Give everyone an id, or use `role: ignore` in {self.place(name)} to number the rows."
            self.fault(name, f"the id is missing for {empty} respondents", remedy)
        elif len(answers) > 1 and answers[name].nunique() == 1:
            remedy = f"Is it the id? Use `role: ignore` in {self.place(name)} to number the rows."
            self.fault(name, f"all {len(answers)} rows have the same id", remedy, value=answers[name].iloc[0])
            return pd.Series([str(row + 1) for row in range(len(answers))], dtype=str)
        return answers[name].fillna("").astype(str)

    def _check_repeated(self, ids: pd.Series, answers: pd.DataFrame, missing: pd.DataFrame) -> None:
        """Rows of one id must be identical, else nobody can know which one is right."""
        rows = ids.duplicated(keep=False) & (ids != "")
        both = pd.concat([answers[rows].astype(str), missing[rows]], axis=1)
        both.columns = pd.RangeIndex(both.shape[1])
        distinct = both.drop_duplicates().index
        counts = ids[distinct].value_counts()
        clashing = counts[counts > 1].index
        if len(clashing):
            # by row, not by id: what is printed may be sent on
            at = [int(row) + 1 for row in np.flatnonzero(ids.isin(clashing))]
            more = f" and {len(at) - 6} more" if len(at) > 6 else ""
            found = f"rows {', '.join(map(str, at[:6]))}{more}"
            remedy = "Keep one row for each respondent, or correct the ids."
            name = self.study.codebook.name_of("id") or ""
            self.fault(name, "the same id stands for different answers", remedy, value=found)


def _sort_key(ids: pd.Series) -> Callable[[int], tuple[float, str]]:
    """Order of rows by id: numerically when every id is a number, else as text."""
    values = ids.to_numpy(dtype=object)
    numbers = pd.to_numeric(pd.Series(values), errors="coerce").to_numpy()
    if np.isfinite(numbers).all():
        return lambda row: (float(numbers[row]), str(values[row]))
    return lambda row: (math.inf, str(values[row]))
