"""The dialog with all earlier runs: open, star, delete, restore."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.icons import Icon, make_icon
from dinogui.library.earlier_run import EarlierRun
from dinogui.library.earlier_runs import EarlierRuns

_HEADINGS = ("", "Name", "Data", "Network", "Steps", "Smoothed loss", "Time")
_STAR, _NAME, _STEPS, _LOSS = 0, 1, 4, 5
_RUN = Qt.ItemDataRole.UserRole

KEYS = DocumentedKeys(
    "Earlier runs",
    (
        ("Enter", "Show the selected run again"),
        ("Del", "Delete the selected run"),
        ("Ctrl+Z", "Bring back the run deleted last"),
    ),
    has_own_window=True,
)
_EMPTY = "There are no earlier runs. A run comes here when another one takes its place."
_EXPLANATION = (
    "A run comes here when another one takes its place in the window, unless it is saved. If all "
    "of them take more than 2 GB, the oldest ones without a star are removed. What you delete can "
    "be brought back until you close DinoGUI."
)


class EarlierRunsDialog(QDialog):
    """Lists all earlier runs. The window stays usable.

    Parameters
    ----------
    earlier : EarlierRuns
    parent : QWidget
    """

    def __init__(self, earlier: EarlierRuns, parent: QWidget) -> None:
        super().__init__(parent)
        self._earlier = earlier
        self._restored: str | None = None  # the key of a run that is about to be listed again
        self.setWindowTitle("Earlier runs")
        self._explanation = QLabel(_EXPLANATION)
        self._explanation.setWordWrap(True)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Earlier runs")
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHeaderLabels(_HEADINGS)
        self.list.headerItem().setIcon(_STAR, make_icon(Icon.STAR_FILLED))
        self.list.headerItem().setToolTip(_STAR, "Never removed to make room. Click to change it")
        self.list.headerItem().setToolTip(
            _LOSS, "The smoothed training loss: of names per name, of a text per character"
        )
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.open_button = self._button("&Open", "Show this run again")
        self.delete_button = self._button("&Delete", "Delete this run (Delete)")
        self.restore_button = self._button(
            "&Undo delete", "Bring back the run deleted last (Ctrl+Z)"
        )
        self.close_button = self._button("&Close", "Close this list")
        self._lay_out()
        self.list.itemClicked.connect(self._take_click)
        self.list.itemActivated.connect(self._open)
        self.list.itemSelectionChanged.connect(self._enable)
        self.open_button.clicked.connect(self._open)
        self.delete_button.clicked.connect(self._delete)
        self.restore_button.clicked.connect(self._restore)
        self.close_button.clicked.connect(self.close)
        self.list.installEventFilter(self)
        earlier.changed.connect(self._fill)
        self._fill()
        self.resize(760, 420)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.open_button, self.delete_button, self.restore_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.addWidget(self._explanation)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)

    @property
    def selected(self) -> EarlierRun | None:
        """The run that is selected."""
        items = self.list.selectedItems()
        return items[0].data(_NAME, _RUN) if items else None

    @Slot()
    def _fill(self) -> None:
        """Show the runs as they are now. Keep the selection, or select the run brought back."""
        selected = self.selected
        wanted = self._restored or (selected.key if selected is not None else None)
        self.list.clear()
        for run in self._earlier.runs:
            item = QTreeWidgetItem(self.list, _texts(run))
            item.setData(_NAME, _RUN, run)
            item.setIcon(_STAR, make_icon(Icon.STAR_FILLED if run.is_starred else Icon.STAR))
            words = "starred" if run.is_starred else "not starred"
            item.setData(_STAR, Qt.ItemDataRole.AccessibleTextRole, words)
            item.setTextAlignment(_STEPS, Qt.AlignmentFlag.AlignRight)
            if run.key == wanted:
                self.list.setCurrentItem(item)
                self._restored = None
        self._explanation.setText(_EXPLANATION if self._earlier.runs else _EMPTY)
        self._enable()

    @Slot()
    def _enable(self) -> None:
        for button in (self.open_button, self.delete_button):
            button.setEnabled(self.selected is not None)
        self.restore_button.setEnabled(self._earlier.can_restore)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Delete and Ctrl+Z from the list, which would ignore them or search for a letter."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.matches(QKeySequence.StandardKey.Delete):
                self._delete()
                return True
            if event.matches(QKeySequence.StandardKey.Undo):
                self._restore()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Bring back the run deleted last when Ctrl+Z is pressed outside of the list."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self._restore()
        else:
            super().keyPressEvent(event)

    @Slot(QTreeWidgetItem, int)
    def _take_click(self, item: QTreeWidgetItem, column: int) -> None:
        run: EarlierRun = item.data(_NAME, _RUN)
        if column == _STAR:
            self._earlier.star(run, not run.is_starred)

    @Slot()
    def _open(self) -> None:
        if self.selected is not None:
            self._earlier.open(self.selected)

    @Slot()
    def _delete(self) -> None:
        """Delete the selected run, and select the one that takes its place."""
        if self.selected is None:
            return
        place = self.list.currentIndex().row()
        self._earlier.delete(self.selected)
        if self.selected is None:
            self._select(min(place, self.list.topLevelItemCount() - 1))

    @Slot()
    def _restore(self) -> None:
        """Bring back the run deleted last, and select it."""
        self._restored = self._earlier.restore()
        self._fill()

    def _select(self, place: int) -> None:
        """Select the run in a row; nothing if there is no such row."""
        item = self.list.topLevelItem(place)
        if item is not None:
            self.list.setCurrentItem(item)


def _texts(run: EarlierRun) -> list[str]:
    return ["", run.name, run.data, run.network, f"{run.step:,}", run.loss, run.time]
