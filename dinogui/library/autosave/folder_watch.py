"""Notices what other windows change in the folder of runs."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

_REST_MILLISECONDS = 150
"""A file is written in several small changes of the folder, which are reported once."""


class FolderWatch(QObject):
    """Reports changes of a folder, a moment after the last of them.

    Lives in the GUI thread.

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self.changed)
        self._watcher.directoryChanged.connect(self._note)

    def follow(self, folder: Path) -> None:
        """Watch a folder, if it is there. It may be followed already."""
        if str(folder) not in self._watcher.directories() and folder.is_dir():
            self._watcher.addPath(str(folder))

    def stop(self) -> None:
        """Report nothing any longer."""
        self._rest.stop()
        if self._watcher.directories():
            self._watcher.removePaths(self._watcher.directories())

    @Slot()
    def _note(self) -> None:
        self._rest.start()
