"""The actions on the melody that is shown: play it, and save it."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from dinogui.common.actions.action_words import explain, make_action
from dinogui.common.icons import Icon, make_icon

PLAY_TEXT = "Pla&y the melody"
STOP_TEXT = "Sto&p the melody"

_NO_MELODY = "There is no melody yet. Open melodies, and let the network improvise"


class MelodyActions(QObject):
    """The actions, each an attribute. Whoever carries them out connects them.

    Attributes
    ----------
    play : QAction
        Plays the melody, or stops it.
    save : dict of str to QAction
        By form: "midi", "wav", "abc" and "png".
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.play = make_action(
            self, PLAY_TEXT, "Play the melody that is shown, or stop it", "Ctrl+P", icon=Icon.PLAY
        )
        self.play.setIconText("Play")
        self.save: dict[str, QAction] = {
            form: make_action(self, f"{text}…", f"Save the melody that is shown as {what}")
            for form, text, what in (
                ("midi", "&MIDI", "a MIDI file, for other programs and instruments"),
                ("wav", "&WAV", "sound"),
                ("abc", "&ABC", "text in ABC notation"),
                ("png", "&PNG", "a picture of its piano roll"),
            )
        }
        for action in (self.play, *self.save.values()):
            action.setEnabled(False)
            explain(action, _NO_MELODY)

    def fill_file_menu(self, menu: QMenu) -> None:
        """Put what saves the melody into a menu of its own."""
        menu.addMenu("Save the melod&y as").addActions(list(self.save.values()))

    def show_melody(self, is_there: bool) -> None:
        """Say whether there is a melody to play and to save."""
        for action in (self.play, *self.save.values()):
            action.setEnabled(is_there)

    def show_playing(self, is_playing: bool) -> None:
        """Let the action stop the melody, or play it."""
        self.play.setText(STOP_TEXT if is_playing else PLAY_TEXT)
        self.play.setIconText("Stop" if is_playing else "Play")
        self.play.setIcon(make_icon(Icon.STOP if is_playing else Icon.PLAY))
