"""Keeps the race shown in a folder of the window's own, and opens such a race again."""

import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, Signal, Slot

from dinogui.library.races.race_folders import RaceFolders
from dinogui.session.racing.racing import Racing
from dinogui.session.racing.shown_race import RaceState

EVERY_SECONDS = 60.0

_REST_MILLISECONDS = 100
_PATIENCE_SECONDS = 5.0
_LOOK_MILLISECONDS = 20


class RaceKeeper(QObject):
    """Writes a race that the person has not saved, so that it can go on at another time.

    The race is written every minute while it goes on, whenever it stands, when it ends, and when
    the window closes. The latest ones stay. Lives in the GUI thread.

    Parameters
    ----------
    racing : Racing
    folders : RaceFolders
    every : float
        Seconds of racing from one time to the next.
    parent : QObject

    Signals
    -------
    changed()
        Other races can be opened.
    failed(str)
        A sentence that says why a race cannot be written. It is said once for each race.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, racing: Racing, folders: RaceFolders, every: float, parent: QObject) -> None:
        super().__init__(parent)
        self._racing, self._folders = racing, folders
        self._opening: Path | None = None
        self._shown: str | None = None  # the folder of the race that is shown
        self._has_said_so = False
        self._timer = QTimer(self, interval=round(1000 * every))
        self._timer.timeout.connect(racing.keep)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(racing.keep)
        racing.begun.connect(self._begin)
        racing.ended.connect(self._release)
        racing.state_changed.connect(self._pace)
        racing.saved.connect(self._note_saved)
        racing.kept.connect(self._note_kept)
        racing.not_kept.connect(self._complain)
        racing.refused.connect(self._note_refusal)

    @property
    def left_behind(self) -> Path | None:
        """The latest race during which a window was closed, or crashed; None if there is none."""
        return next(iter(self._folders.left_behind()), None)

    @property
    def last(self) -> Path | None:
        """The latest race that no window shows; None if there is none."""
        return next(iter(self._folders.earlier()), None)

    def open(self, folder: Path) -> None:
        """Show a race that was kept, paused where it stood."""
        try:
            self._opening = self._folders.claim(folder)
        except OSError:
            self.failed.emit("This race is no longer there. Another window may have opened it.")
        else:
            self._racing.open(str(self._opening), is_own=True)
        self.changed.emit()

    def finish(self) -> None:
        """Write what is not written yet, before the window closes, but do not wait for ever."""
        racing = self._racing
        deadline = time.monotonic() + _PATIENCE_SECONDS
        racing.pause()
        while time.monotonic() < deadline:
            if not racing.is_being_kept:
                if racing.keep_in is None or racing.is_on_disk:
                    return
                racing.keep()
            QCoreApplication.processEvents(
                QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, _LOOK_MILLISECONDS
            )

    @Slot()
    def end(self) -> None:
        """Let other windows have the races; the thread that writes has ended by now."""
        self._timer.stop()
        self._rest.stop()
        self._folders.release()

    @Slot()
    def _begin(self) -> None:
        self._has_said_so = False
        self._opening = None
        if self._racing.keep_in is None:
            folder = self._folders.new()
            self._racing.keep_in = None if folder is None else str(folder)
        self._shown = self._racing.keep_in
        if self._shown is None:
            self._complain(f"“{self._folders.path}” cannot be written to.")

    @Slot()
    def _release(self) -> None:
        """Let a race that was ended be opened again; if it is being written, that comes first."""
        shown, self._shown = self._shown, None
        if shown is not None and Path(shown).exists() and not self._racing.is_being_kept:
            self._give_up(Path(shown))

    @Slot(object)
    def _pace(self, state: RaceState) -> None:
        if state is RaceState.RACING:
            self._timer.start()
            return
        self._timer.stop()
        if state is not RaceState.OFF:
            self._rest.start()  # what is reported with the state comes first

    @Slot()
    def _note_saved(self) -> None:
        """Remove the copy of a race that the person has saved as it is."""
        racing = self._racing
        if racing.keep_in is not None and not racing.is_unsaved:
            self._remove(Path(racing.keep_in))

    @Slot(str)
    def _note_kept(self, folder: str) -> None:
        self._has_said_so = False
        if folder != self._racing.keep_in:  # the race has ended
            self._give_up(Path(folder))

    def _give_up(self, folder: Path) -> None:
        self._folders.give_up(folder)
        for superfluous in self._folders.superfluous():
            self._remove(superfluous)
        self.changed.emit()

    @Slot(str)
    def _complain(self, why: str) -> None:
        if not self._has_said_so:
            self._has_said_so = True
            self.failed.emit(
                f"DinoGUI cannot keep a copy of the race in case it ends. {why} "
                "Save the race yourself, with File > Save race."
            )

    @Slot()
    def _note_refusal(self) -> None:
        """Give up a race that could not be opened; it stays."""
        if self._opening is not None:
            opening, self._opening = self._opening, None
            self._give_up(opening)

    def _remove(self, folder: Path) -> None:
        from engine.racing.race_folder import remove_race  # only when there was a race

        remove_race(folder)
