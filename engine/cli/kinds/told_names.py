"""Names and their kinds, as the command ``tell`` writes them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.racing.comparison_formats import columns
from engine.storage.csv_text import csv_line

_SHOWN = 3
"""Kinds that are listed for a name in text, the likeliest first."""

_LEAST_SHOWN = 0.005
"""Probability below which the second and the third are left out."""

_NOT_TOLD = "not told"


@dataclass(frozen=True)
class ToldLine:
    """A name, and how likely each kind is.

    Attributes
    ----------
    name : str
        As it was given.
    read : str
        As the network reads it.
    probabilities : dict of str to float, or None
        Of all kinds by title, in the order of the network. None if the name cannot be told.
    reason : str
        A sentence that says why it cannot be told; empty if it is.
    """

    name: str
    read: str
    probabilities: dict[str, float] | None
    reason: str = ""

    @property
    def ranked(self) -> list[tuple[str, float]]:
        """The kinds and their probabilities, the likeliest first; empty if it is not told."""
        return sorted((self.probabilities or {}).items(), key=lambda each: -each[1])


def to_text(told: Sequence[ToldLine], titles: Sequence[str]) -> str:
    """Write a line for each name: the likeliest kinds, with their probabilities in percent."""
    return columns([(each.name, _in_words(each)) for each in told], of_numbers=False)


def _in_words(told: ToldLine) -> str:
    if told.probabilities is None:
        return f"({_NOT_TOLD}) {told.reason}"
    first, *others = told.ranked[:_SHOWN]
    shown = [first, *(other for other in others if other[1] >= _LEAST_SHOWN)]
    return ", ".join(f"{title} {probability:.1%}" for title, probability in shown)


def to_csv(told: Sequence[ToldLine], titles: Sequence[str]) -> str:
    """Write a table: the name, as it is read, the likeliest kind, and the probability of each.

    Where names are not told, the last column says why; their other columns are empty.
    """
    has_reasons = any(each.probabilities is None for each in told)
    header = ("name", "read", "kind", "probability", *titles)
    lines = [csv_line((*header, _NOT_TOLD) if has_reasons else header)]
    for each in told:
        if each.probabilities is None:
            lines.append(csv_line((each.name, each.read, *[None] * (len(titles) + 2), each.reason)))
            continue
        row = (each.name, each.read, *each.ranked[0], *each.probabilities.values())
        lines.append(csv_line((*row, None) if has_reasons else row))
    return "".join(lines)


def to_json(told: Sequence[ToldLine], titles: Sequence[str]) -> str:
    """Write a list of objects with the name, the likeliest kind, and all probabilities.

    The kind and the probabilities of a name that is not told are null, and its object has a reason.
    """
    objects: list[dict[str, Any]] = []
    for each in told:
        kind = each.ranked[0][0] if each.probabilities else None
        objects.append({"name": each.name, "kind": kind, "probabilities": each.probabilities})
        if each.probabilities is None:
            objects[-1]["reason"] = each.reason
    return json.dumps(objects, ensure_ascii=False, indent=1) + "\n"


FORMATS: dict[str, Callable[[Sequence[ToldLine], Sequence[str]], str]] = {
    "text": to_text,
    "csv": to_csv,
    "json": to_json,
}
"""The formats of the output by name; the first is the default.

Each takes the names and the titles of all kinds.
"""
