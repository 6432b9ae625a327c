from __future__ import annotations

from pathlib import Path

import pytest

from tests.release_factory import make_summary, make_tables
from typology.report.figures import figure_count, save_figures


def test_all_figures_and_cards_are_written_and_nothing_is_hidden_in_them(tmp_path: Path) -> None:
    tables = make_tables(2)
    done: list[int] = []
    written = save_figures(tables, make_summary(tables), tmp_path, advance=lambda: done.append(1))
    assert len(written) == len(done) == figure_count(tables)
    assert sorted(path.name for path in (tmp_path / "cards").iterdir()) == ["T1.png", "T2.png", "cards.pdf"]
    assert {path.suffix for path in (tmp_path / "figures").iterdir()} == {".png"}
    for path in written:
        content = path.read_bytes()
        for trace in (b"tEXt", b"iTXt", b"eXIf", b"Software", b"CreationDate", str(tmp_path).encode()):
            assert trace not in content, path.name
    assert (tmp_path / "cards" / "cards.pdf").read_bytes().count(b"/Type /Page ") == 2


@pytest.mark.parametrize("verdict", ["gradient", "none"])
def test_without_types_there_are_no_cards(tmp_path: Path, verdict: str) -> None:
    tables = make_tables(verdict=verdict)
    written = save_figures(tables, make_summary(tables, verdict=verdict), tmp_path)
    assert len(written) == figure_count(tables)
    assert not (tmp_path / "cards").exists()
    assert {"severity.png", "correlations.png", "evidence.png"} <= {path.name for path in written}
