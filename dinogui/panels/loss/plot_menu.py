"""The context menu of the loss plot."""

from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Slot
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu

from dinogui.common.actions.window_actions import Actions
from dinogui.panels.loss.loss_plot import LossPlot


class _Click(Protocol):
    """What is used of pyqtgraph's own event."""

    def button(self) -> Qt.MouseButton:
        """Return the button that was clicked."""

    def screenPos(self) -> QPointF:
        """Return the place on the screen."""

    def accept(self) -> None:
        """Take the click."""


class PlotMenu(QObject):
    """Opens a menu at a right click, and at the menu key.

    A drag with the right button zooms: the menu opens when the button is let go, and was not
    dragged. Lives in the GUI thread.

    Parameters
    ----------
    actions : Actions
    loss_plot : LossPlot
        The parent.
    """

    def __init__(self, actions: Actions, loss_plot: LossPlot) -> None:
        super().__init__(loss_plot)
        self._actions, self._plot = actions, loss_plot.plot
        self._plot.scene().sigMouseClicked.connect(self._take_click)
        self._plot.viewport().installEventFilter(self)
        self._plot.installEventFilter(self)

    @Slot(object)
    def _take_click(self, click: _Click) -> None:
        if click.button() == Qt.MouseButton.RightButton:
            click.accept()
            self._open(click.screenPos().toPoint())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open the menu in the middle of the plot at the menu key."""
        if isinstance(event, QContextMenuEvent):
            if event.reason() == QContextMenuEvent.Reason.Keyboard:
                self._open(self._plot.mapToGlobal(self._plot.rect().center()))
            return True
        return super().eventFilter(watched, event)

    def _open(self, place: QPoint) -> None:
        actions = self._actions
        menu = QMenu(self._plot)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        menu.addActions(
            [actions.show_all, actions.plot.set_range, actions.zoom_in, actions.zoom_out]
        )
        menu.addSeparator()
        actions.plot.fill_view_menu(menu)
        menu.addSeparator()
        menu.addActions([actions.plot.copy, actions.plot.save])
        menu.popup(place)
