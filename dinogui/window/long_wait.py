"""What is said when closing the window takes long, because a run is not on the disk yet."""

import time
from enum import Enum

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMessageBox, QWidget

PATIENCE_SECONDS = 1.0
"""How long nothing is said."""

_Button = QMessageBox.StandardButton


class Waiting(Enum):
    """What a person wants while the window waits."""

    ON = "wait"
    CLOSE = "close now"
    STAY = "do not close"


class LongWait:
    """Decides how long to wait until a run is written: until it is, unless the person says so.

    A single step of a large network can take a minute, and cannot be divided. The disk may be slow
    as well.

    Parameters
    ----------
    parent : QWidget
        The window that is to be closed; the message is shown in front of it.
    on_disk : int or None
        The step up to which the run is on the disk; None if nothing of it is.
    what : str
        What is not done yet, as a sentence.

    Attributes
    ----------
    answer : Waiting
    """

    def __init__(self, parent: QWidget, on_disk: int | None, what: str) -> None:
        self._parent, self._on_disk, self._what = parent, on_disk, what
        self._box: QMessageBox | None = None
        self._since: float | None = None
        self.answer = Waiting.ON

    def goes_on(self) -> bool:
        """Return whether to wait any longer; after a while, the person is asked meanwhile.

        The first call begins the waiting.
        """
        if self._since is None:
            self._since = time.monotonic()
        if self._box is None:
            if time.monotonic() >= self._since + PATIENCE_SECONDS:
                self._box = self._ask()
        elif not self._box.isVisible():
            closes = self._box.standardButton(self._box.clickedButton()) == _Button.Discard
            self.answer = Waiting.CLOSE if closes else Waiting.STAY
        return self.answer is Waiting.ON

    def end(self) -> None:
        """Take the message away."""
        if self._box is not None:
            self._box.hide()
            self._box.setParent(None)  # so it is deleted at once, and not after the window

    def _ask(self) -> QMessageBox:
        box = QMessageBox(self._parent)
        box.setWindowTitle("Close DinoGUI")
        box.setIcon(QMessageBox.Icon.Information)
        box.setText(self._what)
        since = "" if self._on_disk is None else f" since step {self._on_disk:,}"
        box.setInformativeText(
            "The network is in the middle of a long step, or the disk is slow. The window closes "
            f"as soon as that is done. If you close it now, what it has learned{since} is lost."
        )
        box.setStandardButtons(_Button.Discard | _Button.Cancel)
        now = box.button(_Button.Discard)
        now.setText("Close &now")
        now.setIcon(QIcon())  # some styles draw a dustbin there
        box.button(_Button.Cancel).setText("&Do not close")
        box.setDefaultButton(_Button.Cancel)
        box.setEscapeButton(_Button.Cancel)
        box.open()
        return box
