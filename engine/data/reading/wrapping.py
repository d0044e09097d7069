"""What encloses names that stand in a list or a table: quotation marks, and Markdown's signs."""

import re
from collections.abc import Sequence

_QUOTES = ('""', "''", "“”", "‘’", "«»", "„“", "„”", "»«", "「」")

_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3}|`)(?=\S)((?:(?!\1).)+)(?<=\S)\1")
_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*(?:\s\"[^\"]*\")?\)")
_ENCLOSED_SHARE = 0.9
_FEWEST = 3


def unwrapped(text: str) -> str:
    """Return a text of Markdown without the emphasis or the link that encloses all of it."""
    while True:
        found = _EMPHASIS.fullmatch(text)
        inner = found[2] if found else None
        if inner is None:
            link = _LINK.fullmatch(text)
            inner = link[1] if link else None
        if inner is None:
            return text
        text = inner


def without_quotes(names: Sequence[str], most_looked_at: int) -> Sequence[str]:
    """Return names without quotation marks around them; as they are unless nearly all have them.

    Parameters
    ----------
    names : sequence of str
    most_looked_at : int
        By so many names it is decided.
    """
    head = [name.strip() for name in names[:most_looked_at] if name.strip()]
    for pair in _QUOTES:
        begin, end = pair[0], pair[1]
        enclosed = sum(_is_enclosed(name, begin, end) for name in head)
        if enclosed >= max(_FEWEST, _ENCLOSED_SHARE * len(head)):
            stripped = (name.strip() for name in names)
            return [name[1:-1] if _is_enclosed(name, begin, end) else name for name in stripped]
    return names


def _is_enclosed(name: str, begin: str, end: str) -> bool:
    return len(name) > 2 and name[0] == begin and name[-1] == end
