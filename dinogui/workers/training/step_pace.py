"""When the next step of a slow training is due, by a steady clock."""

import math

from dinogui.common.speed import Speed


class StepPace:
    """Spaces steps evenly in time. All times are those of one monotonic clock, in seconds.

    Each step is due one interval after the step before was due, not after it was made. So the
    delays of timers do not add up. Steps that were missed by more than an interval are not made up
    for: after a stall, the pace begins anew.

    Attributes
    ----------
    speed : Speed
    """

    def __init__(self) -> None:
        self.speed = Speed.FULL
        self._due = -math.inf  # the next step
        self._due_before = -math.inf  # the latest step

    @property
    def is_slow(self) -> bool:
        """Whether steps are spaced at all."""
        return not self.speed.is_full

    @property
    def interval(self) -> float:
        """Seconds from one step to the next; 0 at full speed."""
        return 0.0 if self.speed.value is None else 1.0 / self.speed.value

    def begin(self, now: float) -> None:
        """Make the next step due now."""
        self._due = self._due_before = now

    def set_speed(self, speed: Speed, now: float) -> None:
        """Choose another speed: the next step is due one new interval after the latest one."""
        self.speed = speed
        self._due = max(self._due_before + self.interval, now)

    def seconds_left(self, now: float) -> float:
        """Return the time until the next step is due; 0 if it is."""
        return max(self._due - now, 0.0)

    def note_step(self, now: float) -> None:
        """Note that a step begins, and plan the next one."""
        has_stalled = now - self._due > self.interval
        self._due_before = now if has_stalled else self._due
        self._due = self._due_before + self.interval
