"""What the status line says of a race."""

from PySide6.QtCore import QElapsedTimer, QObject, Slot

from dinogui.panels.loss.head.head_writer import READABLE_MILLISECONDS
from dinogui.panels.status import StatusLine
from dinogui.session.racing.racing import Racing
from dinogui.session.racing.shown_race import RaceState

_GAP = "\u2003"


class RaceStatus(QObject):
    """Writes into the status line how far a race is, while there is one.

    Lives in the GUI thread.

    Parameters
    ----------
    racing : Racing
    status : StatusLine
        The parent.
    """

    def __init__(self, racing: Racing, status: StatusLine) -> None:
        super().__init__(status)
        self._racing, self._status = racing, status
        self._written = QElapsedTimer()
        racing.state_changed.connect(self._write)
        racing.progressed.connect(self._write_if_readable)

    @Slot()
    def _write_if_readable(self) -> None:
        if self._written.hasExpired(READABLE_MILLISECONDS):
            self._write()

    @Slot()
    def _write(self) -> None:
        state = self._racing.state
        self._status.show_race(self._words(), is_racing=state is RaceState.RACING)
        self._written.start()

    def _words(self) -> str:
        racing = self._racing
        if not racing.is_on:
            return ""
        steps = [lane.step for lane in racing.lanes if not lane.has_diverged]
        parts = [racing.state.value]
        if steps and min(steps) == max(steps):
            parts.append(f"step {steps[0]:,} in every lane")
        elif steps:
            parts.append(f"steps {min(steps):,} to {max(steps):,}")
        seconds = sum(lane.seconds for lane in racing.lanes)
        if racing.state is RaceState.RACING and seconds:
            rate = sum(lane.step for lane in racing.lanes) / seconds
            parts.append(f"{rate:,.0f} steps per second, all lanes")
        return _GAP.join(parts)
