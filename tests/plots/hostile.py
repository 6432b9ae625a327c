"""Release tables whose every label is long, in some European script, or both: what figures must survive."""

from __future__ import annotations

from itertools import count, cycle

import pandas as pd

from tests.release_factory import make_tables

SENTENCES = (
    "Fühlte sich in der Jugend einsam und hatte niemanden, mit dem über persönliche Dinge gesprochen wurde",
    "Κατάθλιψη και μοναξιά κατά την εφηβεία, όπως τις θυμούνται όσες και όσοι απάντησαν στην έρευνα αυτή",
    "Одиночество и отсутствие близких друзей в подростковом возрасте, по воспоминаниям участников опроса",
    "Być nękanym w szkole częściej niż kilka razy w tygodniu przez rówieśników, także po lekcjach i w sieci",
    "Zaslal(a) niekomu fotografiu, ktorú nechcel(a), aby videl niekto ďalší; ľutuje to ešte aj po rokoch",
    "Tölvuleikjaþörf og ástæður þess að ekkert var sagt frá því sem gerðist á netinu á unglingsárunum",
    "Çevrimiçi tanışılan birine özel görüntü gönderme, ısrar üzerine ve birden fazla kez, hiç istemeden",
    "Förfrågningar om sexuella bilder från någon okänd på nätet, före femton års ålder och mer än en gång",
    "Megfenyegették, hogy nyilvánosságra hozzák a képeit, ha nem küld újabbakat vagy nem fizet érte sürgősen",
    "Донаујезичкисаобраћајнопсихолошкиупитникбезразмакаињедногзнака и још понешто о искуствима на мрежи",
    "Kinder-und-Jugendschutzbeauftragtenbefragungsergebniszusammenfassung der Onlineerfahrungen im Überblick",
    "Pühendus: ütles võõrale oma täisnime, aadressi ja kooli, kuigi vanemad olid seda korduvalt keelanud",
)


def fitted(text: str, length: int, number: int) -> str:
    """Return a text of exactly `length` characters, made different from others by its number."""
    mark = f" ({number})"
    longer = " ".join([text] * (1 + length // len(text)))
    return longer[: length - len(mark)].rstrip().ljust(length - len(mark), "x") + mark


class _Labels:
    """One label of the wanted length for each text met, the same text always getting the same label."""

    def __init__(self, length: int) -> None:
        self.length, self.known = length, dict[str, str]()
        self.sentences, self.numbers = cycle(SENTENCES), count(1)

    def __call__(self, text: str) -> str:
        if not isinstance(text, str) or not text:
            return text
        if text not in self.known:
            self.known[text] = fitted(next(self.sentences), self.length, next(self.numbers))
        return self.known[text]


def hostile_tables(
    n_types: int, *, length: int, verdict: str = "types", answers: int | None = None, suppress: bool = True
) -> dict[str, pd.DataFrame]:
    """Make the release tables of a run whose labels all have `length` characters.

    Parameters
    ----------
    n_types : int
    length : int
        Characters of every label and name of a type.
    verdict : str
    answers : int, optional
        Characters of the categories of questions; by default a third of `length`.
    suppress : bool
    """
    tables = make_tables(n_types, verdict=verdict, suppress=suppress)
    long, short = _Labels(length), _Labels(answers or max(12, length // 3))
    columns = {
        "factors": ["factor_label", "label"],
        "prevalence": ["label"],
        "outcomes": ["label"],
        "outcome_models": ["label"],
        "missingness": ["label"],
        "missingness_groups": ["label"],
        "correlations": ["label_a", "label_b"],
        "types": ["name"],
        "short_form": ["label"],
        "risk_models": ["label"],
        "risk_predictors": ["factor_label", "label"],
    }
    for name, chosen in columns.items():
        tables[name] = tables[name].assign(**{column: tables[name][column].map(long) for column in chosen})
    yes_or_no = tables["prevalence"]["category_label"].isin(["Yes", "No"])
    answered = tables["prevalence"]["category_label"]
    tables["prevalence"] = tables["prevalence"].assign(
        category_label=answered.where(yes_or_no, answered.map(short))
    )
    tables["missingness_groups"] = tables["missingness_groups"].assign(
        group=tables["missingness_groups"]["group"].map(short)
    )
    kinds = tables["missingness"]["kind"]
    fixed = kinds.isin(["answered", "not asked", "system"])
    tables["missingness"] = tables["missingness"].assign(kind=kinds.where(fixed, kinds.map(short)))
    tables["types"] = tables["types"].assign(
        sentence=[" ".join([text] * 2) for text in tables["types"]["sentence"]],
        profile="adapted",
        profile_label=[long(f"profile of {name}") for name in tables["types"]["name"]],
        profile_score=0.8,
    )
    return tables
