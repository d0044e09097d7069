"""The rate at which a run trains, in steps a second."""

from collections import deque


class StepRate:
    """Measures steps per second over the last second of training.

    Parameters
    ----------
    seconds : float
        Training time so far.
    step : int
        Steps made so far.
    """

    def __init__(self, seconds: float = 0.0, step: int = 0) -> None:
        self._marks: deque[tuple[float, int]] = deque([(seconds, step)])

    def at(self, seconds: float, step: int) -> float:
        """Record that a step was reached after so many seconds, and return the rate."""
        self._marks.append((seconds, step))
        while len(self._marks) > 2 and seconds - self._marks[1][0] >= 1.0:
            self._marks.popleft()
        then, step_then = self._marks[0]
        return (step - step_then) / (seconds - then) if seconds > then else 0.0
