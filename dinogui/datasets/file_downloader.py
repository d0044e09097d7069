"""Downloads a file, checks it while it streams to the disk, and keeps it if it is intact."""

from pathlib import Path

from PySide6.QtCore import (
    QByteArray,
    QCryptographicHash,
    QObject,
    QSaveFile,
    QTimer,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest

from dinogui.datasets.data_folder import DataFolder
from dinogui.datasets.data_set import DataFile

STALL_MILLISECONDS = 20_000
"""Longest time without data from the server."""

TOTAL_MILLISECONDS = 600_000
"""Longest time of a whole download. A modem needs three minutes for the largest file."""

_MAX_REDIRECTS = 5
_BUFFER_BYTES = 1 << 16
_OK = 200
_AGAIN = "Check your connection and get it again."
_Error = QNetworkReply.NetworkError

_REASONS = {
    _Error.ConnectionRefusedError: f"{{host}} refuses the connection. {_AGAIN}",
    _Error.HostNotFoundError: f"{{host}} was not found: is this computer offline? {_AGAIN}",
    _Error.RemoteHostClosedError: f"The connection to {{host}} was lost. {_AGAIN}",
    # The transfer timeout, which Qt before 6.11 reports as if somebody had cancelled.
    _Error.OperationCanceledError: f"{{host}} has sent nothing for too long. {_AGAIN}",
    _Error.TimeoutError: f"{{host}} has sent nothing for too long. {_AGAIN}",
    _Error.TooManyRedirectsError: "{host} keeps redirecting to other addresses. Try again later.",
    _Error.InsecureRedirectError: "{host} redirects to an address without encryption, "
    "which was not followed. Try again later.",
    _Error.SslHandshakeFailedError: "No secure connection to {host} could be made ({detail}). "
    "Check this computer's date and its network.",
}


class FileDownloader(QObject):
    """Downloads one file into a folder. A file there is replaced only by an intact one.

    Lives in the GUI thread: Qt's network classes do not block, and the files are small.

    Parameters
    ----------
    data_file : DataFile
    folder : DataFolder
        Created if it does not exist.
    network : QNetworkAccessManager
        Must outlive the downloader.
    stall_milliseconds : int
        Longest time without data from the server.
    total_milliseconds : int
        Longest time of the whole download.

    Signals
    -------
    advanced(int)
        Bytes received so far.
    downloaded()
        The file is intact and in its place.
    failed(str)
        A sentence that says what went wrong. The folder is as it was.
    cancelled()
        The download was cancelled. The folder is as it was.
    """

    advanced = Signal(int)
    downloaded = Signal()
    failed = Signal(str)
    cancelled = Signal()

    def __init__(
        self,
        data_file: DataFile,
        folder: DataFolder,
        network: QNetworkAccessManager,
        *,
        stall_milliseconds: int = STALL_MILLISECONDS,
        total_milliseconds: int = TOTAL_MILLISECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._data_file, self._folder, self._network = data_file, folder, network
        self._stall_milliseconds = stall_milliseconds
        self._reply: QNetworkReply | None = None
        self._file = QSaveFile()
        self._digest = QCryptographicHash(QCryptographicHash.Algorithm.Sha256)
        self._received = 0
        self._is_cancelled = False
        self._complaint = ""
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(total_milliseconds)
        self._clock.timeout.connect(self._end_late)

    @property
    def is_busy(self) -> bool:
        """Whether a download is under way."""
        return self._reply is not None

    # Orders

    @Slot()
    def fetch(self) -> None:
        """Start the download; does nothing while one is under way."""
        if self.is_busy:
            return
        self._received = 0
        self._is_cancelled = False
        self._complaint = ""
        self._digest.reset()
        # Opened at once, to find out before the download whether the file can be written.
        complaint = self._open_file()
        if complaint:
            self.failed.emit(complaint)
            return
        reply = self._reply = self._network.get(self._request())
        reply.setReadBufferSize(_BUFFER_BYTES)
        reply.readyRead.connect(self._take)
        reply.finished.connect(self._finish)
        self._clock.start()

    @Slot()
    def cancel(self) -> None:
        """Cancel the download, and leave nothing of it on the disk."""
        if self._reply is not None:
            self._is_cancelled = True
            self._reply.abort()

    # During the download

    def _open_file(self) -> str:
        """Open a temporary file beside the target; return a sentence if that fails, else ""."""
        path = self._folder.path_of(self._data_file)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return _folder_sentence(path, error.strerror or str(error))
        if path.exists() and not path.is_file():  # Qt would replace a pipe
            return _folder_sentence(path, f"“{path.name}” is not a regular file there")
        self._file = QSaveFile(str(path))
        # Unbuffered, so that a disk error is reported at once and with its reason.
        mode = QSaveFile.OpenModeFlag
        is_open = self._file.open(mode.WriteOnly | mode.Unbuffered)
        return "" if is_open else _unsaved_sentence(self._file)

    def _request(self) -> QNetworkRequest:
        request = QNetworkRequest(QUrl(self._data_file.address))
        request.setAttribute(
            QNetworkRequest.Attribute.RedirectPolicyAttribute,
            QNetworkRequest.RedirectPolicy.NoLessSafeRedirectPolicy,
        )
        request.setMaximumRedirectsAllowed(_MAX_REDIRECTS)
        request.setTransferTimeout(self._stall_milliseconds)
        return request

    @Slot()
    def _take(self) -> None:
        """Write and hash what was received; give up at the first error."""
        reply = self._reply
        if reply is None or self._is_given_up:
            return
        if _status(reply) != _OK:  # the content is an error page
            self._give_up(_status_sentence(reply))
            return
        piece = reply.readAll()
        self._received += piece.size()
        if self._received > self._data_file.size:
            self._give_up(
                _wrong_sentence(reply, f"it is longer than {self._data_file.size:,} bytes")
            )
            return
        self._digest.addData(piece)
        if not _write(self._file, piece):
            self._give_up(_unsaved_sentence(self._file))
            return
        self.advanced.emit(self._received)

    @property
    def _is_given_up(self) -> bool:
        return self._is_cancelled or bool(self._complaint)

    def _give_up(self, complaint: str) -> None:
        self._complaint = complaint
        if self._reply is not None:
            self._reply.abort()

    @Slot()
    def _end_late(self) -> None:
        if self._reply is not None:
            host = self._reply.url().host()
            self._give_up(f"{host} takes too long to send the file. {_AGAIN}")

    # At the end

    @Slot()
    def _finish(self) -> None:
        reply = self._reply
        if reply is None:
            return
        if reply.bytesAvailable():  # the last piece may arrive together with the end
            self._take()
        self._clock.stop()
        self._judge(reply)
        self._reply = None
        reply.deleteLater()
        if not self._is_given_up and not self._file.commit():
            self._complaint = _unsaved_sentence(self._file)
        # A file that was not committed is removed with its object.
        self._file = QSaveFile()
        if self._is_cancelled:
            self.cancelled.emit()
        elif self._complaint:
            self.failed.emit(self._complaint)
        else:
            self.downloaded.emit()

    def _judge(self, reply: QNetworkReply) -> None:
        """Set the complaint unless the file was received completely and unchanged."""
        if self._is_given_up:
            return
        if reply.error() != _Error.NoError:
            self._complaint = _error_sentence(reply)
        elif _status(reply) != _OK:
            self._complaint = _status_sentence(reply)
        elif self._received < self._data_file.size:
            self._complaint = (
                f"Only {self._received:,} of {self._data_file.size:,} bytes were received from "
                f"{reply.url().host()}. {_AGAIN}"
            )
        elif self._digest.result().toHex().toStdString() != self._data_file.sha256:
            self._complaint = _wrong_sentence(reply, "its SHA-256 differs")


def _status(reply: QNetworkReply) -> int | None:
    """Return the HTTP status of the answer; None if there is none."""
    status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    return None if status is None else int(status)


def _error_sentence(reply: QNetworkReply) -> str:
    """Return a sentence about an error that Qt reported."""
    host, detail = reply.url().host(), reply.errorString().rstrip(".")
    if reply.error() in _REASONS:
        return _REASONS[reply.error()].format(host=host, detail=detail)
    status = _status(reply)
    if status is not None and status >= 400:
        return _status_sentence(reply)
    return f"The file cannot be downloaded from {host} ({detail}). {_AGAIN}"


def _status_sentence(reply: QNetworkReply) -> str:
    """Return a sentence about an answer that is not the file."""
    host, status = reply.url().host(), _status(reply)
    if status in (404, 410):
        return f"The file is no longer at its address on {host} (status {status})."
    return f"{host} does not send the file (status {status}). Try again later."


def _wrong_sentence(reply: QNetworkReply, difference: str) -> str:
    return (
        f"{reply.url().host()} sent a different file from the one expected: {difference}. "
        "It was discarded. Try again later, or from another network."
    )


def _write(file: QSaveFile, piece: QByteArray) -> bool:
    """Write all of a piece; return whether that was possible.

    A full disk takes as much as there is room for. Only the next attempt reports the error.
    """
    while piece.size():
        written = file.write(piece)
        if written <= 0:
            return False
        piece = piece.mid(written)
    return True


def _unsaved_sentence(file: QSaveFile) -> str:
    return _folder_sentence(Path(file.fileName()), file.errorString())


def _folder_sentence(path: Path, reason: str) -> str:
    return (
        f"The file cannot be saved in “{path.parent}” ({reason.rstrip('.')}). "
        "Free some disk space, or check that you may write there, and get it again."
    )
