"""The dialog with all runs: open, name, star, compare, add, export, delete, restore."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import Theme
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.trash import KEPT_DAYS
from dinogui.session.overlay.runs_on_plot import RunsOnPlot
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.screen_room import within_screen
from dinogui.window.runs.list_commands import ListCommands, dropped_runs
from dinogui.window.runs.run_columns import BY_TERM
from dinogui.window.runs.run_details import RunDetails
from dinogui.window.runs.run_dot import RunDots
from dinogui.window.runs.runs_table import RunsTable

KEYS = DocumentedKeys(
    "Runs",
    (
        ("Enter", "Show the selected run again"),
        ("F2", "Name the selected run"),
        ("Space", "Show the selected run on the plot, or hide it"),
        ("Del", "Delete the selected run"),
        ("Ctrl+Z", "Bring back the run deleted last"),
    ),
    has_own_window=True,
)
_EMPTY = (
    "There are no other runs yet. A run comes here when another one takes its place. Files of runs "
    "can be dropped here."
)
_EXPLANATION = (
    "A run comes here when another one takes its place in the window. If those that DinoGUI keeps "
    "take more than 2 GB, the oldest ones without a star are removed. A deleted run can be brought "
    f"back for {KEPT_DAYS} days."
)
_MOST_LINES = 6
"""Of a message. A longer one is in the tooltip in full."""

_NO_MATCH = "No run matches the filter."
_FILTER_TIP = (
    "Words that occur in the name, the data, the network or the note, and comparisons, such as "
    f"loss<1.8 steps>10k. Columns: {', '.join(BY_TERM)}"
)


class RunsDialog(QDialog):
    """Lists all runs besides the present one. The window stays usable.

    Lives in the GUI thread.

    Parameters
    ----------
    commands : ListCommands
    on_plot : RunsOnPlot
    theme : Theme
    parent : QWidget
    """

    def __init__(
        self, commands: ListCommands, on_plot: RunsOnPlot, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._commands, self._earlier = commands, commands.earlier
        self.setWindowTitle("Runs")
        self.setAcceptDrops(True)
        self._explanation = QLabel()
        self._explanation.setWordWrap(True)
        self._dots = RunDots(on_plot, theme)
        self.list = RunsTable(self._earlier, self._dots)
        self.details = RunDetails(self._earlier, theme)
        self.message = MessageLine(1, "Message", most=_MOST_LINES)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter: words, loss<1.8, steps>10k")
        self.filter.setClearButtonEnabled(True)
        self.filter.setToolTip(_FILTER_TIP)
        self.filter.setAccessibleName("Filter of the runs")
        self.group_box = QCheckBox("&Group by data")
        self.group_box.setToolTip("Put the runs under the names of their data")
        self.deleted_box = QCheckBox()
        self.deleted_box.setToolTip(f"Deleted runs can be brought back for {KEPT_DAYS} days")
        self._make_buttons()
        self._lay_out()
        self._connect(on_plot, theme)
        self._show_runs()
        self.resize(within_screen(QSize(1180, 520), parent))

    def _make_buttons(self) -> None:
        self.open_button = _button("&Open", "Show this run again, and go on with it")
        self.alike_button = _button("&Use these settings", "Begin a new run like this one")
        self.export_button = _button(
            "&Export…", "Write the run, its curve, its names and its settings to a folder"
        )
        self.delete_button = _button(
            "&Delete", "Delete this run from the list (Delete). A file of your own stays"
        )
        self.restore_button = _button("&Undo delete", "Bring back the run deleted last (Ctrl+Z)")
        self.add_button = _button("&Add runs…", "Add files of runs to the list")
        self.close_button = _button("&Close", "Close this list")

    def _lay_out(self) -> None:
        head, buttons = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.filter, 1)
        head.addWidget(self.group_box)
        head.addWidget(self.deleted_box)
        for button in (
            *(self.open_button, self.alike_button, self.export_button),
            *(self.delete_button, self.restore_button, self.add_button),
        ):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.addWidget(self._explanation)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.message)
        layout.addWidget(self.details)
        layout.addLayout(buttons)

    def _connect(self, on_plot: RunsOnPlot, theme: Theme) -> None:
        self.filter.textChanged.connect(self.list.filter_by)
        self.group_box.toggled.connect(self.list.group)
        self.deleted_box.toggled.connect(self.list.show_deleted)
        self.list.itemActivated.connect(self._open)
        self.list.itemSelectionChanged.connect(self._show_selected)
        self.list.filled.connect(self._show_selected)
        self.open_button.clicked.connect(self._open)
        self.alike_button.clicked.connect(self._use_settings)
        self.export_button.clicked.connect(self._export)
        self.delete_button.clicked.connect(self._delete)
        self.restore_button.clicked.connect(self._restore)
        self.add_button.clicked.connect(self._add)
        self.close_button.clicked.connect(self.close)
        self.list.installEventFilter(self)
        self._earlier.changed.connect(self._show_runs)
        on_plot.changed.connect(self._show_dots)
        theme.changed.connect(self._show_runs)

    @property
    def selected(self) -> EarlierRun | None:
        """The run that is selected."""
        return self.list.selected

    @Slot()
    def _show_runs(self) -> None:
        """Show the runs as they are now. A list that nobody sees waits until it is shown."""
        if self.isVisible():
            self.list.fill()

    @Slot()
    def _show_dots(self) -> None:
        if self.isVisible() and self._dots.have_changed():
            self.list.show_dots()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the runs as they are now."""
        super().showEvent(event)
        self._show_runs()

    @Slot()
    def _show_selected(self) -> None:
        run, deleted = self.selected, self._earlier.deleted
        for button in (self.open_button, self.alike_button, self.export_button, self.delete_button):
            button.setEnabled(run is not None and not run.is_deleted)
        is_in_trash = run is not None and run.is_deleted
        self.restore_button.setText("&Restore" if is_in_trash else "&Undo delete")
        self.restore_button.setEnabled(bool(deleted))
        self.deleted_box.setText(f"&Show deleted ({len(deleted):,})")
        self.deleted_box.setEnabled(bool(deleted) or self.deleted_box.isChecked())
        self.details.show_run(run)
        is_empty = not self._earlier.runs and not deleted
        is_filtered_out = not is_empty and not self.list.shown and bool(self.filter.text())
        unit = f"Losses are in {self.list.unit_words}."
        text = _NO_MATCH if is_filtered_out else f"{unit} {_EXPLANATION}"
        self._explanation.setText(_EMPTY if is_empty else text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take keys from the list, which would ignore them or search for a letter."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            act = self._act_of(event)
            if act is not None:
                act()
                return True
        return super().eventFilter(watched, event)

    def _act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        if event.matches(QKeySequence.StandardKey.Delete):
            return self._delete
        if event.matches(QKeySequence.StandardKey.Undo):
            return self._undo_delete
        if event.key() == Qt.Key.Key_F2:
            return self._name
        return self._toggle_on_plot if event.key() == Qt.Key.Key_Space else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Bring back the run deleted last when Ctrl+Z is pressed outside of the list."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self._undo_delete()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files of runs."""
        if dropped_runs(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the files that were dropped."""
        event.acceptProposedAction()
        self._commands.add(dropped_runs(event.mimeData()))

    @Slot()
    def _open(self) -> None:
        run = self.selected
        if run is not None and not run.is_deleted:
            self._earlier.open(run)

    @Slot()
    def _use_settings(self) -> None:
        if self.selected is not None:
            self._commands.use_settings(self.selected)

    @Slot()
    def _export(self) -> None:
        if self.selected is not None:
            self._commands.export(self.selected, self)

    @Slot()
    def _add(self) -> None:
        self._commands.choose_files_over(self)

    def say(self, message: str) -> None:
        """Show what has become of something that was done here."""
        self.message.say(message)

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget the last message."""
        super().hideEvent(event)
        self.message.say("")

    @Slot()
    def _delete(self) -> None:
        """Delete the selected run, and select the one that takes its place."""
        run = self.selected
        if run is None or run.is_deleted:
            return
        place = self.list.row_of_selected()
        self._earlier.delete(run)
        if self.selected is None:
            self.list.select_row(place)

    @Slot()
    def _restore(self) -> None:
        """Bring back the selected run if it was deleted, or else the run deleted last."""
        run = self.selected
        if run is not None and run.is_deleted:
            self._earlier.restore_run(run)
            self.list.select_when_listed(run.key)
        else:
            self._undo_delete()

    def _undo_delete(self) -> None:
        """Bring back the run deleted last, and select it."""
        key = self._earlier.restore()
        if key is not None:
            self.list.select_when_listed(key)

    def _name(self) -> None:
        self.details.title.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.details.title.selectAll()

    def _toggle_on_plot(self) -> None:
        if self.selected is not None and not self.selected.is_deleted:
            self._dots.toggle(self.selected)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
