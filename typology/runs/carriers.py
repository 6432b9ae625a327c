"""What stages hand on, as arrays and plain JSON and back: nothing that is read can run.

Unlike a pickle, a file of this form names no function to call. It names classes, and only frozen carriers of
this package are made from it.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from pydantic import BaseModel

from typology.errors import RunFolderError

Tree: TypeAlias = Any
PACKAGE = "typology"


class Writer:
    """Takes a carrier apart.

    Attributes
    ----------
    arrays : list of array
        What trees refer to by position. None holds objects.
    """

    def __init__(self) -> None:
        self.arrays: list[np.ndarray] = []
        self._seen: dict[int, tuple[int, object]] = {}

    def tree(self, value: object) -> Tree:
        """Describe a value in JSON; what is in it twice is written once.

        Raises
        ------
        TypeError
            For a value of a kind that carriers do not hold, such as a function.
        """
        if value is None or isinstance(value, (bool, str)) or type(value) in {int, float}:
            return value
        for kinds, write in _WRITERS:
            if isinstance(value, kinds):
                return write(self, value)
        return self._object(value)

    def _list(self, value: list[Any]) -> Tree:
        return [self.tree(each) for each in value]

    def _dict(self, value: Mapping[Any, Any]) -> Tree:
        return {"dict": [[self.tree(key), self.tree(each)] for key, each in value.items()]}

    def _tuple(self, value: tuple[Any, ...]) -> Tree:
        parts = [self.tree(each) for each in value]
        if type(value) is tuple:
            return {"tuple": parts}
        return {"named": _name_of(value), "values": parts}

    def _array(self, value: np.ndarray | np.generic) -> Tree:
        if isinstance(value, np.ndarray) and value.dtype == object:
            return {"objects": [self.tree(each) for each in value.ravel()], "shape": list(value.shape)}
        if id(value) not in self._seen:
            self._seen[id(value)] = (len(self.arrays), value)
            self.arrays.append(np.asarray(value))
        return {"scalar" if isinstance(value, np.generic) else "array": self._seen[id(value)][0]}

    def _frame(self, value: pd.DataFrame) -> Tree:
        columns = [self.tree(value.iloc[:, at].array) for at in range(value.shape[1])]
        return {"frame": columns, "columns": self.tree(value.columns), "index": self.tree(value.index)}

    def _series(self, value: pd.Series) -> Tree:
        return {
            "series": self.tree(value.array),
            "name": self.tree(value.name),
            "index": self.tree(value.index),
        }

    def _index(self, value: pd.Index) -> Tree:
        if isinstance(value, pd.MultiIndex):
            raise TypeError("carriers hold no MultiIndex")
        if isinstance(value, pd.RangeIndex):
            return {"range": [value.start, value.stop, value.step], "name": self.tree(value.name)}
        return {"index": self.tree(value.array), "name": self.tree(value.name)}

    def _cells(self, value: Any) -> Tree:
        if isinstance(value, pd.Categorical):
            codes, categories = self.tree(value.codes), self.tree(value.categories)
            return {"categories": categories, "codes": codes, "ordered": bool(value.ordered)}
        if isinstance(value.dtype, np.dtype):
            return {"column": self.tree(value.to_numpy())}
        return {"cells": [self.tree(_cell(each)) for each in value], "dtype": str(value.dtype)}

    def _object(self, value: object) -> Tree:
        if id(value) in self._seen:
            return {"again": self._seen[id(value)][0]}
        if isinstance(value, BaseModel):
            held = {name: getattr(value, name) for name in type(value).model_fields}
        elif is_dataclass(value) and not isinstance(value, type):
            held = {each.name: getattr(value, each.name) for each in fields(value)}
        else:
            raise TypeError(f"carriers hold no {type(value).__name__}")
        number = -1 - len(self._seen)
        self._seen[id(value)] = (number, value)
        parts = {name: self.tree(each) for name, each in held.items()}
        return {"object": _name_of(value), "number": number, "fields": parts}


_WRITERS: tuple[tuple[Any, Callable[[Writer, Any], Tree]], ...] = (
    (list, Writer._list),
    (Mapping, Writer._dict),
    (tuple, Writer._tuple),
    ((np.ndarray, np.generic), Writer._array),
    (pd.DataFrame, Writer._frame),
    (pd.Series, Writer._series),
    (pd.Index, Writer._index),
    (pd.api.extensions.ExtensionArray, Writer._cells),
)


def _cell(value: object) -> object:
    return None if value is pd.NA or value is pd.NaT else value


def _name_of(value: object) -> str:
    return f"{type(value).__module__}:{type(value).__qualname__}"


class Reader:
    """Puts a carrier together again.

    Parameters
    ----------
    arrays : sequence of array
        As a `Writer` left them.
    """

    def __init__(self, arrays: Sequence[np.ndarray]) -> None:
        self._arrays = arrays
        self._made: dict[int, object] = {}

    def value(self, tree: Tree) -> Any:
        """Make the value a tree describes.

        Raises
        ------
        RunFolderError
            If it describes anything but carriers of this package.
        """
        if isinstance(tree, list):
            return [self.value(each) for each in tree]
        if not isinstance(tree, dict):
            return tree
        kind = next(iter(tree))
        make = getattr(self, f"_make_{kind}", None)
        if make is None:
            raise RunFolderError(f"holds something unknown ({kind})")
        return make(tree)

    def _make_dict(self, tree: Tree) -> dict[Any, Any]:
        return {self.value(key): self.value(each) for key, each in tree["dict"]}

    def _make_tuple(self, tree: Tree) -> tuple[Any, ...]:
        return tuple(self.value(tree["tuple"]))

    def _make_named(self, tree: Tree) -> Any:
        return _class_of(tree["named"])(*self.value(tree["values"]))

    def _make_array(self, tree: Tree) -> Any:
        return self._arrays[tree["array"]]

    def _make_scalar(self, tree: Tree) -> Any:
        return self._arrays[tree["scalar"]][()]

    def _make_objects(self, tree: Tree) -> np.ndarray:
        made: np.ndarray = np.empty(len(tree["objects"]), dtype=object)
        for at, each in enumerate(tree["objects"]):
            made[at] = self.value(each)  # not all at once: a tuple in a cell is a cell, not a row
        return made.reshape(tree["shape"])

    def _make_frame(self, tree: Tree) -> pd.DataFrame:
        index = self.value(tree["index"])
        columns = {at: pd.Series(self.value(each), index=index) for at, each in enumerate(tree["frame"])}
        frame = pd.DataFrame(columns, index=index)
        frame.columns = self.value(tree["columns"])
        return frame

    def _make_series(self, tree: Tree) -> pd.Series:
        return pd.Series(
            self.value(tree["series"]), index=self.value(tree["index"]), name=self.value(tree["name"])
        )

    def _make_range(self, tree: Tree) -> pd.RangeIndex:
        start, stop, step = tree["range"]
        return pd.RangeIndex(start, stop, step, name=self.value(tree["name"]))

    def _make_index(self, tree: Tree) -> pd.Index:
        values = self.value(tree["index"])
        made: pd.Index = pd.Index(values, dtype=values.dtype, name=self.value(tree["name"]))
        return made

    def _make_categories(self, tree: Tree) -> pd.Categorical:
        return pd.Categorical.from_codes(
            self.value(tree["codes"]), categories=self.value(tree["categories"]), ordered=tree["ordered"]
        )

    def _make_column(self, tree: Tree) -> np.ndarray:
        return np.asarray(self.value(tree["column"]))

    def _make_cells(self, tree: Tree) -> Any:
        return pd.array(self.value(tree["cells"]), dtype=tree["dtype"])

    def _make_again(self, tree: Tree) -> object:
        return self._made[tree["again"]]

    def _make_object(self, tree: Tree) -> object:
        held = {name: self.value(each) for name, each in tree["fields"].items()}
        made: object = _class_of(tree["object"])(**held)
        self._made[tree["number"]] = made
        return made


def _class_of(name: str) -> Any:
    """Class of a carrier; anything else is refused."""
    module, _, qualified = name.partition(":")
    found: Any = None
    if module.split(".")[0] == PACKAGE and importlib.util.find_spec(module) is not None:
        found = getattr(importlib.import_module(module), qualified, None)
    named = isinstance(found, type) and issubclass(found, tuple) and hasattr(found, "_fields")
    model = isinstance(found, type) and issubclass(found, BaseModel)
    if (
        not (named or model or (isinstance(found, type) and is_dataclass(found)))
        or found.__module__ != module
    ):
        raise RunFolderError(f"names {name}, which is not a carrier of this package")
    return found
