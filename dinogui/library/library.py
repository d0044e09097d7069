"""What saves, autosaves and recovers the runs of a window, put together."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.library.autosave import EVERY_SECONDS, Autosave
from dinogui.library.autosave_folder import AutosaveFolder
from dinogui.library.recovery import Recovery
from dinogui.library.run_store import RunStore
from dinogui.library.saving import Saving
from dinogui.session.session import Session
from dinogui.widgets.banner import Banner


class Library(QObject):
    """The runs of a window on disk.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    store : RunStore
    saving : Saving
    make_recovery_banner : callable
        Returns a banner for what other windows left behind. It is called if there is autosaving.

    Attributes
    ----------
    saving : Saving
    autosave : Autosave or None
        Made by `autosave_in`, as is the next.
    recovery_banner : Banner or None

    Signals
    -------
    failed(str)
        Something could not be saved, autosaved or opened; a sentence says why.
    recovered(str)
        Autosaving succeeds again; a sentence says so.
    """

    failed = Signal(str)
    recovered = Signal(str)

    def __init__(
        self,
        session: Session,
        store: RunStore,
        saving: Saving,
        make_recovery_banner: Callable[[], Banner],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._store, self.saving = session, store, saving
        self._make_recovery_banner = make_recovery_banner
        self.autosave: Autosave | None = None
        self.recovery_banner: Banner | None = None
        saving.not_saved.connect(self._tell)
        saving.refused.connect(self._tell)

    def autosave_in(self, folder: Path, every: float = EVERY_SECONDS) -> None:
        """Save the run regularly in case of a crash, and offer what other windows left behind.

        Parameters
        ----------
        folder : Path
        every : float
            Seconds of training.
        """
        place, session = AutosaveFolder(folder), self._session
        self.autosave = Autosave(session, self._store, place, every, self)
        self.autosave.failed.connect(self._tell)
        self.autosave.recovered.connect(self.recovered)
        self.saving.saved.connect(self.autosave.remove_if_saved)
        self.recovery_banner = self._make_recovery_banner()
        recovery = Recovery(place, self._store, self.autosave, self.recovery_banner)
        recovery.refused.connect(self._tell)
        session.closing.connect(recovery.release)
        recovery.look()

    def discard(self) -> None:
        """Remove what was autosaved of the run shown: the user does not want it."""
        if self.autosave is not None:
            self.autosave.discard()

    @Slot(str)
    def _tell(self, message: str) -> None:
        if message:  # it is empty if the person cancelled
            self.failed.emit(message)
