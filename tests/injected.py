"""A survey whose every free text tries to be more than text, with planted types, and its private words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "{% raw %}",
    "${7*7}",
    '#import "x"',
    '#eval("1+1")',
    "$x$",
    "[a](javascript:alert(1))",
    r"$\frac{1}{0}$",
    "a lone $",
    '=HYPERLINK("http://x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2+3",
    "\tled by a tab",
    "\rled by a return",
    "typology-skipped",
)
SHOWN = ("typology", "factor", "type", "country")
"""What every report draws or lists whatever the numbers are; between them they get every payload."""
ID = "person-zq-"
SENTINEL = 7731.25
"""An answer of one respondent only."""

N, ITEMS, FACTORS = 600, 8, 4
COUNTRIES = ('<b onclick="x">=A1</b>', "+Land|{{ 7*7 }}", "@$x$ land")


class Texts:
    """Hands out hostile texts, no two alike; `given` holds them, as one line, by where they went."""

    def __init__(self) -> None:
        self.given: dict[str, list[str]] = {}
        self._shown, self._other = cycle(PAYLOADS), cycle(PAYLOADS)

    def __call__(self, where: str) -> str:
        used = self.given.setdefault(where, [])
        payload = next(self._shown if where in SHOWN else self._other)
        text = f"{payload} {where}{len(used)}"
        used.append(words(text))
        return text


def write_injected(folder: Path) -> tuple[Path, pd.Series, Texts]:
    """Write study, codebook, catalogue and survey; returns the study file, the planted types, the texts."""
    texts = Texts()
    kind, frame = _survey()
    frame.to_csv(folder / "survey.csv", index=False)
    files = {"codebook": _codebook(texts), "factors": _catalogue(texts), "study": _study(texts)}
    writer = YAML()
    writer.width = 4096
    for name, content in files.items():
        with (folder / f"{name}.yaml").open("w", encoding="utf-8") as file:
            writer.dump(content, file)
    return folder / "study.yaml", pd.Series(kind, index=frame["rid"].to_numpy()), texts


def _survey() -> tuple[np.ndarray, pd.DataFrame]:
    rng = np.random.default_rng(3)
    kind = np.repeat([0, 1, 2], [N // 2, N // 4, N // 4])
    often = np.array([0.2, 0.5, 0.8])[kind]
    frame = pd.DataFrame({"rid": [f"{ID}{number:04d}" for number in range(N)]})
    frame["country"] = rng.choice(COUNTRIES, N)
    frame["age"] = rng.integers(18, 26, N).astype(float)
    frame.loc[17, "age"] = SENTINEL
    for at in range(ITEMS):
        frame[f"a{at}"] = np.where(rng.random(N) < np.where(at % 2, often, often[::-1]), 1, 2)
    frame["b"] = np.digitize(rng.normal(size=N) + kind, [0.0, 1.0]) + 1
    frame["c"] = rng.choice(["=A", "+B", "<i>C</i>"], N)
    for at in range(FACTORS):
        frame[f"f{at}"] = np.where(rng.random(N) < often, 1, 2)
    frame["met"] = np.where(rng.random(N) < often / 2, 1, 2)
    frame["s"] = np.where(rng.random(N) < 0.1, 99, frame["f0"])
    return kind, frame


def _codebook(texts: Texts) -> dict[str, Any]:
    def two(role: str, **more: Any) -> dict[str, Any]:
        values = {1: f"Yes {texts('value')}", 2: f"No {texts('value')}"}
        return {
            "label": texts(role), "type": "binary", "role": role, "domain": texts("domain"), "values": values,
            "positive": 1, "missing": {99: texts("missing")}, **more,
        }  # fmt: skip

    levels = {at: texts("value") for at in (1, 2, 3)}
    kinds = {code: texts("value") for code in ("=A", "+B", "<i>C</i>")}
    variables: dict[str, Any] = {
        "rid": {"label": texts("id"), "type": "nominal", "role": "id"},
        "country": {
            "label": texts("group"), "type": "nominal", "role": "group",
            "values": {name: f"{name} {texts('country')}" for name in COUNTRIES},
        },
        "age": {"label": texts("age"), "type": "numeric", "role": "demographic"},
        **{f"a{at}": two("typology") for at in range(ITEMS)},
        "b": {"label": texts("typology"), "type": "ordinal", "role": "typology", "values": levels},
        "c": {"label": texts("typology"), "type": "nominal", "role": "typology", "values": kinds},
        **{f"f{at}": two("risk", factor=f"factor{at}", exposed={"in": [1]}) for at in range(FACTORS)},
        "met": two("outcome"),
        "s": two("risk"),
    }  # fmt: skip
    scale = {"label": texts("scale"), "items": [f"f{at}" for at in range(FACTORS)], "score": "count"}
    return {"survey": texts("survey"), "variables": variables, "scales": {"total": scale}}


def _catalogue(texts: Texts) -> dict[str, Any]:
    def factor() -> dict[str, Any]:
        about = {name: texts(name) for name in ("source", "finding", "design", "outcome", "measure", "level")}
        entry = {**about, "year": 2010, "estimate": 2.0, "ci": [1.5, 3.0], "adjusted": True, "n": 900}
        return {
            "label": texts("factor"), "domain": "online", "statement": texts("statement"),
            "grade": "moderate", "evidence": [entry], "behaviour": True,
        }  # fmt: skip

    names = [f"factor{at}" for at in range(FACTORS)]
    profile = {
        "label": texts("profile"), "source": texts("source"), "high": names[:2], "description": texts("text"),
    }  # fmt: skip
    advice = {"statement": texts("advice"), "source": texts("source")}
    return {
        "factors": {name: factor() for name in names},
        "profiles": {"published": profile},
        "guidance": {name: {"schools": [advice]} for name in names},
    }


def _study(texts: Texts) -> dict[str, Any]:
    return {
        "study": "injected",
        "title": texts("title"),
        "survey": {"data": "survey.csv", "codebook": "codebook.yaml"},
        "label": {"catalogue": "factors.yaml", "names": {f"T{at}": texts("type") for at in (1, 2, 3)}},
    }


def words(text: str) -> str:
    """A text as HTML shows it: white space made one space."""
    return " ".join(text.split())


def every(texts: Texts, *where: str) -> Iterator[str]:
    """The hostile texts given to these places."""
    for name in where:
        yield from texts.given[name]
