"""What saves and autosaves the runs of a window, and shows earlier ones again, put together."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.library.alike import Alike
from dinogui.library.autosave.autosave import EVERY_SECONDS, Autosave
from dinogui.library.autosave.autosave_folder import AutosaveFolder
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.earlier_runs import MAX_FOLDER_BYTES, EarlierRuns
from dinogui.library.earlier.own_files import OwnFiles
from dinogui.library.earlier.run_addition import RunAddition
from dinogui.library.overlay_source import OverlaySource
from dinogui.library.races.race_folders import RaceFolders
from dinogui.library.races.race_keeper import RaceKeeper
from dinogui.library.run_copying import RunCopying
from dinogui.library.run_store import RunStore
from dinogui.library.saving import Saving
from dinogui.session.session import Session


class Library(QObject):
    """The runs of a window on disk.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    store : RunStore
    saving : Saving

    Attributes
    ----------
    saving : Saving
    earlier : EarlierRuns
    alike : Alike
    addition : RunAddition
    copying : RunCopying
    autosave : Autosave or None
    races : RaceKeeper or None
        Made by `autosave_in`.

    Signals
    -------
    failed(str)
        Something could not be saved or autosaved; a sentence says why.
    said(str)
        What has become of something that was done with runs of the list, or why it could not be.
    recovered(str)
        Autosaving succeeds again; a sentence says so.
    removed(str)
        Earlier runs are no longer there; a sentence says why.
    opening_changed(bool)
        Whether the file of a run is being read.
    races_changed()
        Other races that were kept can be opened.
    """

    failed = Signal(str)
    said = Signal(str)
    recovered = Signal(str)
    removed = Signal(str)
    opening_changed = Signal(bool)
    races_changed = Signal()

    def __init__(
        self,
        session: Session,
        store: RunStore,
        saving: Saving,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._store, self.saving = session, store, saving
        self.earlier = EarlierRuns(session, store, self)
        self.alike = Alike(session, store, self)
        self.alike.refused.connect(self.said)
        self.copying = RunCopying(session, store, self)
        self.addition = RunAddition(self.earlier, store)
        self.addition.said.connect(self.said)
        OverlaySource(session, self.earlier, store)
        session.on_plot.refused.connect(self.said)
        self.earlier.refused.connect(self.said)
        self.earlier.own_file_wanted.connect(self._open_own)
        self.earlier.removed.connect(self.removed)
        self.autosave: Autosave | None = None
        self.races: RaceKeeper | None = None
        store.opening_changed.connect(self.opening_changed)
        store.left_out.connect(self._tell)
        saving.not_saved.connect(self._tell)
        saving.refused.connect(self.said)

    def autosave_in(
        self, folder: Path, every: float = EVERY_SECONDS, max_bytes: int = MAX_FOLDER_BYTES
    ) -> None:
        """Save runs regularly in case of a crash, and list those that are in the folder already.

        Parameters
        ----------
        folder : Path
        every : float
            Seconds of training.
        max_bytes : int
            Of all files in the folder.
        """
        autosave_folder = AutosaveFolder(folder)
        self.autosave = Autosave(self._session, self._store, autosave_folder, every, self)
        self.autosave.failed.connect(self._tell)
        self.autosave.recovered.connect(self.recovered)
        self.earlier.use_folder(autosave_folder, self.autosave, max_bytes)
        races = RaceFolders(folder / "races")
        self.races = RaceKeeper(self._session.racing, races, every, self)
        self.races.failed.connect(self._tell)
        self.races.changed.connect(self.races_changed)
        self._session.closing.connect(self.races.end)
        self.races_changed.emit()
        own_files = OwnFiles(self._session, self.earlier, autosave_folder, self.autosave)
        self.saving.run_saved.connect(own_files.note_saved)
        self.saving.opened.connect(own_files.note_opened)

    @property
    def is_unsaved(self) -> bool:
        """Whether something of the run shown is in no file of the person's own.

        An earlier run that was only looked at counts as saved, as it stays an earlier run.
        """
        is_untouched = self.autosave is not None and self.autosave.is_untouched
        return self.saving.is_unsaved and not is_untouched

    def finish_writing(self) -> None:
        """Wait until the race, and the runs that were put aside, are on the disk."""
        if self.races is not None:
            self.races.finish()
        if self.autosave is not None:
            self.autosave.wait()

    @property
    def step_on_disk(self) -> int | None:
        """The step up to which the run shown is saved or autosaved; None if nothing of it is."""
        run = self._session.run
        return max(
            (mark[0] for mark in (run.saved, run.autosaved) if mark is not None), default=None
        )

    def keep_for_later(self, goes_on: Callable[[], bool]) -> bool:
        """Make the run shown an earlier run, before the window closes; return whether it is one.

        Training is paused.

        Parameters
        ----------
        goes_on : callable
            Asked again and again whether to wait any longer.
        """
        return self.autosave is not None and self.autosave.keep_for_later(goes_on)

    @Slot(object)
    def _open_own(self, run: EarlierRun) -> None:
        self.saving.open(run.own_file)  # in a signal, its path would lose what is not Unicode

    @Slot(str)
    def _tell(self, message: str) -> None:
        if message:  # it is empty if the person cancelled
            self.failed.emit(message)
