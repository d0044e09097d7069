"""How many steps to make in one call, where a learner makes many at once."""

import math

_FIRST = 16
"""Steps of the first call, before the pace is known."""


class StepsAhead:
    """Chooses the steps of each call, so that they end in time at the pace of the last call.

    The pace is known from call to call, so that a call after a pause makes as many as one before
    it. A network of another size has another pace, and begins anew.
    """

    def __init__(self) -> None:
        self._n_parameters, self._most, self._step_seconds = 0, _FIRST, 0.0

    def most(self, n_parameters: int, seconds: float) -> int:
        """Return the most steps to make in the next call, one or more.

        Parameters
        ----------
        n_parameters : int
            Of the network.
        seconds : float
            The time that is left.
        """
        if n_parameters != self._n_parameters:
            self._n_parameters, self._most, self._step_seconds = n_parameters, _FIRST, 0.0
        if math.isinf(seconds) or not self._step_seconds:
            return self._most
        return max(1, min(self._most, int(seconds / self._step_seconds) + 1))

    def note(self, steps: int, seconds: float) -> None:
        """Note how many steps the last call has made, and how long it took."""
        # At most twice as many the next time: the first calls say little about the pace.
        self._most = max(self._most, 2 * steps)
        self._step_seconds = seconds / steps
