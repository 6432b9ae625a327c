"""Turn the results of `validity.py` into the tables and the figure of this folder's README.

    python benchmarks/validity_table.py benchmarks/results/validity.csv

Prints Markdown; draws the histogram of p-values over the surveys without types.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import kstest

OURS, AGAIN = "typology", "typology, second seed"
GOOD = ("clear", "moderate")


def recovery(table: pd.DataFrame) -> pd.DataFrame:
    """Mean share of the Bayes-optimal ARI by family and method, and the number of types of this package."""
    planted = table[(table["types planted"] > 0) & (table["method"] != AGAIN)]
    means = planted.pivot_table(index="family", columns="method", values="of bayes", sort=False)
    ours = planted[planted["method"] == OURS].groupby("family", sort=False)
    frame = pd.DataFrame(
        {
            "types": ours["types planted"].first(),
            "surveys": ours.size(),
            "Bayes ARI": ours["bayes"].mean().map("{:.3f}".format),
            "says types": ours["claims types"].mean().map("{:.0%}".format),
            "right number": ours[["groups", "types planted"]]
            .apply(lambda rows: (rows["groups"] == rows["types planted"]).mean())
            .map("{:.0%}".format),
        }
    )
    for method in means.columns:
        frame[f"{method}"] = means[method].map("{:.3f}".format)
    return frame.reset_index()


def false_types(table: pd.DataFrame) -> pd.DataFrame:
    """Surveys without types in which a method reports types, of how many."""
    nulls = table[(table["types planted"] == 0) & (table["method"] != AGAIN)]
    counted = nulls.groupby(["family", "method"], sort=False)["claims types"].agg(["sum", "size"])
    counted["text"] = counted["sum"].astype(int).astype(str) + " of " + counted["size"].astype(str)
    wide = counted["text"].unstack(sort=False)
    total = nulls.groupby("method", sort=False)["claims types"].agg(["sum", "size"])
    wide.loc["all"] = total["sum"].astype(int).astype(str) + " of " + total["size"].astype(str)
    return wide.reset_index()


def cost(table: pd.DataFrame) -> pd.DataFrame:
    """Median CPU time of a survey, as a ratio to plain UMAP + HDBSCAN on the same survey."""
    plain = table[table["method"] == "UMAP on items + HDBSCAN"].set_index(["family", "draw"])["cpu seconds"]
    joined = table.join(plain.rename("plain"), on=["family", "draw"]).dropna(subset="plain")
    ratio = (joined["cpu seconds"] / joined["plain"]).groupby(joined["method"], sort=False).median()
    return ratio.map("{:.1f}".format).rename("CPU time, plain UMAP + HDBSCAN = 1").reset_index()


def draw_p_values(p: np.ndarray, path: Path) -> None:
    """Histogram of p-values; level where they are honest."""
    figure, axes = plt.subplots(figsize=(5, 2.6), layout="constrained")
    axes.hist(p, bins=np.linspace(0, 1, 11), color="0.45", edgecolor="white")
    axes.axhline(len(p) / 10, color="black", linewidth=1, linestyle="--")
    axes.set(xlabel="p of no types", ylabel="surveys without types")
    figure.savefig(path, dpi=150)


def main() -> None:
    """Print the tables and draw the figure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path, nargs="+")
    parser.add_argument("--figure", type=Path, default=Path("benchmarks/results/p_values.png"))
    arguments = parser.parse_args()
    table = pd.concat([pd.read_csv(path) for path in arguments.results])
    table = table.drop_duplicates(["family", "draw", "method"], keep="last")
    for frame in (recovery(table), false_types(table), cost(table)):
        print(markdown(frame), end="\n\n")
    ours = table[table["method"] == OURS]
    good = ours[ours["family"].isin(GOOD)]
    print(f"Moderate and clear: right number {(good['groups'] == good['types planted']).mean():.0%},")
    print(
        f"`types` {good['claims types'].mean():.0%}, two root seeds agree {good['seeds agree'].mean():.3f}."
    )
    p = ours.loc[ours["types planted"] == 0, "p"].to_numpy()
    print(
        f"p-values of {len(p)} surveys without types: Kolmogorov-Smirnov p {kstest(p, 'uniform').pvalue:.2f}."
    )
    draw_p_values(p, arguments.figure)


def markdown(frame: pd.DataFrame) -> str:
    """Markdown table of text cells."""
    lines = [
        "| " + " | ".join(map(str, row)) + " |" for row in [frame.columns, *frame.itertuples(index=False)]
    ]
    return "\n".join([lines[0], "|" + "---|" * frame.shape[1], *lines[1:]])


if __name__ == "__main__":
    main()
