"""Offers the race during which the window was closed, or crashed, and opens the last race."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from dinogui.common.actions.race_actions import RaceActions
from dinogui.library.library import Library
from dinogui.widgets.banner import Banner
from engine.data.training_data import counted


class KeptRaceOffer(QObject):
    """Says once, when the window opens, that a race can go on; File > Open the last race opens it.

    Lives in the GUI thread. A race that is not opened is kept.

    Parameters
    ----------
    library : Library
    actions : RaceActions
    banner : Banner
        The parent.
    """

    def __init__(self, library: Library, actions: RaceActions, banner: Banner) -> None:
        super().__init__(banner)
        self._library, self._open_last, self._banner = library, actions.open_last, banner
        self._has_offered = False
        self._open = QAction("Open the race", self)
        self._open.setToolTip("Show the race, paused where it stood")
        self._open.triggered.connect(self._open_left)
        actions.open_last.triggered.connect(self._open_last_race)
        library.races_changed.connect(self._show_races)

    @Slot()
    def _show_races(self) -> None:
        races = self._library.races
        if races is None:
            return
        self._open_last.setEnabled(races.last is not None)
        if not self._has_offered:
            self._has_offered = True
            self._offer()

    def _offer(self) -> None:
        races = self._library.races
        folder = None if races is None else races.left_behind
        if folder is None:
            return
        # Imported here, so that a start does not pay for what few need.
        from engine.racing.race_folder import RaceFolderError, steps_of_race

        try:
            lanes, step = steps_of_race(folder)
        except RaceFolderError:  # it is said when somebody opens it
            return
        self._banner.say(
            f"A race was shown when DinoGUI ended: {counted(lanes, 'lane')}, {step:,} steps. "
            "It can go on.",
            self._open,
            topic=self,
        )

    @Slot()
    def _open_left(self) -> None:
        if self._library.races is not None:
            self._open_race(self._library.races.left_behind)

    @Slot()
    def _open_last_race(self) -> None:
        if self._library.races is not None:
            self._open_race(self._library.races.last)

    def _open_race(self, folder: Path | None) -> None:
        self._banner.withdraw(self)
        if self._library.races is not None and folder is not None:
            self._library.races.open(folder)
