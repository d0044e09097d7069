"""The GUI thread's side of the names thread: names are searched, read, completed and measured."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.common.kept_name import MAX_KIND
from dinogui.common.sampling_messages import Measurement, NamesOfRun
from dinogui.session.ablation.units_off import units_off_in_words
from dinogui.session.blend.chosen_blend import ChosenBlend
from dinogui.session.generation.kept_names import KeptNames, users_kept_names
from dinogui.workers.name_sampler import NameSampler
from dinogui.workers.service import Refusal, Threads, WorkerClient
from engine.data.corpus import Corpus
from engine.data.reading.casing import unify
from engine.data.vocabulary import UnknownSymbolError
from engine.nn.ablation import HiddenUnit
from engine.sampling.candidates import Candidate, SearchResult
from engine.sampling.constraints import Constraints
from engine.sampling.decoding import SamplingError
from engine.sampling.names import MAX_LENGTH
from engine.training.messages import Snapshot
from engine.training.recipes import Recipe
from engine.training.settings import RunSettings

METER_RETRY_SECONDS = 10.0
"""How long the memory meter rests after a measurement that failed."""

_METER_REST = 150
"""The meter rests this many times as long as a measurement took, since that slows the training."""


class NameGeneration(QObject):
    """Has the current network write and read names, and passes the results on.

    Lives in the GUI thread. A new order takes the place of an earlier one of its kind.

    Parameters
    ----------
    threads : Threads
        It gets a thread named "names".
    blend : ChosenBlend
        At which a network writes that is told kinds.
    parent : QObject, optional
    kept_path : Path, optional
        The file of the kept names; the user's own if absent.

    Attributes
    ----------
    kept : KeptNames
    run_id : int
        The run whose names are written; 0 before there is one.
    measurements : list of Measurement
        Of this run, in the order of their steps.
    corpus : Corpus or None
        What the network learns from; None before there are names, and while it learns a text.
    snapshot : Snapshot or None
        The network that writes.
    kind_found : str
        The kind, or the blend, of the names of the latest search; empty if there are no kinds.
    is_searching : bool
        Whether names are being searched for.

    Signals
    -------
    ready()
        The run's first network is there.
    begun()
        There is another run.
    found(SearchResult)
        What the latest search has found so far.
    refused(str, str)
        Why it finds nothing, and the constraint to change, if it is one.
    network_changed()
        There is a newer snapshot.
    read(NameReading)
    finished(str)
        A name that was begun, completed.
    not_read(str)
        Why a name cannot be read or completed.
    measured()
    exported(str)
        The path.
    not_exported(str)
        A sentence that says why not.
    kept_exported(str), kept_not_exported(str)
        The same for the kept names.
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

    def __init__(
        self,
        threads: Threads,
        blend: ChosenBlend,
        parent: QObject | None = None,
        kept_path: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self._blend = blend
        self.snapshot: Snapshot | None = None
        self.corpus: Corpus | None = None
        self.run_id = 0
        self.seed = 0
        self.measurements: list[Measurement] = []
        self.kind_found = ""
        self._completions = 0
        self._latest: SearchResult | None = None
        self.is_searching = False
        self._measuring = False
        self._measure_again_at = 0.0
        thread = threads.start("names")
        self._client = WorkerClient(NameSampler(), thread, self)
        self.kept = KeptNames(kept_path or users_kept_names(), thread, self)
        self.kept.look()

    # What the session says

    def begin(
        self,
        run_id: int,
        corpus: Corpus,
        recipe: Recipe,
        settings: RunSettings,
        measurements: list[Measurement],
    ) -> None:
        """Write names for another run from now on; measurements are appended to the run's list."""
        self._turn_to(corpus, measurements)
        self.run_id = run_id
        self.seed = settings.seed
        held_out = settings.held_out if recipe.holds_out else 0.0
        self._client.order(NameSampler.learn_of, NamesOfRun(corpus, settings.seed, held_out))
        self.begun.emit()

    def rest(self) -> None:
        """Write no names from now on, because the network learns a text."""
        self._turn_to(None, [])
        self.begun.emit()

    def _turn_to(self, corpus: Corpus | None, measurements: list[Measurement]) -> None:
        for method in (
            NameSampler.search,
            NameSampler.read_name,
            NameSampler.complete_name,
            NameSampler.measure,
        ):
            self._client.cancel(method)
        self.is_searching = False
        self._completions += 1
        self.corpus, self.snapshot = corpus, None
        self.measurements = measurements
        self._measuring = False
        self._measure_again_at = 0.0

    @Slot(object)
    def take_snapshot(self, snapshot: Snapshot) -> None:
        """Write with this network from now on."""
        if self.corpus is None:
            return
        is_first = self.snapshot is None
        self.snapshot = snapshot
        self.network_changed.emit()
        if is_first:
            self.ready.emit()

    @Slot(object)
    def measure_if_due(self, snapshot: Snapshot) -> None:
        """Measure the latest network of the training, whichever one writes."""
        is_due = not self._measuring and time.monotonic() >= self._measure_again_at
        if is_due and self.corpus is not None:
            last = self.measurements[-1].step if self.measurements else -1
            if snapshot.step > last:
                self._measuring = True
                self._client.order(
                    NameSampler.measure,
                    snapshot,
                    self.usual_longest,
                    done=self._take_measurement,
                    refused=self._take_no_measurement,
                )

    def recall(self, measurements: Sequence[Measurement]) -> None:
        """Take over the measurements that are stored in the file of a run."""
        self.measurements[:] = measurements
        self.measured.emit()

    # Orders

    @property
    def usual_longest(self) -> int:
        """How long names may be by default: as long as those that the network learned from."""
        return max(MAX_LENGTH, self.corpus.longest_length if self.corpus else 0)

    @property
    def data(self) -> str:
        """The name of the run's data, as it is stored with kept names."""
        return self.corpus.source if self.corpus else ""

    @property
    def units_off(self) -> frozenset[HiddenUnit]:
        """The hidden units that are switched off in the network that writes."""
        return self.snapshot.units_off if self.snapshot is not None else frozenset()

    @property
    def kind(self) -> str:
        """The kind, or the blend of kinds, at which the network writes; empty if there are none."""
        words = self._blend.words
        return words if len(words) <= MAX_KIND else f"{words[: MAX_KIND - 1]}…"

    @property
    def model(self) -> str:
        """The network's cell and widths, as they are stored with kept names.

        It is followed by the number of units that are switched off, if there are any.
        """
        if self.snapshot is None:
            return ""
        built, off = self.snapshot.parameters.architecture, self.units_off
        model = f"{built.cell.upper()} {'+'.join(map(str, built.widths))}"
        return f"{model} ({units_off_in_words(len(off))})" if off else model

    def unify(self, text: str) -> str:
        """Return a text with the normal form, and the case, of the run's names."""
        if self.corpus is None:
            return text
        return unify(text, lower_case=self.corpus.lower_case)

    def one_each(self, text: str) -> str:
        """Return a text with one character for each of its letters; see `Vocabulary.one_each`."""
        return text if self.corpus is None else self.corpus.vocabulary.one_each(text)

    def without_last_letter(self, text: str) -> str:
        """Return a text without its last letter."""
        letters = text if self.corpus is None else self.corpus.vocabulary.split(text)
        return "".join(letters[:-1])

    def find_candidates(self, constraints: Constraints) -> None:
        """Search names; `found` and `refused` answer.

        Raises
        ------
        SamplingError
            If no network can meet a constraint; its `field` names it.
        """
        if self.snapshot is None:
            raise SamplingError("There is no network yet. Open a file of names, or wait for it.")
        for field in ("prefix", "suffix", "containing"):
            try:
                self.snapshot.vocabulary.encode(getattr(constraints, field))
            except UnknownSymbolError as error:
                raise SamplingError(str(error), field) from None
        self._latest = None
        self.kind_found = self.kind
        self.is_searching = True
        self._client.order(
            NameSampler.search,
            self.snapshot,
            constraints,
            done=self._take_found,
            refused=self._take_refusal,
            reported=self._take_found,
            supersedes=True,
        )

    def withdraw(self) -> None:
        """Stop the search without a message, because the request has changed."""
        self._client.cancel(NameSampler.search)
        self.is_searching = False

    @Slot()
    def cancel(self) -> None:
        """Stop the search, and show what was found."""
        self.withdraw()
        found = self._latest or SearchResult((), 0, 0, 0)
        note = f"Cancelled: {len(found.candidates):,} found among {found.tried:,} tries."
        self.found.emit(replace(found, is_over=True, note=note))

    def read_name(self, text: str) -> None:
        """Ask what could come next in a name; `read` and `not_read` answer."""
        if self.snapshot is not None:
            self._client.order(
                NameSampler.read_name,
                self.snapshot,
                self.unify(text),
                done=self.read.emit,
                refused=self._take_not_read,
                supersedes=True,
            )

    def finish(self, text: str) -> None:
        """Ask for the rest of a name; `finished` and `not_read` answer."""
        if self.snapshot is not None:
            self._completions += 1
            self._client.order(
                NameSampler.complete_name,
                self.snapshot,
                self.unify(text),
                self.usual_longest,
                self.seed + self._completions,  # another one each time
                done=self.finished.emit,
                refused=self._take_not_read,
                supersedes=True,
            )

    def export(self, path: str, candidates: Sequence[Candidate], form: str) -> None:
        """Write names to a file; `exported` and `not_exported` answer."""
        self._client.order(
            NameSampler.export,
            path,
            tuple(candidates),
            form,
            done=self.exported.emit,
            refused=lambda refusal: self.not_exported.emit(refusal.sentence),
            outlasts_closing=True,
        )

    def export_kept(self, path: str, form: str) -> None:
        """Write all kept names to a file; `kept_exported` and `kept_not_exported` answer."""
        self._client.order(
            NameSampler.export_kept,
            path,
            self.kept.names,
            form,
            done=self.kept_exported.emit,
            refused=lambda refusal: self.kept_not_exported.emit(refusal.sentence),
            outlasts_closing=True,
        )

    # Answers

    def _take_found(self, found: SearchResult) -> None:
        self._latest = found
        self.is_searching = not found.is_over
        self.found.emit(found)

    def _take_refusal(self, refusal: Refusal) -> None:
        self.is_searching = False
        self.refused.emit(refusal.sentence, refusal.field)

    def _take_not_read(self, refusal: Refusal) -> None:
        self.not_read.emit(refusal.sentence)

    def _take_measurement(self, measurement: Measurement) -> None:
        self._measuring = False
        self._measure_again_at = time.monotonic() + _METER_REST * measurement.seconds
        self.measurements.append(measurement)
        self.measured.emit()

    def _take_no_measurement(self, _refusal: Refusal) -> None:
        """Try again later; the log says what was wrong."""
        self._measuring = False
        self._measure_again_at = time.monotonic() + METER_RETRY_SECONDS
