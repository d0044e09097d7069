"""Blends of kinds as a person writes them: Greek=0.6,Irish=0.4.

A title that has a comma, an equals sign or a quotation mark in it, or a space around it, stands in
quotation marks, in which a quotation mark is written twice, as in CSV: "Smith, Jones"=0.5.
"""

import re
from collections.abc import Mapping

from engine.nn.kinds import BlendError

_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^",=]*))\s*=([^,]*)(,|$)')
"""A title, in quotation marks or without, an equals sign and a weight."""

_NEEDS_QUOTES = re.compile(r'[",=]|^\s|\s$')

_EXAMPLE = "Write kinds with their weights, such as Greek=0.6,Irish=0.4."


def weights_of_text(text: str) -> dict[str, float]:
    """Return the weights of kinds that a text gives, by title.

    They are for `engine.nn.kinds.blend_of`, which checks the titles and the weights.

    Raises
    ------
    BlendError
        If the text does not give any, or gives one twice.
    """
    weights: dict[str, float] = {}
    place = 0
    while place < len(text) or not weights:
        item = _ITEM.match(text, place)
        if item is None:
            raise BlendError(
                f"“{text[place:].strip():.100}” is not a kind and a weight. {_EXAMPLE}"
            )
        title = item[2].strip() if item[1] is None else item[1].replace('""', '"')
        if not title:
            raise BlendError(f"A weight has no kind before it. {_EXAMPLE}")
        if title in weights:
            raise BlendError(f"“{title:.100}” has two weights. Leave out one of them.")
        weights[title] = _weight(title, item[3].strip())
        place = item.end()
        if item[4] and not text[place:].strip():
            break  # a comma at the end
    return weights


def text_of_weights(weights: Mapping[str, float]) -> str:
    """Return what `weights_of_text` reads: each kind with a weight above 0, and its weight."""
    return ",".join(
        f"{_quoted(title)}={weight:.4g}" for title, weight in weights.items() if weight > 0
    )


def _weight(title: str, written: str) -> float:
    try:
        return float(written)
    except ValueError:
        raise BlendError(
            f"The weight of “{title:.100}” must be a number, got “{written:.100}”. {_EXAMPLE}"
        ) from None


def _quoted(title: str) -> str:
    if not _NEEDS_QUOTES.search(title):
        return title
    doubled = title.replace('"', '""')
    return f'"{doubled}"'
