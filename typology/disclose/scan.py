"""The files of a release, one by one: anything in them that is not a protected number or its text."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from typology.disclose.columns import COUNTS, CRITERIA
from typology.disclose.images import png_leaks
from typology.disclose.page import page_leaks, page_text, without_embedded
from typology.disclose.pdf_file import pdf_leaks, pdf_text, read_pdf

_RELEASED = {".csv", ".json", ".md", ".html", ".png", ".pdf"}
_BESIDE = {"release", "private", "manifest.json", "summary.json"}
_ABSOLUTE = re.compile(
    r"(?<![\w.:/-])(?:/(?:home|Users|root|tmp|var|mnt|media|opt|srv|work|data|private|Volumes)/[\w.@-]+"
    r"|[A-Za-z]:\\{1,2}\w[\w.@ -]*\\|\\\\[\w.-]+\\[\w.$-]+|file://[/\w])"
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PEOPLE = r"(?:respondents?|people|persons?|participants?|adults|adolescents|young people|members)"
_FEW = re.compile(
    rf"(?<![\w.,%-])(?P<before>(?:fewer than|less than|under|at least|below|least|of) )?"
    rf"(?:(?P<n>\d{{1,3}}) (?:of (?:the |[\d,]+ ))?{_PEOPLE}\b|n\s*=\s*(?P<m>\d{{1,3}})(?![\d.,]*\d))",
    re.IGNORECASE,
)
# Names of accounts that are ordinary words or belong to machines; they tell nobody.
_ORDINARY = {
    "admin", "administrator", "analyst", "default", "docker", "guest", "jovyan", "jupyter", "localhost",
    "nobody", "parent", "police", "researcher", "runner", "school", "student", "teacher", "ubuntu", "users",
    "vscode",
}  # fmt: skip
_SHORTEST_NAME = 5
# decimals are one word: those of a share are no id
_WORD = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])|[\w-]+")


@dataclass(frozen=True)
class _Secrets:
    """Words that must not occur."""

    ids: frozenset[str]
    names: frozenset[str]


def scan(run_dir: Path, *, threshold: int) -> list[str]:
    """Look for ids, paths, names, metadata and embedded data in the files of a run that may be sent.

    Parameters
    ----------
    run_dir : Path
        ``private/respondents.parquet`` is read for the ids that must not occur.
    threshold : int
        Smaller counts of people must not be told in words either.

    Returns
    -------
    list of str
        One line a leak: the file, and what was found.
    """
    release = run_dir / "release"
    # ids that count from one on are also counts; a whole number of a table was protected as such
    secrets = _Secrets(_telling_ids(run_dir) - _whole_numbers(release / "tables"), _account_names())
    found = [
        f"{path.name}: does not belong beside a release; move it before the folder is sent"
        for path in sorted(run_dir.iterdir())
        if path.name not in _BESIDE
    ]
    for path in sorted(release.rglob("*")):
        found += [f"{path.relative_to(release)}: {leak}" for leak in _file_leaks(path, secrets, threshold)]
    summary = run_dir / "summary.json"
    if summary.exists():
        found += [f"summary.json: {leak}" for leak in _file_leaks(summary, secrets, threshold)]
    return found


def respondent_ids(run_dir: Path) -> frozenset[str]:
    """All ids of respondents, from the private folder; none where it is not there."""
    path = run_dir / "private" / "respondents.parquet"
    if not path.exists():
        return frozenset()
    return frozenset(str(value) for value in pd.read_parquet(path, columns=["id"])["id"])


def _telling_ids(run_dir: Path) -> frozenset[str]:
    """Ids that are words or long numbers; short numbers occur anywhere by chance."""
    ids = respondent_ids(run_dir)
    return frozenset(each for each in ids if len(each) >= 6 or (len(each) >= 4 and not each.isdigit()))


def _whole_numbers(tables: Path) -> frozenset[str]:
    """Whole numbers in columns that count respondents or are criteria of models, without their sign."""
    found: set[str] = set()
    for path in sorted(tables.glob("*.csv")):
        frame = pd.read_csv(path)
        known = frame.columns.intersection([*COUNTS.get(path.stem, ()), *CRITERIA])
        for values in frame[known].select_dtypes("number").abs().to_dict("list").values():
            found |= {f"{value:.0f}" for value in values if float(value).is_integer()}
    return frozenset(found)


def _account_names() -> frozenset[str]:
    """Names of the account and the machine."""
    names = {os.environ.get(key, "") for key in ("USER", "LOGNAME", "USERNAME")}
    names |= {Path.home().name, platform.node()}
    return frozenset(n for n in names if len(n) >= _SHORTEST_NAME and n.casefold() not in _ORDINARY)


def _file_leaks(path: Path, secrets: _Secrets, threshold: int) -> Iterator[str]:
    """Everything wrong with one file."""
    if path.is_symlink():
        yield "is a link to a file outside of what was checked"
        return
    if path.is_dir():
        return
    if path.suffix not in _RELEASED or path.name.startswith("."):
        yield "is no file of a release" + _about_notebook(path)
        return
    data = path.read_bytes()
    if path.suffix == ".png":
        yield from png_leaks(data)
        return
    if path.suffix == ".pdf":
        yield from pdf_leaks(data)
        raw = shown = pdf_text(data)
        if raw.startswith("%PDF-"):
            read = read_pdf(path)
            yield from read.leaks()
            raw, shown = f"{raw}\n{read.pages}\n{read.about}", read.pages
    else:
        raw = data.decode("utf-8", errors="replace")
        if path.suffix == ".html":
            yield from page_leaks(raw)
        raw = without_embedded(raw)
        shown = page_text(raw) if path.suffix == ".html" else raw
    # paths in what a PDF says of itself are looked for where it is read as a whole
    yield from _text_leaks(raw, secrets, shown if path.suffix == ".pdf" else raw)
    if path.suffix in {".html", ".md", ".pdf"} or path.name == "summary.json":
        yield from _few_people(shown, threshold)


def _about_notebook(path: Path) -> str:
    """What a notebook holds, as the reader may think it harmless."""
    if path.suffix != ".ipynb":
        return ""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    outputs = sum(len(cell.get("outputs", ())) for cell in notebook.get("cells", ()))
    state = ", with widget state" if "widgets" in notebook.get("metadata", {}) else ""
    return f": a notebook with {outputs} outputs{state}"


def _text_leaks(text: str, secrets: _Secrets, told: str) -> Iterator[str]:
    """Ids, names and addresses in a text, and paths in what it tells."""
    words = set(_WORD.findall(text))
    ids = secrets.ids & words
    if ids:
        yield f"holds {len(ids)} respondent ids"
    if found := _ABSOLUTE.search(told):
        yield f"holds the path of a file on this machine, {found.group()[:12]}..."
    # a name can have dots, so it is looked for as text, but between the ends of words only
    named = [name for name in secrets.names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    if named:
        yield "holds the name of an account or machine"
    if _ADDRESS.search(text):
        yield "holds an e-mail address"


def _few_people(text: str, threshold: int) -> Iterator[str]:
    """Counts of people below the threshold, told in words."""
    told = set()
    for found in _FEW.finditer(text):
        number = int(found["n"] or found["m"])
        if not found["before"] and 0 < number < threshold:
            told.add(found.group())
    for each in sorted(told):
        yield f"tells a small count in words: {each!r}"
