"""The key findings of a run in plain words, verdict first."""

from __future__ import annotations

from dataclasses import dataclass

from typology.profile.alt import share_text
from typology.profile.atlas import AtlasRow, Standing, atlas_rows, standing_out, standing_sentence
from typology.profile.provenance import provenance
from typology.profile.released import Summary, Tables, numbers, table, texts
from typology.profile.risk_analysis import risk_points
from typology.profile.short_form import short_form, short_form_sentence
from typology.profile.wording import listed, percent

LIKELY = 0.8
HEADLINES = {
    "types": "The survey shows {n} groups of respondents with patterns of experience of their own.",
    "gradient": (
        "The survey shows no separate groups: as far as these answers can tell, experiences differ in amount "
        "rather than in kind."
    ),
    "none": "The survey shows no groups: the answers hardly go together at all.",
}
MEANING = {
    "types": "The groups are more than a survey without groups would produce by chance.",
    "gradient": (
        "What looks like groups in these answers can be explained as one slope from few to many experiences, "
        "cut into pieces. Reporting such pieces as groups would be misleading."
    ),
    "none": "No grouping of respondents can be supported by these answers.",
}


@dataclass(frozen=True)
class Findings:
    """Headline, its meaning, the reason with numbers, and one sentence a point."""

    headline: str
    meaning: str
    reason: str
    points: tuple[str, ...]


def key_findings(tables: Tables, summary: Summary) -> Findings:
    """Say what a run found.

    Parameters
    ----------
    tables : mapping of str to DataFrame
    summary : mapping

    Returns
    -------
    Findings
    """
    verdict = str(summary["verdict"])
    rows = atlas_rows(tables, summary)
    points = [_who(summary)]
    points += [_type(row, standing_out(tables, row.id)) for row in rows]
    points += [told for told in [short_form_sentence(short_form(tables))] if told]
    points += _degree(tables) if verdict == "gradient" else []
    points += _instead(tables) if verdict != "types" else []
    points += risk_points(tables)
    points += _rivals(summary)
    return Findings(
        headline=HEADLINES[verdict].format(n=len(rows)),
        meaning=MEANING[verdict],
        reason=str(summary["reason"]),
        points=tuple(point for point in points if point),
    )


def _instead(tables: Tables) -> list[str]:
    """Say what a verdict without types is worth, and what it would take to find types."""
    return [
        _power(tables),
        (
            "To show groups, a survey would need questions that separate kinds of experience and not only "
            "amounts, more respondents, or both."
        ),
    ]


def _power(tables: Tables) -> str:
    """Say how distinct types would have been found, as far as it was simulated."""
    columns = ["odds_ratio", "share_found"]
    frame = numbers(table(tables, "power", columns=columns), *columns)
    if frame.empty:
        return ""
    likely = frame[frame["share_found"] >= LIKELY]
    if likely.empty:
        return (
            "No groups shown does not mean that there are none. Types as many and as large as the best "
            "candidates, planted into simulated surveys like this one, are found with a chance of "
            f"{percent(frame['share_found'].max(), decimals=0)} at best, even where the odds of a typical "
            f"item differ by a factor of {frame['odds_ratio'].max():.1f} between two types."
        )
    return (
        "No groups shown does not mean that there are none. Types between which the odds of a typical item "
        "differ by a factor of "
        f"{likely['odds_ratio'].min():.1f} or more would have been found with a chance of at least 80%; "
        "less distinct ones may have been missed."
    )


def _degree(tables: Tables) -> list[str]:
    """Say what was found instead of types: how respondents spread, and what goes together most."""
    bands = numbers(texts(table(tables, "severity", columns=["band"]), "band", "suppressed"), "share")
    pairs = numbers(
        texts(table(tables, "correlations", columns=["label_a"]), "label_a", "label_b", "suppressed"), "r"
    )
    bands, pairs = (
        frame[(frame["suppressed"] == "") & frame[value].notna()]
        for frame, value in ((bands, "share"), (pairs, "r"))
    )
    told = []
    if len(bands) > 1:
        low, high = bands.iloc[0], bands.iloc[-1]
        told.append(
            f"From least to most reported, {percent(low['share'])} of respondents are at the lower end "
            f"({low['band']}) and {percent(high['share'])} at the upper end ({high['band']}), in standard "
            "deviations from the average."
        )
    if len(pairs):
        first = pairs.sort_values("r", ascending=False, kind="stable").iloc[0]
        told.append(
            f"Most closely together go \u201c{first['label_a']}\u201d and \u201c{first['label_b']}\u201d "
            f"(latent correlation {first['r']:.2f}; 1 would be always together)."
        )
    return told


def _who(summary: Summary) -> str:
    counts = summary.get("respondents") or {}
    told = [
        f"{counts[key]:,} {phrase}"
        for key, phrase in (("read", "respondents took part"), ("clustered", "were analysed"))
        if counts.get(key) is not None
    ]
    if summary["verdict"] == "types" and "unassigned" in counts:
        left = counts["unassigned"]
        few = (
            f"fewer than {provenance(summary).threshold}" if left is None else f"{left:,}" if left else "none"
        )
        if left is not None or counts.get("clustered") is not None:  # else it need not be few
            told.append(f"{few} fit no group well enough and were left unassigned")
    return f"{listed(told)}." if told else ""


def _type(row: AtlasRow, standing: tuple[Standing, ...]) -> str:
    grade = f"; stability: {row.grade}" if row.grade else ""
    sentence = f" {row.sentence}" if row.sentence else ""
    return f"{row.id}, {row.name}: {share_text(row)}{grade}.{sentence} {standing_sentence(standing)}"


def _rivals(summary: Summary) -> list[str]:
    rivals = summary.get("rivals") or {}
    plain = (rivals.get("plain_umap_hdbscan") or {}).get("clusters")
    classes = (rivals.get("latent_class") or {}).get("classes")
    told = []
    if plain is not None:
        told.append(f"a single run of UMAP and HDBSCAN would have reported {plain} clusters")
    if classes is not None:
        told.append(f"latent class analysis {classes} classes")
    if not told:
        return []
    return [
        (
            f"For comparison, {listed(told)}. Neither asks whether a survey without groups would give as "
            "many, as the verdict here does."
        )
    ]
