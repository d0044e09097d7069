"""How a symbol is written where it stands alone: each one can be seen, and told from the others."""

import unicodedata
from collections.abc import Sequence

from engine.melody.symbols import pitch_of

_SIGNS = {"\n": "⏎", " ": "␣", "\t": "⇥", "\x03": "¶"}
"""The signs of the end of a name or line, of blanks, and of the end of a document."""

_CONTROLS = {
    "\0": "null",
    "\x03": "end of text",
    "\b": "backspace",
    "\t": "tab",
    "\n": "line feed",
    "\v": "vertical tab",
    "\f": "form feed",
    "\r": "carriage return",
    "\x1b": "escape",
    "\x7f": "delete",
    "\x85": "next line",
}
"""The names of the usual control characters, which `unicodedata` does not have."""

_CIRCLE = "◌"
"""U+25CC, on which a mark stands that has no letter of its own."""


def visible(symbol: str) -> str:
    """Return a symbol as it is shown alone.

    Ends and blanks have signs of their own. A combining mark stands on a dotted
    circle, as in the charts of Unicode, and what has no shape at all is named: U+200D.
    """
    if symbol in _SIGNS:
        return _SIGNS[symbol]
    category = unicodedata.category(symbol) if len(symbol) == 1 else ""
    if category.startswith("M"):
        return _CIRCLE + symbol
    if category.startswith(("C", "Z")):
        return f"U+{ord(symbol):04X}"
    return symbol


def quoted(symbol: str) -> str:
    """Return a symbol as a sentence names it: “é”; or U+000D, carriage return.

    What has a shape stands in quotation marks, and everything else has its name, so that the reader
    knows what to look for.
    """
    shown = visible(symbol)
    if shown == symbol or shown.startswith(_CIRCLE):
        return f"“{shown}”"
    return ", ".join(f"U+{ord(each):04X}{_named(each)}" for each in symbol)


def _named(symbol: str) -> str:
    """Return a comma and the name of a character, or nothing if it has none."""
    unnamed = "control character" if unicodedata.category(symbol) == "Cc" else ""
    name = _CONTROLS.get(symbol) or unicodedata.name(symbol, unnamed).lower()
    return f", {name}" if name else ""


def joined(shown: Sequence[str]) -> str:
    """Return one text of symbols that `visible` wrote.

    Marks stand on their letters again. Between the symbols of notes are blanks.
    """
    if any(pitch_of(each) is not None for each in shown):
        return " ".join(shown)
    return shown[0] + "".join(map(_without_circle, shown[1:])) if shown else ""


def _without_circle(shown: str) -> str:
    return shown.removeprefix(_CIRCLE) if len(shown) > 1 else shown
