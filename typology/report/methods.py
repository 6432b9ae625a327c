"""The methods paragraph of a run, ready for a paper: what was done, with which settings and software."""

from __future__ import annotations

from typology.profile.provenance import Provenance, provenance
from typology.profile.released import Summary, Tables, as_truth, table, type_ids
from typology.profile.wording import listed
from typology.report.methods_answers import missing_answers, scales
from typology.report.replication_methods import replication_methods
from typology.report.risk_methods import risk_methods, short_form_methods

DISCOVERY_REFERENCES = (
    (
        "McInnes L, Healy J (2018). UMAP: Uniform Manifold Approximation and Projection for Dimension "
        "Reduction. arXiv:1802.03426."
    ),
    (
        "McInnes L, Healy J, Astels S (2017). hdbscan: Hierarchical density based clustering. Journal of "
        "Open Source Software 2(11):205."
    ),
    (
        "Hennig C (2007). Cluster-wise assessment of cluster stability. Computational Statistics & Data "
        "Analysis 52:258-271."
    ),
    (
        "Sclove SL (1987). Application of model-selection criteria to some problems in multivariate "
        "analysis. Psychometrika 52:333-343."
    ),
)
COMPARISON_REFERENCES = (
    (
        "Bolck A, Croon M, Hagenaars J (2004). Estimating latent structure models with categorical "
        "variables: one-step versus three-step estimators. Political Analysis 12:3-27."
    ),
    (
        "Vermunt JK (2010). Latent class modeling with covariates: two improved three-step approaches. "
        "Political Analysis 18:450-469."
    ),
    (
        "Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate: a practical and powerful "
        "approach to multiple testing. Journal of the Royal Statistical Society B 57(1):289-300."
    ),
    (
        "Benjamini Y, Bogomolov M (2014). Selective inference on multiple families of hypotheses. Journal of "
        "the Royal Statistical Society B 76(1):297-318."
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
    parts = [
        _sample(summary),
        _discovery(source, tables),
        _evidence(source, summary, tables),
        _associations(source, tables),
    ]
    references = [*DISCOVERY_REFERENCES, *(COMPARISON_REFERENCES if type_ids(tables) else ())]
    further = (replication_methods, risk_methods, short_form_methods, missing_answers, scales)
    for paragraph, sources in (about(tables) for about in further):
        parts += [paragraph] if paragraph else []
        references += sources
    parts += [_disclosure(source), _software(source)]
    cited = "\n".join(f"- {reference}" for reference in references)
    return "# Methods\n\n" + "\n\n".join(parts) + f"\n\n## References\n\n{cited}\n"


def _sample(summary: Summary) -> str:
    counts = summary.get("respondents") or {}
    steps = [
        ("read", "respondents were read"),
        ("set_aside", "were set aside"),
        ("clustered", "were analysed"),
    ]
    if summary["verdict"] == "types":
        steps.append(("unassigned", "remained unassigned to any type"))
    told = [f"{counts[key]:,} {phrase}" for key, phrase in steps if counts.get(key) is not None]
    items = provenance(summary).settings.get("items")
    about = f" on {items} typology items" if items else ""
    least = provenance(summary).settings.get("min_answered")
    rule = ""
    if least is not None:
        rule = (
            f" A respondent was set aside if fewer than {100 * float(least):.0f}% of the typology items "
            "put to them were answered; items skipped by routing do not count as unanswered."
        )
    withheld = " Counts below the disclosure threshold are not given." if len(told) < len(steps) else ""
    return f"**Respondents.** Of the survey{about}, {listed(told)}.{rule}{withheld}"


def _discovery(source: Provenance, tables: Tables) -> str:
    neighbours = source.settings.get("n_neighbors") or ()
    sizes = f" ({listed([str(n) for n in neighbours])} neighbours)" if neighbours else ""
    return (
        "**Discovery.** Items were encoded by their level of measurement (binary, ordinal, nominal); "
        "unanswered items were left out and never filled in. Latent scores were computed, their number "
        "set by parallel analysis against shuffled answers, and embedded with UMAP in several "
        f"neighbourhoods{sizes} with two random seeds each; each embedding was clustered with HDBSCAN at "
        "several smallest cluster sizes, clusters being picked from its tree both by excess of mass and "
        "by leaf. These runs only propose. Their consensus (k-means on the cluster indicators of all "
        "runs), single runs, and the splitting and merging of types started a mixture model of the "
        "answers within types, once with differences of degree inside the types (a factor mixture) and "
        "once without. Within each kind the number of types is that with the lowest "
        "sample-size-adjusted BIC among solutions whose smallest type holds 2% of respondents or more; "
        "between the kinds, the one that goes furthest beyond surveys without types was "
        f"taken{_chosen(tables)}. The model places every respondent with a probability; those whose "
        "answers fit no type are unassigned. The two-dimensional map is a picture only and enters no "
        "computation."
    )


def _chosen(tables: Tables) -> str:
    """Say which kind of model was taken and how many types it has."""
    frame = table(tables, "candidates", columns=["n_types", "severity", "chosen"])
    frame = frame[as_truth(frame["chosen"])]
    if frame.empty:
        return ""
    kind = "with" if as_truth(frame["severity"]).iloc[0] else "without"
    return f" (here: {int(frame['n_types'].iloc[0])} candidate types, {kind} degree inside them)"


def _evidence(source: Provenance, summary: Summary, tables: Tables) -> str:
    resamples = source.settings.get("resamples")
    judged = table(tables, "evidence", columns=["source"])
    nulls = int((judged["source"] == "no types").sum())
    draws = f"{nulls} " if nulls else ""
    again = f" in up to {resamples} bootstrap samples" if resamples else " in bootstrap samples"
    return (
        "**Evidence.** A quicker version of the search was run on this survey and in the same way on "
        f"{draws}surveys drawn from a model without types, fitted to this survey: a freely distributed "
        "degree of severity, a monotone response curve for every item, Gaussian dependence between "
        "items beyond it, the answer frequencies of each group, and the same missing answers and "
        "routing. The statistic is the gain in log likelihood of the types over degree alone. As it "
        "grows with the strength of the item correlations, gains were compared given that strength, by "
        "regression over the draws. Types are reported only if the survey lies beyond every draw, by at "
        "least 3.5 predictive standard deviations and by at least 0.03 log-likelihood units a "
        "respondent, and if at least two types survive resampling. Otherwise the verdict is a gradient "
        "(items go together, and differences of degree explain it), or none if the items go together no "
        "more than with answers shuffled between respondents. The stability of each type is the mean "
        f"Jaccard overlap with its best match{again} (stopped early once no grade could change): 0.85 or "
        "more is called highly stable, 0.75 to 0.85 stable, 0.6 to 0.75 a pattern only, less "
        f"dissolved.{_again(summary)}{_power(tables)}{_rivals(summary)}"
    )


def _again(summary: Summary) -> str:
    agreement = (summary.get("evidence") or {}).get("seed_agreement")
    if agreement is None:
        return ""
    return (
        " Discovery was repeated from another random seed, with the number of types chosen anew: the "
        f"adjusted Rand index between the two is {agreement:.2f}."
    )


def _power(tables: Tables) -> str:
    if table(tables, "power", columns=["share_found"]).empty:
        return ""
    return (
        " To tell how distinct types would have to be in order to be found here, types as many and as large "
        "as the candidates were planted into surveys drawn from the model without types, and judged by the "
        "same rule (table `power`)."
    )


def _rivals(summary: Summary) -> str:
    rivals = summary.get("rivals") or {}
    classes = (rivals.get("latent_class") or {}).get("classes")
    clusters = (rivals.get("plain_umap_hdbscan") or {}).get("clusters")
    found = f", which chose {classes} classes" if classes is not None else ""
    plain = f", which gave {clusters} clusters" if clusters is not None else ""
    return (
        f" Two rivals were run on the same items: latent class analysis (StepMix) by BIC{found}, and a "
        f"single plain run of UMAP and HDBSCAN{plain}."
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
    what = f"**Associations.** {design}; intervals are 95%."
    return f"{what} {_comparisons(source, tables)}" if type_ids(tables) else what


def _comparisons(source: Provenance, tables: Tables) -> str:
    """Say how types were compared."""
    factors = tables["factors"]["variable"].nunique() if len(tables.get("factors", ())) else 0
    family = f"; {factors} risk factors" if factors else ""
    return (
        "Risk factors took no part in the clustering. "
        "Each type was compared with all other respondents by odds ratio and difference in prevalence. "
        "Classification error was taken out with the weights of Bolck, Croon and Hagenaars; by maximum "
        "likelihood and for respondents as placed the same is given beside it. Intervals cover sampling "
        f"(Taylor linearisation){_types_uncertain(source)}.{_adjusted(source)} A factor stands out where "
        "the odds ratio is at least 1.5 in either direction and the "
        f"false-discovery-controlled q (over factors, then over the types of each{family}; Benjamini and "
        "Bogomolov) is below 0.05. "
        "Outcomes were regressed on each type by design-based logistic regression and are told as average "
        "marginal effects with intervals by the delta method. For the items that formed the types no "
        "test is printed, as it would be circular."
    )


def _types_uncertain(source: Provenance) -> str:
    """Say how the uncertainty of the types enters."""
    if source.settings.get("split_sample"):
        return (
            "; types were found on one half of the respondents and compared on the other, with the number of "
            "types found among all"
        )
    again = source.settings.get("reclusterings")
    return f" and the spread over {again} repetitions that found the types anew in resamples" if again else ""


def _adjusted(source: Provenance) -> str:
    """Say what was adjusted for."""
    names = source.settings.get("adjust_for") or ()
    return f" Comparisons were also adjusted for {listed([str(name) for name in names])}." if names else ""


def _disclosure(source: Provenance) -> str:
    return (
        f"**Disclosure control.** No released number rests on fewer than {source.threshold} respondents, "
        "whether in its base, its numerator or their difference; further cells were withheld so that "
        "none of these can be worked out from the others."
    )


def _software(source: Provenance) -> str:
    packages = listed([f"{name} {version}" for name, version in source.versions.items()])
    with_packages = f" with {packages}" if packages else ""
    run = f", run {source.run_id}" if source.run_id else ""
    seed = f", random seed {source.seed}" if source.seed is not None else ""
    return f"**Software.** typology {source.version}{with_packages}{run}{seed}.".replace(
        "typology  ", "typology "
    )
