"""Motion: how something goes to its new place in the window, and whether anything moves at all.

Motion only shows what has become of what. The new state holds at once, and what is drawn follows.
Whether anything moves is one of the effects of the application that Qt keeps.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEasingCurve, QObject, QProcess, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QStyle, QWidget

MILLISECONDS = 150
"""How long a motion takes."""

_UNSEEN_PLATFORMS = ("offscreen", "minimal")
_GTK_SETTINGS = ("gtk-4.0/settings.ini", "gtk-3.0/settings.ini")
_GTK_SWITCH = "gtk-enable-animations"
_GTK_OFF = ("0", "false")
_GNOME_DESKTOPS = {"GNOME", "Unity", "Budgie", "Pantheon"}
"""Desktops whose own switch is GNOME's, as ``XDG_CURRENT_DESKTOP`` names them."""

_KILLED_MILLISECONDS = 1_000
"""A process that is killed ends sooner."""

_GNOME_QUESTION = ("get", "org.gnome.desktop.interface", "enable-animations")


class Motion:
    """One motion of a part of the window, again and again.

    Lives in the GUI thread.

    Parameters
    ----------
    part : QWidget
        What moves. While it is not shown, it is in its new place at once.
    place : callable
        Is called with the share of the way that is done, from 0 to 1, once a frame. With 1, it
        leaves everything as it would be without motion.
    """

    def __init__(self, part: QWidget, place: Callable[[float], None]) -> None:
        self._part, self._place = part, place
        self._animation: QVariantAnimation | None = None

    @property
    def is_running(self) -> bool:
        """Whether it is on its way."""
        state = QVariantAnimation.State.Running
        return self._animation is not None and self._animation.state() == state

    @property
    def can_begin(self) -> bool:
        """Whether the part may move, and can be seen."""
        return moves() and self._part.isVisible()

    def begin(self) -> None:
        """Move. Where nothing may move, be at the end at once."""
        self.finish()
        if not self.can_begin:
            self._place(1.0)
            return
        if self._animation is None:
            self._animation = QVariantAnimation(self._part, startValue=0.0, endValue=1.0)
            self._animation.setDuration(MILLISECONDS)
            self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
            self._animation.valueChanged.connect(self._place)
        self._animation.blockSignals(True)  # it tells of its beginning at the first time only
        self._animation.start()
        self._animation.blockSignals(False)
        self._place(0.0)

    def finish(self) -> None:
        """Go to the end at once, if it is on its way."""
        if self._animation is not None and self.is_running:
            self._animation.stop()
            self._place(1.0)


def moves() -> bool:
    """Return whether anything moves."""
    return QApplication.isEffectEnabled(Qt.UIEffect.UI_General)


def reduce_motion(is_reduced: bool) -> None:
    """Let nothing move from now on, or let it move again."""
    QApplication.setEffectEnabled(Qt.UIEffect.UI_General, not is_reduced)


def is_less_motion_wanted() -> bool:
    """Return whether the system asks for less motion, or shows no window to anybody.

    Windows and macOS ask through Qt's style. GTK's programs read ``gtk-enable-animations`` in
    ``settings.ini`` (GTK documentation, GtkSettings).
    """
    if QGuiApplication.platformName() in _UNSEEN_PLATFORMS:
        return True
    duration = QStyle.StyleHint.SH_Widget_Animation_Duration
    if QApplication.style().styleHint(duration) == 0:
        return True
    return any(map(_switches_motion_off, _gtk_settings_files()))


def _gtk_settings_files() -> list[Path]:
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return [Path(folder, name) for name in _GTK_SETTINGS]


def _switches_motion_off(path: Path) -> bool:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    entries = (line.partition("=") for line in lines)
    values = [value.strip().lower() for key, _, value in entries if key.strip() == _GTK_SWITCH]
    return bool(values) and values[-1] in _GTK_OFF


class GnomeSwitch(QObject):
    """Asks GNOME whether its settings reduce motion, and waits for no answer.

    Qt does not know this switch (as of 6.11), and GNOME writes it to no file of text. So GNOME's
    own command is asked, where the desktop is a GNOME and has it. Lives in the GUI thread.

    Signals
    -------
    answered(bool)
        GNOME wants less motion (True), or not.
    """

    answered = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None

    @Slot()
    def ask(self) -> None:
        """Ask, where there is somebody to ask. Somewhere else, there is no answer."""
        desktops = set(os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"))
        program = shutil.which("gsettings") if desktops & _GNOME_DESKTOPS else None
        if program is None or self._process is not None:
            return
        self._process = QProcess(self)
        self._process.finished.connect(self._take_answer)
        self._process.start(program, _GNOME_QUESTION)

    @Slot()
    def stop(self) -> None:
        """Wait for the answer no longer."""
        process, self._process = self._process, None
        if process is not None and process.state() is not QProcess.ProcessState.NotRunning:
            process.finished.disconnect(self._take_answer)
            process.kill()
            process.waitForFinished(_KILLED_MILLISECONDS)

    @Slot()
    def _take_answer(self) -> None:
        if self._process is None:
            return
        words = bytes(self._process.readAllStandardOutput().data()).split()
        if words in ([b"true"], [b"false"]):
            self.answered.emit(words == [b"false"])
