"""Lets networks write and read names in a thread of its own: neither window nor training waits."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from dinogui.workers.kept_file import KeptName, kept_row
from dinogui.workers.sampling_messages import Measurement, NameReading, NamesOfRun
from engine.data.vocabulary import UnknownSymbolError
from engine.sampling.candidates import Candidate, SearchResult, find_candidates
from engine.sampling.constraints import Constraints
from engine.sampling.decoding import SamplingError
from engine.sampling.export import export, export_rows
from engine.sampling.known_names import KnownNames, count_fresh_names
from engine.sampling.names import sample_names
from engine.sampling.scoring import next_letter_probabilities, score_names
from engine.training.messages import Snapshot

_LONGEST_REST_MILLISECONDS = 60

_log = logging.getLogger(__name__)


class NameSampler(QObject):
    """Searches names round by round, between which it takes other orders.

    Lives in the writing thread; its slots are reached by queued signals only. Answers begin with
    the number of the order that they belong to. A later order to write takes an earlier one's
    place.

    Signals
    -------
    found(int, SearchResult)
        After each round, all so far.
    refused(int, str, str)
        A sentence that says why nothing is written, and the wish to change, if it is one.
    read(int, NameReading)
    not_read(int, str)
        Why a name cannot be read.
    finished(int, str)
        A name that was begun, with its end.
    not_finished(int, str)
    measured(int, Measurement)
        The number is the run's.
    exported(str)
        The path.
    not_exported(str)
        A sentence that says why not.
    kept_exported(str), kept_not_exported(str)
        The same of the kept names.
    """

    found = Signal(int, object)
    refused = Signal(int, str, str)
    read = Signal(int, object)
    not_read = Signal(int, str)
    finished = Signal(int, str)
    not_finished = Signal(int, str)
    measured = Signal(int, object)
    exported = Signal(str)
    not_exported = Signal(str)
    kept_exported = Signal(str)
    kept_not_exported = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        # A number that one thread writes and the other reads, as in the loader: what is not wanted
        # any more would have to be done before the order to leave it had its turn.
        self._wanted_from = 0.0
        self._names: NamesOfRun | None = None
        self._known: KnownNames | None = None
        self._request = 0
        self._search: Iterator[SearchResult] | None = None
        self._next_round = QTimer(self, singleShot=True)
        self._next_round.timeout.connect(self._go_on)

    def abandon_before(self, run: float) -> None:
        """Measure no more for earlier runs. Called from the GUI thread."""
        self._wanted_from = run

    @Slot(object)
    def learn_of(self, names: NamesOfRun) -> None:
        """Take note of a run's names; they are split when first needed."""
        self.cancel()
        self._names, self._known = names, None

    @Slot(int, object, object)
    def write(self, request: int, snapshot: Snapshot, constraints: Constraints) -> None:
        """Begin to search names, whatever was searched before."""
        self.cancel()
        self._request = request
        try:
            self._search = find_candidates(
                snapshot.parameters,
                snapshot.vocabulary,
                constraints,
                self._known_names(),
                step=snapshot.step,
            )
        except Exception as error:
            self._refuse(error)
        else:
            self._go_on()

    @Slot()
    def cancel(self) -> None:
        """Search no longer."""
        self._next_round.stop()
        self._search = None

    @Slot()
    def _go_on(self) -> None:
        """Search another round; then rest as long as it took, so that the training goes on."""
        if self._search is None:
            return
        start = time.perf_counter()
        try:
            found = next(self._search)
        except Exception as error:  # the thread's edge: nothing may be lost without a word
            self._search = None
            self._refuse(error)
            return
        self.found.emit(self._request, found)
        if found.is_over:
            self._search = None
        else:
            rest = round((time.perf_counter() - start) * 1_000)
            self._next_round.start(min(max(rest, 1), _LONGEST_REST_MILLISECONDS))

    def _refuse(self, error: Exception) -> None:
        self.refused.emit(self._request, _in_words(error), getattr(error, "field", ""))

    @Slot(int, object, str)
    def read_name(self, request: int, snapshot: Snapshot, text: str) -> None:
        """Say what could come next in a name, and how surprising it is so far."""
        network = snapshot.parameters, snapshot.vocabulary
        try:
            reading = NameReading(
                text,
                snapshot.step,
                snapshot.vocabulary.symbols,
                next_letter_probabilities(*network, text),
                score_names(*network, [text])[0],
                self._known_names().status_of(text),
            )
        except Exception as error:
            self.not_read.emit(request, _in_words(error))
        else:
            self.read.emit(request, reading)

    @Slot(int, object, str, int, int)
    def finish(self, request: int, snapshot: Snapshot, text: str, longest: int, seed: int) -> None:
        """Let the network write the rest of a name."""
        network = snapshot.parameters, snapshot.vocabulary
        try:
            names = sample_names(*network, 1, seed=seed, prefix=text, max_length=longest)
        except Exception as error:
            self.not_finished.emit(request, _in_words(error))
        else:
            self.finished.emit(request, names[0])

    @Slot(int, object, int)
    def measure(self, run: int, snapshot: Snapshot, longest: int) -> None:
        """Count what a thousand fresh names are."""
        if run < self._wanted_from:
            return
        start = time.perf_counter()
        try:
            shares = count_fresh_names(
                snapshot.parameters,
                snapshot.vocabulary,
                self._known_names(),
                seed=snapshot.step,
                max_length=longest,
            )
        except Exception:
            _log.exception("Counting fresh names failed.")
            return
        seconds = time.perf_counter() - start
        self.measured.emit(run, Measurement(snapshot.step, shares, seconds))

    @Slot(str, object, str)
    def export(self, path: str, candidates: Sequence[Candidate], form: str) -> None:
        """Write names to a file, whole or not at all."""
        refusal = _refusal(path, lambda: export(path, candidates, form))
        if refusal:
            self.not_exported.emit(refusal)
        else:
            self.exported.emit(path)

    @Slot(str, object, str)
    def export_kept(self, path: str, names: Sequence[KeptName], form: str) -> None:
        """Write kept names to a file, whole or not at all."""
        columns = [field.name for field in fields(KeptName)]
        rows = [kept_row(kept) for kept in names]
        refusal = _refusal(path, lambda: export_rows(path, rows, columns, form))
        if refusal:
            self.kept_not_exported.emit(refusal)
        else:
            self.kept_exported.emit(path)

    @Slot()
    def end(self) -> None:
        """End the thread. An order like others, so that all before it are carried out."""
        self.cancel()
        QThread.currentThread().quit()

    def _known_names(self) -> KnownNames:
        if self._known is None:
            self._known = self._names.known() if self._names else KnownNames(())
        return self._known


def _in_words(error: Exception) -> str:
    """Return the sentence of an error that is meant for people, or make one."""
    if isinstance(error, (SamplingError, UnknownSymbolError)):
        return str(error)
    _log.error("Writing names failed.", exc_info=error)
    return f"No names could be written ({type(error).__name__}: {error}). The terminal says more."


def _refusal(path: str, write: Callable[[], None]) -> str:
    """Write a file, and return a sentence that says why it cannot be; empty if it is written."""
    try:
        write()
    except Exception as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        return (
            f"“{path}” cannot be written: {reason}. What was there before is left as it was. "
            "Choose another folder."
        )
    return ""
