"""Published instruments as ready-made scale definitions: keys, scoring, cut-offs and where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from typology.errors import InputFault
from typology.schema.codebook import Exposed, Levels
from typology.schema.report import Report
from typology.schema.translate import closest
from typology.schema.yaml_file import YamlDocument


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CutOff(Exposed):
    """A published cut-off and what lies on its far side."""

    meaning: str


class Part(_Strict):
    """One score of an instrument; its keys mean what they mean on a scale of a codebook.

    `items`: numbers in the order of the questionnaire; all when there are none. `reverse`: numbers, or names
    of the wordings in `orders`.
    """

    label: str
    items: tuple[int, ...] = ()
    reverse: tuple[int | str, ...] = ()
    levels: Levels | None = None
    score: Literal["sum", "mean", "count"] = "sum"
    count_from: float | None = None
    min_valid: int | None = None
    cut_off: CutOff | None = None


class Instrument(_Strict):
    """An instrument: how many items, in which orders they circulate, and its scores."""

    label: str
    source: str
    items: Annotated[int, Field(ge=2)]
    parts: Annotated[dict[str, Part], Field(min_length=1)]
    orders: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    note: str = ""

    def numbers(self, part: Part) -> tuple[int, ...]:
        """Numbers of a part's items."""
        return part.items or tuple(range(1, self.items + 1))

    def reversed_numbers(self, part: Part, order: str | None) -> set[int]:
        """Numbers of a part's reversed items in the order of a questionnaire."""
        named = self.orders[order] if order is not None else ()
        return {key if isinstance(key, int) else named.index(key) + 1 for key in part.reverse}


def instrument_faults(instrument: Instrument, document: YamlDocument) -> Iterator[InputFault]:
    """Faults of an instrument file that its shape does not show."""
    report = Report(document)
    words = set(next(iter(instrument.orders.values()), ()))
    for name, order in instrument.orders.items():
        if len(order) != instrument.items or set(order) != words or len(words) != instrument.items:
            remedy = f"Name the {instrument.items} wordings, the same in every order."
            yield report(("orders", name), "the order does not name every item once", remedy)
    for name, part in instrument.parts.items():
        here = ("parts", name)
        for number in part.items:
            if not 1 <= number <= instrument.items:
                remedy = f"Items are numbered 1 to {instrument.items}."
                yield report((*here, "items"), "there is no such item", remedy, value=number)
        for key in part.reverse:
            if isinstance(key, int) and key not in instrument.numbers(part):
                yield report((*here, "reverse"), "is not an item of this part", "Check it.", value=key)
            if isinstance(key, str) and key not in words:
                yield report((*here, "reverse"), "is no wording", closest(key, sorted(words)), value=key)
