"""Broken study files, codebooks and catalogues: each fault names the place, the value and the way out."""

# ruff: noqa: E501 - a case is one row of a table
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.survey.mini import CATALOGUE, CODEBOOK, STUDY, write_mini
from typology.errors import InputFaults
from typology.schema.load import load_study


@dataclass(frozen=True)
class Broken:
    """A file with one passage replaced, and what the only fault must say."""

    name: str
    file: str
    old: str
    new: str
    says: tuple[str, ...]
    faults: int = 1


THREAT = """threat:   {label: Was threatened, type: binary, role: typology, values: {1: "Yes", 2: "No"},
             missing: {99: refused}}"""
MET = "met:      {label: Met an adult, type: binary, role: outcome, positive: 1}"

CASES = [
    # study file
    Broken("unknown key", "study", "title:", "titel:", ("study.yaml:2", "unknown key", "titel", "`title`")),
    Broken("unknown nested key", "study", "codebook: codebook", "codebok: codebook",
           ("study.yaml:5: survey: unknown key (found: codebok)", "Did you mean `codebook`?"), faults=2),
    Broken("no study name", "study", "study: mini\n", "", ("study: is required but not there", "Add `study:`")),
    Broken("slug", "study", "study: mini", "study: My Study", ("study", "small letters", "(found: My Study)")),
    Broken("no such data", "study", "mini.csv", "mini2.csv",
           ("study.yaml:4: survey.data", "no such survey file", "mini2.csv")),
    Broken("data of another kind", "study", "mini.csv", "mini.docx",
           ("survey.data", "mini.docx", ".sav", "`simulated`")),
    Broken("misspelt simulation", "study", "mini.csv", "simulatd", ("simulatd", "Did you mean `simulated`?")),
    Broken("no such codebook", "study", "codebook.yaml", "cb.yaml", ("cb.yaml: there is no such file", "Check")),
    Broken("codebook is a folder", "study", "codebook.yaml", ".", ("is not a file", "YAML")),
    Broken("no such catalogue", "study", "factors.yaml", "none.yaml", ("none.yaml: there is no such file",)),
    Broken("text for a number", "study", "label:", "seed: soon\nlabel:",
           ("study.yaml:6: seed: must be a whole number (found: soon)",)),
    Broken("number out of range", "study", "label:", "prepare: {min_answered: 50}\nlabel:",
           ("prepare.min_answered", "at most 1", "(found: 50)")),
    Broken("neither auto nor number", "study", "label:", "cluster: {min_cluster_size: automatic}\nlabel:",
           ("cluster.min_cluster_size", "must be 'auto' or must be a number", "automatic", "`auto`")),
    Broken("list wanted", "study", "label:", "embed: {n_neighbors: 15}\nlabel:",
           ("embed.n_neighbors: must be a list, like [1, 2] (found: 15)",)),
    Broken("threshold too low", "study", "label:", "disclosure: {threshold: 1}\nlabel:",
           ("disclosure.threshold", "at least 3", "(found: 1)")),
    Broken("section is a word", "study", "label: {catalogue: factors.yaml}", "label: factors.yaml",
           ("label: must be a mapping", "factors.yaml")),
    Broken("covariate unknown", "study", "factors.yaml}", "factors.yaml, adjust_for: [agee]}",
           ("study.yaml:6: label.adjust_for", "agee", "Did you mean `age`?")),
    Broken("covariate is an item", "study", "factors.yaml}", "factors.yaml, adjust_for: [chat]}",
           ("typology item cannot be a covariate", "chat")),
    Broken("covariate twice", "study", "factors.yaml}", "factors.yaml, adjust_for: [age, age]}",
           ("label.adjust_for", "stands twice", "age")),
    Broken("covariate is an outcome", "study", "factors.yaml}", "factors.yaml, adjust_for: [met]}",
           ("a variable with the role outcome cannot be a covariate", "demographic, group, risk")),
    Broken("name for no type", "study", "factors.yaml}", "factors.yaml, names: {first: Calm}}",
           ("not the id of a type (found: first)", "T1, T2")),
    # YAML itself
    Broken("empty file", "study", STUDY, "", ("study.yaml:1: is empty", "study:, survey:")),
    Broken("a list", "study", STUDY, "- a\n- b\n", ("must be a mapping",)),
    Broken("broken YAML", "study", "title: A small survey", "title: [A small", ("study.yaml:", "not valid YAML")),
    Broken("tab", "codebook", "  chat:", "\tchat:", ("codebook.yaml:", "not valid YAML", "no tabs")),
    Broken("duplicate key", "study", "title: A", "study: b\ntitle: A",
           ("study.yaml:2", "stands twice here, first on line 1", "(found: study)", "Keep one")),
    Broken("variable twice", "codebook", "  lone2:", "  lone1:",
           ("codebook.yaml:16: variables: the key stands twice here, first on line 15 (found: lone1)",)),
    Broken("tag", "study", "title: A small survey", "title: !!python/object:os.system ls",
           ("study.yaml:2", "tags are not allowed", "python/object:os.system")),
    Broken("unknown alias", "codebook", "values: {1: UK, 2: Ireland}", "values: *countries",
           ("codebook.yaml:4", "not defined above (found: *countries)", "&countries")),
    Broken("two documents", "study", "title: A", "---\ntitle: A", ("study.yaml:2: holds more than one YAML document",)),
    Broken("empty key", "codebook", "{1: UK, 2: Ireland}", "{1: UK, : Ireland}", ("not a usable key", "empty")),
    Broken("true as a code", "codebook", "{1: UK, 2: Ireland}", "{true: UK, 2: Ireland}",
           ("not a usable key (found: true)", "quotes")),
    Broken("true as positive", "codebook", "positive: 1, missing", "positive: true, missing",
           ("sent_pic.positive", "true and false in quotes", "(found: True)")),
    # codebook: shape
    Broken("type misspelt", "codebook", "chat:     {label: Chats, type: ordinal", "chat:     {label: Chats, type: ordnal",
           ("codebook.yaml:10: variables.chat.type", "ordnal", "Did you mean `ordinal`?")),
    Broken("role misspelt", "codebook", "role: outcome", "role: outcom",
           ("variables.met.role", "outcom", "Did you mean `outcome`?")),
    Broken("no label", "codebook", "{label: Chats, ", "{", ("variables.chat.label: is required", "Add `label:`")),
    Broken("unknown key of a variable", "codebook", "role: group, values", "role: group, vaules",
           ("codebook.yaml:4: variables.country: unknown key (found: vaules)", "`values`")),
    Broken("unknown key of exposed", "codebook", "{at_least: 7}", "{at_lest: 7}",
           ("scales.lonely.exposed: unknown key (found: at_lest)", "`at_least`")),
    Broken("no variables", "codebook", CODEBOOK, "survey: mini\nvariables: {}\n", ("holds no variables",)),
    Broken("infinite code", "codebook", "positive: 1}", "positive: .inf}", ("met.positive", "finite")),
    # codebook: meaning
    Broken("two ids", "codebook", MET, MET.replace("type: binary, role: outcome, positive: 1", "type: nominal, role: id"),
           ("codebook.yaml:13: met: is a second variable with the role id; rid has it already",)),
    Broken("two weights", "codebook", "role: demographic, missing: {99: refused}", "role: weight",
           ("age: is a second variable with the role weight; wt",)),
    Broken("weight not numeric", "codebook", "{label: Weight, type: numeric", "{label: Weight, type: nominal",
           ("wt: a weight must be numeric (found: nominal)",)),
    Broken("two durations", "codebook", MET, MET.replace("type: binary, role: outcome, positive: 1", "type: numeric, role: duration}\n  took:     {label: Seconds, type: numeric, role: duration"),
           ("took: is a second variable with the role duration; met has it already",)),
    Broken("duration not numeric", "codebook", MET, MET.replace("binary, role: outcome, positive: 1", "ordinal, values: {1: short, 2: long}, role: duration"),
           ("met: a duration must be numeric (found: ordinal)", "Use `type: numeric`.")),
    Broken("nothing to cluster", "codebook", "role: typology", "role: risk",
           ("variables: no variable has the role typology", "`role: typology`")),
    Broken("three values of a binary", "codebook", THREAT, THREAT.replace('2: "No"', '2: "No", 3: Once'),
           ("threat: a binary variable needs exactly two values (found: 1, 2, 3)", "`type: nominal`")),
    Broken("positive not a value", "codebook", "positive: 1, missing", "positive: 3, missing",
           ("sent_pic: the positive code is not among the values (found: 3)", "Valid here: 1, 2")),
    Broken("direction unknown", "codebook", THREAT, THREAT.replace('"Yes"', "Male").replace('"No"', "Female"),
           ("threat: which answer is the positive one", "1 or 2")),
    Broken("positive of an ordinal", "codebook", "role: typology, values: {1: Never", "role: typology, positive: 3, values: {1: Never",
           ("chat: only binary variables have a positive code (found: 3)",)),
    Broken("answer and missing", "codebook", "missing: {98: not sure, 99: refused}", "missing: {2: refused}",
           ("codebook.yaml:8: sent_pic: the code is both an answer and missing (found: 2)", "Remove it")),
    Broken("code as number and text", "codebook", "{1: UK, 2: Ireland}", '{1: UK, "1": Ireland}',
           ("country: the code stands twice, as number and as text (found: 1)",)),
    Broken("meaning reserved", "codebook", "98: not sure", "98: system",
           ("sent_pic: the missing code has no usable meaning (found: system)", "refused")),
    Broken("values of a numeric", "codebook", "type: numeric, role: demographic", "type: numeric, role: demographic, values: {1: x}",
           ("age: a numeric variable has no value codes", "`type: ordinal`")),
    Broken("reversed binary", "codebook", "type: binary, role: outcome", "type: binary, reverse: true, role: outcome",
           ("met: only ordinal variables can be reversed (found: binary)", "`positive`")),
    Broken("gate unknown", "codebook", "{online: [1]}", "{onlin: [1]}",
           ("codebook.yaml:9: sent_pic: asked_if names a variable that is not in the codebook (found: onlin)", "`online`")),
    Broken("gate without such a code", "codebook", "{online: [1]}", "{online: [3]}",
           ("asked_if names a code that online does not have (found: 3)", "1, 2")),
    Broken("gate without codes", "codebook", "{online: [1]}", "{online: []}", ("asked_if lists no code of online",)),
    Broken("routing circle", "codebook", "role: ignore, values", "role: ignore, asked_if: {sent_pic: [1]}, values",
           ("the routing runs in a circle (found: online, sent_pic)", "Remove one `asked_if`")),
    Broken("asks itself", "codebook", "{online: [1]}", "{sent_pic: [1]}", ("runs in a circle (found: sent_pic)",)),
    Broken("item bound to a factor", "codebook", "domain: online,", "domain: online, factor: loneliness,",
           ("codebook.yaml:7: sent_pic: a typology item is bound to a risk factor (found: loneliness)", "circular")),
    Broken("item in a risk scale", "codebook", "items: [lone1,", "items: [chat, lone1,",
           ("codebook.yaml:19: lonely: a typology item is part of a risk scale (found: chat)", "circular")),
    Broken("item in a demographic scale", "codebook", "items: [lone1,", "role: demographic, items: [chat, lone1,",
           ("a typology item is part of a demographic scale (found: chat)", "circular")),
    Broken("item in an outcome scale", "codebook", "items: [lone1,", "role: outcome, items: [chat, lone1,",
           ("a typology item is part of a outcome scale (found: chat)", "circular")),
    Broken("scale item unknown", "codebook", "items: [lone1,", "items: [lon1,",
           ("lonely: the scale's item is not in the codebook (found: lon1)", "`lone1`")),
    Broken("scale item twice", "codebook", "items: [lone1,", "items: [lone1, lone1,", ("item stands twice in the scale (found: lone1)",)),
    Broken("reversed no item", "codebook", "reverse: [lone3]", "reverse: [lone4]",
           ("lonely: a reversed item is not an item of the scale (found: lone4)", "Did you mean")),
    Broken("min_valid too large", "codebook", "min_valid: 2", "min_valid: 4",
           ("lonely: must be from 1 to the number of items, 3 (found: 4)",)),
    Broken("scale of a weight", "codebook", "items: [lone1,", "items: [wt, lone1,", ("weight variable cannot be a scale item",)),
    Broken("scale of a nominal", "codebook", "items: [lone1,", "items: [country, lone1,", ("nominal variable cannot be a scale item",)),
    Broken("reversed twice over", "codebook", "lone1:    {label: Lacks company,", "lone1:    {label: Lacks company, reverse: true,",
           ("reversed outside the scale (found: lone1)",)),
    Broken("scale named like a variable", "codebook", "  lonely:", "  age:", ("a scale and a variable have the same name",)),
    Broken("scale as design", "codebook", "min_valid: 2,", "min_valid: 2, role: weight,", ("lonely: a scale cannot have this role (found: weight)",), faults=2),
    Broken("factor unknown", "codebook", "factor: loneliness", "factor: lonelyness",
           ("codebook.yaml:20: lonely: the factor is not in the risk-factor catalogue (found: lonelyness)", "`loneliness`")),
    Broken("no rule", "codebook", ", exposed: {at_least: 7}", "", ("who counts as exposed to the factor is not said (found: loneliness)", "at_least")),
    Broken("two rules", "codebook", "{at_least: 7}", "{at_least: 7, at_most: 2}", ("needs exactly one rule (found: at_least, at_most)",)),
    Broken("rule empty", "codebook", "{at_least: 7}", "{}", ("needs exactly one rule (found: none)",)),
    Broken("codes of a score", "codebook", "{at_least: 7}", "{in: [7]}", ("a scale score has no codes (found: in)", "at_least")),
    Broken("factor on an ignored variable", "codebook", "lone1:    {", "lone1:    {factor: loneliness, exposed: {at_least: 2}, ",
           ("lone1: a variable with the role ignore is bound to a factor", "`role: risk`")),
    Broken("exposed code unknown", "codebook", "role: outcome, positive: 1}", 'role: outcome, values: {1: "Yes", 2: "No"}, exposed: {in: [5]}}',
           ("met: the exposed code is not among the values (found: 5)", "1, 2")),
    # catalogue
    Broken("domain misspelt", "catalogue", "domain: individual, statement: Often", "domain: indivdual, statement: Often",
           ("factors.yaml:2: factors.loneliness.domain", "indivdual", "`individual`")),
    Broken("profile of an unknown factor", "catalogue", "low: [loneliness]", "low: [lonelyness]",
           ("factors.yaml:5: adapted: names a factor under low that does not exist (found: lonelyness)", "`loneliness`")),
    Broken("guidance for an unknown factor", "catalogue", "  loneliness: {schools", "  lonely: {schools",
           ("factors.yaml:7: lonely: is guidance for a factor that does not exist", "`loneliness`")),
    Broken("audience unknown", "catalogue", "schools:", "school:", ("factors.yaml:7: guidance.loneliness", "school", "`schools`")),
    Broken("interval swapped", "catalogue", "evidence: [], grade: limited}\n  low",
           "evidence: [{source: s, year: 2000, finding: f, ci: [2, 1]}], grade: limited}\n  low",
           ("loneliness: the interval's ends are swapped (found: [2.0, 1.0])",)),
    Broken("no source", "catalogue", "{statement: Listen., source: ISEC}", "{statement: Listen.}",
           ("guidance.loneliness.schools.0.source: is required",)),
]  # fmt: skip


def load_broken(folder: Path, case: Broken) -> InputFaults:
    texts = {"study": STUDY, "codebook": CODEBOOK, "catalogue": CATALOGUE}
    assert case.old in texts[case.file], "the case no longer fits the file"
    texts[case.file] = texts[case.file].replace(case.old, case.new)
    path = write_mini(folder)
    for name, text in zip(("study.yaml", "codebook.yaml", "factors.yaml"), texts.values(), strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        load_study(path)
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_one_mistake_gives_one_line_that_names_place_value_and_remedy(tmp_path: Path, case: Broken) -> None:
    raised = load_broken(tmp_path, case)
    lines = str(raised).splitlines()
    told = "\n".join(lines)
    assert len(lines) == len(raised.faults) == case.faults, told
    for part in case.says:
        assert part in told
    for fault in raised.faults:
        assert fault.remedy
        assert "pydantic" not in told
        assert "Traceback" not in told


def test_all_files_are_checked_before_anything_is_raised(tmp_path: Path) -> None:
    study = STUDY.replace("mini.csv", "gone.csv")
    codebook = CODEBOOK.replace("{online: [1]}", "{onlin: [1]}").replace(
        "factor: loneliness", "factor: lonely"
    )
    catalogue = CATALOGUE.replace("low: [loneliness]", "low: [self]")
    path = write_mini(tmp_path)
    path.write_text(study, encoding="utf-8")
    (tmp_path / "codebook.yaml").write_text(codebook, encoding="utf-8")
    (tmp_path / "factors.yaml").write_text(catalogue, encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        load_study(path)
    files = sorted(fault.file.rsplit("/", 1)[-1] for fault in caught.value.faults)
    assert files == ["codebook.yaml", "codebook.yaml", "factors.yaml", "study.yaml"]


def test_twelve_mistakes_in_a_codebook_are_told_at_once(tmp_path: Path) -> None:
    codebook = CODEBOOK.replace("type: ordinal", "type: ordnal").replace("type: binary", "type: binry")
    path = write_mini(tmp_path, codebook=codebook)
    with pytest.raises(InputFaults) as caught:
        load_study(path)
    assert len(caught.value.faults) == 8
    assert len({fault.line for fault in caught.value.faults}) == 8


def test_a_yaml_bomb_is_refused_and_not_built(tmp_path: Path) -> None:
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    path = tmp_path / "bomb.yaml"
    path.write_text("\n".join(layers), encoding="utf-8")
    with pytest.raises(InputFaults, match="repeated parts make this file too large"):
        load_study(path)


def test_a_part_that_contains_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "self.yaml"
    path.write_text("study: &a [*a]\n", encoding="utf-8")
    with pytest.raises(InputFaults, match=r"self.yaml:1: repeats a part that is not defined above"):
        load_study(path)


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text("study: " + "[" * 3000, encoding="utf-8")
    with pytest.raises(InputFaults, match="nested too deeply"):
        load_study(path)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00\x01\x02", b"study: \xe9", b"PK\x03\x04\x14\x00"])
def test_files_that_are_not_text_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "study.yaml"
    path.write_bytes(content)
    with pytest.raises(InputFaults) as caught:
        load_study(path)
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize("path", ["nowhere.yaml", ".", "x" * 5000, "nul\0byte.yaml"])
def test_a_study_that_is_not_there(path: str) -> None:
    with pytest.raises(InputFaults) as caught:
        load_study(path)
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    "given", ["/etc/passwd", "../../../../../../etc/passwd", "/dev/zero", "/proc/self/environ"]
)
@pytest.mark.parametrize("key", ["data", "codebook", "catalogue"])
def test_paths_out_of_the_folder_reveal_nothing(tmp_path: Path, given: str, key: str) -> None:
    old = {"data": "mini.csv", "codebook": "codebook.yaml", "catalogue": "factors.yaml"}[key]
    path = write_mini(tmp_path)
    path.write_text(STUDY.replace(old, given), encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        load_study(path)
    assert "root:" not in str(caught.value)
