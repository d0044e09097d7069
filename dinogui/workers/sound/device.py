"""The sound device, through the optional package miniaudio."""

import contextlib
import os
import time
from collections.abc import Generator, Iterator
from typing import Any

from dinogui.workers.service import RefusedError
from dinogui.workers.sound.alsa_messages import quiet_alsa
from dinogui.workers.sound.sound_track import SoundTrack
from engine.melody.sound.tones import SAMPLE_RATE

ENVIRONMENT_VARIABLE = "DINOGUI_SOUND"
NO_DEVICE = "null"
"""The value of the variable with which everything is played, but not heard: for tests."""

PERIOD_MILLISECONDS, SHORT_PERIOD_MILLISECONDS = 200, 30
"""The device takes so much at a time, and its thread may be late by so much until a dropout is
heard. The short period is for what has to follow a key at once."""

_N_PERIODS = 2
"""In the device's buffer."""

_STALLED_SECONDS = 2.0
"""A device that has taken nothing for so long does not play any longer."""

_NULL_BACKEND = "Null"
_INSTEAD = "Save the melody as a WAV file to hear it in another program."


class SoundUnavailableError(RefusedError):
    """No sound can be played; the sentence says why, and offers to save a file."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"{sentence} {_INSTEAD}", instead="wav")


class SoundDevice:
    """A sound device that plays one track after the other.

    It is kept between two tracks, as miniaudio never lets go of the connection to the system's
    sound that it makes for each device.

    Parameters
    ----------
    period_milliseconds : int

    Raises
    ------
    SoundUnavailableError
        If miniaudio is not installed, or there is no device that works.
    """

    def __init__(self, period_milliseconds: int = PERIOD_MILLISECONDS) -> None:
        self._track: SoundTrack | None = None
        self._is_stopped = False
        self._miniaudio = _miniaudio()
        with self._explained():
            self._device = _open(self._miniaudio, period_milliseconds)

    def play(self, track: SoundTrack) -> None:
        """Play a track, after `stop` if it was playing one.

        Raises
        ------
        SoundUnavailableError
            If it cannot.
        """
        self._track, self._is_stopped = track, False
        self._device.stop_callback = self._note_stop
        with self._explained():
            self._device.start(_taken_from(track))

    @property
    def is_lost(self) -> bool:
        """Whether it does not play its track any longer, although nobody has stopped it."""
        last = None if self._track is None else self._track.last_taken
        is_stalled = last is not None and time.perf_counter() - last > _STALLED_SECONDS
        return self._is_stopped or is_stalled

    def stop(self) -> None:
        """Stop playing."""
        self._device.stop_callback = None
        with contextlib.suppress(self._miniaudio.MiniaudioError):  # it may have vanished
            self._device.stop()
        self._track = None

    def close(self) -> None:
        """Stop playing, and let go of the device."""
        self.stop()
        self._device.close()

    def _note_stop(self) -> None:
        """Note that the device has stopped by itself. It calls this in a thread of its own."""
        self._is_stopped = True

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Put what miniaudio raises into a sentence, which is all that is said of it."""
        try:
            with quiet_alsa():
                yield
        except self._miniaudio.MiniaudioError as error:
            reason = error.args[0] if error.args else "unknown reason"
            sentence = f"There is no sound device that works ({reason})."
            raise SoundUnavailableError(sentence) from error


def lost_device() -> SoundUnavailableError:
    """Return the exception for a device that has vanished."""
    return SoundUnavailableError("The sound device has stopped. Check that it is connected.")


def _miniaudio() -> Any:
    """Return the module."""
    try:
        import miniaudio
    except ImportError as error:
        raise SoundUnavailableError(
            "Sound needs the package miniaudio. Install it with “pip install 'dinogui[sound]'”."
        ) from error
    return miniaudio


def _open(miniaudio: Any, period_milliseconds: int) -> Any:
    """Return the system's usual device, or the one that nobody hears if that is wanted."""
    is_silent = os.environ.get(ENVIRONMENT_VARIABLE) == NO_DEVICE
    device = miniaudio.PlaybackDevice(
        miniaudio.SampleFormat.SIGNED16,
        1,
        SAMPLE_RATE,
        period_milliseconds,
        callback_periods=_N_PERIODS,
        backends=[miniaudio.Backend.NULL] if is_silent else None,
        app_name="DinoGUI",
    )
    # Where nothing else works, miniaudio may play to nobody.
    if device.backend == _NULL_BACKEND and not is_silent:
        device.close()
        raise miniaudio.MiniaudioError("no device was found")
    return device


def _taken_from(track: SoundTrack) -> Generator[bytes, int, None]:
    """Return a generator that the device sends numbers of samples, ready for the first one."""
    generator = _take(track)
    next(generator)
    return generator


def _take(track: SoundTrack) -> Generator[bytes, int, None]:
    n_samples = yield b""
    while True:
        n_samples = yield track.take(n_samples, time.perf_counter())
