"""The study file: what to read, and how to analyse it.

Field names and defaults are the contract of the study file ``configs/<study>.yaml``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from typology.schema.catalogue import Catalogue
from typology.schema.codebook import Codebook
from typology.schema.numbers import Number, Whole
from typology.schema.text import Text

SIMULATED = ("simulated", "simulated-severity", "simulated-independent")
LABELLED_SUFFIXES = (".sav", ".zsav", ".por", ".dta", ".sas7bdat")
TEXT_SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
SURVEY_SUFFIXES = (*LABELLED_SUFFIXES, *TEXT_SUFFIXES, ".parquet", ".xlsx")


def survey_suffix(path: Path) -> str:
    """Kind of survey file a name stands for, in small letters: .sav, .csv.gz, ..."""
    suffix = path.suffix.lower()
    return f"{Path(path.stem).suffix.lower()}.gz" if suffix == ".gz" else suffix


def _share_or_count(value: Any) -> Any:
    if isinstance(value, float) and value >= 1 and not value.is_integer():
        raise ValueError("must be a share below 1 or a whole number")
    return value


def _at_least_one(values: tuple[int, ...]) -> tuple[int, ...]:
    if not values:
        raise ValueError("must list at least one")
    return values


Neighbors = Annotated[Whole, Field(ge=2, le=1_000)]
ShareOrCount = Annotated[Number, Field(gt=0), AfterValidator(_share_or_count)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SurveySource(_Strict):
    """Where the survey and its codebook are; paths are relative to the study file."""

    data: str
    codebook: str


class PrepareOptions(_Strict):
    """Who is clustered: `min_answered` is the share of asked typology items one must have answered."""

    min_answered: Annotated[Number, Field(ge=0, le=1)] = 0.5


class EmbedOptions(_Strict):
    """UMAP settings; every value of `n_neighbors` is run."""

    n_neighbors: Annotated[tuple[Neighbors, ...], AfterValidator(_at_least_one)] = (15, 30, 60)
    n_components: Literal["auto"] | Annotated[Whole, Field(ge=2, le=50)] = "auto"
    min_dist: Annotated[Number, Field(ge=0, lt=1)] = 0.0


class ClusterOptions(_Strict):
    """HDBSCAN settings: `min_cluster_size` is ``auto``, a share (below 1) or a count."""

    min_cluster_size: Literal["auto"] | ShareOrCount = "auto"
    min_samples: Annotated[Whole, Field(ge=1, le=1_000)] = 5


class EvidenceOptions(_Strict):
    """How much evidence is gathered: resamples per type, and draws from each null model."""

    resamples: Annotated[Whole, Field(ge=10, le=10_000)] = 100
    nulls: Annotated[Whole, Field(ge=10, le=1_000)] = 20


class LabelOptions(_Strict):
    """Risk-factor catalogue, names given by the researcher, and how types are compared.

    `adjust_for`: demographic, group or risk variables (or scales) that comparisons are adjusted for as well.
    `split_sample`: types are found on one half of the respondents and compared on the other.

    `catalogue` is a file, or a list of files of which each extends and overrides those before it, such as
    ``[risk_factors.yaml, my_factors.yaml]``. A file that is not beside the study file is looked for among
    the packaged ones.
    """

    catalogue: str | Annotated[tuple[str, ...], Field(min_length=1)] = "risk_factors.yaml"
    names: dict[str, Text] = Field(default_factory=dict)
    adjust_for: tuple[str, ...] = ()
    split_sample: bool = False

    @property
    def catalogues(self) -> tuple[str, ...]:
        """The catalogue files, in the order in which they override."""
        return (self.catalogue,) if isinstance(self.catalogue, str) else self.catalogue


class RiskOptions(_Strict):
    """What the risk analysis relates to what.

    `outcome`: the variables or scales that say who was targeted; ``auto`` takes the codebook's outcomes that
    were put to everybody. `predictors`: ``auto`` takes everything of role `risk` that is bound to a factor.
    `adjust_for` is in the model and in no table.
    """

    outcome: str | tuple[str, ...] = "auto"
    predictors: Literal["auto"] | tuple[str, ...] = "auto"
    adjust_for: tuple[str, ...] = ()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes named in the study file."""
        return (self.outcome,) if isinstance(self.outcome, str) else self.outcome


class DisclosureOptions(_Strict):
    """`threshold`: fewest respondents under any released number."""

    threshold: Annotated[Whole, Field(ge=3)] = 10


class StudyConfig(_Strict):
    """Everything a study file may say."""

    study: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=100)]
    survey: SurveySource
    title: Text = ""
    prepare: PrepareOptions = PrepareOptions()
    embed: EmbedOptions = EmbedOptions()
    cluster: ClusterOptions = ClusterOptions()
    evidence: EvidenceOptions = EvidenceOptions()
    label: LabelOptions = LabelOptions()
    risk: RiskOptions = RiskOptions()
    disclosure: DisclosureOptions = DisclosureOptions()
    seed: Annotated[Whole, Field(ge=0, lt=2**32)] = 2015


@dataclass(frozen=True, repr=False)
class Study:
    """A study file with its codebook and catalogue, all valid.

    Attributes
    ----------
    config : StudyConfig
    codebook : Codebook
    catalogue : Catalogue
    path : Path
        The study file.
    data_path : Path or None
        The survey file; None when the survey is simulated.
    inputs : dict of str to Path
        Every file read, by its role (study, codebook, catalogue, data).
    lines : dict of str to int
        Line of each variable and scale in the codebook file, for messages.
    """

    config: StudyConfig
    codebook: Codebook
    catalogue: Catalogue
    path: Path
    data_path: Path | None
    inputs: dict[str, Path] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Name the study and say what it asks."""
        return f"<Study {self.config.study}: {'; '.join(f'{name} {value}' for name, value in self._about())}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
            for name, value in self._about()
        )
        title = escape(self.config.title or self.config.study)
        table = f"<table><caption>{title}</caption><tbody>{rows}</tbody></table>"
        return f'<div class="typology-table">{table}</div>'

    def _about(self) -> list[tuple[str, str]]:
        """What a glance at a study tells."""
        book = self.codebook
        roles = [variable.role for variable in book.variables.values()]
        every = Counter([*roles, *(scale.role for scale in book.scales.values())])
        counted = [f"{n} {role}" for role, n in every.items() if role not in ("id", "ignore")]
        return [
            ("study file", str(self.path)),
            ("survey", "simulated" if self.data_path is None else str(self.data_path)),
            ("variables and scales", ", ".join(counted)),
            ("seed", str(self.config.seed)),
        ]
