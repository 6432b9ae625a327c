"""The methods paragraph of a run, ready for a paper: what was done, with which settings and software."""

from __future__ import annotations

from typology.profile.provenance import Provenance, provenance
from typology.profile.released import Summary, Tables
from typology.profile.wording import listed

REFERENCES = (
    (
        "McInnes L, Healy J (2018). UMAP: Uniform Manifold Approximation and Projection for Dimension "
        "Reduction. arXiv:1802.03426."
    ),
    (
        "McInnes L, Healy J, Astels S (2017). hdbscan: Hierarchical density based clustering. Journal of "
        "Open Source Software 2(11):205."
    ),
    (
        "Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate: a practical and powerful "
        "approach to multiple testing. Journal of the Royal Statistical Society B 57(1):289-300."
    ),
)


def methods_text(tables: Tables, summary: Summary) -> str:
    """Write the methods of a run as Markdown.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The release tables.
    summary : mapping
        ``summary.json``.

    Returns
    -------
    str
        Markdown: heading, paragraphs, references.
    """
    source = provenance(summary)
    parts = [_sample(summary), _discovery(source), _evidence(source, summary), _associations(source, tables)]
    parts += [_disclosure(source), _software(source)]
    references = "\n".join(f"- {reference}" for reference in REFERENCES)
    return "# Methods\n\n" + "\n\n".join(parts) + f"\n\n## References\n\n{references}\n"


def _sample(summary: Summary) -> str:
    counts = summary.get("respondents") or {}
    told = [
        f"{counts[key]} {phrase}"
        for key, phrase in (
            ("read", "respondents were read"),
            ("set_aside", "were set aside"),
            ("clustered", "were analysed"),
            ("unassigned", "remained unassigned to any type"),
        )
        if counts.get(key) is not None
    ]
    items = provenance(summary).settings.get("items")
    about = f" on {items} typology items" if items else ""
    least = provenance(summary).settings.get("min_answered")
    rule = ""
    if least is not None:
        rule = (
            f" A respondent was set aside if fewer than {100 * float(least):.0f}% of the typology items put "
            "to them were answered; items skipped by routing do not count as unanswered."
        )
    withheld = " Counts below the disclosure threshold are not given." if len(told) < 4 else ""
    return f"**Respondents.** Of the survey{about}, {listed(told)}.{rule}{withheld}"


def _discovery(source: Provenance) -> str:
    neighbours = source.settings.get("n_neighbors")
    sizes = f" ({listed([str(n) for n in neighbours])} neighbours)" if neighbours else ""
    return (
        "**Discovery.** Items were encoded by their level of measurement (binary, ordinal, nominal) and "
        "reduced to latent scores, their number set by parallel analysis. The scores were embedded with UMAP "
        f"over several neighbourhood sizes{sizes} and random seeds, and each embedding was clustered with "
        "HDBSCAN over several smallest cluster sizes. Types are the consensus of these runs. Membership was "
        "then assigned to every respondent by a measurement model of the answers within types, which gives "
        "probabilities and uses partial answers. The two-dimensional map is a picture only and enters no "
        "computation."
    )


def _evidence(source: Provenance, summary: Summary) -> str:
    resamples, nulls = source.settings.get("resamples"), source.settings.get("nulls")
    draws = f"{nulls} " if nulls else ""
    again = f" in {resamples} resamples" if resamples else ""
    rivals = summary.get("rivals") or {}
    classes = (rivals.get("latent_class") or {}).get("classes")
    rival = f" (BIC chose {classes} classes)" if classes else ""
    return (
        f"**Evidence.** The same analysis was run on {draws}simulated surveys with the same answer "
        "frequencies and the same latent correlations but no types (a Gaussian copula null), and on surveys "
        "with answers shuffled within items. Types are reported only where the survey goes beyond the "
        "surveys without types; otherwise the verdict is a gradient (items go together, and differences of "
        "degree explain it) or none. The stability of each type is the mean Jaccard overlap with its best "
        f"match{again}: 0.85 or more is called highly stable, 0.75 to 0.85 stable, 0.6 to 0.75 a pattern "
        "only (bands of the fpc documentation). Latent class models of the same items were fitted as a "
        f"rival{rival}."
    )


def _associations(source: Provenance, tables: Tables) -> str:
    settings = source.settings
    given = [
        word
        for key, word in (("weights", "weights"), ("strata", "strata"), ("psu", "primary sampling units"))
        if settings.get(key)
    ]
    design = (
        f"Estimates are design-based, with the survey's {listed(given)}"
        if given
        else "The survey came without design variables, so estimates assume simple random sampling"
    )
    factors = tables["factors"]["variable"].nunique() if len(tables.get("factors", ())) else 0
    family = f" of {factors} risk factors over all types" if factors else ""
    return (
        f"**Associations.** {design}; intervals are 95%. Risk factors took no part in the clustering. Each "
        "type was compared with all other respondents by odds ratio and difference in prevalence. A factor "
        "stands out where the odds ratio is at least 1.5 in either direction and the "
        f"false-discovery-controlled q (Benjamini-Hochberg, over the family{family}) is below 0.05. "
        "Respondents were compared by their most probable type; since some are borderline, true differences "
        "are likely to be larger than those printed. For the items that formed the types no test is printed, "
        "as it would be circular."
    )


def _disclosure(source: Provenance) -> str:
    return (
        f"**Disclosure control.** No released number rests on fewer than {source.threshold} respondents, "
        "whether in its base, its numerator or their difference; further cells were withheld so that none of "
        "these can be worked out from the others."
    )


def _software(source: Provenance) -> str:
    packages = listed([f"{name} {version}" for name, version in source.versions.items()])
    with_packages = f" with {packages}" if packages else ""
    run = f", run {source.run_id}" if source.run_id else ""
    seed = f", random seed {source.seed}" if source.seed is not None else ""
    return f"**Software.** typology {source.version}{with_packages}{run}{seed}.".replace(
        "typology  ", "typology "
    )
