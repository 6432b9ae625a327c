"""The comparison of two runs as tables to read."""

from __future__ import annotations

from typology.profile import cells
from typology.profile.comparison import Comparison
from typology.profile.display import TableView
from typology.profile.wording import known, points


def comparison_table(found: Comparison) -> list[TableView]:
    """List the types, and the answers that differ, those of everyone first."""
    views = []
    if len(found.types):
        rows = tuple(
            (
                " ".join(text for text in (r["type"], r["name"]) if text) or cells.EMPTY,
                " ".join(text for text in (r["counterpart"], r["counterpart_name"]) if text) or cells.EMPTY,
                cells.fixed(r["profile_r"]),
                cells.share(r["share_first"]),
                cells.share(r["share_second"]),
                points(r["difference"]) if known(r["difference"]) else cells.EMPTY,
                r["verdict"],
            )
            for r in found.types.to_dict("records")
        )
        header = (found.first, found.second, "Profile r", "Share", "Share", "Points", "Verdict")
        views.append(TableView("Types", header, rows, frozenset({2, 3, 4, 5})))
    apart = found.answers[found.answers["apart"]]
    if len(apart):
        answers = tuple(
            (
                f"{r['label']}: {r['category_label']}", r["type"], cells.share(r["share_first"]),
                cells.share(r["share_second"]), points(r["difference"]),
            )
            for r in apart.to_dict("records")
        )  # fmt: skip
        heads = ("Answer", "Of", found.first, found.second, "Points")
        views.append(TableView("Answers that differ", heads, answers, frozenset({2, 3, 4})))
    return views
