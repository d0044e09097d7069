"""The control of the training's speed: all speeds side by side, or in a menu where it is narrow."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy

from dinogui.common.actions.window_actions import Actions
from dinogui.common.speed import Speed
from dinogui.session.session import Session
from dinogui.widgets.buttons.menu_button import MenuButton
from dinogui.widgets.buttons.segmented import SegmentedControl
from dinogui.widgets.cards.pages import Pages

_NAME = "Speed of the training"
_TIP = "How many steps a second the training makes. At a slow speed, every step is shown"


class SpeedControl(Pages):
    """Shows and sets the speed, as the actions of the Run menu do.

    Lives in the GUI thread.

    Parameters
    ----------
    actions : Actions
        Those of the speeds do what is chosen here.
    session : Session

    Attributes
    ----------
    segments : SegmentedControl
    button : MenuButton
        Shows the speed in force, and opens the menu of speeds.
    """

    def __init__(self, actions: Actions, session: Session) -> None:
        super().__init__()
        self._actions, self._session = actions.speeds, session
        tip = f"{_TIP} ({_keys(actions.speeds[Speed.ONE])} to {_keys(actions.speeds[Speed.FULL])})"
        self.segments = SegmentedControl(_NAME, {each.name: each.label for each in Speed}, tip)
        self.button = MenuButton()
        self.button.setToolTip(tip)
        menu = QMenu(self.button)
        menu.addActions(list(actions.speeds.values()))
        self.button.setMenu(menu)
        for page in (self.segments, self.button):
            page.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            self.addWidget(page)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.segments.chosen.connect(self._choose)
        group: QActionGroup = actions.speed_group
        group.triggered.connect(self._set)
        session.speed_changed.connect(self._show)
        self._show(session.speed)

    @property
    def room_saved(self) -> int:
        """The pixels by which the menu is narrower than the speeds side by side."""
        return self.segments.sizeHint().width() - self.button.sizeHint().width()

    @property
    def is_compact(self) -> bool:
        """Whether the speeds are in a menu."""
        return self.currentWidget() is self.button

    def show_compact(self, is_compact: bool) -> None:
        """Show the speeds in a menu, or side by side."""
        page = self.button if is_compact else self.segments
        if page is not self.currentWidget():
            self.setCurrentWidget(page)
            self.updateGeometry()

    @Slot(str)
    def _choose(self, name: str) -> None:
        self._actions[Speed[name]].trigger()

    @Slot(QAction)
    def _set(self, action: QAction) -> None:
        self._session.set_speed(action.data())

    @Slot(object)
    def _show(self, speed: Speed) -> None:
        self._actions[speed].setChecked(True)
        self.segments.show_value(speed.name)
        self.button.setText(speed.label)
        self.button.setAccessibleName(f"{_NAME}: {speed.label}")
        self.button.updateGeometry()


def _keys(action: QAction) -> str:
    return action.shortcut().toString()
