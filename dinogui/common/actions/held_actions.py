"""Actions that stay disabled for a while, whatever else would enable them."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from dinogui.common.actions.action_words import explain, reason_of


class HeldActions(QObject):
    """Disables actions, and gives them back as they would be by then.

    Lives in the GUI thread.

    Parameters
    ----------
    actions : sequence of QAction
    reason : str
        Why they are disabled.
    """

    def __init__(self, actions: Sequence[QAction], reason: str, parent: QObject) -> None:
        super().__init__(parent)
        self._actions, self._reason = tuple(actions), reason
        self._wanted: dict[QAction, tuple[bool, str]] = {}
        for action in self._actions:
            action.enabledChanged.connect(self._keep_disabled)

    def hold(self) -> None:
        """Disable all of them."""
        for action in self._actions:
            if action not in self._wanted:
                is_enabled = action.isEnabled()
                self._wanted[action] = is_enabled, ""
                action.setEnabled(False)
                self._wanted[action] = is_enabled, reason_of(action)
                explain(action, self._reason)

    def release(self) -> None:
        """Give them back."""
        wanted, self._wanted = self._wanted, {}
        for action, (is_enabled, reason) in wanted.items():
            explain(action, reason)
            action.setEnabled(is_enabled)

    @Slot(bool)
    def _keep_disabled(self, is_enabled: bool) -> None:
        action = self.sender()
        if is_enabled and isinstance(action, QAction) and action in self._wanted:
            self._wanted[action] = True, self._wanted[action][1]
            action.setEnabled(False)
