"""Notes, rests, bar lines and the like, as they stand in the text."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from engine.melody.files.abc.place import AbcError

LENGTH = r"\d{0,4}(?:/{1,6}\d{0,4})?"
"""Of a note: "2", "3/2", "/", "//" or "/4"."""

NOTE = rf"(?:\^\^?|__?|=)?[A-Ga-g][,']*{LENGTH}"

_KINDS = {
    "skipped": r"""[ \t\r`\\$;*&)]+|%.*|"[^"\n]*"|\{[^}\n]*\}|y[\d/]*"""
    r"""|![^!\s|]{1,40}!|\+[a-z0-9<>().]{1,20}\+|[~.!H-WYh-w]""",
    "field": r"\[[A-Za-z]:[^\]\n]{0,200}\]",
    "ending": r"\[[ ]*\d[\d,.-]*|(?<=[|:])[ ]?\d[\d,-]*",
    "bar": r"\[\|[\]|:]*|:*\|[|\]:]*|::+",
    "tuplet": r"\(\d(?::\d?(?::\d?)?)?",
    "slur": r"\(",
    "tie": r"-",
    "note": NOTE,
    # A chord that is not closed consists of the notes that follow.
    "chord": rf"\[[^\]|\n]{{0,200}}\]{LENGTH}|\[(?:{NOTE}-?){{1,20}}",
    "rest": rf"[zx]{LENGTH}",
    "bars_rest": r"[ZX]\d{0,3}",
    "broken": r">{1,3}|<{1,3}",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))
_SKIPPED = frozenset({"skipped", "slur"})


class MusicLine(NamedTuple):
    """A line of the file, and its number from 1."""

    number: int
    text: str


class Token(NamedTuple):
    """A part of the music.

    Attributes
    ----------
    kind : str
        "note", "chord", "rest", "bars_rest", "bar", "ending", "tuplet", "tie", "broken" or "field".
    text : str
    line, column : int
        Where it begins, from 1.
    """

    kind: str
    text: str
    line: int
    column: int

    def error(self, what: str) -> AbcError:
        """Return the error that this token cannot be read."""
        return AbcError(self.line, self.column, what)


def tokens_of(lines: Iterable[MusicLine]) -> Iterator[Token]:
    """Yield the parts of some lines of music.

    Slurs, decorations, grace notes and chord symbols are left out.

    Raises
    ------
    AbcError
        At a character that is no music.
    """
    for line in lines:
        place = 0
        while place < len(line.text):
            found = _TOKEN.match(line.text, place)
            if not found:
                character = line.text[place]
                raise AbcError(line.number, place + 1, f"“{character}” is not music in ABC.")
            kind = found.lastgroup or ""
            if kind not in _SKIPPED:
                yield Token(kind, found.group(), line.number, place + 1)
            place = found.end()
