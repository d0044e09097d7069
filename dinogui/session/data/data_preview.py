"""The GUI thread's side of the preview thread, which looks at the beginning of data files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dinogui.workers.file_reader import EncodingMisfit, ReadRequest
from dinogui.workers.service import Refusal, Threads, WorkerClient

if TYPE_CHECKING:
    from dinogui.workers.data.preview_worker import MisreadData
    from engine.data.preview import Preview


class DataPreview(QObject):
    """Says what would become of data, without reading all of them. The latest request counts.

    Lives in the GUI thread.

    Parameters
    ----------
    threads : Threads
        With the first request, it gets a thread named "preview": the loading thread may be busy.
    parent : QObject
    """

    def __init__(self, threads: Threads, parent: QObject) -> None:
        super().__init__(parent)
        self._threads = threads
        self._client: WorkerClient | None = None

    def look(
        self,
        request: ReadRequest,
        reported: Callable[[Preview | float], None],
        done: Callable[[Preview | EncodingMisfit | MisreadData], None],
        refused: Callable[[Refusal], None],
    ) -> None:
        """Look at the beginning of data, and no longer at those of an earlier request.

        Parameters
        ----------
        request : ReadRequest
        reported : callable
            Takes what is known by the first of many files, while the others are looked at; and the
            share that is done, where all of the data are read.
        done : callable
            Takes what would become of the data, or which encodings they could have, or why they
            cannot be read as what they are taken for.
        refused : callable
            Takes the reason why they cannot be read at all.
        """
        from dinogui.workers.data.preview_worker import (
            PreviewWorker,  # no start needs to wait for it
        )

        if self._client is None:
            self._client = WorkerClient(PreviewWorker(), self._threads.start("preview"), self)
        self._client.order(
            PreviewWorker.look,
            request,
            done=done,
            refused=refused,
            reported=reported,
            supersedes=True,
        )

    def give_up(self) -> None:
        """Drop the answer to the latest request."""
        if self._client is not None:
            from dinogui.workers.data.preview_worker import PreviewWorker

            self._client.cancel(PreviewWorker.look)
