"""Scales that take their scoring from an instrument: looked up, checked and filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from typology.errors import InputFault, InputFaults
from typology.schema.codebook import Codebook, Exposed, Scale
from typology.schema.instrument import Instrument, instrument_faults
from typology.schema.report import Report
from typology.schema.translate import build, closest
from typology.schema.yaml_file import KeyPath, YamlDocument, read_yaml

FOLDER = "instruments"
_SAID = ("reverse", "score", "count_from", "levels")


@dataclass
class Library:
    """Instrument files by name, read when asked for.

    Parameters
    ----------
    folders : sequence of Path
        Looked through in this order: beside the codebook first, then the packaged ones.
    """

    folders: Sequence[Path]
    used: dict[str, Path] = field(default_factory=dict)
    faults: list[InputFault] = field(default_factory=list)
    _read: dict[str, Instrument | None] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Names of all instruments there are."""
        found = {path.stem for folder in self.folders if folder.is_dir() for path in folder.glob("*.yaml")}
        return sorted(found)

    def get(self, name: str) -> Instrument | None:
        """Read an instrument; None, with its faults kept, when its file is faulty."""
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def _load(self, name: str) -> Instrument | None:
        path = next(folder / f"{name}.yaml" for folder in self.folders if (folder / f"{name}.yaml").is_file())
        self.used[name] = path
        try:
            document = read_yaml(path, shown=f"{FOLDER}/{path.name}")
        except InputFaults as found:
            self.faults += found.faults
            return None
        instrument, faults = build(Instrument, document)
        if instrument is not None:
            faults = list(instrument_faults(instrument, document))
        self.faults += faults
        return None if faults else instrument


def with_instruments(
    codebook: Codebook, document: YamlDocument, library: Library
) -> tuple[Codebook, list[InputFault]]:
    """Fill in what instruments say about the scales that name one.

    Parameters
    ----------
    codebook : Codebook
    document : YamlDocument
        The file it was built from, for line numbers.
    library : Library

    Returns
    -------
    codebook : Codebook
        A scale keeps its own keys; items, reversal, scoring and, if it is bound to a factor without
        `exposed`, the published cut-off come from the instrument.
    faults : list of InputFault
        Those of the instrument files included.
    """
    report = Report(document)
    faults: list[InputFault] = []
    scales = {}
    for name, scale in codebook.scales.items():
        found = list(_scale_faults(name, scale, library, report))
        instrument = None if found or scale.instrument is None else library.get(scale.instrument)
        if instrument is not None:
            scales[name] = _filled(scale, instrument)
            # those of the part are checked with the codebook
            rest = [item for item in scale.items if item not in scales[name].items]
            found += list(_unknown_items(name, rest, codebook, report))
        else:
            # who is exposed might have come from the instrument: not a fault of its own
            unsaid = scale.instrument is not None and scale.exposed is None
            scales[name] = scale.model_copy(update={"factor": None}) if unsaid else scale
        faults += found
    return codebook.model_copy(update={"scales": scales}), [*faults, *library.faults]


def _scale_faults(name: str, scale: Scale, library: Library, report: Report) -> Iterator[InputFault]:
    here: KeyPath = ("scales", name)
    if scale.instrument is None:
        for key in ("order", "part"):
            if getattr(scale, key) is not None:
                remedy = f"Add `instrument:`, or remove `{key}`."
                yield report(
                    (*here, key), f"`{key}` goes with an instrument", remedy, value=getattr(scale, key)
                )
        return
    if scale.instrument not in library.names():
        remedy = closest(scale.instrument, library.names())
        yield report((*here, "instrument"), "there is no such instrument", remedy, value=scale.instrument)
        return
    instrument = library.get(scale.instrument)
    if instrument is None:
        return
    if len(scale.items) != instrument.items:
        message = f"{scale.instrument} has {instrument.items} items"
        remedy = "List all of them, in the order of the questionnaire."
        yield report((*here, "items"), message, remedy, value=len(scale.items))
    yield from _choice_fault((*here, "order"), scale.order, list(instrument.orders), scale, report)
    yield from _choice_fault((*here, "part"), scale.part, list(instrument.parts), scale, report)
    said = [key for key in _SAID if key in scale.model_fields_set]
    part = instrument.parts.get(_only(scale.part, list(instrument.parts)) or "")
    if part is not None and part.min_valid is not None and scale.min_valid is not None:
        said.append("min_valid")
    for key in said:
        remedy = f"Remove `{key}`, or remove `instrument` and describe the scale in full."
        yield report((*here, key), f"`{key}` is what the instrument says", remedy, value=getattr(scale, key))


def _unknown_items(
    name: str, items: Sequence[str], codebook: Codebook, report: Report
) -> Iterator[InputFault]:
    for item in items:
        if item not in codebook.variables:
            remedy = closest(item, codebook.variables)
            path = ("scales", name, "items")
            yield report(path, "the scale's item is not in the codebook", remedy, value=item)


def _choice_fault(
    path: KeyPath, given: str | None, choices: list[str], scale: Scale, report: Report
) -> Iterator[InputFault]:
    """`order` and `part` name one of what the instrument has; needed where it has several."""
    key = path[-1]
    if given is None:
        if len(choices) > 1:
            message = f"{scale.instrument} has several: say which `{key}` this is"
            yield report(path[:2], message, f"Add `{key}:` with one of {', '.join(choices)}.")
    elif not choices:
        yield report(path, f"{scale.instrument} has one {key} only", f"Remove `{key}`.", value=given)
    elif given not in choices:
        yield report(path, f"{scale.instrument} has no such {key}", closest(given, choices), value=given)


def _only(given: str | None, choices: list[str]) -> str | None:
    """What was chosen, or the only choice there is."""
    return choices[0] if given is None and len(choices) == 1 else given


def _filled(scale: Scale, instrument: Instrument) -> Scale:
    part = instrument.parts[_only(scale.part, list(instrument.parts)) or ""]
    turned = instrument.reversed_numbers(part, _only(scale.order, list(instrument.orders)))
    chosen = {number: scale.items[number - 1] for number in instrument.numbers(part)}
    exposed = scale.exposed
    if exposed is None and scale.factor is not None and part.cut_off is not None:
        exposed = Exposed(at_least=part.cut_off.at_least, at_most=part.cut_off.at_most)
    return scale.model_copy(
        update={
            "items": tuple(chosen.values()),
            "reverse": tuple(item for number, item in chosen.items() if number in turned),
            "levels": part.levels,
            "score": part.score,
            "count_from": part.count_from,
            "min_valid": scale.min_valid if part.min_valid is None else part.min_valid,
            "exposed": exposed,
        }
    )
