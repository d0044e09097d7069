"""An earlier run, as lists and messages show it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dinogui.common.words import CELL_WORDS, units_text
from dinogui.library.earlier.run_facts import NO_FACTS, RunFacts
from dinogui.session.run import Run
from engine.data.training_data import counted
from engine.evaluation.units import Unit
from engine.runs.run_label import NO_LABEL, RunLabel

if TYPE_CHECKING:
    from dinogui.library.autosave.autosave_folder import StoredFile
    from engine.data.training_data import DataKind
    from engine.runs.run_index import IndexEntry
    from engine.runs.run_summary import RunSummary

_MAX_NAME = 40
"""Characters of the longest name that is shown in full."""


@dataclass(frozen=True)
class EarlierRun:
    """A run that can be shown again.

    Attributes
    ----------
    key : str
        Identifies it, also after its file was renamed.
    name : str
        What the person calls it, or else the person's own file that it is in, or its data.
    data : str
        Name of its data.
    network : str
        Its cell and its hidden units: "LSTM 128 + 64". If it was resized after its last step, also
        those before: "RNN 230 → 50".
    step : int
    loss : str
        The smoothed loss with its unit, of the network at the last step; empty before the first.
    time : str
        When it was last written; empty if it is in memory only.
    path : Path or None
        Its file in the autosave folder.
    own_file : str
        The path of the person's own file that it is saved in; empty if there is none. If the
        autosave folder has a file as well, that one is later.
    is_missing : bool
        Whether its own file is its only one, and is not there any longer.
    run_id : int or None
        Its id if it is open.
    is_starred : bool
    is_left_behind : bool
        Whether a window left it behind when it crashed, or had to close without a question.
    label : RunLabel
        What the person has noted of it.
    facts : RunFacts
    """

    key: str
    name: str
    data: str
    network: str
    step: int
    loss: str
    time: str = ""
    path: Path | None = None
    own_file: str = ""
    is_missing: bool = False
    run_id: int | None = None
    is_starred: bool = False
    is_left_behind: bool = False
    label: RunLabel = NO_LABEL
    facts: RunFacts = NO_FACTS

    @classmethod
    def of_summary(cls, key: str, summary: RunSummary, label: RunLabel) -> EarlierRun:
        """Describe a run that is in a file only."""
        return cls(
            key,
            _shortened(label.title or summary.name or summary.source),
            _shortened(summary.source),
            _network_text(summary.cell, summary.trained_widths, summary.widths),
            summary.step,
            _loss_text(summary.loss, summary.characters, summary.kind)
            + _owner_text(summary.trained_widths, summary.widths),
            label=label,
            facts=RunFacts.of_summary(summary),
        )

    @classmethod
    def of_open_run(cls, run: Run, key: str, label: RunLabel = NO_LABEL) -> EarlierRun:
        """Describe an open run."""
        progress, source = run.progress, run.corpus.source if run.corpus is not None else ""
        loss = (progress.smoothed_loss, progress.smoothed_characters) if progress else (None, None)
        return cls(
            key,
            _shortened(label.title or run.name or source),
            _shortened(source),
            _network_text(run.settings.cell, run.trained_widths, run.hyperparameters.widths),
            run.steps_made,
            _loss_text(*loss, run.kind)
            + _owner_text(run.trained_widths, run.hyperparameters.widths),
            run_id=run.id,
            label=label,
            facts=RunFacts.of_open_run(run),
        )

    def in_file(self, stored: StoredFile) -> EarlierRun:
        """Return the same run with what is known of its file."""
        return replace(
            self,
            time=_time_text(datetime.fromtimestamp(stored.modified)),
            path=stored.path,
            is_starred=stored.is_starred or self.label.is_starred,
            is_left_behind=stored.is_left_behind,
            facts=replace(self.facts, modified=stored.modified, n_bytes=stored.n_bytes),
        )

    def in_own_file(self, entry: IndexEntry) -> EarlierRun:
        """Return the same run with what is known of the person's own file."""
        name = self.label.title or Path(entry.own_file).name
        run = replace(self, name=_shortened(name), own_file=entry.own_file)
        if self.path is not None:
            return run
        time = _time_text(datetime.fromtimestamp(entry.modified)) if entry.modified > 0 else ""
        return replace(
            run,
            time=time,
            is_starred=self.label.is_starred,
            is_missing=entry.is_missing and self.run_id is None,
            facts=replace(self.facts, modified=entry.modified, n_bytes=entry.n_bytes),
        )

    @property
    def file(self) -> str:
        """The file to read it from; empty if it is in memory only."""
        return str(self.path) if self.path is not None else self.own_file

    @property
    def own_file_text(self) -> str:
        """The path of its own file, as it can be shown."""
        return _printable(self.own_file)

    @property
    def steps(self) -> str:
        """The steps that it has made, as text: 1 step, 12,400 steps."""
        return counted(self.step, "step")

    @property
    def is_deleted(self) -> bool:
        """Whether it is in the trash."""
        return self.label.deleted is not None

    @property
    def title(self) -> str:
        """Its name, and that of its data if that is another one."""
        return self.name if self.name == self.data else f"{self.name} ({self.data})"

    @property
    def in_a_message(self) -> str:
        """What a sentence calls it: "people.txt, 12,400 steps"."""
        return f"{self.name}, {self.steps}"

    @property
    def details(self) -> str:
        """Everything but the name, in a line."""
        missing = "its file is missing" if self.is_missing else ""
        return ", ".join(filter(None, (self.network, self.steps, self.loss, self.time, missing)))


def _network_text(cell: str, trained: tuple[int, ...], now: tuple[int, ...]) -> str:
    """Return the cell and the widths; also those at the last step if they were others."""
    before = "" if trained == now else f"{units_text(trained)} → "
    return f"{CELL_WORDS.get(cell, cell)} {before}{units_text(now)}"


def _owner_text(trained: tuple[int, ...], now: tuple[int, ...]) -> str:
    """Return what follows a loss that belongs to other widths than the present ones."""
    return "" if trained == now else f" with {units_text(trained)} units"


def _loss_text(loss: float | None, characters: float | None, kind: DataKind) -> str:
    if loss is None or not characters:
        return ""
    unit = Unit.NATS_PER_CHARACTER if kind != "names" else Unit.NATS_PER_NAME
    return f"{unit.write(unit.of(loss, characters))} {unit.label(kind)}"


def _time_text(time: datetime) -> str:
    """Return the time of the day, with the date if it is another day's."""
    if time.date() == datetime.now().date():
        return f"{time:%H:%M}"
    return f"{time:%d %B %Y, %H:%M}"


def _shortened(name: str) -> str:
    """Return a name on one line, with … in the middle of a long one."""
    visible = _printable(name)
    if len(visible) <= _MAX_NAME:
        return visible
    half = _MAX_NAME // 2
    return f"{visible[:half]}…{visible[-half:]}"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)
