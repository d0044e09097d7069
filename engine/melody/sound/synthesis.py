"""Synthesis: the samples of a melody, with an accompaniment if wanted."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.melody.accompaniment import accompaniment_of
from engine.melody.chords import ChordLine
from engine.melody.note import Melody
from engine.melody.sound.swing import STRAIGHT
from engine.melody.sound.timing import Timing, timing_of
from engine.melody.sound.tones import (
    BASS,
    CHORDS,
    DEFAULT_INSTRUMENT,
    INSTRUMENTS,
    LONGEST_SECONDS,
    SAMPLE_RATE,
    Instrument,
    fade,
    tone_of,
)

RELEASE_SECONDS = 0.06
"""In which a tone ends after its note."""

BLOCK_SAMPLES = 8_192
"""The samples of a block; 0.19 s."""

_FADE_IN_SAMPLES = 441

PEAK = 0.88
"""No sample is beyond it; 0.891 is -1 dB of full scale."""


@dataclass(frozen=True)
class _Tone:
    """A tone to be mixed: what plays it, and from which sample to which, without its release."""

    begin: int
    end: int
    pitch: int
    instrument: Instrument


@dataclass
class _Tones:
    """The tones of instruments that were computed once, each as long as it is needed."""

    lengths: dict[tuple[Instrument, int], int] = field(default_factory=dict)
    known: dict[tuple[Instrument, int], NDArray[np.float32]] = field(default_factory=dict)

    def need(self, tone: _Tone) -> None:
        key = tone.instrument, tone.pitch
        self.lengths[key] = max(self.lengths.get(key, 0), _n_samples(tone))

    def sound(self, tone: _Tone) -> NDArray[np.float32]:
        """Return the samples of a tone with its release."""
        key = tone.instrument, tone.pitch
        if key not in self.known:
            self.known[key] = tone_of(tone.instrument, tone.pitch, self.lengths[key])
        samples = self.known[key][: _n_samples(tone)].copy()
        n_release = min(_n_release(tone), len(samples))
        samples[len(samples) - n_release :] *= fade(n_release)[::-1]
        return samples


def synthesise(
    melody: Melody,
    swing: float = STRAIGHT,
    tempo: float | None = None,
    accompaniment: ChordLine | None = None,
    instrument: str = DEFAULT_INSTRUMENT,
) -> NDArray[np.float32]:
    """Return the samples of a melody.

    Parameters
    ----------
    melody : Melody
    swing : float
        As in `swing.swung`.
    tempo : float, optional
        Beats a minute; that of the melody if absent.
    accompaniment : ChordLine, optional
        Chords that sound beside it.
    instrument : str
        A name in `INSTRUMENTS`.

    Returns
    -------
    (n,) array of float32
        At 44,100 Hz, each within `PEAK`. It begins and ends at 0, and lasts `RELEASE_SECONDS`
        longer than the melody.

    Raises
    ------
    ValueError
        If `swing` or `tempo` is out of bounds.
    KeyError
        If there is no such instrument.
    """
    timing = timing_of(melody, swing, tempo)
    blocks = list(blocks_of(melody, timing, accompaniment, instrument))
    return np.concatenate(blocks) if blocks else np.empty(0, dtype=np.float32)


def blocks_of(
    melody: Melody,
    timing: Timing,
    accompaniment: ChordLine | None = None,
    instrument: str = DEFAULT_INSTRUMENT,
    begin_beat: float = 0.0,
) -> Iterator[NDArray[np.float32]]:
    """Yield the samples of a melody in blocks, so that it can sound before all are computed.

    Parameters
    ----------
    melody, accompaniment, instrument
        As in `synthesise`.
    timing : Timing
    begin_beat : float
        Where to begin, in beats from the melody's beginning. What sounds there is faded in.

    Yields
    ------
    (m,) array of float32
        `BLOCK_SAMPLES` of them; the last block may have less.
    """
    tones = _tones_of(melody, timing, accompaniment, INSTRUMENTS[instrument])
    known = _Tones()
    for tone in tones:
        known.need(tone)
    n_samples = n_samples_of(melody, timing)
    first = max(0, round(float(timing.seconds_at(begin_beat)) * SAMPLE_RATE))
    sounding: list[tuple[int, NDArray[np.float32]]] = []
    place = 0
    for begin in range(first, n_samples, BLOCK_SAMPLES):
        end = min(begin + BLOCK_SAMPLES, n_samples)
        while place < len(tones) and tones[place].begin < end:
            tone = tones[place]
            if tone.begin + _n_samples(tone) > begin:
                sounding.append((tone.begin, known.sound(tone)))
            place += 1
        mix = _mixed(sounding, begin, end)
        if begin == first > 0:
            n_faded = min(len(mix), _FADE_IN_SAMPLES)
            mix[:n_faded] *= fade(n_faded)
        yield mix
        sounding = [each for each in sounding if each[0] + len(each[1]) > end]


def n_samples_of(melody: Melody, timing: Timing) -> int:
    """Return how many samples a melody has; none if it has no notes and no rests."""
    if not melody.notes:
        return 0
    return round((float(timing.seconds_at(float(melody.beats))) + RELEASE_SECONDS) * SAMPLE_RATE)


def _tones_of(
    melody: Melody, timing: Timing, accompaniment: ChordLine | None, instrument: Instrument
) -> list[_Tone]:
    """Return all tones of melody and accompaniment by the time at which they begin."""
    played: list[tuple[float, float, int, Instrument]] = []
    beat = 0.0
    for note in melody.notes:
        if note.pitch is not None:
            played.append((beat, beat + float(note.beats), note.pitch, instrument))
        beat += float(note.beats)
    for beside in accompaniment_of(melody, accompaniment) if accompaniment else ():
        begin = float(beside.begin)
        player = BASS if beside.is_bass else CHORDS
        played.append((begin, begin + float(beside.beats), beside.pitch, player))
    if not played:
        return []
    times = timing.seconds_at([each[:2] for each in played])
    samples = np.round(times * SAMPLE_RATE).astype(int).tolist()
    tones = [
        _Tone(begin, end, pitch, player)
        for (begin, end), (_from, _to, pitch, player) in zip(samples, played, strict=True)
    ]
    return sorted(tones, key=lambda tone: tone.begin)


def _n_release(tone: _Tone) -> int:
    """Return the samples of the release, which is no longer than the note itself."""
    return min(tone.end - tone.begin, round(RELEASE_SECONDS * SAMPLE_RATE))


def _n_samples(tone: _Tone) -> int:
    """Return the samples of a tone with its release."""
    most = round(LONGEST_SECONDS * SAMPLE_RATE)
    return min(tone.end - tone.begin + _n_release(tone), most)


def _mixed(
    sounding: list[tuple[int, NDArray[np.float32]]], begin: int, end: int
) -> NDArray[np.float32]:
    """Return the sum of tones from one sample to another, softly limited to `PEAK`."""
    mix = np.zeros(end - begin, dtype=np.float32)
    for start, samples in sounding:
        first, last = max(start, begin), min(start + len(samples), end)
        mix[first - begin : last - begin] += samples[first - start : last - start]
    np.multiply(np.tanh(mix / np.float32(PEAK)), np.float32(PEAK), out=mix)
    return mix
