"""Solos as tables of pitch, onset and duration, as the Weimar Jazz Database has them.

Each row is a note: its pitch as in MIDI, when it begins and how long it sounds, in seconds. A solo
is one voice. There are no bar lines.
"""

import itertools
import math
from dataclasses import replace
from typing import NamedTuple

from engine.melody.errors import MelodyError
from engine.melody.files.read_melodies import (
    FASTEST_TEMPO,
    SLOWEST_TEMPO,
    ReadMelodies,
    counted,
    from_first_note,
)
from engine.melody.note import HIGHEST_PITCH, LOWEST_PITCH

SECONDS_A_MINUTE = 60.0

LONGEST_SOLO = 24 * 3600.0
"""Seconds. A later onset or a longer duration is taken for a mistake."""

_COLUMNS = ("pitch", "onset", "duration")

_SEPARATORS = ",;\t"


class _Row(NamedTuple):
    onset: float
    pitch: int
    duration: float


def read_solo(text: str, tempo: float) -> ReadMelodies:
    """Read a solo, and say what was changed.

    Parameters
    ----------
    text : str
        Rows of pitch, onset in seconds and duration in seconds, separated by commas, semicolons or
        tabs. The first row may name the columns.
    tempo : float
        Beats a minute, which turns seconds into beats.

    Returns
    -------
    ReadMelodies
        One melody. Of notes that begin at the same time, the highest is kept.

    Raises
    ------
    MelodyError
        If a row is not a note, if there is no note, or if the tempo cannot be that of a solo.
    """
    if not SLOWEST_TEMPO <= tempo <= FASTEST_TEMPO:
        raise MelodyError(
            f"The tempo is {tempo:g} beats a minute. It must be from {SLOWEST_TEMPO:g} to "
            f"{FASTEST_TEMPO:g}."
        )
    rows = _rows(text)
    if not rows:
        raise MelodyError("There are no notes. Each row must be a pitch, an onset and a duration.")
    notes: list[str] = []
    if any(later.onset < earlier.onset for earlier, later in itertools.pairwise(rows)):
        notes.append("The notes were not in the order of their onsets, and were sorted.")
    highest = {row.onset: row for row in sorted(rows)}
    if len(highest) < len(rows):
        notes.append("Of notes that begin at the same time, the highest was kept.")
    kept = list(highest.values())
    beats = tempo / SECONDS_A_MINUTE
    solo = from_first_note(
        [row.pitch for row in kept],
        [row.onset * beats for row in kept],
        [row.duration * beats for row in kept],
    )
    return ReadMelodies((replace(solo, tempo=tempo),), tuple(notes))


def _rows(text: str) -> list[_Row]:
    """Return the notes in the order of the text, without a row that names the columns."""
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    rows: list[_Row] = []
    is_first = True
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip().strip('"') for cell in line.split(separator)]
        if not any(cells):
            continue
        if not (is_first and _are_titles(cells)):
            rows.append(_row(cells, number))
        is_first = False
    return rows


def _are_titles(cells: list[str]) -> bool:
    """Return whether no cell is a number, as where the columns are named."""
    return all(_number_in(cell) is None for cell in cells)


def _number_in(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _row(cells: list[str], number: int) -> _Row:
    if len(cells) < len(_COLUMNS):
        raise MelodyError(
            f"Line {number} has {counted(len(cells), 'cell')}. It must have a pitch, an onset and "
            "a duration."
        )
    values: list[float] = []
    for name, cell in zip(_COLUMNS, cells, strict=False):
        value = _number_in(cell)
        if value is None or not math.isfinite(value):
            said = f"“{cell[:20]}”, which is not a number" if cell else "missing"
            raise MelodyError(f"The {name} in line {number} is {said}.")
        values.append(value)
    pitch, onset, duration = values
    if not LOWEST_PITCH <= round(pitch) <= HIGHEST_PITCH:
        raise MelodyError(
            f"The pitch in line {number} is {pitch:g}. It must be from {LOWEST_PITCH} to "
            f"{HIGHEST_PITCH}."
        )
    if not 0 < duration <= LONGEST_SOLO:
        raise MelodyError(
            f"The duration in line {number} is {duration:g} s. It must be above 0 and at most "
            f"{LONGEST_SOLO:,.0f} s."
        )
    if abs(onset) > LONGEST_SOLO:
        raise MelodyError(
            f"The onset in line {number} is {onset:g} s. It must be at most {LONGEST_SOLO:,.0f} s."
        )
    return _Row(onset, round(pitch), duration)
