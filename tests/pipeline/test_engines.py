"""What is said where UMAP cannot be loaded."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from typology.errors import TypologyError
from typology.pipeline import analysis


@pytest.mark.parametrize(
    ("says", "error", "told"),
    [
        (
            "cannot cache function 'rdist': no locator available for file 'x'",
            TypologyError,
            "NUMBA_CACHE_DIR=",
        ),
        ("something else", RuntimeError, "something else"),
    ],
)
def test_a_machine_that_keeps_no_compiled_code_is_told_where_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, error: type[Exception], told: str
) -> None:
    (tmp_path / "umap.py").write_text(f"raise RuntimeError({says!r})", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "umap", raising=False)
    with pytest.raises(error, match=told):
        analysis._load_engines()
