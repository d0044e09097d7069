"""What the index says of the runs in the folder, and what people note of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dinogui.library.autosave_folder import AutosaveFolder, StoredFile
from dinogui.library.run_store import RunStore
from engine.runs.run_label import NO_LABEL, RunLabel

if TYPE_CHECKING:
    from engine.runs.run_index import FileStamp, Index
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
        A summary or a label has changed.
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
        self._asked = 0  # changes that are being written

    def use_folder(self, folder: AutosaveFolder) -> None:
        """Read and write the index of a folder."""
        self._folder = folder

    def look_up(self, files: Sequence[StoredFile]) -> None:
        """Read what the index says of files, and what it does not say from the files."""
        if self._folder is None or not files:
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

    def rekey(self, key: str, new_key: str) -> None:
        """Take over what was noted of a run that has a file by now."""
        label = self._labels.pop(key, None)
        if label is not None:
            self.set_label(new_key, **vars(label))

    def _take_index(self, index: Index) -> None:
        self._index = index
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
        self.changed.emit()


def _stamp(file: StoredFile) -> FileStamp:
    from engine.runs.run_index import FileStamp  # no start needs to wait for it

    return FileStamp(file.id, str(file.path), file.modified, file.n_bytes)
