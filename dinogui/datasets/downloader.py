"""Downloads the files of a data set, one after the other."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QNetworkAccessManager

from dinogui.datasets.data_folder import DataFolder
from dinogui.datasets.data_set import DataFile, DataSet
from dinogui.datasets.file_downloader import (
    STALL_MILLISECONDS,
    TOTAL_MILLISECONDS,
    FileDownloader,
)


class Downloader(QObject):
    """Downloads the files of a data set that are not there, or not intact.

    What was downloaded before a failure is kept, so that the next attempt gets only the rest.
    Lives in the GUI thread.

    Parameters
    ----------
    data_set : DataSet
    folder, network, stall_milliseconds, total_milliseconds
        As in `FileDownloader`, for each file.

    Signals
    -------
    advanced(int)
        Bytes of the data set that are there or have been received so far.
    downloaded()
        All files are intact and in their places.
    failed(str)
        A sentence that says what went wrong with one of them.
    cancelled()
        The download was cancelled. Files that were complete stay.
    """

    advanced = Signal(int)
    downloaded = Signal()
    failed = Signal(str)
    cancelled = Signal()

    def __init__(
        self,
        data_set: DataSet,
        folder: DataFolder,
        network: QNetworkAccessManager,
        *,
        stall_milliseconds: int = STALL_MILLISECONDS,
        total_milliseconds: int = TOTAL_MILLISECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._data_set, self._folder, self._network = data_set, folder, network
        self._limits = (stall_milliseconds, total_milliseconds)
        self._left: list[DataFile] = []
        self._file: FileDownloader | None = None
        self._done = 0

    @property
    def is_busy(self) -> bool:
        """Whether a download is under way."""
        return self._file is not None

    # Orders

    @Slot()
    def fetch(self) -> None:
        """Start the download; does nothing while one is under way.

        A single file is downloaded even if it is there.
        """
        if self.is_busy:
            return
        files = self._data_set.files
        self._left = list(files if len(files) == 1 else self._folder.missing(self._data_set))
        self._done = self._data_set.size - sum(file.size for file in self._left)
        self._fetch_next()

    @Slot()
    def cancel(self) -> None:
        """Cancel the download, and leave nothing on the disk of the file that is incomplete."""
        if self._file is not None:
            self._file.cancel()

    # During the download

    def _fetch_next(self) -> None:
        if not self._left:
            self.downloaded.emit()
            return
        stall, total = self._limits
        self._file = FileDownloader(
            self._left[0],
            self._folder,
            self._network,
            stall_milliseconds=stall,
            total_milliseconds=total,
            parent=self,
        )
        self._file.advanced.connect(self._advance)
        self._file.downloaded.connect(self._take_file)
        self._file.failed.connect(self._fail)
        self._file.cancelled.connect(self._take_cancelling)
        self._file.fetch()

    @Slot(int)
    def _advance(self, received: int) -> None:
        self.advanced.emit(self._done + received)

    @Slot()
    def _take_file(self) -> None:
        self._done += self._left.pop(0).size
        self._forget_file()
        self._fetch_next()

    @Slot(str)
    def _fail(self, sentence: str) -> None:
        self._forget_file()
        self.failed.emit(sentence)

    @Slot()
    def _take_cancelling(self) -> None:
        self._forget_file()
        self.cancelled.emit()

    def _forget_file(self) -> None:
        if self._file is not None:
            self._file.deleteLater()
            self._file = None
