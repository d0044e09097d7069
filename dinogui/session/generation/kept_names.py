"""The names worth keeping, as the window knows them; a worker keeps them on the disk."""

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot

from dinogui.common.kept_name import KeptName, Key
from dinogui.workers.kept_file import KeptFile
from dinogui.workers.kept_file_worker import Content, KeptFileWorker
from dinogui.workers.service import Refusal, WorkerClient, WorkerThread


def users_kept_names() -> Path:
    """Return the path of this user's kept names; the file may not exist yet."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "kept-names.json"


class KeptNames(QObject):
    """Knows the kept names, and has changes written.

    Lives in the GUI thread. A change is shown at once. The file, which other windows change too,
    has the last word.

    Parameters
    ----------
    path : Path
    thread : WorkerThread
        In which the file is read and written.
    parent : QObject

    Attributes
    ----------
    names : tuple of KeptName

    Signals
    -------
    changed()
    said(str)
        A sentence about what went wrong.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, path: Path, thread: WorkerThread, parent: QObject) -> None:
        super().__init__(parent)
        self.names: tuple[KeptName, ...] = ()
        self._keys: frozenset[Key] = frozenset()
        self._n_changes = 0
        self._client = WorkerClient(KeptFileWorker(KeptFile(path)), thread, self)

    def __contains__(self, key: Key) -> bool:
        return key in self._keys

    @Slot()
    def look(self) -> None:
        """Read the file, which another window may have changed."""
        self._client.order(
            KeptFileWorker.read,
            done=partial(self._take, self._n_changes),
            refused=self._take_refusal,
        )

    def keep(self, names: Sequence[KeptName]) -> None:
        """Keep names."""
        self._show({kept.key: kept for kept in (*self.names, *names)}.values())
        self._change(tuple(names), frozenset())

    def drop(self, keys: Collection[Key]) -> None:
        """Keep names no longer."""
        self._show([kept for kept in self.names if kept.key not in keys])
        self._change((), frozenset(keys))

    def _change(self, added: tuple[KeptName, ...], removed: frozenset[Key]) -> None:
        self._n_changes += 1
        self._client.order(
            KeptFileWorker.change,
            added,
            removed,
            done=partial(self._take, self._n_changes),
            refused=self._take_refusal,
            outlasts_closing=True,
        )

    def _show(self, names: Collection[KeptName]) -> None:
        self.names = tuple(names)
        self._keys = frozenset(kept.key for kept in self.names)
        self.changed.emit()

    def _take(self, n_changes: int, content: Content) -> None:
        names, note = content
        # A file that was read before a later change does not hold that change yet.
        if n_changes == self._n_changes and names != self.names:
            self._show(names)
        if note:
            self.said.emit(note)

    def _take_refusal(self, refusal: Refusal) -> None:
        self.said.emit(refusal.sentence)
