"""How a symbol is written where it stands alone: each one can be seen, and told from the others."""

import unicodedata
from collections.abc import Sequence

_SIGNS = {"\n": "⏎", " ": "␣", "\t": "⇥"}
_CIRCLE = "◌"
"""U+25CC, on which a mark stands that has no letter of its own."""


def visible(symbol: str) -> str:
    """Return a symbol as it is shown alone.

    The end of a name and blanks have signs of their own. A combining mark stands on a dotted
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


def joined(shown: Sequence[str]) -> str:
    """Return one text of symbols that `visible` wrote: marks stand on their letters again."""
    return shown[0] + "".join(map(_without_circle, shown[1:])) if shown else ""


def _without_circle(shown: str) -> str:
    return shown.removeprefix(_CIRCLE) if len(shown) > 1 else shown
