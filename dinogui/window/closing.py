"""Whether the window may close: it asks about unsaved work."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from dinogui.common.dialogs import ask_before_closing
from dinogui.common.preferences import Closing, Preferences


class ClosingRule:
    """Decides what happens to unsaved work when the window is closed.

    Parameters
    ----------
    preferences : Preferences
        Store the answer, if the person does not want to be asked again.
    is_unsaved : callable
        Returns whether work would be lost.
    save : callable
        Saves it; returns False if that failed or was cancelled.
    discard : callable
        Removes what was autosaved of it.
    """

    def __init__(
        self,
        preferences: Preferences,
        is_unsaved: Callable[[], bool],
        save: Callable[[], bool],
        discard: Callable[[], None],
    ) -> None:
        self._preferences, self._is_unsaved = preferences, is_unsaved
        self._save, self._discard = save, discard
        self._is_deciding = False

    def allows(self, window: QWidget) -> bool:
        """Return whether a window may close, after dealing with unsaved work.

        If the preferences say to save without asking, and that fails, the person is asked.
        """
        if self._is_deciding:  # the window stays usable while it saves, and can be closed again
            return False
        self._is_deciding = True
        try:
            may_close = self._allows(window)
        finally:
            self._is_deciding = False
        if may_close and self._is_unsaved():
            self._discard()
        return may_close

    def _allows(self, window: QWidget) -> bool:
        closing = self._preferences.closing
        if not self._is_unsaved() or closing is Closing.DISCARD:
            return True
        if closing is Closing.SAVE and self._save():
            return True
        return ask_before_closing(window, self._save, self._remember)

    def _remember(self, closing: Closing) -> None:
        self._preferences.closing = closing
