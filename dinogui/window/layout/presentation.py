"""For a room full of people: larger text, and the plot alone on the screen."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QWidget

from dinogui.common.actions.window_actions import Actions
from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import TEXT_SCALES, Theme

_LARGER_MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier

KEYS = DocumentedKeys("Plot alone", (("Esc", "Show everything again"),))


class Presentation(QObject):
    """Scales the text, and shows the plot alone.

    Lives in the GUI thread.

    Parameters
    ----------
    window : QMainWindow
        The parent.
    actions : Actions
    theme : Theme
    others : tuple of QWidget
        All parts of the window that are hidden while the plot is alone.

    Signals
    -------
    text_scaled()
        Somebody has chosen another size of the text.
    """

    text_scaled = Signal()

    def __init__(
        self, window: QMainWindow, actions: Actions, theme: Theme, others: tuple[QWidget, ...]
    ) -> None:
        super().__init__(window)
        self._window, self._actions, self._theme = window, actions, theme
        self._others = others
        self._hidden: list[QWidget] = []
        self._leave_key = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
        self._leave_key.setEnabled(False)
        self._leave_key.activated.connect(self.leave)
        actions.larger_text.triggered.connect(self._enlarge)
        actions.smaller_text.triggered.connect(self._shrink)
        actions.plot_alone.toggled.connect(self._show_alone)
        window.installEventFilter(self)
        self.scale_text(theme.text_scale)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Ctrl+Shift+= before Qt does.

        Where + is on the key of =, these keys are also Ctrl and +, which zooms. Qt would then do
        neither.
        """
        if (
            event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
            and isinstance(event, QKeyEvent)
            and event.modifiers() == _LARGER_MODIFIERS
            and event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal)
        ):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._actions.larger_text.trigger()
            return True
        return False

    # The size of the text

    @property
    def text_scale(self) -> float:
        """The size of the text, as a share of the system's."""
        return self._theme.text_scale

    def scale_text(self, scale: float) -> None:
        """Write all text in another size, one of `TEXT_SCALES`."""
        self._theme.scale_text(scale)
        self._actions.larger_text.setEnabled(scale < TEXT_SCALES[-1])
        self._actions.smaller_text.setEnabled(scale > TEXT_SCALES[0])

    @Slot()
    def _enlarge(self) -> None:
        self._step(1)

    @Slot()
    def _shrink(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        place = TEXT_SCALES.index(self.text_scale) + by
        self.scale_text(TEXT_SCALES[min(max(place, 0), len(TEXT_SCALES) - 1)])
        self.text_scaled.emit()

    # The plot alone

    @property
    def is_plot_alone(self) -> bool:
        """Whether only the plot is shown."""
        return self._actions.plot_alone.isChecked()

    @Slot()
    def leave(self) -> None:
        """Show everything again."""
        self._actions.plot_alone.setChecked(False)

    @Slot(bool)
    def _show_alone(self, is_alone: bool) -> None:
        self._leave_key.setEnabled(is_alone)
        state = self._window.windowState()
        if is_alone:
            self._hidden = [part for part in self._others if not part.isHidden()]
            for part in self._hidden:
                part.hide()
            self._window.setWindowState(state | Qt.WindowState.WindowFullScreen)
        else:
            self._window.setWindowState(state & ~Qt.WindowState.WindowFullScreen)
            for part in self._hidden:
                part.show()
            self._hidden = []
