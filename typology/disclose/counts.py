"""Suppression in tables about respondents that are not answers by type: sizes, flows, bands, crosswalk."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from typology.disclose.block import Block
from typology.disclose.cover import protect_block
from typology.disclose.rules import banded_base, down_to_step, enough, nearest, share_step, to_step
from typology.results import Bools, ReleaseTable

_SET_ASIDE = "set aside"
_WEIGHTED = ("share_weighted", "lo", "hi")
_SAME = 1e-6


def hidden_rows(table: ReleaseTable, *, threshold: int) -> Bools:
    """Rows of a plain table that are hidden: too small, or giving a small one away along a margin.

    A margin names the key columns whose cells add up to the base.
    """
    frame = table.frame
    hidden = np.zeros(len(frame), dtype=bool)
    for numerator, base in table.counts:
        for row, (count, total) in enumerate(_pairs(frame, numerator, base)):
            small = not (total >= threshold if count is None else enough(count, total, threshold=threshold))
            hidden[row] |= small
    numerators = [(numerator, base) for numerator, base in table.counts if numerator is not None]
    for margin in table.margins:
        by = [key for key in table.keys if key not in margin]
        whole = [np.arange(len(frame))]
        parts = frame.groupby(by, sort=False, dropna=False).indices.values() if by else whole
        for rows in parts:
            for numerator, base in numerators:
                hidden[rows] |= _column_hidden(frame.iloc[rows], numerator, base, threshold=threshold)
    return hidden


def _pairs(frame: pd.DataFrame, numerator: str | None, base: str) -> list[tuple[int | None, int]]:
    bases = frame[base].fillna(0).astype(int).tolist()
    counts = [None] * len(bases) if numerator is None else frame[numerator].fillna(0).astype(int).tolist()
    return list(zip(counts, bases, strict=True))


def _column_hidden(rows: pd.DataFrame, numerator: str, base: str, *, threshold: int) -> Bools:
    """Hidden cells of counts that add up to a base; what is missing from it is a cell without a row."""
    count = rows[numerator].fillna(0).to_numpy(dtype=np.int64)
    total = int(rows[base].fillna(0).max()) if len(rows) else 0
    lacking = max(total - int(count.sum()), 0)
    block = Block(
        np.append(count, lacking)[:, None] if lacking else count[:, None],
        np.array([int(count.sum()) + lacking]),
        threshold,
        np.ones(1, dtype=bool),
    )
    if lacking:
        block.hide([(len(count), 0)])
    protect_block(block)
    return np.asarray(block.hidden[: len(count), 0])


def protect_missingness(frame: pd.DataFrame, *, threshold: int) -> tuple[pd.DataFrame, Bools]:
    """Give response counts in steps: how many of a few did not answer is nobody's business.

    Kinds of missing answers below the threshold are hidden, the others rounded down to it. `answered` is the
    base minus the missing in whole steps, so that 0 to 9 missing answers look alike.
    """
    n, base = frame["n"].astype(float), frame["base"].astype(float)
    answered = frame["kind"] == "answered"
    shown = banded_base(n, base, threshold=threshold)
    shown = shown.where(answered, down_to_step(n, threshold=threshold))
    hidden = (n < threshold).to_numpy(dtype=bool)
    return frame.assign(n=shown, share=(shown / base).round(3)), hidden


def protect_group_missingness(frame: pd.DataFrame, *, threshold: int) -> tuple[pd.DataFrame, Bools]:
    """Give response counts by group in steps, and the size of the group too.

    Sizes of groups with all their digits would, taken from everyone's, tell the size of a small group.
    """
    small = (frame["base"] < threshold).to_numpy(dtype=bool)
    missing = frame["base"].astype(float) - frame["n"].astype(float)
    base = to_step(frame["base"], threshold=threshold)
    answered = frame["kind"] == "answered"
    n = frame["n"].astype(float).mask(answered, base - missing)
    shown, hidden = protect_missingness(frame.assign(n=n, base=base), threshold=threshold)
    few = (frame["n"] < threshold).to_numpy(dtype=bool)  # rounding the size must not make up for it
    return shown.assign(share=shown["share"].round(2)), hidden | small | few


def protect_types(types: pd.DataFrame, *, threshold: int) -> tuple[pd.DataFrame, Bools]:
    """Hide the size of a type that is too small, and of one more so that the rest does not tell it."""
    n = types["n"].astype(float)
    hidden = (n < threshold).to_numpy(dtype=bool, copy=True)
    if hidden.sum() == 1 and len(types) > 1:
        hidden[int(np.nanargmin(np.where(hidden, np.nan, n.to_numpy())))] = True
    return types, hidden


def protect_flow(
    participation: pd.DataFrame, types: pd.DataFrame | None, *, withhold: bool = False, threshold: int
) -> tuple[pd.DataFrame, pd.DataFrame | None, Bools]:
    """Hide small counts of set aside and unassigned respondents, and what would tell them.

    None at all is shown as 0: there is nobody to protect. If the clustered can be worked out, the sizes of
    the types are rounded to the threshold, and where one of them is small, too.

    Parameters
    ----------
    participation, types : DataFrame
    withhold : bool
        Hide all of them, as other tables would tell.
    threshold : int

    Returns
    -------
    participation, types, hidden
        `hidden` marks rows of `participation`.
    """
    n = participation["n"].astype(float).to_numpy()
    step = participation["step"].astype(str)
    small = (n > 0) & (n < threshold)
    hidden = small.copy()
    by_step = dict(zip(step, n.tolist(), strict=True))
    aside = step.str.startswith(_SET_ASIDE).to_numpy(dtype=bool)
    if "clustered" in by_step:
        after = by_step.get("respondents", by_step.get("read", 0.0)) - by_step["clustered"]
        few_aside = bool(0 < after < threshold)
        if few_aside:
            hidden |= (step == "clustered").to_numpy(dtype=bool) | aside
    else:
        few_aside = False
    if (hidden & aside).sum() == 1 and (aside & ~hidden).any():
        others = np.flatnonzero(aside & ~hidden)
        hidden[others[np.argmin(n[others])]] = True
    few_unassigned = bool((small & (step == "unassigned").to_numpy()).any())
    if types is not None and len(types):
        few_in_type = bool(types["n"].lt(threshold).any())
        if withhold or not _kept_open(
            by_step, types["n"], few_aside=few_aside, few_unassigned=few_unassigned, threshold=threshold
        ):
            hidden |= aside | step.isin(["clustered", "unassigned"]).to_numpy(dtype=bool)
            few_aside = True
        if few_aside or few_unassigned or few_in_type:
            types = _coarse_types(types, keep_base=not few_aside, threshold=threshold)
    return participation, types, hidden


def _kept_open(
    by_step: Mapping[str, float], sizes: pd.Series, *, few_aside: bool, few_unassigned: bool, threshold: int
) -> bool:
    """Whether rounded sizes of types leave enough values to the few set aside and the few unassigned.

    Where the types happen to be rounded one way, they do not; then neither number is given, nor their sum.
    """
    everybody = by_step.get("respondents", by_step.get("read", 0.0))
    aside = everybody - by_step.get("clustered", everybody)
    unassigned = by_step.get("unassigned", 0.0)
    least, most = zip(*(nearest(n, threshold) for n in to_step(sizes, threshold=threshold)), strict=True)
    rest = everybody - sum(most), everybody - sum(least)
    few = (1.0, threshold - 1.0)
    spans = {
        "aside": few if few_aside else (aside, aside),
        "unassigned": few if few_unassigned else (unassigned, unassigned),
    }
    for one, other in (("aside", "unassigned"), ("unassigned", "aside")):
        low = max(spans[one][0], rest[0] - spans[other][1])
        high = min(spans[one][1], rest[1] - spans[other][0])
        if spans[one] == few and high - low < threshold // 2:
            return False
    return True


def _coarse_types(types: pd.DataFrame, *, keep_base: bool, threshold: int) -> pd.DataFrame:
    """Sizes of types in steps of the threshold, with shares that tell no more.

    With equal weights the weighted share and its interval are a size too, so they move with the rounded size;
    with others they are rounded until a step stands for some respondents.
    """
    n = to_step(types["n"], threshold=threshold)
    changed: dict[str, pd.Series | float] = {"n": n}
    if {"base", "share"} <= set(types):
        base, share = types["base"].astype(float), types["share"].astype(float)
        told = n / to_step(base, threshold=threshold)
        changed["share"] = told.round(2)
        changed["base"] = base if keep_base else np.nan
        weighted = types.get("share_weighted", share).astype(float)
        step = share_step(float(base.max()), threshold=threshold)
        for name in (each for each in _WEIGHTED if each in types):
            values = types[name].astype(float)
            if np.allclose(weighted, share, atol=_SAME, equal_nan=True):
                changed[name] = (values - share + told).clip(0.0, 1.0).round(2)
            else:
                changed[name] = ((values / step).round() * step).clip(0.0, 1.0).round(2)
    if "core_n" in types:
        changed["core_n"] = to_step(types["core_n"], threshold=threshold)
    if "core_share" in types:
        changed["core_share"] = types["core_share"].astype(float).round(1)
    return types.assign(**changed)


def hidden_parts(frame: pd.DataFrame, hidden: Bools, *, threshold: int) -> Bools:
    """Hide more of the parts of an outcome's respondents until the hidden ones cover for each other.

    The parts (bands, groups of a calibration) add up to all with and without the outcome, which other tables
    tell. The hidden ones together must hold enough of both.

    Parameters
    ----------
    frame : DataFrame
        outcome, events, base; one row a part.
    hidden : bool array
        Rows hidden for their own sake.
    """
    hidden = hidden.copy()
    events = frame["events"].fillna(0).to_numpy(dtype=np.int64)
    base = frame["base"].fillna(0).to_numpy(dtype=np.int64)
    for outcome in frame["outcome"].unique():
        rows = np.flatnonzero(frame["outcome"].to_numpy() == outcome)
        for smallest in rows[np.argsort(base[rows], kind="stable")]:
            inside = rows[hidden[rows]]
            if not len(inside):
                break
            total, of = int(events[inside].sum()), int(base[inside].sum())
            if len(inside) > 1 and enough(total, of, threshold=threshold):
                break
            hidden[smallest] = True
    return hidden
