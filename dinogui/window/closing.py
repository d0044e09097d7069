"""Whether the window may close: what is unsaved is asked about once."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from dinogui.common.dialogs import ask_before_closing
from dinogui.common.preferences import Closing, Preferences


class ClosingRule:
    """Knows what to do with unsaved work when the window is closed.

    Parameters
    ----------
    preferences : Preferences
        Keep the answer that is not to be asked for again.
    is_unsaved : callable
        Returns whether there is work that would be lost.
    save : callable
        Saves it; returns False if it came to nothing.
    discard : callable
        Lets go of what is kept of it for the case of a crash.
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
        """Return whether a window may close, once what is unsaved was seen to.

        Saving that was to be done without asking, and failed, is asked about.
        """
        if self._is_deciding:  # the window goes on while it saves, and can be closed again
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
