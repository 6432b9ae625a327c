"""A characteristic of respondents: an exposure, and the factor of the catalogue it stands for."""

from __future__ import annotations

from dataclasses import dataclass

from typology.results import Floats
from typology.schema.catalogue import Catalogue, Factor
from typology.schema.codebook import Codebook


@dataclass(frozen=True)
class Characteristic:
    """One variable or scale: 1 exposed, 0 not, NaN not answered."""

    name: str
    label: str
    factor: str
    known: Factor | None
    domain: str
    exposure: Floats

    @property
    def factor_label(self) -> str:
        """Name of what an odds ratio above one is more of; a variable may be worded the other way round."""
        return self.label if self.known is None else self.known.label

    @property
    def is_behaviour(self) -> bool:
        """Whether it counts as a kind of risky behaviour online."""
        return self.known is not None and self.known.behaviour


def characteristic(name: str, exposure: Floats, codebook: Codebook, catalogue: Catalogue) -> Characteristic:
    """Pair an exposure with its factor; one that is bound to none goes by its own name."""
    about = codebook.variables.get(name) or codebook.scales[name]
    factor = about.factor or name
    known = catalogue.factors.get(factor)
    domain = about.domain if known is None else str(known.domain)
    return Characteristic(name, about.label, factor, known, domain, exposure)
