"""How fast a run trains."""

from collections import deque


class StepRate:
    """Steps a second over the last second of training.

    Parameters
    ----------
    seconds : float
        Trained before.
    step : int
        Made before.
    """

    def __init__(self, seconds: float = 0.0, step: int = 0) -> None:
        self._marks: deque[tuple[float, int]] = deque([(seconds, step)])

    def at(self, seconds: float, step: int) -> float:
        """Note the steps made by a time, and return the rate."""
        self._marks.append((seconds, step))
        while len(self._marks) > 2 and seconds - self._marks[1][0] >= 1.0:
            self._marks.popleft()
        then, step_then = self._marks[0]
        return (step - step_then) / (seconds - then) if seconds > then else 0.0
