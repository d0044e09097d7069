"""Plays a run from the step that is looked at up to the present."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from dinogui.session.session import Session
from engine.training.curves.axis_quantity import AxisQuantity

FRAME_MILLISECONDS = 100
"""From one frame to the next. A frame that is not ready then is left out."""


class ReplaySpeed(Enum):
    """How fast a run is played.

    Attributes
    ----------
    label : str
        Its name on the button.
    factor : float or None
        How many times as fast as the training; None if the whole run takes a fixed time.
    seconds : float or None
        The time that the whole run takes then.
    """

    QUARTER = "¼ ×", 0.25, None
    AS_TRAINED = "1 ×", 1.0, None
    FOURFOLD = "4 ×", 4.0, None
    TEN_SECONDS = "10 s", None, 10.0
    HALF_MINUTE = "30 s", None, 30.0
    MINUTE = "60 s", None, 60.0

    def __init__(self, label: str, factor: float | None, seconds: float | None) -> None:
        self.label, self.factor, self.seconds = label, factor, seconds

    @property
    def sentence(self) -> str:
        """What it means."""
        if self.factor is None:
            return f"The whole run in {self.seconds:g} seconds"
        if self.factor == 1.0:
            return "As fast as it was trained"
        times = f"{self.factor:g}" if self.factor > 1 else f"{1 / self.factor:g}"
        return f"{times} times {'faster' if self.factor > 1 else 'slower'} than it was trained"


@dataclass(frozen=True)
class _Way:
    """From where to where a run is played."""

    first: int
    last: int
    seconds_at_first: float


class Replay(QObject):
    """Looks at one step after the other, at a steady pace, and then at the present.

    It pauses when somebody looks at another step. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    parent : QObject

    Attributes
    ----------
    speed : ReplaySpeed

    Signals
    -------
    changed()
        It plays, or no longer.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.speed = ReplaySpeed.TEN_SECONDS
        self._way: _Way | None = None
        self._asks = False
        self._elapsed = QElapsedTimer()
        self._frames = QTimer(self, interval=FRAME_MILLISECONDS)
        self._frames.timeout.connect(self._show_frame)
        session.past.asked.connect(self._take_asked)
        session.run_begun.connect(self.pause)

    @property
    def is_playing(self) -> bool:
        """Whether it plays."""
        return self._way is not None

    @Slot()
    def play_or_pause(self) -> None:
        """Pause, or play from the step that is looked at, or from the beginning."""
        if self.is_playing:
            self.pause()
            return
        session = self._session
        if not session.steps_made:
            return
        first = session.past.step or 0
        self._begin(first)
        if not session.past.is_on:
            self._look(first)
        self.changed.emit()

    @Slot()
    def pause(self) -> None:
        """Stay at the step that is shown."""
        if self.is_playing:
            self._way = None
            self._frames.stop()
            self.changed.emit()

    def choose_speed(self, speed: ReplaySpeed) -> None:
        """Go on at another speed from here."""
        self.speed = speed
        if self.is_playing:
            self._begin(self._session.past.step or 0)

    def _begin(self, first: int) -> None:
        session = self._session
        seconds = session.curves.clock.amounts(AxisQuantity.TIME, np.array([float(first)]))
        self._way = _Way(first, session.steps_made, float(seconds[0]))
        self._elapsed.start()
        self._frames.start()

    @Slot()
    def _show_frame(self) -> None:
        way, past = self._way, self._session.past
        if way is None or (past.is_on and not past.is_reached):
            return
        step = self._step_after(way, self._elapsed.elapsed() / 1000)
        if step >= way.last:
            self.pause()
            past.leave()
        else:
            self._look(step)

    def _step_after(self, way: _Way, seconds: float) -> int:
        """Return the step to be shown after some seconds of playing."""
        if self.speed.seconds is not None:
            return way.first + int(seconds / self.speed.seconds * way.last)
        trained = way.seconds_at_first + seconds * (self.speed.factor or 1.0)
        step = self._session.curves.clock.step(AxisQuantity.TIME, trained)
        return max(round(step), way.first)

    def _look(self, step: int) -> None:
        self._asks = True
        self._session.past.look(step)
        self._asks = False

    @Slot()
    def _take_asked(self) -> None:
        if not self._asks:
            self.pause()
