"""Names: the network writes some on demand, and every 2,000 steps into the log."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from dinogui.actions import Actions
from dinogui.panels.form import give_room
from dinogui.widgets.number_box import NumberBox
from engine.messages import LogEntry
from engine.sampling import title_case

MAX_COUNT = 200
"""Names a press, at the most: they are written at once, while the window waits."""

_COUNTS = tuple(float(n) for n in (*range(1, 20), *range(20, 50, 5), *range(50, MAX_COUNT + 1, 10)))
_TEMPERATURES = tuple(round(0.05 * n, 2) for n in range(1, 61))
_EMPTY_NAME = "(an empty name)"


class NamesPanel(QWidget):
    """Takes the wishes for names, and lists what the network wrote.

    Signals
    -------
    wanted()
        Somebody pressed Enter in a box; `wish` says what is wanted.
    """

    wanted = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = NumberBox(_COUNTS, whole=True)
        self.count.setValue(10)
        self.count.setToolTip(f"How many names to write at a press, 1 to {MAX_COUNT}")
        self.temperature = NumberBox(_TEMPERATURES)
        self.temperature.setValue(1.0)
        self.temperature.setToolTip(
            "Below 1 the network keeps to what it is sure of; above 1 it becomes daring"
        )
        self.beginning = QLineEdit()
        self.beginning.setPlaceholderText("any")
        self.beginning.setClearButtonEnabled(True)
        self.beginning.setAcceptDrops(False)  # a file that is dropped here is meant for the window
        self.beginning.setToolTip("What every name begins with, for example Tyr")
        self.beginning.returnPressed.connect(self.wanted)
        self.beginning.textChanged.connect(self.forget_error)
        self.button = QPushButton(actions.generate.text())
        self.button.setToolTip(actions.generate.toolTip())
        self.button.setMinimumHeight(30)
        self.button.clicked.connect(actions.generate.trigger)
        self._error = QLabel()
        self._error.setWordWrap(True)
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setProperty("role", "error")
        self._error.hide()
        self.list = QListWidget()
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("Generated names")
        self.list.setToolTip("What the network wrote, the latest on top")
        self.list.addActions([actions.copy_names, actions.clear_names])
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        # Read-only text lets Tab go on to the next part of the window.
        self.log.setTabChangesFocus(True)
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.log.setAccessibleName("Training log")
        self.log.setToolTip("Seven names every 2,000 iterations, as the course prints them")
        self.log.setPlaceholderText("While it trains: seven names every 2,000 steps.")
        self._follows_log = True
        bar = self.log.verticalScrollBar()
        bar.rangeChanged.connect(self._follow_log)
        bar.valueChanged.connect(self._note_scrolling)
        for part, name in (
            (self.count, "Number of names"),
            (self.temperature, "Temperature"),
            (self.beginning, "Beginning"),
            (self.button, "Generate names"),
        ):
            part.setAccessibleName(name)
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.addRow("&Number of names", self.count)
        form.addRow("&Temperature", self.temperature)
        form.addRow("&Beginning", self.beginning)
        for part in (self.count, self.temperature, self.beginning):
            give_room(form.labelForField(part))
        for box in (self.count, self.temperature):
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        upper = QWidget()
        upper_layout = QVBoxLayout(upper)
        upper_layout.setContentsMargins(0, 0, 0, 0)
        upper_layout.addLayout(form)
        upper_layout.addWidget(self.button)
        upper_layout.addWidget(self._error)
        upper_layout.addWidget(self.list, 1)
        lower = QWidget()
        lower_layout = QVBoxLayout(lower)
        lower_layout.setContentsMargins(0, 6, 0, 0)
        log_label = QLabel("L&og of the training")
        log_label.setProperty("role", "heading")
        log_label.setBuddy(self.log)
        lower_layout.addWidget(log_label)
        lower_layout.addWidget(self.log, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(upper)
        splitter.addWidget(lower)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(splitter)
        self.setMinimumWidth(270)

    @property
    def wish(self) -> tuple[int, float, str]:
        """How many names are wanted, at which temperature, with which beginning."""
        return round(self.count.value()), self.temperature.value(), self.beginning.text().strip()

    @property
    def error(self) -> str:
        """The sentence that says what is wrong with the wish; empty if nothing is."""
        return "" if self._error.isHidden() else self._error.text()

    @property
    def generated(self) -> list[str]:
        """All names in the list, from top to bottom."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return [item.text() for item in items if _is_name(item)]

    def show_error(self, message: str) -> None:
        """Say what is wrong with the wish."""
        self._error.setText(message)
        self._error.show()

    @Slot()
    def forget_error(self) -> None:
        """Take back what was wrong."""
        self._error.hide()

    def show_names(self, names: list[str], step: int) -> None:
        """Put names on top of the list, below a line that says when they were written."""
        self._error.hide()
        heading = QListWidgetItem(f"step {step:,}, temperature {self.temperature.value():g}")
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = heading.font()
        font.setItalic(True)
        heading.setFont(font)
        self.list.insertItem(0, heading)
        for row, name in enumerate(names, start=1):
            self.list.insertItem(row, title_case(name) or _EMPTY_NAME)
        self.list.scrollToTop()

    @Slot(object)
    def log_entry(self, entry: LogEntry) -> None:
        """Write an entry as the course prints it, and stay where the reader is."""
        lines = [f"Iteration: {entry.iteration}, Loss: {entry.smoothed_loss:f}", ""]
        lines += [title_case(name) or _EMPTY_NAME for name in entry.names]
        self._append_to_log("\n".join([*lines, ""]))

    def log_heading(self, text: str) -> None:
        """Write a line between runs."""
        if self.log.document().characterCount() > 1:
            self._append_to_log(f"— {text} —\n")

    def _append_to_log(self, text: str) -> None:
        self.log.appendPlainText(text)

    @Slot(int)
    def _note_scrolling(self, value: int) -> None:
        self._follows_log = value >= self.log.verticalScrollBar().maximum()

    @Slot(int, int)
    def _follow_log(self, _low: int, high: int) -> None:
        """Stay at the end as it moves away, by more text or by less room."""
        if self._follows_log:
            self.log.verticalScrollBar().setValue(high)

    @Slot()
    def copy_names(self) -> None:
        """Copy the selected names, or all of them, one a line."""
        chosen = [item.text() for item in self.list.selectedItems() if _is_name(item)]
        QGuiApplication.clipboard().setText("\n".join(chosen or self.generated))

    @Slot()
    def copy_log(self) -> None:
        """Copy the whole log."""
        QGuiApplication.clipboard().setText(self.log.toPlainText())


def _is_name(item: QListWidgetItem) -> bool:
    return bool(item.flags() & Qt.ItemFlag.ItemIsSelectable)
