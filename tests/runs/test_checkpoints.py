"""Finished stages are kept privately, come back as they were, and nothing in them can run."""

from __future__ import annotations

import json
import os
import pickle
import stat
from pathlib import Path
from typing import Any

import carriers
import numpy as np
import pandas as pd
import pytest

from typology.errors import RunFolderError
from typology.models.layout import item_layout
from typology.results import Planted
from typology.runs.carriers import Reader, Writer
from typology.runs.checkpoints import Checkpoints
from typology.schema.study import StudyConfig, SurveySource

KEY = "0123456789abcdef0123"


def there_and_back(value: object) -> Any:
    writer = Writer()
    tree = json.loads(json.dumps(writer.tree(value)))
    assert all(array.dtype != object for array in writer.arrays)
    return Reader(writer.arrays).value(tree)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -0.1 + 0.3,
        float("inf"),
        "a label",
        [1, [2]],
        (1, ("a", None)),
        {1: "a", "b": (2,)},
        {"tuple": 1, "object": "typology.results:Planted"},
        Planted(0.5, 0.1, 0.9),
        np.float64(1 / 3),
        np.int64(4),
        StudyConfig(study="a", survey=SurveySource(data="a.csv", codebook="b.yaml")),
    ],
)
def test_plain_values_come_back(value: object) -> None:
    back = there_and_back(value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_come_back_to_the_bit_in_their_layout(order: Any) -> None:
    value = np.asarray(np.random.default_rng(1).normal(size=(4, 3)), order=order)
    value[0, 0] = np.nan
    back = there_and_back(value)
    assert back.tobytes(order="A") == value.tobytes(order="A")
    assert back.flags.f_contiguous == value.flags.f_contiguous
    texts = np.array([["a", None], [("x", 1), 2.5]], dtype=object)
    assert there_and_back(texts).tolist() == texts.tolist()


def test_tables_come_back_with_their_types() -> None:
    frame = pd.DataFrame(
        {
            "text": ["a", None, "c"],
            "mixed": pd.Series([1, "b", None], dtype=object),
            "n": pd.array([1, None, 3], dtype="Int64"),
            "share": [0.1, np.nan, 1 / 3],
            "core": [True, False, True],
            "kind": pd.Categorical(["x", "y", "x"], categories=["y", "x"], ordered=True),
        },
        index=pd.Index(["r1", "r2", "r3"], name="rid"),
    )
    pd.testing.assert_frame_equal(there_and_back(frame), frame, check_exact=True)
    pd.testing.assert_frame_equal(there_and_back(frame.iloc[:0]), frame.iloc[:0])
    pd.testing.assert_frame_equal(
        there_and_back(pd.DataFrame([[1, 2], [3, 4]])), pd.DataFrame([[1, 2], [3, 4]])
    )
    pd.testing.assert_series_equal(there_and_back(frame["text"]), frame["text"])


def test_a_carrier_comes_back_and_what_it_shares_stays_shared() -> None:
    found = carriers.discovery(np.array([0, 1, 1, -1, 0] * 8), 2)
    layout = item_layout((carriers.ITEM,))
    back, first, second = there_and_back([found, layout, layout])
    assert type(back) is type(found)
    assert np.array_equal(back.membership, found.membership)
    pd.testing.assert_frame_equal(back.runs, found.runs)
    assert first is second
    assert first.starts.tolist() == layout.starts.tolist()


@pytest.mark.parametrize("value", [print, object(), b"bytes", {1, 2}])
def test_what_no_carrier_holds_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="carriers hold no"):
        Writer().tree({"here": value})


@pytest.mark.parametrize(
    "name",
    [
        "os:system",
        "subprocess:Popen",
        "typology.runs.folder:shutil",
        "typology.cli:main",
        "typology.nowhere:X",
        "typology.runs.checkpoints:Path",
        "builtins:eval",
        "typology.runs.checkpoints:Checkpoints",
    ],
)
@pytest.mark.parametrize("kind", ["object", "named"])
def test_only_carriers_of_this_package_are_made(name: str, kind: str) -> None:
    tree = {kind: name, "fields": {"command": "true"}, "values": ["true"], "number": -1}
    with pytest.raises(RunFolderError, match="not a carrier"):
        Reader([]).value(tree)


def test_stages_are_private_also_under_an_open_umask(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path / "small", key=KEY)
    umask = os.umask(0)
    try:
        kept.save("discover", np.arange(3), seconds=1.5)
    finally:
        os.umask(umask)
    (file,) = kept.folder.iterdir()
    assert kept.folder == tmp_path / ".small.checkpoints"
    assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    saved = kept.load("discover")
    assert saved is not None
    assert (saved.value.tolist(), saved.seconds) == ([0, 1, 2], 1.5)
    assert kept.load("evidence") is None


def test_stages_of_another_analysis_do_not_fit(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path / "small", key=KEY)
    assert kept.fits() is None
    kept.save("discover", 1, seconds=1)
    assert kept.fits() is True
    assert Checkpoints(tmp_path / "small", key="f" * 20).fits() is False
    # same start of the name, other analysis
    with pytest.raises(RunFolderError, match="another analysis"):
        Checkpoints(tmp_path / "small", key=KEY[:16] + "ffff").load("discover")


def test_forgetting_removes_nothing_else(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path / "small", key=KEY)
    kept.save("discover", 1, seconds=1)
    (kept.folder / "mine.txt").touch()
    kept.discard()
    assert [path.name for path in kept.folder.iterdir()] == ["mine.txt"]
    (kept.folder / "mine.txt").unlink()
    kept.discard()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707])
def test_a_folder_that_is_open_to_others_is_not_trusted(tmp_path: Path, mode: int) -> None:
    kept = Checkpoints(tmp_path / "small", key=KEY)
    kept.save("discover", 1, seconds=1)
    kept.folder.chmod(mode)
    with pytest.raises(RunFolderError, match="open to others"):
        kept.fits()


class Dangerous:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path("ran"),))


def test_a_pickle_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kept = Checkpoints(tmp_path / "small", key=KEY)
    kept.save("discover", 1, seconds=1)
    (file,) = kept.folder.iterdir()
    contents = [pickle.dumps(Dangerous()), b"", b"PK\x03\x04", file.read_bytes()[:-20]]
    for content in contents:
        file.write_bytes(content)
        with pytest.raises(RunFolderError, match="damaged"):
            kept.load("discover")
    with file.open("wb") as out:
        np.savez(out, tree=np.array([Dangerous()], dtype=object), allow_pickle=True)
    with pytest.raises(RunFolderError, match="damaged"):
        kept.load("discover")
    assert not (tmp_path / "ran").exists()


def test_whatever_a_byte_of_the_file_becomes_it_is_told_or_does_not_matter(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path / "small", key=KEY)
    kept.save("discover", {"labels": np.arange(5), "names": ("a", "b")}, seconds=1)
    (file,) = kept.folder.iterdir()
    whole = file.read_bytes()
    told = 0
    for at in range(whole.index(b"PK\x01\x02"), len(whole)):  # the directory: how, and how long, parts are
        for bit in range(8):
            file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
            try:
                saved = kept.load("discover")
            except RunFolderError:
                told += 1
            else:
                assert saved is not None
                assert (saved.value["labels"].tolist(), saved.value["names"]) == ([0, 1, 2, 3, 4], ("a", "b"))
    assert told > 500


def test_a_link_and_what_it_leads_to_share_their_stages(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    by_link, itself = (Checkpoints(tmp_path / name, key="k") for name in ("link", "real"))
    assert by_link.folder == itself.folder
    assert itself.folder.name == ".real.checkpoints"
