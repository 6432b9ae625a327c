from __future__ import annotations

import pytest

from typology.schema.codebook import Variable
from typology.schema.study import StudyConfig
from typology.schema.text import one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one  two\n three", "one two three"),
        ("\r=1+1", "=1+1"),
        ("\ttab\u2028end\x0b", "tab end"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("Łódź שלום क्ष", "Łódź שלום क्ष"),
        ("turned \u202egnp\u202c and \u2067apart\u2069", "turned gnp and apart"),
        ("joined می\u200cخواهم\u200f", "joined می\u200cخواهم\u200f"),
    ],
)
def test_a_text_is_one_line_without_controls(text: str, line: str) -> None:
    assert one_line(text) == line


def test_labels_names_and_titles_are_one_line() -> None:
    variable = Variable.model_validate(
        {"label": "a\nb", "type": "binary", "domain": "c\td", "values": {1: "e\rf"}, "missing": {9: "g\n"}}
    )
    assert (variable.label, variable.domain, variable.values, variable.missing) == (
        "a b", "c d", {1: "e f"}, {9: "g"}
    )  # fmt: skip
    study = {"study": "s", "title": "x\ny", "survey": {"data": "d.csv", "codebook": "c.yaml"}}
    config = StudyConfig.model_validate({**study, "label": {"names": {"T1": "n\nm"}}})
    assert (config.title, config.label.names) == ("x y", {"T1": "n m"})
