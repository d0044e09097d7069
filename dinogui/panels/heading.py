"""The head of a panel: its question, one sentence, its controls, "Export" and its help page."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dinogui.common.dialogs import show_page
from dinogui.common.icons import Icon
from dinogui.panels.panel import Panel, PanelWords
from dinogui.widgets.buttons.icon_button import IconButton
from dinogui.widgets.cards.flow import PartsFlow

_LINES = 2
"""Beside the question, the sentence may take this many lines; else it stands below."""


class PanelHeading(QWidget):
    """Shows a panel's question and what the panel shows, beside "Export" and the help button.

    The title is not repeated: it stands above, on the dock or its tab.

    Parameters
    ----------
    panel : Panel
    controls : sequence of QWidget
        Shown in a row below, in the order of Tab, in as many lines as they need.
    export : QWidget, optional
        The button that saves and copies what the panel shows.

    Attributes
    ----------
    question, sentence : QLabel
    help_button : IconButton
    controls : tuple of QWidget
    """

    def __init__(
        self,
        panel: Panel,
        controls: Sequence[QWidget] = (),
        export: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self.controls = tuple(controls)
        self.question = _Words(panel.question, "heading")
        self.sentence = _Words(panel.summary, "faint")
        if not panel.summary:
            self.sentence.hide()
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.help_button = IconButton(Icon.HELP, "Help", "Explain this panel")
        self.help_button.clicked.connect(self._show_help)
        self._words = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._words.setSpacing(0)
        self._words.addWidget(self.question, 0, Qt.AlignmentFlag.AlignTop)
        self._words.addWidget(self.sentence, 1)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addLayout(self._words, 1)
        self._buttons = [self.help_button] if export is None else [export, self.help_button]
        for button in self._buttons:
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        if controls:
            layout.addWidget(PartsFlow(*controls))

    def show_words(self, words: PanelWords) -> None:
        """Show another question and another sentence."""
        self.question.setText(words.question)
        self.sentence.setText(words.summary)
        self._turn()
        self._keep_height()

    @property
    def tab_stops(self) -> list[QWidget]:
        """The buttons, in the order of Tab."""
        return list(self._buttons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sentence beside the question or below it."""
        super().resizeEvent(event)
        self._turn()
        self._keep_height()

    def event(self, event: QEvent) -> bool:
        """Keep the height that other words or controls ask for."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._keep_height()
        return super().event(event)

    def _keep_height(self) -> None:
        """Be as high as wrapped lines need: Qt's minimum height is that of single ones."""
        layout = self.layout()
        if layout is not None:
            needed = layout.totalHeightForWidth(self.width())
            if needed != self.minimumHeight():
                self.setMinimumHeight(needed)

    def _turn(self) -> None:
        buttons = sum(part.sizeHint().width() + 4 for part in self._buttons)
        room = self.width() - buttons - self.question.one_line - 8
        is_wide = self.sentence.one_line <= (_LINES - 0.2) * room
        # Beside the sentence, which wraps, the question keeps its line.
        self.question.setWordWrap(not is_wide)
        self.question.setMinimumWidth(self.question.one_line if is_wide else 0)
        direction = QBoxLayout.Direction
        self._words.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)
        self._words.setSpacing(8 if is_wide else 0)
        # The first line of the words stands at the height of the buttons' text.
        button = max(part.sizeHint().height() for part in self._buttons)
        above = max((button - self.question.fontMetrics().height()) // 2, 0)
        self._words.setContentsMargins(0, above, 0, 0)

    @Slot()
    def _show_help(self) -> None:
        show_page(self, self._panel.name, self._panel.help_text)


class _Words(QLabel):
    """A text in one of the theme's roles, which wraps to whatever width there is."""

    def __init__(self, text: str, role: str) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setProperty("role", role)

    @property
    def one_line(self) -> int:
        """The width of the text in one line."""
        self.ensurePolished()
        return self.fontMetrics().horizontalAdvance(self.text()) + 2

    def minimumSizeHint(self) -> QSize:
        """Do with any width."""
        return QSize(1, self.fontMetrics().height())
