"""The names worth keeping, as the window knows them, and the thread that keeps them on the disk."""

import logging
from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QThread, Signal, Slot

from dinogui.workers.kept_file import KeptFile, KeptName, Key

_log = logging.getLogger(__name__)


def users_kept_names() -> Path:
    """Return the file of this user's kept names; it may not exist yet."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "kept-names.json"


class KeptNames(QObject):
    """Knows the kept names, and has changes written.

    Lives in the GUI thread. A change is shown at once; the file, which other windows change too,
    has the last word.

    Parameters
    ----------
    path : Path
    thread : QThread
        In which the file is read and written.

    Attributes
    ----------
    names : tuple of KeptName

    Signals
    -------
    changed()
    said(str)
        A sentence, where something went wrong.
    """

    changed = Signal()
    said = Signal(str)

    _look = Signal()
    _change = Signal(int, object, object)

    def __init__(self, path: Path, thread: QThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[KeptName, ...] = ()
        self._keys: frozenset[Key] = frozenset()
        self._order = 0
        self._keeper = _Keeper(KeptFile(path))
        self._keeper.moveToThread(thread)
        self._look.connect(self._keeper.look)
        self._change.connect(self._keeper.change)
        self._keeper.known.connect(self._take)
        self._keeper.failed.connect(self.said)

    def __contains__(self, key: Key) -> bool:
        return key in self._keys

    @Slot()
    def look(self) -> None:
        """Read the file, which another window may have changed."""
        self._look.emit()

    def keep(self, names: Sequence[KeptName]) -> None:
        """Keep names."""
        self._show({kept.key: kept for kept in (*self.names, *names)}.values())
        self._send(tuple(names), frozenset())

    def drop(self, keys: Collection[Key]) -> None:
        """Keep names no longer."""
        self._show([kept for kept in self.names if kept.key not in keys])
        self._send((), frozenset(keys))

    def _send(self, added: tuple[KeptName, ...], removed: frozenset[Key]) -> None:
        self._order += 1
        self._change.emit(self._order, added, removed)

    def _show(self, names: Collection[KeptName]) -> None:
        self.names = tuple(names)
        self._keys = frozenset(kept.key for kept in self.names)
        self.changed.emit()

    @Slot(int, object)
    def _take(self, order: int, names: tuple[KeptName, ...]) -> None:
        # What was read before a later change was made does not know of it yet.
        if order == self._order and names != self.names:
            self._show(names)


class _Keeper(QObject):
    """Reads and writes the file. Lives in the writing thread.

    Signals
    -------
    known(int, tuple of KeptName)
        The last change that is in it, by its number.
    failed(str)
    """

    known = Signal(int, object)
    failed = Signal(str)

    def __init__(self, file: KeptFile) -> None:
        super().__init__()
        self._file = file
        self._order = 0
        # What could not be written waits here for the next time.
        self._added: dict[Key, KeptName] = {}
        self._removed: set[Key] = set()

    @Slot()
    def look(self) -> None:
        try:
            names, note = self._file.read()
        except OSError as error:
            _log.warning("Reading the kept names failed: %s", error)
            self._say("cannot be read", error)
            return
        self._tell(names, note)

    @Slot(int, object, object)
    def change(self, order: int, added: tuple[KeptName, ...], removed: frozenset[Key]) -> None:
        self._order = order
        for key in removed:
            self._added.pop(key, None)
            self._removed.add(key)
        self._added |= {kept.key: kept for kept in added}
        try:
            names, note = self._file.change(self._added.values(), self._removed)
        except OSError as error:
            _log.warning("Keeping names failed: %s", error)
            self._say("cannot be written, so what you keep lasts until the window closes", error)
            return
        self._added.clear()
        self._removed.clear()
        self._tell(names, note)

    def _tell(self, names: tuple[KeptName, ...], note: str) -> None:
        self.known.emit(self._order, names)
        if note:
            self.failed.emit(note)

    def _say(self, what: str, error: OSError) -> None:
        reason = error.strerror or str(error)
        self.failed.emit(f"The kept names in “{self._file.path}” {what}: {reason}.")
