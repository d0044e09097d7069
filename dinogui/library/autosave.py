"""Keeps the run in hand, every minute and at each pause, for the case that the process dies."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dinogui.library.autosave_folder import AutosaveFolder, AutosavePlace
from dinogui.library.run_store import RunStore
from dinogui.library.saving import Mark, Saving
from dinogui.session.curves import Curves
from dinogui.session.session import RunState, Session
from dinogui.workers.run_copy import RunCopy

EVERY_SECONDS = 60.0

_REST_MILLISECONDS = 100
"""Several steps by hand in quick succession are kept once."""


class Autosave(QObject):
    """Writes what is in no file of the user's to one of the window's own, beside a lock.

    Lives in the GUI thread. On a close with nothing unsaved the file goes; with something unsaved
    it stays, unless `discard` was called, and the next start offers it.

    Parameters
    ----------
    session : Session
    keeper : RunStore
    saving : Saving
    folder : AutosaveFolder
    every : float
        Seconds of training from one time to the next.

    Signals
    -------
    written(str)
        The path.
    failed(str)
        A sentence that says why it cannot be written; once, until it can be again.
    """

    written = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        session: Session,
        keeper: RunStore,
        saving: Saving,
        folder: AutosaveFolder,
        every: float = EVERY_SECONDS,
    ) -> None:
        super().__init__(saving)
        self._session, self._keeper, self._saving, self._folder = session, keeper, saving, folder
        # A run is known by its curves. The one that stands aside keeps its place.
        self._places: dict[Curves, AutosavePlace] = {}
        self._writing: tuple[int, Curves] | None = None
        self._is_due = False
        self._kept: Mark | None = None
        self._has_failed = False
        self._is_unwanted = False
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 * every))
        self._timer.timeout.connect(self.write)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self.write)
        session.state_changed.connect(self._pace)
        session.progressed.connect(self._note_progress)
        session.run_begun.connect(self._turn_to_run)
        session.closing.connect(self._end)
        keeper.kept.connect(self._take_kept)
        keeper.failed.connect(self._take_failure)
        saving.saved.connect(self._remove_if_saved)

    def adopt(self, place: AutosavePlace) -> None:
        """Take over the place of another window's run, which is this one's run now."""
        self._places[self._session.curves] = place

    @Slot()
    def write(self) -> None:
        """Write what there is, if it is not there already."""
        saving = self._saving
        if not saving.is_unsaved or saving.mark == self._kept:
            return
        if self._writing is not None:  # a slow disk: as soon as that is done
            self._is_due = True
            return
        place = self._place or self._folder.new_place()
        if place is None:
            self._complain(f"The folder “{self._folder.path}” cannot be written to.")
        else:
            run = self._session.curves
            self._places[run] = place
            # With the names inside, as their file may be gone by then.
            self._writing = self._keeper.keep(str(place.path), with_data=True), run

    @property
    def _place(self) -> AutosavePlace | None:
        """That of the run in hand."""
        return self._places.get(self._session.curves)

    def discard(self) -> None:
        """Leave nothing of this run at the end: nobody wants it any more."""
        self._is_unwanted = True  # now, it might still be being written

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
        """Let go of what nobody can go back to any more."""
        self._kept = None
        self._is_unwanted = False
        session = self._session
        for run in self._places.keys() - {session.curves, session.earlier_curves}:
            # Behind whatever is being written there now.
            self._keeper.remove(str(self._places[run].path))
            self._places.pop(run).release()

    @Slot(int, object)
    def _take_kept(self, number: int, copy: RunCopy) -> None:
        if self._writing is None or number != self._writing[0]:
            return
        run = self._writing[1]  # by now there may be another
        self._has_failed = False
        if run is self._session.curves:
            self._kept = copy.state.step, copy.state.hyperparameters
        if run in self._places:
            self.written.emit(str(self._places[run].path))
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

    def _complain(self, message: str) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(
                f"The run cannot be kept for the case of a crash. {message} "
                "Save it yourself, with File > Save run."
            )

    @Slot()
    def _remove_if_saved(self) -> None:
        place = self._place
        if place is not None and not self._saving.is_unsaved:
            # Behind whatever is being written there now.
            self._keeper.remove(str(place.path))
            self._kept = None

    @Slot()
    def _end(self) -> None:
        """Leave the folder as it ought to be; the thread that writes has ended by now."""
        self._timer.stop()
        self._rest.stop()
        place = self._places.pop(self._session.curves, None)
        if place is not None:
            if self._saving.is_unsaved and not self._is_unwanted:
                place.release()
            else:
                place.discard()
        for earlier in self._places.values():  # the next start offers what stood aside
            earlier.release()
        self._places.clear()
