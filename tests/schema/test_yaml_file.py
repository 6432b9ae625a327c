from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.survey.mini import CODEBOOK, STUDY
from typology.errors import InputFaults
from typology.schema.codebook import Codebook
from typology.schema.rules import codebook_faults
from typology.schema.study import StudyConfig
from typology.schema.translate import build, closest
from typology.schema.yaml_file import read_yaml

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def parse(folder: Path, text: str) -> object:
    path = folder / "f.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path, shown="f.yaml").data


def refusal(path: Path) -> list[str]:
    """Lines of the refusal; none when the file is read."""
    try:
        read_yaml(path, shown="f.yaml")
    except InputFaults as refused:
        return [str(fault) for fault in refused.faults]
    return []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), ("-7", -7), ("1.5", 1.5), ("1e3", 1000.0), (".5", 0.5), ("true", True), ("~", None),
        ("", None), ("Yes", "Yes"), ("no", "no"), ("on", "on"), ("'1'", "1"), ('"a\\tb"', "a\tb"),
        ("2015-01-01", "2015-01-01"), ("12:30", "12:30"), ("1_000", "1_000"), ("0x1F", "0x1F"),
        (".inf", math.inf), ("+", "+"), ("e3", "e3"),
    ],
)  # fmt: skip
def test_scalars_follow_yaml_1_2(tmp_path: Path, text: str, value: object) -> None:
    found = parse(tmp_path, f"key: {text}")
    assert found == {"key": value}
    assert type(found["key"]) is type(value)  # type: ignore[index]


def test_letters_in_halves_are_put_together_or_refused(tmp_path: Path) -> None:
    assert parse(tmp_path, '"\\ud83d\\ude00 a": ["\\ud83d\\udc69\\u200d"]') == {
        "\U0001f600 a": ["\U0001f469\u200d"]
    }
    (tmp_path / "f.yaml").write_text('a: 1\nb: "\\ud83d"', encoding="utf-8")
    (fault,) = refusal(tmp_path / "f.yaml")
    assert fault.startswith("f.yaml:2: holds half of a letter (found: \\ud83d)")


def test_lines_point_to_keys_and_elements(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("a: 1\nb:\n  c: x\n  d:\n    - 1\n    - 2\n", encoding="utf-8")
    document = read_yaml(path, shown="f.yaml")
    assert [document.line(p) for p in (("a",), ("b", "c"), ("b", "d", 1), ("b", "zzz"))] == [1, 3, 6, 2]


def test_block_text_and_flow_are_read(tmp_path: Path) -> None:
    assert parse(tmp_path, "a: >-\n  two\n  words\nb: [x, {y: 1}]\n") == {
        "a": "two words",
        "b": ["x", {"y": 1}],
    }


@FUZZ
@given(st.text(max_size=200))
@example('a: "\\UFFFFFFFF"')
@example("a: !<tag:yaml.org,2002:int> 1")
@example("%YAML 3.0\n---\na: 1")
@example("? [a, b]\n: c")
@example("&a")
@example("a: *\n")
@example("\ufeffa: 1")
@example("a: 1\n...\nb: 2")
@example("- ? - : -")
def test_any_text_is_read_or_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert all("\n" not in line for line in refusal(path))


@FUZZ
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    assert all(refusal(path))


@FUZZ
@given(
    where=st.integers(0, 2000),
    length=st.integers(0, 30),
    junk=st.text(alphabet=st.sampled_from(" \t\n:{}[],&*!|>'\"%@`#-?~0123456789.aeTN"), max_size=12),
    text=st.sampled_from([(STUDY, StudyConfig), (CODEBOOK, Codebook)]),
)
def test_any_slip_in_a_file_is_survived(
    tmp_path: Path, where: int, length: int, junk: str, text: tuple[str, type[StudyConfig | Codebook]]
) -> None:
    """Overwriting any passage gives a valid model or faults; never another exception."""
    original, model = text
    start = where % len(original)
    path = tmp_path / "f.yaml"
    path.write_text(original[:start] + junk + original[start + length :], encoding="utf-8")
    try:
        document = read_yaml(path, shown="f.yaml")
    except InputFaults:
        return
    built, faults = build(model, document)  # type: ignore[type-var]
    assert (built is None) is bool(faults)
    if isinstance(built, Codebook):
        for fault in codebook_faults(built, document, factors=["loneliness"]):
            assert str(fault)


_leaf = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
_tree = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["values", "items", "label", "in", "type", "role", "1"]), inner, max_size=3
        ),
    ),
    max_leaves=6,
)


@FUZZ
@given(
    variables=st.dictionaries(
        st.sampled_from(["a", "b"]),
        st.fixed_dictionaries(
            {"label": _leaf, "type": st.sampled_from(["binary", "ordinal", "nominal", "numeric"])},
            optional={
                "role": st.sampled_from(["typology", "risk", "id", "weight", "ignore"]),
                "values": st.dictionaries(st.integers(0, 3), st.text(max_size=3), max_size=3),
                "missing": _tree, "asked_if": _tree, "exposed": _tree, "positive": _leaf, "factor": _leaf,
            },
        ),
    ),
    scales=_tree,
)  # fmt: skip
def test_any_tree_is_a_codebook_or_faulty(tmp_path: Path, variables: object, scales: object) -> None:
    import json

    path = tmp_path / "f.yaml"
    tree = {"survey": "s", "variables": variables, "scales": scales}
    path.write_text(json.dumps(tree).replace("NaN", ".nan").replace("Infinity", ".inf"), encoding="utf-8")
    try:
        document = read_yaml(path, shown="f.yaml")
    except InputFaults:
        return
    built, faults = build(Codebook, document)
    assert (built is None) is bool(faults)
    if built is not None:
        codebook_faults(built, document, factors=[])


def test_closest_name_ignores_case_and_lists_when_nothing_is_near() -> None:
    assert closest("AGE", ["age", "sex"]) == "Did you mean `age`?"
    assert closest("zzz", ["age", "sex"]) == "Valid here: age, sex."
    assert closest("zzz", [f"v{i}" for i in range(40)], instead="Look it up.") == "Look it up."
