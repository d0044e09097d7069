"""The training log of a run in its file, among the extras, and back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from engine.evaluation.told_names import ToldExample
from engine.melody.note import Melody, Note
from engine.storage.fractions import read_fraction
from engine.storage.validated_mapping import ValidatedMapping, is_text
from engine.training.messages import (
    AnyLogEntry,
    KindsLogEntry,
    LogEntry,
    MelodyLogEntry,
    TextLogEntry,
)
from engine.training.ranges import MAX_STEPS

LOG = "log"
"""The name of the extra."""

MAX_EXCERPT = 100_000
"""Characters of the longest text or name in a log."""

_MAX_NAMES_PER_ENTRY = 100
_TOLD_PARTS = 4


def log_extras(entries: Iterable[AnyLogEntry]) -> dict[str, Any]:
    """Return the extra of a run's file that holds what the network wrote during training."""
    return {LOG: list(map(_to_json, entries))}


def read_log(extras: Mapping[str, Any]) -> tuple[AnyLogEntry, ...]:
    """Return the log in the file of a run; empty if there is none.

    Raises
    ------
    ValueError
        If it is damaged; the message says what is wrong.
    """
    return ValidatedMapping(extras).items(LOG, lambda found: tuple(map(_from_json, found)))


def _to_json(entry: AnyLogEntry) -> list[Any]:
    if isinstance(entry, LogEntry):
        kinds = [list(entry.kinds)] if entry.kinds else []
        return [entry.iteration, entry.smoothed_loss, list(entry.names), *kinds]
    if isinstance(entry, KindsLogEntry):
        told = [[each.name, each.kind, each.told, each.probability] for each in entry.told]
        return [entry.step, entry.smoothed_loss, {"accuracy": entry.accuracy, "told": told}]
    if isinstance(entry, MelodyLogEntry):
        return [entry.step, entry.smoothed_loss, _melody_to_json(entry.melody)]
    return [entry.step, entry.smoothed_loss, entry.text]


def _from_json(values: Any) -> AnyLogEntry:
    step, loss, written, *others = values
    is_step = type(step) is int and 0 <= step <= MAX_STEPS
    if not (is_step and isinstance(loss, float) and math.isfinite(loss)):
        raise ValueError("an entry begins with a step and a loss")
    if is_text(written, MAX_EXCERPT) and not others:
        return TextLogEntry(step, loss, written)
    if isinstance(written, dict) and not others:
        if "notes" in written:
            return MelodyLogEntry(step, loss, _melody_from_json(written))
        return KindsLogEntry(step, loss, *_told_of(written))
    if not (
        isinstance(written, list)
        and len(written) <= _MAX_NAMES_PER_ENTRY
        and all(is_text(name, MAX_EXCERPT) for name in written)
    ):
        raise ValueError("an entry has names, a text, or names that were told")
    return LogEntry(step, loss, tuple(written), _kinds_of(others, len(written)))


def _melody_to_json(melody: Melody) -> dict[str, Any]:
    notes = [[note.pitch, str(note.beats)] for note in melody.notes]
    return {"notes": notes, "tempo": melody.tempo, "bar": str(melody.bar)}


def _melody_from_json(values: Mapping[str, Any]) -> Melody:
    stored = ValidatedMapping(values)
    notes = stored.items("notes", lambda found: tuple(map(_note_from_json, found)))
    tempo, bar = stored.number("tempo"), _beats_of(stored.value("bar"))
    if len(notes) > MAX_EXCERPT or not 0 < tempo < math.inf:
        raise ValueError("an entry has a melody with too many notes, or without a tempo")
    return Melody(notes, tempo=tempo, bar=bar, has_bars=True)


def _note_from_json(values: Any) -> Note:
    pitch, beats = values
    if pitch is not None and type(pitch) is not int:
        raise ValueError("a pitch is a whole number, or None")
    return Note(pitch, _beats_of(beats))


def _beats_of(written: object) -> Fraction:
    """Return a number of beats that was written as a fraction: "1/2"."""
    beats = read_fraction(written)
    if beats <= 0:
        raise ValueError("beats are above 0")
    return beats


def _told_of(values: dict[str, Any]) -> tuple[float | None, tuple[ToldExample, ...]]:
    """Return the accuracy of an entry, and the names whose kinds were told."""
    accuracy, told = values.get("accuracy"), values.get("told")
    if not (
        (accuracy is None or _is_share(accuracy))
        and isinstance(told, list)
        and len(told) <= _MAX_NAMES_PER_ENTRY
        and all(isinstance(each, list) and len(each) == _TOLD_PARTS for each in told)
        and all(is_text(text, MAX_EXCERPT) for each in told for text in each[:-1])
        and all(_is_share(each[-1]) for each in told)
    ):
        raise ValueError("an entry of kinds has an accuracy and names, each with what was told")
    return accuracy, tuple(ToldExample(*each) for each in told)


def _is_share(value: object) -> bool:
    return isinstance(value, float) and 0.0 <= value <= 1.0


def _kinds_of(others: list[Any], n_names: int) -> tuple[str, ...]:
    """Return the titles of the kinds of an entry's names, which come last if there are any."""
    if not others:
        return ()
    (kinds,) = others
    if not (
        isinstance(kinds, list)
        and len(kinds) == n_names
        and all(is_text(title, MAX_EXCERPT) for title in kinds)
    ):
        raise ValueError("an entry has a kind for each name, or none")
    return tuple(kinds)
