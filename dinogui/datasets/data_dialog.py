"""The data shelf as people see it: what can be had, what is kept, and how far a download is."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtNetwork import QNetworkAccessManager
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QLabel, QVBoxLayout, QWidget

from dinogui.datasets.catalogue import DataSet
from dinogui.datasets.data_folder import DataFolder
from dinogui.datasets.data_row import DataRow


class DataDialog(QDialog):
    """Lists data sets, gets them, and says which one somebody wants to open.

    It stands beside the window, which goes on working. Downloads go on while it is closed.

    Parameters
    ----------
    shelf : sequence of DataSet
        What can be had, in this order.
    folder : DataFolder
        Where it is kept.

    Attributes
    ----------
    rows : list of DataRow
        One for each data set.

    Signals
    -------
    chosen(str, str)
        The path of a file that was found intact, and its kind: "names" or "text".
    """

    chosen = Signal(str, str)

    def __init__(
        self, shelf: tuple[DataSet, ...], folder: DataFolder, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Get data")
        self._network = QNetworkAccessManager(self)
        self.rows = [
            DataRow(number, data_set, folder, self._network)
            for number, data_set in enumerate(shelf, start=1)
        ]
        for row in self.rows:
            row.chosen.connect(self.chosen)
        self._lay_out(folder.path)

    def _lay_out(self, path: Path) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        for row in self.rows:
            layout.addWidget(row)
            line = QFrame()
            line.setFrameShape(QFrame.Shape.HLine)
            line.setProperty("role", "line")
            layout.addWidget(line)
        place = QLabel(f"Kept in {path}, and checked whenever it is opened.")
        place.setProperty("role", "faint")
        place.setWordWrap(True)
        layout.addWidget(place)
        layout.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText("&Close")
        close.setToolTip("Close this dialog (Esc); downloads go on")
        close.setAutoDefault(False)
        buttons.rejected.connect(self.close)
        layout.addWidget(buttons)
        self.setMinimumWidth(560)

    @Slot()
    def cancel_all(self) -> None:
        """Give up all downloads; nothing of them is left."""
        for row in self.rows:
            row.cancel()

    def showEvent(self, event: QShowEvent) -> None:
        """Look at what is kept: it may have changed since."""
        super().showEvent(event)
        for row in self.rows:
            row.look()
