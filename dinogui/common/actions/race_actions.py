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
    extend : QAction
        Lets a race go on that is over.
    save, open : QAction
        Of the folder of a race.
    open_last : QAction
        Opens the race that was ended last, or during which the window was closed.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.race = make_action(
            self,
            "R&ace…",
            "Train two to six runs at once on the same data, such as RNN, GRU and LSTM",
            "Ctrl+Shift+T",
        )
        self.race.setIconText("Race RNN, GRU, LSTM…")  # on its button
        self.end = make_action(self, "&End the race", "Show the run again that stood meanwhile")
        self.extend = make_action(
            self, "Race &further", "Go on with the race for as long as its card says"
        )
        self.save = make_action(
            self, "Sa&ve race…", "Save all lanes in a folder, from which the race can go on"
        )
        self.open = make_action(self, "Open race fo&lder…", "Open the folder of a saved race")
        self.open_last = make_action(
            self,
            "Open t&he last race",
            "Go on with the race that was ended last, or during which the window was closed",
        )
        explain(self.race, "No data are open. Open a list of names or a text first")
        explain(self.end, "There is no race")
        self.race.setEnabled(False)
        explain(self.extend, "There is no race that is over")
        explain(self.save, "There is no race")
        explain(self.open_last, "No earlier race is kept")
        for action in (self.end, self.extend, self.save, self.open_last):
            action.setEnabled(False)

    @property
    def of_run_menu(self) -> tuple[QAction, ...]:
        """What stands in the menu of the run."""
        return self.race, self.extend, self.end

    @property
    def of_file_menu(self) -> tuple[QAction, ...]:
        """What stands in the menu of files."""
        return self.open, self.open_last, self.save
