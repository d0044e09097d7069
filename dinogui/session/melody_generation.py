"""The GUI thread's side of the melody thread: the network improvises melodies."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.common.melody_messages import Improvised, Performance
from dinogui.session.run import Run
from dinogui.session.shown_run import ShownRun
from dinogui.workers.melody_sampler import MelodySampler, performed
from dinogui.workers.service import Refusal, WorkerClient
from engine.data.melodies import Melodies
from engine.melody.note import Melody
from engine.sampling.decoding import SamplingError
from engine.sampling.melody.request import MelodyRequest
from engine.training.messages import MelodyLogEntry, Snapshot


class MelodyGeneration(QObject):
    """Has the network that is looked at improvise, also while it learns.

    Lives in the GUI thread.

    Parameters
    ----------
    session : ShownRun
        Its threads get one named "melody".

    Attributes
    ----------
    shown : Improvised or None
        What was improvised last in the run shown.
    is_improvising : bool
        Whether an answer is expected.

    Signals
    -------
    improvised(Improvised)
        Another melody is shown.
    cleared()
        None is shown any more, since another run is.
    refused(str)
        A sentence that says why nothing was improvised.
    saved(str)
        A melody was written to the file at this path.
    failed(str)
        A sentence about an exception, or about a file that cannot be written.
    """

    improvised = Signal(object)
    cleared = Signal()
    refused = Signal(str)
    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, session: ShownRun) -> None:
        super().__init__(session)
        self.shown: Improvised | None = None
        self.is_improvising = False
        self._session = session
        self._client = WorkerClient(MelodySampler(), session.threads.start("melody"), self)
        session.run_begun.connect(self._begin_run)
        session.text_entry_due.connect(self._order_entry)

    def improvise(self, request: MelodyRequest) -> None:
        """Improvise a melody, in place of one that is still being improvised.

        Raises
        ------
        SamplingError
            If there is no network yet, or it writes no melodies.
        """
        snapshot = self._session.viewed_snapshot
        if snapshot is None or self._session.run.shown_output != "melodies":
            raise SamplingError("There is no network yet that improvises. Open melodies first.")
        self.is_improvising = True
        self._client.order(
            MelodySampler.improvise,
            snapshot,
            request,
            done=self._take,
            refused=self._take_refusal,
            supersedes=True,
        )

    def save(self, path: str, form: str, melody: Melody, performance: Performance) -> None:
        """Write a melody to a file; see `MelodySampler.save`."""
        self._client.order(
            MelodySampler.save,
            path,
            form,
            melody,
            performance,
            done=self.saved.emit,
            refused=self._take_unsaved,
            outlasts_closing=True,
        )

    def midi_of(self, melody: Melody, performance: Performance) -> bytes:
        """Return a melody as a MIDI file, at once."""
        return performed("midi", melody, performance)

    @Slot()
    def _begin_run(self) -> None:
        """Forget what another run has improvised, also what is still on its way."""
        self._client.cancel(MelodySampler.improvise)
        self.is_improvising = False
        if self.shown is not None:
            self.shown = None
            self.cleared.emit()

    @Slot(object)
    def _order_entry(self, snapshot: Snapshot) -> None:
        """Have a few bars improvised for the log, if the run is one on melodies."""
        run, melodies = self._session.run, self._session.corpus
        if isinstance(melodies, Melodies):
            self._client.order(
                MelodySampler.improvise_entry,
                snapshot,
                melodies.tempo,
                melodies.bar,
                done=partial(self._take_entry, run),
                refused=self._take_unsaved,
            )

    def _take_entry(self, run: Run, entry: MelodyLogEntry | None) -> None:
        if entry is not None:
            self._session.note_entry(run, entry)

    def _take(self, improvised: Improvised) -> None:
        self.is_improvising, self.shown = False, improvised
        self.improvised.emit(improvised)

    def _take_refusal(self, refusal: Refusal) -> None:
        self.is_improvising = False
        (self.failed if refusal.is_error else self.refused).emit(refusal.sentence)

    def _take_unsaved(self, refusal: Refusal) -> None:
        self.failed.emit(refusal.sentence)
