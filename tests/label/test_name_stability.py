"""How often a type keeps its name when respondents are drawn again."""

from __future__ import annotations

import re

from label.factory import codebook, make_inputs, study

from typology.label import label_types
from typology.label.name_stability import RESAMPLES, STEP
from typology.results import Labels


def kept(labels: Labels) -> dict[str, int]:
    rows = labels.trace[labels.trace["step"] == STEP].set_index("type")["detail"]
    found = rows.str.extract(r"the same name in (\d+) of (\d+) resamples")
    assert (found[1] == str(RESAMPLES)).all()
    return {str(name): int(count) for name, count in found[0].items()}


def test_names_of_clear_types_are_kept_and_the_trace_says_so() -> None:
    inputs = make_inputs(900, seed=2)
    labels = label_types(*inputs)
    again = kept(labels)
    assert list(again) == list(labels.names.index)
    # every type is told to its end before the next one
    assert list(dict.fromkeys(labels.trace["type"])) == ["everyone", *labels.names.index]
    assert labels.trace["type"].ne(labels.trace["type"].shift()).sum() == len(again) + 1
    assert again["T2"] >= 0.9 * RESAMPLES
    assert kept(label_types(*inputs)) == again


def test_a_name_of_the_researchers_does_not_change_what_the_rule_is_measured_by() -> None:
    inputs = make_inputs(900, seed=2)
    named = label_types(*inputs[:-1], study(codebook(), names={"T2": "Our own name"}))
    assert named.names.loc["T2", "name"] == "Our own name"
    assert kept(named)["T2"] == kept(label_types(*inputs))["T2"]
    detail = named.trace.query("type == 'T2' and step == @STEP")["detail"].iloc[0]
    assert not re.search("Our own name", detail)


def test_without_types_there_is_nothing_to_name() -> None:
    labels = label_types(*make_inputs(300, verdict="gradient"))
    assert labels.trace[labels.trace["step"] == STEP].empty
