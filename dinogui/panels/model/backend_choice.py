"""The box that chooses what computes the steps; the faster step only where it is ready."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QShowEvent, QStandardItemModel

from dinogui.widgets.choice_box import ChoiceBox
from engine.nn.backends import BACKEND_TITLES
from engine.nn.fast.compiled.kernel_store import kernel_state

_TIP = (
    "What computes the steps. The faster step is compiled for this machine; on single names it is "
    "several times as fast as NumPy. The two differ in the last bits, so a change is an event of "
    "the run"
)


class BackendChoice(ChoiceBox):
    """A choice of one of `engine.nn.backends.BACKENDS`, which are its data.

    Lives in the GUI thread. Whether the faster step can be chosen is looked up whenever somebody
    comes to the box, as it may have been compiled in the meantime.
    """

    def __init__(self) -> None:
        super().__init__()
        for name, title in BACKEND_TITLES.items():
            self.addItem(title, name)
        self._show_readiness()

    def showEvent(self, event: QShowEvent) -> None:
        """Look up what can be chosen."""
        self._show_readiness()
        super().showEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Look up what can be chosen with the arrow keys."""
        self._show_readiness()
        super().focusInEvent(event)

    def showPopup(self) -> None:
        """Look up what can be chosen in the list."""
        self._show_readiness()
        super().showPopup()

    def event(self, event: QEvent) -> bool:
        """Look up what the tooltip says."""
        if event.type() is QEvent.Type.ToolTip:
            self._show_readiness()
        return super().event(event)

    def _show_readiness(self) -> None:
        """Let the faster step be chosen if it is ready, and say why if it is not."""
        state, row = kernel_state(), self.findData("compiled")
        model = self.model()
        assert isinstance(model, QStandardItemModel)  # Qt's own
        model.item(row).setEnabled(state.status == "ready")
        self.setItemData(row, state.reason, Qt.ItemDataRole.ToolTipRole)
        self.setToolTip(f"{_TIP}.\n{state.reason}" if state.reason else _TIP)
