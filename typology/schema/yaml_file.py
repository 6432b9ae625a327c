"""Read a YAML 1.2 file into plain data, remembering the line of every key.

Safe by construction: the parser's events are turned into str, int, float, bool, None, dict and list
and nothing else. Tags are refused, repeated parts (anchors) are allowed but bounded, so that a small
file cannot blow up into a large one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from typology.errors import InputFault, InputFaults

KeyPath = tuple[Any, ...]

MAX_BYTES = 20_000_000
MAX_DEPTH = 24
MAX_PARTS = 600_000

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), math.inf),
    "-.inf": -math.inf,
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}


@dataclass(frozen=True)
class YamlDocument:
    """Plain data and where each key stands.

    Attributes
    ----------
    shown : str
        The file's name as messages show it.
    data : object
        dict, list, str, int, float, bool or None.
    lines : dict of key path to int
        Line, from 1, of every key and list element; ``()`` is the top.
    """

    shown: str
    data: Any
    lines: dict[KeyPath, int]

    def line(self, path: KeyPath) -> int | None:
        """Line of a key, or of its closest enclosing key."""
        for length in range(len(path), -1, -1):
            found = self.lines.get(path[:length])
            if found is not None:
                return found
        return None


@dataclass
class _Node:
    line: int
    scalar: Any = None
    pairs: list[tuple[_Node, _Node]] | None = None
    elements: list[_Node] | None = None


class _RefusedError(Exception):
    def __init__(self, line: int, message: str, remedy: str, value: str = "") -> None:
        super().__init__(message)
        self.line, self.message, self.remedy, self.value = line, message, remedy, value


def read_yaml(path: Path, *, shown: str) -> YamlDocument:
    """Read one YAML file.

    Parameters
    ----------
    path : Path
    shown : str
        Name of the file in messages.

    Raises
    ------
    InputFaults
        If the file is missing, too large, not text, not YAML, or holds tags, duplicate keys or more
        than one document.
    """
    text = _read_text(path, shown)
    try:
        root = _compose(text)
        lines: dict[KeyPath, int] = {}
        repeated: list[tuple[KeyPath, int, int]] = []
        data = _Plain(lines, repeated).convert(root, (), depth=0)
    except _RefusedError as refused:
        fault = InputFault(shown, refused.message, refused.remedy, value=refused.value, line=refused.line)
        raise InputFaults([fault]) from None
    except (YAMLError, ValueError, OverflowError, IndexError, AttributeError) as error:
        # Besides its own errors the parser lets a few bare ones out on broken escapes and tags.
        raise InputFaults([_syntax_fault(error, shown)]) from None
    if repeated:
        raise InputFaults(_repeated_fault(shown, *found) for found in repeated)
    return YamlDocument(shown, data, lines)


def _read_text(path: Path, shown: str) -> str:
    """Text of a regular file of sensible size."""
    try:
        if not path.exists():
            raise _refuse(shown, "there is no such file", "Check the path and its spelling.")
        if not path.is_file():
            raise _refuse(shown, "is not a file", "Give the path of a YAML file.")
        if path.stat().st_size > MAX_BYTES:
            raise _refuse(shown, "is far too large for a YAML file", "Is it a data file?")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 text (byte {error.start + 1})"
        raise _refuse(shown, message, "Save it as plain text in UTF-8.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refuse(shown, f"cannot be read: {reason}", "Check the path and its permissions.") from None


def _refuse(shown: str, message: str, remedy: str) -> InputFaults:
    return InputFaults([InputFault(shown, message, remedy)])


def _compose(text: str) -> _Node:
    """Build the tree of the only document in the text."""
    # The stream is a private event iterator; ruamel's own composer would resolve tags and build objects.
    events: Iterator[Event] = iter(YAML(typ="safe", pure=True).parse(text))
    root: _Node | None = None
    anchors: dict[str, _Node] = {}
    for event in events:
        if isinstance(event, DocumentStartEvent):
            if root is not None:
                remedy = "Keep one document: remove the line `---`."
                raise _RefusedError(_line(event), "holds more than one YAML document", remedy)
            root = _node(next(events), events, anchors, depth=0)
        elif isinstance(event, StreamEndEvent):
            break
    return root if root is not None else _Node(1)


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _node(event: Event, events: Iterator[Event], anchors: dict[str, _Node], *, depth: int) -> _Node:
    """Read the node an event begins, up to its end."""
    line = _line(event)
    if depth > MAX_DEPTH:
        raise _RefusedError(line, "is nested too deeply", f"Use at most {MAX_DEPTH} levels.")
    if isinstance(event, AliasEvent):
        return _repeat(event, anchors)
    tag = getattr(event, "tag", None)
    if tag is not None:
        remedy = "Remove the word that begins with `!`."
        raise _RefusedError(line, "YAML tags are not allowed", remedy, value=str(tag))
    node = _filled(event, events, anchors, depth=depth)
    # Registered only when complete: a part that contains itself is thus an undefined alias.
    anchor = getattr(event, "anchor", None)
    if anchor is not None:
        anchors[anchor] = node
    return node


def _repeat(event: AliasEvent, anchors: dict[str, _Node]) -> _Node:
    """Find the part an alias repeats."""
    if event.anchor not in anchors:
        remedy = f"Put the part you want to repeat before this line and mark it &{event.anchor}."
        message = "repeats a part that is not defined above"
        raise _RefusedError(_line(event), message, remedy, value=f"*{event.anchor}")
    return anchors[event.anchor]


def _filled(event: Event, events: Iterator[Event], anchors: dict[str, _Node], *, depth: int) -> _Node:
    """Make a node with all that is inside it."""
    node = _Node(_line(event))
    if isinstance(event, ScalarEvent):
        node.scalar = _scalar(event.value) if event.style is None else _whole(event.value, node.line)
    elif isinstance(event, SequenceStartEvent):
        node.elements = []
        while not isinstance(inner := next(events), SequenceEndEvent):
            node.elements.append(_node(inner, events, anchors, depth=depth + 1))
    elif isinstance(event, MappingStartEvent):
        node.pairs = []
        while not isinstance(inner := next(events), MappingEndEvent):
            key = _node(inner, events, anchors, depth=depth + 1)
            node.pairs.append((key, _node(next(events), events, anchors, depth=depth + 1)))
    return node


def _scalar(text: str) -> Any:
    """Value of an unquoted scalar by the YAML 1.2 core schema (`Yes` and `No` are words)."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text) and len(text) <= 18:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _whole(text: str, line: int) -> str:
    r"""Put letters together that are written in halves, as JSON writes them: ``\ud83d\ude00``."""
    try:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        message, remedy = "holds half of a letter", "Write the letter itself, or both halves of it."
        raise _RefusedError(line, message, remedy, value=text) from None


@dataclass
class _Plain:
    """Turns nodes into plain data, counting parts so that repeated anchors cannot explode."""

    lines: dict[KeyPath, int]
    repeated: list[tuple[KeyPath, int, int]]
    parts: int = field(default=0)

    def convert(self, node: _Node, path: KeyPath, *, depth: int) -> Any:
        self.parts += 1
        if self.parts > MAX_PARTS or depth > MAX_DEPTH:
            remedy = "Remove the `&name` and `*name` marks and write the parts out."
            raise _RefusedError(node.line, "repeated parts make this file too large", remedy)
        self.lines.setdefault(path, node.line)
        if node.elements is not None:
            return [self.convert(e, (*path, i), depth=depth + 1) for i, e in enumerate(node.elements)]
        if node.pairs is None:
            return node.scalar
        data: dict[Any, Any] = {}
        for key_node, value_node in node.pairs:
            key = self._key(key_node)
            here = (*path, key)
            if key in data:
                self.repeated.append((here, key_node.line, self.lines[here]))
                continue
            self.lines[here] = key_node.line
            data[key] = self.convert(value_node, here, depth=depth + 1)
        return data

    @staticmethod
    def _key(node: _Node) -> Any:
        if node.pairs is not None or node.elements is not None:
            raise _RefusedError(
                node.line, "a key cannot be a list or a mapping", "Use a plain word or number as the key."
            )
        if isinstance(node.scalar, bool) or node.scalar is None:
            shown = "empty" if node.scalar is None else str(node.scalar).lower()
            raise _RefusedError(
                node.line, "is not a usable key", "Use a number, or put the word in quotes.", value=shown
            )
        return node.scalar


def _repeated_fault(shown: str, path: KeyPath, line: int, first: int) -> InputFault:
    name = ".".join(str(part) for part in path[:-1])
    message = f"the key stands twice here, first on line {first}"
    return InputFault(shown, message, "Keep one of the two.", variable=name, value=str(path[-1]), line=line)


def _syntax_fault(error: Exception, shown: str) -> InputFault:
    """Say where YAML stopped making sense, and the usual reasons."""
    remedy = "Check the indentation (spaces, no tabs), the colons and the quotes on and above that line."
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) if isinstance(error, MarkedYAMLError) else None
    detail = f": {problem}" if problem else ""
    line = int(mark.line) + 1 if mark is not None else None
    return InputFault(shown, f"is not valid YAML{detail}", remedy, line=line)
