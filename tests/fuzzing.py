"""Broken study files, codebooks, catalogues and surveys by the thousand: only InputFaults may come out.

A short run is part of the tests (tests/schema/test_fuzz.py). For a long one:

    python -m tests.fuzzing --seconds 300
"""

# ruff: noqa: E501, PT017, T201 - tables of words; no pytest here; a script that prints its result
from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.survey.mini import CATALOGUE, CODEBOOK, STUDY, mini_frame, write_mini
from typology.errors import InputFaults
from typology.pipeline import check_study
from typology.schema.yaml_file import read_yaml
from typology.survey.draft import draft_codebook

TEXTS = {"study.yaml": STUDY, "codebook.yaml": CODEBOOK, "factors.yaml": CATALOGUE}
DATA = mini_frame(60).to_csv(index=False)
WORDS = (
    "null", "true", ".nan", ".inf", "-1", "1e400", "99999999999999999999", "''", '""', "[]", "{}", "[[[", "&a", "*a",
    "!!int 3", "- ", "? ", ": ", "# ", "\t", "\n", "---\n", "...", "|", ">", "%YAML 1.1\n", "\ufeff", "\u2028", "é",
    "role: weight", "role: id", "role: psu", "role: group", "role: risk", "role: typology", "type: numeric",
    "type: nominal", "type: binary", "type: ordinal", "asked_if: {chat: [1]}", "positive: 1", "reverse: true",
    "values: {}", "missing: {1: refused}", "exposed: {in: [1]}", "factor: loneliness", "items: [chat]", "simulated",
    "../x.yaml", "mini.csv", "study.yaml", "1", "2", "99", "rid", "chat", "threat", "online", "lonely", "lone1",
)  # fmt: skip
KEYS = (
    "study", "survey", "data", "codebook", "label", "catalogue", "names", "covariates", "prepare", "embed", "cluster",
    "evidence", "disclosure", "seed", "variables", "scales", "type", "role", "values", "positive", "missing",
    "asked_if", "reverse", "factor", "exposed", "at_least", "at_most", "in", "items", "score", "min_valid", "domain",
    "instrument", "count_from", "factors", "profiles", "guidance", "statement", "evidence", "grade", "source", "year",
    "ci", "high", "low", "rid", "chat", "threat", "1", "2", "",
)  # fmt: skip

leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 100), st.floats(), st.text(max_size=6), st.sampled_from(KEYS),
    st.sampled_from(("binary", "ordinal", "nominal", "numeric", "typology", "risk", "weight", "id", "sum", "yes")),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(KEYS) | st.integers(0, 9), inner, max_size=4),
    ),
    max_leaves=8,
)


@st.composite
def slips(draw: st.DrawFn) -> dict[str, bytes]:
    """One of the files with up to four passages overwritten."""
    name = draw(st.sampled_from([*TEXTS, "mini.csv"]))
    text = TEXTS.get(name, DATA)
    for _ in range(draw(st.integers(1, 4))):
        start, length = draw(st.integers(0, len(text))), draw(st.integers(0, 30))
        junk = draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=5), st.just("")))
        text = text[:start] + junk + text[start + length :]
    return {name: text.encode("utf-8", "surrogatepass")}


@st.composite
def grafts(draw: st.DrawFn) -> dict[str, bytes]:
    """One of the YAML files with up to three of its keys renamed, removed or given another content."""
    name = draw(st.sampled_from(sorted(TEXTS)))
    data = json.loads(parsed(name))
    for _ in range(draw(st.integers(1, 3))):
        place = data
        while isinstance(place, dict) and place:
            key = draw(st.sampled_from(sorted(place, key=str)))
            if not isinstance(place[key], dict | list) or draw(st.integers(0, 2)) == 0:
                change = draw(st.sampled_from(("content", "rename", "remove", "another")))
                if change == "remove":
                    del place[key]
                elif change == "rename":
                    place[draw(st.sampled_from(KEYS))] = place.pop(key)
                elif change == "another":
                    place[draw(st.sampled_from(KEYS))] = draw(trees)
                else:
                    place[key] = draw(trees)
                break
            place = place[key]
    return {name: as_yaml(data)}


@st.composite
def swaps(draw: st.DrawFn) -> dict[str, bytes]:
    """A codebook in good form that describes the variables otherwise than they are, and odd answers."""
    data = json.loads(parsed("codebook.yaml"))
    codes = st.dictionaries(
        st.sampled_from(("0", "1", "2", "3", "98", "99", ".a", "x")),
        st.sampled_from(("Yes", "No", "Refused", "a")),
        max_size=4,
    )
    for name in draw(st.lists(st.sampled_from(sorted(data["variables"])), min_size=1, max_size=4)):
        variable = data["variables"][name]
        variable["type"] = draw(st.sampled_from(("binary", "ordinal", "nominal", "numeric")))
        variable["role"] = draw(
            st.sampled_from(
                ("typology", "risk", "outcome", "group", "demographic", "weight", "psu", "id", "ignore")
            )
        )
        for key in ("values", "missing"):
            if draw(st.booleans()):
                variable.pop(key, None)
            elif draw(st.booleans()):
                variable[key] = draw(codes)
        if draw(st.booleans()):
            variable.pop("positive", None)
            variable.pop("asked_if", None)
    frame = mini_frame(60).astype(object)
    for name in draw(st.lists(st.sampled_from(list(frame.columns)), max_size=3)):
        odd = draw(
            st.sampled_from(
                ("", "1", "-1", "0", "nan", "inf", "1,5", "1,234", "x", "2020-01-01", "1e400", "99")
            )
        )
        frame.loc[: draw(st.integers(0, 59)), name] = odd
    return {"codebook.yaml": as_yaml(data), "mini.csv": frame.to_csv(index=False).encode()}


@cache
def parsed(name: str) -> str:
    """The content of a valid file, as JSON: keys become text, which is the same code."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(TEXTS[name], encoding="utf-8")
        return json.dumps(read_yaml(path, shown=name).data)


def as_yaml(tree: Any) -> bytes:
    """JSON is YAML but for its words for what is no number."""
    text = json.dumps(tree, ensure_ascii=True)
    return text.replace("NaN", ".nan").replace("-Infinity", "-.inf").replace("Infinity", ".inf").encode()


cases = st.one_of(
    slips(),
    grafts(),
    swaps(),
    st.builds(lambda name, tree: {name: as_yaml(tree)}, st.sampled_from(sorted(TEXTS)), trees),
    st.builds(
        lambda name, content: {name: content}, st.sampled_from([*TEXTS, "mini.csv"]), st.binary(max_size=200)
    ),
)


def survive(folder: Path, broken: dict[str, bytes]) -> str:
    """Check the study with its broken files, and draft a codebook of its data.

    Returns
    -------
    str
        ``"valid"`` or ``"refused"``. Any exception but InputFaults passes through.
    """
    path = folder / "study.yaml"
    if not path.exists():
        write_mini(folder, frame=mini_frame(60))
    for name, text in {**{n: t.encode() for n, t in TEXTS.items()}, "mini.csv": DATA.encode()}.items():
        (folder / name).write_bytes(broken.get(name, text))
    outcome = "valid"
    for command in (lambda: check_study(path), lambda: draft_codebook(folder / "mini.csv")):
        if command is not None and (outcome == "valid" or "mini.csv" in broken):
            try:
                command()
            except InputFaults as refused:
                outcome = "refused"
                assert refused.faults
                for fault in refused.faults:
                    assert fault.remedy, fault
                    assert fault.message, fault
                    assert len(str(fault).splitlines()) == 1, fault
    return outcome


def main() -> None:
    """Try new examples until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    until = time.monotonic() + parser.parse_args().seconds
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        number = 0
        while time.monotonic() < until:

            @seed(number)
            @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
            @given(cases)
            def attempt(broken: dict[str, bytes]) -> None:
                if time.monotonic() < until:
                    outcomes[survive(Path(folder), broken)] += 1

            attempt()
            number += 1
    print(f"{outcomes.total()} examples: " + ", ".join(f"{n} {what}" for what, n in sorted(outcomes.items())))


if __name__ == "__main__":
    main()
