"""One data set in the dialog: its description, its state, and its buttons."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtNetwork import QNetworkAccessManager
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.datasets.data_folder import DataFolder, FileState
from dinogui.datasets.data_set import DataSet
from dinogui.datasets.downloader import Downloader
from engine.data.sources.places import key_of_places

_INTACT = "Downloaded. It opens at once, also offline."
_ABSENT = "Not downloaded yet."
_DAMAGED = "The downloaded file is damaged. Get it again."
_INCOMPLETE = "Only {there} of {all} files have been downloaded. Get the others."
_SOME_DAMAGED = "{missing} of {all} files are damaged or missing. Get them again."

_STATE_LINES = 2

KEYS = DocumentedKeys(
    "Get data",
    (("Alt+1, Alt+2, Alt+3, Alt+4, Alt+5, Alt+6, Alt+7", "Download, cancel or open a data set"),),
    has_own_window=True,
)


class DataRow(QWidget):
    """Shows a data set, with buttons to download it, cancel the download and open it.

    Lives in the GUI thread.

    Parameters
    ----------
    number : int
        Alt and this digit press the button that is enabled: Get, Cancel or Open.
    data_set : DataSet
    folder : DataFolder
    network : QNetworkAccessManager

    Attributes
    ----------
    data_set : DataSet

    Signals
    -------
    chosen(str, str, bool)
        The user opened the data set: its path or paths, as `engine.data.sources.places` writes
        them, its kind, and whether each of its files is a kind of names. It is intact.
    """

    chosen = Signal(str, str, bool)

    def __init__(
        self,
        number: int,
        data_set: DataSet,
        folder: DataFolder,
        network: QNetworkAccessManager,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.data_set, self._folder = data_set, folder
        self._opens_when_downloaded = False
        self._downloader = Downloader(data_set, folder, network, parent=self)
        self._title = QLabel(f"&{number}  {data_set.title}")
        self._title.setProperty("role", "heading")
        self._title.setToolTip(f"Alt+{number} downloads it, cancels the download or opens it")
        self._state = QLabel()
        self._state.setWordWrap(True)
        self._state.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bar = QProgressBar()
        self._bar.setRange(0, data_set.size)
        self._bar.setAccessibleName(f"Downloading {data_set.title}")
        self._bar.setToolTip("How much has been downloaded")
        self._below = QStackedWidget()
        self._below.addWidget(self._state)
        self._below.addWidget(self._bar)
        # Room for an error, so that the other rows stay where they are when there is one.
        self._below.setMinimumHeight(_STATE_LINES * self.fontMetrics().lineSpacing() + 2)
        size = written_size(data_set.size)
        self.get_button = self._button("Get", f"Download {data_set.title}, {size}")
        self.cancel_button = self._button("Cancel", "Cancel the download")
        self.open_button = self._button("Open", f"Start a new run on {data_set.title}")
        self._lay_out()
        self._connect()
        self.look()

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAccessibleName(f"{text} {self.data_set.title}")
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        title_line = QHBoxLayout()
        size = QLabel(written_size(self.data_set.size))
        size.setProperty("role", "faint")
        title_line.addWidget(self._title)
        title_line.addWidget(size)
        title_line.addStretch(1)
        description = QLabel(self.data_set.description)
        description.setWordWrap(True)
        self._below.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(title_line, 0, 0)
        layout.addWidget(description, 1, 0, 1, 4)
        layout.addWidget(self._below, 2, 0, 1, 4)
        for column, button in enumerate(
            (self.get_button, self.cancel_button, self.open_button), start=1
        ):
            layout.addWidget(button, 0, column)
        layout.setColumnStretch(0, 1)

    def _connect(self) -> None:
        self.get_button.clicked.connect(self._get)
        self.cancel_button.clicked.connect(self.cancel)
        self.open_button.clicked.connect(self._open)
        self._downloader.advanced.connect(self._show_progress)
        self._downloader.downloaded.connect(self._take_download)
        self._downloader.failed.connect(self._take_failure)
        self._downloader.cancelled.connect(self.look)

    @property
    def message(self) -> str:
        """The sentence about the state of the data set; empty while the progress bar is shown."""
        return "" if self._downloader.is_busy else self._state.text()

    @property
    def received(self) -> int:
        """Bytes downloaded so far, as the bar shows them."""
        return self._bar.value()

    # Buttons

    def take_focus(self) -> None:
        """Put the focus on the button that is enabled."""
        for button in (self.get_button, self.cancel_button, self.open_button):
            if button.isEnabled():
                button.setFocus()

    @Slot()
    def _get(self) -> None:
        self._opens_when_downloaded = False
        self._fetch()

    @Slot()
    def cancel(self) -> None:
        """Cancel the download, if there is one."""
        self._downloader.cancel()

    @Slot()
    def _open(self) -> None:
        """Open the file. If it has been damaged since, download it again and open that."""
        if self._folder.state_of(self.data_set) is FileState.INTACT:
            path = self._key
            self.chosen.emit(path, self.data_set.kind, self.data_set.has_kinds)
        else:
            self._opens_when_downloaded = True
            self._fetch()

    @property
    def _key(self) -> str:
        """What is opened: the folder of kinds of names, or all files."""
        if self.data_set.has_kinds:
            return str(self._folder.path_of(self.data_set))
        return key_of_places([str(self._folder.path_of(file)) for file in self.data_set.files])

    def _fetch(self) -> None:
        self._show_progress(0)
        self._downloader.fetch()
        if self._downloader.is_busy:
            self._below.setCurrentWidget(self._bar)
            self._enable(self.cancel_button)

    # Signals of the downloader

    @Slot()
    def look(self) -> None:
        """Show the state of the data set, unless it is being downloaded."""
        if self._downloader.is_busy:
            return
        state = self._folder.state_of(self.data_set)
        if state is FileState.INTACT:
            self._say(_INTACT, self.open_button)
        else:
            self._say(self._words_of(state), self.get_button)

    def _words_of(self, state: FileState) -> str:
        """Return the sentence for a data set that cannot be opened."""
        n_files = len(self.data_set.files)
        if state is FileState.ABSENT or n_files == 1:
            return _ABSENT if state is FileState.ABSENT else _DAMAGED
        missing = len(self._folder.missing(self.data_set))
        words = _SOME_DAMAGED if state is FileState.DAMAGED else _INCOMPLETE
        return words.format(there=n_files - missing, missing=missing, all=n_files)

    @Slot(int)
    def _show_progress(self, received: int) -> None:
        self._bar.setValue(received)
        self._bar.setFormat(f"{written_size(received)} of {written_size(self.data_set.size)}")

    @Slot()
    def _take_download(self) -> None:
        self.look()
        if self._opens_when_downloaded:
            self._opens_when_downloaded = False
            self._open()

    @Slot(str)
    def _take_failure(self, message: str) -> None:
        self._say(message, self.get_button, role="error")

    def _say(self, message: str, next_button: QPushButton, role: str = "faint") -> None:
        self._state.setText(message)
        self._state.setProperty("role", role)
        self._state.style().polish(self._state)  # its colour depends on its role
        self._below.setCurrentWidget(self._state)
        self._enable(next_button)

    def _enable(self, next_button: QPushButton) -> None:
        """Enable one button only; if another one of this row has the focus, it takes the focus."""
        buttons = (self.get_button, self.cancel_button, self.open_button)
        has_focus = any(button.hasFocus() for button in buttons)
        next_button.setEnabled(True)
        if has_focus:
            next_button.setFocus()
        for button in buttons:
            button.setEnabled(button is next_button)
        self._title.setBuddy(next_button)


def written_size(count: int) -> str:
    """Return a number of bytes in thousands or millions, such as 94 kB or 1.1 MB."""
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{count / 1e3:.0f} kB"
