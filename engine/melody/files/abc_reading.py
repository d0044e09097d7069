"""Melodies of ABC files: folk tunes in plain text."""

from collections.abc import Iterator

from engine.melody.errors import MelodyError
from engine.melody.files.abc.tokens import MusicLine
from engine.melody.files.abc.tune import read_tune
from engine.melody.files.read_melodies import ReadMelodies, counted
from engine.melody.played import PlayedMelody

MAX_CHARACTERS = 10_000_000
"""A longer text is refused."""

_SHOWN_ERRORS = 5
"""So many tunes that cannot be read are named one by one."""


def read_abc(text: str) -> ReadMelodies:
    """Read the tunes of an ABC file, with all their repeats played.

    Of a chord, the highest note is kept; of several voices, the first. Grace notes, chord symbols,
    decorations and words are passed over.

    Parameters
    ----------
    text : str
        Of the whole file.

    Returns
    -------
    ReadMelodies
        At least one melody. A tune that cannot be read is left out, and a note says where and why.

    Raises
    ------
    MelodyError
        If there is no tune that can be read.
    """
    if len(text) > MAX_CHARACTERS:
        raise MelodyError(
            f"The text has {len(text):,} characters. At most {MAX_CHARACTERS:,} are read."
        )
    melodies: list[PlayedMelody] = []
    errors: list[MelodyError] = []
    n_empty = 0
    for lines in _tunes(text):
        try:
            melody = read_tune(lines)
        except MelodyError as error:
            errors.append(error)
            continue
        if melody is None:
            n_empty += 1
        else:
            melodies.append(melody)
    if not melodies:
        if errors:
            raise errors[0]
        raise MelodyError(
            "There is no tune in ABC. A tune begins with a line such as “X:1”, and its music "
            "follows a line such as “K:G”."
        )
    return ReadMelodies(tuple(melodies), tuple(_said(errors, n_empty)))


def _said(errors: list[MelodyError], n_empty: int) -> Iterator[str]:
    """Yield sentences about what was left out."""
    for error in errors[:_SHOWN_ERRORS]:
        yield f"A tune was left out. {error}"
    if (more := len(errors) - _SHOWN_ERRORS) > 0:
        yield f"{counted(more, 'more tune')} could not be read."
    if n_empty:
        yield f"{counted(n_empty, 'tune has', 'tunes have')} no notes."


def _tunes(text: str) -> Iterator[list[MusicLine]]:
    """Yield the lines of each tune.

    A tune begins at its field X and ends at an empty line. Where no tune has a field X, each block
    of lines with a field K is a tune.
    """
    lines = [
        MusicLine(n, line) for n, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1)
    ]
    need_x = any(line.text.startswith("X:") for line in lines)
    tune: list[MusicLine] = []
    for line in [*lines, MusicLine(len(lines) + 1, "")]:
        is_start = line.text.startswith("X:")
        if is_start or not line.text.strip():
            if any(each.text.startswith("K:") for each in tune):
                yield tune
            tune = []
        if is_start or (line.text.strip() and (tune or not need_x)):
            tune.append(line)
