"""The training log of a run in its file, among the extras, and back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from engine.storage.validated_mapping import ValidatedMapping, is_text
from engine.training.messages import LogEntry, TextLogEntry
from engine.training.ranges import MAX_STEPS

LOG = "log"
"""The name of the extra."""

MAX_EXCERPT = 100_000
"""Characters of the longest text or name in a log."""

_MAX_NAMES_PER_ENTRY = 100


def log_extras(entries: Iterable[LogEntry | TextLogEntry]) -> dict[str, Any]:
    """Return the extra of a run's file that holds what the network wrote during training."""
    return {LOG: list(map(_to_json, entries))}


def read_log(extras: Mapping[str, Any]) -> tuple[LogEntry | TextLogEntry, ...]:
    """Return the log in the file of a run; empty if there is none.

    Raises
    ------
    ValueError
        If it is damaged; the message says what is wrong.
    """
    return ValidatedMapping(extras).items(LOG, lambda found: tuple(map(_from_json, found)))


def _to_json(entry: LogEntry | TextLogEntry) -> list[Any]:
    if isinstance(entry, LogEntry):
        kinds = [list(entry.kinds)] if entry.kinds else []
        return [entry.iteration, entry.smoothed_loss, list(entry.names), *kinds]
    return [entry.step, entry.smoothed_loss, entry.text]


def _from_json(values: Any) -> LogEntry | TextLogEntry:
    step, loss, written, *others = values
    is_step = type(step) is int and 0 <= step <= MAX_STEPS
    if not (is_step and isinstance(loss, float) and math.isfinite(loss)):
        raise ValueError("an entry begins with a step and a loss")
    if is_text(written, MAX_EXCERPT) and not others:
        return TextLogEntry(step, loss, written)
    if not (
        isinstance(written, list)
        and len(written) <= _MAX_NAMES_PER_ENTRY
        and all(is_text(name, MAX_EXCERPT) for name in written)
    ):
        raise ValueError("an entry has names or a text")
    return LogEntry(step, loss, tuple(written), _kinds_of(others, len(written)))


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
