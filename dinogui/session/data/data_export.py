"""Writes training data to files, in a thread of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dinogui.workers.service import Refusal, Threads, WorkerClient
from engine.data.corpus import Corpus
from engine.data.text import Text

if TYPE_CHECKING:
    from dinogui.workers.data.data_exporter import ExportedData


class DataExport(QObject):
    """Has training data written to files.

    Lives in the GUI thread.

    Parameters
    ----------
    threads : Threads
        With the first export, it gets a thread named "exporting".
    parent : QObject

    Signals
    -------
    exported(ExportedData)
        A file was written.
    refused(str)
        A file could not be written; a sentence says why.
    """

    exported = Signal(object)
    refused = Signal(str)

    def __init__(self, threads: Threads, parent: QObject) -> None:
        super().__init__(parent)
        self._threads = threads
        self._client: WorkerClient | None = None

    def export(self, data: Corpus | Text, path: str) -> None:
        """Write data to a file, in the format of its suffix. Closing waits until it is done."""
        from dinogui.workers.data.data_exporter import DataExporter  # no start needs to wait for it

        if self._client is None:
            self._client = WorkerClient(DataExporter(), self._threads.start("exporting"), self)
        self._client.order(
            DataExporter.export,
            data,
            path,
            done=self._tell_exported,
            refused=self._tell_refusal,
            outlasts_closing=True,
        )

    def _tell_exported(self, exported: ExportedData) -> None:
        self.exported.emit(exported)

    def _tell_refusal(self, refusal: Refusal) -> None:
        self.refused.emit(refusal.sentence)
