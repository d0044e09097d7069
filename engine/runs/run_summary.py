"""What a list of runs says of a run, read from the beginning of its file."""

import os
from dataclasses import dataclass

from engine.data.training_data import DataKind
from engine.nn.architecture import MAX_HIDDEN, MAX_LAYERS
from engine.runs.file_versions import upgrade
from engine.runs.saved_network import FORMAT
from engine.storage.archive import open_archive
from engine.storage.validated_mapping import ValidatedMapping, is_file_name
from engine.training.ranges import MAX_STEPS
from engine.training.record import MAX_ITEMS, events_from_json, widths_at_last_step

_MAX_CELL_NAME = 100


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


def read_summary(path: str | os.PathLike[str]) -> RunSummary:
    """Read the summary of a run from its file, without its arrays.

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
            name = archive.json("extras", may_name_files=True).get("name")
            step, widths = header.whole("step", most=MAX_STEPS), _widths(header)
            events = events_from_json(entries["record"])
            data = ValidatedMapping(archive.json("data", may_name_files=True))
            return RunSummary(
                name if is_file_name(name) else "",
                data.file_name("source"),
                "text" if header.value("kind") == "text" else "names",
                header.text("cell", _MAX_CELL_NAME),
                widths,
                step,
                run.number_or_none("smoothing.loss"),
                run.number_or_none("smoothing.characters"),
                widths_at_last_step(events, step, widths),
            )
        except ValueError as error:
            raise archive.error(f"is damaged: {error}") from error


def _widths(header: ValidatedMapping) -> tuple[int, ...]:
    found = header.value("widths")
    if not isinstance(found, list) or not 1 <= len(found) <= MAX_LAYERS:
        raise ValueError("widths must be a list of the hidden units of each layer.")
    each = (ValidatedMapping({"widths": width}) for width in found)
    return tuple(width.whole("widths", most=MAX_HIDDEN) for width in each)
