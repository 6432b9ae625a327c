"""Text alternatives: what each picture shows, for those who do not see it."""

from __future__ import annotations

import pandas as pd

from typology.profile.atlas import AtlasRow, Standing, standing_out, standing_sentence
from typology.profile.card import CardContent, Heading
from typology.profile.released import Summary, Tables
from typology.profile.short_form import short_form_sentence
from typology.profile.wording import known, listed, percent, percent_interval

VERDICTS = {
    "types": "Types were found.",
    "gradient": "No types: the answers differ by degree, a gradient of severity.",
    "none": "No types: the answers do not go together more than by chance.",
}


def share_text(heading: Heading | AtlasRow) -> str:
    """Return "55% (52 to 58%) of respondents", or that the size is withheld."""
    if not known(heading.share):
        return "size withheld for disclosure control"
    interval = f" ({percent_interval(heading.lo, heading.hi)})" if known(heading.lo, heading.hi) else ""
    return f"{percent(heading.share)}{interval} of respondents"


def card_alt(content: CardContent, standing: tuple[Standing, ...]) -> str:
    """Say what a profile card shows."""
    heading = content.heading
    parts = [f"Profile card of {heading.id}, {heading.name}: {share_text(heading)}"]
    parts[0] += f"; stability: {heading.grade}." if heading.grade else "."
    parts.append(standing_sentence(standing))
    if len(content.items):
        first = content.items.iloc[0]
        parts.append(
            f"Largest difference in answers: {first['label']}, {percent(first['share'])} against "
            f"{percent(first['everyone'])} of everyone."
        )
    outcomes = [
        f"{record['label']} {percent(record['prevalence'])}"
        for record in content.outcomes.to_dict("records")
        if not record["suppressed"] and known(record["prevalence"])
    ]
    if outcomes:
        parts.append(f"Outcomes: {listed(outcomes)}.")
    return " ".join(parts)


def map_alt(density: pd.DataFrame) -> str:
    """Say what the density map shows."""
    if density.empty:
        return "Empty density map: no cell holds enough respondents to be drawn."
    types = sorted(set(density["type"]) - {""}, key=lambda name: (len(name), name))
    outlined = f" Outlined areas are where {listed(types)} are most frequent." if types else ""
    return f"Density map of respondents in {len(density)} hexagonal cells, dark where many are.{outlined}"


def evidence_alt(frame: pd.DataFrame, summary: Summary) -> str:
    """Say what the evidence figure shows: each statistic against the range of its simulated surveys."""
    parts = [VERDICTS.get(str(summary["verdict"]), "")]
    for statistic, part in frame.groupby("statistic", sort=False):
        observed = part.loc[part["source"] == "observed", "value"]
        sentence = f"{str(statistic).replace('_', ' ').capitalize()}:"
        sentence += (
            f" {observed.iloc[0]:.2f} in this survey" if len(observed) else " no value for this survey"
        )
        for source, name in (("no types", "surveys without types"), ("no association", "shuffled answers")):
            values = part.loc[part["source"] == source, "value"]
            if len(values):
                sentence += f"; {values.min():.2f} to {values.max():.2f} in {name}"
        parts.append(sentence + ".")
    return " ".join(part for part in parts if part)


def runs_alt(frame: pd.DataFrame, *, n_types: int) -> str:
    """Say how far single runs disagree."""
    if frame.empty:
        return "This run holds no single runs."
    low, high = int(frame["clusters"].min()), int(frame["clusters"].max())
    after = f", against {n_types} types after consensus" if n_types else ""
    return f"Number of clusters in {len(frame)} single runs: from {low} to {high}{after}."


def matrix_alt(frame: pd.DataFrame, tables: Tables, types: tuple[str, ...]) -> str:
    """Say what stands out in each type of the dot matrix."""
    if frame.empty:
        return "Empty matrix of risk factors: there are no types."
    parts = [f"Risk factors ({frame['variable'].nunique()}) by type ({len(types)})."]
    parts += [f"{type_id}. {standing_sentence(standing_out(tables, type_id))}" for type_id in types]
    return " ".join(parts)


def atlas_alt(rows: tuple[AtlasRow, ...]) -> str:
    """Say what the atlas shows, one sentence a type."""
    if not rows:
        return "Empty atlas: there are no types."
    return " ".join(f"{row.id}, {row.name}: {share_text(row)}, {row.grade or 'no grade'}." for row in rows)


def crosswalk_alt(frame: pd.DataFrame) -> str:
    """Say where most members of each type go among the latent classes."""
    if frame.empty:
        return "Empty cross-walk: there are no types."
    parts = ["Types against latent classes."]
    for type_id, part in frame.groupby("type", sort=False):
        shown = part[part["share"].notna()].sort_values("share", ascending=False, kind="stable")
        banded = part[part["band"].str.startswith(("over", "half"))]
        if len(shown):
            told = f"{percent(shown['share'].iloc[0])} in {shown['latent_class'].iloc[0]}"
        elif len(banded):
            told = f"{banded['band'].iloc[0]} in {banded['latent_class'].iloc[0]}"
        else:
            told = "withheld"
        parts.append(f"{type_id}: {told}.")
    return " ".join(parts)


def missingness_alt(frame: pd.DataFrame) -> str:
    """Say which question has most missing answers."""
    if frame.empty:
        return "No missing answers to show."
    first = frame[frame["variable"] == frame["variable"].iloc[0]]
    reasons = [f"{record['kind']} {percent(record['share'])}" for record in first.to_dict("records")]
    return (
        f"Missing answers by reason for {frame['variable'].nunique()} questions. Most: "
        f"{first['label'].iloc[0]}, {listed(reasons)}."
    )


def missing_groups_alt(frame: pd.DataFrame) -> str:
    """Say where the groups differ most in missing answers."""
    if frame.empty:
        return "No missing answers by group to show."
    spread = frame.groupby("variable", sort=False)["share"].agg(lambda shares: shares.max() - shares.min())
    widest = frame[frame["variable"] == spread.fillna(0.0).idxmax()]
    shares = [
        f"{record['group']} {percent(record['share']) if known(record['share']) else 'too few to show'}"
        for record in widest.to_dict("records")
    ]
    return (
        f"Missing answers by group for {frame['variable'].nunique()} questions. Groups differ most in: "
        f"{widest['label'].iloc[0]}, {listed(shares)}."
    )


def severity_alt(frame: pd.DataFrame) -> str:
    """Say the share in each band of severity."""
    bands = [
        f"{record['band']} {percent(record['share']) if known(record['share']) else 'withheld'}"
        for record in frame.to_dict("records")
    ]
    return (
        f"Respondents by severity, least to most: {listed(bands)}."
        if bands
        else "No distribution of severity."
    )


def correlations_alt(frame: pd.DataFrame) -> str:
    """Say which pair of items goes together most."""
    if frame.empty:
        return "No correlation of items can be shown."
    first = frame.iloc[0]
    pair = str(first["label"]).replace("\n– ", " and ")
    return (
        f"The {len(frame)} strongest latent correlations of items, from {first['r']:.2f} ({pair}) "
        f"to {frame['r'].iloc[-1]:.2f}."
    )


def power_alt(frame: pd.DataFrame) -> str:
    """Say how likely types would have been found, by how distinct they are."""
    told = [
        f"{percent(r['share_found'], decimals=0)} where odds differ by a factor of {r['odds_ratio']:.1f}"
        for r in frame.to_dict("records")
    ]
    return f"Chance to find types in this survey: {listed(told)}."


def short_form_alt(frame: pd.DataFrame) -> str:
    """Say how few questions tell the types apart, and which come first."""
    first = [str(label) for label in frame.loc[frame["item"] != "", "label"].head(5)]
    return f"{short_form_sentence(frame)} The first five: {listed(first)}.".strip()
