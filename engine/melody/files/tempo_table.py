"""The table of what is known of each solo, as the Weimar Jazz Database has it."""

import csv
import io
import math
import re
from dataclasses import dataclass

from engine.melody.errors import MelodyError
from engine.melody.files.read_melodies import FASTEST_TEMPO, SLOWEST_TEMPO

_NAME, _TEMPO = "base_name", "avgtempo"

_ENDINGS = (".csv", "_solo")
"""What the name of a solo's file has after the solo's name in the table."""

_TEMPO_CLASSES = ((100.0, "slow"), (160.0, "medium"), (240.0, "up"), (math.inf, "fast"))
"""Tempos below each of these, in beats a minute."""

_YEAR = re.compile(r"[12]\d{3}", re.ASCII)


@dataclass(frozen=True)
class SoloFacts:
    """What is known of a solo.

    Attributes
    ----------
    tempo : float or None
        Beats a minute; None if it is not known.
    performer, instrument, style, title, year : str
        Empty if they are not known.
    """

    tempo: float | None = None
    performer: str = ""
    instrument: str = ""
    style: str = ""
    title: str = ""
    year: str = ""

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """What may be a solo's kind, by column; the tempo is a class, the year a decade."""
        found = (
            ("performer", self.performer),
            ("instrument", self.instrument),
            ("tempo", "" if self.tempo is None else tempo_class(self.tempo)),
            ("style", self.style),
            ("decade", f"{self.year[:3]}0s" if _YEAR.fullmatch(self.year) else ""),
        )
        return tuple((column, value) for column, value in found if value)


def tempo_class(tempo: float) -> str:
    """Return "slow", "medium", "up" or "fast" for a tempo in beats a minute."""
    return next(name for below, name in _TEMPO_CLASSES if tempo < below)


def solo_name(file_name: str) -> str:
    """Return the name under which a solo's file stands in the table.

    Parameters
    ----------
    file_name : str
        With or without folders.
    """
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    for ending in _ENDINGS:
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
    return name


def is_tempo_table(text: str) -> bool:
    """Return whether a text is a table of solos: its first row names the solo and its tempo."""
    header = text.removeprefix("\ufeff").partition("\n")[0]
    return {_NAME, _TEMPO} <= {cell.strip().strip('"').lower() for cell in header.split(",")}


def read_tempos(text: str) -> dict[str, SoloFacts]:
    """Read the table of solos.

    Parameters
    ----------
    text : str
        A CSV whose header has at least the columns ``base_name`` and ``avgtempo``.

    Returns
    -------
    dict of str to SoloFacts
        By the solo's name; see `solo_name`. A tempo that is empty or 0 is not known.

    Raises
    ------
    MelodyError
        If the text is no such table, or if a tempo is not a number.
    """
    if not is_tempo_table(text):
        raise MelodyError(f"The table of solos needs the columns “{_NAME}” and “{_TEMPO}”.")
    solos: dict[str, SoloFacts] = {}
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    try:
        for row in reader:
            cells = {key: (value or "").strip() for key, value in row.items() if key}
            if name := cells.get(_NAME):
                solos[name] = _facts(cells, reader.line_num)
    except csv.Error as error:
        raise MelodyError(
            f"The table cannot be read after line {reader.line_num}: {error}."
        ) from None
    return solos


def _facts(cells: dict[str, str], line: int) -> SoloFacts:
    return SoloFacts(
        _tempo(cells[_TEMPO], line),
        cells.get("performer", ""),
        cells.get("instrument", ""),
        cells.get("style", ""),
        cells.get("title", ""),
        cells.get("recording_year", "").removesuffix(".0"),
    )


def _tempo(cell: str, line: int) -> float | None:
    try:
        tempo = float(cell or 0)
    except ValueError:
        raise MelodyError(
            f"The tempo in line {line} is “{cell[:20]}”, which is not a number."
        ) from None
    if math.isnan(tempo) or tempo == 0:
        return None
    if not SLOWEST_TEMPO <= tempo <= FASTEST_TEMPO:
        raise MelodyError(
            f"The tempo in line {line} is {tempo:g} beats a minute. It must be from "
            f"{SLOWEST_TEMPO:g} to {FASTEST_TEMPO:g}, or 0 where it is not known."
        )
    return tempo
