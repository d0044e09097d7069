"""What a list of runs says of a run, read from the beginning of its file."""

import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.data.training_data import DataKind, data_kind
from engine.nn.architecture import MAX_HIDDEN, MAX_LAYERS, Architecture
from engine.runs.file_versions import upgrade
from engine.runs.run_label import NO_LABEL, RunLabel
from engine.runs.saved_network import FORMAT
from engine.storage.archive import Archive, open_archive
from engine.storage.validated_mapping import ValidatedMapping, is_file_name
from engine.training.ending import MAX_SECONDS
from engine.training.ranges import MAX_STEPS
from engine.training.record import MAX_ITEMS, events_from_json, widths_at_last_step

_MAX_CELL_NAME = 100
_MEASURED = "run/best.measured"
_ACCURACIES = "run/best.accuracies"

Loss = tuple[float, float]
"""In nats per name and in nats per character."""


@dataclass(frozen=True)
class RunSummary:
    """A few facts about a run.

    Attributes
    ----------
    name : str
        What the person calls the run; empty if it has no name.
    source : str
        Name of the data.
    kind : str
        Of the data: "names" or "text".
    cell : str
    widths : tuple of int
        Hidden units of each layer.
    step : int
    loss : float or None
        The smoothed loss, in nats per name; None before the first step.
    characters : float or None
        Per name, smoothed in the same way; None before the first step.
    trained_widths : tuple of int
        Hidden units at the last step, to which the loss belongs. They differ from `widths` if the
        network was resized since.
    n_parameters : int
        Of the network as it is now.
    seconds : float
        Spent training.
    best, last : (float, float) or None
        The best and the last held-out loss, in nats per name and in nats per character; None if
        nothing was measured, or not since the first step.
    n_events : int
        How often something changed the run's course.
    label : RunLabel
        What the person noted of it, as it was when the file was written.
    accuracy : float or None
        The share of held-out names whose kind was told right when they were last measured, from 0
        to 1; None if no kinds are told, or nothing was measured.
    """

    name: str
    source: str
    kind: DataKind
    cell: str
    widths: tuple[int, ...]
    step: int
    loss: float | None
    characters: float | None
    trained_widths: tuple[int, ...]
    n_parameters: int = 0
    seconds: float = 0.0
    best: Loss | None = None
    last: Loss | None = None
    n_events: int = 0
    label: RunLabel = NO_LABEL
    accuracy: float | None = None


def read_summary(path: str | os.PathLike[str]) -> RunSummary:
    """Read the summary of a run from its file, without its large arrays.

    That the rest of the file is whole is not checked: `engine.runs.run_file.load_run` does so.

    Raises
    ------
    CheckpointError
        If there is no such file, or it does not hold a run.
    """
    with open_archive(path) as archive:
        entries = {
            "header": archive.json("header"),
            "run": archive.json("run", may_name_files=True),
            "record": archive.json("record", max_items=MAX_ITEMS),
        }
        if entries["header"]["format"] != FORMAT:
            raise archive.error("was written by another program.")
        try:
            entries = upgrade(entries)
            header, run = ValidatedMapping(entries["header"]), ValidatedMapping(entries["run"])
            extras = archive.json("extras", may_name_files=True)
            name = extras.get("name")
            step, widths = header.whole("step", most=MAX_STEPS), _widths(header)
            events = events_from_json(entries["record"])
            data = ValidatedMapping(archive.json("data", may_name_files=True))
            best, last = _measured(archive, step)
            return RunSummary(
                name if is_file_name(name) else "",
                data.file_name("source"),
                data_kind(header.value("kind")),
                header.text("cell", _MAX_CELL_NAME),
                widths,
                step,
                run.number_or_none("smoothing.loss"),
                run.number_or_none("smoothing.characters"),
                widths_at_last_step(events, step, widths),
                _n_parameters(archive, header, widths),
                _seconds(extras),
                best,
                last,
                len(events),
                RunLabel.from_json(extras.get("label")),
                None if last is None else _accuracy(archive),
            )
        except ValueError as error:
            raise archive.error(f"is damaged: {error}") from error


def _widths(header: ValidatedMapping) -> tuple[int, ...]:
    found = header.value("widths")
    if not isinstance(found, list) or not 1 <= len(found) <= MAX_LAYERS:
        raise ValueError("widths must be a list of the hidden units of each layer.")
    each = (ValidatedMapping({"widths": width}) for width in found)
    return tuple(width.whole("widths", most=MAX_HIDDEN) for width in each)


def _n_parameters(archive: Archive, header: ValidatedMapping, widths: tuple[int, ...]) -> int:
    embedding = header.whole("embedding") if "embedding" in header else None
    cell, n_symbols = header.text("cell", _MAX_CELL_NAME), len(archive.array("symbols"))
    return Architecture(n_symbols, cell, widths, embedding).n_parameters


def _seconds(extras: dict[str, Any]) -> float:
    stored = ValidatedMapping(extras)
    return stored.number("seconds", 0, MAX_SECONDS) if "seconds" in stored else 0.0


def _measured(archive: Archive, step: int) -> tuple[Loss | None, Loss | None]:
    """Return the best and the last held-out loss; None if nothing was measured.

    What was measured before the first step says nothing of a run that has made steps.
    """
    if _MEASURED not in archive:
        return None, None
    rows = archive.array(_MEASURED)
    if rows.shape != (2, 3) or rows.dtype != float or not np.isfinite(rows).all():
        raise ValueError("the held-out losses must be two rows of three numbers.")
    if step and not rows[1, 0]:
        return None, None
    best, last = ((float(row[1]), float(row[2])) for row in rows)
    return best, last


def _accuracy(archive: Archive) -> float | None:
    """Return the last accuracy; None if no kinds are told."""
    if _ACCURACIES not in archive:
        return None
    both = archive.array(_ACCURACIES)
    if both.shape != (2,) or both.dtype != float or not ((both >= 0) & (both <= 1)).all():
        raise ValueError("the accuracies must be two shares.")
    return float(both[1])
