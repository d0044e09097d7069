"""The dialog of the dataset catalogue: what it offers, and what has been downloaded."""

from pathlib import Path

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtNetwork import QNetworkAccessManager
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QLabel, QVBoxLayout, QWidget

from dinogui.datasets.data_folder import DataFolder
from dinogui.datasets.data_row import DataRow
from dinogui.datasets.data_set import DataSet
from dinogui.widgets.vertical_scroll import VerticalScroll


class DataDialog(QDialog):
    """Lists data sets, downloads them, and reports which one to open.

    Lives in the GUI thread. It is not modal, and downloads continue while it is closed.

    Parameters
    ----------
    catalogue : tuple of DataSet
        The data sets to list, in this order.
    folder : DataFolder
        Where downloads are stored.

    Attributes
    ----------
    rows : list of DataRow
        One per data set.

    Signals
    -------
    chosen(str, str, bool)
        The user opened a data set; see `DataRow`.
    """

    chosen = Signal(str, str, bool)

    def __init__(
        self, catalogue: tuple[DataSet, ...], folder: DataFolder, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Get data")
        self._network = QNetworkAccessManager(self)
        self.rows = [
            DataRow(number, data_set, folder, self._network)
            for number, data_set in enumerate(catalogue, start=1)
        ]
        for row in self.rows:
            row.chosen.connect(self.chosen)
        self._lay_out(folder.path)

    def _lay_out(self, path: Path) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        for row in self.rows:
            rows.addWidget(row)
            line = QFrame()
            line.setFrameShape(QFrame.Shape.HLine)
            line.setProperty("role", "line")
            rows.addWidget(line)
        layout.addWidget(_Rows(content), 1)
        place = QLabel(f"Downloaded to {path}. Each file is checked whenever it is opened.")
        place.setProperty("role", "faint")
        place.setWordWrap(True)
        layout.addWidget(place)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText("&Close")
        close.setToolTip("Close this dialog (Esc). Downloads continue.")
        close.setAutoDefault(False)
        buttons.rejected.connect(self.close)
        layout.addWidget(buttons)
        self.setMinimumWidth(560)

    def point_out(self, data_set: DataSet) -> None:
        """Put the focus on the button that gets or opens a data set."""
        for row in self.rows:
            if row.data_set is data_set:
                row.take_focus()

    @Slot()
    def cancel_all(self) -> None:
        """Cancel all downloads, and leave nothing of them on the disk."""
        for row in self.rows:
            row.cancel()

    def showEvent(self, event: QShowEvent) -> None:
        """Check what has been downloaded: it may have changed since."""
        super().showEvent(event)
        for row in self.rows:
            row.look()


class _Rows(VerticalScroll):
    """Is as high as all data sets, unless the screen is lower."""

    def sizeHint(self) -> QSize:
        """Return the size of the content, which Qt would bound by a number of lines."""
        return self._content.sizeHint()
