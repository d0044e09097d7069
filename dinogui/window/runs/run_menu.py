"""The menu of a run: what can be done with it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.window.runs.list_commands import ListCommands
from dinogui.window.runs.run_dot import RunDots


class RunMenu(QMenu):
    """Lists the commands of a run. The present run has fewer. It is deleted when it closes.

    Lives in the GUI thread.

    Parameters
    ----------
    run : EarlierRun
    commands : ListCommands
    dots : RunDots
    parent : QWidget
    """

    def __init__(
        self, run: EarlierRun, commands: ListCommands, dots: RunDots, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setToolTipsVisible(True)
        self._run, earlier = run, commands.earlier
        is_other = not commands.is_present(run)
        if is_other:
            self._add("&Open", "Go on with this run", earlier.open)
            words = "Hide on the &plot" if dots.is_full(run) else "Show on the &plot"
            self._add(words, "Draw its losses beside those of the present run", dots.toggle)
        tip = "Begin a new run like this one"
        self._add("&Use these settings", tip, commands.use_settings)
        self._add("&Rename…", "Give this run a name of its own", commands.rename)
        self._add("&Note…", "Write down what you want to remember of it", commands.write_note)
        if run.file:
            words = "Remove the s&tar" if run.is_starred else "S&tar"
            tip = "Runs with a star are never removed to make room"
            self._add(words, tip, partial(earlier.star, is_starred=not run.is_starred))
        tip = "Write the run, its curve, its names and its settings to a folder"
        self._add("&Export…", tip, commands.export)
        if is_other:
            self._add("&Delete", "Put this run into the trash", earlier.delete)

    def _add(self, text: str, tip: str, act: Callable[[EarlierRun], object]) -> None:
        action = self.addAction(text)
        action.setToolTip(tip)
        action.triggered.connect(lambda: act(self._run))
