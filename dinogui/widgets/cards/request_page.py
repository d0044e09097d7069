"""A page for requests: what is asked for, what comes back, what is said about it, and buttons."""

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from dinogui.common.theme import SPACE
from dinogui.widgets.cards.flow import ButtonRow
from dinogui.widgets.vertical_scroll import VerticalScroll

_LEAST_WIDE = 30
"""Width, in heights of a line, from which two columns fit."""
_LEAST_LINES = 5
"""Of the request are always shown; of a lower one, all."""
_TIGHT_LINES = 12
"""A low page that lends its buttons is tight below so many lines."""
_LOW = 0.7
"""A page is low if its height is a smaller share of its width."""
_SHORT_LINES = 32
"""A page with all parts in one column is short below so many lines."""


class RequestPage(QWidget):
    """Stacks its parts, or puts the request beside the answer where the page is low and wide.

    Parameters
    ----------
    request : QWidget
        Scrolls where there is less height than it needs.
    answer : QWidget
        Takes the room that is left.
    message : QWidget
        Of a fixed height.
    buttons : ButtonRow
        Its first button sends the request.
    can_fold : bool
        Whether the request becomes lower where the page is tight. The message then stands below it.

    Signals
    -------
    tightened(bool)
        The page has little height (True), or enough.
    shortened(bool)
        All parts stand in one column, for which there is little height (True), or enough.
    """

    tightened = Signal(bool)
    shortened = Signal(bool)

    def __init__(
        self,
        request: QWidget,
        answer: QWidget,
        message: QWidget,
        buttons: ButtonRow,
        *,
        can_fold: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._request = _RequestScroll(request)
        self._buttons, self._are_lent = buttons, False
        self._can_fold, self._is_tight = can_fold, False
        self._parts = (self._request, answer, message, buttons)
        self._is_low, self._is_short = False, False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4 * SPACE)
        self._put()

    @property
    def buttons(self) -> ButtonRow:
        """The buttons, wherever they are shown."""
        return self._buttons

    @property
    def is_tight(self) -> bool:
        """Whether the page has little height."""
        return self._is_tight

    def lend_buttons(self) -> ButtonRow:
        """Return the buttons, in one line, to be shown beside the page's tab."""
        self._are_lent = True
        self._grid.removeWidget(self._buttons)
        self._buttons.keep_to_one_line(True)
        self._fit()
        self._put()
        return self._buttons

    def take_buttons_back(self) -> None:
        """Show the buttons in the page again."""
        self._are_lent = False
        self._buttons.keep_to_one_line(False)
        self._fit()
        self._put()
        self._buttons.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use one column or two."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Use one column or two in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        line = self.fontMetrics().height()
        is_wide = self.width() >= _LEAST_WIDE * line
        is_low = is_wide and self.height() < self.width() * _LOW
        is_tight = (
            self._can_fold and self._are_lent and is_low and self.height() < _TIGHT_LINES * line
        )
        is_short = not (is_low or self._are_lent) and self.height() < _SHORT_LINES * line
        if is_short != self._is_short:
            self._is_short = is_short
            self.shortened.emit(is_short)
        if (is_low, is_tight) == (self._is_low, self._is_tight):
            return
        has_changed = is_tight != self._is_tight
        self._is_low, self._is_tight = is_low, is_tight
        self._put()
        if has_changed:
            self.tightened.emit(is_tight)

    def _put(self) -> None:
        """Put the parts into the cells of the grid, each in a row, a column and so many rows."""
        grid, policy, is_low = self._grid, QSizePolicy.Policy, self._is_low
        self._request.show_whole(self._are_lent and not is_low)
        places = [(0, 0, 1), (1, 0, 1), (2, 0, 1), (3, 0, 1)]
        if is_low:
            places = [(0, 0, 2 if self._are_lent else 1), (0, 1, 1), (1, 1, 1), (1, 0, 1)]
        grid.setVerticalSpacing(SPACE if self._is_tight else 2 * SPACE)
        if self._is_tight:
            places = [(0, 0, 1), (0, 1, 2), (1, 0, 1), (1, 0, 1)]
        for part, (row, column, rows) in zip(self._parts, places, strict=True):
            if part is self._buttons and self._are_lent:
                continue
            grid.removeWidget(part)
            grid.addWidget(part, row, column, rows, 1)
        self._request.setSizePolicy(
            policy.Preferred, policy.Expanding if is_low else policy.Maximum
        )
        grid.setRowStretch(0, int(is_low))
        grid.setRowStretch(1, int(not is_low))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, int(is_low))


class _RequestScroll(VerticalScroll):
    """Asks for the height that its content needs now."""

    _is_whole = False

    def show_whole(self, is_whole: bool) -> None:
        """Never be lower than the content, where something around the page scrolls."""
        if is_whole != self._is_whole:
            self._is_whole = is_whole
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return that of the content, which Qt would remember from before it has changed."""
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the width of the content, and the height of some lines."""
        height = self.sizeHint().height()
        if not self._is_whole:
            height = min(_LEAST_LINES * self.fontMetrics().lineSpacing(), height)
        return QSize(super().minimumSizeHint().width(), height)
