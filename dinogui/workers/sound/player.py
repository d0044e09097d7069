"""The worker that plays melodies."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from dinogui.workers.service import Order, Worker
from dinogui.workers.sound.device import (
    PERIOD_MILLISECONDS,
    SHORT_PERIOD_MILLISECONDS,
    SoundDevice,
    SoundUnavailableError,
    lost_device,
)
from dinogui.workers.sound.sound_track import SoundTrack
from engine.melody.chords import ChordLine
from engine.melody.note import Melody, Note
from engine.melody.sound.swing import STRAIGHT
from engine.melody.sound.synthesis import blocks_of
from engine.melody.sound.timing import Timing, timing_of
from engine.melody.sound.tones import DEFAULT_INSTRUMENT
from engine.melody.sound.wav import pcm_of

MOVES_MILLISECONDS = 50
"""How often the beat that is heard is reported."""

_NOTE_BEATS = Fraction(1)
"""How long a single note sounds: half a second."""

_FIRST_BLOCKS = 3
"""Are ready before the device begins: more than it takes at first, and soon computed."""


@dataclass(frozen=True)
class PlayRequest:
    """What to play, and how.

    Attributes
    ----------
    melody : Melody
    chords : ChordLine or None
        The accompaniment.
    swing : float
        As in `engine.melody.sound.swing.swung`.
    tempo : float or None
        Beats a minute; None for that of the melody.
    begin_beat : float
        Where to begin, in beats from the melody's beginning.
    instrument : str
        A name in `engine.melody.sound.tones.INSTRUMENTS`.
    """

    melody: Melody
    chords: ChordLine | None = None
    swing: float = STRAIGHT
    tempo: float | None = None
    begin_beat: float = 0.0
    instrument: str = DEFAULT_INSTRUMENT


@dataclass
class _Playing:
    """A melody that is being played."""

    order: Order
    timing: Timing
    begin_seconds: float
    blocks: Iterator[NDArray[np.float32]]
    track: SoundTrack
    device: SoundDevice

    def beat(self, now: float) -> float:
        return self.timing.beat_at(self.begin_seconds + self.track.seconds_heard(now))


class Player(Worker):
    """Plays one melody at a time. Lives in the sound thread."""

    task = "Playing"
    refusals = (ValueError,)

    def __init__(self) -> None:
        super().__init__()
        self._playing: _Playing | None = None
        self._devices: dict[int, SoundDevice] = {}  # by their periods
        self._computing = self.timer(Player._compute_on)
        self._moving = self.timer(Player._tell_beat)

    def prepare(self) -> None:
        """Import what playing needs, so that the first melody begins as soon as later ones."""
        with contextlib.suppress(ImportError):
            import miniaudio  # noqa: F401

    def play(self, request: PlayRequest) -> None:
        """Play a melody in place of the one that is being played.

        The beat that is heard is reported as it begins, and then some 20 times a second. The answer
        is the number of dropouts, once the melody is over or was stopped.

        Raises
        ------
        SoundUnavailableError
            If it cannot be heard.
        ValueError
            If the tempo or the swing is out of bounds.
        """
        self._begin(request, PERIOD_MILLISECONDS)

    def sound_note(self, pitch: int, instrument: str) -> None:
        """Let a single note sound in place of what is being played, as soon as possible.

        Raises
        ------
        SoundUnavailableError
            If it cannot be heard.
        """
        note = Melody((Note(pitch, _NOTE_BEATS),))
        self._begin(PlayRequest(note, instrument=instrument), SHORT_PERIOD_MILLISECONDS)

    def _begin(self, request: PlayRequest, period_milliseconds: int) -> None:
        self.stop()
        timing = timing_of(request.melody, request.swing, request.tempo)
        blocks = blocks_of(
            request.melody, timing, request.chords, request.instrument, request.begin_beat
        )
        track = SoundTrack()
        for _ in range(_FIRST_BLOCKS):
            _append_next(track, blocks)
        device = self._device_for(track, period_milliseconds)
        begin_seconds = float(timing.seconds_at(request.begin_beat))
        self._playing = _Playing(self.defer(), timing, begin_seconds, blocks, track, device)
        self.report(request.begin_beat)
        self._computing.start(0)
        self._moving.start(MOVES_MILLISECONDS)

    def stop(self) -> None:
        """Stop the melody that is being played."""
        playing = self._playing
        self.halt()
        if playing is not None:
            self.finish(playing.order, playing.track.n_dropouts)

    def halt(self) -> None:
        """Stop everything that goes on by timer, and the device."""
        super().halt()
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.device.stop()

    def end(self) -> None:
        """Stop for good, and let go of the devices."""
        super().end()
        for device in self._devices.values():
            device.close()
        self._devices.clear()

    def _device_for(self, track: SoundTrack, period_milliseconds: int) -> SoundDevice:
        """Return a device that plays a track: the one used before, if it still works."""
        known = self._devices.pop(period_milliseconds, None)
        if known is not None:
            try:
                known.play(track)
            except SoundUnavailableError:
                known.close()
                known = None
        if known is None:
            known = SoundDevice(period_milliseconds)
            known.play(track)
        self._devices[period_milliseconds] = known
        return known

    def _let_go(self, device: SoundDevice) -> None:
        """Close a device; the next track opens another one."""
        self._devices = {key: each for key, each in self._devices.items() if each is not device}
        device.close()

    def _compute_on(self) -> None:
        """Compute the next block of samples; after the last one, there is no more to do."""
        if self._playing is None or not _append_next(self._playing.track, self._playing.blocks):
            self._computing.stop()

    def _tell_beat(self) -> None:
        playing = self._playing
        if playing is None:
            return
        now = time.perf_counter()
        if playing.order.is_cancelled or playing.track.is_over(now):
            self.stop()
        elif playing.device.is_lost:
            self._let_go(playing.device)
            raise lost_device()
        else:
            self.report(playing.beat(now), playing.order)


def _append_next(track: SoundTrack, blocks: Iterator[NDArray[np.float32]]) -> bool:
    """Append the next block to a track; return False if there are no more."""
    block = next(blocks, None)
    if block is None:
        track.complete()
        return False
    track.append(pcm_of(block))
    return True
