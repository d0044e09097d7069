"""A line for a name, with a menu of names beside it."""

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from dinogui.common.icons import Icon
from dinogui.panels.insight.frame.name_choice import NameChoice
from dinogui.widgets.buttons.icon_button import IconButton
from dinogui.widgets.cards.quiet_field import PlaceholderField
from engine.data.reading.casing import title_case

_LETTERS = 30
"""The box is as wide as this many letters where there is room; longer names scroll in it."""

_BUTTONS = 70
"""Pixels for the buttons that clear the line and choose a name."""


class NameBox(QWidget):
    """Shows and changes the name that all panels share."""

    def __init__(self, choice: NameChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self.line = PlaceholderField()
        self.line.setClearButtonEnabled(True)
        self.line.setAcceptDrops(False)  # a dropped file is meant for the window
        self.button = IconButton(
            Icon.CHEVRON_DOWN,
            "Choose",
            "Choose what the network wrote, or something from the data",
        )
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill)
        self.menu.triggered.connect(self._take_action)
        self.button.setMenu(self.menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._limit()
        self.line.textChanged.connect(choice.choose)
        choice.changed.connect(self._show)
        self._show()

    def _limit(self) -> None:
        self.setMaximumWidth(_LETTERS * self.fontMetrics().averageCharWidth() + _BUTTONS)

    def changeEvent(self, event: QEvent) -> None:
        """Take the width of another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._limit()

    @Slot()
    def _show(self) -> None:
        self.line.setMaxLength(self._choice.most_characters)
        self.line.setAccessibleName(self._choice.name)
        self.line.setToolTip(self._choice.tip)
        if self.line.placeholderText() != self._choice.latest_words:
            self.line.setPlaceholderText(self._choice.latest_words)
        if self.line.text() != self._choice.text:
            self.line.setText(self._choice.text)

    @Slot()
    def _fill(self) -> None:
        suggestions = self._choice.suggestions
        self.menu.clear()
        latest = self._choice.latest_words
        self.menu.addAction(latest[0].upper() + latest[1:]).setData("")
        for heading, names in (
            ("Written by the network", suggestions.generated),
            ("From the data", suggestions.data),
        ):
            if names:
                self.menu.addSection(heading)
            for name in names:
                self.menu.addAction(title_case(name).replace("&", "&&")).setData(name)

    @Slot(QAction)
    def _take_action(self, action: QAction) -> None:
        self._choice.choose(action.data())
