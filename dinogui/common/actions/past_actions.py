"""The actions that go back in time: what is looked at, and where a run goes on from."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from dinogui.common.actions.action_words import explain, make_action
from dinogui.common.icons import Icon

REPLAY_TEXT = "Re&play"
PAUSE_REPLAY_TEXT = "&Pause replay"


class PastActions(QObject):
    """The actions, each an attribute. Whoever carries them out connects them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.replay = make_action(
            self,
            REPLAY_TEXT,
            "Play the run from the play-head, or from its beginning; names and panels go with it",
            "Ctrl+Shift+R",
            icon=Icon.PLAY,
        )
        self.replay.setIconText("Replay")
        self.go_on_from_here = make_action(
            self,
            "&Go on from here",
            "Begin a new run that shares the past of this one up to the step that is shown. This "
            "run stays as it is",
            "Ctrl+Shift+G",
        )
        self.look_at_best = make_action(
            self,
            "Look at the &best",
            "Show the network with the lowest held-out loss; the run itself stays where it is",
            "Ctrl+Shift+B",
        )
        self.look_at_best.setIconText("Best")
        self.leave = make_action(
            self, "Back to &now", "Show the latest network again", "Ctrl+Shift+N"
        )
        self.leave.setIconText("Now")
        self.show_events = make_action(
            self,
            "E&vents…",
            "List what has changed the course of the run, and go to any of it",
            "Ctrl+Shift+V",
        )
        explain(self.replay, "The run has made no step yet")
        explain(self.go_on_from_here, "You see the latest network. Look back at a step first")
        explain(self.look_at_best, "No held-out loss was measured, or the best one is the latest")
        explain(self.leave, "You see the latest network already")

    def fill_run_menu(self, menu: QMenu) -> None:
        """Put the actions that look back into a menu."""
        back = menu.addMenu("Look ba&ck")
        back.addActions([self.replay, self.look_at_best, self.leave])
        back.addSeparator()
        back.addAction(self.go_on_from_here)
