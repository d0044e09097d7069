"""Saves the run shown every minute and at each pause, in case the process dies."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dinogui.library.autosave_folder import AutosaveFolder, AutosavePlace
from dinogui.library.run_store import RunStore
from dinogui.session.run import Mark, Run, RunState
from dinogui.session.session import Session
from dinogui.workers.run_copy import RunCopy

EVERY_SECONDS = 60.0

_REST_MILLISECONDS = 100
"""Single steps that follow each other faster than this are saved once."""


class Autosave(QObject):
    """Writes what the user has not saved to a file of the window's own, beside a lock.

    Lives in the GUI thread. When the window closes and nothing is unsaved, the file is removed. If
    something is unsaved the file stays, unless `discard` was called, and the next start offers it.

    Parameters
    ----------
    session : Session
    store : RunStore
    folder : AutosaveFolder
    every : float
        Seconds of training from one time to the next, and from a failure to the next try.
    parent : QObject, optional

    Signals
    -------
    written(str)
        The path.
    failed(str)
        A sentence that says why it cannot be written. It is tried again after `every` seconds, and
        said again if that fails.
    recovered(str)
        A sentence that says that writing succeeds again after a failure.
    """

    written = Signal(str)
    failed = Signal(str)
    recovered = Signal(str)

    def __init__(
        self,
        session: Session,
        store: RunStore,
        folder: AutosaveFolder,
        every: float = EVERY_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._store, self._folder = session, store, folder
        self._places: dict[int, AutosavePlace] = {}  # by the id of the run
        self._writing: tuple[int, Run] | None = None
        self._is_due = False
        self._kept: Mark | None = None
        self._has_failed = False
        self._has_said_so = False
        self._is_unwanted = False
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 * every))
        self._timer.timeout.connect(self.write)
        self._retry = QTimer(self, singleShot=True, interval=round(1000 * every))
        self._retry.timeout.connect(self._try_again)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self.write)
        session.state_changed.connect(self._pace)
        session.progressed.connect(self._note_progress)
        session.run_begun.connect(self._turn_to_run)
        session.closing.connect(self._end)
        store.kept.connect(self._take_kept)
        store.failed.connect(self._take_failure)

    @property
    def is_current(self) -> bool:
        """Whether all of the run shown is saved or autosaved."""
        run = self._session.run
        return not run.is_unsaved or run.mark == self._kept

    def adopt(self, place: AutosavePlace) -> None:
        """Take over the place of another window's run, which is the run shown now."""
        self._places[self._session.run.id] = place

    @Slot()
    def write(self) -> None:
        """Write the run shown, if it is unsaved and not written already."""
        if self.is_current:
            return
        run = self._session.run
        if self._writing is not None:  # a slow disk: write as soon as that is done
            self._is_due = True
            return
        place = self._places.get(run.id) or self._folder.new_place()
        if place is None:
            self._complain(f"The folder “{self._folder.path}” cannot be written to.")
        else:
            self._places[run.id] = place
            # With the data inside, as its own file may be gone when the run is needed.
            self._writing = self._store.keep(run, str(place.path), with_data=True), run

    def discard(self) -> None:
        """Leave nothing of the run shown when the window closes: the user does not want it."""
        self._is_unwanted = True  # not removed now, as it might still be being written

    @Slot()
    def remove_if_saved(self) -> None:
        """Remove the file of the run shown if the user has saved the run."""
        run = self._session.run
        place = self._places.get(run.id)
        if place is not None and not run.is_unsaved:
            self._store.remove(str(place.path))  # after whatever is being written there now
            self._kept = None

    @Slot(object)
    def _pace(self, state: RunState) -> None:
        if state is RunState.TRAINING:
            self._timer.start()
        else:
            self._timer.stop()
            self._rest.start()

    @Slot()
    def _note_progress(self) -> None:
        if self._session.state is not RunState.TRAINING:
            self._rest.start()

    @Slot()
    def _turn_to_run(self) -> None:
        """Give up the places of runs that nobody can go back to."""
        self._kept = None
        self._is_unwanted = False
        for run_id in [each for each in self._places if each not in self._session.runs]:
            # After whatever is being written there now.
            self._store.remove(str(self._places[run_id].path))
            self._places.pop(run_id).release()

    @Slot(int, object)
    def _take_kept(self, number: int, copy: RunCopy) -> None:
        if self._writing is None or number != self._writing[0]:
            return
        run = self._writing[1]  # another one may be shown by now
        self._note_success()
        if run is self._session.run:
            self._kept = copy.state.step, copy.state.hyperparameters
        if run.id in self._places:
            self.written.emit(str(self._places[run.id].path))
        self._go_on()

    @Slot(int, str)
    def _take_failure(self, number: int, message: str) -> None:
        if self._writing is not None and number == self._writing[0]:
            self._complain(message)
            self._go_on()

    def _go_on(self) -> None:
        self._writing = None
        is_due, self._is_due = self._is_due, False
        if is_due:
            self.write()

    @Slot()
    def _try_again(self) -> None:
        self._has_said_so = False
        self.write()

    def _note_success(self) -> None:
        self._retry.stop()
        self._has_said_so = False
        if self._has_failed:
            self._has_failed = False
            self.recovered.emit("DinoGUI can keep a copy of the run again, in case it crashes.")

    def _complain(self, message: str) -> None:
        self._has_failed = True
        if not self._has_said_so:
            self._has_said_so = True
            self._retry.start()
            self.failed.emit(
                f"DinoGUI cannot keep a copy of the run in case it crashes. {message} "
                "Save the run yourself, with File > Save run."
            )

    @Slot()
    def _end(self) -> None:
        """Leave the folder tidy; the thread that writes has ended by now."""
        self._timer.stop()
        self._rest.stop()
        self._retry.stop()
        run = self._session.run
        place = self._places.pop(run.id, None)
        if place is not None:
            if run.is_unsaved and not self._is_unwanted:
                place.release()
            else:
                place.discard()
        for earlier in self._places.values():  # the next start offers the runs that were not shown
            earlier.release()
        self._places.clear()
