"""The workshop: the window's door to the thread in which names are written."""

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from dinogui.session.kept_names import KeptNames, users_kept_names
from dinogui.workers.name_sampler import NameSampler
from dinogui.workers.sampling_messages import Measurement, NameReading, NamesOfRun
from dinogui.workers.threads import named_thread, wait_for_end
from engine.data.corpus import Corpus
from engine.data.text_file import unify
from engine.data.vocabulary import UnknownSymbolError
from engine.sampling.candidates import Candidate, SearchResult
from engine.sampling.constraints import Constraints
from engine.sampling.decoding import SamplingError
from engine.sampling.names import MAX_LENGTH
from engine.training.messages import Snapshot
from engine.training.recipes import Recipe
from engine.training.settings import RunSettings

_CLOSING_MILLISECONDS = 10_000
_METER_REST = 150
"""Times as long as a measurement takes, the meter rests after it: it holds up the training."""


class NameGeneration(QObject):
    """Sends wishes to the writing thread, and what it found to who asked.

    Lives in the GUI thread. Orders are numbered; answers to any but the latest are dropped.

    Parameters
    ----------
    kept_path : Path, optional
        The file of the kept names; the user's own if absent.

    Attributes
    ----------
    kept : KeptNames
    measurements : list of Measurement
        Of this run, in the order of their steps.
    corpus : Corpus or None
        What it learns from; None before there are names, and while a text is learned.
    snapshot : Snapshot or None
        The network that writes.

    Signals
    -------
    ready()
        The run's first network is there.
    begun()
        Another run.
    found(SearchResult)
        What the latest wish has brought so far.
    refused(str, str)
        Why it brings nothing, and the wish to change, if it is one.
    network_changed()
        There is a newer snapshot.
    read(NameReading)
    finished(str)
    not_read(str)
        Why a name cannot be read or finished.
    measured()
    exported(str)
        The path.
    not_exported(str)
        A sentence that says why not.
    kept_exported(str), kept_not_exported(str)
        The same of the kept names.
    """

    ready = Signal()
    begun = Signal()
    found = Signal(object)
    refused = Signal(str, str)
    network_changed = Signal()
    read = Signal(object)
    finished = Signal(str)
    not_read = Signal(str)
    measured = Signal()
    exported = Signal(str)
    not_exported = Signal(str)
    kept_exported = Signal(str)
    kept_not_exported = Signal(str)

    _learn_of = Signal(object)
    _write = Signal(int, object, object)
    _cancel = Signal()
    _read = Signal(int, object, str)
    _finish = Signal(int, object, str, int, int)
    _measure = Signal(int, object, int)
    _export = Signal(str, object, str)
    _export_kept = Signal(str, object, str)
    _end = Signal()

    def __init__(self, parent: QObject | None = None, kept_path: Path | None = None) -> None:
        super().__init__(parent)
        self.snapshot: Snapshot | None = None
        self.corpus: Corpus | None = None
        self.seed = 0
        self.measurements: list[Measurement] = []
        self._run = self._request = self._reading = self._finished = 0
        self._latest: SearchResult | None = None
        self._measuring = False
        self._measure_again_at = 0.0
        self._thread = named_thread("writing", self)
        self._writer = NameSampler()
        self._writer.moveToThread(self._thread)
        self.kept = KeptNames(kept_path or users_kept_names(), self._thread, self)
        self._connect_writer()
        self._thread.start()
        self.kept.look()

    def _connect_writer(self) -> None:
        writer = self._writer
        # Timers may be stopped in their own thread only.
        self._thread.finished.connect(writer.cancel, Qt.ConnectionType.DirectConnection)
        self._learn_of.connect(writer.learn_of)
        self._write.connect(writer.write)
        self._cancel.connect(writer.cancel)
        self._read.connect(writer.read_name)
        self._finish.connect(writer.finish)
        self._measure.connect(writer.measure)
        self._export.connect(writer.export)
        self._export_kept.connect(writer.export_kept)
        self._end.connect(writer.end)
        writer.found.connect(self._take_found)
        writer.refused.connect(self._take_refusal)
        writer.read.connect(self._take_reading)
        writer.finished.connect(self._take_finished)
        writer.not_read.connect(self._take_not_read)
        writer.not_finished.connect(self._take_not_finished)
        writer.measured.connect(self._take_measurement)
        writer.exported.connect(self.exported)
        writer.not_exported.connect(self.not_exported)
        writer.kept_exported.connect(self.kept_exported)
        writer.kept_not_exported.connect(self.kept_not_exported)

    # What the session says

    def begin(self, corpus: Corpus, recipe: Recipe, settings: RunSettings) -> None:
        """Turn to another run."""
        self._turn_to(corpus)
        self.seed = settings.seed
        held_out = settings.held_out if recipe.holds_out else 0.0
        self._learn_of.emit(NamesOfRun(corpus, settings.seed, held_out))
        self.begun.emit()

    def rest(self) -> None:
        """Turn to no run: what is learned now is a text, and this is about names."""
        self._turn_to(None)
        self._cancel.emit()
        self.begun.emit()

    def _turn_to(self, corpus: Corpus | None) -> None:
        self._run += 1
        self._writer.abandon_before(self._run)
        self._request += 1
        self._reading += 1
        self._finished += 1
        self.corpus, self.snapshot = corpus, None
        self.measurements = []
        self._measuring = False
        self._measure_again_at = 0.0

    @Slot(object)
    def take_snapshot(self, snapshot: Snapshot) -> None:
        """Let this network write from now on, and measure it if it is time."""
        if self.corpus is None:
            return
        is_first = self.snapshot is None
        self.snapshot = snapshot
        if not self._measuring and time.monotonic() >= self._measure_again_at:
            last = self.measurements[-1].step if self.measurements else -1
            if snapshot.step > last:
                self._measuring = True
                self._measure.emit(self._run, snapshot, self.usual_longest)
        self.network_changed.emit()
        if is_first:
            self.ready.emit()

    def close(self) -> None:
        """End the thread, once what was ordered before is done: kept names are on the disk."""
        self._writer.abandon_before(math.inf)
        self._end.emit()
        wait_for_end(self._thread, _CLOSING_MILLISECONDS)

    @property
    def has_ended(self) -> bool:
        """Whether the thread is at an end."""
        return self._thread.isFinished()

    def recall(self, measurements: Sequence[Measurement]) -> None:
        """Take over what was measured of this run before it was opened."""
        self.measurements = list(measurements)
        self.measured.emit()

    # Orders

    @property
    def usual_longest(self) -> int:
        """How long names may be unless told otherwise: as long as those it learned from."""
        return max(MAX_LENGTH, len(self.corpus.longest) if self.corpus else 0)

    @property
    def data(self) -> str:
        """What the run learns from, as it is kept with its names."""
        return self.corpus.source if self.corpus else ""

    @property
    def model(self) -> str:
        """What the network is, as it is kept with its names."""
        if self.snapshot is None:
            return ""
        built = self.snapshot.parameters.architecture
        return f"{built.cell.upper()} {'+'.join(map(str, built.widths))}"

    def unify(self, text: str) -> str:
        """Write a text as the run's names are written."""
        if self.corpus is None:
            return text
        return unify(text, lower_case=self.corpus.lower_case)

    def propose(self, constraints: Constraints) -> None:
        """Search names; `found` and `refused` answer.

        Raises
        ------
        SamplingError
            If a wish cannot be met, whatever the network; its `field` says which.
        """
        if self.snapshot is None:
            raise SamplingError("There is no network yet. Open a file of names, or wait for it.")
        for field in ("prefix", "suffix", "containing"):
            try:
                self.snapshot.vocabulary.encode(getattr(constraints, field))
            except UnknownSymbolError as error:
                raise SamplingError(str(error), field) from None
        self._request += 1
        self._latest = None
        self._write.emit(self._request, self.snapshot, constraints)

    def withdraw(self) -> None:
        """Search no longer, without a word: the wish is not one any more."""
        self._request += 1
        self._cancel.emit()

    @Slot()
    def cancel(self) -> None:
        """Search no longer, and say what was found."""
        self.withdraw()
        found = self._latest or SearchResult((), 0, 0, 0)
        note = f"Cancelled: {len(found.candidates):,} found among {found.tried:,} tries."
        self.found.emit(replace(found, is_over=True, note=note))

    def read_name(self, text: str) -> None:
        """Ask what could come next in a name; `read` and `not_read` answer."""
        if self.snapshot is not None:
            self._reading += 1
            self._read.emit(self._reading, self.snapshot, self.unify(text))

    def finish(self, text: str) -> None:
        """Ask for the rest of a name; `finished` and `not_read` answer."""
        if self.snapshot is not None:
            self._finished += 1
            seed = self.seed + self._finished  # another one each time
            self._finish.emit(
                self._finished, self.snapshot, self.unify(text), self.usual_longest, seed
            )

    def export(self, path: str, candidates: Sequence[Candidate], form: str) -> None:
        """Write names to a file; `exported` and `not_exported` answer."""
        self._export.emit(path, tuple(candidates), form)

    def export_kept(self, path: str, form: str) -> None:
        """Write all kept names to a file; `kept_exported` and `kept_not_exported` answer."""
        self._export_kept.emit(path, self.kept.names, form)

    # What comes back

    @Slot(int, object)
    def _take_found(self, request: int, found: SearchResult) -> None:
        if request == self._request:
            self._latest = found
            self.found.emit(found)

    @Slot(int, str, str)
    def _take_refusal(self, request: int, message: str, field: str) -> None:
        if request == self._request:
            self.refused.emit(message, field)

    @Slot(int, object)
    def _take_reading(self, request: int, reading: NameReading) -> None:
        if request == self._reading:
            self.read.emit(reading)

    @Slot(int, str)
    def _take_finished(self, request: int, name: str) -> None:
        if request == self._finished:
            self.finished.emit(name)

    @Slot(int, str)
    def _take_not_finished(self, request: int, message: str) -> None:
        if request == self._finished:
            self.not_read.emit(message)

    @Slot(int, str)
    def _take_not_read(self, request: int, message: str) -> None:
        if request == self._reading:
            self.not_read.emit(message)

    @Slot(int, object)
    def _take_measurement(self, run: int, measurement: Measurement) -> None:
        if run != self._run:
            return
        self._measuring = False
        self._measure_again_at = time.monotonic() + _METER_REST * measurement.seconds
        self.measurements.append(measurement)
        self.measured.emit()
