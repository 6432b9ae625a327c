from __future__ import annotations

import numpy as np
import pandas as pd

from typology.schema.codebook import Codebook, Variable
from typology.survey.routing import apply_routing

YES_NO = {1: "Yes", 2: "No"}


def routed(gate: list[object], gate_kinds: list[str], item_kinds: list[str]) -> list[str]:
    variables = {
        "gate": Variable(label="g", type="binary", values=YES_NO),
        "item": Variable(label="i", type="binary", values=YES_NO, asked_if={"gate": (1,)}),
    }
    answers = pd.DataFrame({"gate": gate, "item": [np.nan if kind else 1.0 for kind in item_kinds]})
    kinds = pd.DataFrame({"gate": gate_kinds, "item": item_kinds})
    codebook = Codebook(survey="s", variables=variables)
    return list(apply_routing(answers, kinds, codebook)["item"])


def test_an_open_gate_leaves_an_empty_cell_unanswered() -> None:
    assert routed([1.0], [""], ["system"]) == ["system"]


def test_a_closed_gate_means_not_asked() -> None:
    assert routed([2.0], [""], ["system"]) == ["not asked"]


def test_refusing_the_gate_passes_the_question_by() -> None:
    assert routed([np.nan], ["refused"], ["system"]) == ["not asked"]


def test_an_empty_gate_tells_nothing() -> None:
    assert routed([np.nan], ["system"], ["system"]) == ["system"]


def test_answers_and_user_missing_codes_behind_a_closed_gate_are_kept() -> None:
    assert routed([2.0, 2.0], ["", ""], ["", "refused"]) == ["", "refused"]


def test_routing_passes_on_through_a_chain_in_any_file_order() -> None:
    variables = {
        "third": Variable(label="3", type="binary", values=YES_NO, asked_if={"second": (1,)}),
        "second": Variable(label="2", type="binary", values=YES_NO, asked_if={"first": (1,)}),
        "first": Variable(label="1", type="binary", values=YES_NO),
    }
    answers = pd.DataFrame({"third": [np.nan], "second": [np.nan], "first": [2.0]})
    kinds = pd.DataFrame({"third": ["system"], "second": ["system"], "first": [""]})
    found = apply_routing(answers, kinds, Codebook(survey="s", variables=variables))
    assert found.iloc[0].to_dict() == {"third": "not asked", "second": "not asked", "first": ""}


def test_every_gate_must_be_open() -> None:
    variables = {
        "a": Variable(label="a", type="binary", values=YES_NO),
        "b": Variable(label="b", type="binary", values=YES_NO),
        "item": Variable(label="i", type="binary", values=YES_NO, asked_if={"a": (1,), "b": ("1",)}),
    }
    answers = pd.DataFrame({"a": [1.0, 1.0, 2.0], "b": [1.0, 2.0, 1.0], "item": [np.nan] * 3})
    kinds = pd.DataFrame({"a": [""] * 3, "b": [""] * 3, "item": ["system"] * 3})
    found = apply_routing(answers, kinds, Codebook(survey="s", variables=variables))
    assert list(found["item"]) == ["system", "not asked", "not asked"]
