"""The actions of races."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from dinogui.common.actions.action_words import explain, make_action


class RaceActions(QObject):
    """The actions, each an attribute. Whoever carries them out connects them.

    Attributes
    ----------
    race : QAction
        Begins a race.
    end : QAction
        Ends it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.race = make_action(
            self,
            "R&ace…",
            "Train two to six runs at once on the same data, such as RNN, GRU and LSTM",
            "Ctrl+Shift+R",
        )
        self.end = make_action(self, "&End the race", "Show the run again that stood meanwhile")
        explain(self.race, "No data are open. Open a list of names or a text first")
        explain(self.end, "There is no race")
        self.race.setEnabled(False)
        self.end.setEnabled(False)

    @property
    def all(self) -> tuple[QAction, ...]:
        """All of them, in the order of the menu."""
        return self.race, self.end
