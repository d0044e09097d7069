"""What the index says of the runs in the folder, and what people note of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dinogui.library.autosave.autosave_folder import AutosaveFolder, StoredFile
from dinogui.library.run_store import RunStore
from engine.runs.run_label import NO_LABEL, RunLabel

if TYPE_CHECKING:
    from engine.runs.run_index import FileStamp, Index, IndexEntry
    from engine.runs.run_summary import RunSummary

OPEN_KEY = "run "
"""The key of an open run that has no file yet begins with this."""


class RunCatalogue(QObject):
    """Knows a summary and a label of every run, without opening the files again and again.

    Lives in the GUI thread. The index is read and written in the saving thread; a change of a label
    is seen at once, and withdrawn if it cannot be written.

    Parameters
    ----------
    store : RunStore
    parent : QObject

    Signals
    -------
    changed()
        A summary, a label or a file of the person's own has changed.
    refused(str)
        A sentence that says why a change was not kept.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, store: RunStore, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._folder: AutosaveFolder | None = None
        self._index: Index = {}
        self._labels: dict[str, RunLabel] = {}  # changes that are not in the index yet, by key
        self._own: dict[str, str] = {}  # own files that are not in the index yet, by key
        self._asked = 0  # changes that are being written

    def use_folder(self, folder: AutosaveFolder) -> None:
        """Read and write the index of a folder."""
        self._folder = folder

    def look_up(self, files: Sequence[StoredFile]) -> None:
        """Read what the index says of files, and what it does not say from the files."""
        if self._folder is None or not (files or self._folder.path.is_dir()):
            return
        stamps = [_stamp(file) for file in files]
        self._store.look_up(str(self._folder.path), stamps, self._take_index)

    def knows(self, file: StoredFile) -> bool:
        """Whether a file has been read as it is now."""
        entry = self._index.get(file.id)
        return entry is not None and entry.describes(_stamp(file))

    def summary_of(self, file: StoredFile) -> RunSummary | None:
        """Return the summary of a file; None if it is not read yet, or holds no usable run."""
        entry = self._index.get(file.id)
        return entry.summary if entry is not None and self.knows(file) else None

    def label_of(self, key: str) -> RunLabel:
        """Return what is noted of a run."""
        if key in self._labels:
            return self._labels[key]
        entry = self._index.get(key)
        return entry.label if entry is not None else NO_LABEL

    def set_label(self, key: str, **changes: Any) -> None:
        """Change what is noted of a run. Without a file, it is noted until the run has one."""
        self._labels[key] = replace(self.label_of(key), **changes)
        if self._folder is not None and not key.startswith(OPEN_KEY):
            self._asked += 1
            self._store.label(
                str(self._folder.path), key, changes, self._take_label, self._take_refusal
            )
        self.changed.emit()

    def own_files(self) -> dict[str, IndexEntry]:
        """Return the entries of the runs that are in files of the person's own, by their keys."""
        known = {key: entry for key, entry in self._index.items() if entry.own_file}
        for key, path in self._own.items():
            if path:
                known[key] = self._entry_in(key, path)
            else:
                known.pop(key, None)
        return known

    def has_own_file(self, key: str) -> bool:
        """Whether a run is in a file of the person's own."""
        entry = self._index.get(key)
        return bool(self._own.get(key, entry.own_file if entry is not None else ""))

    def _entry_in(self, key: str, path: str) -> IndexEntry:
        from engine.runs.run_index import UNREAD  # no start needs to wait for it

        entry = self._index.get(key, UNREAD)
        return replace(entry, own_file=path)

    def set_own_file(self, key: str, path: str, done: Callable[[], None] | None = None) -> None:
        """Note that a run is in a file of the person's own, or in none if the path is empty.

        `done` is called once it is noted on the disk.
        """
        if self._folder is None:
            return
        self._own[key] = path
        self._asked += 1

        def take(index: Index) -> None:
            if not path:
                self._index.pop(key, None)
            self._take_label(index)
            if done is not None:
                done()

        self._store.note_own_file(str(self._folder.path), key, path, take, self._take_refusal)
        self.changed.emit()

    def rekey(self, key: str, new_key: str) -> None:
        """Take over what was noted of a run that has a file by now."""
        label = self._labels.pop(key, None)
        if label is not None:
            self.set_label(new_key, **vars(label))

    def _take_index(self, index: Index) -> None:
        self._index = dict(index)
        self.changed.emit()

    def _take_label(self, index: Index) -> None:
        self._index = {**index, **self._unwritten(index)}
        self._end_change()

    def _unwritten(self, index: Index) -> Index:
        """Return what was read, but could not be written to the index."""
        return {run_id: entry for run_id, entry in self._index.items() if run_id not in index}

    def _take_refusal(self, sentence: str) -> None:
        self._end_change()
        self.refused.emit(sentence)

    def _end_change(self) -> None:
        self._asked -= 1
        if not self._asked:
            self._labels = {
                key: label for key, label in self._labels.items() if key.startswith(OPEN_KEY)
            }
            self._own.clear()
        self.changed.emit()


def _stamp(file: StoredFile) -> FileStamp:
    from engine.runs.run_index import FileStamp  # no start needs to wait for it

    return FileStamp(file.id, str(file.path), file.modified, file.n_bytes)
