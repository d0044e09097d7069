"""The samples that a sound device plays, while more of them are still being computed."""

from engine.melody.sound.tones import SAMPLE_RATE
from engine.melody.sound.wav import SAMPLE_BYTES


class Track:
    """Samples on their way from the player to the device.

    The player's thread appends samples. The device's thread takes them and does nothing else, so
    that it needs the interpreter for some microseconds only. Each attribute is written by one of
    the two threads, and the interpreter runs one of them at a time, so there is no lock.

    Attributes
    ----------
    n_dropouts : int
        How often the device had to play silence: it came too late, or the next samples did.
    last_taken : float or None
        When the device took samples last, as `time.perf_counter` tells it.
    """

    def __init__(self) -> None:
        self.n_dropouts = 0
        self.last_taken: float | None = None
        self._samples = bytearray()
        self._is_complete = False
        self._place = 0
        self._began = 0.0
        self._given = 0.0

    # For the player's thread

    def append(self, samples: bytes) -> None:
        """Append samples of 16 bits."""
        self._samples += samples

    def complete(self) -> None:
        """Say that all samples are there."""
        self._is_complete = True

    def seconds_heard(self, now: float) -> float:
        """Return how many seconds of it have been heard.

        Parameters
        ----------
        now : float
            As `time.perf_counter` tells it.
        """
        if self.last_taken is None:
            return 0.0
        return min(max(now - self._began, 0.0), self._given)

    def is_over(self, now: float) -> bool:
        """Return whether all of it has been heard."""
        return self._is_taken and now >= self._began + self._given

    # For the device's thread

    def take(self, n_samples: int, now: float) -> bytes:
        """Return the next samples; silence where there are none.

        Parameters
        ----------
        n_samples : int
        now : float
            As `time.perf_counter` tells it.
        """
        if self.last_taken is None:
            self._began = now
        elif not self._is_taken and now > self._began + self._given:
            self.n_dropouts += 1  # all that was given before had been played by then
            self._began = now - self._given
        self.last_taken = now
        wanted = n_samples * SAMPLE_BYTES
        samples = bytes(self._samples[self._place : self._place + wanted])
        self._place += len(samples)
        self._given += len(samples) / (SAMPLE_BYTES * SAMPLE_RATE)
        missing = wanted - len(samples)
        if missing and not self._is_complete:
            self.n_dropouts += 1
            self._began += missing / (SAMPLE_BYTES * SAMPLE_RATE)
        return samples + bytes(missing)

    @property
    def _is_taken(self) -> bool:
        return self._is_complete and self._place >= len(self._samples)
