"""Whether the window may close: it asks about unsaved work, and keeps it in any case."""

from pathlib import Path

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from dinogui.common.preferences import Closing, Preferences
from dinogui.library.library import Library
from dinogui.window.long_wait import LongWait, Waiting

_TITLE = "Close DinoGUI"
_NOT_KEPT, _NOT_SAVED = "The run is not in File > Runs yet.", "The run is not saved yet."
_Button = QMessageBox.StandardButton


class ClosingRule:
    """Decides what happens to an unsaved run when the window is closed.

    It is saved to a file of the person's own, or it becomes one of the earlier runs. Only if
    neither is possible, and the person says so, is it lost.

    Parameters
    ----------
    preferences : Preferences
        Store the answer, if the person does not want to be asked again.
    library : Library
    """

    def __init__(self, preferences: Preferences, library: Library) -> None:
        self._preferences, self._library = preferences, library
        self._is_deciding = False

    def allows(self, window: QWidget) -> bool:
        """Return whether a window may close, after dealing with unsaved work.

        If the preferences say to save without asking, and that fails, the person is asked.
        """
        if self._is_deciding:  # the window stays usable while it saves, and can be closed again
            return False
        self._is_deciding = True
        try:
            return self._allows(window)
        finally:
            self._is_deciding = False

    def _allows(self, window: QWidget) -> bool:
        closing = self._preferences.closing
        if not self._library.is_unsaved:
            return True
        if closing is Closing.KEEP:
            return self._keep(window)
        if closing is Closing.SAVE and (may_close := self._save(window)) is not None:
            return may_close
        answer, each_time = ask_before_closing(window, self._library.saving.path)
        if answer is Closing.ASK:
            return False
        saves = answer is Closing.SAVE
        may_close = bool(self._save(window)) if saves else self._keep(window)
        if may_close and each_time:
            self._preferences.closing = answer
        return may_close

    def _keep(self, window: QWidget) -> bool:
        """Make the run an earlier run. If that fails, ask whether to lose it."""
        wait = LongWait(window, self._library.step_on_disk, _NOT_KEPT)
        is_kept = self._library.keep_for_later(wait.goes_on)
        wait.end()
        if is_kept or wait.answer is not Waiting.ON:
            return is_kept or wait.answer is Waiting.CLOSE
        answer = ask_before_losing(window)
        if answer == _Button.Save:
            return bool(self._save(window))
        return answer == _Button.Discard

    def _save(self, window: QWidget) -> bool | None:
        """Save the run to a file, and return whether the window may close; None if that failed."""
        wait = LongWait(window, self._library.step_on_disk, _NOT_SAVED)
        is_saved = self._library.saving.save_and_wait(wait.goes_on)
        wait.end()
        if is_saved or wait.answer is not Waiting.ON:
            return is_saved or wait.answer is Waiting.CLOSE
        return None


def ask_before_closing(parent: QWidget, path: str | None) -> tuple[Closing, bool]:
    """Ask what to do with unsaved work.

    Parameters
    ----------
    parent : QWidget
        The window to be closed; the question is shown in front of it.
    path : str or None
        The file that the run was last saved to; None if it was never saved.

    Returns
    -------
    answer : Closing
        `Closing.ASK` if the window is to stay open.
    each_time : bool
        Whether the person wants the same each time.
    """
    since = f"has changed since it was saved to “{Path(path).name}”" if path else "was never saved"
    box = QMessageBox(parent)
    box.setWindowTitle(_TITLE)
    box.setIcon(QMessageBox.Icon.Question)
    box.setText("Save what the network has learned?")
    box.setInformativeText(
        f"The run {since}. If you do not save it, DinoGUI keeps it in File > Runs."
    )
    box.setStandardButtons(_Button.Save | _Button.Discard | _Button.Cancel)
    keep = box.button(_Button.Discard)
    keep.setText("&Keep in Runs")
    keep.setIcon(QIcon())  # some styles draw a dustbin there
    box.setDefaultButton(_Button.Save)
    box.setEscapeButton(_Button.Cancel)
    again = QCheckBox("Do &not ask again, and do the same each time")
    box.setCheckBox(again)
    button, each_time = box.exec(), again.isChecked()
    box.setParent(None)  # so it is deleted at once, and not after the window
    if button == _Button.Save:
        return Closing.SAVE, each_time
    return (Closing.KEEP if button == _Button.Discard else Closing.ASK), each_time


def ask_before_losing(parent: QWidget) -> int:
    """Ask what to do with a run that cannot be kept, and return the button that was pressed."""
    box = QMessageBox(parent)
    box.setWindowTitle(_TITLE)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText("This run cannot be kept in File > Runs.")
    box.setInformativeText(
        "It could not be written to DinoGUI's own folder. Save it to a file. If you discard it, "
        "what the network has learned is lost."
    )
    box.setStandardButtons(_Button.Save | _Button.Discard | _Button.Cancel)
    box.setDefaultButton(_Button.Save)
    box.setEscapeButton(_Button.Cancel)
    answer = box.exec()
    box.setParent(None)  # so it is deleted at once, and not after the window
    return answer
