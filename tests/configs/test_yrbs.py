"""The two YRBS studies on the real files, against what CDC published."""

import gzip
import shutil
from pathlib import Path

import pandas as pd
import pytest

from typology.resources import configs_dir
from typology.results import Survey
from typology.schema.load import load_study
from typology.survey.read import read_survey

FILES = {"yrbs2019": "yrbs2019.sav", "yrbs2023": "yrbs_2023_raw.csv.gz"}
ITEMS = {
    # name in items_2019_2023.csv: column in 2019, in 2023
    "unsafe_school": ("QN15", "QN14"),
    "threatened_weapon": ("QN16", "QN15"),
    "phys_fight": ("QN17", "QN16"),
    "forced_sex": ("QN19", "QN19"),
    "sexual_violence": ("QN20", "QN20"),
    "sexual_dating_violence": ("QN21", "QN21"),
    "physical_dating_violence": ("QN22", "QN22"),
    "bullied_school": ("QN23", "QN24"),
    "bullied_electronic": ("QN24", "QN25"),
    "sad_hopeless": ("QN25", "QN26"),
    "considered_suicide": ("QN26", "QN27"),
    "attempted_suicide": ("QN28", "QN29"),
    "binge_drinking": ("QN42", "QN43"),
    "current_marijuana": ("QN47", "QN48"),
    "current_vape": ("QN35", "QN36"),
    "ever_injected": ("QN56", "QN55"),
}


@pytest.fixture(scope="module")
def surveys(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Survey]:
    """Both waves, read by way of the packaged study files with the data put where they look for it."""
    folder = tmp_path_factory.mktemp("configs")
    shutil.copytree(configs_dir(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("data"))
    (folder / "data").mkdir()
    (folder / "data" / "yrbs2019.sav").symlink_to(realdata / "yrbs" / FILES["yrbs2019"])
    with gzip.open(realdata / "yrbs" / FILES["yrbs2023"]) as packed:
        (folder / "data" / "yrbs2023.csv").write_bytes(packed.read())
    return {wave: read_survey(load_study(folder / f"{wave}.yaml")) for wave in FILES}


def weighted_percent(survey: Survey, item: str) -> float:
    weight, answers = survey.answers["weight"], survey.answers[item]
    known = answers.notna()
    return float(100 * ((answers == 1) * weight)[known].sum() / weight[known].sum())


def test_all_respondents_are_read(surveys: dict[str, Survey]) -> None:
    assert surveys["yrbs2019"].n_read == len(surveys["yrbs2019"].answers) == 13_677
    assert surveys["yrbs2023"].n_read == len(surveys["yrbs2023"].answers) == 20_103


@pytest.mark.parametrize(
    ("item", "published"),
    [("QN23", 19.5), ("QN24", 15.7), ("QN20", 10.8), ("QN21", 8.2), ("QN22", 8.2)],
)
def test_prevalence_is_what_cdc_published_for_2019(
    surveys: dict[str, Survey], item: str, published: float
) -> None:
    """Basile et al. 2020, MMWR Supplements."""
    assert round(weighted_percent(surveys["yrbs2019"], item), 1) == published


@pytest.mark.parametrize("wave", FILES)
def test_every_item_is_the_column_of_its_wave(realdata: Path, surveys: dict[str, Survey], wave: str) -> None:
    table = pd.read_csv(realdata / "yrbs" / "items_2019_2023.csv").set_index(["item", "year"])
    year = int(wave[-4:])
    for name, columns in ITEMS.items():
        column = columns[year == 2023]
        row = table.loc[(name, year)]
        assert row["column"] == column
        assert weighted_percent(surveys[wave], column) == pytest.approx(row["weighted_pct_yes"], abs=0.006)


def test_waves_ask_the_same_items_under_the_same_labels(surveys: dict[str, Survey]) -> None:
    labels = [
        [book.variables[name].label for name in book.names("typology")]
        for book in (surveys[wave].codebook for wave in FILES)
    ]
    assert labels[0] == labels[1]
    assert len(labels[0]) == 11


@pytest.mark.parametrize(
    ("wave", "item", "not_dating"), [("yrbs2019", "QN22", 4566), ("yrbs2023", "QN22", 7759)]
)
def test_who_did_not_date_was_not_asked(
    surveys: dict[str, Survey], wave: str, item: str, not_dating: int
) -> None:
    survey = surveys[wave]
    not_asked = survey.missing[item] == "not asked"
    assert not_asked.sum() == not_dating
    assert (survey.answers.loc[not_asked, "Q22"] == 1).all()


def test_design_is_complete(surveys: dict[str, Survey]) -> None:
    for survey in surveys.values():
        design = [survey.codebook.name_of(role) for role in ("weight", "stratum", "psu")]
        assert design == ["weight", "stratum", "psu"]
        assert survey.answers[design].notna().all(axis=None)
