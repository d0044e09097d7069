"""Exports a run to a folder: its file, its curve, its names, a picture, and its settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dinogui.common.run_plan import RunPlan
from dinogui.common.text_saver import SavingError, save_text
from dinogui.common.theme import Theme
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.run_copying import RunCopying
from dinogui.library.view_state import ViewState
from dinogui.panels.loss.plot_export import plot_table
from dinogui.panels.text.learned_rows import sample_of
from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.window.runs.curve_picture import curve_picture
from dinogui.window.runs.listed_unit import loss_in
from engine.evaluation.units import Unit
from engine.melody.symbols import note_names
from engine.storage.csv_text import csv_line
from engine.training.messages import KindsLogEntry, LogEntry, MelodyLogEntry
from engine.training.recipes import RECIPES

if TYPE_CHECKING:
    from engine.runs.run_file import SavedRun
    from engine.runs.run_summary import Loss


class RunExport(QObject):
    """Writes runs to folders. Lives in the GUI thread.

    Parameters
    ----------
    copying : RunCopying
    theme : Theme
    parent : QObject

    Signals
    -------
    said(str)
        Where a run was written, or why it could not be.
    """

    said = Signal(str)

    def __init__(self, copying: RunCopying, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._copying, self._theme = copying, theme

    def export(self, run: EarlierRun, parent_folder: str) -> None:
        """Write a run to a new folder in another one."""
        folder = _free_folder(Path(parent_folder), run.name)
        try:
            folder.mkdir()
        except OSError as error:
            self.said.emit(f"“{folder}” cannot be made: {error.strerror or error}.")
            return

        def refuse(sentence: str) -> None:
            self.said.emit(f"The run is not exported. {sentence}")

        def write(saved: SavedRun) -> None:
            try:
                self._write(run, saved, folder)
            except (SavingError, OSError, ValueError) as error:
                refuse(str(error))
            else:
                self.said.emit(f"The run is exported to “{folder}”.")

        self._copying.copy(run, str(folder / "run.npz"), write, refuse)

    def _write(self, run: EarlierRun, saved: SavedRun, folder: Path) -> None:
        """Write everything that is made from the run's file.

        Raises
        ------
        SavingError, OSError, ValueError
            If something cannot be written, or the run is damaged.
        """
        overlaid = OverlaidRun.of_file(saved, run.key)
        kind = overlaid.kind
        unit = Unit.NATS_PER_CHARACTER
        table = plot_table(overlaid.curves, unit, kind, {})
        save_text(str(folder / "curve.csv"), "".join(map(csv_line, table)))
        record = overlaid.record
        plan = RunPlan(
            RECIPES[record.recipe], record.hyperparameters, record.settings, record.until
        )
        settings = {
            "name": run.name,
            "note": run.label.note,
            "data": saved.source,
            "steps": overlaid.step,
            "seconds": overlaid.seconds,
            "parameters": overlaid.architecture.n_parameters,
            "best held-out loss, nats per character": _per_character(run.facts.best),
            "last held-out loss, nats per character": _per_character(run.facts.last),
            "begun with": plan.to_json(),
            "record": record.to_json(),
        }
        text = json.dumps(settings, indent=2, ensure_ascii=False)
        save_text(str(folder / "settings.json"), f"{text}\n")
        save_text(str(folder / "names.txt"), _written(ViewState.from_json(saved.extras)))
        picture = curve_picture(overlaid.curves, unit, unit.label(kind), self._theme.colours)
        if not picture.save(str(folder / "loss.png")):
            raise OSError(f"“{folder / 'loss.png'}” cannot be written.")


def _per_character(loss: Loss | None) -> float | None:
    return loss_in(Unit.NATS_PER_CHARACTER, loss)


def _written(view: ViewState) -> str:
    """Return the starred names, and what the network wrote during training."""
    lines = [f"Kept: {kept.name}" for kept in view.starred]
    for entry in view.log:
        if isinstance(entry, LogEntry):
            lines.append(f"After {entry.iteration + 1:,} steps: {', '.join(entry.names)}")
        elif isinstance(entry, MelodyLogEntry):
            notes = note_names(entry.melody.notes)
            lines.append(f"After {entry.step:,} steps: {notes}")
        elif isinstance(entry, KindsLogEntry):
            lines.append(f"After {entry.step:,} steps: {sample_of(entry)}")
        else:
            lines.append(f"After {entry.step:,} steps:\n{entry.text}")
    return "".join(f"{line}\n" for line in lines)


def _free_folder(parent: Path, name: str) -> Path:
    """Return a folder that does not exist yet, with the name of a run."""
    stem = "".join(c if c.isalnum() or c in " -_.()" else "_" for c in name).strip(" .") or "run"
    folder, number = parent / stem, 2
    while folder.exists():
        folder, number = parent / f"{stem} ({number})", number + 1
    return folder
