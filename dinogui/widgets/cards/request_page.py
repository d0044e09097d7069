"""A page for requests: what is asked for, what comes back, what is said about it, and buttons."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from dinogui.common.theme import SPACE
from dinogui.widgets.cards.flow import ButtonRow
from dinogui.widgets.vertical_scroll import VerticalScroll

_LEAST_WIDE = 30
"""Width, in heights of a line, from which two columns fit."""
_LEAST_LINES = 5
"""Of the request are always shown; of a lower one, all."""
_LOW = 0.7
"""A page is low if its height is a smaller share of its width."""


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
    """

    def __init__(
        self,
        request: QWidget,
        answer: QWidget,
        message: QWidget,
        buttons: ButtonRow,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._request = _RequestScroll(request)
        self._buttons, self._are_lent = buttons, False
        self._parts = (self._request, answer, message, buttons)
        self._is_low: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4 * SPACE)
        self._grid.setVerticalSpacing(2 * SPACE)
        self._place(is_low=False)

    def lend_buttons(self) -> ButtonRow:
        """Return the buttons, in one line, to be shown beside the page's tab."""
        self._are_lent = True
        self._grid.removeWidget(self._buttons)
        self._put(is_low=bool(self._is_low))
        self._buttons.keep_to_one_line(True)
        return self._buttons

    def take_buttons_back(self) -> None:
        """Show the buttons in the page again."""
        self._are_lent = False
        self._buttons.keep_to_one_line(False)
        self._put(is_low=bool(self._is_low))
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
        is_wide = self.width() >= _LEAST_WIDE * self.fontMetrics().height()
        self._place(is_low=is_wide and self.height() < self.width() * _LOW)

    def _place(self, *, is_low: bool) -> None:
        if is_low is self._is_low:
            return
        self._is_low = is_low
        self._put(is_low=is_low)

    def _put(self, *, is_low: bool) -> None:
        grid, policy = self._grid, QSizePolicy.Policy
        places = ((0, 0), (0, 1), (1, 1), (1, 0)) if is_low else ((0, 0), (1, 0), (2, 0), (3, 0))
        for part, place in zip(self._parts, places, strict=True):
            if part is self._buttons and self._are_lent:
                continue
            grid.removeWidget(part)
            is_tall = is_low and self._are_lent and part is self._request
            grid.addWidget(part, *place, 2 if is_tall else 1, 1)
        self._request.setSizePolicy(
            policy.Preferred, policy.Expanding if is_low else policy.Maximum
        )
        grid.setRowStretch(0, int(is_low))
        grid.setRowStretch(1, int(not is_low))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, int(is_low))


class _RequestScroll(VerticalScroll):
    """Asks for the height that its content needs now."""

    def sizeHint(self) -> QSize:
        """Return that of the content, which Qt would remember from before it has changed."""
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the width of the content, and the height of some lines."""
        lines = _LEAST_LINES * self.fontMetrics().lineSpacing()
        height = min(lines, self.sizeHint().height())
        return QSize(super().minimumSizeHint().width(), height)
