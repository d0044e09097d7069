"""Which passages of the melody that is shown stand in the training tunes as well."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.session.background import BackgroundTask, BackgroundThread
from dinogui.session.session import Session
from dinogui.session.shown_melody import ShownMelody
from dinogui.workers.background_worker import BackgroundWorker
from dinogui.workers.service import WorkerClient
from engine.data.melodies import Melodies
from engine.evaluation.copied_notes import CopiedNotes, KnownTunes
from engine.sampling.melody.improvise import Improvisation


@dataclass(frozen=True, eq=False)
class _Known:
    """The training tunes of a run, ready to be looked up."""

    melodies: Melodies
    held_out: float
    seed: int
    tunes: KnownTunes


@dataclass(frozen=True, eq=False)
class _Answer:
    """What was found of an improvisation."""

    known: _Known
    improvisation: Improvisation
    copied: CopiedNotes


class KnownPassages(QObject):
    """Looks the melody that is shown up in the training tunes.

    It does so only when somebody asks. Lives in the GUI thread, as a child of the session; the work
    is done in the thread of the panels.

    Attributes
    ----------
    copied : CopiedNotes or None
        Of the melody that is shown; None if it was not looked up yet.

    Signals
    -------
    changed()
        It was looked up, or another one is shown.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.copied: CopiedNotes | None = None
        self._session, self._shown = session, ShownMelody.of(session)
        self._known: _Known | None = None
        self._looked_up: Improvisation | None = None
        thread = BackgroundThread.of(session.threads, "insight")
        self._task = BackgroundTask(thread, self)
        self._client = WorkerClient(BackgroundWorker(), thread.thread_, self)
        self._task.done.connect(self._take)
        self._shown.changed.connect(self._forget)

    @classmethod
    def of(cls, session: Session) -> "KnownPassages":
        """Return the session's known passages, which are made on first use."""
        return session.findChild(cls) or cls(session)

    @property
    def is_busy(self) -> bool:
        """Whether a melody is being looked up."""
        return self._task.is_busy

    @Slot()
    def look_up(self) -> None:
        """Look up the melody that is shown, unless that is done or being done."""
        improvisation = self._shown.improvisation
        is_done = improvisation is self._looked_up
        if is_done or self._task.is_busy or not isinstance(self._session.corpus, Melodies):
            return
        assert improvisation is not None  # else it would be the one that was looked up
        self._task.request(self._work(improvisation))

    def find(self, improvisation: Improvisation, done: Callable[[CopiedNotes], None]) -> None:
        """Look up a melody of the run shown, whether it is shown itself or not."""
        if improvisation is self._looked_up and self.copied is not None:
            done(self.copied)
        else:
            self._client.order(
                BackgroundWorker.compute,
                self._work(improvisation),
                done=lambda answer: done(answer[0].copied),
            )

    def _work(self, improvisation: Improvisation) -> Callable[[], "_Answer"]:
        run = self._session.run
        assert isinstance(run.corpus, Melodies)
        settings = run.settings
        about = (run.corpus, settings.held_out, settings.seed)
        return partial(_look_up, self._known, *about, improvisation)

    @Slot()
    def _forget(self) -> None:
        self.copied = self._looked_up = None
        self.changed.emit()

    @Slot(object, float)
    def _take(self, answer: _Answer, _seconds: float) -> None:
        self._known = answer.known
        if answer.improvisation is self._shown.improvisation:
            self._looked_up, self.copied = answer.improvisation, answer.copied
        self.changed.emit()  # if another melody is shown by now, that one is asked for


def _look_up(
    known: _Known | None,
    melodies: Melodies,
    held_out: float,
    seed: int,
    improvisation: Improvisation,
) -> _Answer:
    """Look a melody up; the tunes are prepared once for all melodies of a run."""
    is_of_run = known is not None and known.melodies is melodies
    if known is None or not is_of_run or (known.held_out, known.seed) != (held_out, seed):
        known = _Known(melodies, held_out, seed, KnownTunes(melodies, held_out, seed))
    return _Answer(known, improvisation, known.tunes.look_up(improvisation.melody.notes))
